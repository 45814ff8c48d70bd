"""``guidewright appraise``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from guidewright.cli.console import PROBLEMS, load_or_exit, show_json, show_problems, wrong_use
from guidewright.problems import did_you_mean, quoted

if TYPE_CHECKING:
    from guidewright.appraising.progress import OwnAppraisal
    from guidewright.project import Project


def run(
    root: Path,
    reviewer: str,
    *,
    to: Path | None,
    from_: Path | None,
    instrument: str | None,
    studies: list[str],
    outcome: str | None,
    as_json: bool,
) -> None:
    """Show a reviewer's own answers, write them to a sheet, or take them from one."""
    from guidewright.appraising.progress import of_reviewer

    project = load_or_exit(root, as_json=as_json)
    _known("person", reviewer, [*(p.id for p in project.guideline.people), "consensus"])
    if to is not None and from_ is not None:
        wrong_use("either --to or --from, not both")
    if to is not None:
        _write(project, reviewer, to, instrument, studies, outcome)
    elif from_ is not None:
        _read(project, reviewer, from_)
    else:
        found = of_reviewer(project, reviewer)
        if as_json:
            show_json({"reviewer": reviewer, "appraisals": [one.as_dict() for one in found]})
            return
        for one in found:
            _show(one)
        if not found:
            print(f"Nothing appraised yet. A sheet to fill in: guidewright appraise {reviewer} --to FILE.xlsx")


def _show(one: OwnAppraisal) -> None:
    about = f", {one.outcome}" if one.outcome else ""
    print(f"{one.study}{about} ({one.instrument}): {one.answered} of {one.asked} answered")
    for part, judgement in one.judgements:
        print(f"  {part:<24}{judgement}")
    if one.missing:
        print(f"  still to answer: {', '.join(one.missing)}")


def _write(
    project: Project, reviewer: str, to: Path, instrument: str | None, studies: list[str], outcome: str | None
) -> None:
    from guidewright.appraising.sheet import sheet_of

    if instrument is None:
        wrong_use("--to needs --instrument, for example --instrument rob2")
    _known("instrument", instrument, list(project.instruments))
    for study in studies:
        _known("study", study, list(project.studies))
    outcomes = [o.id for q in project.questions.values() for o in q.outcomes]
    if outcome is not None:
        _known("outcome", outcome, outcomes)
        if (unit := project.instruments[instrument].unit) != "result":
            wrong_use(f"`{instrument}` appraises a {unit} as a whole; leave out --outcome")
    if to.suffix != ".xlsx":
        wrong_use(f"{quoted(str(to))} must end in .xlsx")
    made, rows = sheet_of(project, reviewer, instrument, studies, outcome)
    from guidewright.writing import write

    write(to, made)
    print(f"{rows} questions in {quoted(str(to))}. Fill in answer and reason, then: "
          f"guidewright appraise {reviewer} --from {quoted(str(to))}")  # fmt: skip


def _read(project: Project, reviewer: str, from_: Path) -> None:
    from guidewright.appraising.sheet import taken_from
    from guidewright.writing import write

    if not from_.is_file():
        wrong_use(f"there is no file {quoted(str(from_))}")
    text, number, problems = taken_from(project, reviewer, from_.read_bytes(), from_.name)
    if problems:
        show_problems(problems, as_json=False)
        raise typer.Exit(PROBLEMS)
    path = project.root / f"grading/appraisals/{reviewer}.csv"
    changed = write(path, text)
    print(f"{number} answers in grading/appraisals/{reviewer}.csv" + ("" if changed else " (nothing changed)"))


def _known(kind: str, name: str, known: list[str]) -> None:
    if name not in known:
        hint = did_you_mean(name, known)
        wrong_use(f"there is no {kind} {quoted(name)}" + (f"; {hint}" if hint else f"\nKnown are: {', '.join(known)}"))
