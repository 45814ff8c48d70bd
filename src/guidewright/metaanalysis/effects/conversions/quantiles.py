"""Mean and standard deviation from a median with quartiles, a range, or both, for data that are about normal.

The means are those of Luo et al. 2018 (Stat Methods Med Res 27:1785), which weigh the median against the middle of
range and quartiles according to the sample size; the standard deviations those of Wan et al. 2014 (BMC Med Res Methodol
14:135) and, from all five numbers, of Shi et al. 2020 (Res Synth Methods 11:641). Whether the data are too skewed for
them is tested as by Shi et al. 2023 (Stat Methods Med Res 32:1338).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis import special
from guidewright.metaanalysis.effects.columns import Array, Mask, raise_faults, rows_notice
from guidewright.metaanalysis.effects.conversions.converted import Converted, gaps, inputs, joined
from guidewright.metaanalysis.notices import Notice
from guidewright.metaanalysis.rows import frozen

#: Below this size the methods were not derived, and metafor's ``conv.fivenum`` declines as well.
LEAST = 5
_LUO, _WAN, _SHI = "Luo et al. 2018", "Wan et al. 2014", "Shi et al. 2020"


@dataclass(frozen=True)
class MeanSD:
    """A mean and a standard deviation for each row."""

    mean: Array
    """Means."""
    sd: Array
    """Standard deviations."""


def from_range(
    minimum: npt.ArrayLike, median: npt.ArrayLike, maximum: npt.ArrayLike, n: npt.ArrayLike
) -> Converted[MeanSD]:
    """Mean and SD from the median and the range."""
    given = inputs("a mean from a range", minimum=minimum, median=median, maximum=maximum, n=n)
    low, middle, high, size = _checked(given, ("minimum", "median", "maximum"))
    weight = 4 / (4 + size**0.75)
    mean = weight * (low + high) / 2 + (1 - weight) * middle
    with np.errstate(divide="ignore", invalid="ignore"):
        skew = np.abs(low + high - 2 * middle) / (high - low)
    return Converted(
        _pair(mean, (high - low) / _range_in_sds(size)),
        "mean-sd-from-range",
        "mean: weight w = 4 / (4 + n^0.75) on the mid-range, 1 - w on the median; SD: range over its expectation",
        joined((f"{_LUO}, equation 7", f"{_WAN}, equation 9")),
        _skewed(skew >= 1 / np.log(size + 9) + 2.5 / (size + 1), mean),
    )


def from_quartiles(q1: npt.ArrayLike, median: npt.ArrayLike, q3: npt.ArrayLike, n: npt.ArrayLike) -> Converted[MeanSD]:
    """Mean and SD from the median and the quartiles."""
    given = inputs("a mean from quartiles", q1=q1, median=median, q3=q3, n=n)
    low, middle, high, size = _checked(given, ("q1", "median", "q3"))
    weight = 0.7 + 0.39 / size
    mean = weight * (low + high) / 2 + (1 - weight) * middle
    with np.errstate(divide="ignore", invalid="ignore"):
        skew = np.abs(low + high - 2 * middle) / (high - low)
    return Converted(
        _pair(mean, (high - low) / _quartiles_in_sds(size)),
        "mean-sd-from-quartiles",
        "mean: weight w = 0.7 + 0.39/n on the mid-quartile, 1 - w on the median; SD: interquartile range over its "
        "expectation",
        joined((f"{_LUO}, equation 11", f"{_WAN}, equation 16")),
        _skewed(skew >= 2.65 / np.sqrt(size) - 6 / size**2, mean),
    )


def from_five_numbers(
    minimum: npt.ArrayLike,
    q1: npt.ArrayLike,
    median: npt.ArrayLike,
    q3: npt.ArrayLike,
    maximum: npt.ArrayLike,
    n: npt.ArrayLike,
) -> Converted[MeanSD]:
    """Mean and SD from range, quartiles and median together."""
    given = inputs("a mean from five numbers", minimum=minimum, q1=q1, median=median, q3=q3, maximum=maximum, n=n)
    low, lower, middle, upper, high, size = _checked(given, ("minimum", "q1", "median", "q3", "maximum"))
    on_range, on_quartiles = 2.2 / (2.2 + size**0.75), 0.7 - 0.72 / size**0.55
    mean = on_range * (low + high) / 2 + on_quartiles * (lower + upper) / 2 + (1 - on_range - on_quartiles) * middle
    of_range = 1 / (1 + 0.07 * size**0.6)
    sd = of_range * (high - low) / _range_in_sds(size) + (1 - of_range) * (upper - lower) / _quartiles_in_sds(size)
    with np.errstate(divide="ignore", invalid="ignore"):
        tails = 2.65 * np.log(0.6 * size) / np.sqrt(size) * np.abs(low + high - 2 * middle) / (high - low)
        body = np.abs(lower + upper - 2 * middle) / (upper - lower)
    return Converted(
        _pair(mean, sd),
        "mean-sd-from-five-numbers",
        "mean: weights 2.2 / (2.2 + n^0.75) on the mid-range, 0.7 - 0.72 / n^0.55 on the mid-quartile, the rest on the "
        "median; SD: weight 1 / (1 + 0.07 n^0.6) on that from the range, the rest on that from the quartiles",
        joined((f"{_LUO}, equation 15", f"{_SHI}, equation 10")),
        _skewed(np.fmax(tails, body) >= 3 / np.sqrt(size) - 40 / size**3, mean),
    )


def _range_in_sds(n: Array) -> Array:
    """Expected range of n normal observations in standard deviations (Blom's approximation)."""
    return np.asarray(2 * special.ndtri((n - 0.375) / (n + 0.25)), dtype=np.float64)


def _quartiles_in_sds(n: Array) -> Array:
    """Expected interquartile range of n normal observations in standard deviations."""
    return np.asarray(2 * special.ndtri((0.75 * n - 0.125) / (n + 0.25)), dtype=np.float64)


def _checked(given: dict[str, Array], ascending: tuple[str, ...]) -> list[Array]:
    faults = [
        (int(row), f"{first} is {given[first][row]:.10g}, above {second} ({given[second][row]:.10g})")
        for first, second in pairwise(ascending)
        for row in np.flatnonzero(given[first] > given[second])
    ]
    faults += [
        (int(row), f"n is {given['n'][row]:.10g}, but these methods need {LEAST} or more")
        for row in np.flatnonzero(given["n"] < LEAST)
    ]
    raise_faults(faults)
    return [*(given[name] for name in ascending), given["n"]]


def _pair(mean: Array, sd: Array) -> MeanSD:
    return MeanSD(frozen(mean), frozen(sd))


def _skewed(mask: Mask, mean: Array) -> tuple[Notice, ...]:
    text = (
        "{rows}: too skewed for normal data of this size (Shi et al. 2023, 5 % level); vary what rests on these numbers"
    )
    return (*rows_notice("skewed", np.asarray(mask, dtype=np.bool_), text), *gaps(mean))
