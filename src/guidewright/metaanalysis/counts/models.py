"""The models of ``glmm``: how the counts of a measure become a likelihood, and how well a saturated model fits.

Names as in metafor's ``rma.glmm``; the models are described by Turner et al. 2000 (unconditional), Stijnen, Hamza &
Ozdemir 2010 (conditional) and Jackson et al. 2018 (compared).
"""

from __future__ import annotations

import numpy as np

from guidewright.metaanalysis import special
from guidewright.metaanalysis.counts.families import Binomial, Family, Hypergeometric, Poisson, log_choose
from guidewright.metaanalysis.counts.quadrature import Studies, hermite
from guidewright.metaanalysis.counts.study_counts import Counts, GlmmMeasure, GlmmModel
from guidewright.metaanalysis.counts.tables import Array


def studies_of(
    measure: GlmmMeasure, model: GlmmModel, counts: Counts, *, points: int, coding: float
) -> tuple[Studies, Array, Array]:
    """The likelihood of a model, and a start for its common parameters (deviations 0) and the studies' own."""
    y, n = counts.events, counts.sizes
    k, none = len(y), np.zeros(len(y))
    if measure.arms == 1 or model in {GlmmModel.CM_EL, GlmmModel.CM_AL}:
        family, response, offset, constant = _one_count(measure, model, y, n)
        grid, weights = hermite(points, 1)
        one = np.ones((1, 1))
        studies = Studies(family, response, offset, constant, one, one, own=False, grid=grid, log_weights=weights)
        return studies, np.array([_start(measure, y, n), 0.0]), none
    family, constant = family_of(measure, y, n)
    treatment = [coding, coding - 1.0]
    both, first = [1.0, 1.0], [1.0, 0.0]
    level = log_level(measure, y.sum(axis=1), n.sum(axis=1))
    own = model is GlmmModel.UM_FS
    loads = np.array([treatment] if own else [both, treatment])
    grid, weights = hermite(points, len(loads))
    studies = Studies(
        family, y, np.zeros((k, 2)), constant, np.array([both, first]), loads, own=own, grid=grid, log_weights=weights
    )
    if own:
        return studies, np.zeros(2), level
    return studies, np.array([float(level.mean()), 0.0, 0.0, 0.0]), none


def _one_count(measure: GlmmMeasure, model: GlmmModel, y: Array, n: Array) -> tuple[Family, Array, Array, Array]:
    """Families with one canonical parameter for each study."""
    offset = np.zeros((len(y), 1))
    if measure.arms == 1:
        family, constant = family_of(measure, y, n)
        return family, y, offset, constant
    if measure is GlmmMeasure.OR and model is GlmmModel.CM_EL:
        exact = Hypergeometric.of(y[:, 0], n[:, 0], y[:, 1], n[:, 1])
        return exact, offset, offset, np.zeros(len(y))  # counted from the observed event, so that this is 0
    total = y.sum(axis=1)
    offset = np.log(n[:, :1] / n[:, 1:])
    return Binomial(total[:, None]), y[:, :1], offset, log_choose(total, y[:, 0])


def family_of(measure: GlmmMeasure, y: Array, n: Array) -> tuple[Family, Array]:
    """Distribution of unconditional counts (k, arms), and the constants of the log-likelihood (k,)."""
    if measure.of_persons:
        return Binomial(n), log_choose(n, y).sum(axis=1)
    return Poisson(n), (special.xlogy(y, n) - special.gammaln(y + 1)).sum(axis=1)


def log_level(measure: GlmmMeasure, events: Array, size: Array) -> Array:
    """A start for a log odds or log rate: never infinite."""
    found: Array = np.log(events + 0.5) - np.log((size - events if measure.of_persons else size) + 0.5)
    return found


def _start(measure: GlmmMeasure, y: Array, n: Array) -> float:
    return float(log_level(measure, y.sum(), n.sum())) if measure.arms == 1 else 0.0
