"""Likelihood-ratio test of a model against a simpler one of the same effects."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from guidewright.metaanalysis.dependent.fits import DependentFit
from guidewright.metaanalysis.kernels.distributions import chi2_p
from guidewright.metaanalysis.notices import CannotPoolError, Notice
from guidewright.metaanalysis.options import Tau2Method


@dataclass(frozen=True)
class LikelihoodRatio:
    """Twice the difference of two log-likelihoods."""

    statistic: float
    df: int
    """Parameters that the simpler model lacks."""
    p: float
    """Upper tail of chi-squared; too large (cautious) where a variance is tested, since that cannot be below 0."""
    p_boundary: float | None
    """For one variance tested against 0: half of it (Self & Liang 1987); None for any other comparison."""
    notices: tuple[Notice, ...]


def likelihood_ratio(full: DependentFit, reduced: DependentFit) -> LikelihoodRatio:
    """Test the parameters that ``full`` has beyond ``reduced``.

    Raises :class:`CannotPoolError` unless both were fitted to the same effects by the same method, by ML where the
    moderators differ, and ``full`` has more parameters. That one is a special case of the other the caller must know.
    """
    if full.method is not reduced.method:
        raise CannotPoolError(
            f"one model was fitted by {full.method}, the other by {reduced.method}; use the same method"
        )
    same = full.k == reduced.k and np.array_equal(full.model.y, reduced.model.y)
    if not same or not np.array_equal(full.likelihood.effects.v, reduced.likelihood.effects.v):
        raise CannotPoolError(
            "the models were fitted to different effects; fit both to the same rows in the same order"
        )
    other_design = not np.array_equal(full.model.design, reduced.model.design)
    if other_design and full.method is Tau2Method.REML:
        raise CannotPoolError("restricted likelihoods of different moderators cannot be compared; fit both by ML")
    df = full.p + full.components - reduced.p - reduced.components
    if df <= 0:
        raise CannotPoolError("the first model must have more parameters than the second; exchange them")
    statistic = max(2 * (full.loglik - reduced.loglik), 0.0)
    p = float(chi2_p(statistic, df))
    variances = full.components - reduced.components
    cautious = Notice("boundary-test", "A variance cannot be below 0, so that the chi-squared p value is too large.")
    one_variance = df == variances == 1 and all(term.structure.variances for term in full.likelihood.terms)
    half = p / 2 if one_variance and statistic > 0 else None
    return LikelihoodRatio(statistic, df, p, half, (cautious,) if variances else ())
