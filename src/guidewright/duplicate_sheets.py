"""Questions about duplicates as a table for people, and their answers back as decisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from guidewright.evidence.dedupe.decide import PairFound
from guidewright.evidence.dedupe.explained import in_words
from guidewright.evidence.duplicates import DuplicateDecision
from guidewright.evidence.found import Found
from guidewright.problems import Problem, did_you_mean
from guidewright.review_sheets import csv_of, read_lines, workbook_of

CHOICES = ("same", "different", "related")
_FIELDS = ("title", "authors", "year", "journal", "place", "doi")
_WIDTHS = {"title": 50, "authors": 34, "journal": 24}
#: Headings and widths.
COLUMNS = {
    "decision": 12,
    "note": 24,
    "suggested": 12,
    "why": 36,
    **{f"{field} {side}": _WIDTHS.get(field, 12) for field in _FIELDS for side in "12"},
    "record 1": 22,
    "record 2": 22,
}


def sheet_of(questions: Sequence[PairFound], records: Mapping[str, Found], *, as_csv: bool, language: str) -> bytes:
    """One row for each question, likeliest first; the answer goes into the column ``decision``."""
    lines = [_line(question, records, language) for question in questions]
    return csv_of(list(COLUMNS), lines) if as_csv else workbook_of(COLUMNS, lines, {"decision": CHOICES}, "duplicates")


def _line(question: PairFound, records: Mapping[str, Found], language: str) -> dict[str, str]:
    line = {
        "suggested": question.suggestion,
        "why": "; ".join(text[language] for text in in_words(question.reasons)),
        "record 1": question.record,
        "record 2": question.same_as,
    }
    for side, identifier in (("1", question.record), ("2", question.same_as)):
        line |= {f"{field} {side}": words for field, words in shown(records[identifier]).items()}
    return line


def shown(record: Found) -> dict[str, str]:
    """The fields of a record by which people tell copies apart."""
    issue = f"({record.issue})" if record.issue else ""
    return {
        "title": record.title,
        "authors": "; ".join(map(str, record.authors)),
        "year": str(record.year or ""),
        "journal": record.journal,
        "place": f"{record.volume}{issue}" + (f": {record.pages}" if record.pages else ""),
        "doi": record.doi,
    }


def answers_of(
    raw: bytes, file: str, records: Mapping[str, Found], by: str, today: str
) -> tuple[list[DuplicateDecision], list[Problem]]:
    """The decisions that a table holds; rows without one are left out, and faults are named, all of them."""
    rows, problems = read_lines(raw, file)
    missing = [name for name in ("decision", "record 1", "record 2") if rows and name not in rows[0][1]]
    if missing:
        rule = f"the table has no column `{missing[0]}`"
        return [], [*problems, Problem(file, 1, 1, rule, next_step="make it anew with guidewright dedupe --to")]
    answers: dict[tuple[str, str], DuplicateDecision] = {}
    for line, cells in rows:
        said = cells["decision"].strip().casefold()
        if not said:
            continue
        faults = list(_faults(file, line, cells, said, records))
        problems += faults
        if faults:
            continue
        answer = DuplicateDecision.model_validate(
            {
                "record": cells["record 1"],
                "same_as": cells["record 2"],
                "decision": said,
                "by": by,
                "date": today,
                "reason": cells.get("note") or None,
            }
        )
        earlier = answers.setdefault(answer.pair, answer)
        if earlier.decision != said:
            rule = "the table answers this pair twice, and differently"
            problems.append(Problem(file, line, 1, rule, value=said, next_step="keep one of the two rows"))
    return list(answers.values()), problems


def _faults(
    file: str, line: int, cells: Mapping[str, str], said: str, records: Mapping[str, Found]
) -> Sequence[Problem]:
    faults = []
    if said not in CHOICES:
        hint = did_you_mean(said, CHOICES)
        rule = "`decision` must be same, different or related" + (f"; {hint}" if hint else "")
        faults.append(Problem(file, line, 1, rule, value=said, next_step="take one from the list", example="same"))
    for name in ("record 1", "record 2"):
        if cells[name] not in records:
            rule = "there is no such found record"
            faults.append(Problem(file, line, 1, rule, value=cells[name], next_step="leave this column as it was"))
    if cells["record 1"] == cells["record 2"] and not faults:
        rule = "names one record twice"
        faults.append(
            Problem(file, line, 1, rule, value=cells["record 1"], next_step="leave these columns as they were")
        )
    return faults
