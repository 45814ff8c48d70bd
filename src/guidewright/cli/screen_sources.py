"""Decisions in files that come back or come from other programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guidewright.cli.console import wrong_use
from guidewright.evidence.screening import DECISIONS, ScreeningDecision
from guidewright.evidence.selecting.asreview import NoProjectError, from_project, is_project, labels_in
from guidewright.evidence.selecting.others import LABELS, Foreign, from_labels, from_list, from_rayyan
from guidewright.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from guidewright.cli.screen import Options, Work

Found3 = tuple[list[ScreeningDecision], list[Problem], list[str]]


def decisions_in(work: Work, options: Options, person: str, today: str) -> Found3:
    """The decisions of one person in a file, what is wrong with it, and what to say of it."""
    path = options.source
    if path is None or not path.is_file():
        wrong_use(f"there is no file {path}")
    raw = path.read_bytes()
    if is_project(raw):
        try:
            foreign, strange = from_project(labels_in(raw), work.publications)
        except NoProjectError as error:
            return [], [Problem(str(path), 1, 1, str(error))], []
        return _lines(work, foreign, today), [], _strange(strange)
    if raw.startswith(b"PK\x03\x04") or path.suffix.lower() in {".csv", ".tsv"}:
        return _in_table(work, options, path, raw, today)
    return _in_export(work, options, path, today)


def _in_table(work: Work, options: Options, path: Path, raw: bytes, today: str) -> Found3:
    from guidewright.screening_sheets import decisions_of, rows_of

    rows, problems = rows_of(raw, str(path))
    if problems or not rows:
        return [], problems, []
    headings = set(rows[0][1])
    if {"decision", "record"} <= headings:
        known = frozenset(work.by_id)
        found, problems = decisions_of(rows, str(path), known, work.stage, today)
        return found, problems, []
    if "notes" in headings and any("RAYYAN-INCLUSION" in cells["notes"] for _, cells in rows):
        from guidewright.evidence.found import Found

        records = [
            Found(id=f"rayyan/{line}", title=cells.get("title", ""), doi=cells.get("doi", ""), raw=cells["notes"])
            for line, cells in rows
        ]
        return _of_rayyan(work, options, records, today)
    if headings & set(LABELS):
        foreign, strange = from_labels([cells for _, cells in rows], work.publications)
        return _lines(work, foreign, today), [], _strange(strange)
    rule = "has neither the columns `decision` and `record` nor a label of relevance"
    return [], [Problem(str(path), 1, 1, rule, next_step="make the table with guidewright screen --to")], []


def _in_export(work: Work, options: Options, path: Path, today: str) -> Found3:
    from guidewright.found_records import records_of_files

    records, problems = records_of_files([path])
    if problems:
        return [], problems, []
    if any("RAYYAN-INCLUSION" in record.raw for record in records):
        return _of_rayyan(work, options, records, today)
    decision = next((one for one in DECISIONS if one == options.only), None)
    if decision is None:
        wrong_use(f"{path} holds records and no decisions; if all have one decision, say which: --as include")
    foreign, strange = from_list(records, decision, work.publications)
    return _lines(work, foreign, today), [], _strange(strange)


def _of_rayyan(work: Work, options: Options, records: Sequence[object], today: str) -> Found3:
    foreign, strange = from_rayyan(records, work.publications)  # type: ignore[arg-type]
    people = sorted({one.person for one in foreign})
    if options.only is None and len(people) > 1:
        wrong_use(f"the file holds decisions of {', '.join(people)}; say whose they are: --as NAME-IN-RAYYAN")
    if options.only is not None and options.only not in people:
        wrong_use(f"the file holds no decision of {options.only}; it names {', '.join(people) or 'nobody'}")
    chosen = [one for one in foreign if options.only in {None, one.person}]
    return _lines(work, chosen, today), [], _strange(strange)


def _lines(work: Work, foreign: Sequence[Foreign], today: str) -> list[ScreeningDecision]:
    return [
        ScreeningDecision(
            record=one.publication, stage=work.stage, decision=one.decision, reason=one.reason or None, date=today
        )
        for one in {one.publication: one for one in foreign}.values()
    ]


def _strange(number: int) -> list[str]:
    return [f"{number} records of the file are none of this project and were left out"] if number else []
