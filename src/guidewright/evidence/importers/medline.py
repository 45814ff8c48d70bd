"""MEDLINE's format (``.nbib``, ``.txt``) as PubMed and ERIC write it: four characters, a hyphen, a blank.

A record begins with ``PMID-`` at PubMed and with ``OWN -`` at ERIC. ``FAU`` is the full form of the ``AU`` that
follows it; ``CN`` is a group among the authors.
"""

from __future__ import annotations

import re

from guidewright.evidence.bibliography import Name
from guidewright.evidence.found import Found
from guidewright.evidence.importers import fields
from guidewright.evidence.importers.export import Reading
from guidewright.evidence.importers.names import name_of, names
from guidewright.evidence.importers.tagged import Entry, Grammar, reading

_PMID = re.compile(r"^PMID ?-(?: |$)", re.MULTILINE)
_OWN = re.compile(r"^OWN {0,2}-(?: |$)", re.MULTILINE)
START = re.compile(r"^(?:PMID ?-|OWN {0,2}-)(?: |$)", re.MULTILINE)
_LINE = re.compile(r"^([A-Z]{2,4}) {0,2}-(?: (.*)|$)")

#: Elements of MEDLINE/PubMed data, from NLM's field descriptions, and those of ERIC.
_KNOWN = frozenset(
    [
        "AB",
        "AD",
        "AID",
        "AU",
        "AUID",
        "BTI",
        "CDAT",
        "CI",
        "CIN",
        "CN",
        "COI",
        "COIS",
        "CON",
        "CP",
        "CRDT",
        "CRF",
        "CRI",
        "CTDT",
        "CTI",
        "DA",
        "DCOM",
        "DDIN",
        "DDPD",
        "DEP",
        "DP",
        "DRDT",
        "DRIN",
        "ECF",
        "ECI",
        "ED",
        "EDAT",
        "EFR",
        "EIN",
        "EN",
        "FAU",
        "FED",
        "FIR",
        "FPS",
        "GN",
        "GR",
        "GS",
        "IP",
        "IR",
        "IRAD",
        "IS",
        "ISBN",
        "ISSN",
        "JID",
        "JT",
        "LA",
        "LID",
        "LR",
        "MH",
        "MHDA",
        "MID",
        "MMI",
        "NM",
        "OAB",
        "OABL",
        "OCI",
        "OID",
        "ORI",
        "OT",
        "OTO",
        "OWN",
        "PB",
        "PG",
        "PHST",
        "PL",
        "PMC",
        "PMCR",
        "PMID",
        "PRIN",
        "PROF",
        "PS",
        "PST",
        "PT",
        "PUBM",
        "RF",
        "RIN",
        "RN",
        "ROF",
        "RPF",
        "RPI",
        "RRF",
        "RRI",
        "SB",
        "SFM",
        "SI",
        "SO",
        "SPIN",
        "STAT",
        "TA",
        "TI",
        "TT",
        "UIN",
        "UOF",
        "VI",
        "VTI",
    ]
)
_KINDS = (
    ("journal article", "article-journal"),
    ("book chapter", "chapter"),
    ("book", "book"),
    ("dissertation", "thesis"),
    ("preprint", "article"),
    ("journal articles", "article-journal"),
    ("speeches/meeting papers", "paper-conference"),
    ("reports", "report"),
    ("letter", "article-journal"),
    ("editorial", "article-journal"),
    ("comment", "article-journal"),
)


def announced(text: str) -> int:
    """Lines that begin a record."""
    return len(_PMID.findall(text)) or len(_OWN.findall(text))


def read(text: str, stem: str) -> Reading:
    """Read a text in MEDLINE's format."""
    start = "PMID" if _PMID.search(text) else "OWN"

    def starts(tag: str, entry: Entry | None, *, after_blank: bool) -> bool:
        if tag == "PMID":
            return entry is None or entry.has("PMID") or not {one.tag for one in entry.fields} <= {"OWN", "STAT"}
        return tag == "OWN" and entry is not None and (entry.has("OWN") or after_blank)

    grammar = Grammar(
        split=lambda line: (found[1], (found[2] or "").strip()) if (found := _LINE.match(line)) else None,
        announces=lambda tag: tag == start,
        starts=starts,
        start_name=f"{start} line",
        known=_KNOWN.__contains__,
        continues=lambda line: line.startswith("  "),
    )
    return reading(text, grammar, announced(text), stem, _found)[0]


def _found(entry: Entry, identifier: str, raw: str) -> Found:
    first, several = entry.first, entry.all
    pmid = fields.pmid(first("PMID"))
    eric = first("OWN").upper() == "ERIC"
    return Found(
        id=identifier,
        kind=_kind(several("PT")) or ("article-journal" if pmid else ""),
        title=fields.plain(first("TI", "BTI", "CTI", "VTI")),
        translated_title=fields.plain(first("TT")),
        authors=_authors(entry),
        year=fields.year(first("DP"), first("DEP"), first("SO")),
        journal=fields.plain(first("JT", "TA", "BTI" if first("TI", "CTI") else "JT")),
        volume=fields.plain(first("VI")),
        issue=fields.plain(first("IP")),
        pages=fields.pages(first("PG")) or _article_number(entry),
        publisher=fields.plain(first("PB")),
        doi=_doi(entry),
        pmid=pmid,
        issn=fields.issn(several("IS", "ISSN", "ISBN")),
        language=fields.language(first("LA")),
        abstract=fields.abstract(first("AB", "OAB")),
        keywords=fields.keywords([*several("MH"), *several("OT")]),
        registrations=fields.registrations(raw),
        url=next((one for one in several("LID", "AID", "PST") if one.startswith("http")), ""),
        database="ERIC" if eric else "PubMed" if pmid else "",
        accession=fields.plain(first("OID")) if eric else pmid,
        line=entry.start,
        raw=raw,
    )


def _kind(types: list[str]) -> str:
    lower = [one.casefold() for one in types]
    return next((kind for name, kind in _KINDS if any(one == name or one.startswith(name + " -") for one in lower)), "")


def _authors(entry: Entry) -> tuple[Name, ...]:
    """Authors and groups in their order; the short form counts only where the full one is missing."""
    found: list[Name] = []
    full = False
    for one in entry.fields:
        if one.tag in {"FAU", "CN"}:
            found += names([one.text])
        elif one.tag == "AU" and not full and (name := name_of(one.text)) is not None:
            found.append(name)
        full = one.tag == "FAU" or (full and one.tag != "AU")
    return tuple(found)


def _doi(entry: Entry) -> str:
    stated = [one for one in entry.all("LID", "AID") if "[doi]" in one.casefold() or "doi.org/10." in one.casefold()]
    found = fields.doi(*stated)
    if found or not entry.first("SO"):
        return found
    named = re.search(r"(?i)\bdoi: ?(10\.\S+)", entry.first("SO"))
    return fields.doi(named[1]) if named else ""


def _article_number(entry: Entry) -> str:
    """An article number where there are no pages; the publisher's own identifier is no page."""
    for one in entry.all("LID"):
        if one.endswith("[pii]") and re.fullmatch(r"[eE]?\d{1,8}", number := one.removesuffix("[pii]").strip()):
            return number
    return ""
