"""Declared interests, and which of them keep a person from voting on a clause."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from guidewright.values import ActorId, ISODate, RecommendationId, TermId, Text, Value


class Interest(Value):
    """One declared interest, or the declaration that there is none (kind ``none``)."""

    text: Text
    """The declaration."""
    kind: Literal["financial", "intellectual", "institutional", "personal", "none"]
    """What kind of interest; ``none`` declares that there is nothing to declare."""
    recommendations: tuple[RecommendationId, ...] = ()
    """Recommendations it concerns; with neither these nor interventions it concerns the whole guideline."""
    interventions: tuple[TermId, ...] = ()
    """Interventions it concerns: the clauses whose analyses or results are about them."""
    conflict: bool | None = None
    """Whether it keeps the person from voting on what it concerns; left out while nobody has judged it."""
    decided_by: ActorId | None = None
    """Who judged it."""
    decided: ISODate | None = None
    """When."""

    @model_validator(mode="after")
    def _nothing_is_no_conflict(self) -> Interest:
        if self.kind == "none" and (self.conflict or self.recommendations or self.interventions):
            raise ValueError("an interest of kind `none` concerns nothing and is no conflict")
        if self.conflict is not None and self.kind != "none" and self.decided_by is None:
            raise ValueError("`conflict` needs `decided_by`: who judged it?")
        return self

    @property
    def everything(self) -> bool:
        """Whether it concerns the whole guideline."""
        return self.kind != "none" and not self.recommendations and not self.interventions
