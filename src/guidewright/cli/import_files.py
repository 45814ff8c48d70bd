"""``guidewright import``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, get_args

import typer

from guidewright.cli.console import PROBLEMS, counted, progress, show_json, wrong_use
from guidewright.evidence.found import Found
from guidewright.evidence.importers.export import Export
from guidewright.evidence.importers.headings import FIELDS
from guidewright.evidence.searches import SourceKind
from guidewright.intake import Asked, NoLogError, Outcome, look_at, take_in
from guidewright.problems import quoted

#: Lines that were not understood are shown up to this many for each file; the JSON has all of them.
SHOWN = 10


@dataclass(frozen=True)
class Said:
    """The options as they were given."""

    database: str | None
    platform: str | None
    date: str | None
    strategy: str | None
    columns: Sequence[str]
    kind: str | None = None
    questions: Sequence[str] = ()


def run(root: Path, files: Sequence[Path], said: Said, *, dry_run: bool, as_json: bool, records: bool) -> None:
    """Look at the files or take them in, and report."""
    asked = _asked(said)
    if records and not as_json:
        wrong_use("--records is for --json")
    if not dry_run and not any((root / name).is_dir() for name in ("evidence", "guideline_src")):
        wrong_use(
            f"{root.resolve()} is not a guideline project: it has neither evidence/ nor guideline_src/\n"
            "Go to the folder of a project, or name it with --project, or only look: guidewright import --dry-run FILE"
        )
    with progress("importing") as step:
        try:
            outcomes = look_at(files, asked.columns, step) if dry_run else take_in(root, files, asked, step)
        except NoLogError as error:
            print(f"{error}\nNothing was changed.")
            raise typer.Exit(PROBLEMS) from None
    if as_json:
        show_json({"dry_run": dry_run, "files": [_data(one, records=records) for one in outcomes]})
    else:
        for outcome in outcomes:
            _show(outcome)
        _sum_up(outcomes, dry_run=dry_run)
    if any(one.problem for one in outcomes):
        raise typer.Exit(PROBLEMS)


def _asked(said: Said) -> Asked:
    for name in ("database", "platform"):
        text = getattr(said, name)
        if text is not None and not (text.strip() and text.isprintable()):
            wrong_use(f"--{name} must be a name on one line")
    if said.date is not None and not _is_date(said.date):
        wrong_use(f"--date must be a day such as 2025-01-31 (or 2025-01, or 2025); found {quoted(said.date)}")
    kinds = get_args(SourceKind)
    if said.kind is not None and said.kind not in kinds:
        wrong_use(f"--kind is one of: {', '.join(kinds)}; found {quoted(said.kind)}")
    strategy, columns = _strategy(said.strategy), _columns(said.columns)
    return Asked(said.database, said.platform, said.date, strategy, columns, said.kind, tuple(said.questions))


def _is_date(text: str) -> bool:
    from datetime import date

    if not re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", text):
        return False
    try:
        date.fromisoformat((text + "-01-01")[:10])
    except ValueError:
        return False
    return True


def _strategy(text: str | None) -> str | None:
    if text is None or not text.startswith("@"):
        return _clean(text) if text else None
    try:
        return _clean(Path(text[1:]).read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        wrong_use(f"--strategy {text}: the file cannot be read as UTF-8 text ({type(error).__name__})")


def _clean(text: str) -> str:
    """Text without characters that YAML cannot hold, and without blanks at the ends of lines."""
    lines = (
        "".join(sign if sign.isprintable() else " " for sign in line).rstrip() for line in text.strip().splitlines()
    )
    return "\n".join(lines)


def _columns(given: Sequence[str]) -> dict[str, str]:
    pairs = [pair for one in given for pair in re.split(r",(?=\s*\w+=)", one)]
    found = {}
    for pair in pairs:
        field, sign, heading = pair.strip().partition("=")
        if not sign or field not in FIELDS or not heading.strip():
            wrong_use(f"--columns: found {quoted(pair)}; write FIELD=HEADING. Fields are: {', '.join(FIELDS)}")
        found[field] = heading.strip()
    return found


def _data(outcome: Outcome, *, records: bool) -> dict[str, Any]:
    data: dict[str, Any] = {"file": outcome.file, "state": outcome.state}
    if outcome.problem:
        data["problem"] = outcome.problem.as_dict()
    if outcome.export is None:
        return data
    export, reading = outcome.export, outcome.export.reading
    data |= {
        "format": export.format,
        "encoding": export.encoding,
        "announced": reading.announced,
        "read": len(reading.records),
        "differences": [asdict(one) for one in reading.differences],
        "not_understood": [asdict(one) for one in reading.odd],
        "notes": list(export.notes),
        "columns": dict(reading.columns),
        "headings": list(reading.headings),
        "database": outcome.database or None,
        "checksum": outcome.checksum,
        "stored": outcome.stored or None,
    }
    return data | ({"records": [_record(one) for one in reading.records]} if records else {})


def _record(found: Found) -> dict[str, Any]:
    data = {name: getattr(found, name) for name in Found.__slots__}
    return data | {"authors": [name.model_dump(exclude_none=True) for name in found.authors]}


def _show(outcome: Outcome) -> None:
    if outcome.problem:
        print(outcome.problem)
        if outcome.export is None:
            return
    export = outcome.export
    assert export is not None  # noqa: S101 - what has no problem was read
    reading = export.reading
    print(f"{outcome.file}: {outcome.state}" if not outcome.problem else "")
    print(f"  format {export.format}, encoding {export.encoding}, database {quoted(outcome.database) or 'not named'}")
    print(f"  records announced {reading.announced}, read {len(reading.records)}")
    for one in reading.differences:
        print(f"    line {one.line}: {one.records:+d}: {one.why}")
    for note in export.notes:
        print(f"  {note}")
    _show_columns(export)
    if reading.odd:
        print(f"  lines not understood: {len(reading.odd)}")
        for odd in reading.odd[:SHOWN]:
            print(f"    line {odd.line}: {odd.why}: {quoted(odd.text)}")
        if len(reading.odd) > SHOWN:
            print(f"    and {len(reading.odd) - SHOWN} more: --json names all of them")


def _show_columns(export: Export) -> None:
    reading = export.reading
    if not reading.headings:
        return
    taken = ", ".join(f"{field}={quoted(heading)}" for field, heading in reading.columns.items())
    rest = [quoted(one) for one in reading.headings if one and one not in reading.columns.values()]
    print(f"  columns: {taken or 'none known'}")
    print(f"  columns not used: {', '.join(rest) or 'none'} (otherwise: --columns FIELD=HEADING,...)")


def _sum_up(outcomes: Sequence[Outcome], *, dry_run: bool) -> None:
    read = sum(len(one.export.records) for one in outcomes if one.export and not one.problem)
    refused = sum(one.problem is not None for one in outcomes)
    new = sum(one.state == "imported" for one in outcomes)
    done = (
        "nothing was written"
        if dry_run
        else f"{new} imported, {sum(one.state == 'already imported' for one in outcomes)} already there"
    )
    files, records = counted(len(outcomes), "file"), counted(read, "record")
    print(f"\n{files}, {records}; {done}" + (f"; {refused} refused" if refused else ""))
