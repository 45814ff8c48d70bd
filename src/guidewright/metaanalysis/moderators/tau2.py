"""Estimators of tau2 for every analysis of a batch, with any design, and their standard errors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.kernels.distributions import chi2_quantile
from guidewright.metaanalysis.moderators import equations
from guidewright.metaanalysis.moderators.batch import Batch
from guidewright.metaanalysis.moderators.equations import Equation, q_equals
from guidewright.metaanalysis.moderators.projection import Projection, projection_at
from guidewright.metaanalysis.moderators.roots import largest_likelihood_root
from guidewright.metaanalysis.notices import CannotPoolError
from guidewright.metaanalysis.options import Tau2Method

Array = npt.NDArray[np.float64]
Booleans = npt.NDArray[np.bool_]

#: EB and the iterated SJ have the same root as PM (Morris 1983; Viechtbauer, Lopez-Lopez, Sanchez-Meca & Marin-Martinez
#: 2015, Psychol Methods 20:360).
ITERATED: dict[Tau2Method, Equation] = {
    Tau2Method.REML: equations.REML,
    Tau2Method.ML: equations.ML,
    Tau2Method.DLIT: equations.DL_ITERATED,
    Tau2Method.PMM: q_equals(lambda batch: chi2_quantile(0.5, batch.k - batch.p)),
    **dict.fromkeys((Tau2Method.PM, Tau2Method.EB, Tau2Method.SJIT), q_equals(lambda batch: batch.k - batch.p)),
}

#: Estimators that divide by the sampling variances, and so have no value where one is zero.
NEED_POSITIVE_VARIANCES = frozenset(
    {Tau2Method.DL, Tau2Method.DLIT, Tau2Method.HS, Tau2Method.HSK, Tau2Method.PM, Tau2Method.PMM}
)


@dataclass(frozen=True)
class Tau2Estimates:
    """tau2 of each analysis ``(G,)``, never below zero, and the fit with it; NaN where it was not found."""

    tau2: Array
    se: Array
    """Asymptotic standard error at the estimate, as metafor defines it for each method."""
    converged: Booleans
    best: Projection
    """The fit with weights 1 / (v + tau2)."""


def estimate_tau2(batch: Batch, method: Tau2Method, weights: Array | None = None) -> Tau2Estimates:
    """tau2 by one method; ``weights`` (rows) are those of ``GENQ`` and are used by no other method.

    Every analysis needs k > p, and positive variances where the method divides by them.
    """
    if method is Tau2Method.GENQM:
        raise CannotPoolError(
            "tau2 by GENQM is not offered with moderators: it needs the distribution of a quadratic form. "
            "Use GENQ with the same weights, or PMM."
        )
    if (equation := ITERATED.get(method)) is not None:
        root, converged = largest_likelihood_root(batch, equation)
        tau2 = np.where(converged, root, np.nan)
        best = projection_at(batch, tau2)
        return Tau2Estimates(tau2, _iterated_se(best, method, tau2), converged, best)
    tau2, se = _closed_form(batch, method, weights)
    return Tau2Estimates(tau2, se, np.isfinite(tau2), projection_at(batch, tau2))


def _closed_form(batch: Batch, method: Tau2Method, weights: Array | None) -> tuple[Array, Array]:
    layout, df = batch.layout, batch.k - batch.p
    if method in {Tau2Method.HS, Tau2Method.HSK}:
        # Hunter & Schmidt 2015; with k / (k - p) for the studies that the coefficients use up
        at = Projection(batch, 1 / batch.v)
        factor = batch.k / df if method is Tau2Method.HSK else 1.0
        scale = layout.sums(at.weights)
        tau2 = np.maximum((factor * at.q - batch.k) / scale, 0.0)
        variance = 2 * df + 4 * tau2 * at.trace + 2 * tau2**2 * at.trace_of_square
        return tau2, factor * np.sqrt(variance) / scale
    if method is Tau2Method.SJ:
        # Sidik & Jonkman 2005, from the crude variance of the effects about their mean, whatever the moderators
        crude = _crude_variance(batch)
        at = projection_at(batch, crude)
        tau2 = crude * at.q / df
        return tau2, crude / df * np.sqrt(_quadratic_variance(at, tau2))
    # the method of moments with weights a: E(y'Py) = tr(PV) + tau2 tr(P) (DerSimonian & Kacker 2007)
    at = Projection(batch, _moment_weights(batch, method, weights))
    trace = at.trace
    tau2 = np.maximum((at.q - at.trace_with(batch.v)) / trace, 0.0)
    return tau2, np.sqrt(_quadratic_variance(at, tau2)) / trace


def _moment_weights(batch: Batch, method: Tau2Method, weights: Array | None) -> Array:
    if method is Tau2Method.DL:
        return 1 / batch.v
    if method is Tau2Method.HE:
        return np.ones_like(batch.v)
    if weights is None:
        raise CannotPoolError("tau2 by GENQ needs weights: give `weights`, one positive number for each study")
    return weights


def _quadratic_variance(at: Projection, tau2: Array) -> Array:
    """Variance of y'Py when the effects have variances v + tau2."""
    v = at.batch.v
    return 2 * at.trace_of_squares(v, v) + 4 * tau2 * at.trace_of_squares(None, v) + 2 * tau2**2 * at.trace_of_square


def _crude_variance(batch: Batch) -> Array:
    """Variance of the effects about their mean, divisor k. The effects are rebuilt from residuals and coefficients."""
    layout = batch.layout
    effects = batch.y + sum(layout.spread(b) * x for b, x in zip(batch.start, batch.basis, strict=True))
    about = effects - layout.spread(layout.sums(effects) / batch.k)
    return layout.sums(about * about) / batch.k


def _iterated_se(best: Projection, method: Tau2Method, tau2: Array) -> Array:
    batch, df = best.batch, best.batch.k - best.batch.p
    if method is Tau2Method.ML:
        return np.sqrt(2 / batch.layout.sums(best.weights * best.weights))
    if method is Tau2Method.REML:
        return np.sqrt(2 / best.trace_of_square)
    if method is Tau2Method.DLIT:
        variance = 2 * df + 4 * tau2 * best.trace + 2 * tau2**2 * best.trace_of_square
        return np.sqrt(variance) / best.trace
    return np.sqrt(2 * batch.k**2 / df) / batch.layout.sums(best.weights)


def q_profile(batch: Batch, level: float) -> tuple[Array, Array]:
    """Q-profile bounds of tau2 ``(G,)`` (Viechtbauer 2007, Stat Med 26:37); a bound that Q never reaches is 0."""
    low, _ = largest_likelihood_root(batch, q_equals(lambda b: chi2_quantile((1 + level) / 2, b.k - b.p)))
    high, _ = largest_likelihood_root(batch, q_equals(lambda b: chi2_quantile((1 - level) / 2, b.k - b.p)))
    return low, high
