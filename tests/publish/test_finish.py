"""Our own step over the finished HTML."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from guidewright.guideline.glossary import Term
from guidewright.publish.finish import finish_page
from guidewright.publish.routes import relative, resolve, route
from guidewright.publish.search_index import ZERO_WIDTH_SPACE, improve

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
    index = 'var __index = {"docs":[{"location":"骨水.html","title":"骨水泥 PVP","text":"<p>渗漏a漏</p>"}]}'
    found = improve(index, (), "zh")
    assert found.startswith("var __index = {")
    doc = json.loads(found.partition("= ")[2])["docs"][0]
    z = ZERO_WIDTH_SPACE
    assert doc == {"location": "骨水.html", "title": f"骨{z}水{z}泥 PVP", "text": f"<p>渗{z}漏a漏</p>"}


PVP = Term(
    id="pvp",
    name={"zh": "椎体成形术", "en": "Vertebroplasty"},
    abbreviation="PVP",
    synonyms={"en": ("cement injection",)},
    avoid=("vertebroplasy",),
)


def test_a_page_is_found_by_the_other_names_of_its_terms_and_recommendations_weigh_more() -> None:
    docs = [
        {"location": "recommendations/r06.html", "title": "Six", "text": "<p>short</p>"},
        {"location": "recommendations/r06.html#why", "title": "Why", "text": "<p>Vertebroplasty relieves pain</p>"},
        {"location": "studies/a.html", "title": "A", "text": "<p>VertebroplastyX</p>"},
    ]
    whole, part, study = json.loads(improve(json.dumps({"docs": docs}), [PVP], "en"))["docs"]
    for name in ("PVP", "cement injection", "vertebroplasy"):
        assert name in whole["text"]
        assert name not in part["text"] + study["text"]
    assert whole["boost"] == part["boost"] > 1
    assert "boost" not in study


@given(st.text(alphabet="骨水泥ab <>p/PV", max_size=40))
def test_improving_twice_is_improving_once(text: str) -> None:
    index = json.dumps({"docs": [{"location": "tools/a.html", "title": "PVP", "text": text}]})
    once = improve(index, [PVP], "en")
    assert improve(once, [PVP], "en") == once


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
