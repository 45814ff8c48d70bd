"""Studies as points, and lines, of figures with two axes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from guidewright.figures import labelling, svg
from guidewright.figures.frame import Frame
from guidewright.figures.labelling import Name
from guidewright.figures.legend import Entry, line_entry
from guidewright.figures.marks import side
from guidewright.figures.numerals import said
from guidewright.figures.svg import Point

#: Sizes of points with weights, and of those without.
SMALLEST, LARGEST, PLAIN = 6.0, 26.0, 8.0


@dataclass(frozen=True)
class Study:
    """A study at a pair of values."""

    label: str
    x: float
    y: float
    weight: float | None = None
    """On any scale; the area of the circle grows with it."""
    hollow: bool = False
    """Drawn open: what an open point means is said by the figure."""
    named: bool = True
    """Whether its name is written beside it where there is room."""

    @property
    def shown(self) -> bool:
        """Whether both values can be drawn."""
        return math.isfinite(self.x) and math.isfinite(self.y)


class Stroke(StrEnum):
    """How a line is drawn."""

    SOLID = "solid"
    DASHED = "dashed"
    DOTTED = "dotted"
    THIN = "thin"


@dataclass(frozen=True)
class Curve:
    """A line through points, and what it means."""

    points: Sequence[Point]
    words: str = ""
    stroke: Stroke = Stroke.SOLID

    @property
    def class_(self) -> str:
        """Its CSS class."""
        return f"gw-curve gw-{self.stroke}"

    @property
    def entry(self) -> Entry:
        """Its line in a legend."""
        return line_entry(self.class_, self.words)


def scatter(frame: Frame, studies: Sequence[Study]) -> list[str]:
    """The points in a frame, the largest behind, with the names that find room."""
    seen = [study for study in studies if study.shown and frame.holds(study.x, study.y)]
    largest = max((s.weight for s in seen if s.weight is not None and math.isfinite(s.weight)), default=0.0)
    radii = [
        PLAIN / 2 if s.weight is None else side(s.weight, largest, small=SMALLEST, large=LARGEST) / 2 for s in seen
    ]
    placed = sorted(zip(radii, seen, strict=True), key=lambda pair: -pair[0])
    names = [
        Name(study.label if study.named else "", *frame.point(study.x, study.y), radius) for radius, study in placed
    ]
    circles = [
        svg.circle(
            *frame.point(study.x, study.y),
            radius,
            "gw-hollow" if study.hollow else "gw-point",
            f"{study.label}: {said(study.x)}; {said(study.y)}",
        )
        for radius, study in placed
    ]
    return [*labelling.place(names, frame.box), *circles]
