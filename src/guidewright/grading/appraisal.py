"""Answers about studies (``grading/appraisals/<reviewer>.csv``): one file per reviewer, and ``consensus.csv``."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from guidewright.grading.condition import ItemId
from guidewright.values import (
    ActorId,
    InstrumentId,
    ISODate,
    OutcomeId,
    StudyId,
    Value,
)

#: Name of the file that holds what several people agreed upon.
CONSENSUS = "consensus"


def _names(value: Any) -> Any:
    return re.split(r"[;\s]+", value.strip()) if isinstance(value, str) else value


class Judgement(Value):
    """One answer about one study, of one reviewer or, in ``consensus.csv``, of those who agreed on it."""

    study: StudyId
    """The study."""
    instrument: InstrumentId
    """The appraisal instrument."""
    outcome: OutcomeId | None = None
    """For instruments that appraise a result: its outcome. Left out, the answer holds for every outcome."""
    item: ItemId
    """Number of the question; or the name of a domain, or ``overall``, for a person's own judgement of it."""
    answer: str = Field(min_length=1, examples=["PY"])
    """The answer, by its short name; a number where the question asks for one."""
    reason: str
    """Why."""
    place: str | None = Field(default=None, examples=["page 1085"])
    """Page or quotation of the report that shows it."""
    date: ISODate | None = None
    """Day of the answer."""
    by: Annotated[tuple[ActorId, ...], BeforeValidator(_names)] = Field(default=(), examples=["li-na; wang-wei"])
    """In ``consensus.csv``: the people or the group who agreed, separated by semicolons."""

    @property
    def key(self) -> tuple[str, ...]:
        """What one file says once."""
        return (self.study, self.instrument, self.outcome or "", self.item)
