"""Marks of data, in units of the drawing: what a study, a summary or an uncertainty looks like in every figure."""

from __future__ import annotations

import math
from collections.abc import Iterator

from guidewright.figures import svg
from guidewright.figures.scales import Scale

#: Half the height of a diamond.
HALF = 7.0


def side(weight: float | None, heaviest: float, *, small: float = 5.0, large: float = 13.0) -> float:
    """Side of a square (or diameter of a circle): the area grows with the weight. Without a weight, a middling size."""
    if weight is None or not math.isfinite(weight) or heaviest <= 0:
        return (small + large) / 2
    return small + (large - small) * math.sqrt(min(max(weight, 0.0) / heaviest, 1.0))


def interval(scale: Scale, low: float, high: float, y: float, class_: str = "gw-interval") -> Iterator[str]:
    """A line from limit to limit, with an arrowhead where it goes on beyond the scale."""
    if high < scale.low or low > scale.high:  # all of it lies beyond: only the arrow is left
        x = scale.at(low)
        yield arrowhead(x, y, to_left=high < scale.low)
        return
    yield svg.line(scale.at(low), y, scale.at(high), y, class_)
    if not scale.holds(low):
        yield arrowhead(scale.start, y, to_left=True)
    if not scale.holds(high):
        yield arrowhead(scale.end, y, to_left=False)


def arrowhead(x: float, y: float, *, to_left: bool) -> str:
    """A triangle that points out of the plot."""
    back = x + (7 if to_left else -7)
    return svg.polygon([(x, y), (back, y - 4), (back, y + 4)], "gw-arrow")


def diamond(scale: Scale, estimate: float, low: float, high: float, y: float, class_: str) -> Iterator[str]:
    """A summary: as wide as its interval, the middle at the estimate."""
    x = scale.at(estimate)
    left, right = min(scale.at(low), x - 1.5), max(scale.at(high), x + 1.5)
    left, right = max(left, scale.start), min(right, scale.end)
    yield svg.polygon([(left, y), (x, y - HALF), (right, y), (x, y + HALF)], class_)
    if low < scale.low and not scale.holds(low):
        yield arrowhead(scale.start, y, to_left=True)
    if high > scale.high and not scale.holds(high):
        yield arrowhead(scale.end, y, to_left=False)


def bar(scale: Scale, low: float, high: float, y: float) -> Iterator[str]:
    """A prediction interval: a line with caps, so that it is not taken for a confidence interval."""
    left, right = scale.at(low), scale.at(high)
    yield svg.line(left, y, right, y, "gw-prediction")
    for value, x, to_left in ((low, left, True), (high, right, False)):
        if scale.holds(value):
            yield svg.line(x, y - 5, x, y + 5, "gw-prediction")
        else:
            yield arrowhead(x, y, to_left=to_left)


def little_diamond(x: float, y: float, class_: str, half: float = 6.0) -> str:
    """A summary that is a point."""
    return svg.polygon([(x - half, y), (x, y - half), (x + half, y), (x, y + half)], class_)
