"""Forest plots. One drawing for wide pages (columns side by side) and one for phones (the numbers above each line)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from guidewright.figures import svg

#: Height of one row in each layout, in units of the drawing (1 unit is 1 px at full size).
ROW = 26.0
NARROW_ROW = 44.0


@dataclass(frozen=True)
class Line:
    """One line of the plot. ``weight`` in percent sets the size of the square; a summary is drawn as a diamond."""

    kind: str
    """``heading``, ``study`` or ``summary``."""
    label: str
    numbers: str = ""
    weight_text: str = ""
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    weight: float = 0.0


@dataclass(frozen=True)
class Forest:
    """A forest plot: lines on the natural scale; ``log`` draws the axis of a ratio."""

    identifier: str
    title: str
    description: str
    lines: Sequence[Line]
    null: float
    log: bool
    favours_low: str
    favours_high: str
    label_heading: str
    numbers_heading: str
    weight_heading: str


def draw(forest: Forest, *, narrow: bool = False) -> str:
    """Draw the plot as SVG, ``narrow`` for screens of about 390 px."""
    return _narrow(forest) if narrow else _wide(forest)


# --- the axis -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Axis:
    """Maps values to x, with ticks at round numbers."""

    left: float
    right: float
    low: float
    high: float
    log: bool
    ticks: tuple[float, ...]

    def x(self, value: float) -> float:
        """Position of a value, kept within the plot."""
        a, b, v = (math.log(n) if self.log else n for n in (self.low, self.high, value))
        return self.left + (self.right - self.left) * min(max((v - a) / (b - a), 0.0), 1.0)

    def outside(self, value: float) -> bool:
        """Whether a value lies beyond the plot."""
        return value < self.low or value > self.high


def _axis(forest: Forest, left: float, right: float) -> _Axis:
    shown = [
        v
        for one in forest.lines
        for v in (one.low, one.high, one.estimate)
        if v is not None and (v > 0 or not forest.log)
    ]
    low, high = min([*shown, forest.null]), max([*shown, forest.null])
    if forest.log:
        # very wide intervals are cut with an arrow, so that the others stay readable
        low, high = max(low, forest.null / 50), min(high, forest.null * 50)
        ticks = _log_ticks(low, high)
    else:
        ticks = _ticks(low, high)
    return _Axis(left, right, min(low, ticks[0]), max(high, ticks[-1]), forest.log, ticks)


def _ticks(low: float, high: float) -> tuple[float, ...]:
    span = max(high - low, 1e-9)
    step = 10 ** math.floor(math.log10(span / 4))
    step *= next(m for m in (1, 2, 5, 10) if span / (step * m) <= 5)
    first = math.floor(low / step + 1e-9)
    last = math.ceil(high / step - 1e-9)
    return tuple(round(n * step, 10) for n in range(first, last + 1))


def _log_ticks(low: float, high: float) -> tuple[float, ...]:
    """Round numbers around the range, as many as fit: 1-2-5, else 1-5, else powers of ten."""
    ticks: tuple[float, ...] = ()
    for steps in ((1, 2, 5), (1, 5), (1,)):
        marks = [m * 10.0**e for e in range(-6, 7) for m in steps]
        start = max(m for m in marks if m <= low)
        end = min(m for m in marks if m >= high)
        ticks = tuple(m for m in marks if start <= m <= end)
        if len(ticks) <= 6:
            break
    return ticks


# --- drawing ------------------------------------------------------------------------------------------------------


def _wide(forest: Forest) -> str:
    width, left, right = 760.0, 250.0, 505.0
    top = 34.0
    bottom = top + ROW * len(forest.lines)
    axis = _axis(forest, left, right)
    parts = [
        svg.text(0, 16, forest.label_heading, "gw-head"),
        svg.text(right + 165, 16, forest.numbers_heading, "gw-head", "end"),
        svg.text(width, 16, forest.weight_heading, "gw-head", "end"),
        svg.line(0, 24, width, 24, "gw-rule"),
        svg.line(axis.x(forest.null), 26, axis.x(forest.null), bottom, "gw-null"),
    ]
    for number, one in enumerate(forest.lines):
        y = top + ROW * number + ROW / 2
        class_ = {"study": "", "heading": "gw-head", "summary": "gw-strong"}[one.kind]
        parts.append(svg.text(0 if one.kind != "study" else 12, y + 4, one.label, class_))
        if one.kind != "heading":
            parts.append(svg.text(right + 165, y + 4, one.numbers, class_, "end"))
            parts.append(svg.text(width, y + 4, one.weight_text, class_, "end"))
        parts += _mark(axis, one, y)
    parts += _foot(forest, axis, bottom)
    return svg.document(
        f"{forest.identifier}-wide",
        width,
        bottom + 48,
        forest.title,
        forest.description,
        parts,
        "gw-forest gw-wide",
    )


def _narrow(forest: Forest) -> str:
    width = 360.0
    axis = _axis(forest, 8.0, width - 8.0)
    parts: list[str] = []
    y = 4.0
    marks: list[str] = []
    for one in forest.lines:
        class_ = {"study": "", "heading": "gw-head", "summary": "gw-strong"}[one.kind]
        parts.append(svg.text(0, y + 14, one.label, class_))
        if one.kind == "heading":
            y += ROW
            continue
        parts.append(svg.text(width, y + 14, one.numbers, class_, "end"))
        marks += _mark(axis, one, y + 28)
        y += NARROW_ROW
    parts.append(svg.line(axis.x(forest.null), 20, axis.x(forest.null), y, "gw-null"))
    parts += marks
    parts += _foot(forest, axis, y)
    return svg.document(
        f"{forest.identifier}-narrow",
        width,
        y + 48,
        forest.title,
        forest.description,
        parts,
        "gw-forest gw-narrow",
    )


def _mark(axis: _Axis, one: Line, y: float) -> Iterator[str]:
    """Interval with square, or diamond; an arrow where the interval leaves the plot."""
    if one.estimate is None or one.low is None or one.high is None:
        return
    if one.kind == "summary":
        x = axis.x(one.estimate)
        yield svg.polygon([(axis.x(one.low), y), (x, y - 7), (axis.x(one.high), y), (x, y + 7)], "gw-diamond")
        return
    yield svg.line(axis.x(one.low), y, axis.x(one.high), y, "gw-interval")
    for end, sign in ((one.low, 1), (one.high, -1)):
        if axis.outside(end):
            x = axis.x(end)
            yield svg.polygon([(x, y), (x + 7 * sign, y - 4), (x + 7 * sign, y + 4)], "gw-square")
    if not axis.outside(one.estimate):
        yield svg.square(axis.x(one.estimate), y, 5 + 9 * math.sqrt(max(one.weight, 0.0) / 100), "gw-square")


def _foot(forest: Forest, axis: _Axis, y: float) -> Iterator[str]:
    yield svg.line(axis.left, y, axis.right, y, "gw-rule")
    for tick in axis.ticks:
        yield svg.line(axis.x(tick), y, axis.x(tick), y + 5, "gw-rule")
        yield svg.text(axis.x(tick), y + 18, f"{tick:g}".replace("-", "\u2212"), "gw-tick", "middle")
    yield svg.text(axis.left, y + 38, f"\u2190 {forest.favours_low}", "gw-tick")
    yield svg.text(axis.right, y + 38, f"{forest.favours_high} \u2192", "gw-tick", "end")
