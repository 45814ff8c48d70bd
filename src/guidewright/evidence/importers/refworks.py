"""RefWorks' tagged format, as RefWorks itself, CNKI, Wanfang and VIP write it: two characters, a blank; ``RT`` begins.

CNKI leaves out the blank (``A1林行众``) and writes ``vo 49`` small; VIP writes ``RT Journal`` and authors after the
abstract. Lines go on without any mark, so only known tags count as tags.
"""

from __future__ import annotations

import re

from guidewright.evidence.found import Found
from guidewright.evidence.importers import fields
from guidewright.evidence.importers.export import Reading
from guidewright.evidence.importers.kinds_of_publication import kind_of
from guidewright.evidence.importers.names import names
from guidewright.evidence.importers.tagged import Entry, Grammar, reading

START = re.compile(r"^RT(?= ?[A-Z\u4e00-\u9fff]|[ \t]|$)", re.MULTILINE)
_TAGS = [
    "RT",
    "SR",
    "ID",
    "A1",
    "T1",
    "JF",
    "JO",
    "YR",
    "FD",
    "VO",
    "IS",
    "SP",
    "OP",
    "K1",
    "AB",
    "NO",
    "A2",
    "T2",
    "ED",
    "PB",
    "PP",
    "A3",
    "A4",
    "A5",
    "A6",
    "T3",
    "SN",
    "AV",
    "AD",
    "AN",
    "LA",
    "CL",
    "SF",
    "OT",
    "LK",
    "DO",
    "CN",
    "DB",
    "DS",
    "IP",
    "RD",
    "U1",
    "U2",
    "U3",
    "U4",
    "U5",
    "UL",
    "SL",
    "LL",
    "CR",
    "WT",
    "WV",
    "WP",
    "OL",
    "PM",
    "PMID",
    "CD",
    "C1",
    "CS",
    "T4",
    "TA",
    "LG",
    "DI",
    "UR",
    "URL",
]
_ALL = "|".join(sorted(_TAGS, key=len, reverse=True))
#: A tag, then a blank or (of CNKI) at once a Chinese character.
_LINE = re.compile(rf"^({_ALL})(?:[ \t]+(.*)|(?=[\u3400-\u9fff《“【])(.*)|[ \t]*$)")
_SMALL = re.compile(r"^(vo|is) (\d.*)$")


def announced(text: str) -> int:
    """Lines that begin a record."""
    return len(START.findall(text))


def read(text: str, stem: str) -> Reading:
    """Read a text in RefWorks' tagged format."""

    def split(line: str) -> tuple[str, str] | None:
        if found := _LINE.match(line):
            return found[1], (found[2] or found[3] or "").strip()
        if START.match(line):
            return "RT", line[2:].strip()
        small = _SMALL.match(line)
        return (small[1].upper(), small[2].strip()) if small else None

    grammar = Grammar(
        split=split,
        announces=lambda tag: tag == "RT",
        starts=lambda tag, _entry, *, after_blank: tag == "RT",
        start_name="RT line",
    )
    return reading(text, grammar, announced(text), stem, _found)[0]


def _found(entry: Entry, identifier: str, raw: str) -> Found:
    first, several = entry.first, entry.all
    kind = kind_of(first("RT"))
    address = first("LK", "UL", "URL", "UR")
    return Found(
        id=identifier,
        kind=kind,
        title=fields.plain(first("T1")),
        translated_title=fields.plain(first("OT", "T4")),
        authors=names(entry.lines("A1")),
        year=fields.year(*several("YR", "FD", "RD")),
        journal=fields.plain(first("T2", "JF") if kind in {"chapter", "paper-conference"} else first("JF", "JO")),
        volume=fields.plain(first("VO")),
        issue=fields.plain(first("IS")),
        pages=_pages(entry),
        publisher=fields.plain(first("PB")),
        doi=fields.doi(*several("DO", "DI")) or fields.doi_of_addresses(several("LK", "UL")),
        pmid=fields.pmid(*several("PM", "PMID")),
        issn=fields.issn(several("SN")),
        language=fields.language(first("LA", "LG", "OL").partition("(")[0]),
        abstract=fields.abstract(first("AB")),
        keywords=fields.keywords(entry.lines("K1")),
        registrations=fields.registrations(raw),
        url=fields.plain(address),
        database=fields.known_database(first("DS"), first("DB"), address) or fields.plain(first("DS")),
        accession=fields.plain(first("AN")),
        line=entry.start,
        raw=raw,
    )


def _pages(entry: Entry) -> str:
    """First page in ``SP`` and last in ``OP``; the Chinese databases give the range in ``OP``."""
    start, end = entry.first("SP"), entry.first("OP")
    return fields.pages(start, end) if start else fields.pages(end)
