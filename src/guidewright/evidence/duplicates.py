"""Decisions about pairs of found records (``evidence/duplicates.csv``): same, different, or related."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from guidewright.values import FoundId, ISODate, Value

#: Written in place of a person where the tool decided by its rules.
AUTOMATIC = "automatic"


class DuplicateDecision(Value):
    """What was decided about two records. A line of a person counts more than one of the tool."""

    record: FoundId
    """One of the two records."""
    same_as: FoundId
    """The other one."""
    decision: Literal["same", "different", "related"]
    """``same``: one publication, of which the records are copies. ``related``: two publications of one study, such as
    a conference abstract and the paper. ``different``: neither."""
    by: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80, examples=["automatic"])] = AUTOMATIC
    """Who decided: a person of ``guideline.yml``, or ``automatic``."""
    date: ISODate | None = None
    """Day of the decision."""
    reason: str | None = Field(default=None, examples=["title=identical authors=all pages=same score=27.4"])
    """What the decision rests on. The tool writes the names of the levels and rules that ``guidewright dedupe
    --rules`` explains."""

    @model_validator(mode="after")
    def _two_records(self) -> DuplicateDecision:
        if self.record == self.same_as:
            raise ValueError("a record cannot be a duplicate of itself; name two records")
        return self

    @property
    def pair(self) -> tuple[str, str]:
        """The two records in order of the alphabet."""
        return (self.record, self.same_as) if self.record < self.same_as else (self.same_as, self.record)

    @property
    def automatic(self) -> bool:
        """Whether the tool decided."""
        return self.by == AUTOMATIC
