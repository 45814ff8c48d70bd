"""The rules of de-duplication that come with the tool: word lists, points, thresholds and vetoes, read from YAML."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from guidewright.own_data import own_yaml


@cache
def word_lists() -> dict[str, Any]:
    """Words by which titles and sources tell what a record is (``words.yml``)."""
    return dict(_read("words.yml"))


@cache
def rule_data() -> dict[str, Any]:
    """Levels of agreement with their points, thresholds and vetoes (``rules.yml``)."""
    return dict(_read("rules.yml"))


def _read(name: str) -> Any:
    text = files("guidewright.evidence.dedupe").joinpath(name).read_text(encoding="utf-8")
    return own_yaml(text)
