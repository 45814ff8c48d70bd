"""The mixed-effects kernel: weighted least squares with estimated tau2 for many meta-analyses of any sizes at once.

There is no loop over analyses: every step works on all of them, and every analysis takes the steps it would take alone,
so that a batch of N gives the bits of N batches of one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.moderators.batch import Batch, ragged_batch
from guidewright.metaanalysis.moderators.projection import Projection, projection_at
from guidewright.metaanalysis.moderators.small_matrices import apply, inner, inverse
from guidewright.metaanalysis.moderators.tau2 import estimate_tau2
from guidewright.metaanalysis.options import Tau2Method

Array = npt.NDArray[np.float64]
Booleans = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class MixedEffectsFits:
    """Fits of G analyses with p columns each; the last axis is the analysis."""

    coefficients: Array
    """``(p, G)``, of the columns as given."""
    covariance: Array
    """``(p, p, G)``, with the sampling variances and tau2 taken as known (before any Knapp-Hartung scaling)."""
    tau2: Array
    """``(G,)``; zero for the common-effect model."""
    tau2_se: Array
    """``(G,)``; NaN where tau2 was not estimated."""
    converged: Booleans
    """Whether tau2 was reached to full precision; where not, everything else is NaN."""
    residual_scale: Array
    """``(G,)``: weighted residual variance by which Knapp & Hartung 2003 (Stat Med 22:2693) scale the covariance."""
    residual_q: Array
    """``(G,)``: weighted sum of squared residuals about the coefficients reported, weights 1 / (v + tau2)."""
    log_det: Array
    """``(G,)``: log |Q'WQ| on the orthonormal basis Q of the design, which is log |X'WX| - log |X'X|."""
    wald: Array
    """``(G,)``: Wald statistic that all columns but the first ``skip`` are zero, before any scaling."""


def fit_mixed_effects(
    y: Array,
    v: Array,
    x: Array,
    sizes: npt.ArrayLike,
    *,
    tau2_method: Tau2Method | None = Tau2Method.REML,
    tau2: Array | None = None,
    weights: Array | None = None,
    skip: int = 1,
) -> MixedEffectsFits:
    """Fit every analysis of a ragged batch.

    ``y`` and ``v`` are flat ``(N,)``, ``x`` is ``(N, p)`` and of full rank within each analysis, ``sizes`` ``(G,)`` the
    number of consecutive rows of each. ``tau2_method=None`` is the common-effect model; ``tau2`` ``(G,)`` fixes the
    variance instead. ``weights`` replace the inverse variances in the coefficients (and are those of GENQ). ``skip``
    columns are left out of the Wald test, the intercept as a rule. Needs k > p (k >= p where tau2 is not estimated),
    and weights that are finite.
    """
    return fit(ragged_batch(y, v, x, sizes), tau2_method=tau2_method, tau2=tau2, weights=weights, skip=skip)


def fit(
    batch: Batch,
    *,
    tau2_method: Tau2Method | None,
    tau2: Array | None = None,
    weights: Array | None = None,
    skip: int = 1,
) -> MixedEffectsFits:
    """As ``fit_mixed_effects``, for analyses already laid out."""
    groups = len(batch.layout.sizes)
    if tau2_method is None or tau2 is not None:
        tau2, tau2_se = np.zeros(groups) if tau2 is None else tau2, np.full(groups, np.nan)
        converged = np.ones(groups, dtype=np.bool_)
        best = projection_at(batch, tau2)
    else:
        found = estimate_tau2(batch, tau2_method, weights)
        tau2, tau2_se, converged, best = found.tau2, found.se, found.converged, found.best
    on_basis, covariance, residual_q = best.coefficients, best.covariance, best.q
    if weights is not None:
        given = Projection(batch, weights)
        variances = batch.v + batch.layout.spread(tau2)
        on_basis, covariance = given.coefficients, given.sandwich(variances)
        residual_q = batch.layout.sums(given.residuals * given.residuals / variances)
    df = batch.k - batch.p
    return MixedEffectsFits(
        coefficients=batch.coefficients(on_basis),
        covariance=batch.covariance(covariance),
        tau2=tau2,
        tau2_se=tau2_se,
        converged=converged,
        residual_scale=np.where(df > 0, best.q / np.where(df > 0, df, 1.0), np.nan),
        residual_q=residual_q,
        log_det=best.log_det,
        wald=_wald(batch.start + on_basis, covariance, skip),
    )


def _wald(on_basis: Array, covariance: Array, skip: int) -> Array:
    """Quadratic form of the coefficients after the first ``skip``.

    On the basis: the columns as given are a triangular matrix away, so the last coefficients are zero together there
    and here, and there a strange scale or a near-collinearity does no harm.
    """
    tested = on_basis[skip:]
    if len(tested) == 0:
        return np.zeros(on_basis.shape[1:])
    precision, _ = inverse(covariance[skip:, skip:])
    return inner(tested, apply(precision, tested))
