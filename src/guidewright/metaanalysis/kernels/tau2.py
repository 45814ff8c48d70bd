"""Every estimator of the between-study variance tau2, for many analyses at once, with its standard error.

Formulas: Veroniki et al. 2016 (Research Synthesis Methods 7:55) and the references at :class:`Tau2Method`. Iterated
Sidik-Jonkman and empirical Bayes share their fixed point with Paule-Mandel, and get its exact root.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from guidewright.metaanalysis.kernels.distributions import chi2_quantile
from guidewright.metaanalysis.kernels.generalised_q import generalised_q, tau2_at
from guidewright.metaanalysis.kernels.groups import Array, Groups
from guidewright.metaanalysis.kernels.likelihood import maximise
from guidewright.metaanalysis.kernels.quadratic_form import tau2_by_quantile
from guidewright.metaanalysis.options import Tau2Method as T

#: Estimators that are the root of Q(tau2) = k - 1.
PAULE_MANDEL = frozenset({T.PM, T.EB, T.SJIT})
#: Estimators that are defined where a variance is 0.
ZERO_VARIANCE = frozenset({T.HE, T.SJ, T.ML, T.REML})


@dataclass(frozen=True)
class Tau2:
    """``tau2`` (B,), its standard error ``se`` (B,), NaN with a single study, and whether an iteration ``converged``
    (B,).
    """

    tau2: Array
    se: Array
    converged: np.ndarray


def estimate_tau2(y: Array, v: Array, groups: Groups, method: T, weights: Array | None = None) -> Tau2:
    """tau2 of every analysis, on the scale of analysis, never below 0; 0 with a single study.

    ``y`` (N,) and ``v`` (N,) are effects and variances; ``weights`` (N,) belongs to GENQ alone. Variances of 0 are
    allowed for the methods of :data:`ZERO_VARIANCE`.
    """
    k = groups.k
    df = k - 1
    y = y - groups.spread(groups.sums(y) / k)
    converged = np.ones(len(groups), dtype=bool)
    with np.errstate(divide="ignore", invalid="ignore"):
        if method in {T.REML, T.ML}:
            found = maximise(y, v, groups, restricted=method is T.REML)
            tau2, converged = found.tau2, found.converged
            w = _weights(v, groups, tau2)
            se = _likelihood_se(w, groups, restricted=method is T.REML)
        elif method in PAULE_MANDEL or method is T.PMM:
            tau2 = tau2_at(y, v, groups, chi2_quantile(0.5, df) if method is T.PMM else df)
            se = np.sqrt(2 * k * k / df) / groups.sums(_weights(v, groups, tau2))
        elif method is T.DLIT:
            tau2 = _iterated_dl(y, v, groups)
            traces = _Traces.of(_weights(v, groups, tau2), v, groups)
            se = np.sqrt(2 * df + 4 * tau2 * traces.p + 2 * tau2**2 * traces.pp) / traces.p
        elif method is T.SJ:
            start = groups.sums(y * y) / k
            w = _weights(v, groups, start)
            q = generalised_q(y, v, groups, start)
            tau2 = np.where(start > 0, start * q / df, 0.0)
            se = start / df * _Traces.of(w, v, groups).root(tau2)
        elif method in {T.HS, T.HSK}:
            w = 1 / v
            factor = k / df if method is T.HSK else np.ones(len(groups))
            tau2 = np.maximum((factor * generalised_q(y, v, groups, np.zeros(len(groups))) - k) / groups.sums(w), 0.0)
            se = factor / groups.sums(w) * _Traces.of(w, v, groups).root(tau2)
        elif method is T.GENQM:  # one by one: each needs eigenvalues of its own
            a = _moment_weights(v, method, weights)
            slices = [slice(at, at + n) for at, n in zip(groups.starts, groups.sizes, strict=True)]
            tau2 = np.array([tau2_by_quantile(y[s], v[s], a[s], 0.5) if s.stop - s.start > 1 else 0.0 for s in slices])
            traces = _Traces.of(a, v, groups)
            se = traces.root(tau2) / traces.p
        else:  # moments of Q with fixed weights
            a = _moment_weights(v, method, weights)
            traces = _Traces.of(a, v, groups)
            mean = groups.sums(a * y) / groups.sums(a)
            r = y - groups.spread(mean)
            tau2 = np.maximum((groups.sums(a * r * r) - traces.pv) / traces.p, 0.0)
            se = traces.root(tau2) / traces.p
    if (single := groups.sizes == 1).any():
        return Tau2(np.where(single, 0.0, tau2), np.where(single, np.nan, se), converged | single)
    return Tau2(tau2, se, converged)


def _moment_weights(v: Array, method: T, weights: Array | None) -> Array:
    if method is T.DL:
        return np.asarray(1 / v)
    if method is T.HE:
        return np.ones_like(v)
    if weights is None:
        raise ValueError(f"{method} needs weights")
    return weights


def _weights(v: Array, groups: Groups, tau2: Array) -> Array:
    return 1 / (v + groups.spread(tau2))


def _likelihood_se(w: Array, groups: Groups, *, restricted: bool) -> Array:
    """From the expected information (Viechtbauer 2005)."""
    s2 = groups.sums(w * w)
    if not restricted:
        return np.asarray(np.sqrt(2 / s2))
    s1, s3 = groups.sums(w), groups.sums(w * w * w)
    return np.asarray(np.sqrt(2 / (s2 - 2 * s3 / s1 + (s2 / s1) ** 2)))


def _iterated_dl(y: Array, v: Array, groups: Groups) -> Array:
    """The fixed point ``tau2 = (Q(tau2) - (k - 1)) / tr P(tau2)``, which lies between 0 and Paule-Mandel's, by
    bisection.
    """
    df = groups.k - 1
    low, high = np.zeros(len(groups)), tau2_at(y, v, groups, df)
    for _step in range(60):
        middle = 0.5 * (low + high)
        w = _weights(v, groups, middle)
        trace = groups.sums(w) - groups.sums(w * w) / groups.sums(w)
        below = generalised_q(y, v, groups, middle) - df > middle * trace
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return 0.5 * (low + high)


@dataclass(frozen=True)
class _Traces:
    """Traces of ``P = A - A 1 1' A / sum(a)``, A the diagonal of weights, and of its products with the variances V."""

    p: Array
    pv: Array
    pp: Array
    pvp: Array
    pvpv: Array

    @classmethod
    def of(cls, a: Array, v: Array, groups: Groups) -> _Traces:
        a2, av = a * a, a * v
        s1, s2, s3 = groups.sums(a), groups.sums(a2), groups.sums(a2 * a)
        a2v = groups.sums(a * av)
        return cls(
            p=s1 - s2 / s1,
            pv=groups.sums(av) - a2v / s1,
            pp=s2 - 2 * s3 / s1 + (s2 / s1) ** 2,
            pvp=a2v - 2 * groups.sums(a2 * av) / s1 + a2v * s2 / s1**2,
            pvpv=groups.sums(av * av) - 2 * groups.sums(a * av * av) / s1 + (a2v / s1) ** 2,
        )

    def root(self, tau2: Array) -> Array:
        """Standard deviation of the quadratic form y'Py under tau2."""
        return np.asarray(np.sqrt(2 * self.pvpv + 4 * tau2 * self.pvp + 2 * tau2 * tau2 * self.pp))
