"""Names of journals, in full, abbreviated or as initials."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache

from guidewright.evidence.dedupe.letters import has_cjk, plain, words
from guidewright.evidence.dedupe.library import word_lists

_AFTER = re.compile(r"\s*(?::|\[|\(|\.\s*(?:conference|abstracts?)\b|\s=\s|/).*$")


@cache
def _lists() -> tuple[frozenset[str], Mapping[str, str]]:
    lists = word_lists()
    return frozenset(lists["small_words"]), lists["spellings"]


@lru_cache(maxsize=50_000)
def read_journal(raw: str) -> str:
    """Words that count in the name of a journal, in order; without subtitle and what stands in brackets."""
    text = plain(raw).strip()
    if has_cjk(text):
        return "".join(words(re.sub(r"[(（].*$", "", text)))
    before = _AFTER.sub("", text) or text
    small, spellings = _lists()
    found = [spellings.get(w, w) for w in words(before.replace("'", "")) if w not in small]
    return " ".join(found)


@lru_cache(maxsize=500_000)
def journals_agree(one: str, other: str) -> bool:
    """Whether two prepared names may mean one journal: equal, one the abbreviation of the other, or its initials."""
    if one == other:
        return True
    left, right = sorted((one.split(), other.split()), key=len)
    if "".join(left) == "".join(right):
        return True
    if len(left) == 1 and _initials(left[0], right):
        return True
    if _abbreviated(left, right) or _abbreviated(right, left):
        return True
    return len(left) >= 2 and len(right) >= 2 and (left == right[: len(left)] or _abbreviated(left, right[: len(left)]))


def _initials(word: str, name: list[str]) -> bool:
    return len(word) >= 3 and len(name) >= 3 and word == "".join(w[0] for w in name)


def _abbreviated(short: list[str], long: list[str]) -> bool:
    """Whether each word of one begins the word at the same place of the other, or is a contraction of it."""
    if len(short) != len(long):
        return False
    return all(_shortened(a, b) or _shortened(b, a) for a, b in zip(short, long, strict=True))


def _shortened(short: str, long: str) -> bool:
    """``Natl`` shortens National, ``Pediatr`` Pediatrics, ``Engl`` England."""
    if long.startswith(short):
        return True
    if len(short) < 3 or short[0] != long[0]:
        return False
    rest = iter(long)
    return all(sign in rest for sign in short) and short[:2] == long[:2]
