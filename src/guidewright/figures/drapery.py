"""Drapery plots: the p value of every possible effect, for each study and for the summary (Rücker & Schwarzer 2021)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from guidewright.figures.effect import Effect
from guidewright.figures.figure import Drawing, Figure, Sheet
from guidewright.figures.frame import Axis, frame
from guidewright.figures.legend import legend, line_entry
from guidewright.figures.numerals import said
from guidewright.figures.points import Stroke
from guidewright.figures.scales import span
from guidewright.figures.svg import Point
from guidewright.figures.table import Table

_STEPS = 120


@dataclass(frozen=True)
class Drape:
    """An estimate (natural scale) with its standard error (scale of analysis), taken as normal."""

    label: str
    estimate: float
    se: float
    stroke: Stroke = Stroke.THIN
    """A summary is solid or dashed, and is named in the legend."""

    @property
    def shown(self) -> bool:
        """Whether it has a curve."""
        return math.isfinite(self.estimate) and math.isfinite(self.se) and self.se > 0


@dataclass(frozen=True, kw_only=True)
class Drapery(Figure):
    """Curves for studies (thin) and summaries."""

    kind: ClassVar[str] = "drapery"
    drapes: Sequence[Drape]
    effect: Effect
    p_title: str
    label_heading: str
    se_heading: str
    studies_words: str
    levels: Sequence[float] = (0.05,)
    """p values marked by a line."""
    levels_words: str = ""

    @property
    def table(self) -> Table:
        """Label, estimate, standard error."""
        header = (self.label_heading, self.effect.title, self.se_heading)
        return Table(header, tuple((d.label, said(d.estimate), said(d.se)) for d in self.drapes))

    def _has_data(self) -> bool:
        return any(drape.shown for drape in self.drapes)

    def _drawing(self, sheet: Sheet) -> Drawing:
        shown = [d for d in self.drapes if d.shown]
        summaries = [d for d in shown if d.stroke is not Stroke.THIN] or shown
        reach = [self.effect.outer(self.effect.inner(d.estimate) + s * 3 * d.se) for d in summaries for s in (-1, 1)]
        x = span([self.effect.null, *(d.estimate for d in shown), *reach], log=self.effect.log)
        plot = frame(sheet, Axis(self.effect.title, *x, self.effect.log), Axis(self.p_title, 0.0, 1.02))
        parts = plot.upright(self.effect.null, "gw-null")
        for level in self.levels:
            parts += plot.level(level, "gw-reference")
        for drape in sorted(shown, key=lambda d: d.stroke is not Stroke.THIN):
            parts += plot.curve(self._points(drape, *x), f"gw-curve gw-{drape.stroke}")
        axes, end = plot.axes(self.effect)
        entries = [
            line_entry("gw-curve gw-thin", self.studies_words),
            *(line_entry(f"gw-curve gw-{d.stroke}", d.label) for d in shown if d.stroke is not Stroke.THIN),
            line_entry("gw-reference", self.levels_words),
        ]
        samples, end = legend(entries, 0, end, sheet.width)
        return Drawing([*parts, *axes, *samples], sheet.width, end)

    def _points(self, drape: Drape, low: float, high: float) -> list[Point]:
        """The curve, densest around its peak; it is cut where it has become a line along the bottom."""
        centre = self.effect.inner(drape.estimate)
        ends = self.effect.inner(low), self.effect.inner(high)
        values = {centre, *(centre + drape.se * 4 * n / _STEPS for n in range(-_STEPS, _STEPS + 1, 2))}
        return [
            (self.effect.outer(v), math.erfc(abs(v - centre) / drape.se / math.sqrt(2)))
            for v in sorted(values)
            if ends[0] - drape.se <= v <= ends[1] + drape.se
        ]
