"""What is exported reads back as it was, as far as the format can hold it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from guidewright.evidence.bibliography import Name
from guidewright.evidence.exporters.bibtex import write_bibtex
from guidewright.evidence.exporters.csl_json import write_csl_json
from guidewright.evidence.exporters.ris import TYPES, write_ris
from guidewright.evidence.exporters.xlsx import COLUMNS, write_xlsx
from guidewright.evidence.found import Found
from guidewright.evidence.importers.fields import language
from guidewright.evidence.importers.names import name_of, written
from guidewright.evidence.importers.reading import read_export

WRITERS: dict[str, Callable[[list[Found]], str | bytes]] = {
    "ris": write_ris,
    "bibtex": write_bibtex,
    "csl-json": write_csl_json,
    "xlsx": write_xlsx,
}
#: Where a record stands in which file is not the business of an exchange format; nor is a kind that is not known.
PLACE = {"id": "", "line": 0, "raw": ""}

LETTERS = st.sampled_from("abcdefgzäöéßłñABCZ骨质疏松椎体") | st.characters(
    codec="utf-8", categories=["Lu", "Ll", "Lo", "Nd", "Po", "Sm", "Pd"]
)
WORD = st.text(LETTERS.filter(lambda c: c not in "&<>;；|,，、\\*[]~#") | st.sampled_from("-'"), min_size=1, max_size=9)
#: Signs that mean something to a format stand within words of a text.
TEXT = st.lists(
    WORD
    | st.sampled_from(
        ["50%", "a_b", "{x}", "$5", "p<0.05", "#1", "a--b", "``x''", "=SUM(A1)", "+1", "@x", "x~y", "^2", "a\\b"]
    ),
    min_size=1,
    max_size=6,
).map(" ".join)


def clean(text: str) -> bool:
    return bool(text.strip()) and "&" not in text and text.strip() == text and not text.startswith(("<正>",))


FAMILY = st.sampled_from(["Klazen", "de Vries", "Müller-Lüdenscheidt", "O'Brien", "Łukasz", "van Rooij"])
GIVEN = st.sampled_from(["C. A. H.", "Jean-Paul", "M", "Anne Marie", "Ó."])
HAN = st.text(st.sampled_from("张李王欧阳明华芳伟娜"), min_size=2, max_size=4)
GROUP = st.sampled_from(["World Health Organization", "VERTOS Study Group", "中华医学会骨质疏松和骨矿盐疾病分会"])
NAME = st.builds(Name, family=FAMILY, given=GIVEN) | st.builds(Name, literal=HAN | GROUP)
FOUND = st.builds(
    Found,
    id=st.just("x/1"),
    kind=st.sampled_from(
        ["article-journal", "thesis", "report", "article-newspaper", "manuscript", "webpage", "dataset"]
    ),
    title=TEXT.filter(clean),
    translated_title=st.just("") | TEXT.filter(clean),
    authors=st.lists(NAME, max_size=4).map(tuple),
    year=st.none() | st.integers(1900, 2026),
    journal=st.just("") | TEXT.filter(clean),
    volume=st.sampled_from(["", "12", "A3", "12A"]),
    issue=st.sampled_from(["", "3", "2-3", "Suppl 1"]),
    pages=st.sampled_from(["", "12-18", "1106-1111+1117", "e12", "132-42", "94-98,93"]),
    publisher=st.just("") | TEXT.filter(clean),
    doi=st.sampled_from(
        ["", "10.1016/s0140-6736(10)60954-3", "10.1136/bmj.k1551", "10.1002/(sici)1097<1::aid-x>3.0.co;2-#"]
    ),
    pmid=st.sampled_from(["", "19657121", "7"]),
    issn=st.sampled_from(["", "0140-6736", "9783642321566"]),
    language=st.sampled_from(["", "en", "zh"]),
    abstract=st.just("") | st.lists(TEXT, min_size=1, max_size=4).map(". ".join).filter(clean),
    keywords=st.lists(WORD | st.just("Fractures, Compression"), max_size=4, unique=True).map(tuple),
    registrations=st.sampled_from([(), ("NCT01200277",), ("NCT01200277", "ChiCTR2000030000")]),
    url=st.sampled_from(["", "https://example.org/a?b=1&c=%20d"]),
    database=st.sampled_from(["", "PubMed", "CNKI", "Some Database"]),
    accession=st.sampled_from(["", "2009-10000-001", "L12345"]),
)


def back(records: list[Found], form: str) -> list[Found]:
    content = WRITERS[form](records)
    export = read_export(content.encode("utf-8") if isinstance(content, str) else content, "x")
    assert export.reading.accounted
    assert not export.reading.odd
    return [replace(record, **PLACE) for record in export.records]


def held(record: Found, form: str) -> Found:
    """What a format can hold of a record."""
    keywords = tuple(dict.fromkeys(word.strip().strip("*").strip() for word in record.keywords))
    if form == "bibtex":
        # braces are the one thing that an address in BibTeX cannot hold
        record = replace(record, doi=record.doi.replace("{", "").replace("}", ""))
    registrations = record.registrations
    return replace(record, keywords=tuple(filter(None, keywords)), registrations=registrations, **PLACE)


@pytest.mark.parametrize("form", WRITERS)
@settings(max_examples=max(25, settings.default.max_examples // 4))
@given(records=st.lists(FOUND, min_size=1, max_size=2))
def test_a_round_trip_loses_nothing(form: str, records: list[Found]) -> None:
    assert back(records, form) == [held(record, form) for record in records]


@pytest.mark.parametrize("kind", sorted(TYPES))
@pytest.mark.parametrize("form", WRITERS)
def test_every_kind_goes_through(form: str, kind: str) -> None:
    [record] = back([Found(id="x/1", kind=kind, title="A trial")], form)
    assert record.kind == kind or (kind == "" and record.kind in {"", "document"})


def test_ris_is_what_the_specification_says() -> None:
    record = Found(
        id="x/1", kind="article-journal", title="A trial", authors=(Name(family="Clark", given="W."),), year=2016
    )
    assert write_ris([record]) == "TY  - JOUR\r\nAU  - Clark, W.\r\nTI  - A trial\r\nPY  - 2016\r\nER  - \r\n\r\n"


def test_csl_json_names_what_csl_names() -> None:
    record = Found(id="x/1", kind="thesis", title="A", authors=(Name(literal="张三"),), year=2016, pages="1-2")
    [item] = json.loads(write_csl_json([record]))
    assert item == {
        "id": "x/1",
        "type": "thesis",
        "title": "A",
        "author": [{"literal": "张三"}],
        "issued": {"date-parts": [[2016]]},
        "page": "1-2",
    }


def test_a_workbook_holds_no_formula() -> None:
    record = Found(
        id="x/1",
        title='=HYPERLINK("http://example.org")',
        abstract="@SUM(1)",
        journal="+1",
        url="-1",
        publisher="a\x00b",
    )
    book = load_workbook(io.BytesIO(write_xlsx([record])))
    cells = [cell for row in book.active.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if cell.value} == {"s"}
    row = dict(zip(COLUMNS, [cell.value for cell in book.active[2]], strict=True))
    assert row["title"] == '=HYPERLINK("http://example.org")'
    assert row["publisher"] == "a b"
    assert all(cell.quotePrefix for cell in book.active[2])


def test_names_are_written_as_they_are_read() -> None:
    for text in ("Clark, W.", "张三", "World Health Organization"):
        name = name_of(text)
        assert name is not None
        assert written(name) == text


def test_languages_are_tags() -> None:
    assert language("en") == "en"


def test_the_writers_need_no_records() -> None:
    assert write_ris([]) == ""
    assert write_bibtex([]) == ""
    assert write_csl_json([]) == "[]\n"
    assert len(list(csv.reader(list(COLUMNS)))) == len(COLUMNS)
