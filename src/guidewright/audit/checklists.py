"""Each item of each standard: met, not met, or for a person to judge, with the place that shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from guidewright.audit import probes, probes_evidence, probes_process
from guidewright.audit.checklist_items import Item, Standard, standards
from guidewright.audit.findings import Finding
from guidewright.audit.probes import PROBES, Grounds, Shown, State
from guidewright.project import Project
from guidewright.words import say

#: The modules whose functions items name; importing them registers the functions.
ROOMS = (probes, probes_evidence, probes_process)


@dataclass(frozen=True)
class Judged:
    """One item and what the files show of it."""

    item: Item
    state: State
    shown: tuple[Shown, ...]


@dataclass(frozen=True)
class Checklist:
    """One standard with all its items judged."""

    standard: Standard
    items: tuple[Judged, ...]

    def number(self, state: State) -> int:
        """How many items have a state."""
        return sum(one.state == state for one in self.items)


def checklists_of(project: Project, findings: Sequence[Finding]) -> tuple[Checklist, ...]:
    """Judge every item of every standard."""
    grounds = Grounds(project, tuple(findings))
    return tuple(
        Checklist(standard, tuple(judge(item, grounds) for item in standard.items)) for standard in standards().values()
    )


def judge(item: Item, grounds: Grounds) -> Judged:
    """Judge one item. What a program can only gather is left for a person, unless there is nothing to gather."""
    if item.probe is None:
        return Judged(item, "judge", (Shown(say("probe.nothing-to-read"), "", 1),))
    state, shown = PROBES[item.probe](grounds)
    if item.check != "auto" and state == "met":
        state = "judge"
    return Judged(item, state, shown)
