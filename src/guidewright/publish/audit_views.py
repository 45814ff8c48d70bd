"""Findings as the site groups them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from guidewright.audit.findings import Finding
from guidewright.audit.rules import SEVERITIES, Severity, rule, rules
from guidewright.values import Text


@dataclass(frozen=True)
class Topic:
    """The findings of one topic, the most severe first, and how many of each severity are not answered."""

    id: str
    findings: tuple[Finding, ...]
    open: dict[Severity, int]
    answered: int
    reasons: tuple[tuple[str, tuple[Text, ...]], ...]
    """Rules that found something, and what each asks people to do, every advice once."""


def by_topic(findings: Sequence[Finding]) -> tuple[Topic, ...]:
    """Findings by topic, in the order of the rules; topics without a finding are left out."""
    names = dict.fromkeys([*(one.topic for one in rules().values()), *(rule(f.rule).topic for f in findings)])
    topics = []
    for name in names:
        here = [finding for finding in findings if rule(finding.rule).topic == name]
        counts = {
            severity: sum(one.severity == severity and one.answer is None for one in here) for severity in SEVERITIES
        }
        if here:
            topics.append(Topic(name, tuple(here), counts, sum(one.answer is not None for one in here), _reasons(here)))
    return tuple(topics)


def _reasons(found: Sequence[Finding]) -> tuple[tuple[str, tuple[Text, ...]], ...]:
    steps: dict[str, list[Text]] = {}
    for one in found:
        known = steps.setdefault(one.rule, [])
        if one.next_step not in known:
            known.append(one.next_step)
    return tuple((name, tuple(one)) for name, one in steps.items())
