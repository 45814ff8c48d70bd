"""``guidewright status``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from guidewright.cli.console import load_or_exit, progress, show_json


def run(root: Path, *, as_json: bool) -> None:
    """Show counts and what is missing."""
    from guidewright.guideline.analyses import pool_project
    from guidewright.guideline.appraise import grade
    from guidewright.guideline.status import status_of

    project = load_or_exit(root, as_json=as_json)
    with progress("taking stock") as step:
        pooling = pool_project(project, progress=step)
        status = status_of(project, pooling, grade(project, pooling.results))
    if as_json:
        show_json(asdict(status))
        return
    print("There is")
    for name, number in status.counts.items():
        print(f"  {number:>5}  {name}")
    print("Missing")
    _show("graded references that are not identified", status.not_identified)
    _show("facts of studies that carry a clause", [f"{study}: {fact}" for study, fact in status.missing_facts])
    _show("clauses whose strength is undetermined", status.undetermined)
    _show("clauses without any reference", status.without_evidence)
    _show("results to renew with `guidewright pool`", status.stale_results)
    _show("translations", [f"{file} ({tag})" for file, tag in status.untranslated])


def _show(what: str, names: Sequence[str], most: int = 12) -> None:
    more = f" … and {len(names) - most} more" if len(names) > most else ""
    print(f"  {len(names):>5}  {what}" + (": " + ", ".join(names[:most]) + more if names else ""))
