"""Votes (``guideline_src/votes/<round>.csv``)."""

from __future__ import annotations

from typing import Literal

from guidewright.values import (
    ClauseId,
    ISODate,
    PersonId,
    Value,
)


class Vote(Value):
    """One vote of one member on one clause."""

    voter: PersonId
    """Person of ``guideline.yml``."""
    clause: ClauseId
    """The clause."""
    vote: Literal["for", "against", "abstain", "recused"]
    """The vote."""
    date: ISODate | None = None
    """Day of the vote."""
    comment: str | None = None
    """Remark."""
