"""What defines an estimate, written a second time: to judge our answer where the peer's is none, or not the best."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import chdtri, gammaln, ndtr

from tests.metaanalysis.grid_rules.reference import Array

#: Largest relative residual of an equation that an estimate must solve.
RESIDUAL = 1e-7
#: Points of the search for a higher likelihood.
POINTS = 4000


def q_at(y: Array, v: Array, tau2: float) -> float:
    """Weighted sum of squares about the weighted mean."""
    w = 1 / (v + tau2)
    return float(np.sum(w * (y - np.sum(w * y) / np.sum(w)) ** 2))


def log_likelihood(y: Array, v: Array, tau2: float, *, restricted: bool) -> float:
    """Without constants."""
    w = 1 / (v + tau2)
    value = 0.5 * np.sum(np.log(w)) - 0.5 * q_at(y, v, tau2)
    return float(value - 0.5 * np.log(np.sum(w)) if restricted else value)


def residual(method: str, y: Array, v: Array, tau2: float) -> float:
    """How far tau2 is from solving its equation: above 0 if it is too small, relative to the equation's size."""
    df = len(y) - 1
    w = 1 / (v + tau2)
    q = q_at(y, v, tau2)
    if method == "DLIT":
        trace = float(np.sum(w) - np.sum(w**2) / np.sum(w))
        return (q - df) / df - tau2 * trace / df
    target = float(chdtri(df, 0.5)) if method == "PMM" else float(df)
    return (q - target) / target


def highest(y: Array, v: Array, *, restricted: bool) -> float:
    """Highest log-likelihood on a fine grid of tau2, 0 included."""
    far = float(np.ptp(y)) ** 2
    grid = np.concatenate([[0.0], np.geomspace(1e-6 * v.min(), max(far, v.min()), POINTS)])[:, None]
    w = 1 / (v + grid)
    total = w.sum(axis=1)
    mean = (w * y).sum(axis=1) / total
    value = 0.5 * (np.log(w) - w * (y - mean[:, None]) ** 2).sum(axis=1)
    return float((value - 0.5 * np.log(total) if restricted else value).max())


def misses_definition(method: str, y: Array, v: Array, tau2: float) -> str | None:
    """Why tau2 is not what the estimator is defined as; None if it is."""
    if method in {"ML", "REML"}:
        restricted = method == "REML"
        lack = highest(y, v, restricted=restricted) - log_likelihood(y, v, tau2, restricted=restricted)
        return f"the likelihood is higher elsewhere by {lack:.2g}" if lack > 1e-10 else None
    off = residual(method, y, v, tau2)
    if tau2 == 0:
        return f"tau2 is 0, and its equation wants more ({off:.2g})" if off > RESIDUAL else None
    return f"its equation is off by {off:.2g}" if abs(off) > RESIDUAL else None


def better_than(method: str, y: Array, v: Array, ours: float, theirs: float) -> bool:
    """Whether our tau2 solves the estimator's equation, and the other does less so."""
    if misses_definition(method, y, v, ours) is not None:
        return False
    return theirs > 0 if ours == 0 else abs(residual(method, y, v, ours)) < abs(residual(method, y, v, theirs))


@cache
def _legendre(points: int) -> tuple[Array, Array]:
    return np.polynomial.legendre.leggauss(points)


def bivariate_normal(h: float, k: float, rho: float) -> float:
    """Chance that two standard normal variables with this correlation are below ``h`` and ``k`` (Plackett 1954)."""
    nodes, weights = _legendre(400)
    r = rho * (nodes + 1) / 2
    density = np.exp(-(h * h - 2 * r * h * k + k * k) / (2 * (1 - r * r))) / (2 * np.pi * np.sqrt(1 - r * r))
    return float(ndtr(h) * ndtr(k) + rho / 2 * np.sum(weights * density))


