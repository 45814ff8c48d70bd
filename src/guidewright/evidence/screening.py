"""Screening decisions (``evidence/screening/<reviewer>.csv``): one file per reviewer."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from guidewright.values import ISODate, ScreenedId, Value

#: Name of the file that holds what several people agreed upon.
CONSENSUS = "consensus"
Stage = Literal["title-abstract", "full-text"]
Decision = Literal["include", "exclude", "unsure"]
STAGES: tuple[Stage, ...] = ("title-abstract", "full-text")
DECISIONS: tuple[Decision, ...] = ("include", "exclude", "unsure")


class ScreeningDecision(Value):
    """What one reviewer decided about one record at one stage."""

    record: ScreenedId
    """The record: its identifier among the found records, or its citation key. Any copy of a publication stands for
    all of its copies."""
    stage: Stage
    """Stage of the selection."""
    decision: Decision
    """The decision. ``unsure`` on title and abstract takes a record on to its full text."""
    reason: str | None = Field(default=None, examples=["population"])
    """The criterion that excludes it: one of ``guidewright screen --reasons``, or words of your own."""
    date: ISODate | None = None
    """Day of the decision."""
    note: str | None = None
    """Remark; in ``consensus.csv`` why it was decided so."""
    by: str | None = Field(default=None, examples=["li-na; wang-fang"])
    """Only in ``consensus.csv``: the people who agreed, or the one who decided, joined by ``;``."""
