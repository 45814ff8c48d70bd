"""Tables as files: CSV that a spreadsheet opens without running anything, and workbooks whose cells are all plain text.

The same table gives the same bytes on every build.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

#: Signs with which a spreadsheet program begins a formula. A number may begin with one of them, a text may not.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"[+-]?\d[\d.,]*(?:[eE][+-]?\d+)?%?")
#: Characters that a workbook cannot hold, and the longest text of a cell (Excel's specifications and limits).
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LONGEST = 32_767
#: Day that is written into every workbook, since that of the build would change its bytes: the first that ZIP knows.
_DAY = datetime(1980, 1, 1)


@dataclass(frozen=True)
class Sheet:
    """A table to download: its file name without suffix, headings, and rows of plain text."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def to_csv(sheet: Sheet) -> bytes:
    """UTF-8 with a byte order mark, without which Excel takes Chinese for another encoding; lines end as RFC 4180 says.

    A text that a spreadsheet would take for a formula gets an apostrophe before it.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerows([_harmless(cell) for cell in row] for row in (sheet.header, *sheet.rows))
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", errors="replace")


def _harmless(cell: str) -> str:
    words = _FORBIDDEN.sub(" ", cell)
    return f"'{words}" if words.startswith(_FORMULA) and not _NUMBER.fullmatch(words) else words


@lru_cache(maxsize=64)
def to_xlsx(sheet: Sheet) -> bytes:
    """A workbook with one sheet. No cell is a formula. Kept while the table stays as it is: a preview asks often."""
    from openpyxl import Workbook  # noqa: PLC0415 - 0.2 s that nothing else need wait for
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415

    book = Workbook(write_only=True)
    book.properties.created = book.properties.modified = _DAY
    page = book.create_sheet(sheet.name[:31])
    page.freeze_panes = "B2"
    for row in (sheet.header, *sheet.rows):
        cells = []
        for value in row:
            cell = WriteOnlyCell(page, value="")
            cell.value = _FORBIDDEN.sub(" ", value)[:_LONGEST]
            cell.data_type = "s"  # text that begins with = stays text
            cell.quotePrefix = value.startswith(_FORMULA)
            cells.append(cell)
        page.append(cells)
    out = io.BytesIO()
    book.save(out)
    return _without_time(out.getvalue())


def _without_time(workbook: bytes) -> bytes:
    """The same archive, its files dated :data:`_DAY`."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            data = old.read(item)
            if item.filename == "docProps/core.xml":  # openpyxl writes the time of saving here
                data = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>1980-01-01T00:00:00Z", data)
            new.writestr(zipfile.ZipInfo(item.filename, _DAY.timetuple()[:6]), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()
