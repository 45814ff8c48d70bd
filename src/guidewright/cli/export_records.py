"""``guidewright export``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import typer

from guidewright.cli.console import PROBLEMS, load_or_exit, progress, show_problems, wrong_use
from guidewright.evidence.exporters.bibtex import write_bibtex
from guidewright.evidence.exporters.csl_json import write_csl_json
from guidewright.evidence.exporters.ris import write_ris
from guidewright.evidence.exporters.xlsx import write_xlsx
from guidewright.evidence.found import Found
from guidewright.intake import look_at
from guidewright.loading.exports import found_records
from guidewright.writing import write

WRITERS: dict[str, Callable[[Sequence[Found]], str | bytes]] = {
    "ris": write_ris,
    "bibtex": write_bibtex,
    "csl-json": write_csl_json,
    "xlsx": write_xlsx,
}


def run(root: Path, files: Sequence[Path], to_format: str, to: Path | None) -> None:
    """Write records of the project, or of files, in one format."""
    if to_format not in WRITERS:
        wrong_use(f"--format must be one of: {', '.join(WRITERS)}; found {to_format}")
    if to_format == "xlsx" and to is None:
        wrong_use("a workbook is written to a file: --to records.xlsx")
    records = _of_files(files) if files else _of_project(root)
    if not records:  # an empty document alone would leave people guessing
        print("there are no found records; take some in with guidewright import FILE...", file=sys.stderr)
    content = WRITERS[to_format](records)
    if to is not None:
        try:
            write(to, content)
        except OSError as error:
            wrong_use(f"{to} cannot be written: {error.strerror or error}")
        print(f"{len(records)} records written to {to}", file=sys.stderr)
    else:
        sys.stdout.write(content.decode("utf-8") if isinstance(content, bytes) else content)


def _of_files(files: Sequence[Path]) -> Sequence[Found]:
    with progress("reading") as step:
        outcomes = look_at(files, {}, step)
    if problems := [one.problem for one in outcomes if one.problem]:
        show_problems(problems, as_json=False)
        raise typer.Exit(PROBLEMS)
    return [record for one in outcomes if one.export for record in one.export.records]


def _of_project(root: Path) -> Sequence[Found]:
    project = load_or_exit(root)
    records, problems = found_records(project.root, project.searches)
    if problems:
        show_problems(problems, as_json=False)
        raise typer.Exit(PROBLEMS)
    return records
