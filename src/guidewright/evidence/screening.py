"""Screening decisions (``evidence/screening/<reviewer>.csv``): one file per reviewer."""

from __future__ import annotations

from typing import Literal

from guidewright.values import ISODate, ScreenedId, Value


class ScreeningDecision(Value):
    """What one reviewer decided about one record at one stage."""

    record: ScreenedId
    """The record: its identifier among the found records, or its citation key."""
    stage: Literal["title-abstract", "full-text"]
    """Stage of the selection."""
    decision: Literal["include", "exclude", "unsure"]
    """The decision."""
    reason: str | None = None
    """The criterion that excludes it."""
    date: ISODate | None = None
    """Day of the decision."""
    note: str | None = None
    """Remark."""
