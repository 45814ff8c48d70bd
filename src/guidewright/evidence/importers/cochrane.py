"""The Cochrane Library's text format: ``Record #1 of 20``, then fields such as ``TI: ...``, one ``AU`` per author."""

from __future__ import annotations

import re

from guidewright.evidence.found import Found
from guidewright.evidence.importers import fields
from guidewright.evidence.importers.export import Reading
from guidewright.evidence.importers.kinds_of_publication import kind_of
from guidewright.evidence.importers.names import names
from guidewright.evidence.importers.tagged import Entry, Grammar, reading

START = re.compile(r"^Record #\d+ of \d+[ \t]*$", re.MULTILINE)
#: Other exports have the same header; these fields make it the text format.
FIELDS = re.compile(r"^(?:TI|SO|AU): ", re.MULTILINE)
_LINE = re.compile(r"^([A-Z]{2,3}): ?(.*)$")
_RECORD = re.compile(r"^Record #(\d+) of \d+\s*$")


def announced(text: str) -> int:
    """Lines that begin a record."""
    return len(START.findall(text))


def read(text: str, stem: str) -> Reading:
    """Read a text of the Cochrane Library."""

    def split(line: str) -> tuple[str, str] | None:
        if found := _RECORD.match(line):
            return "#", found[1]
        return (found[1], found[2].strip()) if (found := _LINE.match(line)) else None

    grammar = Grammar(
        split=split,
        announces=lambda tag: tag == "#",
        starts=lambda tag, _entry, *, after_blank: tag == "#",
        start_name="line `Record #`",
        carries_nothing=lambda line: line.startswith(
            ("Provider:", "Content:", "Search Name:", "Date Run:", "Comment:")
        ),
    )
    return reading(text, grammar, announced(text), stem, _found)[0]


def _found(entry: Entry, identifier: str, raw: str) -> Found:
    first, several = entry.first, entry.all
    return Found(
        id=identifier,
        kind=kind_of(*(one.removeprefix("Journal:").strip() for one in several("PT"))) or "article-journal",
        title=fields.plain(first("TI")),
        authors=names(entry.lines("AU")),
        year=fields.year(*several("YR", "PY")),
        journal=fields.plain(first("SO")),
        volume=fields.plain(first("VL")),
        issue=fields.plain(first("NO")),
        pages=fields.pages(first("PG")),
        doi=fields.doi(*several("DOI")),
        pmid=fields.pmid(*(part for one in several("PM", "XR") for part in one.split(","))),
        issn=fields.issn(several("SN")),
        language=fields.language(first("LA")),
        abstract=fields.abstract(first("AB")),
        keywords=fields.keywords(entry.lines("KY", "MH", "KW")),
        registrations=fields.registrations(raw),
        url=first("US", "UR"),
        database="Cochrane Library",
        accession=fields.plain(first("ID", "AN")),
        line=entry.start,
        raw=raw,
    )
