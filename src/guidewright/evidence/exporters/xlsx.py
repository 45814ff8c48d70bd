"""A workbook for those who read records in a spreadsheet. No cell is ever a formula."""

from __future__ import annotations

import io
from collections.abc import Iterable

from guidewright.evidence.found import Found
from guidewright.evidence.importers.kinds_of_publication import PLAINLY
from guidewright.evidence.importers.names import written
from guidewright.text_cells import fill

#: Columns and their widths, in characters.
COLUMNS = {
    "record": 22,
    "title": 60,
    "translated_title": 30,
    "authors": 40,
    "year": 8,
    "journal": 30,
    "volume": 8,
    "issue": 8,
    "pages": 14,
    "publisher": 20,
    "doi": 28,
    "pmid": 11,
    "issn": 11,
    "language": 9,
    "abstract": 80,
    "keywords": 40,
    "registrations": 18,
    "url": 30,
    "database": 16,
    "accession": 20,
    "kind": 16,
}


def write_xlsx(records: Iterable[Found]) -> bytes:
    """Records as a workbook: one row each, headings in the first."""
    from openpyxl import Workbook  # noqa: PLC0415 - 0.2 s that other formats need not wait for
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415

    book = Workbook(write_only=True)
    sheet = book.create_sheet("records")
    sheet.freeze_panes = "B2"
    for number, width in enumerate(COLUMNS.values()):
        sheet.column_dimensions[chr(ord("A") + number)].width = width
    for row in (list(COLUMNS), *map(_row, records)):
        cells = []
        for value in row:
            cells.append(WriteOnlyCell(sheet, value=""))
            fill(cells[-1], value)
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _row(record: Found) -> list[str]:
    words = "; ".join(record.keywords) + (";" if record.keywords else "")
    return [
        record.id,
        record.title,
        record.translated_title,
        "; ".join(written(name) for name in record.authors) + (";" if len(record.authors) == 1 else ""),
        str(record.year or ""),
        record.journal,
        record.volume,
        record.issue,
        record.pages,
        record.publisher,
        record.doi,
        record.pmid,
        record.issn,
        record.language,
        record.abstract,
        words,
        "; ".join(record.registrations),
        record.url,
        record.database,
        record.accession,
        PLAINLY.get(record.kind, record.kind),
    ]
