"""RIS, as its specification of 2011 says: what databases, reference managers and screening programs all read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from guidewright.evidence.found import Found
from guidewright.evidence.importers.kinds_of_publication import RIS
from guidewright.evidence.importers.names import written

#: The first type of RIS for each type of CSL; what has none is generic, with its type of CSL beside it.
TYPES = {kind: tag for tag, kind in reversed(RIS.items())} | {"article": "PREPRINT", "": "GEN"}


def write_ris(records: Iterable[Found]) -> str:
    """Records as RIS."""
    return "".join("".join(f"{tag}  - {value}\r\n" for tag, value in _lines(record)) + "\r\n" for record in records)


def _lines(record: Found) -> Iterator[tuple[str, str]]:
    yield "TY", TYPES.get(record.kind, "GEN")
    if record.kind and record.kind not in TYPES:
        yield "M3", record.kind
    yield from (("AU", written(name)) for name in record.authors)
    single = (
        ("TI", record.title),
        ("TT", record.translated_title),
        ("T2", record.journal),
        ("PY", str(record.year or "")),
        ("VL", record.volume),
        ("IS", record.issue),
        ("SP", record.pages),
        ("PB", record.publisher),
        ("SN", record.issn),
        ("DO", record.doi),
        ("PM", record.pmid),
        ("LA", record.language),
        ("AB", record.abstract),
    )
    yield from ((tag, value) for tag, value in single if value)
    yield from (("KW", word) for word in record.keywords)
    if record.registrations:
        yield "N1", "Registration: " + "; ".join(record.registrations)
    yield from (
        (tag, value) for tag, value in (("UR", record.url), ("DB", record.database), ("AN", record.accession)) if value
    )
    yield "ER", ""
