"""The frame of a plot with two axes: where values stand, and what is written around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from guidewright.figures import clipping, svg
from guidewright.figures.clipping import Box
from guidewright.figures.effect import Effect, across
from guidewright.figures.figure import Sheet
from guidewright.figures.lettering import LEADING, SMALL, widest, wrap
from guidewright.figures.scales import Scale, ticks
from guidewright.figures.svg import Point


@dataclass(frozen=True)
class Axis:
    """The range that an axis shows. ``falling`` draws an upright axis with its lowest value at the top."""

    title: str
    low: float
    high: float
    log: bool = False
    falling: bool = False


@dataclass(frozen=True)
class Frame:
    """A plot area. Lines and areas are given in values and cut at its edges."""

    x: Scale
    y: Scale
    y_title: Sequence[str]

    @property
    def box(self) -> Box:
        """The plot area in the drawing."""
        return Box(self.x.start, min(self.y.start, self.y.end), self.x.end, max(self.y.start, self.y.end))

    def point(self, x: float, y: float) -> Point:
        """Where a pair of values stands, which may be outside."""
        return self.x.free(x), self.y.free(y)

    def holds(self, x: float, y: float) -> bool:
        """Whether a pair of values lies in the plot."""
        return self.x.holds(x) and self.y.holds(y)

    def curve(self, points: Sequence[Point], class_: str) -> list[str]:
        """A line through pairs of values."""
        pieces = clipping.line([self.point(*p) for p in points], self.box)
        return [svg.polyline(piece, class_) for piece in pieces]

    def area(self, corners: Sequence[Point], class_: str, fill: str = "") -> list[str]:
        """A closed shape."""
        shape = clipping.area([self.point(*p) for p in corners], self.box)
        return [svg.polygon(shape, class_, fill)] if len(shape) > 2 else []

    def upright(self, x: float | None, class_: str) -> list[str]:
        """A vertical line through the plot."""
        if x is None or not self.x.holds(x):
            return []
        return [svg.line(self.x.at(x), self.box.top, self.x.at(x), self.box.bottom, class_)]

    def level(self, y: float | None, class_: str) -> list[str]:
        """A horizontal line through the plot."""
        if y is None or not self.y.holds(y):
            return []
        return [svg.line(self.box.left, self.y.at(y), self.box.right, self.y.at(y), class_)]

    def axes(self, x: Effect) -> tuple[list[str], float]:
        """Both axes with their numbers and names, and the y where they end."""
        parts, end = across(self.x, x, self.box.bottom)
        return [*self.left_axis(), *parts], end

    def left_axis(self) -> list[str]:
        """The upright axis; its name stands above it, so that nobody has to read sideways."""
        left = self.box.left
        parts = [svg.line(left, self.box.top, left, self.box.bottom, "gw-rule")]
        for value, words in ticks(self.y, upright=True):
            y = self.y.at(value)
            parts += [svg.line(left - 5, y, left, y, "gw-rule"), svg.text(left - 8, y + 4, words, "gw-tick", "end")]
        return [*parts, *(svg.text(0, 13 + LEADING * n, line, "gw-tick") for n, line in enumerate(self.y_title))]


def frame(sheet: Sheet, x: Axis, y: Axis, *, height: float = 0.0, right: float = 14.0, top: float = 0.0) -> Frame:
    """Lay out a plot on a sheet: the left margin follows the numbers of the upright axis."""
    height = height or (300.0 if sheet.narrow else 380.0)
    title = wrap(y.title, sheet.width, SMALL) if y.title else []
    above = top + 8 + LEADING * len(title)
    ends = (above, above + height) if y.falling else (above + height, above)
    upright = Scale(y.low, y.high, *ends, y.log)
    left = max(30.0, widest((words for _, words in ticks(upright, upright=True)), SMALL) + 10)
    return Frame(Scale(x.low, x.high, left, sheet.width - right, x.log), upright, title)
