"""Workbooks (.xlsx): the values of one sheet. Nothing is computed or executed; a formula counts by its stored value."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import zip_longest
from typing import Any

from guidewright.metaanalysis.notices import Notice
from guidewright.problems import Problem, did_you_mean
from guidewright.tables_of_data.sheet import Sheet, arranged

#: No sheet of studies is larger when it is unpacked; a small file may unpack to much more.
LARGEST = 300_000_000


class NoSuchSheetError(ValueError):
    """The workbook has no sheet of that name."""


def read_workbook(raw: bytes, file: str, sheet: str | None) -> tuple[Sheet | None, list[Problem]]:
    """Read the sheet of that name, or the first one.

    Raises :class:`NoSuchSheetError`.
    """
    from openpyxl import load_workbook  # noqa: PLC0415 - 0.2 s that other files need not wait for

    try:
        if sum(member.file_size for member in zipfile.ZipFile(io.BytesIO(raw)).infolist()) > LARGEST:
            return None, [Problem(file, 1, 1, f"unpacks to more than {LARGEST // 1_000_000} MB", next_step="split it")]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions, which hold no numbers
            values = load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
            formulas = load_workbook(io.BytesIO(raw), read_only=True, data_only=False)
            names = [one.title for one in values.worksheets]
            chosen = _chosen(names, sheet)
            pair = (book.worksheets[chosen] for book in (values, formulas))
            records = list(_records(*pair))
    except NoSuchSheetError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a foreign file does to the reader is a fault of the file
        said = f"cannot be read as a workbook ({type(error).__name__})"
        return None, [Problem(file, 1, 1, said, next_step="open it in a spreadsheet program and save it as .xlsx")]
    headings, rows, problems = arranged(records, file, padded=True)
    if problems:
        return None, problems
    notices: tuple[Notice, ...] = ()
    if sheet is None and len(names) > 1:
        others = ", ".join(names[1:])
        notices = (Notice("first-sheet", f"the first sheet, {names[0]}, was read; --sheet takes another ({others})"),)
    return Sheet(file, headings, rows, {"sheet": names[chosen]}, notices=notices), []


def _chosen(names: list[str], sheet: str | None) -> int:
    if not names:
        raise NoSuchSheetError("the workbook has no sheet of cells")
    if sheet is None:
        return 0
    if sheet not in names:
        hint = did_you_mean(sheet, names)
        raise NoSuchSheetError(
            f"the workbook has no sheet `{sheet}`{'; ' + hint if hint else ''}\nIts sheets: {', '.join(names)}"
        )
    return names.index(sheet)


def _records(values: Any, formulas: Any) -> Iterator[tuple[int, list[str]]]:
    for sheet in (values, formulas):
        sheet.reset_dimensions()  # some programs store wrong ones
    both = zip_longest(values.iter_rows(), formulas.iter_rows(), fillvalue=())
    for line, (cells, written) in enumerate(both, start=1):
        yield line, [_text(cell.value, source.value) for cell, source in zip(cells, written, strict=False)]


def _text(value: Any, written: Any) -> str:
    """The value of a cell as text; a formula without a stored value as it is written, so that it is seen."""
    if value is None:
        return "" if written is None else str(written)
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)
