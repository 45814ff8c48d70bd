"""Our own step over the finished HTML, the same for every builder: language links, search, and names for machines.

* Each page links to the same page in the other languages, with relative addresses and without script.
* Chinese is searched by character: a zero-width space between Han characters of the index is what the separator of
  the search splits at, so a term is found inside a sentence.
* What a screen reader needs and the theme leaves out is added, and what the page says of itself to programs.
* A content policy allows nothing but the site's own files (:mod:`guidewright.publish.policy`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Set
from html import escape
from pathlib import Path
from typing import Any

from guidewright.publish.policy import with_policy
from guidewright.publish.routes import relative
from guidewright.words import word
from guidewright.writing import write

ZERO_WIDTH_SPACE = "\u200b"
_HAN = re.compile(r"([\u3400-\u4dbf\u4e00-\u9fff])(?=[\u3400-\u4dbf\u4e00-\u9fff])")
_SWITCH = re.compile(r'<a href="[^"]*" hreflang="([A-Za-z-]+)" class="md-select__link">')
#: The theme would fetch a site map for each of these, which fails on file://.
_ALTERNATE = re.compile(r'\s*<link rel="alternate"[^>]*hreflang[^>]*>')
_SEARCH = re.compile(r'(<div class="md-search" data-md-component="search" role="dialog")>')


def finish(folder: Path, language: str, addresses: Mapping[str, Set[str]], heads: Mapping[str, str]) -> None:
    """Finish every page of one language.

    ``addresses`` are the pages of each language, relative to its root; ``heads`` what each page says to programs.
    """
    for path in sorted(folder.rglob("*.html")):
        page = path.relative_to(folder).as_posix()
        html = path.read_text(encoding="utf-8")
        write(path, with_policy(finish_page(html, page, language, addresses, heads.get(page, ""))))
    for index in _search_indexes(folder):
        write(index, space_han(index.read_text(encoding="utf-8")))


def finish_page(html: str, page: str, language: str, addresses: Mapping[str, Set[str]], head: str = "") -> str:
    """Finish one page; ``head`` is put at the end of its head."""

    def switch(found: re.Match[str]) -> str:
        other = found[1]
        target = page if page in addresses.get(other, ()) else "index.html"
        # both languages stand side by side: one level above the root of each
        address = relative(f"{language}/{page}", f"{other}/{target}")
        return f'<a href="{escape(address)}" hreflang="{other}" lang="{other}" class="md-select__link">'

    html = _ALTERNATE.sub("", html)
    html = _SWITCH.sub(switch, html)
    html = html.replace("</head>", f"{head}\n  </head>", 1) if head else html
    return _SEARCH.sub(rf'\1 aria-label="{escape(word("nav.find", language))}">', html)


def _search_indexes(folder: Path) -> Iterator[Path]:
    """Index files of the builders: JSON, and the same as a script for ``file://``."""
    for name in ("search/search_index.json", "search/search_index.js", "search.json", "search.js"):
        if (folder / name).is_file():
            yield folder / name


def space_han(text: str) -> str:
    """Put a zero-width space between the Han characters of an index (JSON, or JSON assigned to a variable)."""
    start = text.index("{")
    end = text.rindex("}") + 1
    spaced = _spaced(json.loads(text[start:end]))
    return text[:start] + json.dumps(spaced, ensure_ascii=False, separators=(",", ":")) + text[end:]


def _spaced(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _spaced(item, name) for name, item in value.items()}
    if isinstance(value, list):
        return [_spaced(item, key) for item in value]
    if isinstance(value, str) and key in {"title", "text", "path"}:
        return _HAN.sub(rf"\1{ZERO_WIDTH_SPACE}", value.replace(ZERO_WIDTH_SPACE, ""))
    return value
