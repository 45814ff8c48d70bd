"""Prose becomes clean HTML: no script gets through, citations and links find their numbers, bindings their values."""

from __future__ import annotations

import re

import markdown
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guidewright.publish.prose import clean, in_markdown, to_html

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


@given(st.text(alphabet=st.sampled_from(list("<>&\"'`*_{}[]()\\|#~$=^!:;-+. \nab0中")), max_size=60))
def test_a_heading_of_prose_stays_as_it_is_where_it_is_read_as_markdown_again(text: str) -> None:
    found = in_markdown(clean(f"{text} <em>x</em>"))
    rendered = markdown.markdown(f"## a {found} {{#s1}}", extensions=["attr_list", "tables", "toc"])
    assert set(re.findall(r"<(\w+)", rendered)) <= {"h2", *re.findall(r"<(\w+)", found)}
    assert rendered.startswith('<h2 id="s1">')


@pytest.mark.parametrize(
    "html",
    ["[x](javascript:alert(1))", "![x](https://foreign.example/x)", "x {: onclick=alert(1) }", "x\n\n[y](data:z)",
     '<a href="https://example.org/[x](javascript:alert(1))">y</a>'],
)  # fmt: skip
def test_no_markdown_of_a_heading_becomes_markup(html: str) -> None:
    rendered = markdown.markdown(f"## {in_markdown(clean(html))} {{#s1}}", extensions=["attr_list"])
    assert not re.search(r"<img|<[^>]*\sonclick|href=\"(?!https://example)", rendered)
    assert rendered.startswith('<h2 id="s1">')
    assert len(rendered.splitlines()) == 1
