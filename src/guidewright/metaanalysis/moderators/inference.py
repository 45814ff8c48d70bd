"""Tests of coefficients alone and together, once estimates and covariance are known."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.kernels.distributions import chi2_p, f_p
from guidewright.metaanalysis.kernels.mean import multiplier, two_sided
from guidewright.metaanalysis.moderators.result import Coefficient, OmnibusTest
from guidewright.metaanalysis.options import Interval

Array = npt.NDArray[np.float64]

KNAPP_HARTUNG = frozenset({Interval.KNAPP_HARTUNG, Interval.KNAPP_HARTUNG_TRUNCATED})


def covariance_scale(residual_scale: Array, interval: Interval) -> Array:
    """Factor of the covariance: Knapp & Hartung 2003, at least 1 where truncated, 1 for the other intervals."""
    if interval is Interval.KNAPP_HARTUNG:
        return residual_scale
    if interval is Interval.KNAPP_HARTUNG_TRUNCATED:
        return np.maximum(residual_scale, 1.0)
    return np.ones_like(residual_scale)


def statistics(estimate: Array, se: Array) -> Array:
    """Estimate over standard error; without any residual variation infinite, or 0 for an estimate of 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio: Array = np.where((se == 0) & (estimate == 0), 0.0, estimate / se)
    return ratio


def coefficients(
    names: Sequence[str], estimate: Array, covariance: Array, *, df: float, level: float
) -> tuple[Coefficient, ...]:
    """Each coefficient with its test and interval; ``df`` is infinite for the normal distribution."""
    se = np.sqrt(np.diagonal(covariance))
    each_df = np.full(len(estimate), df)
    statistic = statistics(estimate, se)
    p = two_sided(statistic, each_df)
    wide = multiplier(level, each_df) * se
    columns = (estimate, se, statistic, p, estimate - wide, estimate + wide)
    finite = None if np.isinf(df) else df
    return tuple(
        Coefficient(name, b, s, t, finite, q, low, high)
        for name, (b, s, t, q, low, high) in zip(names, np.column_stack(columns).tolist(), strict=True)
    )


def omnibus(wald: float, df: int, residual_df: float) -> OmnibusTest:
    """Wald statistic as chi-squared, or divided by its degrees of freedom as F where ``residual_df`` is finite."""
    if np.isinf(residual_df):
        return OmnibusTest(wald, df, None, float(chi2_p(wald, df)))
    p = 0.0 if np.isinf(wald) else float(f_p(wald / df, df, residual_df))
    return OmnibusTest(wald / df, df, residual_df, p)


def wald_statistic(estimate: Array, covariance: Array) -> float:
    """Quadratic form of the estimates; worked out on correlations, so that their units do not matter."""
    se = np.sqrt(np.diagonal(covariance))
    if not se.all():
        return float("inf") if estimate.any() else 0.0
    z = estimate / se
    return float(z @ np.linalg.solve(covariance / np.outer(se, se), z))
