"""The Markdown of rationales and chapters: citations, links to other things, and bound numbers.

* ``[@klazen2010; @clark2016]`` cites records.
* ``[the cement](recommendation:r10)`` links to a thing by its identifier; with empty text the thing's name is used.
* ``{{ pooled("q06-pain", "1 month").estimate }}`` is replaced by a computed value (see :mod:`.bindings`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from guidewright.reading.markdown_file import prose_parser

CITATION = re.compile(r"\[((?:@[A-Za-z0-9][A-Za-z0-9_:.-]*)(?:\s*;\s*@[A-Za-z0-9][A-Za-z0-9_:.-]*)*)\]")
BINDING = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
#: Things a link may name.
LINKABLE = ("recommendation", "question", "study", "analysis", "tool", "pathway", "table", "chapter", "term")
_INTERNAL = re.compile(rf"^({'|'.join(LINKABLE)}):([A-Za-z0-9-]+)$")
_PARSER_OF_HTML = MarkdownIt("commonmark", {"html": True}).enable("table")
_EXTERNAL = re.compile(r"^(https?://|mailto:)", re.IGNORECASE)


@dataclass(frozen=True)
class Spot:
    """Something in a text and the offset at which it starts."""

    offset: int
    text: str


def citations(text: str) -> Iterator[Spot]:
    """Citation keys in a text."""
    for found in CITATION.finditer(text):
        for key in re.finditer(r"@([A-Za-z0-9][A-Za-z0-9_:.-]*)", found[1]):
            yield Spot(found.start(1) + key.start(), key[1])


def bindings(text: str) -> Iterator[Spot]:
    """Expressions between double braces."""
    for found in BINDING.finditer(text):
        yield Spot(found.start(), found[1].strip())


def internal_link(target: str) -> tuple[str, str] | None:
    """Kind and identifier of a link such as ``recommendation:r10``."""
    found = _INTERNAL.match(target)
    return (found[1], found[2]) if found else None


@dataclass(frozen=True)
class Fault:
    """Something that prose may not hold: line within the text (from 0), what, and what to write instead."""

    line: int
    text: str
    rule: str
    next_step: str


@lru_cache(maxsize=20_000)
def faults(text: str) -> tuple[Fault, ...]:
    """Raw HTML, links to nowhere, and images."""
    return tuple(_faults(text))


def _faults(text: str) -> Iterator[Fault]:
    tokens = _PARSER_OF_HTML.parse(text)
    for token, line in _walk(tokens, 0):
        if token.type in {"html_block", "html_inline"}:
            yield Fault(
                line,
                token.content.strip(),
                "raw HTML is not allowed in prose",
                "write it in Markdown; for a less-than sign before a letter put a space after it",
            )
        elif token.type == "image":
            yield Fault(
                line,
                str(token.attrs.get("src", "")),
                "images are not supported in prose",
                "describe it in words",
            )
        elif token.type == "link_open":
            target = str(token.attrs.get("href", ""))
            if not (internal_link(target) or _EXTERNAL.match(target)):
                yield Fault(
                    line,
                    target,
                    "a link leads to a web address (https://…), mailto:, or a thing of this guideline",
                    "write for example [text](recommendation:r10); kinds are: " + ", ".join(LINKABLE),
                )


@lru_cache(maxsize=20_000)
def links(text: str) -> tuple[tuple[int, str, str], ...]:
    """Line, kind and identifier of every link to a thing of the guideline."""
    return tuple(_links(text))


def _links(text: str) -> Iterator[tuple[int, str, str]]:
    tokens = prose_parser().parse(text)
    for token, line in _walk(tokens, 0):
        if token.type == "link_open" and (found := internal_link(str(token.attrs.get("href", "")))):
            yield line, *found


def _walk(tokens: list[Token], line: int) -> Iterator[tuple[Token, int]]:
    for token in tokens:
        here = token.map[0] if token.map else line
        yield token, here
        if token.children:
            yield from _walk(token.children, here)
        line = here
