"""Prose to safe HTML: bindings filled in, citations numbered, links kept as ``kind:id`` until a page knows its place.

Three walls keep foreign script out: the parser does not take raw HTML, the link check takes few schemes, and the
result is cleaned against a list of allowed elements.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

import nh3

from guidewright.guideline.prose import BINDING, CITATION, LINKABLE
from guidewright.reading.markdown_file import prose_parser

_TAGS = {
    "p",
    "ul",
    "ol",
    "li",
    "strong",
    "em",
    "code",
    "pre",
    "blockquote",
    "hr",
    "br",
    "a",
    "sup",
    "h2",
    "h3",
    "h4",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
}
_INTERNAL = (*LINKABLE, "reference")
#: A link to a thing that leaves its name to us.
_UNNAMED = re.compile(rf"\[\]\(({'|'.join(LINKABLE)}):([^()\s]+)\)")
_SCHEMES = {"http", "https", "mailto", *_INTERNAL}
#: Signs that mean something to Markdown and are no part of a cleaned element; as entities they mean themselves.
_SIGNS = {ord(c): f"&#{ord(c)};" for c in "`*_{}[]\\|~$^!"}


def to_html(
    text: str, bind: Callable[[str], str], number: Callable[[str], int], title: Callable[[str, str], str]
) -> str:
    """Render the prose of one language.

    ``bind`` gives the words for a binding's expression, ``number`` the number of a reference, ``title`` the name of a
    thing for links with empty text. Links to things keep the form ``kind:id``.
    """
    filled = BINDING.sub(lambda found: _literal(bind(found[1].strip())), text)
    named = _UNNAMED.sub(lambda found: f"[{_literal(title(found[1], found[2]))}]({found[1]}:{found[2]})", filled)
    return _rendered(CITATION.sub(lambda found: _cite(found[1], number), named))


@lru_cache(maxsize=20_000)
def _rendered(markdown: str) -> str:
    return clean(prose_parser().render(markdown))


def clean(html: str) -> str:
    """HTML with nothing but the elements, attributes and addresses that prose may have."""
    return str(
        nh3.clean(
            html,
            tags=_TAGS,
            attributes={"a": {"href"}, "ol": {"start"}, "th": {"align"}, "td": {"align"}},
            url_schemes=_SCHEMES,
            link_rel=None,
        )
    ).strip()


def in_markdown(html: str) -> str:
    """Cleaned HTML on one line, for a place that the builder reads as Markdown: it finds no sign of Markdown there."""
    return " ".join(html.translate(_SIGNS).split())


def _literal(words: str) -> str:
    """Put computed words into Markdown so that none of their signs is read as Markdown."""
    return "".join("\\" + c if c in "\\`*_{}[]<>#+!|~&" else c for c in words)


def _cite(keys: str, number: Callable[[str], int]) -> str:
    found = [key.strip().lstrip("@") for key in keys.split(";")]
    links = [f"[{number(key)}](reference:{key})" for key in found]
    return "\\[" + ", ".join(links) + "\\]"
