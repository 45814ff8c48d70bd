"""Prose becomes clean HTML: no script gets through, citations and links find their numbers, bindings their values."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guidewright.publish.prose import to_html

NUMBERS = {"klazen2010": 11, "clark2016": 12}


def render(text: str, value: str = "0.55") -> str:
    return to_html(text, lambda _e: value, NUMBERS.__getitem__, lambda kind, name: f"the {kind} {name}")


def test_citations_become_numbers_that_link() -> None:
    found = render("Pain fell [@klazen2010; @clark2016].")
    assert found == ('<p>Pain fell [<a href="reference:klazen2010">11</a>, <a href="reference:clark2016">12</a>].</p>')


def test_a_binding_is_replaced_and_its_signs_stay_signs() -> None:
    assert render("RR {{ pooled('a').estimate }}.", "*0.55* <b>") == "<p>RR *0.55* &lt;b&gt;.</p>"


def test_links_to_things_keep_their_kind_and_empty_ones_get_a_name() -> None:
    assert render("[the cement](recommendation:r10)") == '<p><a href="recommendation:r10">the cement</a></p>'
    assert render("[](tool:otlics)") == '<p><a href="tool:otlics">the tool otlics</a></p>'


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](vbscript:msgbox)",
        "![x](https://example.org/x.png)",
        "[x]: javascript:alert(1)\n\n[x]",
        "<a href='javascript:alert(1)'>x</a>",
        "<svg/onload=alert(1)>",
        "{: onclick=alert(1)}",
        "# x {onclick=alert(1)}",
    ],
)
def test_nothing_that_could_run_gets_through(text: str) -> None:
    found = render(text)
    assert not re.search(r"<(script|img|svg|iframe|object|style)", found)
    assert not re.search(r"<[^>]*\son\w+\s*=", found)
    assert not re.search(r'href="\s*(javascript|data|vbscript)', found, re.IGNORECASE)


@given(st.text(max_size=200))
def test_any_prose_gives_only_allowed_elements(text: str) -> None:
    found = to_html(text, lambda _e: "x", lambda _k: 1, lambda _kind, _name: "x")
    allowed = {"p", "ul", "ol", "li", "strong", "em", "code", "pre", "blockquote", "hr", "br", "a", "sup",
               "h2", "h3", "h4", "table", "thead", "tbody", "tr", "th", "td"}  # fmt: skip
    assert set(re.findall(r"<([a-z0-9]+)", found)) <= allowed
