"""The sections of a finished page as entries of the search index: the page, then each heading with an anchor.

The builders would make the same from the same text, with a parser that takes nearly as long as the rest of their work;
and they run the cells of a table into one another, and index the numbers inside drawings, which stand in words beside.
"""

from __future__ import annotations

import re
from html import escape, unescape
from typing import TypedDict

_ARTICLE = re.compile(r"<article\b[^>]*>(.*)</article>", re.DOTALL)
#: Drawings, scripts and controls as wholes, then any tag. Attribute values hold no ">" as such: builders escape it.
_TAGS = re.compile(
    r"<!--.*?-->|<(svg|script|style|select|template|object)\b.*?</\1\s*>|<(/?)([a-zA-Z][a-zA-Z0-9]*)([^>]*)>", re.DOTALL
)
_ID = re.compile(r'\bid="([^"]*)"')
_PERMALINK = re.compile(r'<a class="headerlink".*?</a>', re.DOTALL)
#: What marks a part that is not searched: the mark of MkDocs-Material, which Zensical takes off, and ours, which stays.
_MARK = "data-(?:search-exclude|unsearched)"
_MARKED = re.compile(rf"\b{_MARK}\b")
#: A section: from its heading to the next one that is not below it.
_LEFT_OUT = re.compile("|".join(rf"<h{n}\b[^>]*\b{_MARK}\b.*?(?=<h[1-{n}]\b|\Z)" for n in range(1, 7)), re.DOTALL)
_GAP = re.compile(r"\s+")
_EMPTY = re.compile(r"<(p|li|ul|ol|sub|sup|code)>\s*</\1>")
#: Elements that stay in the text of an entry, which the search page shows.
_KEPT = frozenset({"p", "li", "ul", "ol", "code", "pre", "sub", "sup"})
#: Elements inside a line: no space belongs where one ends.
_INSIDE = frozenset({"a", "abbr", "b", "bdi", "cite", "em", "i", "mark", "q", "small", "span", "strong", "time", "wbr"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_VOID = frozenset({"br", "hr", "img", "input", "wbr", "link", "meta", "col", "source"})


class Entry(TypedDict, total=False):
    """An entry of the index: address, heading and text (both HTML), and its weight."""

    location: str
    title: str
    text: str
    boost: float


def entries(html: str, page: str) -> list[Entry]:
    """The entries of a finished page, which stands at ``page`` below the root of its language.

    What carries ``data-search-exclude`` or ``data-unsearched`` is left out; a heading that does, with its section.
    """
    article = _ARTICLE.search(html)
    if article is None:
        return []
    body = _LEFT_OUT.sub("", _PERMALINK.sub("", article[1]))
    found: list[Entry] = []
    parts: list[str] = []
    title, location = "", page
    heading = ""  # the element of the heading that is open
    hidden, depth = "", 0  # the element that is left out, and how deep its like are nested in it
    end = 0

    def close() -> None:
        text = _text(parts)
        if title or text or not found:
            found.append({"location": location, "title": title, "text": text})
        parts.clear()

    for tag in _TAGS.finditer(body):
        if not hidden and tag.start() > end:
            parts.append(_plain(body[end : tag.start()]))
        end = tag.end()
        name = (tag[3] or "").lower()
        if not name:
            continue
        opens = not tag[2]
        if hidden:
            depth += (1 if opens else -1) * (name == hidden)
            hidden = hidden if depth else ""
        elif opens and _MARKED.search(tag[4]):
            if name not in _VOID:
                hidden, depth = name, 1
        elif name in _HEADINGS and opens:
            anchor = _ID.search(tag[4])
            if anchor and (found or name != "h1"):
                close()
                title, location = "", f"{page}#{unescape(anchor[1])}"
            heading = name if anchor or name == "h1" else ""
            parts.append(" " if heading == "" else "")
        elif name == heading:
            title, heading = _text(parts), ""
            parts.clear()
        elif name in _KEPT:
            parts.append(f"<{tag[2]}{name}>")
        elif name not in _INSIDE:
            parts.append(" ")
    parts.append("" if hidden else _plain(body[end:]))
    close()
    return found


def _plain(text: str) -> str:
    """Text with no more entities than HTML needs, as it is looked for."""
    return escape(unescape(text), quote=False) if "&" in text else text


def _text(parts: list[str]) -> str:
    text = _GAP.sub(" ", "".join(parts)).strip()
    return _EMPTY.sub("", text)
