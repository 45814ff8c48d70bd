"""A record as a database exported it: what import reads, de-duplication compares and people screen.

Exports are the database. The raw files in ``evidence/searches/exports`` are kept as they came, and the records are read
from them whenever they are needed; decisions about them (duplicates, screening) stand in files of their own and name a
record by its export and its place in it. A record that is cited gets a citation key in ``evidence/records.bib``.
"""

from __future__ import annotations

from dataclasses import dataclass

from guidewright.evidence.bibliography import Name, Record
from guidewright.evidence.importers.kinds_of_publication import BIBTEX


@dataclass(frozen=True, slots=True)
class Found:
    """One record of one export. What the export does not say is empty, never guessed."""

    id: str
    """``<export>/<number>``: name of the export without folder and suffix, and the record's place in it from 1."""
    kind: str = ""
    """Type of publication in CSL's words, for example ``article-journal``, ``chapter``, ``thesis``."""
    title: str = ""
    """Title in its original script."""
    translated_title: str = ""
    """Title in another language, where the export gives both."""
    authors: tuple[Name, ...] = ()
    """Authors in order, each in its own script."""
    year: int | None = None
    """Year of publication."""
    journal: str = ""
    """Journal or other container, as the export names it."""
    volume: str = ""
    """Volume."""
    issue: str = ""
    """Issue."""
    pages: str = ""
    """Pages or article number, for example ``1106-1111+1117``."""
    publisher: str = ""
    """Publisher, or the school of a thesis."""
    doi: str = ""
    """Digital object identifier in lower case, without ``https://doi.org/``."""
    pmid: str = ""
    """PubMed identifier."""
    issn: str = ""
    """ISSN or ISBN."""
    language: str = ""
    """Language as a tag where it could be told (``zh``), otherwise as the export names it."""
    abstract: str = ""
    """Abstract."""
    keywords: tuple[str, ...] = ()
    """Key words of authors and database."""
    registrations: tuple[str, ...] = ()
    """Numbers of trial registers that the record names (``NCT01200277``, ``ChiCTR2000030000``)."""
    url: str = ""
    """Web address."""
    database: str = ""
    """Database that the export came from, for example ``PubMed``."""
    accession: str = ""
    """Number of the record in that database."""
    line: int = 0
    """Line of the export on which the record begins, from 1."""
    raw: str = ""
    """The record as it stands in the export, decoded."""


def found_reference(record: Record) -> Found:
    """A reference of ``evidence/records.bib`` as a found record, named by its citation key."""
    return Found(
        id=record.key,
        kind=BIBTEX.get(record.entry_type, ""),
        title=record.title or record.namedas or "",
        authors=record.author,
        year=record.year,
        journal=record.journal or "",
        volume=record.volume or "",
        issue=record.number or "",
        pages=(record.pages or "").replace("--", "-"),
        publisher=record.publisher or "",
        doi=(record.doi or "").lower(),
        pmid=record.pmid or "",
        language=record.language or "",
        url=record.url or "",
    )
