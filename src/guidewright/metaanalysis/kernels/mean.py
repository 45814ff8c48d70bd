"""Weighted means with their tests and intervals, and heterogeneity, for many analyses at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from guidewright.metaanalysis.kernels.distributions import (
    chi2_p,
    normal_p,
    normal_quantile,
    t_p,
    t_quantile,
)
from guidewright.metaanalysis.kernels.groups import Array, Groups
from guidewright.metaanalysis.options import Interval, Prediction


@dataclass(frozen=True)
class Mean:
    """Estimates on the scale of analysis, each (B,). ``df`` is infinite where the normal distribution is used."""

    estimate: Array
    se: Array
    statistic: Array
    df: Array
    p: Array
    low: Array
    high: Array


@dataclass(frozen=True)
class Heterogeneity:
    """Q with its test, I2 in percent, H2, and the typical sampling variance (Higgins & Thompson 2002), each (B,)."""

    q: Array
    q_df: Array
    q_p: Array
    i2: Array
    h2: Array
    typical_variance: Array


def weighted_mean(
    y: Array,
    v: Array,
    groups: Groups,
    tau2: Array,
    *,
    interval: Interval,
    level: float,
    weights: Array | None = None,
) -> Mean:
    """Mean of every analysis with weights ``1 / (v + tau2)``, or with given ``weights`` (N,).

    Knapp & Hartung 2003 scale the variance by the weighted mean square of the residuals; the truncated form never
    below 1. A single study has no residual and gets the normal interval. Effects that are all the same have a
    standard error of 0 under Knapp-Hartung: the statistic is infinite, or 0 for an effect of 0.
    """
    total = v + groups.spread(tau2)
    w = 1 / total
    s1 = groups.sums(w)
    if weights is None:
        mean, variance = groups.sums(w * y) / s1, 1 / s1
    else:
        sum_a = groups.sums(weights)
        mean, variance = groups.sums(weights * y) / sum_a, groups.sums(weights**2 * total) / sum_a**2
    if interval is Interval.WALD:
        df = np.full(len(groups), np.inf)
    else:
        df = groups.k - 1
        single = df == 0
        if interval is not Interval.T:
            best = mean if weights is None else groups.sums(w * y) / s1
            r = y - groups.spread(best)
            scale = groups.sums(w * r * r) / np.where(single, 1.0, df)
            scale = np.where(groups.largest(y) == groups.smallest(y), 0.0, scale)  # not the rounding of the mean
            if interval is Interval.KNAPP_HARTUNG_TRUNCATED:
                scale = np.maximum(scale, 1.0)
            variance = variance * np.where(single, 1.0, scale)
        df = np.where(single, np.inf, df)
    se: Array = np.sqrt(variance)
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = mean / se
    if not se.all():
        statistic = np.where((se == 0) & (mean == 0), 0.0, statistic)
    p = two_sided(statistic, df)
    wide = multiplier(level, df) * se
    return Mean(mean, se, statistic, df, p, mean - wide, mean + wide)


def two_sided(statistic: Array, df: Array) -> Array:
    """Two-sided p values, normal where ``df`` is infinite."""
    normal = np.isinf(df)
    if normal.all():
        return np.asarray(normal_p(statistic))
    return np.asarray(np.where(normal, normal_p(statistic), t_p(statistic, np.where(normal, 1.0, df))))


def multiplier(level: float, df: Array) -> Array:
    """Quantile by which a standard error becomes half an interval."""
    normal, at = np.isinf(df), (1 + level) / 2
    if normal.all():
        return np.full(np.shape(df), normal_quantile(at))
    return np.asarray(np.where(normal, normal_quantile(at), t_quantile(at, np.where(normal, 1.0, df))))


def prediction_interval(
    mean: Mean, tau2: Array, k: Array, *, prediction: Prediction, level: float
) -> tuple[Array, Array]:
    """Limits within which the effect of a new study lies, each (B,)."""
    if prediction is Prediction.AS_INTERVAL:
        df = mean.df
    elif prediction is Prediction.NORMAL:
        df = np.full(len(k), np.inf)
    else:
        df = np.maximum(k - (1.0 if prediction is Prediction.T else 2.0), 1.0)
    wide = multiplier(level, df) * np.sqrt(mean.se**2 + tau2)
    return mean.estimate - wide, mean.estimate + wide


def heterogeneity(y: Array, v: Array, groups: Groups, tau2: Array | None) -> Heterogeneity:
    """Q and what follows from it; ``tau2`` is None under a common effect. NaN where a variance is 0.

    Random effects: I2 and H2 from tau2 and the typical variance, so that they agree with the estimator. Common
    effect: from Q; H2 = Q / df is not cut off at 1, as in metafor.
    """
    df = groups.k - 1
    with np.errstate(divide="ignore", invalid="ignore"):
        w = 1 / v
        r = y - groups.spread(groups.sums(w * y) / groups.sums(w))
        q = groups.sums(w * r * r)
        typical = typical_variance(w, groups)
        if tau2 is None:
            i2, h2 = np.where(q > 0, np.maximum(100 * (q - df) / q, 0.0), 0.0), q / df
        else:
            i2, h2 = 100 * tau2 / (tau2 + typical), tau2 / typical + 1
        q_p = chi2_p(q, df)
    if (zero := groups.smallest(v) == 0).any():
        q, q_p, i2, h2 = (np.where(zero, np.nan, x) for x in (q, q_p, i2, h2))
    if (single := df == 0).any():
        q, i2, h2, typical = (
            np.where(single, one, x) for one, x in ((0.0, q), (0.0, i2), (1.0, h2), (v[groups.starts], typical))
        )
    return Heterogeneity(q=q, q_df=df, q_p=q_p, i2=i2, h2=h2, typical_variance=typical)


def typical_variance(w: Array, groups: Groups) -> Array:
    """The variance (B,) of a typical study, from inverse variances ``w`` (N,) (Higgins & Thompson 2002)."""
    s1 = groups.sums(w)
    return (groups.k - 1) / (s1 - groups.sums(w * w) / s1)