def fixed_studies_likelihood(
    events1: Array, size1: Array, events2: Array, size2: Array, effect: float, tau2: float, *, persons: bool
) -> float:
    """Log-likelihood of counts with a level for each study, which is maximised out, and effects with variance tau2."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(80)
    true = effect + np.sqrt(tau2) * nodes
    value = 0.0
    for y1, n1, y2, n2 in zip(events1, size1, events2, size2, strict=True):
        if y1 + y2 == 0:
            continue

        def negative(level: float, y1: float = y1, n1: float = n1, y2: float = y2, n2: float = n2) -> float:
            log = np.zeros_like(true)
            for y, n, eta in ((y1, n1, level + true / 2), (y2, n2, level - true / 2)):
                log += y * eta - n * (np.logaddexp(0, eta) if persons else np.exp(eta))
            top = log.max()
            return -float(top + np.log(np.sum(weights * np.exp(log - top)) / np.sum(weights)))

        rate = np.log((y1 + y2) / (n1 + n2))
        value -= float(
            minimize_scalar(negative, bounds=(rate - 6, rate + 6), method="bounded", options={"xatol": 1e-9}).fun
        )
    return value


class Conditional:
    """Two arms given the total of events: noncentral hypergeometric counts, log odds ratios with a normal spread."""

    def __init__(self, events1: Array, total1: Array, events2: Array, total2: Array) -> None:
        informative = (events1 + events2 > 0) & (events1 + events2 < total1 + total2)
        self.tables = [
            (a, np.arange(max(0.0, a + c - n2), min(n1, a + c) + 1), n1, n2, a + c)
            for a, n1, c, n2 in zip(*(one[informative] for one in (events1, total1, events2, total2)), strict=True)
        ]
        self.nodes, weights = np.polynomial.hermite_e.hermegauss(100)
        self.weights = weights / weights.sum()

    def log_likelihood(self, effect: float, tau: float) -> float:
        """Of the mean log odds ratio and the spread of the studies' own, by a hundred nodes."""
        true = effect + tau * self.nodes
        return float(sum(np.log(np.sum(self.weights * np.exp(self._log_chance(table, true)))) for table in self.tables))

    def se(self, effect: float, tau: float, step: float = 2e-4) -> float:
        """Standard error of the effect by second differences in both."""
        at, e = np.array([effect, tau]), step * np.eye(2)
        signs = [(s, t) for s in (1, -1) for t in (1, -1)]
        hessian = [
            [
                sum(s * t * self.log_likelihood(*(at + s * e[i] + t * e[j])) for s, t in signs) / (4 * step**2)
                for j in (0, 1)
            ]
            for i in (0, 1)
        ]
        return float(np.sqrt(np.linalg.inv(-np.array(hessian))[0, 0]))

    def wald(self) -> float:
        """Test that the studies' own finite log odds ratios are equal."""
        found, precise = [], []
        for table in self.tables:
            a, counts, *_ = table
            if counts[0] < a < counts[-1]:
                low, high = -30.0, 30.0
                for _turn in range(200):
                    middle = (low + high) / 2
                    low, high = (middle, high) if self._moments(table, middle)[0] < a else (low, middle)
                found.append(low)
                precise.append(self._moments(table, low)[1])
        y, w = np.array(found), np.array(precise)
        return float(np.sum(w * (y - np.sum(w * y) / np.sum(w)) ** 2))

    def _log_chance(self, table: tuple[Any, ...], true: Array) -> Array:
        a, counts, n1, n2, total = table
        ways = _log_choose(n1, counts) + _log_choose(n2, total - counts)
        each = ways[:, None] + counts[:, None] * true
        top = each.max(axis=0)
        own = _log_choose(n1, a) + _log_choose(n2, total - a) + a * true
        return np.asarray(own - top - np.log(np.exp(each - top).sum(axis=0)))

    @staticmethod
    def _moments(table: tuple[Any, ...], true: float) -> tuple[float, float]:
        _, counts, n1, n2, total = table
        log = _log_choose(n1, counts) + _log_choose(n2, total - counts) + counts * true
        chance = np.exp(log - log.max())
        chance /= chance.sum()
        mean = float(np.sum(counts * chance))
        return mean, float(np.sum((counts - mean) ** 2 * chance))


def _log_choose(n: Any, k: Any) -> Any:
    return gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
