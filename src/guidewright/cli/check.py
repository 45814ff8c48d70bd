"""``guidewright check``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import typer

from guidewright.cli.console import FINE, PROBLEMS, counted, load_with_problems, progress, show_json, show_problems

if TYPE_CHECKING:
    from guidewright.audit.findings import Finding
    from guidewright.problems import Problem
    from guidewright.project import Project

Format = Literal["text", "json", "sarif", "junit"]
FailOn = Literal["error", "warning", "note"]


def run(root: Path, *, style: Format, files_only: bool, verify: bool, audit: bool, fail_on: FailOn) -> None:
    """Show problems of the files; if there are none, findings about the content.

    Ends with 1 on any problem of the files, and on any unanswered finding as severe as ``fail_on``.
    """
    project, problems = load_with_problems(root)
    if project is None:
        if style in {"text", "json"}:
            show_problems(problems, as_json=style == "json")
        else:
            _show(style, problems, (), fail_on)
        raise typer.Exit(PROBLEMS)
    findings = () if files_only else _findings(project, verify=verify)
    if style != "text":
        _show(style, (), None if files_only else findings, fail_on)
    elif files_only:
        print("no problem in the files")
    else:
        _tell(findings, whole=audit)
    raise typer.Exit(PROBLEMS if _failing(findings, fail_on) else FINE)


def _findings(project: Project, *, verify: bool) -> tuple[Finding, ...]:
    from guidewright.audit.run import findings_of
    from guidewright.guideline.analyses import pool_project
    from guidewright.guideline.appraise import grade
    from guidewright.review_flow import flow_of

    with progress("checking") as step:
        pooling = pool_project(project, anew=verify, progress=step)
        return findings_of(project, pooling, grade(project, pooling.results), flow_of(project))


def _failing(findings: Sequence[Finding], fail_on: FailOn) -> list[Finding]:
    from guidewright.audit.rules import SEVERITIES

    severe = SEVERITIES[: SEVERITIES.index(fail_on) + 1]
    return [finding for finding in findings if finding.answer is None and finding.severity in severe]


def _show(style: Format, problems: Sequence[Problem], findings: Sequence[Finding] | None, fail_on: FailOn) -> None:
    """Print for programs."""
    if style == "json":
        data: dict[str, object] = {"problems": [problem.as_dict() for problem in problems]}
        show_json(data if findings is None else {**data, "findings": [finding.as_dict() for finding in findings]})
    elif style == "sarif":
        from guidewright.audit.sarif import sarif

        show_json(sarif(problems, findings or ()))
    else:
        from guidewright.audit.junit import junit

        print(junit(problems, findings or (), fail_on), end="")


def _tell(findings: Sequence[Finding], *, whole: bool) -> None:
    """Print for people: everything with ``--audit``, otherwise notes and answered findings as a number only."""
    open_ones = [finding for finding in findings if finding.answer is None]
    for finding in findings if whole else [one for one in open_ones if one.severity != "note"]:
        print(_seen(str(finding)))
    number = counted(len(open_ones), "finding")
    errors = sum(finding.severity == "error" for finding in open_ones)
    answered = len(findings) - len(open_ones)
    more = f"; {answered} answered" if answered else ""
    severe = "1 of them an error" if errors == 1 else f"{errors} of them errors"
    print(f"\nno problem in the files; {number} about the content, {severe}{more}")


def _seen(text: str) -> str:
    """Text from files on a terminal: line breaks of ours stay, control characters become visible."""
    return "".join(c if c.isprintable() or c == "\n" else c.encode("unicode_escape").decode("ascii") for c in text)
