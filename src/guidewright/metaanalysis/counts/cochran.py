"""Tests over a set of tables: of no effect (Cochran, Mantel-Haenszel), of equal odds ratios (Breslow-Day, Tarone)."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp

import numpy as np

from guidewright.metaanalysis import special
from guidewright.metaanalysis.counts.tables import Array


@dataclass(frozen=True)
class Homogeneity:
    """Tests that all tables share one odds ratio, on ``tables`` - 1 degrees of freedom; None where not defined."""

    tables: int
    breslow_day: float | None
    breslow_day_p: float | None
    tarone: float | None
    tarone_p: float | None


def no_effect(
    a: Array, b: Array, c: Array, d: Array, *, persons: bool, correct: bool
) -> tuple[float | None, float | None]:
    """Chi-squared statistics (1 degree of freedom) of no effect: Mantel & Haenszel 1959, Cochran 1954.

    ``b`` and ``d`` are non-events, or person-times (Breslow & Day 1987, p. 108; then there is no Cochran statistic).
    The correction takes 1/2 off the absolute difference, but never turns it round: a difference below 1/2 gives 0.
    None where no table has both events and non-events.
    """
    n1, n2 = (a + b, c + d) if persons else (b, d)
    n, events = n1 + n2, a + c
    surplus = abs(float((a - n1 / n * events).sum()))
    squared = max(surplus - 0.5 * correct, 0.0) ** 2
    if not persons:
        person_time = float((events * (n1 / n) * (n2 / n)).sum())
        return (squared / person_time if person_time > 0 else None), None
    spread = (n1 / n) * (n2 / n) * events * (b + d)
    if not spread.any():
        return None, None
    with np.errstate(divide="ignore", invalid="ignore"):
        exact = float(np.where(spread > 0, spread / (n - 1), 0.0).sum())
    return squared / exact, squared / float((spread / n).sum())


def homogeneity(a: Array, b: Array, c: Array, d: Array, log_or: float | None) -> Homogeneity:
    """Compare the tables with those that the common odds ratio and their margins make expect.

    Breslow & Day 1980, section 4.4; Tarone 1985. The expected cell solves a quadratic; of its two forms the one
    without cancellation is used.
    """
    if log_or is None:
        return Homogeneity(0, None, None, None, None)
    ratio = exp(log_or)
    n1, n2, events = a + b, c + d, a + c
    sum_ = ratio * (n1 + events) + (n2 - events)
    root = np.sqrt(sum_**2 - 4 * n1 * events * ratio * (ratio - 1))
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = np.where(sum_ >= 0, 2 * n1 * events * ratio / (sum_ + root), (sum_ - root) / (2 * (ratio - 1)))
    informative = (expected > 0) & (events > 0) & (b + d > 0)
    e = expected[informative]
    n1, n2, events = n1[informative], n2[informative], events[informative]
    v = 1 / (1 / e + 1 / (n1 - e) + 1 / (events - e) + 1 / (n2 - events + e))
    off = a[informative] - e
    breslow_day = float((off**2 / v).sum())
    tarone = max(0.0, breslow_day - float(off.sum()) ** 2 / float(v.sum()))
    df = len(e) - 1
    if df < 1:
        return Homogeneity(len(e), breslow_day, None, tarone, None)
    return Homogeneity(
        len(e), breslow_day, float(special.chdtrc(df, breslow_day)), tarone, float(special.chdtrc(df, tarone))
    )
