"""Which reference of ``evidence/records.bib`` a found publication is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from guidewright.evidence.bibliography import Record
from guidewright.evidence.dedupe.merging import Publication, merged
from guidewright.evidence.found import found_reference
from guidewright.evidence.selecting.others import Known


def cited(publications: Sequence[Publication], records: Iterable[Record]) -> dict[str, str]:
    """Publication -> citation key, for those that are among the references: by DOI, PubMed number or title."""
    known = Known([merged([one]) for one in map(found_reference, records)])
    keys: dict[str, str] = {}
    for one in publications:
        key = next((k for k in map(known.publication_of, (one.found, *one.records)) if k), None)
        if key is not None:
            keys[one.found.id] = key
    return keys
