"""``guidewright check``."""

from __future__ import annotations

from pathlib import Path

import typer

from guidewright.cli.console import FINE, PROBLEMS, load_with_problems, progress, show_json, show_problems


def run(root: Path, *, as_json: bool, files_only: bool, verify: bool) -> None:
    """Show problems of the files; if there are none, findings about the content."""
    project, problems = load_with_problems(root)
    if project is None:
        show_problems(problems, as_json=as_json)
        raise typer.Exit(PROBLEMS)
    if files_only:
        if as_json:
            show_json({"problems": []})
        else:
            print("no problem in the files")
        return
    from guidewright.audit.run import findings_of
    from guidewright.guideline.analyses import pool_project
    from guidewright.guideline.appraise import grade

    with progress("checking") as step:
        pooling = pool_project(project, anew=verify, progress=step)
        findings = findings_of(project, pooling, grade(project, pooling.results))
    if as_json:
        show_json({"problems": [], "findings": [finding.as_dict() for finding in findings]})
    else:
        for finding in findings:
            print(finding)
        errors = sum(finding.severity == "error" for finding in findings)
        number = "1 finding" if len(findings) == 1 else f"{len(findings)} findings"
        print(f"\nno problem in the files; {number} about the content, {errors} of them errors")
    raise typer.Exit(PROBLEMS if any(finding.severity == "error" for finding in findings) else FINE)
