"""Correlations, and partial correlations from regression.

Sources: Fisher 1921 (Metron 1:3) for ZCOR; Olkin & Pratt 1958 (Ann Math Stat 29:201) and Hedges 1989 (Psychometrika
54:461) for UCOR; Hunter & Schmidt 2004 for the mean in the variance; Aloe & Thompson 2013 (J Soc Social Work Res 4:390)
and Aloe 2014 for PCOR and SPCOR.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from guidewright.metaanalysis import special
from guidewright.metaanalysis.effects.choices import Choices, VarianceType
from guidewright.metaanalysis.effects.columns import raise_faults
from guidewright.metaanalysis.effects.computed import (
    Array,
    Columns,
    Computed,
    Formula,
    uncorrected,
    weighted_mean,
)
from guidewright.metaanalysis.effects.measure import Measure


def compute(measure: Measure, columns: Columns, choices: Choices) -> Computed:
    """Effects; there are no counts to correct."""
    return uncorrected(FORMULAS[measure](columns, choices.variance))


def check(columns: Columns) -> None:
    """Raise ``CannotPoolError`` where a regression has no degrees of freedom left."""
    if "predictors" in columns:
        df = columns["n"] - columns["predictors"] - 1
        raise_faults(
            [
                (int(row), f"n - predictors - 1 is {df[row]:.10g}, but must be above 0")
                for row in np.flatnonzero(df <= 0)
            ]
        )


def _in_variance(y: Array, n: Array, variance: VarianceType) -> Array | float:
    """The correlation that the variance uses: each study's own, or with ``AV`` the mean one."""
    return weighted_mean(y, n) if variance is VarianceType.AV else y


def _large_enough(n: Array, least: int) -> Array:
    return np.where(n > least, n, np.nan)


def _correlation(columns: Columns, variance: VarianceType) -> tuple[Array, Array]:
    r, n = columns["r"], columns["n"]
    return r, (1 - _in_variance(r, n, variance) ** 2) ** 2 / (_large_enough(n, 3) - 1)


def _unbiased_correlation(columns: Columns, variance: VarianceType) -> tuple[Array, Array]:
    r, n = columns["r"], _large_enough(columns["n"], 4)
    y = r * _hypergeometric(1 / 2, (n - 2) / 2, 1 - r**2)
    if variance is VarianceType.UB:
        return y, y**2 - 1 + (n - 3) / (n - 2) * (1 - r**2) * _hypergeometric(1.0, n / 2, 1 - r**2)
    return y, (1 - _in_variance(y, columns["n"], variance) ** 2) ** 2 / (n - 1)


def _hypergeometric(a: float, c: Array, z: Array) -> Array:
    """``2F1(a, a; c; z)``; by its series where SciPy gives NaN, which it does for large ``c`` with ``z`` near 1.

    There ``c`` is 100 or more, and 200 terms leave nothing of the series.
    """
    found = np.asarray(special.hyp2f1(a, a, c, z), dtype=np.float64)
    term, total = np.ones_like(found), np.ones_like(found)
    for k in range(200):
        term = term * (a + k) ** 2 / ((c + k) * (k + 1)) * z
        total = total + term
    return np.where(np.isnan(found) & (c > 50), total, found)


def _fisher_z(columns: Columns, _variance: VarianceType) -> tuple[Array, Array]:
    return np.arctanh(columns["r"]), 1 / (_large_enough(columns["n"], 3) - 3)


def _partial(columns: Columns, variance: VarianceType) -> tuple[Array, Array]:
    t, n, df = columns["t"], columns["n"], columns["n"] - columns["predictors"] - 1
    r = t / np.sqrt(t**2 + df)
    return r, (1 - _in_variance(r, n, variance) ** 2) ** 2 / df


def _partial_fisher_z(columns: Columns, variance: VarianceType) -> tuple[Array, Array]:
    r, _v = _partial(columns, variance)
    return np.arctanh(r), 1 / (columns["n"] - columns["predictors"] - 1)


def _semi_partial(columns: Columns, variance: VarianceType) -> tuple[Array, Array]:
    t, n, r2 = columns["t"], columns["n"], columns["r2"]
    r = t * np.sqrt(1 - r2) / np.sqrt(n - columns["predictors"] - 1)
    left = r2 - _in_variance(r, n, variance) ** 2  # explained without the predictor of interest
    return r, (r2**2 - 2 * r2 + left + 1 - left**2) / n


FORMULAS: Mapping[Measure, Formula] = {
    Measure.COR: _correlation,
    Measure.UCOR: _unbiased_correlation,
    Measure.ZCOR: _fisher_z,
    Measure.PCOR: _partial,
    Measure.ZPCOR: _partial_fisher_z,
    Measure.SPCOR: _semi_partial,
}
