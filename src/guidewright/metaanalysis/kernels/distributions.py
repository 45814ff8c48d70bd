"""The distributions that tests and intervals need, over arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis import special

Array = npt.NDArray[np.float64]
ArrayLike = npt.ArrayLike


def normal_p(z: ArrayLike) -> Any:
    """Two-sided p value of a standard normal statistic."""
    return 2 * special.ndtr(-np.abs(z))


def t_p(t: ArrayLike, df: ArrayLike) -> Any:
    """Two-sided p value of a t statistic."""
    return 2 * special.stdtr(df, -np.abs(t))


def chi2_p(q: ArrayLike, df: ArrayLike) -> Any:
    """Upper tail of the chi-squared distribution; 1 with no degrees of freedom."""
    df = np.asarray(df, dtype=float)
    return np.where(df > 0, special.chdtrc(np.maximum(df, 1), np.maximum(q, 0.0)), 1.0)[()]


def f_p(f: ArrayLike, df1: ArrayLike, df2: ArrayLike) -> Any:
    """Upper tail of the F distribution."""
    return special.fdtrc(df1, df2, f)


def normal_quantile(probability: ArrayLike) -> Any:
    """Quantile of the standard normal distribution."""
    return special.ndtri(probability)


def t_quantile(probability: ArrayLike, df: ArrayLike) -> Any:
    """Quantile of the t distribution."""
    return special.stdtrit(df, probability)


def chi2_quantile(probability: ArrayLike, df: ArrayLike) -> Any:
    """Quantile of the chi-squared distribution."""
    return special.chdtri(df, 1 - np.asarray(probability))
