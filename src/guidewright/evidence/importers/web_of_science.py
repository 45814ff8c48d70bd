"""Web of Science's tagged format (``savedrecs.txt``): two characters, a blank; ``PT`` begins and ``ER`` ends a record.

Lines go on with three blanks, in some exports without any. ``AU`` and ``AF`` hold one author on each line.
"""

from __future__ import annotations

import re

from guidewright.evidence.found import Found
from guidewright.evidence.importers import fields
from guidewright.evidence.importers.export import Reading
from guidewright.evidence.importers.kinds_of_publication import WEB_OF_SCIENCE, kind_of
from guidewright.evidence.importers.names import names
from guidewright.evidence.importers.tagged import Entry, Grammar, reading

START = re.compile(r"^PT [A-Z]\b", re.MULTILINE)
_LINE = re.compile(r"^([A-Z][A-Z0-9])(?: (.*)|$)")
_HEADERS = re.compile(r"^\ufeff?(?:FN |VR |EF\s*$)")

#: Field tags of the Web of Science Core Collection and of the other databases of its platform.
KNOWN = frozenset(
    [
        "AA",
        "AB",
        "AE",
        "AF",
        "AR",
        "AS",
        "AU",
        "BA",
        "BD",
        "BE",
        "BF",
        "BN",
        "BP",
        "BS",
        "C1",
        "C3",
        "CA",
        "CC",
        "CL",
        "CN",
        "CP",
        "CR",
        "CT",
        "CY",
        "D2",
        "DA",
        "DE",
        "DG",
        "DI",
        "DN",
        "DS",
        "DT",
        "EA",
        "EC",
        "ED",
        "EF",
        "EI",
        "EM",
        "EP",
        "ER",
        "FN",
        "FP",
        "FS",
        "FU",
        "FX",
        "GA",
        "GD",
        "GE",
        "GI",
        "GP",
        "HC",
        "HO",
        "HP",
        "ID",
        "IO",
        "IP",
        "IS",
        "IT",
        "J9",
        "JI",
        "LA",
        "LT",
        "MA",
        "MC",
        "MI",
        "MQ",
        "MR",
        "NM",
        "NO",
        "NP",
        "NR",
        "NT",
        "OA",
        "OI",
        "OR",
        "P1",
        "P2",
        "PA",
        "PC",
        "PD",
        "PE",
        "PG",
        "PI",
        "PL",
        "PM",
        "PN",
        "PR",
        "PS",
        "PT",
        "PU",
        "PV",
        "PY",
        "RC",
        "RI",
        "RID",
        "RP",
        "SA",
        "SC",
        "SD",
        "SE",
        "SF",
        "SI",
        "SN",
        "SO",
        "SP",
        "SS",
        "ST",
        "SU",
        "SV",
        "TA",
        "TC",
        "TI",
        "TM",
        "TN",
        "TS",
        "U1",
        "U2",
        "UR",
        "UT",
        "VL",
        "VR",
        "WC",
        "WE",
        "WP",
        "X1",
        "X4",
        "X5",
        "XX",
        "Y1",
        "Y4",
        "Y5",
        "YY",
        "Z1",
        "Z2",
        "Z3",
        "Z4",
        "Z8",
        "Z9",
        "ZA",
        "ZB",
        "ZR",
        "ZS",
    ]
)


def announced(text: str) -> int:
    """Lines that begin a record."""
    return len(START.findall(text))


def read(text: str, stem: str) -> Reading:
    """Read a text in Web of Science's tagged format."""

    def split(line: str) -> tuple[str, str] | None:
        found = _LINE.match(line)
        if found is None or _HEADERS.match(line):
            return None
        return found[1], (found[2] or "").strip()

    grammar = Grammar(
        split=split,
        announces=lambda tag: tag == "PT",
        starts=lambda tag, _entry, *, after_blank: tag == "PT",
        ends=lambda tag: tag == "ER",
        start_name="PT line",
        known=KNOWN.__contains__,
        carries_nothing=lambda line: bool(_HEADERS.match(line)),
    )
    return reading(text, grammar, announced(text), stem, _found)[0]


def _found(entry: Entry, identifier: str, raw: str) -> Found:
    first, several = entry.first, entry.all
    kind = kind_of(first("DT")) or WEB_OF_SCIENCE.get(first("PT")[:1], "")
    if first("PT")[:1] in {"P", "B", "S"}:
        kind = WEB_OF_SCIENCE[first("PT")[:1]]
    return Found(
        id=identifier,
        kind="chapter" if kind == "book" and "chapter" in first("DT").casefold() else kind,
        title=fields.plain(first("TI")),
        translated_title=fields.plain(first("X1", "Z1")),
        authors=names(
            re.sub(r"\s*\([^()]*@[^()]*\)$", "", line)
            for line in (entry.lines("AF") or entry.lines("AU") or entry.lines("BF", "BA", "CA"))
        ),
        year=fields.year(*several("PY", "PD", "EA", "DG")),
        journal="" if kind == "patent" else fields.plain(first("SO", "J9", "JI")),
        volume=fields.plain(first("VL")),
        issue=fields.plain(first("IS")),
        pages=fields.pages(first("BP"), first("EP")) or fields.pages(first("PS")) or fields.pages(first("AR")),
        publisher=fields.plain(first("PU")),
        doi=fields.doi(*several("DI", "D2")),
        pmid=fields.pmid(*several("PM")),
        issn=fields.issn(several("SN", "EI", "BN")),
        language=fields.language(first("LA")),
        abstract=fields.abstract(first("AB")),
        keywords=fields.keywords([*several("DE"), *several("ID")]),
        registrations=fields.registrations(raw),
        url=first("UR"),
        database=_database(first("UT")),
        accession=fields.plain(first("UT")),
        line=entry.start,
        raw=raw,
    )


def _database(accession: str) -> str:
    """The database of the platform, which begins the accession number."""
    part = accession.partition(":")[0].upper()
    names_of = {
        "MEDLINE": "MEDLINE",
        "BIOSIS": "BIOSIS",
        "BCI": "BIOSIS",
        "CSCD": "CSCD",
        "SCIELO": "SciELO",
        "KJD": "KCI",
    }
    return names_of.get(part, "Web of Science")
