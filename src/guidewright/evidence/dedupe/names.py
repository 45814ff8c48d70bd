"""Authors as every database writes them: initials or full names, family name first or last, Chinese names unsplit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from guidewright.evidence.bibliography import Name
from guidewright.evidence.dedupe.letters import has_cjk, plain, squeezed, words
from guidewright.evidence.dedupe.library import word_lists

#: Enough authors to tell two publications apart; lists of hundreds cost time and say no more.
_MOST = 12


@dataclass(frozen=True, slots=True)
class Authors:
    """Authors prepared for comparison."""

    names: str
    """Words of the names of at least three letters (Chinese: two signs), each once, in order of the alphabet."""
    first: str
    """Family name of the first author, squeezed."""
    number: int
    """How many there are."""
    cjk: bool
    """Whether they are written in Chinese, Japanese or Korean characters, which do not compare with Latin ones."""


NOBODY = Authors("", "", 0, False)


@cache
def _particles() -> frozenset[str]:
    return frozenset(word_lists()["particles"])


def read_authors(authors: Sequence[Name]) -> Authors:
    """Prepare authors. Initials are left out, and so are particles, since databases put both in different places."""
    if not authors:
        return NOBODY
    some = authors[:_MOST]
    written = [one.literal or f"{one.family or ''} {one.given or ''}" for one in some]
    text = plain(" ; ".join(written).replace("?", "").replace("'", ""))
    if has_cjk(text):
        names = [squeezed(name) for name in text.split(";")]
        return Authors(" ".join(sorted({*names} - {""})), names[0], len(authors), cjk=True)
    particles = _particles()
    found = {word for word in words(text) if len(word) > 2 and word not in particles}
    return Authors(" ".join(sorted(found)), _family(some[0]), len(authors), cjk=False)


def _family(name: Name) -> str:
    """Family name of an author; of a name in one part its longest word."""
    parts = [
        word for word in words(plain(name.family or name.literal or "").replace("'", "")) if word not in _particles()
    ]
    if name.family:
        return "".join(parts)
    return max(parts, key=len) if parts else ""
