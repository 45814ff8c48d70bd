"""Reasons of a pair in words, in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from guidewright.evidence.dedupe.library import rule_data

Text = dict[str, str]


def in_words(reasons: Iterable[str]) -> list[Text]:
    """What each reason says: ``title=identical`` becomes *the titles are the same*.

    Reasons that no rule has (of an older version, or of a person) come back as they are.
    """
    return [_in_words(reason) for reason in reasons if not reason.startswith("score=")]


def _in_words(reason: str) -> Text:
    rules = rule_data()
    if reason[:1] in {"!", "?"}:
        kind = rules["contradictions"] if reason[0] == "!" else rules["doubts"]
        rule = kind.get(reason[1:])
        return dict(rule["label"]) if rule else {"zh": reason, "en": reason}
    field, _, level = reason.partition("=")
    levels = rules["fields"].get(field, {}).get("levels", [])
    return next((dict(one["label"]) for one in levels if one["id"] == level), {"zh": reason, "en": reason})


def rule_lines(language: str) -> Iterator[tuple[str, str]]:
    """All rules in words, for people: name as it stands in reasons, and what it says in a language."""
    rules: dict[str, Any] = rule_data()
    for name, field in rules["fields"].items():
        for level in field["levels"]:
            yield f"{name}={level['id']}", f"{level['label'][language]} ({level['points']:+g})"
    for mark, kind in (("!", "contradictions"), ("?", "doubts")):
        for name, rule in rules[kind].items():
            yield f"{mark}{name}", rule["label"][language]
    yield "related", rules["related"]["label"][language]
    yield "different", rules["different"]["label"][language]
