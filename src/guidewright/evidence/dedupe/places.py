"""Where a publication stands: volume, issue and pages in the many ways that databases write them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from guidewright.evidence.dedupe.letters import plain

_FIRST = re.compile(r"^(?:pp?\.? ?)?([a-z]{0,4})[\s.:]?(\d+)")
_RANGE = re.compile(r"^(?:pp?\.? ?)?([a-z]{0,4})[\s.:]?(\d+)\s?[a-z]?(?:\s?[-~/]{1,2}\s?([a-z]{0,4})[\s.:]?(\d+))?")
_CUT = re.compile(r"^(?:suppl?|pt|t|quiz|discussion)\W*(\d{1,4})")
_EXTENT = re.compile(r"^\d+ ?(?:p|pp|pages|页)\b")
_NUMBER = re.compile(r"\d+")
#: Letters before a number of four digits or more that make it an article number, not a page.
_ARTICLE = frozenset({"e", "a", "cd", "art", "id", "b", "h", "f", "k", "j", "l", "m", "n", "o", "g"})


@dataclass(frozen=True, slots=True)
class Pages:
    """Pages prepared for comparison."""

    first: str
    """First page with its letters (``s109``), or article number (``e12724``)."""
    number: int
    """First page without letters; -1 where none can be read."""
    last: int
    """Last page, abbreviated ranges filled in (``123-7`` ends with 127); -1 where none is given."""
    article: bool
    """Whether it is an article number, which cannot be held against a page."""
    tail: int
    """What is left of the last page where a database cut the range (``Suppl-61`` ends with 61); -1 otherwise."""


NOWHERE = Pages("", -1, -1, False, -1)


def read_pages(raw: str) -> Pages:
    """Prepare pages. ``1106-1111+1117`` is the range before the plus; the length of a book (``94 p``) is no page."""
    if not raw:
        return NOWHERE
    text = plain(raw).strip(" .;,[]()")
    if _EXTENT.match(text) or not any(c.isdigit() for c in text):
        return NOWHERE
    if cut := _CUT.match(text):
        return Pages("", -1, -1, False, int(cut[1]))
    found = _RANGE.match(text)
    if not found:
        return NOWHERE
    start = found[2].lstrip("0") or "0"
    if len(start) > 9:
        return NOWHERE
    last = _filled_in(start, found[4].lstrip("0") or "0") if found[4] else -1
    article = (found[1] in _ARTICLE and len(start) >= 4) or (last < 0 and len(start) >= 6)
    return Pages(found[1] + start, int(start), last, article, -1)


def _filled_in(start: str, end: str) -> int:
    """``123-7`` means 123-127."""
    if len(end) > 9:
        return -1
    if len(end) < len(start):
        whole = start[: len(start) - len(end)] + end
        if int(whole) >= int(start):
            return int(whole)
    return int(end)


def read_number(raw: str) -> str:
    """The leading number of a volume or issue: ``35 Suppl 1`` is 35, ``Vol. 35`` too; words alone are kept."""
    if not raw:
        return ""
    if raw.isdigit():
        return raw.lstrip("0") or "0"
    text = plain(raw).strip()
    found = _NUMBER.search(text)
    return (found[0].lstrip("0") or "0") if found else text.replace(" ", "")[:12]
