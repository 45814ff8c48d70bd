"""Standard errors and standard deviations from intervals, t statistics and p values."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.effects.columns import Array, raise_faults
from guidewright.metaanalysis.effects.conversions.converted import Converted, Distribution, by_row, inputs
from guidewright.metaanalysis.effects.levels import quantile, reach


def sd_from_se(se: npt.ArrayLike, n: npt.ArrayLike) -> Converted[Array]:
    """Standard deviation of a group from the standard error of its mean."""
    given = inputs("an SD from a standard error", se=se, n=n)
    return by_row(
        given["se"] * np.sqrt(given["n"]), "sd-from-se", "SE * sqrt(n)", "Cochrane Handbook 6, section 6.5.2.2"
    )


def sd_from_interval(
    low: npt.ArrayLike,
    high: npt.ArrayLike,
    n: npt.ArrayLike,
    *,
    level: float = 0.95,
    distribution: Distribution = Distribution.T,
) -> Converted[Array]:
    """Standard deviation of a group from the confidence interval of its mean.

    ``distribution`` is t with n - 1 degrees of freedom by default, which is exact for normal data at every size; the
    divisor 3.92 of large samples is ``Distribution.NORMAL``.
    """
    given = inputs("an SD from an interval", low=low, high=high, n=n)
    _in_order(given["low"], given["high"])
    df = _at_least_one(given["n"] - 1) if distribution is Distribution.T else np.nan
    return by_row(
        np.sqrt(given["n"]) * (given["high"] - given["low"]) / (2 * reach(level, df)),
        f"sd-from-interval-{distribution}",
        f"sqrt(n) * (high - low) / (2 * {_quantile(distribution, 'n - 1')})",
        "Cochrane Handbook 6, section 6.5.2.2",
    )


def se_from_interval(
    low: npt.ArrayLike, high: npt.ArrayLike, *, level: float = 0.95, df: npt.ArrayLike | None = None
) -> Converted[Array]:
    """Standard error of an estimate from its interval, both on the scale of analysis (logarithms for ratios).

    ``df`` are the degrees of freedom of a t distribution (n1 + n2 - 2 for a difference in means); without them the
    interval counts as normal.
    """
    columns = {"low": low, "high": high} if df is None else {"low": low, "high": high, "df": df}
    given = inputs("a standard error from an interval", **columns)
    _in_order(given["low"], given["high"])
    distribution = Distribution.NORMAL if df is None else Distribution.T
    width = np.where(np.isnan(given.get("df", np.array(0.0))), np.nan, given["high"] - given["low"])
    return by_row(
        width / (2 * reach(level, given.get("df", np.nan))),
        f"se-from-interval-{distribution}",
        f"(high - low) / (2 * {_quantile(distribution, 'df')})",
        "Cochrane Handbook 6, sections 6.3.1, 6.3.2 and 6.5.2.3",
    )


def se_from_t(difference: npt.ArrayLike, t: npt.ArrayLike) -> Converted[Array]:
    """Standard error of a difference in means from its t statistic; NaN where one of them is 0."""
    given = inputs("a standard error from t", difference=difference, t=t)
    with np.errstate(divide="ignore", invalid="ignore"):
        se = np.abs(given["difference"] / given["t"])
    return by_row(
        np.where(np.isfinite(se) & (se > 0), se, np.nan),
        "se-from-t",
        "|difference / t|",
        "Cochrane Handbook 6, section 6.5.2.3",
    )


def se_from_p(difference: npt.ArrayLike, p: npt.ArrayLike, *, df: npt.ArrayLike) -> Converted[Array]:
    """Standard error of a difference in means from the two-sided p value of a t test with ``df`` degrees of freedom.

    NaN where p is 1 or the difference 0. A p value that is printed as a bound (p < 0.05) gives, with the bound, a
    standard error that is too large: conservative. For ratios use ``from_estimates(..., p=...)``.
    """
    given = inputs("a standard error from p", difference=difference, p=p, df=df)
    with np.errstate(divide="ignore", invalid="ignore"):
        se = np.abs(given["difference"]) / -quantile(given["p"] / 2, given["df"])
    return by_row(
        np.where(np.isfinite(se) & (se > 0) & ~np.isnan(given["df"]), se, np.nan),
        "se-from-p",
        "|difference| / t quantile of 1 - p/2 on df degrees of freedom",
        "Cochrane Handbook 6, section 6.5.2.3",
    )


def sd_from_difference_se(se: npt.ArrayLike, n1: npt.ArrayLike, n2: npt.ArrayLike) -> Converted[Array]:
    """Standard deviation within groups, taken as equal, from the standard error of the difference of their means."""
    given = inputs("an SD from the standard error of a difference", se=se, n1=n1, n2=n2)
    return by_row(
        given["se"] / np.sqrt(1 / given["n1"] + 1 / given["n2"]),
        "sd-from-difference-se",
        "SE / sqrt(1/n1 + 1/n2)",
        "Cochrane Handbook 6, section 6.5.2.3",
    )


def smd_from_t(t: npt.ArrayLike, n1: npt.ArrayLike, n2: npt.ArrayLike) -> Converted[Array]:
    """Standardised difference (not corrected for bias) from a two-sample t statistic.

    ``effect_sizes(Measure.SMD, mean1=d, sd1=1, mean2=0, sd2=1, n1=n1, n2=n2)`` corrects it and adds its variance.
    """
    given = inputs("a standardised difference from t", t=t, n1=n1, n2=n2)
    return by_row(
        given["t"] * np.sqrt(1 / given["n1"] + 1 / given["n2"]),
        "smd-from-t",
        "t * sqrt(1/n1 + 1/n2)",
        "Rosenthal 1994, in Cooper & Hedges, Handbook of Research Synthesis, chapter 16",
    )


def _quantile(distribution: Distribution, df: str) -> str:
    return "normal quantile" if distribution is Distribution.NORMAL else f"t quantile on {df} degrees of freedom"


def _in_order(low: Array, high: Array) -> None:
    raise_faults(
        [(int(row), f"low is {low[row]:.10g}, above high ({high[row]:.10g})") for row in np.flatnonzero(low > high)]
    )


def _at_least_one(df: Array) -> Array:
    raise_faults([(int(row), f"n is {df[row] + 1:.10g}, but an SD needs 2 or more") for row in np.flatnonzero(df < 1)])
    return df
