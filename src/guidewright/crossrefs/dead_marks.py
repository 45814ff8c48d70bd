"""Marks in prose that look like a citation, a binding or a link and would be printed as they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from guidewright.guideline.bindings import EXAMPLE
from guidewright.guideline.prose import BINDING, CITATION
from guidewright.reading.typing_slips import advice


@dataclass(frozen=True)
class DeadMark:
    """Such a mark: where it starts, what stands there, why it does not work, what to write."""

    offset: int
    text: str
    rule: str
    next_step: str
    example: str


_BRACES = re.compile(r"\{\{|\}\}|｛\s*｛|｝\s*｝")
_CITES = re.compile(r"[\[【［]\s*[@＠][^\]】］\n]{0,300}[\]】］]")
#: Addresses that run a program or read the reader's disk. Markdown leaves such a link as it is written.
_BLOCKED = re.compile(r"(?:\]\(|\]:)\s*<?\s*((?:javascript|vbscript|file|data):[^\s)>]{0,300})", re.IGNORECASE)


def dead_marks(text: str) -> Iterator[DeadMark]:
    """Every such mark of a text."""
    for found in _BRACES.finditer(BINDING.sub(lambda whole: " " * len(whole[0]), text)):
        rule = "a binding needs two braces before and two after it"
        yield DeadMark(found.start(), found[0], rule, advice(found[0]) or "complete or delete the braces", EXAMPLE)
    for found in _CITES.finditer(text):
        if not CITATION.fullmatch(found[0]):
            rule = "is no citation that can be read, and would be printed as it stands"
            advised = advice(found[0]) or "write keys with @ in square brackets, separated by `; `"
            yield DeadMark(found.start(), found[0], rule, advised, "[@klazen2010; @clark2016]")
    for found in _BLOCKED.finditer(text):
        rule = "a link leads to a web address (https://…), mailto:, or a thing of this guideline"
        advised = "write the web address, or describe it in words"
        yield DeadMark(found.start(1), found[1], rule, advised, "[text](https://www.who.int)")
