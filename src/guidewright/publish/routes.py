"""Where everything stands on the site. A thing keeps its address from edition to edition."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from functools import lru_cache

#: Kind of thing -> page and anchor, with its identifier for ``{}``.
ROUTES: dict[str, str] = {
    "recommendation": "recommendations/{}.html",
    "question": "evidence/questions.html#{}",
    "study": "studies/{}.html",
    "analysis": "analyses/{}.html",
    "tool": "tools/{}.html",
    "pathway": "pathways/{}.html",
    "table": "tables/{}.html",
    "clause-audit": "audit/{}.html",
    "chapter": "chapters/{}.html",
    "term": "glossary.html#term-{}",
    "reference": "references.html#ref-{}",
    "instrument": "instruments/{}.html",
    "appraisal": "appraisals/{}.html",
    "group": "people.html#{}",
}
_KIND_LINK = re.compile(r'href="([a-z]+):([^"/][^"]*)"')


def route(kind: str, identifier: str) -> str:
    """Address of a thing, relative to the language's root. A clause (``r06a``) is an anchor of its recommendation."""
    if kind == "clause":
        return f"{ROUTES['recommendation'].format(identifier[:-1])}#{identifier}"
    return ROUTES[kind].format(identifier)


def relative(page: str, target: str) -> str:
    """Address of ``target`` as seen from ``page``; both relative to the same root."""
    path, mark, anchor = target.partition("#")
    if path == page and mark:
        return f"#{anchor}"
    return _from(posixpath.dirname(page), path) + mark + anchor


@lru_cache(maxsize=65536)  # pages of a folder lead to the same places again and again
def _from(folder: str, path: str) -> str:
    return posixpath.relpath(path, folder or ".")


def linker(page: str) -> Callable[[str, str], str]:
    """A function that links to things from one page."""
    return lambda kind, identifier: relative(page, route(kind, identifier))


def resolve(html: str, page: str) -> str:
    """Turn links of the form ``kind:id`` into addresses as seen from a page."""

    def replace(found: re.Match[str]) -> str:
        kind, identifier = found[1], found[2]
        if kind not in ROUTES:
            return found[0]
        return f'href="{relative(page, route(kind, identifier))}"'

    return _KIND_LINK.sub(replace, html)
