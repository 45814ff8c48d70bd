"""Effects of extracted rows: which of a row's numbers give the effect, and what to say where none do."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from guidewright.evidence.extraction import Extraction
from guidewright.kept import kept
from guidewright.metaanalysis.effects import Family, Measure, To, VarianceType, effect_sizes, from_estimates
from guidewright.metaanalysis.kernels.distributions import normal_quantile
from guidewright.metaanalysis.notices import CannotPoolError

#: 97.5 % quantile of the standard normal distribution, by which 95 % intervals are made.
Z95 = float(normal_quantile(0.975))
#: Effects and standard errors beyond these are mistyped, and would end in numbers that a computer does not have. On the
#: scale of analysis: a ratio of e**30 is 10**13.
SMALLEST, LARGEST, LARGEST_LOG = 1e-12, 1e12, 30.0
#: What a family's effects are computed from; the others have no columns in an extraction file.
COMPUTED_FROM: Mapping[Family, str] = {
    Family.TWO_BY_TWO: "counts",
    Family.TWO_RATES: "counts",
    Family.PROPORTION: "counts",
    Family.RATE: "counts",
    Family.TWO_MEANS: "means",
    Family.PAIRED_MEANS: "means",
    Family.ONE_MEAN: "means",
    Family.CORRELATION: "correlation",
}
#: Columns of measures of one group stand in those of group 1.
ONE_GROUP = {"events": "events1", "total": "total1", "time": "time1", "n": "n1", "mean": "mean1", "sd": "sd1"}


@dataclass(frozen=True)
class EffectChoices:
    """How effects are computed from counts and means; the defaults are metafor's."""

    add: float | None = None
    to: To = To.ONLY_ZERO
    drop_double_zero: bool = False
    variance: VarianceType = VarianceType.LS


@dataclass(frozen=True)
class Effect:
    """One study's effect: ``y`` and its variance ``v`` on the scale of analysis (logarithms for ratios)."""

    measure: Measure
    y: float
    v: float
    computed_from: str
    """``counts``, ``means``, ``correlation`` or ``printed``."""
    n: float | None = None
    """Size of the study, by which some measures are led back to their natural scale."""

    @property
    def estimate(self) -> float:
        """The effect on the natural scale."""
        return self._natural(self.y)

    @property
    def low(self) -> float:
        """Lower limit of the 95 % interval (normal), natural scale."""
        return self._natural(self.y - Z95 * math.sqrt(self.v))

    @property
    def high(self) -> float:
        """Upper limit of the 95 % interval (normal), natural scale."""
        return self._natural(self.y + Z95 * math.sqrt(self.v))

    def _natural(self, value: float) -> float:
        return np.asarray(self.measure.natural(value, n=self.n), dtype=np.float64).item()


class NoEffectError(ValueError):
    """The row does not hold what the measure needs; the message says what is missing."""


@kept(200_000)
def effect_of(
    row: Extraction, measure: Measure, *, reverse: bool = False, choices: EffectChoices | None = None
) -> Effect:
    """A row's effect in a measure, group 1 against group 2.

    Numbers of the groups are preferred to printed effects, since they can be checked; a printed effect counts if it
    is in the same measure and has its 95 % interval. ``reverse`` takes a printed difference with the opposite sign.

    Raises :class:`NoEffectError` with a sentence naming what the row lacks.
    """
    columns = _columns(row, measure)
    try:
        if columns is not None:
            chosen = choices or EffectChoices()
            found = effect_sizes(
                measure,
                add=chosen.add,
                to=chosen.to,
                drop_double_zero=chosen.drop_double_zero,
                variance=chosen.variance,
                **columns,
            )
            computed_from = COMPUTED_FROM[measure.family]
        elif row.effect == measure.value and row.has_interval:
            estimate, low, high = (float(x or 0) for x in (row.estimate, row.ci_low, row.ci_high))
            if low == high:
                raise NoEffectError("the printed interval has no width")
            if not measure.is_ratio and (row.difference == "2-1") != reverse:
                estimate, low, high = -estimate, -high, -low
            with np.errstate(over="ignore"):  # numbers of more than 150 digits, which the bounds below name
                found = from_estimates(estimate, low=low, high=high, measure=measure)
            computed_from = "printed"
        else:
            raise NoEffectError(_lacks(row, measure))
    except CannotPoolError as error:
        raise NoEffectError(str(error).replace("row 1: ", "")) from None
    y, v, n = float(found.y[0]), float(found.v[0]), float(found.n[0])
    if math.isnan(y) or math.isnan(v):
        undefined = [one.text for one in found.notices if one.code == "effect-undefined"]
        said = undefined[0] if undefined else "the numbers define no effect"
        raise NoEffectError(said.removeprefix("row 1: ").removesuffix("; left out"))
    largest = LARGEST_LOG if measure.is_log else LARGEST
    if not (abs(y) <= largest and SMALLEST <= math.sqrt(v) <= largest):
        raise NoEffectError("the effect or its standard error is out of all proportion; a number is mistyped")
    return Effect(measure, y, v, computed_from, None if math.isnan(n) else n)


def _columns(row: Extraction, measure: Measure) -> dict[str, float] | None:
    """The numbers that the measure needs; None where the row lacks one, or the measure is printed only."""
    if measure.family not in COMPUTED_FROM:
        return None
    found = {name: getattr(row, ONE_GROUP.get(name, name), None) for name in measure.columns}
    known = {name: float(value) for name, value in found.items() if value is not None}
    return known if len(known) == len(found) else None


def _lacks(row: Extraction, measure: Measure) -> str:
    printed = f"a printed {measure} with its 95 % interval"
    if measure.family not in COMPUTED_FROM:
        return f"lacks {printed}"
    needed = [ONE_GROUP.get(name, name) for name in measure.columns]
    missing = ", ".join(name for name in needed if getattr(row, name, None) is None)
    return f"has neither {', '.join(needed)} (missing: {missing}) nor {printed}"
