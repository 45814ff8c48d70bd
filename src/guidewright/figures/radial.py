"""Radial plots: standardised effects against precision, effects read on an arc (Galbraith 1988)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from guidewright.figures import svg
from guidewright.figures.effect import Effect
from guidewright.figures.figure import Drawing, Figure, Sheet
from guidewright.figures.frame import Axis, Frame, frame
from guidewright.figures.legend import box_entry, legend, line_entry, notes
from guidewright.figures.numerals import said
from guidewright.figures.points import Study, scatter
from guidewright.figures.scales import Scale, span, ticks
from guidewright.figures.svg import Point
from guidewright.figures.table import Table

#: Room right of the arc for the effects written on it.
_MARGIN = 52.0


@dataclass(frozen=True, kw_only=True)
class Radial(Figure):
    """``x`` of a study is 1 / its standard error, ``y`` its effect / its standard error, on the scale of analysis."""

    kind: ClassVar[str] = "radial"
    studies: Sequence[Study]
    effect: Effect
    x_title: str
    y_title: str
    label_heading: str
    estimate: float | None = None
    """Natural scale; the slope of the line from the origin."""
    estimate_words: str = ""
    half_width: float = 1.959964
    """Half the height of the band around the line, in standard errors."""
    band_words: str = ""

    @property
    def table(self) -> Table:
        """Study, effect, precision, standardised effect."""
        header = (self.label_heading, self.effect.title, self.x_title, self.y_title)
        return Table(
            header,
            tuple(
                (s.label, said(self.effect.outer(s.y / s.x)) if s.x else said(None), said(s.x), said(s.y))
                for s in self.studies
            ),
        )

    def _has_data(self) -> bool:
        return any(study.shown and study.x > 0 for study in self.studies)

    def _drawing(self, sheet: Sheet) -> Drawing:
        plot = self._frame(sheet)
        parts: list[str] = []
        if self.estimate is not None:
            slope = self.effect.inner(self.estimate)
            edges = [self._ray(plot, slope, offset) for offset in (-self.half_width, self.half_width)]
            parts += plot.area([*edges[0], *reversed(edges[1])], "gw-area")
            parts += plot.curve(self._ray(plot, slope), "gw-curve gw-solid")
        if self.effect.null is not None:
            parts += plot.curve(self._ray(plot, self.effect.inner(self.effect.null)), "gw-null")
        axes, end = plot.axes(Effect(self.x_title, None))
        entries = [
            line_entry("gw-curve gw-solid", self.estimate_words if self.estimate is not None else ""),
            box_entry("gw-area", self.band_words if self.estimate is not None else ""),
        ]
        samples, end = legend(entries, 0, end, sheet.width)
        lines, end = notes([f"\u25e0 {self.effect.title}"], 0, end, sheet.width)
        arc = self._arc(plot)
        return Drawing([*parts, *arc, *scatter(plot, self.studies), *axes, *samples, *lines], sheet.width, end)

    def _frame(self, sheet: Sheet) -> Frame:
        """The plot; the arc has its width as radius, and every point lies within the arc."""
        shown = [s for s in self.studies if s.shown and s.x > 0]
        y = Axis(self.y_title, *span([-2.5, 2.5, *(s.y for s in shown)], pad=0.06))
        first = frame(sheet, Axis(self.x_title, 0.0, 1.0), y, right=_MARGIN)
        room = first.x.end - first.x.start
        ratio = (first.y.end - first.y.start) / (y.high - y.low)
        unit = min(math.sqrt(max((0.94 * room) ** 2 - (ratio * s.y) ** 2, (room / 4) ** 2)) / s.x for s in shown)
        return frame(sheet, Axis(self.x_title, 0.0, room / unit), y, right=_MARGIN)

    def _ray(self, plot: Frame, slope: float, offset: float = 0.0) -> list[Point]:
        """The points of a line within the arc."""
        x0, y0 = plot.point(0, 0)
        points = [(x, offset + slope * x) for n in range(201) for x in (plot.x.high * n / 200,)]
        places = [plot.point(*p) for p in points]
        radius = plot.x.end - plot.x.start
        return [p for p, (x, y) in zip(points, places, strict=True) if math.hypot(x - x0, y - y0) <= radius]

    def _arc(self, plot: Frame) -> list[str]:
        """The arc between the top and the bottom of the plot, and round effects on it."""
        x0, y0 = plot.point(0, 0)
        across, upwards = plot.point(1, 0)[0] - x0, y0 - plot.point(0, 1)[1]
        radius = plot.x.end - plot.x.start

        def at(slope: float, reach: float) -> Point:
            angle = math.atan2(slope * upwards, across)
            return x0 + reach * math.cos(angle), y0 - reach * math.sin(angle)

        def slope(y: float) -> float:
            angle = math.asin(min(max((y0 - y) / radius, -0.99), 0.99))
            return math.tan(angle) * across / upwards

        low, high = slope(plot.box.bottom), slope(plot.box.top)
        parts = [svg.polyline([at(low + (high - low) * n / 80, radius) for n in range(81)], "gw-rule")]
        ends = plot.box.bottom - 8, plot.box.top + 8
        bottom, top = (self.effect.outer(slope(y)) for y in ends)
        for value, words in ticks(Scale(bottom, top, *ends, self.effect.log), upright=True):
            x, y = at(self.effect.inner(value), radius)
            x2, y2 = at(self.effect.inner(value), radius + 5)
            parts += [svg.line(x, y, x2, y2, "gw-rule"), svg.text(x2 + 3, y2 + 4, words, "gw-tick")]
        return parts
