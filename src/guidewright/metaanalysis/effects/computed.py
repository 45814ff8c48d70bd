"""What a family of measures hands back, and the two corrections that several families share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis import special
from guidewright.metaanalysis.effects.choices import Choices, To, VarianceType

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Columns = Mapping[str, Array]
#: y and v from complete columns; the formula of the variance is one of those declared with the measure.
Formula = Callable[[Columns, VarianceType], tuple[Array, Array]]


@dataclass(frozen=True)
class Computed:
    """Effects of complete rows."""

    y: Array
    """Effects on the scale of analysis."""
    v: Array
    """Sampling variances."""
    corrected: Mask
    """Rows whose counts got the constant."""


def uncorrected(effects: tuple[Array, Array]) -> Computed:
    """Effects of a family without counts."""
    y, v = effects
    return Computed(y, v, np.zeros(y.shape, dtype=np.bool_))


def rows_to_correct(empty: Mask, choices: Choices) -> Mask:
    """Rows that get the constant, given the rows with an empty cell."""
    if choices.add == 0:
        return np.zeros_like(empty)
    match choices.to:
        case To.ONLY_ZERO:
            return empty
        case To.ALL:
            return np.ones_like(empty)
        case To.IF_ZERO_ALL:
            return np.full_like(empty, bool(empty.any()))
        case To.NONE:
            return np.zeros_like(empty)


def hedges_correction(df: Array) -> Array:
    """Exact factor that makes a standardised difference unbiased (Hedges 1981, J Educ Stat 6:107, equation 6e).

    NaN with one degree of freedom or less, where the standardised difference has no expectation.
    """
    m = np.where(df > 1, df, np.nan)
    return np.asarray(
        np.exp(special.gammaln(m / 2) - np.log(np.sqrt(m / 2)) - special.gammaln((m - 1) / 2)), dtype=np.float64
    )


def weighted_mean(values: Array, weights: Array) -> float:
    """Mean of the finite values with weights, for the variances of type ``AV``."""
    usable = np.isfinite(values)
    return float((values[usable] * weights[usable]).sum() / weights[usable].sum())
