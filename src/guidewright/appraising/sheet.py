"""A workbook in which a reviewer answers the questions of an instrument, and back to the reviewer's file.

The sheet holds the reviewer's own answers only. For a consensus it holds, beside each question in which two completed
appraisals differ, what each of them says.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

from guidewright.grading.appraisal import CONSENSUS, Judgement
from guidewright.grading.condition import NOT_ASKED
from guidewright.grading.instrument import Instrument
from guidewright.grading.reconciliation import Appraisal, State, appraisals_of
from guidewright.problems import Problem
from guidewright.project import Project
from guidewright.reading.text import Place
from guidewright.reading.validation import validate
from guidewright.tables_of_data.workbook import read_workbook
from guidewright.text_cells import fill, printable

#: Columns that are read back; the others help the reader of the sheet.
FIELDS = ("study", "instrument", "outcome", "item", "answer", "reason", "place", "date", "by")
_HELP = ("question", "allowed")
_WIDTHS = {"question": 60, "allowed": 24, "reason": 40, "place": 24, "study": 18, "said": 40}

Line = dict[str, str]


def sheet_of(
    project: Project, reviewer: str, instrument: str, studies: Sequence[str], outcome: str | None
) -> tuple[bytes, int]:
    """A workbook with a row for each question, and how many rows; answers given before are filled in.

    Without ``studies`` it has every study for whose design the instrument is made.
    """
    tool = project.instruments[instrument]
    if reviewer == CONSENSUS:
        lines = list(_differences(project, tool, studies))
    else:
        lines = list(_questions(project, reviewer, tool, studies or _studies_for(project, tool), outcome))
    return _workbook(lines, tool), len(lines)


def _studies_for(project: Project, tool: Instrument) -> list[str]:
    designs = {study.id: study.design.value for study in project.studies.values() if study.design}
    return [name for name, design in designs.items() if not tool.designs or design in tool.designs]


def _questions(
    project: Project, reviewer: str, tool: Instrument, studies: Sequence[str], outcome: str | None
) -> Iterator[Line]:
    given = {row.key: row for row in project.appraisals.get(reviewer, ())}
    left_open = _left_open(tool)
    for study in studies:
        for item in (*tool.questions, *tool.judged):
            row = given.get((study, tool.id, outcome or "", item))
            if row is not None or item in tool.questions or item in left_open:
                yield _line(tool, study, outcome, item, row)


def _left_open(tool: Instrument) -> list[str]:
    """Domains and wholes that the instrument may leave to the appraiser."""
    return [name for name, part in tool.judged.items() if any(len(rule.outcomes) > 1 for rule in part.rules)]


def _differences(project: Project, tool: Instrument, studies: Sequence[str]) -> Iterator[Line]:
    """Only what two completed appraisals differ in: nothing of an appraisal that is still open."""
    agreed = {row.key: row for row in project.appraisals.get(CONSENSUS, ())}
    for one in appraisals_of(project.appraisals, {tool.id: tool}, {}):
        if one.state is State.OPEN or (studies and one.study not in studies):
            continue
        for item in one.differences:
            row = agreed.get((one.study, tool.id, one.outcome or "", item))
            yield {**_line(tool, one.study, one.outcome, item, row), "said": _said(one, item)}


def _said(one: Appraisal, item: str) -> str:
    return "; ".join(f"{', '.join(said.by)}: {said.answer} ({said.reason})" for said in one.answers.get(item, ()))


def _line(tool: Instrument, study: str, outcome: str | None, item: str, row: Judgement | None) -> Line:
    part = tool.questions.get(item) or tool.judged[item]
    words = part.text if hasattr(part, "text") else part.title
    return {
        "study": study,
        "instrument": tool.id,
        "outcome": outcome or "",
        "item": item,
        "question": " / ".join(words.values()),
        "allowed": ", ".join(_allowed(tool, item)),
        "answer": row.answer if row else "",
        "reason": row.reason if row else "",
        "place": (row.place or "") if row else "",
        "date": (row.date or "") if row else "",
        "by": "; ".join(row.by) if row else "",
    }


def _allowed(tool: Instrument, item: str) -> list[str]:
    question = tool.questions.get(item)
    if question is None:
        return list(tool.values_of(item))
    names = [answer.id for answer in tool.answers_of(question)]
    return [*names, *([NOT_ASKED] if question.asked else []), *(["a number"] if question.bands else [])]


# --- the workbook -------------------------------------------------------------------------------------------------


def _workbook(lines: Sequence[Line], tool: Instrument) -> bytes:
    from openpyxl import Workbook  # noqa: PLC0415 - 0.2 s that nothing else need wait for
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415

    columns = ["study", "instrument", "outcome", "item", *_HELP, *(["said"] if any("said" in x for x in lines) else [])]
    columns += ["answer", "reason", "place", "date", "by"]
    book = Workbook()
    sheet: Any = book.active
    sheet.title = tool.id[:31]
    for number, name in enumerate(columns, 1):
        _put(sheet, 1, number, name).font = Font(bold=True)
        sheet.column_dimensions[sheet.cell(1, number).column_letter].width = _WIDTHS.get(name, 14)
    lists: dict[str, Any] = {}
    for line_number, line in enumerate(lines, 2):
        for number, name in enumerate(columns, 1):
            cell = _put(sheet, line_number, number, line.get(name, ""))
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if name == "answer" and "a number" not in line["allowed"]:
                allowed = line["allowed"].replace(", ", ",")
                if allowed not in lists:
                    lists[allowed] = DataValidation(type="list", formula1=f'"{allowed}"', allow_blank=True)
                    sheet.add_data_validation(lists[allowed])
                lists[allowed].add(cell)
    sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _put(sheet: Any, row: int, column: int, words: str) -> Any:
    """A cell that holds a text and is never taken for a formula, a number or a date."""
    cell = sheet.cell(row, column)
    fill(cell, printable(words))
    cell.number_format = "@"
    return cell


def taken_from(project: Project, reviewer: str, raw: bytes, file: str) -> tuple[str, int, list[Problem]]:
    """The reviewer's file with the answers of a sheet, the number of answers in the sheet, and what is wrong with it.

    Rows without an answer are left out; answers that the sheet does not ask for stay as they are.
    """
    sheet, problems = read_workbook(raw, file, None)
    if sheet is None:
        return "", 0, problems
    missing = [name for name in ("study", "instrument", "item", "answer", "reason") if name not in sheet.headings]
    if missing:
        rule = f"the sheet has no column {', '.join(missing)}"
        return "", 0, [Problem(file, 1, 1, rule, next_step="make the sheet anew with --to")]
    found: dict[tuple[str, ...], Judgement] = {row.key: row for row in project.appraisals.get(reviewer, ())}
    number = 0
    for row in sheet.rows:
        cells = {name: row.cells[place] for place, name in enumerate(sheet.headings) if name in FIELDS}
        if not cells.get("answer"):
            continue

        def place(path: tuple[str | int, ...], line: int = row.line) -> Place:
            return Place(line, sheet.headings.index(str(path[0])) + 1 if path and path[0] in sheet.headings else 1)

        data = {name: words for name, words in cells.items() if words}
        value, more = validate(Judgement, data, file, place, written="csv")
        problems += more
        if value is not None:
            problems += list(_unknown(project, value, file, place))
            found[value.key] = value
            number += 1
    return _csv(found.values(), consensus=reviewer == CONSENSUS), number, problems


def _unknown(project: Project, row: Judgement, file: str, place: Any) -> Iterator[Problem]:
    """Names and answers that the project and the instrument do not have; the rest is said by ``guidewright check``."""

    def fault(column: str, rule: str, advised: str) -> Problem:
        at = place((column,))
        return Problem(file, at.line, at.column, rule, value=str(getattr(row, column)), next_step=advised)

    tool = project.instruments.get(row.instrument)
    if row.study not in project.studies:
        yield fault("study", f"there is no study `{row.study}`", "take the name of a file in evidence/studies")
    if tool is None:
        yield fault("instrument", f"there is no instrument `{row.instrument}`", "leave this column as it was")
    elif row.item not in tool.questions and row.item not in tool.judged:
        yield fault("item", f"`{tool.id}` has no item `{row.item}`", "leave this column as it was")
    elif tool.value_of(row.item, row.answer) is None:
        allowed = ", ".join(_allowed(tool, row.item))
        yield fault("answer", f"must be an answer to `{row.item}`: {allowed}", "take one from the list of the cell")


def _csv(rows: Any, *, consensus: bool) -> str:
    ordered = list(rows)
    used = [
        name
        for name in FIELDS
        if name in {"study", "instrument", "item", "answer", "reason"}
        or (name == "by" and consensus)
        or any(getattr(row, name) for row in ordered)
    ]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(used)
    for row in ordered:
        writer.writerow("; ".join(row.by) if name == "by" else getattr(row, name) or "" for name in used)
    return out.getvalue()
