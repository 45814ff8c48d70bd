"""Tables of records: CSV, TSV and semicolons as text, and rows of workbooks. Columns are guessed by their headings.

``--columns title=TI,...`` names columns otherwise; what was taken for what is part of the reading, so it can be shown
and confirmed. Lines above the headings (Dimensions, CINAHL) and a line ``sep=;`` are passed over.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from guidewright.evidence.found import Found
from guidewright.evidence.importers import fields, web_of_science
from guidewright.evidence.importers.export import Difference, OddLine, Reading, UnreadableError
from guidewright.evidence.importers.headings import FIELDS, guess, recognised
from guidewright.evidence.importers.kinds_of_publication import WEB_OF_SCIENCE, kind_of
from guidewright.evidence.importers.names import listed_parts, name_of, python_list

DELIMITERS = (",", "\t", ";", "|")
#: Headings stand among the first lines.
_TOP = 25
#: No database gives more columns.
_WIDEST = 500
#: Headings that must be known before a text counts as a table of records.
ENOUGH = 2
#: Longest cell, in characters: some databases put all references of a paper into one.
_LONGEST_CELL = 10_000_000
#: Embase: ``Endoscopic Ultrasound (2014) 3:3 (152-160).``
_EMBASE = re.compile(
    r"^(?P<journal>.+?) \((?P<year>\d{4})\)(?: (?P<volume>[\w. ]+?)?(?::(?P<issue>[^ ]+))?)?(?:"
    r" \((?P<pages>[^)]+)\))?(?:\.|$)"
)
#: PubMed: ``BMJ. 2018 May 9;361:k1551. doi: ...``
_PUBMED = re.compile(
    r"^(?P<journal>[^.]+)\. (?P<year>\d{4})[^;]*;(?P<volume>[^(:;.]*)(?:\((?P<issue>[^)]*)\))?(?::(?P<pages>[^.;]+))?"
)
#: Wanfang: ``2020,9(1)``
_WANFANG = re.compile(
    r"^(?P<year>\d{4})\s*[,，]\s*(?P<volume>[^(（]*)[(（](?P<issue>[^)）]*)[)）](?:[:：]?(?P<pages>[\d+,-]+))?"
)
#: Web of Science's tab-delimited files name columns by its field tags.
_TAGGED = {
    "TI": "title",
    "AF": "authors",
    "AU": "authors",
    "PY": "year",
    "SO": "journal",
    "VL": "volume",
    "IS": "issue",
    "BP": "start_page",
    "EP": "end_page",
    "AR": "article_number",
    "PU": "publisher",
    "DI": "doi",
    "PM": "pmid",
    "SN": "issn",
    "LA": "language",
    "AB": "abstract",
    "DE": "keywords",
    "UT": "accession",
    "DT": "kind",
    "PT": "kind",
}
#: The fuller of two columns counts.
_BETTER = {"AU": "AF", "PT": "DT"}

Rows = Sequence[tuple[int, Sequence[str]]]


def delimiter_of(text: str) -> str | None:
    """The delimiter with which the text has the most known headings; none where it is no table of records."""
    best = max(DELIMITERS, key=lambda delimiter: _known(rows_of(text, delimiter, limit=_TOP)))
    return best if _known(rows_of(text, best, limit=_TOP)) >= ENOUGH else None


def _known(rows: Rows) -> int:
    return max((_recognised(cells) for _, cells in rows), default=0)


def _recognised(cells: Sequence[str]) -> int:
    if {"PT", "AU", "TI"} <= set(cells):
        return len(set(cells) & _TAGGED.keys())
    return recognised(cells) if 1 < len(cells) <= _WIDEST and all(len(cell) < 80 for cell in cells) else 0


def rows_of(text: str, delimiter: str, *, limit: int | None = None) -> Rows:
    """Rows with the line on which each begins; a quote that is never closed ends with the file."""
    source = text if limit is None else "\n".join(text.split("\n", 4 * limit)[: 4 * limit])
    reader = csv.reader(io.StringIO(source, newline=""), delimiter=delimiter)
    before = csv.field_size_limit(_LONGEST_CELL)  # a setting of the whole program
    try:
        return list(islice(_numbered(reader), limit))
    finally:
        csv.field_size_limit(before)


def _numbered(reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, cells
            line = reader.line_num + 1  # type: ignore[attr-defined]
    except csv.Error as error:
        rule = f"has a row that cannot be read as a table ({error})"
        raise UnreadableError(rule, "mend the row, or export the records again", line) from None


def read_delimited(text: str, stem: str, columns: Mapping[str, str]) -> Reading:
    """Read a delimited text."""
    delimiter = delimiter_of(text) or max(DELIMITERS, key=text.split("\n", 1)[0].count)
    lines = text.split("\n")
    rows = rows_of(text, delimiter)
    ends = [line for line, _ in rows[1:]] + [len(lines) + 1]
    raws = {line: "\n".join(lines[line - 1 : end - 1]).rstrip("\n") for (line, _), end in zip(rows, ends, strict=True)}
    reading = read_rows(rows, stem, columns, raws)
    return replace(reading, odd=(*reading.odd, *_unclosed(rows, raws)))


def _unclosed(rows: Rows, raws: Mapping[int, str]) -> Iterator[OddLine]:
    """The last row, if a quote in it never closes: then all lines below it became one cell."""
    if rows and raws[rows[-1][0]].count('"') % 2 and (below := raws[rows[-1][0]].count("\n")):
        why = f"a quote opens in this row and never closes; the {below} lines below it were read as part of one cell"
        yield OddLine(rows[-1][0], raws[rows[-1][0]].partition("\n")[0], why)


def read_rows(rows: Rows, stem: str, columns: Mapping[str, str], raws: Mapping[int, str] | None = None) -> Reading:
    """Read rows, of which one holds the headings.

    Raises :class:`UnreadableError` where ``columns`` names a field or heading that is not there.
    """
    top = rows[:_TOP]
    at = max(range(len(top)), key=lambda number: (_recognised(top[number][1]), -number), default=None)
    if at is None:
        raise UnreadableError("has no rows", "export the records again")
    if columns:
        wanted = {heading.strip().casefold() for heading in columns.values()}
        at = max(
            range(len(top)),
            key=lambda number: (len(wanted & {cell.strip().casefold() for cell in top[number][1]}), -number),
        )
    headings = tuple(" ".join(cell.split()).strip("\ufeff") for cell in rows[at][1])
    places = _places(headings, columns)
    odd = [
        OddLine(line, " | ".join(filter(None, cells))[:200], "stands above the headings")
        for line, cells in rows[:at]
        if not _is_preface(cells)
    ]
    named = {field: headings[place] for field, place in places.items()}
    body = rows[at + 1 :]
    if not {"title", "doi", "pmid"} & places.keys():
        why = f"{len(body)} rows, but no column of titles: not a table of records (or name it: --columns title=HEADING)"
        differences = (Difference(rows[at][0], -len(body), why),) if body else ()
        return Reading(len(body), (), tuple(odd), differences, named, headings)
    records: list[Found] = []
    missed: list[Difference] = []
    for line, cells in body:
        if len(cells) > len(headings) and any(cell.strip() for cell in cells[len(headings) :]):
            odd.append(
                OddLine(
                    line,
                    " | ".join(cells)[:200],
                    f"has {len(cells)} cells, more than the {len(headings)} headings; the last were not read",
                )
            )
        record = _found(
            _Row(cells, places), f"{stem}/{len(records) + 1}", line, raws[line] if raws else "\t".join(cells)
        )
        if record.title or record.doi or record.pmid or record.abstract or record.authors:
            records.append(record)
        else:
            missed.append(Difference(line, -1, "a row without title, authors, abstract or number"))
    return Reading(len(body), tuple(records), tuple(odd), tuple(missed), named, headings)


def _is_preface(cells: Sequence[str]) -> bool:
    first = next((cell for cell in cells if cell.strip()), "")
    return bool(
        re.match(r"(?i)sep=.?$|about the data|export date|scopus|search (?:strategy|date)|copyright", first.strip())
    )


def _places(headings: Sequence[str], columns: Mapping[str, str]) -> dict[str, int]:
    if {"PT", "AU", "TI"} <= set(headings) and set(headings) & web_of_science.KNOWN:
        places = {
            _TAGGED[name]: at
            for at, name in enumerate(headings)
            if name in _TAGGED and _BETTER.get(name) not in headings
        }
    else:
        places = guess(headings)
    for field, heading in columns.items():
        if field not in FIELDS:
            raise UnreadableError(f"there is no field `{field}`", f"fields are: {', '.join(FIELDS)}")
        same = [at for at, one in enumerate(headings) if one.casefold() == heading.strip().casefold()]
        if not same:
            raise UnreadableError(
                f"there is no column `{heading}`", f"headings of this table: {', '.join(filter(None, headings))}"
            )
        places = {name: at for name, at in places.items() if at != same[0]} | {field: same[0]}
    return places


class _Row:
    """The cells of one row by field."""

    def __init__(self, cells: Sequence[str], places: Mapping[str, int]) -> None:
        self.cells = cells
        self.places = places

    def get(self, field: str) -> str:
        place = self.places.get(field, len(self.cells))
        text = self.cells[place].strip() if place < len(self.cells) else ""
        return "" if text.casefold() in {"nan", "none", "n/a", "null"} else text


def _found(row: _Row, identifier: str, line: int, raw: str) -> Found:
    source = _source(row.get("source_line"))

    def text(field: str) -> str:
        return fields.plain(row.get(field)) or source.get(field, "")

    address = row.get("url").split(" ")[0].strip("'[]\",")
    accession = text("accession")
    kind = (
        WEB_OF_SCIENCE.get(text("kind"))
        or kind_of(text("kind"))
        or ("document" if re.match(r"NCT\d{8}$", accession) else "")
    )
    return Found(
        id=identifier,
        kind=kind,
        title=text("title"),
        translated_title=text("translated_title"),
        authors=tuple(name for one in listed_parts(row.get("authors")) if (name := name_of(one)) is not None),
        year=fields.year(text("year")),
        journal=text("journal"),
        volume=text("volume"),
        issue=text("issue"),
        pages=fields.pages(text("pages"))
        or fields.pages(text("start_page"), text("end_page"))
        or fields.pages(text("article_number")),
        publisher=text("publisher"),
        doi=fields.doi(row.get("doi")) or fields.doi_of_addresses([address]),
        pmid=fields.pmid(re.sub(r"\.0$", "", row.get("pmid"))),
        issn=fields.issn(_list(row.get("issn"))),
        language=fields.language(text("language")),
        abstract=fields.abstract(row.get("abstract")),
        keywords=fields.keywords(_keywords(row.get("keywords"))),
        registrations=fields.registrations(raw),
        url=address,
        database=_database(text("database"), accession, address),
        accession=accession,
        line=line,
        raw=raw,
    )


def _source(line: str) -> dict[str, str]:
    for pattern in (_PUBMED, _EMBASE, _WANFANG):
        if found := pattern.match(line):
            return {name: value.strip() for name, value in found.groupdict().items() if value}
    return {"journal": line} if line else {}


def _list(text: str) -> list[str]:
    return python_list(text) if text.startswith("[") else re.split(r"[;,|]", text)


def _keywords(text: str) -> Iterable[str]:
    if text.startswith("['") or text.startswith('["'):
        return python_list(text)
    if "|" in text and ";" not in text:
        return text.split("|")
    return [text] if ";" in text or "；" in text else re.split(r",(?![^(]*\))", text)


def _database(stated: str, accession: str, address: str) -> str:
    if stated:
        return fields.database(stated)
    if accession.startswith("2-s2.0-"):
        return "Scopus"
    if accession.startswith("WOS:"):
        return "Web of Science"
    if re.match(r"NCT\d{8}$", accession):
        return "ClinicalTrials.gov"
    if re.match(r"pub\.\d+$", accession):
        return "Dimensions"
    return fields.known_database(address)
