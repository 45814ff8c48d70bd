"""The model with an effect of its own for each study, against which heterogeneity is tested."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from guidewright.metaanalysis import special
from guidewright.metaanalysis.counts.families import Hypergeometric, log_choose
from guidewright.metaanalysis.counts.maximum import global_maximum, maximise
from guidewright.metaanalysis.counts.models import family_of, log_level
from guidewright.metaanalysis.counts.quadrature import Studies, derivatives, hermite
from guidewright.metaanalysis.counts.study_counts import Counts, GlmmMeasure, GlmmModel
from guidewright.metaanalysis.counts.tables import Array, Mask


@dataclass(frozen=True)
class Saturated:
    """The model with an effect of its own for each study, against which heterogeneity is tested."""

    loglik: float
    wald: float | None
    """Wald statistic of the equality of the effects that are finite; None if fewer than two are."""
    finite: Mask
    """Which studies have a finite effect, shape (k,)."""


def saturated(measure: GlmmMeasure, model: GlmmModel, counts: Counts, studies: Studies) -> Saturated:
    """Fit every study by its own effect. An effect that is infinite fits perfectly and is not in the Wald test."""
    y, n = counts.events, counts.sizes
    if measure is GlmmMeasure.OR and model is GlmmModel.CM_EL:
        return _saturated_exact(studies)
    if measure.arms == 2 and model is GlmmModel.UM_RS:
        return _saturated_random_levels(measure, y, n, studies)
    if measure.arms == 2 and model in {GlmmModel.CM_EL, GlmmModel.CM_AL}:
        total = y.sum(axis=1)
        loglik = special.xlogy(y, y / total[:, None]).sum(axis=1) + log_choose(total, y[:, 0])
        cells = y
    elif measure.of_persons:
        loglik = (special.xlogy(y, y / n) + special.xlogy(n - y, 1 - y / n) + log_choose(n, y)).sum(axis=1)
        cells = np.column_stack([y, n - y])
    else:
        loglik = (special.xlogy(y, y) - y - special.gammaln(y + 1)).sum(axis=1)
        cells = y
    finite: Mask = np.all(cells > 0, axis=1)
    y, n, cells = y[finite], n[finite], cells[finite]
    log_y = np.log(y)
    exact_odds = measure.of_persons and not (measure.arms == 2 and model is GlmmModel.CM_AL)
    effect = log_y - np.log(n - y if exact_odds else n)
    effect = effect[:, 0] - effect[:, 1] if measure.arms == 2 else effect[:, 0]
    return Saturated(float(loglik.sum()), _wald(effect, np.diag(1 / (1 / cells).sum(axis=1))), finite)


def _saturated_exact(studies: Studies) -> Saturated:
    """Each table's conditional maximum; infinite where the observed count is the least or the most possible."""
    family = studies.family
    assert isinstance(family, Hypergeometric)  # noqa: S101  the model says so
    least, most = np.minimum.reduceat(family.counts, family.starts), np.maximum.reduceat(family.counts, family.starts)
    finite: Mask = (least < 0) & (most > 0)
    if not finite.any():
        return Saturated(0.0, None, finite)
    kept = finite[family.table]
    sizes = np.diff(np.append(family.starts, len(family.counts)))[finite]
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    some = Hypergeometric(family.counts[kept], family.log_ways[kept], np.repeat(np.arange(len(sizes)), sizes), starts)
    zero, one = np.zeros((len(sizes), 1)), np.ones((1, 1))
    alone = Studies(some, zero, zero, zero[:, 0], one, one, own=True, grid=np.zeros((1, 1)), log_weights=np.zeros(1))
    fit = maximise(alone, np.zeros(1), zero[:, 0], np.zeros(1, dtype=bool))
    variance = some.moments(fit.own[:, None])[1]
    return Saturated(fit.loglik, _wald(fit.own, np.diag(variance[:, 0])), finite)


def _saturated_random_levels(measure: GlmmMeasure, y: Array, n: Array, studies: Studies) -> Saturated:
    """Random levels as in UM.RS, and an effect for each study; an arm that its infinite effect fits is left out."""
    finite: Mask = y[:, 0] > 0
    if measure.of_persons:
        finite &= y[:, 0] < n[:, 0]
    keep = np.column_stack([finite, np.ones_like(finite)])
    y, n = np.where(keep, y, 0.0), np.where(keep, n, 0.0)
    family, constant = family_of(measure, y, n)
    design = np.array([[1.0, 0.0], [1.0, 1.0]])
    loads = np.ones((1, 2))
    points = round(len(studies.grid) ** 0.5)
    grid, weights = hermite(points, 1)
    own = Studies(family, y, studies.offset, constant, design, loads, own=True, grid=grid, log_weights=weights)
    level = float(log_level(measure, y[:, 1], n[:, 1]).mean())
    fit = global_maximum(own, np.array([level, 0.0]), np.zeros(len(y)), np.ones(1, dtype=bool))
    local = np.column_stack([fit.own, np.broadcast_to(fit.common, (len(y), 2))])
    second = derivatives(own, local)[2]
    free = np.array([True, fit.common[1] > 0])
    cross, common = second[:, 0, 1:][:, free], second[:, 1:, 1:].sum(axis=0)[np.ix_(free, free)]
    precision = np.diag(-second[:, 0, 0]) + cross @ np.linalg.solve(common, cross.T)
    return Saturated(fit.loglik, _wald(fit.own[finite], precision[np.ix_(finite, finite)]), finite)


def _wald(effect: Array, precision: Array) -> float | None:
    """Generalised sum of squares around the effects' weighted mean."""
    if len(effect) < 2:
        return None
    weights = precision.sum(axis=0)
    off = effect - weights @ effect / weights.sum()
    return float(off @ precision @ off)
