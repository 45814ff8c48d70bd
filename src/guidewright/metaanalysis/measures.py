"""Effect sizes from extracted results, with the formulas and zero-cell rule of metafor's ``escalc``.

Ratios (RR, OR, HR) are computed as natural logarithms; everything that leaves this module for people is on the
natural scale.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from guidewright.evidence.extraction import Extraction
from guidewright.metaanalysis.analysis import Measure

#: 97.5 % quantile of the standard normal distribution, by which printed 95 % intervals are turned into standard errors.
Z95 = 1.959963984540054
#: Added to every cell of a table that has an empty one (Haldane-Anscombe; metafor's default add=1/2, to="only0").
ZERO_CELL = 0.5
#: Effects and standard errors beyond these are mistyped, and would end in numbers that a computer does not have. On the
#: scale of analysis: a ratio of e**30 is 10**13.
SMALLEST, LARGEST, LARGEST_LOG = 1e-12, 1e12, 30.0


@dataclass(frozen=True)
class Effect:
    """One study's effect: ``y`` and its variance ``v`` on the scale of analysis (logarithms for ratios)."""

    measure: Measure
    y: float
    v: float
    computed_from: str
    """``counts``, ``means`` or ``printed``."""

    @property
    def estimate(self) -> float:
        """The effect on the natural scale."""
        return natural(self.measure, self.y)

    @property
    def low(self) -> float:
        """Lower limit of the 95 % interval (normal), natural scale."""
        return natural(self.measure, self.y - Z95 * math.sqrt(self.v))

    @property
    def high(self) -> float:
        """Upper limit of the 95 % interval (normal), natural scale."""
        return natural(self.measure, self.y + Z95 * math.sqrt(self.v))


class NoEffectError(ValueError):
    """The row does not hold what the measure needs; the message says what is missing."""


def natural(measure: Measure, value: float) -> float:
    """From the scale of analysis to the scale that is shown."""
    return math.exp(value) if measure.is_ratio else value


def effect_of(row: Extraction, measure: Measure, *, reverse: bool = False) -> Effect:
    """Compute a row's effect in a measure, group 1 against group 2.

    Counts and means are preferred to printed effects, since they can be checked; a printed effect counts if it is
    in the same measure and has its 95 % interval. ``reverse`` takes a printed difference with the opposite sign.

    Raises :class:`NoEffectError` with a sentence naming what the row lacks.

    Formulas: Deeks & Higgins, Statistical algorithms in Review Manager 5, 2010; SMD is Hedges' g with the exact
    gamma correction (Hedges 1981).
    """
    try:
        if measure in {Measure.RR, Measure.OR, Measure.RD} and row.has_counts:
            effect = Effect(measure, *_from_counts(row, measure), "counts")
        elif measure in {Measure.MD, Measure.SMD} and row.has_means:
            effect = Effect(measure, *_from_means(row, measure), "means")
        elif row.effect == measure.value and row.has_interval:
            effect = Effect(measure, *_from_printed(row, measure, reverse=reverse), "printed")
        else:
            raise NoEffectError(_lacks(row, measure))
        largest = LARGEST_LOG if measure.is_ratio else LARGEST
        if abs(effect.y) <= largest and SMALLEST <= math.sqrt(effect.v) <= largest:
            return effect
    except (OverflowError, ZeroDivisionError):  # by numbers of more than 150 digits
        pass
    raise NoEffectError("the effect or its standard error is out of all proportion; a number is mistyped")


def _from_counts(row: Extraction, measure: Measure) -> tuple[float, float]:
    a, n1, c, n2 = (float(x or 0) for x in (row.events1, row.total1, row.events2, row.total2))
    b, d = n1 - a, n2 - c
    if n1 == 0 or n2 == 0:
        raise NoEffectError("a group has no participants")
    if min(a, b, c, d) == 0:
        a, b, c, d = a + ZERO_CELL, b + ZERO_CELL, c + ZERO_CELL, d + ZERO_CELL
        n1, n2 = a + b, c + d
    if measure is Measure.RR:
        return math.log((a / n1) / (c / n2)), 1 / a - 1 / n1 + 1 / c - 1 / n2
    if measure is Measure.OR:
        return math.log((a * d) / (b * c)), 1 / a + 1 / b + 1 / c + 1 / d
    return a / n1 - c / n2, a * b / n1**3 + c * d / n2**3


def _from_means(row: Extraction, measure: Measure) -> tuple[float, float]:
    n1, n2 = float(row.n1 or 0), float(row.n2 or 0)
    mean1, sd1, mean2, sd2 = (float(x or 0) for x in (row.mean1, row.sd1, row.mean2, row.sd2))
    if n1 < 1 or n2 < 1:
        raise NoEffectError("a group has no participants")
    if measure is Measure.MD:
        return mean1 - mean2, sd1**2 / n1 + sd2**2 / n2
    m = n1 + n2 - 2
    if m < 2:  # the correction would make every difference 0
        raise NoEffectError("a standardised mean difference needs four participants or more")
    pooled = math.sqrt(((n1 - 1) * sd1**2 + (n2 - 1) * sd2**2) / m)
    exact = math.exp(math.lgamma(m / 2) - math.log(math.sqrt(m / 2)) - math.lgamma((m - 1) / 2))
    g = exact * (mean1 - mean2) / pooled
    return g, 1 / n1 + 1 / n2 + g**2 / (2 * (n1 + n2))


def _from_printed(row: Extraction, measure: Measure, *, reverse: bool) -> tuple[float, float]:
    estimate, low, high = (float(x or 0) for x in (row.estimate, row.ci_low, row.ci_high))
    if measure.is_ratio:
        estimate, low, high = math.log(estimate), math.log(low), math.log(high)
    v = ((high - low) / (2 * Z95)) ** 2
    if low == high:
        raise NoEffectError("the printed interval has no width")
    flip = not measure.is_ratio and (row.difference == "2-1") != reverse
    return (-estimate if flip else estimate), v


def _lacks(row: Extraction, measure: Measure) -> str:
    if measure in {Measure.RR, Measure.OR, Measure.RD}:
        needs = "events and totals of both groups"
    elif measure in {Measure.MD, Measure.SMD}:
        needs = "n, mean and SD of both groups"
    else:
        needs = "nothing else"
    printed = f"a printed {measure} with its 95 % interval"
    return f"has neither {needs} nor {printed}" if needs != "nothing else" else f"lacks {printed}"
