"""Tests and intervals from an estimate, its standard error and, for t and F, degrees of freedom."""

from __future__ import annotations

from scipy.special import chdtrc, fdtrc, ndtr, ndtri, stdtr, stdtrit


def two_sided_p(statistic: float, df: float | None) -> float:
    """Two-sided p value of a normal (``df`` None) or t statistic."""
    return float(2 * (ndtr(-abs(statistic)) if df is None else stdtr(df, -abs(statistic))))


def quantile(level: float, df: float | None) -> float:
    """Half-width of a two-sided interval in standard errors, normal (``df`` None) or t."""
    tail = 1 - (1 - level) / 2
    return float(ndtri(tail) if df is None else stdtrit(df, tail))


def chi2_p(statistic: float, df: float) -> float:
    """Upper tail of chi-squared."""
    return float(chdtrc(df, statistic)) if df > 0 else 1.0


def f_p(statistic: float, df1: float, df2: float) -> float:
    """Upper tail of F."""
    return float(fdtrc(df1, df2, statistic))


def chi2_quantile(level: float) -> float:
    """Quantile of chi-squared with one degree of freedom."""
    return quantile(level, None) ** 2
