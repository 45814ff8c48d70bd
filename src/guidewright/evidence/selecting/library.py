"""Reasons for exclusion that come with the tool."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml


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
    text = files("guidewright.evidence.selecting").joinpath("reasons.yml").read_text(encoding="utf-8")
    return tuple(
        Reason(name, one["key"], one["label"], one.get("part", "")) for name, one in yaml.safe_load(text).items()
    )
