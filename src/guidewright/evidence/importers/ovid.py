"""Ovid's tagged formats: MEDLINE, Embase, PsycINFO, BIOSIS, Journals@Ovid and others (``.cgi``, ``.txt``, ``.ovd``).

Records are numbered ``<3. >``. Tags differ between the databases, so every tag of two characters counts as one.
Journal, volume, issue and pages often stand in the source line (``SO``) only, in a form of each database.
"""

from __future__ import annotations

import re

from guidewright.evidence.bibliography import Name
from guidewright.evidence.found import Found
from guidewright.evidence.importers import fields
from guidewright.evidence.importers.export import Reading
from guidewright.evidence.importers.kinds_of_publication import kind_of
from guidewright.evidence.importers.names import names
from guidewright.evidence.importers.tagged import Entry, Grammar, reading

START = re.compile(r"^<\d{1,8}\. ?>[ \t]*$", re.MULTILINE)
FIRST = re.compile(r"^VN {1,2}- Ovid", re.MULTILINE)
_LINE = re.compile(r"^([A-Z][A-Z0-9]) {1,2}-(?: (.*)|$)")
_NUMBER = re.compile(r"^<\d{1,8}\. ?>\s*$")
#: ``Title.  [Article]`` and ``Title. [References].``
_TITLE_MARK = re.compile(
    r"(?:\s{2,}\[[A-Z][A-Za-z ,/&-]{2,60}\]|\s*\[(?:References|Article|Review|Letter|Editorial|Erratum|Comment"
    r"|Miscellaneous|Report"
    r"|Conference Abstract)\])\.?\s*$"
)
#: Journals@Ovid: ``Name August 2011;43(8):647-653``
_DATED = re.compile(
    r"^(?P<journal>.+?)\.?\s+(?:[A-Z][\w/-]*\s+)?(?:\d{1,2},?\s+)?\d{4};\s*(?P<volume>[^(:;]*)(?:\((?P<issue>[^)]*)\))?:(?P<pages>[^;]+)$"
)
#: MEDLINE, BIOSIS, Embase: ``Name. 201(2-3):327-334, November 15, 2004.`` and ``Name. 12 (3) (pp 1-9), 2018.``
_NUMBERED = re.compile(
    r"^(?P<journal>.+?)\.\s+(?:Conference:.*?\.\s+)?(?:Vol\.\s*)?(?P<volume>\d+[A-Z]?|[A-Z]?\d+)\s*(?:\((?P<issue>[^()]*(?:\([^()]*\)[^()]*)?)\))?"
    r"\s*(?:[:,]\s*(?:pp\.?\s*)?(?P<pages>[A-Za-z]?\d[\w.+-]*(?:,\s?\d+-\d+)*)|\s*\(pp\.?\s*(?P<paged>[^)]+)\)"
    r"|\s*\(no pagination\))?"
)
#: PsycINFO, a chapter: ``Editor, A [Ed]. (2012). Title. (pp. 11-31). xvii, 254 pp.``
_CHAPTER = re.compile(r"\((?:19|20)\d\d\)\.\s+(?P<journal>.+?)\.?\s*\(pp\. ?(?P<pages>[^)]+)\)")
#: Books in BIOSIS and Zoological Record: ``Editor, A. [Ed.]. Title. Publisher, 2004: 371-397.``
#: A title in brackets is a translated one and ends with its bracket; a full stop within it ends an initial.
_BOOK = re.compile(
    r"^(?:.*?\[Eds?\.?(?:itor)?s?(?:,[^\]]*)?\]\.?;?\s*)*(?P<journal>\[[^\]]{9,}\](?=[\s.]|$)|.+?(?=\.[\s:]|$))"
)
_BOOK_PAGES = re.compile(r"(?:pp?\.?\s*|:\s*)(?P<pages>\d+-\d+)(?!\d)")


def announced(text: str) -> int:
    """Lines that begin a record."""
    return len(START.findall(text)) or len(FIRST.findall(text))


def read(text: str, stem: str) -> Reading:
    """Read a text in one of Ovid's tagged formats."""
    numbered = bool(START.search(text))

    def split(line: str) -> tuple[str, str] | None:
        if _NUMBER.match(line):
            return "<>", line.strip()
        found = _LINE.match(line)
        return (found[1], (found[2] or "").strip()) if found else None

    start = "<>" if numbered else "VN"
    grammar = Grammar(
        split=split,
        announces=lambda tag: tag == start,
        starts=lambda tag, entry, *, after_blank: tag == start,
        start_name="line with its number" if numbered else "VN line",
        carries_nothing=lambda line: line.startswith(("Database:", "Search Strategy:", "----")),
    )
    return reading(text, grammar, announced(text), stem, _found)[0]


