"""The word lists of the checks (``wording/*.yml``), compiled once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from guidewright.evidence.studies import Design
from guidewright.own_data import own_yaml


@cache
def wording(name: str) -> Any:
    """The data of one file of ``audit/wording``."""
    return own_yaml(files("guidewright.audit").joinpath("wording", f"{name}.yml").read_text(encoding="utf-8"))


@cache
def _any_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in patterns), re.IGNORECASE)


def spoken(group: str, within: str | None = None) -> re.Pattern[str]:
    """Pattern of any of the words of a group in ``phrases.yml``."""
    listed = wording("phrases")[group]
    return _any_of(tuple(listed[within] if within else listed))


def pattern(text: str) -> re.Pattern[str]:
    """One compiled pattern, ignoring case."""
    return _any_of((text,))


def designs_meant(text: str, *, prose: bool = False) -> tuple[str, frozenset[Design]] | None:
    """The words in a text that name a design, and the designs they can mean; none if it names none.

    With ``prose``, words are left out that running text uses for other things than the study that it cites.
    """
    for entry in wording("designs"):
        if prose and not entry.get("prose", True):
            continue
        if hit := pattern(entry["pattern"]).search(text):
            return hit[0], frozenset(Design(name) for name in entry["designs"])
    return None


def comparator_kinds(texts: Iterable[str]) -> frozenset[str]:
    """Kinds of comparator that words mean: ``inert`` (placebo or sham), ``usual`` (care without an operation)."""
    words = " ".join(texts)
    kinds: Mapping[str, str] = wording("comparators")
    return frozenset(kind for kind, words_of in kinds.items() if pattern(words_of).search(words))
