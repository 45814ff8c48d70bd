"""Diagnostic and treatment pathways (``guideline_src/pathways/*.yml``)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from guidewright.values import (
    RecommendationId,
    Slug,
    Source,
    Text,
    Value,
)


class Next(Value):
    """Where a step leads."""

    to: Slug
    """The step that follows."""
    when: Text | None = None
    """Under which condition."""


class Step(Value):
    """One step of a pathway."""

    id: Slug
    """Identifier."""
    kind: Literal["start", "question", "action", "end"]
    """What it is."""
    text: Text
    """What is asked or done."""
    recommendations: tuple[RecommendationId, ...] = ()
    """Recommendations that say more."""
    next: tuple[Next, ...] = ()
    """Where it leads."""
    source: Source | None = None
    """Where it is stated."""


class Pathway(Value):
    """A pathway as steps."""

    id: Slug
    """Identifier, equal to the file name without ``.yml``."""
    title: Text
    """Title."""
    summary: Text
    """What it is for and where it comes from."""
    note: Text | None = None
    """What is not known of it."""
    source: Source | None = None
    """Where it is described; none where the group draws it here for the first time."""
    steps: Annotated[tuple[Step, ...], Field(min_length=2)]
    """The steps, the first is the start."""

    @model_validator(mode="after")
    def _steps_exist(self) -> Pathway:
        known = [step.id for step in self.steps]
        if len(set(known)) != len(known):
            raise ValueError("two steps have the same id")
        for step in self.steps:
            for following in step.next:
                if following.to not in known:
                    raise ValueError(f"step `{step.id}` leads to `{following.to}`, which is no step of this pathway")
        return self
