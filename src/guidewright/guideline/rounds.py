"""Voting rounds: what is put to the vote, and the rule, which is declared before the first vote."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from guidewright.values import ActorId, ClauseId, GroupId, ISODate, RoundId, Slug, Text, Value

Percent = Annotated[float, Field(gt=0, le=100)]
Rating = Annotated[int, Field(ge=1, le=9)]


class GridRule(Value):
    """When a vote with five options (GRADE grid) gives a recommendation, and when it is strong."""

    direction_percent: Percent
    """Share of votes on one side, strong and weak together, that a recommendation needs."""
    opposite_below_percent: Percent
    """The share of votes on the other side must stay below this."""
    strong_percent: Percent
    """Share of votes for the strong option of that side that makes the recommendation strong."""


class RatingRule(Value):
    """How ratings from 1 to 9 are read."""

    agree_from: Annotated[Rating, Field(examples=[7])] = 7
    """Ratings from here on count as votes in favour."""
    disagree_to: Annotated[Rating, Field(examples=[3])] = 3
    """Ratings up to here are dissent."""
    median_at_least: Annotated[float, Field(ge=1, le=9)] | None = None
    """Median that adoption needs as well."""
    disagreement: Literal["none", "ipras"] = "none"
    """``ipras``: no adoption where the ratings disagree by the rule of the RAND/UCLA method: the range between the 30th
    and 70th percentile is wider than that of a symmetric spread, corrected for asymmetry (Fitch et al. 2001)."""

    @model_validator(mode="after")
    def _apart(self) -> RatingRule:
        if self.disagree_to >= self.agree_from:
            raise ValueError("`disagree_to` must be below `agree_from`")
        return self


class RuleChange(Value):
    """A change of the rule. Changes are added to the list and never removed, so that its history stays visible."""

    date: ISODate
    """When it was changed."""
    what: Literal["method", "threshold_percent", "quorum", "grid", "rating", "clauses", "group"]
    """What was changed."""
    before: str
    """What it was."""
    after: str
    """What it became."""
    why: Text
    """Why."""
    by: ActorId | None = None
    """Who decided it."""


class Round(Value):
    """A voting round; its votes stand in ``votes/<id>.csv``."""

    id: Slug
    """Identifier, equal to the name of the file of votes."""
    title: Text | None = None
    """What it was, in words."""
    method: Literal["nominal-group", "delphi", "grade-grid", "open-vote"]
    """Method."""
    threshold_percent: Percent | None = None
    """Share of votes in favour that adopts a clause, in percent of votes cast; abstentions and recusals do not count.
    Of ratings, the share that is in favour. A GRADE grid has its own rule instead."""
    quorum: Annotated[int, Field(ge=1)]
    """Smallest number of members who take part; abstentions count, recusals do not."""
    grid: GridRule | None = None
    """For a GRADE grid: its rule."""
    rating: RatingRule | None = Field(default=None, examples=[{"agree_from": 7, "disagree_to": 3}])
    """For rounds in which members rate from 1 to 9: how ratings are read."""
    declared: ISODate
    """When the rule was declared."""
    group: GroupId | None = None
    """The group that votes."""
    clauses: tuple[ClauseId, ...] = ()
    """Clauses put to the vote; left out, all of the guideline."""
    follows: RoundId | None = None
    """The round before, where the same clauses are voted on again."""
    changes: tuple[RuleChange, ...] = ()
    """Changes of the rule since it was declared, oldest first."""

    @model_validator(mode="after")
    def _one_rule(self) -> Round:
        if (self.method == "grade-grid") != (self.grid is not None):
            raise ValueError("a `grade-grid` round needs `grid`, and no other round has it")
        if self.method != "grade-grid" and self.threshold_percent is None:
            raise ValueError("`threshold_percent` is missing: which share of votes in favour adopts a clause?")
        if self.rating is not None and self.method not in {"delphi", "nominal-group"}:
            raise ValueError("`rating` is for `delphi` and `nominal-group` rounds")
        if self.follows == self.id:
            raise ValueError("a round cannot follow itself")
        return self

    @property
    def options(self) -> tuple[str, ...]:
        """The votes that members may cast, in order; ratings instead are numbers."""
        if self.method == "grade-grid":
            return ("strong-for", "weak-for", "neutral", "weak-against", "strong-against")
        return () if self.rating else ("for", "against")
