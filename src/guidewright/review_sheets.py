"""Tables that go out to people for decisions and come back: workbooks with lists to choose from, or CSV.

What stands in bibliographic records stays text: a title that starts with ``=`` is no formula, neither in the workbook
nor in the CSV, where it gets an apostrophe in front.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from guidewright.problems import Problem
from guidewright.tables_of_data.delimited import read_delimited
from guidewright.tables_of_data.workbook import read_workbook
from guidewright.text_cells import csv_cell, fill, printable

Line = Mapping[str, str]


def workbook_of(
    columns: Mapping[str, int], lines: Sequence[Line], choices: Mapping[str, Sequence[str]], title: str
) -> bytes:
    """A workbook. ``columns``: heading -> width; ``choices``: heading -> words that its cells may hold."""
    from openpyxl import Workbook  # noqa: PLC0415 - 0.2 s that nothing else need wait for
    from openpyxl.styles import Alignment, Font, PatternFill  # noqa: PLC0415
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415

    book = Workbook()
    sheet: Any = book.active
    sheet.title = title[:31]
    top = Alignment(wrap_text=True, vertical="top")
    open_cells = PatternFill("solid", start_color="FFF7DC")
    for number, (name, width) in enumerate(columns.items(), 1):
        _put(sheet, 1, number, name).font = Font(bold=True)
        letter = sheet.cell(1, number).column_letter
        sheet.column_dimensions[letter].width = width
        if name in choices and lines:
            allowed = ",".join(choices[name])
            words = DataValidation(type="list", formula1=f'"{allowed}"', allow_blank=True, showErrorMessage=True)
            sheet.add_data_validation(words)
            words.add(f"{letter}2:{letter}{len(lines) + 1}")
    for row, line in enumerate(lines, 2):
        for number, name in enumerate(columns, 1):
            cell = _put(sheet, row, number, line.get(name, ""))
            cell.alignment = top
            if name in choices:
                cell.fill = open_cells
    sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def csv_of(columns: Sequence[str], lines: Sequence[Line]) -> bytes:
    """The same as CSV in UTF-8 with its mark, by which Excel knows it."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    for line in lines:
        writer.writerow([csv_cell(printable(line.get(name, ""))) for name in columns])
    return out.getvalue().encode("utf-8-sig")


def read_lines(raw: bytes, file: str) -> tuple[list[tuple[int, dict[str, str]]], list[Problem]]:
    """Rows of a workbook or of a CSV file with the line on which each stands; headings in lower case."""
    read = read_workbook(raw, file, None) if raw.startswith(b"PK\x03\x04") else read_delimited(raw, file)
    sheet, problems = read
    if sheet is None:
        return [], problems
    names = [" ".join(heading.casefold().split()) for heading in sheet.headings]
    return [(row.line, dict(zip(names, row.cells, strict=True))) for row in sheet.rows], problems


def _put(sheet: Any, row: int, column: int, words: str) -> Any:
    """A cell that holds a text and is never taken for a formula, a number or a date."""
    cell = sheet.cell(row, column)
    fill(cell, printable(words))
    cell.number_format = "@"
    return cell
