"""The criteria of the evidence-to-decision framework, as data (``criteria.yml``)."""

from __future__ import annotations

from typing import Any, Literal

from guidewright.values import Slug, Source, Text, Value


class Answer(Value):
    """One answer of a scale."""

    id: Slug
    """Name."""
    label: Text
    """Its label."""


class Criterion(Value):
    """One criterion."""

    id: Slug
    """Name."""
    scale: Slug
    """Its answers, by name of a scale."""
    label: Text
    """Its label."""
    question: Text
    """What is asked."""


class Criteria(Value):
    """All criteria with their scales."""

    id: Slug
    """Name."""
    title: Text
    """Title."""
    standing: Literal["verified", "partial", "knowledge"]
    """How far the framework was read in its sources."""
    sources: tuple[Source, ...]
    """Where it stands."""
    scales: dict[Slug, tuple[Answer, ...]]
    """Answers by scale."""
    criteria: tuple[Criterion, ...]
    """The criteria, in order."""

    def answers(self, criterion: str) -> tuple[Answer, ...]:
        """The answers of a criterion; none for a criterion that does not exist."""
        return next((self.scales[one.scale] for one in self.criteria if one.id == criterion), ())

    def model_post_init(self, _context: Any) -> None:
        """Check that every scale exists."""
        unknown = sorted({one.scale for one in self.criteria} - set(self.scales))
        if unknown:
            raise ValueError(f"no such scale: {', '.join(unknown)}")
