"""Files that mean harm: entity bombs, external entities, workbooks that unpack to gigabytes, formulas."""

from __future__ import annotations

import io
import time
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from guidewright.evidence.importers import workbook
from guidewright.evidence.importers.export import UnreadableError
from guidewright.evidence.importers.reading import read_export

ARTICLE = (
    "<PubmedArticle><MedlineCitation><PMID>1</PMID><Article><ArticleTitle>{}</ArticleTitle></Article>"
    "</MedlineCitation></PubmedArticle>"
)
BOMB = "".join(f'<!ENTITY lol{n} "{f"&lol{n - 1};" * 10 if n else "lol"}">' for n in range(10))


def test_an_entity_bomb_is_harmless() -> None:
    article = ARTICLE.format("A &lol9; trial")
    text = f"<?xml version='1.0'?><!DOCTYPE x [{BOMB}]><PubmedArticleSet>{article}</PubmedArticleSet>"
    start = time.process_time()
    export = read_export(text.encode(), "x.xml")
    assert time.process_time() - start < 1
    assert [record.title for record in export.records] == ["A &lol9; trial"]


def test_an_external_entity_is_not_fetched(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret", encoding="utf-8")
    article = ARTICLE.format("A &e; trial")
    text = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}">]><PubmedArticleSet>{article}</PubmedArticleSet>'
    export = read_export(text.encode(), "x.xml")
    assert "secret" not in repr(export)
    assert export.records[0].title == "A &e; trial"


def test_a_document_type_within_a_record_is_no_xml() -> None:
    text = (
        "<PubmedArticleSet><PubmedArticle><!DOCTYPE x ["
        + BOMB
        + "]><PMID>&lol9;</PMID></PubmedArticle></PubmedArticleSet>"
    )
    export = read_export(text.encode(), "x.xml")
    assert len(repr(export)) < 20_000
    assert export.reading.accounted


def test_a_workbook_that_unpacks_to_gigabytes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "LARGEST", 1_000_000)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 2_000_000)
    with pytest.raises(UnreadableError, match="unpacks to more than"):
        read_export(out.getvalue(), "x.xlsx")


@pytest.mark.parametrize("member", ["a.txt", "xl/workbook.xml"])
def test_archives_that_are_no_workbooks_are_refused(member: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(member, "<nothing/>")
    with pytest.raises(UnreadableError, match="workbook"):
        read_export(out.getvalue(), "x.xlsx")


def test_the_sheet_with_records_is_read_and_no_formula_is_computed() -> None:
    book = Workbook()
    book.active.append(["notes"])
    sheet = book.create_sheet("savedrecs")
    sheet.append(["Article Title", "Authors", "Publication Year", "Start Page", "End Page", "DOI"])
    sheet.append(["A trial", "Clark, W; Bird, P", 2016, 1408, 1416, '=HYPERLINK("http://example.org")'])
    out = io.BytesIO()
    book.save(out)
    export = read_export(out.getvalue(), "savedrecs.csv")
    assert export.encoding == "sheet savedrecs"
    assert [(r.title, r.year, r.pages, r.doi, len(r.authors)) for r in export.records] == [
        ("A trial", 2016, "1408-1416", "", 2)
    ]
