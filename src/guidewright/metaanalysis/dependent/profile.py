"""Profile-likelihood intervals of variance components."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from guidewright.metaanalysis.dependent.blocks import Array
from guidewright.metaanalysis.dependent.fits import DependentFit
from guidewright.metaanalysis.dependent.likelihood import Likelihood
from guidewright.metaanalysis.dependent.maximum import climb
from guidewright.metaanalysis.kernels.distributions import chi2_quantile
from guidewright.metaanalysis.notices import CannotPoolError, Notice
from guidewright.metaanalysis.options import check_share


@dataclass(frozen=True)
class ProfileInterval:
    """Interval of one variance component."""

    estimate: float
    low: float
    """0 where even the boundary is within the interval."""
    high: float | None
    """None where the likelihood never falls far enough."""
    level: float
    notices: tuple[Notice, ...] = ()


def profile_intervals(fit: DependentFit, *, level: float = 0.95) -> tuple[ProfileInterval, ...]:
    """An interval for each variance component: where twice the log-likelihood has fallen by the chi-squared quantile.

    The other parameters are optimised anew at every value (Hardy & Thompson 1996). For multilevel fits and for
    multivariate ones with structure DIAG or ID, or one outcome; in the order of the components. Raises
    :class:`CannotPoolError` for the other structures, whose parameters are not variances alone.
    """
    check_share("level", level)
    if not all(term.structure.variances for term in fit.likelihood.terms):
        raise CannotPoolError("profile intervals are offered for variances only: levels, or structure DIAG or ID")
    return tuple(_interval(fit, number, level) for number in range(fit.theta.size))


def _interval(fit: DependentFit, number: int, level: float) -> ProfileInterval:
    target = fit.loglik - float(chi2_quantile(level, 1.0)) / 2
    profile = _Profile(fit.likelihood, number, target)
    unit2 = fit.likelihood.unit**2
    best = float(fit.theta[number])
    low = 0.0
    at_zero = profile.excess(0.0, fit.theta)
    if best > 0 and at_zero < 0:
        low = profile.root(0.0, best, fit.theta)
    step = max(best, float(fit.likelihood.spread_by_level(fit.likelihood.terms[0]).mean()))
    inside, outside = best, best + step
    while profile.excess(outside, fit.theta) > 0:
        inside, outside = outside, outside * 4
        if outside > 1e12 * step:
            notice = Notice("no-upper-limit", "The likelihood never falls far enough for an upper limit.")
            return ProfileInterval(best * unit2, low * unit2, None, level, (notice,))
    high = profile.root(outside, inside, fit.theta)
    return ProfileInterval(best * unit2, low * unit2, high * unit2, level)


@dataclass(frozen=True, eq=False)
class _Profile:
    likelihood: Likelihood
    number: int
    target: float

    def excess(self, value: float, start: Array) -> float:
        """Height of the profile at ``value`` above the target."""
        return self._at(value, start)[0]

    def _at(self, value: float, start: Array) -> tuple[float, float]:
        lower, upper = (limits.copy() for limits in self.likelihood.bounds)
        lower[self.number] = upper[self.number] = value
        spans = np.full(start.size, np.inf)
        # from the optimum and from its middle: the rest may have a maximum of its own at this value
        starts = [start, np.full_like(start, max(float(start.mean()), 1e-3))] if start.size > 1 else [start]
        ends = [climb(self.likelihood, one, lower, upper, spans) for one in starts]
        good = [end for end in ends if end is not None and end.converged]
        if not good:
            return -math.inf, 0.0
        end = max(good, key=lambda one: one.solution.loglik)
        return end.solution.loglik - self.target, float(end.slopes.gradient[self.number])

    def root(self, outside: float, inside: float, start: Array) -> float:
        """Where the profile crosses the target, between a value below it and one above it: Newton, bracketed."""
        value = (outside + inside) / 2
        for _step in range(100):
            height, slope = self._at(value, start)
            if height > 0:
                inside = value
            else:
                outside = value
            before = value
            value = value - height / slope if slope else math.inf
            if not min(inside, outside) < value < max(inside, outside):
                value = (inside + outside) / 2
            if abs(value - before) <= 1e-11 * abs(before):
                break
        return value
