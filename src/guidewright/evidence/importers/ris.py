"""RIS, in the dialects of Scopus, Web of Science, Embase, Ovid, Cochrane, Lens, Rayyan and reference managers.

The tag is two characters, two blanks, a hyphen and a blank. Met in practice, and read: one blank or none before the
hyphen, a dash in its place, indented lines, ``ER`` or ``TY`` missing, Ovid's numbering between records and its tags
after ``ER``, headers (``Provider:``, ``Record #1 of 2``), values that go on over lines without a tag.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from guidewright.evidence.found import Found
from guidewright.evidence.importers import fields
from guidewright.evidence.importers.export import Reading
from guidewright.evidence.importers.kinds_of_publication import RIS, kind_of
from guidewright.evidence.importers.names import names
from guidewright.evidence.importers.tagged import Entry, Grammar, reading

START = re.compile(r"^[ \t\xa0]{0,8}TY[ \t\xa0]{0,3}[-–—](?=[ \t\xa0]|[A-Za-z]|$)", re.MULTILINE)
_STRICT = re.compile(r"^[ \t\xa0]{0,8}([A-Z][A-Z0-9]) {2}[-–—](?: ?(.*))$")
_LOOSE = re.compile(r"^[ \t\xa0]{0,8}([A-Z][A-Z0-9])[ \t\xa0]{0,3}[-–—](?:[ \t\xa0](.*)|$)")
_EDGE = re.compile(r"^[ \t\xa0]{0,8}(TY|ER)[ \t\xa0]{0,3}[-–—][ \t\xa0]*([A-Za-z ]*?)\s*$")
_LONGER = re.compile(r"^(DOI|PMID|ISSN)\s{0,2}[-–—]\s(.*)$")
_ALIAS = {"DOI": "DO", "PMID": "PM", "ISSN": "SN"}

#: Tags of the RIS specification (2001, 2011), of EndNote's writer, and of the databases named above.
_KNOWN = frozenset(
    [
        "TY",
        "ER",
        "A1",
        "A2",
        "A3",
        "A4",
        "A5",
        "AB",
        "AD",
        "AF",
        "AI",
        "AN",
        "AR",
        "AU",
        "AV",
        "BP",
        "BT",
        "C1",
        "C2",
        "C3",
        "C4",
        "C5",
        "C6",
        "C7",
        "C8",
        "CA",
        "CC",
        "CL",
        "CN",
        "CP",
        "CR",
        "CT",
        "CY",
        "DA",
        "DB",
        "DE",
        "DI",
        "DO",
        "DP",
        "DS",
        "DT",
        "EA",
        "ED",
        "EI",
        "EM",
        "EP",
        "ET",
        "FD",
        "FN",
        "FS",
        "FT",
        "FU",
        "FX",
        "GA",
        "H1",
        "H2",
        "HP",
        "ID",
        "IP",
        "IS",
        "J1",
        "J2",
        "J9",
        "JA",
        "JF",
        "JI",
        "JN",
        "JO",
        "JT",
        "K1",
        "KW",
        "L1",
        "L2",
        "L3",
        "L4",
        "LA",
        "LB",
        "LG",
        "LK",
        "LL",
        "M1",
        "M2",
        "M3",
        "MH",
        "N1",
        "N2",
        "NL",
        "NO",
        "NR",
        "NV",
        "OA",
        "OI",
        "OP",
        "OR",
        "OS",
        "PA",
        "PB",
        "PC",
        "PG",
        "PI",
        "PM",
        "PP",
        "PT",
        "PU",
        "PY",
        "RD",
        "RI",
        "RN",
        "RP",
        "RT",
        "SC",
        "SE",
        "SF",
        "SI",
        "SL",
        "SN",
        "SO",
        "SP",
        "SR",
        "ST",
        "SU",
        "SV",
        "T1",
        "T2",
        "T3",
        "TA",
        "TC",
        "TI",
        "TN",
        "TS",
        "TT",
        "U1",
        "U2",
        "U3",
        "U4",
        "U5",
        "UI",
        "UK",
        "UL",
        "UR",
        "UT",
        "VL",
        "VO",
        "VR",
        "WC",
        "WE",
        "WP",
        "WT",
        "XR",
        "Y1",
        "Y2",
        "Y3",
        "YR",
        "Z9",
    ]
)
_HEADERS = re.compile(
    r"^\s*(?:\d{1,7}\.|Record #\d+ of \d+|Provider: .*|Content: ?text/plain.*|Database: .*|Scopus|EXPORT DATE:.*"
    r"|Link to the (?:Ovid|External).*"
    r"|%?\s*RefMan.*|-{3,}|={3,}|_{3,})\s*$"
)
#: Fields whose text may itself hold lines that look like loosely written tags.
_PROSE = frozenset({"AB", "N2", "N1", "AD", "C1", "KW", "U1"})


def announced(text: str) -> int:
    """Lines that begin a record."""
    return len(START.findall(text))


def read(text: str, stem: str) -> Reading:
    """Read a RIS text."""
    grammar = Grammar(
        split=_splitter(text),
        announces=lambda tag: tag == "TY",
        starts=lambda tag, _entry, *, after_blank: tag == "TY",
        ends=lambda tag: tag == "ER",
        start_name="TY line",
        known=_KNOWN.__contains__,
        carries_nothing=lambda line: bool(_HEADERS.match(line)),
        trails=lambda tag: tag in {"NL", "XR", "ID"},
    )
    return reading(text, grammar, announced(text), stem, _found)[0]


def _splitter(text: str) -> Callable[[str], tuple[str, str] | None]:
    """How this file writes tags: as the specification says, or more loosely if its first start line does."""
    first = START.search(text)
    loose = first is None or not re.match(r"[ \t\xa0]*TY {2}-", first[0])
    pattern = _LOOSE if loose else _STRICT

    def split(line: str) -> tuple[str, str] | None:
        found = pattern.match(line) or _EDGE.match(line)
        if found is None:
            found = _LONGER.match(line)
            return (_ALIAS[found[1]], found[2]) if found else None
        if loose and found[1] not in _KNOWN:
            return None
        return found[1], (found[2] or "").strip()

    return split


def _found(entry: Entry, identifier: str, raw: str) -> Found:
    first, several = entry.first, entry.all
    kind = RIS.get(first("TY").upper()) or kind_of(first("TY"))
    if kind == "document":
        kind = kind_of(first("M3")) or kind
    if kind == "book" and first("TY").upper() == "CONF":
        kind = "paper-conference"
    title = first("T1", "TI", "CT")
    container = _container(entry, kind)
    database = _database(entry, raw)
    return Found(
        id=identifier,
        kind=kind,
        title=fields.plain(title or (first("BT", "T2", "ST") if kind in {"book", ""} else first("ST"))),
        translated_title=fields.plain(first("TT", "OR")),
        authors=names(entry.lines("AU", "A1")),
        year=fields.year(
            *several("PY", "Y1", "YR", "DA", "Y2") if kind != "webpage" else several("PY", "Y1", "YR", "DA")
        ),
        journal=fields.plain(container),
        volume=fields.plain(first("VL", "VO")),
        issue=fields.plain(
            first("IS", "IP")
            or (first("M1") if re.fullmatch(r"[\w() -]{1,12}", first("M1")) and kind == "article-journal" else "")
        ),
        pages=_pages(entry),
        publisher=fields.plain(first("PB", "PU")),
        doi=fields.doi(*several("DO", "DI"))
        or fields.doi(*_doi_notes(entry))
        or fields.doi_of_addresses(several("L3", "UR", "L2", "M3", "LK", "L1", "ID", "AN")),
        pmid=_pmid(entry, database),
        issn=fields.issn(several("SN")),
        language=fields.language(first("LA", "LG")),
        abstract=fields.abstract(first("AB", "N2")),
        keywords=fields.keywords(entry.lines("KW", "K1", "DE")),
        registrations=fields.registrations(raw),
        url=first("UR", "LK", "L2").split("; ")[0],
        database=database,
        accession=_accession(entry),
        line=entry.start,
        raw=raw,
    )


def _container(entry: Entry, kind: str) -> str:
    """The journal by its full name; for a chapter or paper its book. ``T2`` of a book is the series it stands in."""
    if kind == "book":
        return ""
    proceedings = entry.first("C3")  # of a conference; elsewhere, and with a DOI, it is something else
    if kind == "paper-conference" and re.search(r"[^\W\d_]{3}", proceedings) and "doi" not in proceedings.lower():
        return proceedings
    if kind in {"chapter", "paper-conference"}:
        return entry.first("T2", "BT", "JF", "T3", "J2")
    return entry.first("JF", "T2", "JT", "JN", "JO", "J2", "JA", "J1", "JI", "J9", "SO", "BT")


def _pages(entry: Entry) -> str:
    found = fields.pages(entry.first("SP", "BP", "PG"), entry.first("EP"))
    return found or fields.pages(entry.first("C7", "AR"))


def _doi_notes(entry: Entry) -> Sequence[str]:
    return [line for line in entry.lines("N1", "M1", "M3", "U1", "C3") if re.search(r"(?i)\bdoi\b", line)]


def _pmid(entry: Entry, database: str) -> str:
    if database in {"PubMed", "MEDLINE"} or entry.first("DP").upper() == "NLM":
        found = fields.pmid(*entry.all("AN", "ID", "UI"))
    else:
        found = ""
    named = [
        line
        for line in entry.lines("PM", "N1", "C3", "U1", "UR", "L2", "ID", "AN")
        if re.search("(?i)pubmed|pmid", line)
    ]
    scopus = entry.all("C2") if database == "Scopus" else ()
    return found or fields.pmid(*entry.all("PM")) or fields.pmid(*named) or fields.pmid(*scopus)


def _accession(entry: Entry) -> str:
    found = entry.first("AN", "UT", "U2", "UI")
    if not found and (scopus := re.search(r"[?&]eid=(2-s2\.0-\d+)", entry.first("UR"))):
        return scopus[1]
    return fields.plain(found or next((one for one in entry.all("ID") if re.search(r"\d{4}", one)), ""))


def _database(entry: Entry, raw: str) -> str:
    """The database by its field, or by what only one database writes."""
    if entry.first("DP").upper() == "NLM":
        return "PubMed"
    if stated := entry.first("DB", "DP"):
        return fields.database(stated)
    if entry.first("AN", "UT").startswith("WOS:"):
        return "Web of Science"
    if entry.first("U2").startswith("L") and "embase.com" in raw:
        return "Embase"
    if re.match(r"CN-\d{8}", entry.first("AN", "ID")):
        return "Cochrane Library"
    if "lens.org/" in entry.first("UR"):
        return "Lens"
    if re.search(r"ovidweb\.cgi\?[^\n]*[&?]D=psyc", raw):
        return "PsycINFO"
    return ""
