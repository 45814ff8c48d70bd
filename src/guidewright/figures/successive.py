"""Forest plots of results instead of studies: cumulative (each study added) and leave-one-out (each left out)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from guidewright.figures.effect import Effect
from guidewright.figures.forest import Forest
from guidewright.figures.rows import Column, Kind, Reference, Row


@dataclass(frozen=True)
class Step:
    """A pooled result under its label, such as "+ Smith 1994" or "without Smith 1994"."""

    label: str
    estimate: float | None
    low: float | None
    high: float | None
    cells: tuple[str, ...]
    """One text for each column."""


def successive(
    steps: Sequence[Step],
    *,
    identifier: str,
    title: str,
    description: str,
    nothing: str,
    effect: Effect,
    label_heading: str,
    columns: Sequence[Column],
    summary: Row | None = None,
    summary_words: str = "",
    notes: Sequence[str] = (),
) -> Forest:
    """The steps in their order; all marks have one size, and a line marks the final result."""
    rows = [Row(Kind.STUDY, s.label, s.cells, s.estimate, s.low, s.high) for s in steps]
    line = [Reference(summary.estimate, summary_words)] if summary and summary.estimate is not None else []
    return Forest(
        identifier=identifier,
        title=title,
        description=description,
        nothing=nothing,
        rows=[*rows, *([summary] if summary else [])],
        effect=effect,
        label_heading=label_heading,
        columns=columns,
        references=line,
        notes=notes,
    )
