"""Where every publication stands in the selection: decided by whom, agreed or not, and what is next for a reviewer.

Reviewers are blind to one another: what is next for one depends on that person's own decisions, on the publications
that both stages ask for, and on consensus; never on what the other said of the same stage.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from guidewright.evidence.dedupe.merging import Publication
from guidewright.evidence.screening import CONSENSUS, ScreeningDecision, Stage

#: Reviewer -> decisions.
Files = Mapping[str, Sequence[ScreeningDecision]]


class Verdict(StrEnum):
    """What came of a publication at one stage.

    * ``included``: goes on, or is part of the review. On title and abstract ``unsure`` goes on as well.
    * ``excluded``: left out.
    * ``conflict``: two reviewers differ, or are both unsure about a full text, and there is no consensus yet.
    * ``open``: not yet judged by as many reviewers as take part.
    """

    INCLUDED = "included"
    EXCLUDED = "excluded"
    CONFLICT = "conflict"
    OPEN = "open"


@dataclass(frozen=True)
class Said:
    """All that was said of one publication at one stage."""

    by: Mapping[str, ScreeningDecision]
    """Reviewer -> decision, consensus not among them."""
    consensus: ScreeningDecision | None
    verdict: Verdict
    reason: str = ""
    """Reason for exclusion, where it is excluded and the reason is agreed."""

    @property
    def reasons_differ(self) -> bool:
        """Whether all exclude, for different reasons, and no consensus settles it."""
        return self.consensus is None and self.verdict is Verdict.EXCLUDED and len(_reasons(self.by.values())) > 1


@dataclass(frozen=True)
class Selection:
    """Publications with all that was said of them, by identifier of the publication."""

    publications: Mapping[str, Publication]
    reviewers: tuple[str, ...]
    said: Mapping[tuple[str, Stage], Said]

    def at(self, publication: str, stage: Stage) -> Said:
        """What was said of a publication at a stage."""
        return self.said[publication, stage]

    def asked(self, stage: Stage) -> list[str]:
        """Publications that a stage is about: all of them; for full texts those that title and abstract let pass."""
        if stage == "title-abstract":
            return list(self.publications)
        return [one for one in self.publications if self.at(one, "title-abstract").verdict is Verdict.INCLUDED]

    def open_for(self, reviewer: str, stage: Stage) -> list[str]:
        """Publications that a reviewer has not judged yet, in order."""
        return [one for one in self.asked(stage) if reviewer not in self.at(one, stage).by]

    def with_verdict(self, stage: Stage, verdict: Verdict) -> list[str]:
        """Publications of a verdict among those that a stage is about."""
        return [one for one in self.asked(stage) if self.at(one, stage).verdict is verdict]


def selection(publications: Iterable[Publication], files: Files) -> Selection:
    """Put publications and decisions together. A decision about any copy is one about the publication."""
    units = {one.found.id: one for one in publications}
    unit_of = {identifier: name for name, one in units.items() for identifier in one.ids}
    reviewers = tuple(sorted(name for name in files if name != CONSENSUS))
    given: dict[tuple[str, Stage], dict[str, ScreeningDecision]] = {}
    agreed: dict[tuple[str, Stage], ScreeningDecision] = {}
    for name in sorted(files):
        for line in files[name]:
            unit = unit_of.get(line.record)
            if unit is None:
                continue
            if name == CONSENSUS:
                agreed[unit, line.stage] = line
            else:
                given.setdefault((unit, line.stage), {})[name] = line
    said: dict[tuple[str, Stage], Said] = {}
    stages: tuple[Stage, ...] = ("title-abstract", "full-text")
    for stage in stages:
        for unit in units:
            by = given.get((unit, stage), {})
            said[unit, stage] = _said(by, agreed.get((unit, stage)), stage, len(reviewers))
    return Selection(units, reviewers, said)


def _said(
    by: Mapping[str, ScreeningDecision], consensus: ScreeningDecision | None, stage: Stage, reviewers: int
) -> Said:
    if consensus is not None:
        verdict = Verdict.EXCLUDED if consensus.decision == "exclude" else Verdict.INCLUDED
        if consensus.decision == "unsure" and stage == "full-text":
            verdict = Verdict.CONFLICT
        return Said(by, consensus, verdict, (consensus.reason or "") if verdict is Verdict.EXCLUDED else "")
    if not by or len(by) < min(reviewers, 2):
        return Said(by, None, Verdict.OPEN)
    out = {line.decision == "exclude" for line in by.values()}
    if len(out) > 1 or (stage == "full-text" and any(line.decision == "unsure" for line in by.values())):
        return Said(by, None, Verdict.CONFLICT)
    if out == {False}:
        return Said(by, None, Verdict.INCLUDED)
    reasons = _reasons(by.values())
    return Said(by, None, Verdict.EXCLUDED, reasons[0] if len(reasons) == 1 else "")


def _reasons(lines: Iterable[ScreeningDecision]) -> list[str]:
    return sorted({line.reason for line in lines if line.reason})


def with_decision(lines: Sequence[ScreeningDecision], line: ScreeningDecision) -> list[ScreeningDecision]:
    """The lines with one more at the end; what was said of the same record at the same stage before is replaced."""
    return [*(one for one in lines if (one.record, one.stage) != (line.record, line.stage)), line]


def without_decision(lines: Sequence[ScreeningDecision], record: str, stage: Stage) -> list[ScreeningDecision]:
    """The lines without what was said of a record at a stage."""
    return [one for one in lines if (one.record, one.stage) != (record, stage)]
