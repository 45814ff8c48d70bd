"""Refer, which EndNote writes as ``.enw`` and CNKI, Wanfang and VIP call "EndNote": a percent sign and one character.

A record begins with ``%0``; older files have none and divide records by blank lines. VIP puts a colon after ``%+``.
"""

from __future__ import annotations

import re

from guidewright.evidence.found import Found
from guidewright.evidence.importers import fields
from guidewright.evidence.importers.export import Reading
from guidewright.evidence.importers.kinds_of_publication import kind_of
from guidewright.evidence.importers.names import names
from guidewright.evidence.importers.tagged import Entry, Grammar, reading

START = re.compile(r"^%0(?=[ \t]|$)", re.MULTILINE)
ANY = re.compile(r"^%[0A-Z](?=[ \t])", re.MULTILINE)
_LINE = re.compile(r"^%([0-9A-Z@+!~#$&*^<>=?\[\](){}\"'.,:;|\\/-])(?::|(?=[ \t])|$)[ \t]*(.*)$")
#: Fields that a record has once; a second one after a blank line belongs to the next record.
_ONCE = frozenset("0TDVNX")


def announced(text: str) -> int:
    """Lines that begin a record; where a file has none, titles."""
    return len(START.findall(text)) or len(re.findall(r"^%T(?=[ \t])", text, re.MULTILINE))


def read(text: str, stem: str) -> Reading:
    """Read a text in Refer's format."""
    start = "0" if START.search(text) else "T"

    def starts(tag: str, entry: Entry | None, *, after_blank: bool) -> bool:
        if entry is None:
            return True
        if tag == "0":
            return entry.has("0") or (after_blank and entry.has("T"))
        if after_blank:
            return (tag in _ONCE and entry.has(tag)) or (tag in "TAJBDEI" and entry.has("T") and len(entry.fields) > 2)
        return tag == start and entry.has(tag)

    grammar = Grammar(
        split=lambda line: (found[1], found[2].strip()) if (found := _LINE.match(line)) else None,
        announces=lambda tag: tag == start,
        starts=starts,
        start_name=f"%{start} line",
    )
    return reading(text, grammar, announced(text), stem, _found)[0]


def _found(entry: Entry, identifier: str, raw: str) -> Found:
    first, several = entry.first, entry.all
    kind = _kind(entry)
    number = fields.doi(first("R")) or fields.doi(*(one for one in several("M", "1", "2") if "10." in one))
    volume = "" if kind in {"standard", "legislation", "patent"} else first("V")
    return Found(
        id=identifier,
        kind=kind,
        title=fields.plain(first("T", "!")),
        translated_title=fields.plain(first("Q")),
        authors=names(entry.lines("A")),
        year=fields.year(*several("D", "8")),
        journal=fields.plain(
            "" if kind in {"book", "thesis"} else first("J", "B") if kind != "chapter" else first("B", "J")
        ),
        volume=fields.plain(volume),
        issue=fields.plain(first("N")),
        pages=_pages(several("P")),
        publisher=fields.plain(first("I")),
        doi=number or fields.doi_of_addresses(several("U", "R")),
        pmid=fields.pmid(*(one for one in several("U", "Z", "M") if re.search("(?i)pubmed|pmid", one))),
        issn=fields.issn(several("@")),
        language=fields.language(first("G")),
        abstract=fields.abstract(first("X")),
        keywords=fields.keywords(entry.lines("K")),
        registrations=fields.registrations(raw),
        url=first("U"),
        database=fields.database(first("W")) or fields.known_database(first("~"), first("U")),
        accession=fields.plain(first("M")) if not re.match(r"10\.", first("M")) else "",
        line=entry.start,
        raw=raw,
    )


def _kind(entry: Entry) -> str:
    if (
        kind := kind_of(entry.first("~") if entry.first("~") in {"年鉴", "科技成果"} else "", entry.first("0"))
    ) and kind != "document":
        return "standard" if kind == "legislation" and "标准" in entry.first("~") else kind
    if entry.has("J") or (entry.has("V") and entry.has("N")):
        return "article-journal"
    return "document" if entry.first("0") else "book" if entry.has("I") else "chapter" if entry.has("B") else ""


def _pages(values: list[str]) -> str:
    """CNKI gives the number of pages of a conference paper before its pages."""
    ranges = [one for one in values if re.search(r"\d\s*[-–—~+]\s*\w*\d", one)]
    return fields.pages(next(iter(ranges or values), ""))
