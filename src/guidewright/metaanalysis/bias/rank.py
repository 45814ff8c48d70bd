"""Rank correlation of effects with their variances (Begg & Mazumdar 1994)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.bias.studies import Array, few_studies, read
from guidewright.metaanalysis.kernels.distributions import normal_p
from guidewright.metaanalysis.notices import CannotPoolError, Notice

#: Studies from which the normal approximation is as good as the exact distribution, as in R's ``cor.test``.
MANY = 50


class RankDistribution(StrEnum):
    """How the p value of Kendall's S is found."""

    AUTOMATIC = "automatic"
    """Exact below 50 studies without ties, normal otherwise."""
    EXACT = "exact"
    """From all orders of the studies; not defined with ties."""
    NORMAL = "normal"
    """Normal approximation, as Begg & Mazumdar used it."""


@dataclass(frozen=True)
class RankTest:
    """Kendall's rank correlation of effects and variances, with its test."""

    k: int
    tau: float | None
    """Kendall's tau (tau-b with ties); None where one side does not vary."""
    s: int
    """Kendall's S: concordant less discordant pairs."""
    s_se: float
    """Standard deviation of S without association, corrected for ties."""
    statistic: float | None
    """z: S over its standard deviation, continuity corrected if asked for."""
    p: float | None
    """Two-sided."""
    distribution: RankDistribution
    """The one that was used."""
    continuity_corrected: bool
    notices: tuple[Notice, ...]


def begg(
    y: npt.ArrayLike,
    v: npt.ArrayLike | None = None,
    *,
    se: npt.ArrayLike | None = None,
    distribution: RankDistribution = RankDistribution.AUTOMATIC,
    continuity_correction: bool = False,
) -> RankTest:
    """Begg & Mazumdar's test (1994, Biometrics 50:1088): standardised effects against variances.

    Effects ``y`` (k,), variances ``v`` or standard errors ``se``. Each effect less the common-effect mean is divided
    by the standard deviation of that difference. ``continuity_correction`` takes 1 off S in the normal approximation.

    Raises :class:`CannotPoolError` for fewer than three studies, and for the exact distribution with ties.
    """
    studies = read(y, v, se, least=3, purpose="a rank correlation test")
    w = 1 / studies.v
    about = (studies.y - np.sum(w * studies.y) / np.sum(w)) / np.sqrt(studies.v - 1 / np.sum(w))
    return rank_test(
        about,
        studies.v,
        distribution=distribution,
        continuity_correction=continuity_correction,
        notices=studies.notices,
    )


def rank_test(
    x: Array,
    against: Array,
    *,
    distribution: RankDistribution,
    continuity_correction: bool,
    notices: tuple[Notice, ...],
) -> RankTest:
    """Kendall's test of two columns (k,) of at least three numbers."""
    k = len(x)
    notices = (*notices, *few_studies(k))
    s = _concordance(x, against)
    ties = [_tie_sizes(one) for one in (x, against)]
    tied = any(len(one) < k for one in ties)
    if tied and distribution is RankDistribution.EXACT:
        raise CannotPoolError("studies are tied, and the exact distribution has no ties; choose the normal one")
    exact = distribution is RankDistribution.EXACT or (
        distribution is RankDistribution.AUTOMATIC and not tied and k < MANY
    )
    if tied:
        text = "some effects or variances are equal: the p value is that of the normal approximation"
        notices = (*notices, Notice("ties", text))
    pairs = k * (k - 1) / 2
    untied = np.prod([pairs - np.sum(t * (t - 1)) / 2 for t in ties])
    s_se = float(np.sqrt(_variance(k, *ties)))
    statistic = p = tau = None
    if untied > 0:
        tau = float(s / np.sqrt(untied))
        shift = min(1, abs(s)) if continuity_correction else 0
        statistic = float(np.sign(s) * (abs(s) - shift) / s_se)
        p = exact_p(s, k) if exact else float(normal_p(statistic))
    else:
        notices = (*notices, Notice("no-variation", "all effects or all variances are equal: there are no ranks"))
    return RankTest(
        k=k,
        tau=tau,
        s=s,
        s_se=s_se,
        statistic=statistic,
        p=p,
        distribution=RankDistribution.EXACT if exact else RankDistribution.NORMAL,
        continuity_corrected=continuity_correction,
        notices=notices,
    )


def exact_p(s: int, k: int) -> float:
    """Two-sided p value of Kendall's S for k untied ranks (Kendall 1938): orders by their number of inversions.

    Study j of k can stand before 0 to j - 1 of those already placed, with equal chance, which convolves their number
    with a uniform distribution.
    """
    chance = np.ones(1)
    for j in range(2, k + 1):
        summed = np.concatenate([np.cumsum(chance), np.full(j - 1, np.sum(chance))])
        summed[j:] -= summed[:-j].copy()
        chance = summed / j
    discordant = (k * (k - 1) // 2 - abs(s)) // 2
    return float(min(1.0, 2 * np.sum(chance[: discordant + 1])))


def _concordance(x: Array, z: Array) -> int:
    s = 0
    for at in range(0, len(x), 1000):  # rows at a time, so that no k x k table is held
        rows = slice(at, at + 1000)
        signs = np.sign(x[rows, None] - x) * np.sign(z[rows, None] - z)
        s += int(np.sum(signs))
    return s // 2


def _tie_sizes(values: Array) -> npt.NDArray[np.float64]:
    return np.unique(values, return_counts=True)[1].astype(np.float64)


def _variance(k: int, t: Array, u: Array) -> float:
    """Variance of S with ties of sizes t and u (Kendall 1970, Rank Correlation Methods, chapter 4)."""
    single = (_thrice(np.array([float(k)])) - _thrice(t) - _thrice(u)) / 18
    pairs = np.sum(t * (t - 1)) * np.sum(u * (u - 1)) / (2 * k * (k - 1))
    triples = np.sum(t * (t - 1) * (t - 2)) * np.sum(u * (u - 1) * (u - 2)) / (9 * k * (k - 1) * (k - 2))
    return float(single + pairs + triples)


def _thrice(n: Array) -> float:
    return float(np.sum(n * (n - 1) * (2 * n + 5)))
