"""The profile likelihood of the between-study variance, with the interval that it gives (Hardy & Thompson 1996)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from guidewright.figures import svg
from guidewright.figures.effect import Effect
from guidewright.figures.figure import Drawing, Figure, Sheet
from guidewright.figures.frame import Axis, frame
from guidewright.figures.legend import Entry, legend, line_entry
from guidewright.figures.numerals import said
from guidewright.figures.scales import span, usable
from guidewright.figures.svg import Point
from guidewright.figures.table import Table

#: How far down the plot reaches, in depths of the interval's limits below the maximum.
DEPTH = 6.0


@dataclass(frozen=True, kw_only=True)
class Profile(Figure):
    """``points`` are pairs of a value of tau2 and its log-likelihood, by rising tau2."""

    kind: ClassVar[str] = "profile"
    points: Sequence[Point]
    x_title: str
    y_title: str
    estimate: float | None = None
    height: float | None = None
    """Log-likelihood at the estimate."""
    estimate_words: str = ""
    low: float | None = None
    high: float | None = None
    cutoff: float | None = None
    """Log-likelihood at the limits of the interval."""
    interval_words: str = ""

    @property
    def table(self) -> Table:
        """The points, the estimate and the limits among them."""
        named = [(self.estimate, self.height), (self.low, self.cutoff), (self.high, self.cutoff)]
        extra = [(x, y) for x, y in named if x is not None and y is not None]
        rows = sorted({*((float(x), float(y)) for x, y in self.points), *extra})
        return Table((self.x_title, self.y_title), tuple((said(x, 4), said(y, 5)) for x, y in rows))

    @property
    def _floor(self) -> float:
        """What is far below the limits of the interval would press all else together: the curve leaves the plot."""
        if self.height is None or self.cutoff is None:
            return -math.inf
        return self.height - DEPTH * (self.height - self.cutoff)

    def _has_data(self) -> bool:
        return len(usable(y for _, y in self.points)) > 1

    def _drawing(self, sheet: Sheet) -> Drawing:
        shown = [(x, y) for x, y in self.points if len(usable([x, y])) == 2]
        heights = [self.height, self.cutoff, *(y for _, y in shown if y >= self._floor)]
        x = Axis(self.x_title, *span([*(x for x, _ in shown), self.estimate, self.low, self.high], pad=0.02))
        plot = frame(sheet, x, Axis(self.y_title, *span(heights, pad=0.06)))
        parts = plot.level(self.cutoff, "gw-reference")
        for limit in (self.low, self.high):
            if limit is not None and self.cutoff is not None:
                parts += plot.curve([(limit, plot.y.low), (limit, self.cutoff)], "gw-reference")
        parts += plot.curve(shown, "gw-curve gw-solid")
        if self.estimate is not None and self.height is not None:
            parts.append(svg.circle(*plot.point(self.estimate, self.height), 5, "gw-point"))
        axes, end = plot.axes(Effect(self.x_title, None))
        entries = [
            Entry(lambda x, y: svg.circle(x, y, 5, "gw-point"), self.estimate_words if self.height is not None else ""),
            line_entry("gw-reference", self.interval_words if self.cutoff is not None else ""),
        ]
        samples, end = legend(entries, 0, end, sheet.width)
        return Drawing([*parts, *axes, *samples], sheet.width, end)
