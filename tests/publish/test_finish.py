"""Our own step over the finished HTML."""

from __future__ import annotations

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from guidewright.guideline.glossary import Term
from guidewright.publish.finish import finish_page
from guidewright.publish.routes import relative, resolve, route
from guidewright.publish.search_index import ZERO_WIDTH_SPACE, filled, improved, names_of
from guidewright.publish.search_sections import Entry, entries
from guidewright.publish.site import Builder, _run
from tests.publish.conftest import build

SWITCH = '<a href="x" hreflang="{0}" class="md-select__link">{0}</a>'
ADDRESSES = {
    "zh": {"index.html", "recommendations/r06.html"},
    "en": {"index.html", "recommendations/r06.html", "a.html"},
}


def test_each_page_links_to_itself_in_the_other_language() -> None:
    found = finish_page(SWITCH.format("zh"), "recommendations/r06.html", "en", ADDRESSES)
    assert 'href="../../zh/recommendations/r06.html"' in found


def test_a_page_that_the_other_language_lacks_links_to_its_start() -> None:
    assert 'href="../zh/index.html"' in finish_page(SWITCH.format("zh"), "a.html", "en", ADDRESSES)


def test_alternate_links_that_the_theme_would_fetch_are_removed() -> None:
    page = '<head>\n<link rel="alternate" href="../zh/" hreflang="zh">\n<link rel="canonical" href="x"></head>'
    assert finish_page(page, "a.html", "en", ADDRESSES) == '<head>\n<link rel="canonical" href="x"></head>'


def test_the_search_dialog_gets_a_name() -> None:
    page = '<div class="md-search" data-md-component="search" role="dialog">'
    assert 'aria-label="搜索"' in finish_page(page, "a.html", "zh", ADDRESSES)


def test_han_characters_are_spaced_and_other_text_is_not() -> None:
    frame = 'var __index = {"config":{},"docs":[]}'
    entry: Entry = {"location": "骨水.html", "title": "骨水泥 PVP", "text": "<p>渗漏a漏AB漏</p>"}
    found = filled(frame, [improved([entry], (), "zh")])
    assert found.startswith("var __index = {")
    doc = json.loads(found.partition("= ")[2])["docs"][0]
    z = ZERO_WIDTH_SPACE
    assert doc == {"location": "骨水.html", "title": f"骨{z}水{z}泥 PVP", "text": f"<p>渗{z}漏a漏{z}AB漏</p>"}


PVP = Term(
    id="pvp",
    name={"zh": "椎体成形术", "en": "Vertebroplasty"},
    abbreviation="PVP",
    synonyms={"en": ("cement injection",)},
    avoid=("vertebroplasy",),
)


def test_a_page_is_found_by_the_other_names_of_its_terms_and_recommendations_weigh_more() -> None:
    names = names_of([PVP])
    six: list[Entry] = [
        {"location": "recommendations/r06.html", "title": "Six", "text": "<p>short</p>"},
        {"location": "recommendations/r06.html#why", "title": "Why", "text": "<p>Vertebroplasty relieves pain</p>"},
    ]
    whole, part = improved(six, names, "en")
    (study,) = improved([{"location": "studies/a.html", "title": "A", "text": "<p>VertebroplastyX</p>"}], names, "en")
    for name in ("PVP", "cement injection", "vertebroplasy"):
        assert name in whole["text"]
        assert name not in part["text"] + study["text"]
    assert whole["boost"] == part["boost"] > 1
    assert "boost" not in study


def test_the_index_of_zensical_names_the_page_of_each_entry() -> None:
    page: list[Entry] = [
        {"location": "a.html", "title": "A", "text": ""},
        {"location": "a.html#b", "title": "B", "text": "<p>c</p>"},
    ]
    items = json.loads(filled('{"config":{},"items":[]}', [page]))["items"]
    assert [(one["location"], one["level"], one["path"]) for one in items] == [
        ("a.html", 1, ["A"]),
        ("a.html#b", 2, ["A"]),
    ]


@given(st.lists(st.text(alphabet="骨水泥ab <>p/PV", max_size=40)))
def test_filling_an_index_twice_is_filling_it_once(texts: list[str]) -> None:
    page: list[Entry] = [
        {"location": f"tools/a.html#{n}", "title": "PVP", "text": text} for n, text in enumerate(texts)
    ]
    once = filled('{"docs":[]}', [improved(page, names_of([PVP]), "en")])
    assert filled(once, [improved(page, names_of([PVP]), "en")]) == once


PAGE = """<html><body><nav><h2 id="no">nav</h2></nav><article class="x">
<h1 id="t">T &amp; U<a class="headerlink" href="#t">¶</a></h1><p>One <b>two</b></p>
<table><tr><td>a</td><td>b<sup>2</sup></td></tr></table><svg><text>9.9</text></svg>
<div data-search-exclude><div>hidden</div>hidden</div><p data-unsearched="">hidden</p><h3>no anchor</h3>
<h2 id="s1">S</h2><ul><li>x</li></ul><script>var hidden</script>
</article></body></html>"""


def test_a_page_is_divided_at_its_headings_and_cells_stay_apart() -> None:
    assert entries(PAGE, "a/b.html") == [
        {"location": "a/b.html", "title": "T &amp; U", "text": "<p>One two</p> a b<sup>2</sup> no anchor"},
        {"location": "a/b.html#s1", "title": "S", "text": "<ul><li>x</li></ul>"},
    ]


def test_the_entries_are_those_that_the_builder_would_make(starter: Path) -> None:
    """The same places with the same titles, so that results lead where the theme's own index would lead."""
    snapshot = build(starter).snapshot
    ours = index_of(starter)
    for page in (starter / "site/pages").rglob("*.md"):
        page.write_text(page.read_text(encoding="utf-8").replace("exclude: true", "exclude: false"), encoding="utf-8")
    _run(Builder.MKDOCS, starter, "en", snapshot.guideline.date)
    theirs = index_of(starter)
    assert ours == theirs
    assert len(ours) > 20


def index_of(root: Path) -> dict[str, str]:
    index = json.loads((root / "site/html/en/search/search_index.json").read_text(encoding="utf-8"))
    return {one["location"]: one["title"].replace(ZERO_WIDTH_SPACE, "") for one in index["docs"]}


def test_addresses_are_relative_to_the_page() -> None:
    assert relative("recommendations/r06.html", "references.html#ref-a") == "../references.html#ref-a"
    assert relative("references.html", "references.html#ref-a") == "#ref-a"
    assert route("clause", "r06a") == "recommendations/r06.html#r06a"


def test_links_by_kind_become_addresses_and_others_stay() -> None:
    html = '<a href="recommendation:r10">x</a> <a href="https://example.org/a:b">y</a> <a href="mailto:a@b.c">z</a>'
    assert resolve(html, "studies/a.html") == (
        '<a href="../recommendations/r10.html">x</a> '
        '<a href="https://example.org/a:b">y</a> <a href="mailto:a@b.c">z</a>'
    )


def test_a_section_whose_heading_is_left_out_is_left_out_whole() -> None:
    html = """<article><h1 id="t">T</h1><p>lead</p>
<h2 id="a" data-search-exclude>A</h2><p>gone</p><h3 id="a1">A1</h3><p>gone too</p>
<h2 id="b">B</h2><p>there</p></article>"""
    found = entries(html, "x.html")
    assert [(one["location"], one["title"]) for one in found] == [("x.html", "T"), ("x.html#b", "B")]
    assert "gone" not in str(found) and "there" in found[1]["text"]
