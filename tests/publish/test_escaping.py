"""Whatever text a template prints, a reader sees that text, and nothing in it becomes markup."""

from __future__ import annotations

import html
import re

import markdown
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guidewright.publish.pages import escape

EXTENSIONS = ["attr_list", "tables", "toc"]
SIGNS = st.text(alphabet=st.sampled_from(list("<>&\"'`*_{}[]()\\|#~$=^!:;-+. \nabz{}0中")), max_size=60)


def shown(rendered: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", rendered)).strip()


@given(SIGNS | st.text(max_size=60))
def test_text_survives_markdown_as_it_is(text: str) -> None:
    rendered = markdown.markdown(f"start {escape(text)} end", extensions=EXTENSIONS)
    printable = "".join(c for c in text if c.isprintable() or c.isspace())
    if printable != text:
        return
    assert re.sub(r"\s+", " ", shown(rendered)) == re.sub(r"\s+", " ", f"start {text} end")
    assert set(re.findall(r"<(\w+)", rendered)) <= {"p"}


@given(SIGNS)
def test_text_survives_in_a_heading_and_in_a_block_of_html(text: str) -> None:
    source = f'# start {escape(text)} end {{#here}}\n\n<div>\n<p title="{escape(text)}">{escape(text)}</p>\n</div>\n'
    rendered = markdown.markdown(source, extensions=EXTENSIONS)
    assert set(re.findall(r"<(\w+)", rendered)) == {"h1", "div", "p"}
    assert rendered.startswith('<h1 id="here">')
    assert not set(re.findall(r"\s(\w+)=", rendered)) - {"id", "title"}


@pytest.mark.parametrize("value", [None, ""])
def test_nothing_is_nothing(value: str | None) -> None:
    assert escape(value) == ""


def test_spaces_at_the_ends_stay() -> None:
    assert escape(": ") == ": "
