"""What the reader's pages are made of: frames of tables, files to download, citations, terms explained in place."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from html import unescape

import pytest
from openpyxl import load_workbook

from guidewright.guideline.glossary import Term
from guidewright.publish.citing import citation_files, citations
from guidewright.publish.documents import documents
from guidewright.publish.downloads import document_name
from guidewright.publish.frames import framed
from guidewright.publish.pages import environment, escape, pages, render_page
from guidewright.publish.sheets import Sheet, to_csv, to_xlsx
from guidewright.publish.site_sheets import site_sheets
from guidewright.publish.terms import Explainer
from tests.publish.conftest import Site

pytestmark = pytest.mark.xdist_group("flagship")

MEAN = Sheet("mean", ("=1+1", "name"), (("=HYPERLINK(0)", "@x"), ("-0.5", "-cmd"), ("+1e3", "\t=1"), ("a\x07b", "骨")))


def test_no_cell_of_a_file_is_a_formula() -> None:
    rows = list(csv.reader(io.StringIO(to_csv(MEAN).decode("utf-8-sig"))))
    assert rows[0] == ["'=1+1", "name"]
    assert rows[1] == ["'=HYPERLINK(0)", "'@x"]
    assert rows[2] == ["-0.5", "'-cmd"]
    assert rows[3] == ["+1e3", "'\t=1"]
    assert rows[4] == ["a b", "骨"]
    cells = [cell for row in load_workbook(io.BytesIO(to_xlsx(MEAN))).active.rows for cell in row]  # type: ignore[union-attr]
    assert {cell.data_type for cell in cells} == {"s"}
    assert cells[2].value == "=HYPERLINK(0)"


def test_a_table_gives_the_same_bytes_every_time() -> None:
    assert to_xlsx(MEAN) == to_xlsx(MEAN)
    assert b"1980-01-01" not in to_csv(MEAN)


def test_every_table_to_download_is_whole_and_in_the_language(flagship: Site) -> None:
    for language in ("zh", "en"):
        sheets = {sheet.name: sheet for sheet in site_sheets(flagship.snapshot, language)}
        assert {"recommendations", "references", "levels", "studies", "results", "analyses", "table-drugs"} <= set(
            sheets
        )
        for sheet in sheets.values():
            assert all(len(row) == len(sheet.header) for row in sheet.rows), sheet.name
            assert all(sheet.header), sheet.name
        assert len(sheets["recommendations"].rows) == flagship.snapshot.counts["clauses"]
        assert len(sheets["references"].rows) == len(flagship.snapshot.references)
        for name in sheets:
            for kind in ("csv", "xlsx"):
                assert (flagship.html / language / "downloads" / f"{name}.{kind}").is_file()


def test_a_recommendation_is_cited_in_words_and_in_files(flagship: Site) -> None:
    for language in ("zh", "en"):
        cited = citations(flagship.snapshot, language)
        one = cited["r07"]
        title = flagship.snapshot.recommendations[6].recommendation.title[language]
        assert title in one.words
        assert "2025" in one.words
        files = dict(citation_files(cited))
        assert files["cite-r07.ris"].startswith(b"TY  - ")
        assert title in files["cite-r07.ris"].decode()
        assert re.search(r"@\w+\{", files["cite-r07.bib"].decode())
        assert json.loads(files["cite-r07.json"])[0]["title"] == one.item.title
        assert not one.item.authors, "nobody is named in the source, so nobody is cited as author"


def test_documents_have_the_names_under_which_pages_look_for_them(flagship: Site) -> None:
    ours = [flagship.snapshot.guideline.id, *(view.recommendation.id for view in flagship.snapshot.recommendations)]
    theirs = {f"{one.name}.pdf" for one in documents(flagship.snapshot, "en")}
    assert {document_name(flagship.snapshot, stem, "en", "pdf") for stem in ours} == theirs


def test_the_small_page_to_embed_loads_nothing_and_leads_on(flagship: Site) -> None:
    for language in ("zh", "en"):
        html = (flagship.html / language / "embed/r07.html").read_text(encoding="utf-8")
        assert "Content-Security-Policy" in html
        assert "<script" not in html
        assert not re.findall(r'(?:src|href)="(?:https?:)?//', html)
        assert 'href="../recommendations/r07.html"' in html
        assert flagship.snapshot.recommendations[6].clauses[1].clause.statement[language] in html


def test_a_table_keeps_its_address_and_tells_its_columns_on_a_phone() -> None:
    head = '<thead><tr><th scope="col">A "b"</th><th scope="col">C</th></tr></thead>'
    table = f'{head}<tbody><tr><th scope="row">x</th><td>y</td></tr></tbody>'
    text = f"# T\n\n## Part {{#part}}\n\n<table>{table}</table>\n\n<table data-stack data-sort>{table}</table>\n"
    html = framed(text, "T")
    assert re.findall(r'<table class="([^"]+)" id="([^"]+)"', html) == [
        ("gw-table", "table-part"), ("gw-table gw-stack", "table-part-2"),
    ]  # fmt: skip
    assert 'aria-label="Part 2"' in html
    assert '<td data-label="C">' in html
    assert 'data-label="C"' not in html[: html.index("table-part-2")]


def test_anchors_are_the_same_in_both_languages(flagship: Site) -> None:
    from tests.publish.test_site import Links

    for name in (
        "recommendations/r07.html",
        "recommendations/index.html",
        "evidence/index.html",
        "studies/vertos-ii.html",
    ):
        zh, en = (set(Links((flagship.html / tag / name).read_text(encoding="utf-8")).anchors) for tag in ("zh", "en"))
        ours = {anchor for anchor in zh ^ en if not anchor.startswith(("__", "term-"))}
        assert not ours, name


PKP = Term(
    id="pkp",
    name={"en": "Kyphoplasty", "zh": "后凸成形术"},
    abbreviation="PKP",
    definition={"en": "A <balloon>.", "zh": "球囊。"},
)
BONE = Term(id="bone", name={"en": "Bone", "zh": "骨"}, definition={"en": "What breaks.", "zh": "会断的。"})
TERMS = (PKP, BONE, Term(id="vague", name={"en": "Vague", "zh": "含糊"}))


def test_a_term_is_explained_where_it_first_stands() -> None:
    words = '<h2>PKP</h2><p>A <a href="#x">PKP</a>, then kyphoplasty PKP; bonelike bone. Vague</p>'
    text = f'<div class="gw-prose">{words}</div>'
    html = Explainer(TERMS, "en", escape).explain(text, "glossary.html", "Glossary", "Close")
    assert html.count('class="gw-term"') == 2
    assert 'href="#term-pkp-note">kyphoplasty</a> PKP; bonelike <a class="gw-term"' in html
    assert "A &#60;balloon&#62;." in html
    assert 'href="glossary.html#term-pkp"' in html
    assert "<h2>PKP</h2>" in html


def test_a_chinese_term_is_found_inside_a_sentence() -> None:
    html = Explainer(TERMS, "zh", escape).explain(
        '<p class="gw-statement">可行后凸成形术，再说。</p>', "g.html", "术语", "关闭"
    )
    assert re.search(r"可行<a [^>]*>后凸成形术</a>，再说", html)


def test_meanings_of_terms_and_the_panel_to_share_are_not_searched(flagship: Site) -> None:
    index = json.loads((flagship.html / "en/search/search_index.json").read_text(encoding="utf-8"))
    page = [one["text"] for one in index["docs"] if one["location"].startswith("recommendations/r07")]
    meaning = next(term for term in flagship.snapshot.glossary.terms if term.id == "kyphoplasty").definition
    assert meaning is not None
    assert page
    assert not any(meaning["en"][:40] in text or "iframe" in text for text in page)


def test_a_page_without_terms_stays_as_it_is() -> None:
    text = '<p class="gw-statement">Nothing here.</p>'
    assert Explainer(TERMS, "en", escape).explain(text, "g.html", "Glossary", "Close") == text


def test_wording_that_is_out_of_date_or_missing_is_shown_as_such(flagship: Site) -> None:
    first, *others = flagship.snapshot.recommendations
    stale = first.recommendation.model_copy(update={"outdated_in": ("en",)})
    changed = replace(first, recommendation=stale, rationale={"zh": first.rationale["zh"]})
    snapshot = replace(flagship.snapshot, recommendations=(changed, *others))
    made = {tag: environment(flagship.project.root / "guideline_src/templates", snapshot, tag) for tag in ("zh", "en")}
    en, zh = (
        render_page(made[tag], next(page for page in pages(snapshot, tag) if page.template == "recommendation"), tag)
        for tag in ("en", "zh")
    )
    assert "gw-outdated" in en
    assert "gw-outdated" not in zh
    assert "(Not yet translated into English.)" in unescape(en)
    assert '<div class="gw-prose" lang="zh">' in en
    assert 'lang="zh"' not in zh
