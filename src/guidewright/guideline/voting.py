"""Votes (``guideline_src/votes/<round>.csv``)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from guidewright.values import (
    ClauseId,
    ISODate,
    PersonId,
    Value,
)

#: What members say who do not decide: they take part without a side, or step back because of an interest.
ABSTAIN, RECUSED = "abstain", "recused"


class Vote(Value):
    """One vote of one member on one clause."""

    voter: PersonId
    """Person of ``guideline.yml``."""
    clause: ClauseId
    """The clause."""
    vote: (
        Literal[
            "for",
            "against",
            "abstain",
            "recused",
            "strong-for",
            "weak-for",
            "neutral",
            "weak-against",
            "strong-against",
        ]
        | None
    ) = None
    """The vote; empty where a rating stands instead. The strong, weak and neutral options belong to a GRADE grid."""
    rating: Annotated[int, Field(ge=1, le=9)] | None = None
    """Rating from 1 (disagree) to 9 (agree), in rounds that rate."""
    date: ISODate | None = None
    """Day of the vote."""
    comment: str | None = None
    """Remark; of those who vote against it is published as their dissent."""

    @model_validator(mode="after")
    def _one_answer(self) -> Vote:
        if (self.vote is None) == (self.rating is None):
            raise ValueError("a row holds either `vote` or `rating`, not both and not neither")
        return self
