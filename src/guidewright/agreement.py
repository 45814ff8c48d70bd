"""Agreement of people who judged the same things, beyond chance or not, each with an interval.

Everything takes ratings as rows of categories: ``ratings[i][r]`` is what rater ``r`` said of thing ``i``, or nothing.
Intervals are two-sided at 95 %. A coefficient that is not defined (no pair, or one category only) is nothing, never 1.

Sources, by coefficient:

- percentage of agreement: Wilson's score interval (Wilson 1927), which stays within 0 to 1 and works at 100 %, for
  two raters; for several raters it is the share of agreeing pairs, without an interval;
- Cohen's kappa and weighted kappa: Cohen 1960 and 1968, with the large-sample variance of Fleiss, Cohen & Everitt
  1969 (Psychol Bull 72:323) and a normal interval, as R's ``vcd::Kappa`` and ``psych::cohen.kappa`` do;
- PABAK: Byrt, Bishop & Carlin 1993 (J Clin Epidemiol 46:423), for more than two categories the coefficient of Brennan
  & Prediger 1981; it is a straight line in the percentage of agreement, so its interval is that of the percentage;
- AC1 and AC2: Gwet 2008 (Br J Math Stat Psychol 61:29) and 2014 (Handbook of Inter-Rater Reliability, 4th edition),
  for any number of raters and with missing ratings, with his variance and a t interval, as R's ``irrCAC`` does.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from statistics import NormalDist

Ratings = Sequence[Sequence[str | None]]
#: Both sides at 95 %.
_Z = NormalDist().inv_cdf(0.975)


class Weights(StrEnum):
    """How much a disagreement counts, by how far apart the categories are in their order."""

    NONE = "none"
    """Every disagreement counts in full."""
    LINEAR = "linear"
    """In proportion to the distance."""
    QUADRATIC = "quadratic"
    """In proportion to the square of the distance: neighbours nearly agree."""


@dataclass(frozen=True)
class Coefficient:
    """An estimate on the scale -1 to 1 (percentages 0 to 1) with its standard error and interval, as far as defined."""

    estimate: float
    se: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Agreement:
    """How two or more raters agree about ``n`` things."""

    n: int
    """Things that two raters or more judged."""
    raters: int
    categories: tuple[str, ...]
    """In their order, also those that nobody used."""
    percent: Coefficient | None
    """Share of agreeing pairs of ratings, 0 to 1."""
    kappa: Coefficient | None
    """Cohen's; for two raters only."""
    linear_kappa: Coefficient | None
    quadratic_kappa: Coefficient | None
    """Weighted kappas; only for two raters and ordered categories."""
    pabak: Coefficient | None
    """For two raters only."""
    ac1: Coefficient | None
    ac2_linear: Coefficient | None
    ac2_quadratic: Coefficient | None
    """Only for ordered categories."""


def agreement(ratings: Ratings, categories: Sequence[str], *, ordered: bool) -> Agreement:
    """All coefficients that are defined for these ratings.

    ``categories`` are all that may be used, in their order; chance agreement depends on their number, so those that
    nobody used count as well. ``ordered`` says whether the order means anything: without it nothing is weighted.

    Raises ValueError if a rating is none of the categories, or rows differ in length.
    """
    order = {name: place for place, name in enumerate(categories)}
    unknown = {said for row in ratings for said in row if said is not None} - set(order)
    if unknown:
        raise ValueError(f"no such category: {sorted(unknown)[0]}")
    raters = {len(row) for row in ratings}
    if len(raters) > 1:
        raise ValueError("every row needs a rating, or nothing, of every rater")
    rows = [[None if said is None else order[said] for said in row] for row in ratings]
    judged = sum(sum(said is not None for said in row) > 1 for row in rows)
    several = raters.pop() if raters else 0
    two = several == 2
    pairs = [(row[0], row[1]) for row in rows if two and row[0] is not None and row[1] is not None]
    table = _table([(a, b) for a, b in pairs if a is not None and b is not None], len(order))
    percent = _percent(rows)
    kappa: Callable[[Weights], Coefficient | None] = partial(_kappa, table)
    gwet: Callable[[Weights], Coefficient | None] = partial(_gwet, rows, len(order))
    graded = ordered and len(order) > 2
    return Agreement(
        n=judged,
        raters=several,
        categories=tuple(categories),
        percent=percent,
        kappa=kappa(Weights.NONE) if two else None,
        linear_kappa=kappa(Weights.LINEAR) if two and graded else None,
        quadratic_kappa=kappa(Weights.QUADRATIC) if two and graded else None,
        pabak=_pabak(percent, len(order)) if two else None,
        ac1=gwet(Weights.NONE),
        ac2_linear=gwet(Weights.LINEAR) if graded else None,
        ac2_quadratic=gwet(Weights.QUADRATIC) if graded else None,
    )


def wilson(share: float, n: int) -> tuple[float, float]:
    """Wilson's score interval of a share (0 to 1) of ``n`` things."""
    middle = share + _Z**2 / (2 * n)
    half = _Z * math.sqrt(share * (1 - share) / n + _Z**2 / (4 * n**2))
    low, high = ((middle + side * half) / (1 + _Z**2 / n) for side in (-1, 1))
    return (0.0 if share == 0 else low), (1.0 if share == 1 else high)


