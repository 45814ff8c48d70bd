"""Workbooks (.xlsx): the rows of the sheet that looks most like a table of records. No formula is computed."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import Any

from guidewright.evidence.importers.export import UnreadableError
from guidewright.evidence.importers.headings import recognised

#: A small file may unpack to much more; this many bytes are enough for a hundred thousand records.
LARGEST = 1_000_000_000
SIGNATURE = b"PK\x03\x04"


def rows_of_workbook(raw: bytes) -> tuple[list[tuple[int, Sequence[str]]], str]:
    """Rows with their numbers, and the name of the sheet.

    Raises :class:`UnreadableError`.
    """
    from openpyxl import load_workbook  # noqa: PLC0415 - 0.2 s that other formats need not wait for

    _check(raw)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions, which hold no records
            book = load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
            sheets = {sheet.title: list(_rows(sheet)) for sheet in book.worksheets}
    except Exception as error:  # noqa: BLE001 - whatever a foreign file does to the library is a fault of the file
        rule = f"cannot be read as a workbook ({type(error).__name__})"
        raise UnreadableError(rule, "open it in a spreadsheet program and save it as .xlsx") from None
    if not any(sheets.values()):
        raise UnreadableError("has no cells", "export the records again")
    best = max(sheets, key=lambda name: max((recognised(cells) for _, cells in sheets[name][:25]), default=-1))
    return sheets[best], best


def _check(raw: bytes) -> None:
    try:
        members = zipfile.ZipFile(io.BytesIO(raw)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise UnreadableError("is a broken archive or workbook", "download it again") from None
    if not any(member.filename == "xl/workbook.xml" for member in members):
        raise UnreadableError("is an archive, not a workbook", "unpack it first")
    if sum(member.file_size for member in members) > LARGEST:
        raise UnreadableError(f"unpacks to more than {LARGEST // 1_000_000} MB", "export the records in several files")


def _rows(sheet: Any) -> Iterator[tuple[int, Sequence[str]]]:
    sheet.reset_dimensions()  # some programs store wrong ones
    for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
        cells = [_text(value) for value in row]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            yield number, cells


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value).replace("_x000D_", "").strip()
