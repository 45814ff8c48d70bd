"""The largest likelihood over the parameters of :class:`Studies`: safeguarded Newton steps, and the global choice."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from guidewright.metaanalysis.counts.quadrature import Studies, derivatives
from guidewright.metaanalysis.counts.tables import Array, Mask
from guidewright.metaanalysis.notices import CannotPoolError

#: Newton's method stops where the next step would change the log-likelihood by less than half of this.
ENOUGH = 1e-18
#: So near to the maximum Newton's step is taken without looking, since the likelihood's rounding hides its rise.
SURE = 1e-6
#: The same as ENOUGH, of a start that is only compared with others.
ROUGH = 1e-2
#: Standard deviations from which the search for the maximum starts; those in between are reached by the method.
STARTS = (0.15, 0.6, 2.0)
#: A gain of log-likelihood that rounding could make; a smaller one does not justify a variance above 0.
ROUNDING = 1e-9
#: Beyond this on a log scale an estimate runs to infinity, even that of a rate in an odd unit of time.
INFINITE = 100.0
#: So does a standard deviation beyond this: the odds of one study would be e**10 times those of the next.
INFINITE_DEVIATION = 10.0


@dataclass(frozen=True)
class Fit:
    """A maximum. ``common`` holds the design's common parameters, then the standard deviations."""

    common: Array
    own: Array
    """Each study's own parameter, shape (k,); zeros where the model has none."""
    loglik: float
    covariance: Array
    """Of ``common``, from the observed information; 0 for those that were held."""


@dataclass(frozen=True)
class _Place:
    """A point of the climb and what Newton's method says there."""

    common: Array
    own: Array
    loglik: float
    step: Array
    step_own: Array
    gain: float
    """Twice the rise of the log-likelihood that the step promises."""
    covariance: Array
    """Of the common parameters; NaN where the likelihood is not concave."""


def maximise(studies: Studies, common: Array, own: Array, free: Mask, *, enough: float = ENOUGH) -> Fit:
    """Climb from a start. ``free``: which common parameters may move.

    Raises :class:`CannotPoolError` if no finite maximum is reached.
    """
    here = _place(studies, common, own, free)
    for _ in range(200):
        if here.gain < enough:
            if enough <= ENOUGH:
                here = _place(studies, here.common, here.own, free, order=4)
            if np.isnan(here.covariance).any():  # level, but not a top
                break
            return Fit(here.common, here.own, here.loglik, here.covariance)
        share = _share(here.common[-len(studies.loads) :], here.step, here.step_own)
        for _ in range(50):
            there = _place(studies, here.common + share * here.step, here.own + share * here.step_own, free)
            if there.loglik >= here.loglik or here.gain < SURE:
                break
            share /= 2
        else:
            break
        here = there
        deviations = here.common[-len(studies.loads) :]
        if np.abs(here.common).max() > INFINITE or np.abs(deviations).max() > INFINITE_DEVIATION:
            break
    raise CannotPoolError(
        "the likelihood has no finite maximum that could be found: the counts are too few for this model, as where "
        "each study has one event. Hold tau2 at 0 (common_effect=True), or pool by Mantel-Haenszel or Peto."
    )


def _share(deviations: Array, step: Array, step_own: Array) -> float:
    """How much of Newton's step to try: on a log scale a long one says little beyond its direction.

    A deviation keeps a tenth of itself at least. At 0 the likelihood is level even if it is no maximum there.
    """
    towards_0 = -step[-len(deviations) :] * np.sign(deviations)
    most = np.max(towards_0 / np.maximum(0.9 * np.abs(deviations), 1e-300), initial=0.0, where=deviations != 0)
    return 1.0 / float(max(1.0, most, np.abs(step).max(initial=0.0), np.abs(step_own).max(initial=0.0) / 3))


def _local(studies: Studies, common: Array, own: Array) -> Array:
    spread = np.broadcast_to(common, (studies.k, len(common)))
    return np.column_stack([own, spread]) if studies.own else spread


def _place(studies: Studies, common: Array, own: Array, free: Mask, *, order: int = 2) -> _Place:
    """Newton's step from a point, uphill in every direction even where the likelihood is not concave.

    Each study's own parameter is eliminated (Schur complement), so that the work is linear in the number of studies.
    """
    values, gradient, second = derivatives(studies, _local(studies, common, own), order=order)
    c = len(common)
    g, h = gradient[:, -c:].sum(axis=0), second[:, -c:, -c:].sum(axis=0)
    if studies.own:
        g_own, h_own, cross = gradient[:, 0], np.minimum(second[:, 0, 0], -1e-300), second[:, 0, -c:]
        g = g - (cross * (g_own / h_own)[:, None]).sum(axis=0)
        h = h - (cross / h_own[:, None]).T @ cross
    step, covariance = np.zeros(c), np.zeros((c, c))
    if free.any():
        curvatures, vectors = np.linalg.eigh(-h[np.ix_(free, free)])
        steepness = np.maximum(np.abs(curvatures), 1e-10 * max(np.abs(curvatures).max(), 1e-10))
        inverse = (vectors / steepness) @ vectors.T
        step[free] = inverse @ g[free]
        covariance[np.ix_(free, free)] = inverse if curvatures.min() > 0 else np.nan
    gain, step_own = float(g @ step), np.zeros_like(own)
    if studies.own:
        step_own = -(g_own + cross @ step) / h_own
        gain += float((g_own**2 / -h_own).sum())
    return _Place(common, own, float(values.sum()), step, step_own, gain, covariance)


def global_maximum(studies: Studies, common: Array, own: Array, free_deviations: Mask) -> Fit:
    """The best of all maxima: from a grid of starts, and with each standard deviation held at 0.

    With the deviations held the likelihood has one maximum (its logarithm is concave), so the grid is over them only.
    """
    first = len(common) - len(free_deviations)
    which = first + np.flatnonzero(free_deviations)
    linear = np.arange(len(common)) < first
    common = np.where(linear, common, 0.0)
    if not len(which):
        return maximise(studies, common, own, linear)
    starts = []
    for values in product(STARTS, repeat=len(which)):
        common = common.copy()
        common[which] = values
        start = maximise(studies, common, own, linear, enough=ROUGH)
        common, own = start.common, start.own
        starts.append(start)
    best = max(starts, key=lambda fit: fit.loglik)
    free = linear.copy()
    free[which] = True
    top = maximise(studies, best.common, best.own, free)
    for kept in product((True, False), repeat=len(which)):
        if all(kept):
            continue
        held = which[~np.array(kept)]
        common, free_here = best.common.copy(), free.copy()
        common[held], free_here[held] = 0.0, False
        edge = maximise(studies, common, best.own, free_here)
        if edge.loglik >= top.loglik - ROUNDING:  # a gain of nothing but rounding means a deviation of 0
            top = edge
    return replace(top, common=np.where(linear, top.common, np.abs(top.common)))
