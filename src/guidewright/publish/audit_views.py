"""Findings as the site groups them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from guidewright.audit.findings import Finding
from guidewright.audit.rules import SEVERITIES, Severity, rule, rules


@dataclass(frozen=True)
class Topic:
    """The findings of one topic, the most severe first, and how many of each severity are not answered."""

    id: str
    findings: tuple[Finding, ...]
    open: dict[Severity, int]
    answered: int


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
            topics.append(Topic(name, tuple(here), counts, sum(one.answer is not None for one in here)))
    return tuple(topics)
