"""Scales: from values to positions, the range that shows them, and round numbers to mark it with."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from guidewright.figures.lettering import SMALL, width
from guidewright.figures.numerals import tick

#: How far words under an axis reach beyond its ends; plots leave this much room.
OVERHANG = 12.0
#: A value and the words under it.
Tick = tuple[float, str]


@dataclass(frozen=True)
class Scale:
    """Maps ``low`` to ``high`` onto ``start`` to ``end``; ``log`` for ratios."""

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def free(self, value: float) -> float:
        """Position of a value, which may lie beyond the ends."""
        if self.log:  # a limit of 0 or infinity is far away, but somewhere
            value = min(max(value, 1e-300), 1e300)
        a, b, v = (math.log(n) if self.log else n for n in (self.low, self.high, value))
        return self.start + (self.end - self.start) * (v - a) / (b - a)

    def at(self, value: float) -> float:
        """Position of a value; beyond an end (or where a ratio is 0) it is the position of that end."""
        if value <= self.low:
            return self.start
        return self.end if value >= self.high else self.free(value)

    def holds(self, value: float) -> bool:
        """Whether a value lies on the scale, a rounding error aside."""
        if self.log:
            return self.low * (1 - 1e-9) <= value <= self.high * (1 + 1e-9)
        slack = 1e-9 * (self.high - self.low)
        return self.low - slack <= value <= self.high + slack


def usable(values: Iterable[float | None], *, log: bool = False) -> list[float]:
    """The values that a scale can show: finite, and positive on a log scale."""
    return [v for v in values if v is not None and math.isfinite(v) and (v > 0 or not log)]


def span(values: Iterable[float | None], *, log: bool = False, pad: float = 0.04) -> tuple[float, float]:
    """The range of the usable values with a margin on both sides; never empty, even for identical values or none."""
    shown = usable(values, log=log) or ([1.0] if log else [0.0])
    farthest = 1e140  # the ratio of two such values is still a number
    low, high = (min(max(v, 1 / farthest if log else -farthest), farthest) for v in (min(shown), max(shown)))
    if log:
        if high / low < 1 + 1e-6:
            return low / 2, high * 2
        margin = (high / low) ** pad
        return low / margin, high * margin
    largest = max(abs(low), abs(high))
    if high - low <= 1e-9 * largest + 1 / farthest:
        half = largest / 10 if largest > 1 / farthest else 1.0
        return low - half, high + half
    margin = (high - low) * pad
    return low - margin, high + margin


def ticks(scale: Scale, *, upright: bool = False) -> tuple[Tick, ...]:
    """Round numbers on the scale, as many as fit with their words; ``upright`` for an axis that runs upwards."""
    fitting = [one for one in _candidates(scale) if _fits(one, scale, upright=upright)]
    for wanted in (3, 2, 1):
        found = next((one for one in fitting if len(one) >= wanted), None)
        if found:
            return found
    return ()


def middle(scale: Scale, value: float, words: str) -> float:
    """Where the words under a tick are centred: at the tick, but at most ``OVERHANG`` beyond the ends of the axis."""
    half = width(words, SMALL) / 2 - OVERHANG
    return max(min(scale.at(value), scale.end - half), scale.start + half)


def _fits(marks: Sequence[Tick], scale: Scale, *, upright: bool) -> bool:
    if len(marks) > 9:
        return False
    places = sorted(
        (scale.at(value), 14.0) if upright else (middle(scale, value, words), width(words, SMALL))
        for value, words in marks
    )
    gap = 12.0 if upright else 9.0
    return all(a + w / 2 + gap <= b - v / 2 for (a, w), (b, v) in pairwise(places))


def _candidates(scale: Scale) -> Iterator[tuple[Tick, ...]]:
    """Sets of ticks from dense to sparse."""
    if scale.log:
        first, last = math.floor(math.log10(scale.low)), math.ceil(math.log10(scale.high))
        for digits, stride in (((1, 2, 5), 1), ((1, 3), 1), *(((1,), n) for n in (1, 2, 3, 5, 10, 20, 50, 100))):
            powers = [e for e in range(first, last + 1) if e % stride == 0]
            values = (d * 10.0**e for e in powers for d in digits)
            yield tuple((v, tick(v)) for v in values if scale.holds(v))
    for n in (7, 6, 5, 4, 3, 2, 1):
        step = _round_step((scale.high - scale.low) / n)
        count = range(math.ceil(scale.low / step - 1e-9), math.floor(scale.high / step + 1e-9) + 1)
        yield tuple((i * step, tick(i * step, step)) for i in count)


def _round_step(step: float) -> float:
    """The next round number: 1, 2 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(step))
    return power * next(digit for digit in (1, 2, 5, 10) if step <= digit * power * (1 + 1e-9))
