"""The equation that each iterated estimator of tau2 solves, as a function that is positive below its root.

P has k - p eigenvalues other than 0, between 1 / (v_max + tau2) and 1 / (v_min + tau2); from these follow the bounds
beyond which no root lies.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.moderators.batch import Batch
from guidewright.metaanalysis.moderators.projection import Projection

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Equation:
    """An estimating equation of tau2, and where to look for its roots."""

    value: Callable[[Projection, Array], Array]
    """Left side at tau2, from the projection with weights 1 / (v + tau2)."""
    slope: Callable[[Projection, Array], Array]
    """Its derivative with respect to tau2."""
    ceiling: Callable[[Batch], Array]
    """A tau2 ``(G,)`` at and above which the left side is negative."""
    log_likelihood: Callable[[Projection], Array] | None = None
    """What is to be maximal, where the equation can have several roots."""


def residual_sum(batch: Batch) -> Array:
    """Unweighted sum of squared residuals; the batch holds these residuals as its effects."""
    return batch.layout.sums(batch.y * batch.y)


def _score_ceiling(batch: Batch, df: Array) -> Array:
    """Bound for score equations: y'PPy <= RSS / (v_min + t)^2 and tr P >= df / (v_max + t), so u^2 > s2 (u + d)."""
    s2 = residual_sum(batch) / df
    least = batch.layout.smallest(batch.v)
    spread = -batch.layout.smallest(-batch.v) - least
    return (s2 + np.sqrt(s2 * (s2 + 4 * spread))) / 2 - least


def _half_log_likelihood(projection: Projection) -> Array:
    return (projection.batch.layout.sums(np.log(projection.weights)) - projection.q) / 2


#: Score of the restricted likelihood (Harville 1977; Viechtbauer 2005, J Educ Behav Stat 30:261).
REML = Equation(
    value=lambda at, _tau2: at.qq - at.trace,
    slope=lambda at, _tau2: at.trace_of_square - 2 * at.qqq(),
    ceiling=lambda batch: _score_ceiling(batch, batch.k - batch.p),
    log_likelihood=lambda at: _half_log_likelihood(at) - at.log_det / 2,
)

#: Score of the likelihood (Hardy & Thompson 1996, Stat Med 15:619).
ML = Equation(
    value=lambda at, _tau2: at.qq - at.batch.layout.sums(at.weights),
    slope=lambda at, _tau2: at.batch.layout.sums(at.weights * at.weights) - 2 * at.qqq(),
    ceiling=lambda batch: _score_ceiling(batch, batch.k),
    log_likelihood=_half_log_likelihood,
)


def q_equals(target: Callable[[Batch], Array]) -> Equation:
    """Q(tau2) = target; Q falls as tau2 grows, so there is one root at most.

    With target k - p: Paule & Mandel 1982 (J Res NBS 87:377). With quantiles of chi2: the Q-profile interval
    (Viechtbauer 2007, Stat Med 26:37) and, with the median, the median-unbiased estimate.
    """
    return Equation(
        value=lambda at, _tau2: at.q - target(at.batch),
        slope=lambda at, _tau2: -at.qq,
        ceiling=lambda batch: residual_sum(batch) / target(batch) - batch.layout.smallest(batch.v),
    )


#: The fixed point of the DerSimonian-Laird step taken again with random-effects weights; it falls as tau2 grows.
DL_ITERATED = Equation(
    value=lambda at, tau2: at.q - (at.batch.k - at.batch.p) - tau2 * at.trace,
    slope=lambda at, tau2: tau2 * at.trace_of_square - at.trace - at.qq,
    ceiling=lambda batch: residual_sum(batch) / (batch.k - batch.p) - batch.layout.smallest(batch.v),
)
