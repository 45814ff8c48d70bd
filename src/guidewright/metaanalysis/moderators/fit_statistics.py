"""Likelihoods and information criteria of mixed-effects models, for many analyses at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.moderators.batch import Batch
from guidewright.metaanalysis.moderators.mixed_effects import MixedEffectsFits

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class FitStatistics:
    """How well a model fits. Two models compare only with the same rows, and under REML with the same moderators."""

    log_likelihood: float
    deviance: float
    """Under ML against the saturated model, under REML -2 log likelihood."""
    aic: float
    """Akaike's information criterion."""
    bic: float
    """Bayesian information criterion; the number of rows is k under ML and k - p under REML."""
    aicc: float
    """AIC with the correction for few studies (Hurvich & Tsai 1989, Biometrika 76:297)."""


def fit_statistics(
    batch: Batch, fits: MixedEffectsFits, *, tau2_estimated: bool
) -> tuple[list[FitStatistics], list[FitStatistics | None]]:
    """Statistics of each analysis by the likelihood and by the restricted likelihood; none of the latter where k = p.

    Both are at the tau2 and the coefficients of the fit, whatever estimator they come from. The restricted likelihood
    is that of error contrasts (Harville 1974, Biometrika 61:383), as in metafor: 1/2 log |X'X| is part of it, which
    makes it the same whatever the scale of the moderators.
    """
    layout = batch.layout
    k, p = batch.k, float(batch.p)
    df = k - p
    logs = layout.sums(np.log(batch.v + layout.spread(fits.tau2)))
    ml = -(k * np.log(2 * np.pi) + logs + fits.residual_q) / 2
    reml = -(df * np.log(2 * np.pi) + logs + fits.log_det + fits.residual_q) / 2
    positive = layout.smallest(batch.v) > 0
    with np.errstate(divide="ignore"):
        own = -(k * np.log(2 * np.pi) + layout.sums(np.log(batch.v))) / 2
    saturated = np.where(positive, own, 0.0)
    parameters = p + (1.0 if tau2_estimated else 0.0)
    by_ml = [
        _criteria(*one, parameters)
        for one in zip(ml.tolist(), np.where(df > 0, 2 * (saturated - ml), 0.0).tolist(), k.tolist(), strict=True)
    ]
    by_reml = [
        _criteria(*one, parameters) if one[-1] > 0 else None
        for one in zip(reml.tolist(), (-2 * reml).tolist(), df.tolist(), strict=True)
    ]
    return by_ml, by_reml


def _criteria(log_likelihood: float, deviance: float, rows: float, parameters: float) -> FitStatistics:
    enough = max(rows, parameters + 2)
    return FitStatistics(
        log_likelihood,
        deviance,
        aic=-2 * log_likelihood + 2 * parameters,
        bic=-2 * log_likelihood + parameters * float(np.log(rows)),
        aicc=-2 * log_likelihood + 2 * parameters * enough / (enough - parameters - 1),
    )
