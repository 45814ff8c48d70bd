"""Scores, classifications and thresholds (``guideline_src/tools/*.yml``)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from guidewright.guideline.calculators import TOTAL, Asked, Calculator, Input, Option, Reading
from guidewright.values import (
    RecommendationId,
    Slug,
    Source,
    Text,
    Value,
)


class Level(Value):
    """One answer of a score's component and the points it gives."""

    points: float
    """Points."""
    label: Text
    """The answer."""


class Component(Value):
    """One component of a score."""

    id: Slug
    """Identifier."""
    name: Text
    """Name."""
    levels: tuple[Level, ...] = ()
    """Answers and points; empty where the source does not give them."""
    source: Source | None = None
    """Where the points are stated."""


class Band(Value):
    """A range of the total and what it advises."""

    low: float | None = None
    """Lowest total of the band, included; none for no lower limit."""
    high: float | None = None
    """Highest total of the band, included; none for no upper limit."""
    action: Text
    """What it advises."""


class Kind(Value):
    """A type of a classification or a grade of a scale."""

    id: str = Field(examples=["OF1"])
    """Name of the type."""
    definition: Text | None = None
    """What it is."""
    action: Text | None = None
    """What it advises."""
    source: Source | None = None
    """Where it is defined."""


class Row(Value):
    """One rule, threshold or figure."""

    label: Text
    """What it is about."""
    value: Text
    """The rule or number, in words and with its unit."""
    source: Source
    """Where it is stated."""


class Tool(Value):
    """A score, classification, threshold or rule that recommendations use."""

    id: Slug = Field(examples=["otlics"])
    """Identifier, equal to the file name without ``.yml``."""
    kind: Literal["score", "classification", "grading", "threshold", "definition", "rule", "schedule"]
    """What it is; a score has components and bands, a classification has types, the others have rows."""
    name: Text
    """Name."""
    abbreviation: str | None = None
    """Abbreviation."""
    summary: Text
    """What it is for."""
    used_by: tuple[RecommendationId, ...] = ()
    """Recommendations that use it."""
    components: tuple[Component, ...] = ()
    """Components of a score."""
    bands: tuple[Band, ...] = ()
    """Bands of a score's total."""
    types: tuple[Kind, ...] = ()
    """Types of a classification."""
    rows: tuple[Row, ...] = ()
    """Rules, thresholds and other figures, for example of reliability."""
    calculator: Calculator | None = Field(
        default=None,
        examples=[
            {
                "inputs": [{"id": "t-score", "name": {"zh": "T值", "en": "T-score"}, "kind": "number", "unit": "SD"}],
                "readings": [
                    {"when": {"t-score": {"at_most": -2.5}}, "text": {"zh": "骨质疏松", "en": "osteoporosis"}}
                ],
            }
        ],
    )
    """What to ask and what follows, where the sources give enough for that; a score has one by itself."""
    gaps: tuple[Text, ...] = ()
    """What the sources do not say, so that nobody fills it in by guessing."""
    sources: Annotated[tuple[Source, ...], Field(min_length=1)]
    """Where the tool is described."""

    @model_validator(mode="after")
    def _something_to_show(self) -> Tool:
        if not (self.components or self.types or self.rows or self.gaps):
            raise ValueError("a tool needs `components`, `types` or `rows`; or `gaps` that say why there are none")
        if self.calculator is not None and self.components:
            raise ValueError("a score is calculated from its components and bands; remove `calculator`")
        return self

    @property
    def calculated(self) -> Calculator | None:
        """The calculator: the one that is written, or that of a score of which every point is known."""
        if not self.components or not all(component.levels for component in self.components) or not self.bands:
            return self.calculator
        return Calculator(
            inputs=tuple(
                Input(
                    id=component.id,
                    name=component.name,
                    kind="choice",
                    options=tuple(
                        Option(id=f"o{number}", label=level.label, points=level.points)
                        for number, level in enumerate(component.levels)
                    ),
                )
                for component in self.components
            ),
            readings=tuple(
                Reading(
                    when={
                        TOTAL: Asked(**{k: v for k, v in (("at_least", b.low), ("at_most", b.high)) if v is not None})
                    },
                    text=b.action,
                    recommendations=self.used_by,
                )
                for b in self.bands
            ),
        )
