"""Our own step over the finished HTML, the same for every builder: language links, search, and names for machines.

* Each page links to the same page in the other languages, with relative addresses and without script.
* The search index is made from the finished pages (:mod:`guidewright.publish.search_index`).
* What a screen reader needs and the theme leaves out is added, what the theme writes wrongly is mended
  (:mod:`guidewright.publish.theme_faults`), and what the page says of itself to programs.
* A content policy allows nothing but the site's own files (:mod:`guidewright.publish.policy`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from html import escape
from pathlib import Path

from guidewright.guideline.glossary import Term
from guidewright.publish.page_weight import light
from guidewright.publish.policy import with_policy
from guidewright.publish.routes import relative
from guidewright.publish.search_index import filled, improved, names_of
from guidewright.publish.search_sections import Entry, entries
from guidewright.publish.theme_faults import mended
from guidewright.words import word
from guidewright.writing import write

_SWITCH = re.compile(r'<a href="[^"]*" hreflang="([A-Za-z-]+)" class="md-select__link">')
#: The theme would fetch a site map for each of these, which fails on file://.
_ALTERNATE = re.compile(r'<link rel="alternate"[^>]*hreflang[^>]*>\s*')
#: Where the content of a page begins: of the builder's pages, and of the small ones that are embedded.
_CONTENT = re.compile(r'<article class="md-content__inner[^>]*>|<body>\s*<main>')
_SEARCH = re.compile(r'(<div class="md-search" data-md-component="search" role="dialog")>')


def finish(
    folder: Path,
    language: str,
    addresses: Mapping[str, Set[str]],
    heads: Mapping[str, str],
    terms: Iterable[Term],
    notice: Callable[[str], str] = lambda _page: "",
) -> None:
    """Finish every page of one language.

    ``addresses`` are the pages of each language, relative to its root; ``heads`` what each page says to programs;
    ``terms`` the glossary, by whose other names pages are found; ``notice`` gives what stands above a page.
    """
    found: dict[str, list[Entry]] = {}
    names = names_of(terms)
    for path in sorted(folder.rglob("*.html")):
        page = path.relative_to(folder).as_posix()
        html = path.read_text(encoding="utf-8")
        if page in addresses[language]:  # not the page of lost addresses, nor those that are embedded
            found[page] = improved(entries(html, page), names, language)
        write(path, finished(html, page, language, addresses, heads.get(page, ""), notice(page)), lasting=False)
    for index in _search_indexes(folder):
        write(index, filled(index.read_text(encoding="utf-8"), (found[page] for page in sorted(found))), lasting=False)


def finished(
    html: str, page: str, language: str, addresses: Mapping[str, Set[str]], head: str = "", notice: str = ""
) -> str:
    """One page as it is published; ``head`` is put at the end of its head, ``notice`` above its content."""
    return with_policy(light(finish_page(html, page, language, addresses, head, notice)))


def finish_page(
    html: str, page: str, language: str, addresses: Mapping[str, Set[str]], head: str = "", notice: str = ""
) -> str:
    """The same as the builder wrote it, long and without the content policy."""

    def switch(found: re.Match[str]) -> str:
        other = found[1]
        target = page if page in addresses.get(other, ()) else "index.html"
        # both languages stand side by side: one level above the root of each
        address = relative(f"{language}/{page}", f"{other}/{target}")
        return f'<a href="{escape(address)}" hreflang="{other}" lang="{other}" class="md-select__link">'

    html = mended(_ALTERNATE.sub("", html))
    html = _SWITCH.sub(switch, html)
    if notice:
        html = _CONTENT.sub(lambda found: found[0] + notice, html, count=1)
    html = html.replace("</head>", f"{head}\n  </head>", 1) if head else html
    return _SEARCH.sub(rf'\1 aria-label="{escape(word("nav.find", language))}">', html)


def _search_indexes(folder: Path) -> Iterator[Path]:
    """Index files of the builders: JSON, and the same as a script for ``file://``."""
    for name in ("search/search_index.json", "search/search_index.js", "search.json", "search.js"):
        if (folder / name).is_file():
            yield folder / name
