"""Tests of asymmetry for events in two arms, whose effects and standard errors are correlated by construction."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis import special
from guidewright.metaanalysis.bias import line
from guidewright.metaanalysis.bias.rank import RankDistribution, RankTest, rank_test
from guidewright.metaanalysis.bias.regression import RegressionTest, judged
from guidewright.metaanalysis.bias.studies import Array, require
from guidewright.metaanalysis.counts.tables import (
    Arms,
    CountMeasure,
    cells,
    effects,
    read_arms,
    without_double_zero,
)
from guidewright.metaanalysis.effects.choices import To
from guidewright.metaanalysis.notices import CannotPoolError
from guidewright.metaanalysis.options import Interval, check_share


@dataclass(frozen=True)
class _Tables:
    """Tables that have both events and non-events, as counts without any addition."""

    arms: Arms

    @classmethod
    def read(
        cls, events1: npt.ArrayLike, total1: npt.ArrayLike, events2: npt.ArrayLike, total2: npt.ArrayLike
    ) -> _Tables:
        arms = without_double_zero(read_arms(events1, total1, events2, total2, persons=True), persons=True)
        require(arms.k, 3, "a test of asymmetry")
        return cls(arms)

    @property
    def n(self) -> Array:
        return self.arms.size1 + self.arms.size2

    @property
    def events(self) -> Array:
        return self.arms.events1 + self.arms.events2

    @property
    def pooled_variance(self) -> Array:
        """Variance of a log odds ratio's numerator as if both arms had one risk: 1/events + 1/non-events."""
        return 1 / self.events + 1 / (self.n - self.events)

    def effects(self, measure: CountMeasure) -> tuple[Array, Array]:
        """Effects and variances, 1/2 added to tables with an empty cell."""
        every = np.ones(self.arms.k, dtype=bool)
        return effects(measure, *cells(self.arms, every, add=0.5, to=To.ONLY_ZERO, persons=True))

    def regressed(self, y: Array, v: Array, x: Array, name: str, level: float, *, has_limit: bool) -> RegressionTest:
        check_share("level", level)
        found = line.multiplicative(y, v, x, name)
        return judged(
            found,
            self.arms.k,
            predictor=name,
            has_limit=has_limit,
            interval=Interval.T,
            level=level,
            notices=self.arms.notices,
        )


def harbord(
    events1: npt.ArrayLike,
    total1: npt.ArrayLike,
    events2: npt.ArrayLike,
    total2: npt.ArrayLike,
    *,
    level: float = 0.95,
) -> RegressionTest:
    """Harbord's test for odds ratios (Harbord, Egger & Sterne 2006, Stat Med 25:3443).

    Egger's regression with the efficient score Z of each table over its variance V as effect, and 1 / sqrt(V) as
    standard error. Empty cells need no addition. All columns (k,).
    """
    tables = _Tables.read(events1, total1, events2, total2)
    arms, n, events = tables.arms, tables.n, tables.events
    score = arms.events1 - arms.size1 * events / n
    variance = arms.size1 * arms.size2 * events * (n - events) / (n**2 * (n - 1))
    return tables.regressed(
        score / variance, 1 / variance, 1 / np.sqrt(variance), "1 / sqrt(score variance)", level, has_limit=True
    )


def peters(
    events1: npt.ArrayLike,
    total1: npt.ArrayLike,
    events2: npt.ArrayLike,
    total2: npt.ArrayLike,
    *,
    measure: CountMeasure = CountMeasure.OR,
    level: float = 0.95,
) -> RegressionTest:
    """Peters' test (Peters et al. 2006, JAMA 295:676): the effect on 1 / n, weighted by events x non-events / n."""
    tables = _Tables.read(events1, total1, events2, total2)
    y, _ = tables.effects(measure)
    return tables.regressed(y, tables.pooled_variance, 1 / tables.n, "1 / participants", level, has_limit=True)


