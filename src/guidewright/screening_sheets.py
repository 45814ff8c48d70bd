"""Records to screen as a table for those who prefer a spreadsheet, and their decisions back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from guidewright.evidence.dedupe.merging import Publication
from guidewright.evidence.screening import DECISIONS, ScreeningDecision, Stage
from guidewright.evidence.selecting.conflicts import Conflict
from guidewright.evidence.selecting.library import exclusion_reasons
from guidewright.problems import Problem, did_you_mean
from guidewright.review_sheets import csv_of, read_lines, workbook_of

COLUMNS = {
    "decision": 12,
    "reason": 18,
    "note": 24,
    "title": 60,
    "abstract": 90,
    "authors": 34,
    "year": 8,
    "journal": 24,
    "doi": 22,
    "said": 34,
    "record": 22,
}


def sheet_of(
    publications: Sequence[Publication], decided: Mapping[str, ScreeningDecision], *, as_csv: bool, title: str
) -> bytes:
    """One row for each publication; what the reviewer decided before is filled in."""
    lines = [_line(one, decided.get(one.found.id)) for one in publications]
    return _written(lines, [name for name in COLUMNS if name != "said"], as_csv=as_csv, title=title)


def conflict_sheet(conflicts: Sequence[Conflict], publications: Mapping[str, Publication], *, as_csv: bool) -> bytes:
    """One row for each conflict, with what each reviewer said of it; the answer is the consensus."""
    lines = []
    for one in conflicts:
        said = "; ".join(
            f"{name}: {line.decision}" + (f" ({line.reason})" if line.reason else "") for name, line in one.said.items()
        )
        lines.append({**_line(publications[one.publication], None), "said": said})
    return _written(lines, list(COLUMNS), as_csv=as_csv, title="consensus")


def _written(lines: Sequence[Mapping[str, str]], columns: Sequence[str], *, as_csv: bool, title: str) -> bytes:
    if as_csv:
        return csv_of(columns, lines)
    choices = {"decision": DECISIONS, "reason": [reason.id for reason in exclusion_reasons()]}
    return workbook_of({name: COLUMNS[name] for name in columns}, lines, choices, title)


def _line(publication: Publication, decided: ScreeningDecision | None) -> dict[str, str]:
    found = publication.found
    return {
        "decision": decided.decision if decided else "",
        "reason": (decided.reason or "") if decided else "",
        "note": (decided.note or "") if decided else "",
        "title": found.title,
        "abstract": found.abstract,
        "authors": "; ".join(map(str, found.authors)),
        "year": str(found.year or ""),
        "journal": found.journal,
        "doi": found.doi,
        "record": found.id,
    }


def decisions_of(
    lines: Sequence[tuple[int, Mapping[str, str]]], file: str, known: frozenset[str], stage: Stage, today: str
) -> tuple[list[ScreeningDecision], list[Problem]]:
    """The decisions in rows of a table; rows without one are left out, and faults are named, all of them."""
    decisions: dict[str, ScreeningDecision] = {}
    problems: list[Problem] = []
    for line, cells in lines:
        said = cells.get("decision", "").strip().casefold()
        record = cells.get("record", "").strip()
        if not said:
            continue
        if said not in DECISIONS:
            hint = did_you_mean(said, DECISIONS)
            rule = f"`decision` must be one of: {', '.join(DECISIONS)}" + (f"; {hint}" if hint else "")
            problems.append(Problem(file, line, 1, rule, value=said, next_step="take one from the list"))
        elif record not in known:
            rule = "there is no such record to screen"
            problems.append(Problem(file, line, 1, rule, value=record, next_step="leave the column `record` as it was"))
        elif record in decisions and decisions[record].decision != said:
            rule = "the table decides on this record twice, and differently"
            problems.append(Problem(file, line, 1, rule, value=record, next_step="keep one of the rows"))
        else:
            decisions[record] = ScreeningDecision.model_validate(
                {
                    "record": record,
                    "stage": stage,
                    "decision": said,
                    "reason": cells.get("reason", "").strip() or None,
                    "date": today,
                    "note": cells.get("note", "").strip() or None,
                }
            )
    return list(decisions.values()), problems


def rows_of(raw: bytes, file: str) -> tuple[list[tuple[int, dict[str, str]]], list[Problem]]:
    """Rows of a table with the line on which each stands, headings in lower case."""
    return read_lines(raw, file)
