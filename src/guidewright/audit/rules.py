"""The rules of the audit as data (``rules/*.yml``): what each looks for, why it matters, what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from guidewright.own_data import own_yaml
from guidewright.values import Text
from guidewright.words import say

Severity = Literal["error", "warning", "note"]
#: From the one that must be answered to the one that a reader should know.
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")

#: Topics in the order in which they are shown; others follow by name.
TOPICS = (
    *("grading", "evidence", "statements", "consistency", "words", "languages", "prose", "data", "process", "panel"),
    "flow",
)


@dataclass(frozen=True)
class Rule:
    """One rule of the audit."""

    id: str
    topic: str
    """Name of its file: the group in which it is shown."""
    severity: Severity
    title: Text
    found: Text
    """Sentence of a finding, with blanks."""
    why: Text
    """Why it matters to a reader of the guideline."""
    do: Text
    """What the group can do."""


@cache
def rules() -> Mapping[str, Rule]:
    """Every rule by its name, in the order of the files."""
    folder = files("guidewright.audit").joinpath("rules")
    found: dict[str, Rule] = {}
    for file in sorted(folder.iterdir(), key=lambda one: (_place(one.name.removesuffix(".yml")), one.name)):
        data: dict[str, Any] = own_yaml(file.read_text(encoding="utf-8"))
        shared = data.pop("shared", {})
        for name, entry in data.items():
            found[name] = Rule(id=name, topic=file.name.removesuffix(".yml"), **{**shared, **entry})
    return found


def _place(topic: str) -> int:
    return TOPICS.index(topic) if topic in TOPICS else len(TOPICS)


def rule(name: str) -> Rule:
    """A rule by its name; a name without an entry still gives a rule, so that a finding is never lost."""
    known = rules().get(name)
    if known is not None:
        return known
    nothing = say("audit.rule-unknown")
    return Rule(name, "other", "warning", {"zh": name, "en": name}, nothing, nothing, nothing)
