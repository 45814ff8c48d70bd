"""Funnel plots: effects against their precision, with the cone that sampling error alone would fill.

Cone and contours follow Sterne & Egger (2001) and Peters et al. (2008): around the estimate, and around no effect.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist
from typing import ClassVar

from guidewright.figures.effect import Effect
from guidewright.figures.figure import Drawing, Figure, Sheet
from guidewright.figures.frame import Axis, Frame, frame
from guidewright.figures.legend import box_entry, circle_entry, legend, line_entry
from guidewright.figures.numerals import said
from guidewright.figures.patterns import Pattern, definition, fill
from guidewright.figures.points import Study, scatter
from guidewright.figures.scales import span, usable
from guidewright.figures.svg import Point
from guidewright.figures.table import Table

_STEPS = 60


class Precision(StrEnum):
    """What the upright axis shows."""

    SE = "se"
    INVERSE_SE = "inverse-se"
    SIZE = "size"
    """Sample size, which has no cone."""


@dataclass(frozen=True)
class Contour:
    """The zone of effects whose interval of this level excludes no effect, and what that means."""

    level: float
    words: str


@dataclass(frozen=True, kw_only=True)
class Funnel(Figure):
    """A funnel plot; hollow studies are imputed ones. ``x`` of a study is its effect, ``y`` its precision."""

    kind: ClassVar[str] = "funnel"
    studies: Sequence[Study]
    effect: Effect
    precision: Precision
    precision_title: str
    label_heading: str
    estimate: float | None = None
    """Centre of the cone."""
    estimate_words: str = ""
    level: float = 0.95
    cone_words: str = ""
    contours: Sequence[Contour] = ()
    """By rising level, at most three."""
    observed_words: str = ""
    imputed_words: str = ""
    status_heading: str = ""
    """Over the column of the table that tells imputed studies from observed ones."""

    @property
    def table(self) -> Table:
        """Study, effect, precision, and which studies are imputed where any is."""
        imputed = any(study.hollow for study in self.studies)
        header = (
            self.label_heading,
            self.effect.title,
            self.precision_title,
            *((self.status_heading,) if imputed else ()),
        )
        words = {True: self.imputed_words, False: self.observed_words}
        return Table(
            header,
            tuple((s.label, said(s.x), said(s.y), *((words[s.hollow],) if imputed else ())) for s in self.studies),
        )

    def _has_data(self) -> bool:
        return any(study.shown for study in self.studies)

    def _drawing(self, sheet: Sheet) -> Drawing:
        plot = self._frame(sheet)
        contours = self.contours if self.precision is not Precision.SIZE else ()
        zones = list(zip(contours, list(Pattern), strict=False))
        parts = [f"<defs>{''.join(definition(sheet.identifier, p) for _, p in zones)}</defs>"] if zones else []
        for number, (contour, pattern) in enumerate(zones):
            outer = zones[number + 1][0].level if number + 1 < len(zones) else None
            for corners in self._zone(plot, contour.level, outer):
                parts += plot.area(corners, "gw-zone", fill(sheet.identifier, pattern))
        parts += plot.upright(self.effect.null, "gw-null")
        if self.estimate is not None:
            parts += plot.upright(self.estimate, "gw-reference")
            for sign in (-1, 1):
                parts += plot.curve(self._side(plot, self.estimate, self.level, sign), "gw-curve gw-dashed")
        parts += scatter(plot, self.studies)
        axes, y = plot.axes(self.effect)
        cone = self.estimate is not None and self.precision is not Precision.SIZE
        entries = [
            circle_entry("gw-point", self.observed_words),
            circle_entry("gw-hollow", self.imputed_words if any(s.hollow for s in self.studies) else ""),
            line_entry("gw-reference", self.estimate_words if self.estimate is not None else ""),
            line_entry("gw-curve gw-dashed", self.cone_words if cone else ""),
            *(box_entry("gw-zone", contour.words, fill(sheet.identifier, p)) for contour, p in zones),
        ]
        samples, y = legend(entries, 0, y, sheet.width)
        return Drawing([*parts, *axes, *samples], sheet.width, y)

    def _frame(self, sheet: Sheet) -> Frame:
        heights = usable(s.y for s in self.studies)
        top = max([*heights, 0.0]) or 1.0
        if self.precision is Precision.SE:
            y = Axis(self.precision_title, 0.0, top * 1.05, falling=True)
        else:
            y = Axis(self.precision_title, *span([*heights, min(heights) * 0.9]))
        ends = [self.estimate, self.effect.null]
        if self.precision is Precision.SE and self.estimate is not None:
            ends += [self._edge(self.estimate, self.level, sign, top) for sign in (-1, 1)]
        x = span([*ends, *(s.x for s in self.studies)], log=self.effect.log)
        return frame(sheet, Axis(self.effect.title, *x, self.effect.log), y)

    def _edge(self, centre: float, level: float, sign: int, se: float) -> float:
        return self.effect.outer(self.effect.inner(centre) + sign * NormalDist().inv_cdf((1 + level) / 2) * se)

    def _side(self, plot: Frame, centre: float, level: float | None, sign: int) -> list[Point]:
        """One side of a cone from bottom to top; without a level, beyond the edge of the plot."""
        if self.precision is Precision.SIZE:
            return []
        low, high = plot.y.low, plot.y.high
        values = [low + (high - low) * n / _STEPS for n in range(_STEPS + 1)]
        reach = 2 * (self.effect.inner(plot.x.high) - self.effect.inner(plot.x.low))
        points = []
        for value in values:
            se = value if self.precision is Precision.SE else 1 / max(value, 1e-12)
            wide = reach if level is None else min(NormalDist().inv_cdf((1 + level) / 2) * se, reach)
            points.append((self.effect.outer(self.effect.inner(centre) + sign * wide), value))
        return points

    def _zone(self, plot: Frame, inner: float, outer: float | None) -> list[list[Point]]:
        if self.effect.null is None:
            return []
        return [
            [
                *self._side(plot, self.effect.null, inner, sign),
                *reversed(self._side(plot, self.effect.null, outer, sign)),
            ]
            for sign in (-1, 1)
        ]
