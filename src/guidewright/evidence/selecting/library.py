"""Reasons for exclusion and word lists that come with the tool."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from guidewright.own_data import own_yaml


@dataclass(frozen=True)
class Reason:
    """A reason for exclusion: its name in decisions, its key in the terminal, and its words."""

    id: str
    key: str
    label: dict[str, str]
    part: str = ""
    """Field of a question that states the criterion."""


@cache
def exclusion_reasons() -> tuple[Reason, ...]:
    """All of them, in order of their keys."""
    data = _read("reasons.yml")
    return tuple(Reason(name, one["key"], one["label"], one.get("part", "")) for name, one in data.items())


@cache
def everyday_words() -> frozenset[str]:
    """Words of questions that say nothing about a record."""
    return frozenset(_read("everyday.yml"))


def _read(name: str) -> Any:
    return own_yaml(files("guidewright.evidence.selecting").joinpath(name).read_text(encoding="utf-8"))
