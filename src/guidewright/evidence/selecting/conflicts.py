"""Where reviewers differ, and what consensus needs to say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from guidewright.evidence.screening import STAGES, ScreeningDecision, Stage
from guidewright.evidence.selecting.state import Selection, Verdict


@dataclass(frozen=True)
class Conflict:
    """One publication about which consensus is needed."""

    publication: str
    stage: Stage
    kind: Literal["decision", "reason"]
    """``decision``: some would exclude it and others not, or a full text left somebody unsure. ``reason``: all exclude
    it, for different reasons, of which the flow diagram counts one."""
    said: Mapping[str, ScreeningDecision]


def conflicts(selection: Selection, stage: Stage | None = None) -> Iterator[Conflict]:
    """All conflicts, stage by stage, in the order of the publications. Reasons count for full texts only."""
    for one in STAGES if stage is None else (stage,):
        for publication in selection.asked(one):
            said = selection.at(publication, one)
            if said.verdict is Verdict.CONFLICT:
                yield Conflict(publication, one, "decision", said.by)
            elif said.reasons_differ and one == "full-text":
                yield Conflict(publication, one, "reason", said.by)
