"""From a file to its sheet: by its content, whatever its name ends in."""

from __future__ import annotations

from pathlib import Path

from guidewright.problems import Problem
from guidewright.reading.text import LARGEST
from guidewright.tables_of_data.delimited import read_delimited
from guidewright.tables_of_data.sheet import Sheet
from guidewright.tables_of_data.workbook import NoSuchSheetError, read_workbook

_ZIP, _OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


def read(path: Path, sheet: str | None) -> tuple[Sheet | None, list[Problem]]:
    """Read a table; ``sheet`` names a sheet of a workbook.

    Raises OSError for a file that cannot be opened, and :class:`NoSuchSheetError`.
    """
    file = path.name
    if path.stat().st_size > LARGEST:
        return None, [Problem(file, 1, 1, f"is larger than {LARGEST // 1_000_000} MB", next_step="split it")]
    raw = path.read_bytes()
    if raw.startswith(_OLD_OFFICE):
        rule = "is a workbook of the old format (.xls), or one with a password"
        return None, [Problem(file, 1, 1, rule, next_step="save it as .xlsx without a password, or as CSV UTF-8")]
    if raw.startswith(_ZIP):
        return read_workbook(raw, file, sheet)
    if sheet is not None:
        raise NoSuchSheetError(f"{file} is no workbook: it has no sheet `{sheet}`")
    return read_delimited(raw, file)
