"""Distributions of counts in their canonical form: the log-likelihood of a count y is y * eta - K(eta) + constant.

Everything the models need is K and its derivatives, which are the cumulants of the count (mean, variance, third).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from guidewright.metaanalysis import special
from guidewright.metaanalysis.counts.tables import Array

#: Beyond this exp() of float64 ends; no rate of a real study comes near it.
LARGEST = 500.0


class Family(Protocol):
    """A distribution with its sizes, one for each study and arm; ``eta`` has shape (..., k, arms)."""

    def partition(self, eta: Array) -> tuple[Array, Array]:
        """K and its derivative, the mean."""

    def moments(self, eta: Array) -> tuple[Array, Array, Array]:
        """Mean, variance and third central moment: the first three derivatives of K."""


@dataclass(frozen=True)
class Binomial:
    """``eta`` is a logit."""

    trials: Array
    """Shape (k, arms)."""

    def partition(self, eta: Array) -> tuple[Array, Array]:
        return self.trials * np.logaddexp(0.0, eta), self.trials * special.expit(eta)

    def moments(self, eta: Array) -> tuple[Array, Array, Array]:
        p = special.expit(eta)
        variance = self.trials * p * special.expit(-eta)
        return self.trials * p, variance, variance * (1 - 2 * p)


@dataclass(frozen=True)
class Poisson:
    """``eta`` is a log rate."""

    exposure: Array
    """Person-time, shape (k, arms)."""

    def partition(self, eta: Array) -> tuple[Array, Array]:
        mean = self.exposure * np.exp(np.minimum(eta, LARGEST))
        return mean, mean

    def moments(self, eta: Array) -> tuple[Array, Array, Array]:
        mean, _ = self.partition(eta)
        return mean, mean, mean


@dataclass(frozen=True)
class Hypergeometric:
    """Events of arm 1 given all margins of a table; ``eta`` is the log odds ratio (Fisher 1935; Stijnen et al. 2010).

    The possible counts of all tables lie one after another, so that tables of any size are summed at once.
    """

    counts: Array
    """Possible counts of each table, centred on the observed one so that large counts do not round."""
    log_ways: Array
    """Log number of ways to each, relative to the observed count."""
    table: NDArray[np.int64]
    """The table of each."""
    starts: NDArray[np.int64]
    """Where each table starts."""

    @classmethod
    def of(cls, events1: Array, total1: Array, events2: Array, total2: Array) -> Hypergeometric:
        """The distributions of the tables, each array of shape (k,)."""
        events = events1 + events2
        low, high = np.maximum(0, events - total2), np.minimum(total1, events)
        sizes = (high - low + 1).astype(np.int64)
        starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
        table = np.repeat(np.arange(len(sizes)), sizes)
        x = low[table] + np.arange(sizes.sum()) - starts[table]
        n1, n2, t = total1[table], total2[table], events[table]
        log_ways = log_choose(n1, x) + log_choose(n2, t - x)
        observed = log_choose(total1, events1) + log_choose(total2, events2)
        return cls(x - events1[table], log_ways - observed[table], table, starts)

    def partition(self, eta: Array) -> tuple[Array, Array]:
        ways, peak = self._ways(eta)
        total = self._sum(ways)
        return (peak + np.log(total))[..., None], (self._sum(ways * self.counts) / total)[..., None]

    def moments(self, eta: Array) -> tuple[Array, Array, Array]:
        ways, _ = self._ways(eta)
        total = self._sum(ways)
        mean = self._sum(ways * self.counts) / total
        off = self.counts - np.take(mean, self.table, axis=-1)
        weighted = ways * off**2
        variance, third = self._sum(weighted) / total, self._sum(weighted * off) / total
        return mean[..., None], variance[..., None], third[..., None]

    def _ways(self, eta: Array) -> tuple[Array, Array]:
        """Ways to each count weighted by the odds ratio, relative to each table's largest, whose log comes along."""
        log = self.log_ways + self.counts * np.take(eta[..., 0], self.table, axis=-1)
        peak: Array = np.maximum.reduceat(log, self.starts, axis=-1)
        return np.exp(log - np.take(peak, self.table, axis=-1)), peak

    def _sum(self, values: Array) -> Array:
        summed: Array = np.add.reduceat(values, self.starts, axis=-1)
        return summed


def log_choose(n: Array, x: Array) -> Array:
    """Log of the binomial coefficient, for whole numbers and others."""
    found: Array = special.gammaln(n + 1) - special.gammaln(x + 1) - special.gammaln(n - x + 1)
    return found