# --- two raters ---------------------------------------------------------------------------------------------------


def _table(pairs: Sequence[tuple[int, int]], size: int) -> list[list[int]]:
    counts = [[0] * size for _ in range(size)]
    for first, second in pairs:
        counts[first][second] += 1
    return counts


def _weight(kind: Weights, a: int, b: int, size: int) -> float:
    if kind is Weights.NONE or size < 2:
        return float(a == b)
    distance = abs(a - b) / (size - 1)
    return 1 - distance if kind is Weights.LINEAR else 1 - distance**2


def _kappa(table: list[list[int]], kind: Weights) -> Coefficient | None:
    size, n = len(table), sum(map(sum, table))
    if not n:
        return None
    p = [[count / n for count in row] for row in table]
    w = [[_weight(kind, i, j, size) for j in range(size)] for i in range(size)]
    each = range(size)
    rows, columns = [sum(row) for row in p], [sum(p[i][j] for i in each) for j in each]
    observed = sum(w[i][j] * p[i][j] for i in each for j in each)
    chance = sum(w[i][j] * rows[i] * columns[j] for i in each for j in each)
    if math.isclose(chance, 1.0, abs_tol=1e-12):
        return None
    estimate = (observed - chance) / (1 - chance)
    by_row = [sum(w[i][j] * columns[j] for j in each) for i in each]
    by_column = [sum(w[i][j] * rows[i] for i in each) for j in each]
    spread = sum(p[i][j] * (w[i][j] - (by_row[i] + by_column[j]) * (1 - estimate)) ** 2 for i in each for j in each)
    variance = (spread - (estimate - chance * (1 - estimate)) ** 2) / (n * (1 - chance) ** 2)
    se = math.sqrt(max(variance, 0.0))
    return _within(estimate, se, _Z * se)


def _pabak(percent: Coefficient | None, size: int) -> Coefficient | None:
    """The same as kappa if every category were as frequent as any other."""
    if percent is None or size < 2 or percent.low is None or percent.high is None:
        return None
    low, high = (_even(share, size) for share in (percent.low, percent.high))
    return Coefficient(_even(percent.estimate, size), None, low, high)


def _even(share: float, size: int) -> float:
    return (size * share - 1) / (size - 1)


# --- any number of raters -----------------------------------------------------------------------------------------


def _counts(rows: Sequence[Sequence[int | None]], size: int) -> list[list[int]]:
    """How many raters put each thing into each category; things that nobody judged are left out."""
    counts = [[sum(said == category for said in row) for category in range(size)] for row in rows]
    return [row for row in counts if sum(row)]


def _percent(rows: Sequence[Sequence[int | None]]) -> Coefficient | None:
    judged = [[said for said in row if said is not None] for row in rows]
    shares = [
        sum(a == b for n, a in enumerate(one) for b in one[n + 1 :]) / math.comb(len(one), 2)
        for one in judged
        if len(one) > 1
    ]
    if not shares:
        return None
    share = sum(shares) / len(shares)
    if max(map(len, judged)) > 2:  # shares of pairs that have raters in common are not binomial
        return Coefficient(share)
    return Coefficient(share, math.sqrt(share * (1 - share) / len(shares)), *wilson(share, len(shares)))


def _gwet(rows: Sequence[Sequence[int | None]], size: int, kind: Weights) -> Coefficient | None:
    """Gwet's coefficient: chance agreement rests on how evenly the categories are used."""
    counts = _counts(rows, size)
    raters = [sum(row) for row in counts]
    n, paired = len(counts), sum(r > 1 for r in raters)
    if not paired or size < 2:
        return None
    w = [[_weight(kind, i, j, size) for j in range(size)] for i in range(size)]
    agreeing = []
    for row, r in zip(counts, raters, strict=True):
        near = [sum(w[k][j] * row[j] for j in range(size)) for k in range(size)]
        agreeing.append(sum(row[k] * (near[k] - 1) for k in range(size)) / (r * (r - 1)) if r > 1 else 0.0)
    shares = [sum(row[k] / r for row, r in zip(counts, raters, strict=True)) / n for k in range(size)]
    factor = sum(map(sum, w)) / (size * (size - 1))
    chance = factor * sum(share * (1 - share) for share in shares)
    observed = sum(agreeing) / paired
    estimate = (observed - chance) / (1 - chance)
    if n < 2:
        return Coefficient(estimate)
    deviations = []
    for row, r, agreed in zip(counts, raters, agreeing, strict=True):
        own = (n / paired) * (agreed - chance * (r > 1)) / (1 - chance)
        by_chance = factor * sum(row[k] * (1 - shares[k]) for k in range(size)) / r
        deviations.append(own - 2 * (1 - estimate) * (by_chance - chance) / (1 - chance) - estimate)
    se = math.sqrt(sum(d * d for d in deviations) / (n * (n - 1)))
    return _within(estimate, se, _t(n - 1) * se)


def _t(degrees: int) -> float:
    from scipy.special import stdtrit  # noqa: PLC0415 - slow to import, and asked for only here

    return float(stdtrit(degrees, 0.975))


def _within(estimate: float, se: float, half: float) -> Coefficient:
    """An interval that ends where the scale ends."""
    return Coefficient(estimate, se, max(estimate - half, -1.0), min(estimate + half, 1.0))
