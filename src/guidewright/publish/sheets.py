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

from guidewright.text_cells import csv_cell, fill

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
    writer.writerows([csv_cell(cell) for cell in row] for row in (sheet.header, *sheet.rows))
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", errors="replace")


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
            cells.append(WriteOnlyCell(page, value=""))
            fill(cells[-1], value)
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