def macaskill(
    events1: npt.ArrayLike,
    total1: npt.ArrayLike,
    events2: npt.ArrayLike,
    total2: npt.ArrayLike,
    *,
    measure: CountMeasure = CountMeasure.OR,
    pooled_variance: bool = False,
    level: float = 0.95,
) -> RegressionTest:
    """Macaskill's test (Macaskill, Walter & Irwig 2001, Stat Med 20:641): the effect on the number of participants.

    Weights are the inverse variances of the effects (FIV, as R's meta), or, with ``pooled_variance``, those of
    :func:`peters` (FPV), which the authors found to hold the error rate better.
    """
    tables = _Tables.read(events1, total1, events2, total2)
    y, v = tables.effects(measure)
    v = tables.pooled_variance if pooled_variance else v
    return tables.regressed(y, v, tables.n, "participants", level, has_limit=False)


def deeks(
    events1: npt.ArrayLike,
    total1: npt.ArrayLike,
    events2: npt.ArrayLike,
    total2: npt.ArrayLike,
    *,
    measure: CountMeasure = CountMeasure.OR,
    level: float = 0.95,
) -> RegressionTest:
    """Deeks' test (Deeks, Macaskill & Irwig 2005, J Clin Epidemiol 58:882): the effect on 1 / sqrt(effective size).

    Made for diagnostic odds ratios: group 1 are the diseased, group 2 the others, events the positive results. The
    effective sample size is 4 n1 n2 / (n1 + n2), which is also the weight.
    """
    tables = _Tables.read(events1, total1, events2, total2)
    y, _ = tables.effects(measure)
    size = 4 * tables.arms.size1 * tables.arms.size2 / tables.n
    return tables.regressed(y, 1 / size, 1 / np.sqrt(size), "1 / sqrt(effective sample size)", level, has_limit=True)


def schwarzer(
    events1: npt.ArrayLike,
    total1: npt.ArrayLike,
    events2: npt.ArrayLike,
    total2: npt.ArrayLike,
    *,
    distribution: RankDistribution = RankDistribution.NORMAL,
    continuity_correction: bool = False,
) -> RankTest:
    """Rank test for sparse tables (Schwarzer, Antes & Schumacher 2007, Stat Med 26:721).

    Kendall's correlation of each table's standardised number of events in group 1 with the inverse of its variance,
    both from the hypergeometric distribution with the Mantel-Haenszel odds ratio.
    """
    tables = _Tables.read(events1, total1, events2, total2)
    arms, n = tables.arms, tables.n
    a, c = arms.events1, arms.events2
    b, d = arms.size1 - a, arms.size2 - c
    with np.errstate(divide="ignore"):
        odds_ratio = float(np.sum(a * d / n) / np.sum(b * c / n))
    if not 0 < odds_ratio < np.inf:
        raise CannotPoolError("no study has events in one arm and non-events in the other: the odds ratio has no value")
    moments = [_hypergeometric(*table, odds_ratio) for table in zip(arms.size1, arms.size2, a + c, strict=True)]
    mean, variance = np.array(moments).T
    return rank_test(
        (a - mean) / np.sqrt(variance),
        1 / variance,
        distribution=distribution,
        continuity_correction=continuity_correction,
        notices=arms.notices,
    )


def _hypergeometric(size1: float, size2: float, events: float, odds_ratio: float) -> tuple[float, float]:
    """Mean and variance of the events in group 1 when both margins are fixed (Fisher's noncentral distribution)."""
    x = np.arange(max(0.0, events - size2), min(events, size1) + 1)
    log_chance = x * np.log(odds_ratio) - (
        special.gammaln(x + 1)
        + special.gammaln(size1 - x + 1)
        + special.gammaln(events - x + 1)
        + special.gammaln(size2 - events + x + 1)
    )
    chance = np.exp(log_chance - log_chance.max())
    chance /= chance.sum()
    mean = float(np.sum(x * chance))
    return mean, float(np.sum((x - mean) ** 2 * chance))
