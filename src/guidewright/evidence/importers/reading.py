"""Read an export file: decode it, tell its format by its content, read the records, account for the rest."""

from __future__ import annotations

from collections.abc import Mapping

from guidewright.evidence.importers import table, workbook
from guidewright.evidence.importers.decoding import check_size, decode
from guidewright.evidence.importers.export import Difference, Export, Reading, UnreadableError
from guidewright.evidence.importers.formats import NAMES, format_of
from guidewright.evidence.importers.headings import recognised


def read_export(raw: bytes, name: str, columns: Mapping[str, str] | None = None) -> Export:
    """Read the bytes of an export file.

    ``name`` is the name of the file: its part before the last dot begins the identifiers of the records, and it has no
    part in telling the format. ``columns`` names columns of a table, field -> heading, where the guess is wrong.

    Raises :class:`UnreadableError` for what is binary, too large, empty or of no known format.
    """
    check_size(len(raw))
    stem = stem_of(name)
    if raw.startswith(workbook.SIGNATURE):
        rows, sheet = workbook.rows_of_workbook(raw)
        return Export(name, "Table (XLSX)", f"sheet {sheet}", table.read_rows(rows, stem, columns or {}))
    decoded = decode(raw)
    text = decoded.text
    known = None if columns else format_of(text)
    delimiter = table.delimiter_of(text) if known is None or _is_table_first(text) else None
    if known is not None and delimiter is None:
        kind, reading = known.name, known.read(text, stem)
    elif delimiter or columns:
        kind = {"\t": "Table (TSV)", ";": "Table (CSV, semicolons)"}.get(delimiter or ",", "Table (CSV)")
        reading = table.read_delimited(text, stem, columns or {})
    elif (loose := _any_table(text, stem)) is not None:
        kind, reading = "Table (CSV)", loose
    else:
        rule = "is of no format that can be read; nothing in it looks like a record"
        raise UnreadableError(rule, f"export it in one of these formats: {', '.join(NAMES)}")
    return Export(name, kind, decoded.encoding, _accounted(reading), decoded.notes)


def count_records(raw: bytes, name: str, columns: Mapping[str, str] | None = None) -> int:
    """How many records a file announces, without reading them where its format has start tags.

    Raises :class:`UnreadableError`.
    """
    check_size(len(raw))
    if not columns and not raw.startswith(workbook.SIGNATURE):
        text = decode(raw).text
        known = format_of(text)
        if known is not None and not _is_table_first(text):
            return known.announced(text)
    return len(read_export(raw, name, columns).records)


def stem_of(name: str) -> str:
    """The name of a file without its last suffix: what identifiers of its records begin with."""
    before, dot, _after = name.rpartition(".")
    return before if dot and before else name


def _is_table_first(text: str) -> bool:
    """Whether headings stand in the first line; the sign of another format may stand in an abstract of a table."""
    first = text.lstrip("\n").partition("\n")[0]
    rows = (table.rows_of(first, delimiter, limit=1) for delimiter in table.DELIMITERS if delimiter in first)
    return any(len(row[0][1]) > 2 and recognised(row[0][1]) >= table.ENOUGH for row in rows if row)


def _any_table(text: str, stem: str) -> Reading | None:
    """A table without known headings: nothing is read, and its rows are accounted for."""
    first = text.split("\n", 1)[0]
    delimiter = max(table.DELIMITERS, key=first.count)
    rows = table.rows_of(text, delimiter, limit=5)
    widths = {len(cells) for _, cells in rows}
    if len(rows) < 2 or len(widths) != 1 or widths == {1}:
        return None
    return table.read_delimited(text, stem, {})


def _accounted(reading: Reading) -> Reading:
    """Leave no difference between announced and read without a word; readers explain theirs by themselves."""
    if reading.accounted:
        return reading
    rest = len(reading.records) - reading.announced - sum(one.records for one in reading.differences)
    why = f"{abs(rest)} start tags {'fewer' if rest > 0 else 'more'} than records; the reader cannot say which"
    return Reading(
        reading.announced,
        reading.records,
        reading.odd,
        (*reading.differences, Difference(1, rest, why)),
        reading.columns,
        reading.headings,
    )


__all__ = ["UnreadableError", "read_export", "stem_of"]
