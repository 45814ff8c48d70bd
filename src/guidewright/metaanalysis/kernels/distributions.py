"""The distributions that tests and intervals need, over arrays; ``scipy.stats`` would take a second to import."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
ArrayLike = npt.ArrayLike


@cache
def _special() -> Any:
    """``scipy.special``, imported when first needed: it doubles the time that importing the pooling room takes."""
    from scipy import special  # noqa: PLC0415

    return special


def normal_p(z: ArrayLike) -> Any:
    """Two-sided p value of a standard normal statistic."""
    return 2 * _special().ndtr(-np.abs(z))


def t_p(t: ArrayLike, df: ArrayLike) -> Any:
    """Two-sided p value of a t statistic."""
    return 2 * _special().stdtr(df, -np.abs(t))


def chi2_p(q: ArrayLike, df: ArrayLike) -> Any:
    """Upper tail of the chi-squared distribution; 1 with no degrees of freedom."""
    df = np.asarray(df, dtype=float)
    return np.where(df > 0, _special().chdtrc(np.maximum(df, 1), np.maximum(q, 0.0)), 1.0)[()]


def f_p(f: ArrayLike, df1: ArrayLike, df2: ArrayLike) -> Any:
    """Upper tail of the F distribution."""
    return _special().fdtrc(df1, df2, f)


def normal_quantile(probability: ArrayLike) -> Any:
    """Quantile of the standard normal distribution."""
    return _special().ndtri(probability)


def t_quantile(probability: ArrayLike, df: ArrayLike) -> Any:
    """Quantile of the t distribution."""
    return _special().stdtrit(df, probability)


def chi2_quantile(probability: ArrayLike, df: ArrayLike) -> Any:
    """Quantile of the chi-squared distribution."""
    return _special().chdtri(df, 1 - np.asarray(probability))
