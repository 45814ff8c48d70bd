"""Tests and intervals from one estimate, its standard error and, for t, degrees of freedom."""

from __future__ import annotations

from guidewright.metaanalysis.kernels.distributions import normal_p, normal_quantile, t_p, t_quantile


def two_sided_p(statistic: float, df: float | None) -> float:
    """Two-sided p value of a normal (``df`` None) or t statistic."""
    return float(normal_p(statistic) if df is None else t_p(statistic, df))


def quantile(level: float, df: float | None) -> float:
    """Half-width of a two-sided interval in standard errors, normal (``df`` None) or t."""
    at = 1 - (1 - level) / 2
    return float(normal_quantile(at) if df is None else t_quantile(at, df))
