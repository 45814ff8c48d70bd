"""NoteExpress (``.net``), which CNKI, Wanfang, VIP and SinoMed export: ``{Reference Type}: ...`` begins a record.

VIP writes ``{Volume} :`` and no blank after the colon; Wanfang repeats ``{Author}`` and indents its values; CNKI puts
all authors into one field. Values go on over lines, in CNKI's addresses after a bare carriage return.
"""

from __future__ import annotations

import re

from guidewright.evidence.found import Found
from guidewright.evidence.importers import fields
from guidewright.evidence.importers.export import Reading
from guidewright.evidence.importers.kinds_of_publication import kind_of
from guidewright.evidence.importers.names import names
from guidewright.evidence.importers.tagged import Entry, Grammar, reading

START = re.compile(r"^[ \t]*\{Reference Type\}[ \t]*[:：]", re.MULTILINE)
_LINE = re.compile(r"^[ \t]*\{([A-Z][A-Za-z0-9 /()#.-]{1,40})\}[ \t]*[:：][ \t]*(.*)$")


def announced(text: str) -> int:
    """Lines that begin a record."""
    return len(START.findall(text))


def read(text: str, stem: str) -> Reading:
    """Read a NoteExpress text."""
    grammar = Grammar(
        split=lambda line: (found[1], found[2].strip()) if (found := _LINE.match(line)) else None,
        announces=lambda tag: tag == "Reference Type",
        starts=lambda tag, _entry, *, after_blank: tag == "Reference Type",
        start_name="{Reference Type} line",
    )
    return reading(text, grammar, announced(text), stem, _found)[0]


def _found(entry: Entry, identifier: str, raw: str) -> Found:
    first, several = entry.first, entry.all
    kind = kind_of(first("Reference Type"))
    return Found(
        id=identifier,
        kind=kind,
        title=fields.plain(first("Title")),
        translated_title=fields.plain(first("Translated Title")),
        authors=names(entry.lines("Author", "Authors")),
        year=fields.year(*several("Year", "Date")),
        journal=fields.plain(
            first("Secondary Title", "Journal")
            if kind in {"chapter", "paper-conference"}
            else first("Journal", "Secondary Title")
        ),
        volume=fields.plain(first("Volume")),
        issue=fields.plain(first("Issue", "Number")),
        pages=fields.pages(first("Pages")),
        publisher=fields.plain(first("Publisher", "School")),
        doi=fields.doi(*several("DOI")) or fields.doi_of_addresses(several("URL", "Link")),
        pmid=fields.pmid(*several("PMID")),
        issn=fields.issn(several("ISBN/ISSN", "ISSN", "ISBN")),
        language=fields.language(first("Language")),
        abstract=fields.abstract(first("Abstract")),
        keywords=fields.keywords(entry.lines("Keywords")),
        registrations=fields.registrations(raw),
        url=fields.plain(first("URL", "Link")),
        database=fields.database(first("Database Provider"), first("Name of Database")),
        accession=fields.plain(first("Accession Number")),
        line=entry.start,
        raw=raw,
    )
