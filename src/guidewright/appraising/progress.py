"""What one reviewer has answered and what is still to do, from that reviewer's own file alone."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from guidewright.grading.instrument import Instrument
from guidewright.grading.judging import asked
from guidewright.grading.reconciliation import own_of, units_of
from guidewright.project import Project


@dataclass(frozen=True)
class OwnAppraisal:
    """One appraisal of one reviewer."""

    study: str
    instrument: str
    outcome: str | None
    answered: int
    asked: int
    judgements: tuple[tuple[str, str], ...]
    """Domain or whole, and the judgement in words."""
    missing: tuple[str, ...]
    """Questions, and domains that the instrument leaves to the appraiser, still to answer."""

    def as_dict(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self)


def of_reviewer(project: Project, reviewer: str) -> tuple[OwnAppraisal, ...]:
    """Everything that a reviewer has begun."""
    rows = project.appraisals.get(reviewer, ())
    found = []
    for unit in units_of({reviewer: rows}, project.instruments):
        instrument = project.instruments[unit[1]]
        own = own_of(unit, reviewer, rows, instrument)
        needed = [q.id for q in instrument.questions.values() if asked(instrument, q, own.given) is not False]
        open_ = [item for item in needed if not own.given.get(item)]
        left = [one.part for one in own.judged if one.part in one.missing]
        words = [(one.part, _words(instrument, one.judgement)) for one in own.judged]
        found.append(OwnAppraisal(*unit, own.progress.answered, own.progress.asked, tuple(words), (*open_, *left)))
    return tuple(found)


def _words(instrument: Instrument, judgement: str | None) -> str:
    return instrument.levels[judgement].label.get("en", judgement) if judgement else "undetermined"