def _found(entry: Entry, identifier: str, raw: str) -> Found:
    first, several = entry.first, entry.all
    kind = _kind(entry)
    source = _source(entry, kind)
    database = fields.database(first("DB")) if first("DB") else ""
    title = _TITLE_MARK.sub("", _first_line(entry, "TI", "T1"))
    accession = first("AN", "UI").rstrip(".").rpartition(": ")[2]
    return Found(
        id=identifier,
        kind=kind or "article-journal",
        title=fields.plain(title),
        translated_title=fields.plain(_TITLE_MARK.sub("", first("OT", "TT"))),
        authors=_authors(entry),
        year=fields.year(*several("YR", "DP", "YP", "PY"), *_years_of_source(entry)),
        journal=fields.plain(source.get("journal", "")),
        volume=fields.plain(first("VO", "VI") or source.get("volume", "")),
        issue=fields.plain(first("IP") or source.get("issue", "")),
        pages=fields.pages(first("PG")) or fields.pages(source.get("pages", "")),
        publisher=fields.plain(first("PB", "PU")),
        doi=fields.doi(*several("DO", "DI"))
        or fields.doi(*(one for one in several("ID", "LI") if "doi" in one.casefold())),
        pmid=_pmid(entry, database),
        issn=fields.issn(several("IS", "IB")),
        language=fields.language(first("LG", "LA")),
        abstract=fields.abstract(first("AB")),
        keywords=fields.keywords(
            entry.lines("MH", "KW", "ID", "DE", "MC") if database != "MEDLINE" else entry.lines("MH", "KW")
        ),
        registrations=fields.registrations(raw),
        url=next(iter(several("JL", "XL", "OU")), ""),
        database=database,
        accession=fields.plain(accession),
        line=entry.start,
        raw=raw,
    )


def _first_line(entry: Entry, *tags: str) -> str:
    """The title with its double blanks, by which Journals@Ovid sets off the type of the article."""
    for tag in tags:
        for one in entry.fields:
            if one.tag == tag and one.text:
                return one.lines[0].strip() if len(one.lines) == 1 else one.text
    return ""


def _kind(entry: Entry) -> str:
    types = [one.casefold() for one in entry.all("DT", "PT", "ST")]
    if any("patent" in one for one in types):
        return "patent"
    if any("dissertation" in one for one in types):
        return "thesis"
    if any("chapter" in one for one in types) or entry.first("BT"):
        return "chapter"
    if any("conference" in one for one in types):
        return "paper-conference"
    return kind_of(*(one.rstrip(".") for one in types))


def _source(entry: Entry, kind: str) -> dict[str, str]:
    """Container, volume, issue and pages, from fields of their own or from the source line."""
    line = entry.first("SO")
    if kind == "patent":
        return {}
    if kind == "chapter":
        found = _CHAPTER.search(line) or _BOOK.match(entry.first("BT") or line)
        numbers = _BOOK_PAGES.search(line) or _BOOK_PAGES.search(entry.first("BT"))
        return {
            "journal": found["journal"] if found else entry.first("BT"),
            "pages": (found.groupdict().get("pages") if found else "") or (numbers["pages"] if numbers else ""),
        }
    matched = _DATED.match(line) or _NUMBERED.match(line)
    parts = {name: text.strip() for name, text in matched.groupdict().items() if text} if matched else {}
    parts["pages"] = parts.pop("paged", "") or parts.get("pages", "")
    parts["journal"] = entry.first("JN", "JT", "JA", "TA") or parts.get("journal", "") or line.partition(".")[0]
    if kind == "thesis":
        parts["journal"] = ""
    return parts


def _years_of_source(entry: Entry) -> list[str]:
    return [one for line in entry.all("SO") for one in re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", line)[-1:]]


def _authors(entry: Entry) -> tuple[Name, ...]:
    found = names(re.sub(r"(?:\s+\d[\d,]*)?(?:,?[+*])*\s*$", "", line) for line in entry.lines("AU"))
    return tuple(name.model_copy(update={"given": name.given.rstrip()}) if name.given else name for name in found)


def _pmid(entry: Entry, database: str) -> str:
    if database == "MEDLINE":
        return fields.pmid(*entry.all("UI", "AN"))
    return fields.pmid(*entry.all("PM", "MI"))
