"""A straight line through the effects: weighted least squares of one intercept and one slope.

The line is computed on an orthonormal basis, so that a predictor on a tiny or huge scale (variances of rare rates,
1/n of large registers) gives the same line as the predictor rescaled.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.moderators.batch import Batch, independent_columns, ragged_batch
from guidewright.metaanalysis.moderators.projection import Projection
from guidewright.metaanalysis.moderators.tau2 import estimate_tau2
from guidewright.metaanalysis.notices import CannotPoolError
from guidewright.metaanalysis.options import Interval, Tau2Method

Array = npt.NDArray[np.float64]

#: Residuals this small, relative to the effects, are the rounding of a line that passes through every point.
ROUNDING = 1e-13


@dataclass(frozen=True)
class Line:
    """Coefficients with their standard errors, which are 0 where the line passes through every point."""

    intercept: float
    intercept_se: float
    slope: float
    slope_se: float
    df: int | None
    """Degrees of freedom of the t distribution; None where the normal distribution is used."""
    tau2: float | None
    """Residual variance between studies; None where dispersion is multiplicative."""
    dispersion: float | None
    """Residual mean square, by which variances are multiplied; None where dispersion is additive."""


def multiplicative(y: Array, v: Array, x: Array, name: str) -> Line:
    """Line with weights 1/v and a variance multiplied by the residual mean square, on k - 2 degrees of freedom."""
    batch = ragged_batch(y, v, _design(x, name), [len(y)])
    at = Projection(batch, 1 / v)
    df = len(y) - 2
    mean_square = float(at.q[0]) / df
    if mean_square * df <= ROUNDING**2 * float(np.sum(y * y / v)):
        mean_square = 0.0
    return _line(batch, at, x, scale=mean_square, df=df, dispersion=mean_square)


def additive(y: Array, v: Array, x: Array, name: str, *, tau2_method: Tau2Method, interval: Interval) -> Line:
    """Line with weights 1 / (v + tau2), tau2 estimated about the line."""
    batch = ragged_batch(y, v, _design(x, name), [len(y)])
    between = estimate_tau2(batch, tau2_method)
    if not between.converged[0]:
        raise CannotPoolError(f"the search for tau2 by {tau2_method} did not converge; choose another estimator")
    tau2, at = float(between.tau2[0]), between.best
    df = len(y) - 2
    scale = 1.0
    if interval in {Interval.KNAPP_HARTUNG, Interval.KNAPP_HARTUNG_TRUNCATED}:
        scale = float(at.q[0]) / df
        if interval is Interval.KNAPP_HARTUNG_TRUNCATED:
            scale = max(scale, 1.0)
    return _line(batch, at, x, scale=scale, df=None if interval is Interval.WALD else df, tau2=tau2)


def _design(x: Array, name: str) -> Array:
    """Intercept and predictor, the latter divided by its largest value: squares of 1e-200 would vanish."""
    design = np.column_stack([np.ones_like(x), x / np.abs(x).max()])
    if len(independent_columns(design)) < 2:
        raise CannotPoolError(f"{name} is the same in all studies, so that asymmetry cannot be tested on it")
    return design


def _line(
    batch: Batch,
    at: Projection,
    x: Array,
    *,
    scale: float,
    df: int | None,
    tau2: float | None = None,
    dispersion: float | None = None,
) -> Line:
    coefficients = batch.coefficients(at.coefficients)[:, 0]
    variances = scale * np.diagonal(batch.covariance(at.covariance)[:, :, 0])
    se = np.sqrt(variances)
    unit = np.abs(x).max()
    return Line(
        intercept=float(coefficients[0]),
        intercept_se=float(se[0]),
        slope=float(coefficients[1] / unit),
        slope_se=float(se[1] / unit),
        df=df,
        tau2=tau2,
        dispersion=dispersion,
    )
