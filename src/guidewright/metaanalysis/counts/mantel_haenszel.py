"""Mantel-Haenszel pooling of odds ratios, risk ratios, risk differences, rate ratios and rate differences.

Counts are pooled as they are, so that tables with an empty cell need no addition. Estimators: Mantel & Haenszel 1959
(OR); Greenland & Robins 1985 (RR, RD, IRR, IRD); Rothman, Greenland & Lash, Modern Epidemiology, 3rd ed. 2008, ch. 15.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from guidewright.metaanalysis import special
from guidewright.metaanalysis.counts import cochran
from guidewright.metaanalysis.counts.summary import (
    LeaveOneOut,
    Summaries,
    check_level,
    leave_one_out,
    or_none,
    summaries,
)
from guidewright.metaanalysis.counts.tables import (
    Arms,
    Array,
    CountMeasure,
    Mask,
    cells,
    check_addition,
    effects,
    named_rows,
    read_arms,
    without_double_zero,
)
from guidewright.metaanalysis.counts.weights import mantel_haenszel_weights
from guidewright.metaanalysis.effects.choices import To
from guidewright.metaanalysis.notices import CannotPoolError, Notice

#: Numbers computed at once: many analyses are cut into blocks so that memory stays below some 100 MB.
BLOCK = 1_000_000


class RiskDifferenceVariance(StrEnum):
    """Variance of the Mantel-Haenszel risk difference."""

    SATO = "sato"
    """Sato, Greenland & Robins 1989: good with few large as with many small tables (metafor)."""
    GREENLAND_ROBINS = "greenland-robins"
    """Greenland & Robins 1985: with few large tables (RevMan, meta)."""


@dataclass(frozen=True)
class MantelHaenszelOptions:
    """Every choice of the analysis, as described in :func:`mantel_haenszel`."""

    level: float
    correct: bool
    add: float
    to: To
    drop_double_zero: bool
    add_pooled: float
    to_pooled: To
    drop_double_zero_pooled: bool
    risk_difference_variance: RiskDifferenceVariance


@dataclass(frozen=True)
class MantelHaenszel:
    """A Mantel-Haenszel analysis. What is not defined is None, and a notice says why."""

    measure: CountMeasure
    k: int
    """Tables that were pooled, those without any event included."""
    k_effects: int
    """Tables with an effect of their own, on which Q rests."""
    k_informative: int | None
    """Tables on which the Breslow-Day test rests (OR only; metafor ``k.pos``)."""
    estimate: float | None
    """On the scale of analysis: log for OR, RR and IRR."""
    se: float | None
    z: float | None
    p: float | None
    low: float | None
    high: float | None
    q: float | None
    """Heterogeneity of the tables' own effects around the estimate."""
    q_df: int
    q_p: float | None
    i2: float | None
    """In percent."""
    h2: float | None
    mantel_haenszel: float | None
    """Test of no effect with the exact variance: Mantel & Haenszel 1959; of person-time for IRR (OR and IRR only)."""
    mantel_haenszel_p: float | None
    cochran: float | None
    """The same with Cochran's 1954 variance (OR only)."""
    cochran_p: float | None
    breslow_day: float | None
    """Homogeneity of odds ratios: Breslow & Day 1980, p. 142 (OR only)."""
    breslow_day_p: float | None
    tarone: float | None
    """The same, made efficient: Tarone 1985 (OR only)."""
    tarone_p: float | None
    weights: tuple[float, ...] | None
    """Share of each pooled table in percent, as a weighted mean of the tables' own effects; None if there is none."""
    rows: tuple[int, ...]
    """Numbers of the tables that were pooled, from 0."""
    options: MantelHaenszelOptions
    notices: tuple[Notice, ...]


def mantel_haenszel(
    measure: CountMeasure | str,
    events1: ArrayLike,
    size1: ArrayLike,
    events2: ArrayLike,
    size2: ArrayLike,
    *,
    level: float = 0.95,
    correct: bool = True,
    add: float = 0.5,
    to: To = To.ONLY_ZERO,
    drop_double_zero: bool = True,
    add_pooled: float = 0.0,
    to_pooled: To = To.NONE,
    drop_double_zero_pooled: bool = False,
    risk_difference_variance: RiskDifferenceVariance = RiskDifferenceVariance.SATO,
) -> MantelHaenszel:
    """Pool the tables of two arms; every array has shape (k,).

    ``size1``, ``size2``: persons for OR, RR and RD; person-time for IRR and IRD.
    ``correct``: continuity correction of the two tests of no effect (never beyond a statistic of 0).
    ``add``, ``to``, ``drop_double_zero``: what is added to the tables, and whether tables with no event at all count,
    when the tables' *own* effects are computed, which only Q needs. ``add_pooled``, ``to_pooled``,
    ``drop_double_zero_pooled``: the same for the pooling itself. The defaults are metafor's: pooling needs no addition
    (which biases it when arms differ in size, Bradburn et al. 2007), Q does.

    Variances: Robins, Breslow & Greenland 1986 (OR); Greenland & Robins 1985 (RR, IRR, IRD); the chosen one (RD).
    The ratio is None with a notice where an arm has no event in any table. A risk difference of tables that have
    no event at all is 0 with a standard error of 0, without test or interval.
    Raises :class:`CannotPoolError` for impossible counts.
    """
    options = MantelHaenszelOptions(
        level=level,
        correct=correct,
        add=add,
        to=To(to),
        drop_double_zero=drop_double_zero,
        add_pooled=add_pooled,
        to_pooled=To(to_pooled),
        drop_double_zero_pooled=drop_double_zero_pooled,
        risk_difference_variance=RiskDifferenceVariance(risk_difference_variance),
    )
    measure = _measure(measure)
    arms = _read(measure, (events1, size1, events2, size2), options)
    everything = np.ones((1, arms.k), dtype=bool)
    found, used = _analyse(measure, arms, everything, options)
    table = cells(arms, everything, add=add_pooled, to=options.to_pooled, persons=measure.of_persons)
    a, b, c, d = (np.broadcast_to(one, (1, arms.k))[0] for one in table)
    estimate = or_none(found.estimate[0])
    tests = cochran.no_effect(a, b, c, d, persons=measure.of_persons, correct=correct)
    mh, cochran_1954 = tests if measure in {CountMeasure.OR, CountMeasure.IRR} else (None, None)
    shares = mantel_haenszel_weights(measure, a, b, c, d)
    same = cochran.homogeneity(a, b, c, d, estimate) if measure is CountMeasure.OR else None
    return MantelHaenszel(
        measure=measure,
        k=arms.k,
        k_effects=int(used[0]),
        k_informative=None if same is None else same.tables,
        estimate=estimate,
        se=or_none(found.se[0]),
        z=or_none(found.z[0]),
        p=or_none(found.p[0]),
        low=or_none(found.low[0]),
        high=or_none(found.high[0]),
        q=or_none(found.q[0]),
        q_df=int(found.q_df[0]),
        q_p=or_none(found.q_p[0]),
        i2=or_none(found.i2[0]),
        h2=or_none(found.h2[0]),
        mantel_haenszel=mh,
        mantel_haenszel_p=None if mh is None else float(special.chdtrc(1, mh)),
        cochran=cochran_1954,
        cochran_p=None if cochran_1954 is None else float(special.chdtrc(1, cochran_1954)),
        breslow_day=None if same is None else same.breslow_day,
        breslow_day_p=None if same is None else same.breslow_day_p,
        tarone=None if same is None else same.tarone,
        tarone_p=None if same is None else same.tarone_p,
        weights=None if np.isnan(shares).any() else tuple(shares.tolist()),
        rows=tuple((arms.rows - 1).tolist()),
        options=options,
        notices=arms.notices + _remarks(measure, arms, everything, found, options),
    )


def mantel_haenszel_leave_one_out(
    measure: CountMeasure | str,
    events1: ArrayLike,
    size1: ArrayLike,
    events2: ArrayLike,
    size2: ArrayLike,
    *,
    level: float = 0.95,
    add: float = 0.5,
    to: To = To.ONLY_ZERO,
    drop_double_zero: bool = True,
    add_pooled: float = 0.0,
    to_pooled: To = To.NONE,
    drop_double_zero_pooled: bool = False,
    risk_difference_variance: RiskDifferenceVariance = RiskDifferenceVariance.SATO,
) -> LeaveOneOut:
    """Repeat :func:`mantel_haenszel` without each table in turn, all at once.

    Raises :class:`CannotPoolError` with fewer than two tables.
    """
    options = MantelHaenszelOptions(
        level=level,
        correct=False,
        add=add,
        to=To(to),
        drop_double_zero=drop_double_zero,
        add_pooled=add_pooled,
        to_pooled=To(to_pooled),
        drop_double_zero_pooled=drop_double_zero_pooled,
        risk_difference_variance=RiskDifferenceVariance(risk_difference_variance),
    )
    measure = _measure(measure)
    arms = _read(measure, (events1, size1, events2, size2), options)
    if arms.k < 2:
        raise CannotPoolError("there is one table only; leaving one out needs two or more.")
    found, _ = _analyse(measure, arms, ~np.eye(arms.k, dtype=bool), options)
    return leave_one_out(found, arms.rows, level, arms.notices)


def _measure(measure: CountMeasure | str) -> CountMeasure:
    if measure not in tuple(CountMeasure):
        raise CannotPoolError(f"measure is {measure}, and must be one of {', '.join(CountMeasure)}.")
    return CountMeasure(measure)


def _read(measure: CountMeasure, columns: tuple[ArrayLike, ...], options: MantelHaenszelOptions) -> Arms:
    check_level(options.level)
    check_addition(options.add, options.add_pooled)
    arms = read_arms(*columns, persons=measure.of_persons)
    if not options.drop_double_zero_pooled:
        return arms
    return without_double_zero(arms, persons=measure.of_persons)


def _analyse(
    measure: CountMeasure, arms: Arms, include: Mask, options: MantelHaenszelOptions
) -> tuple[Summaries, NDArray[np.int64]]:
    """Many selections of the tables (analyses, k) at once; also how many tables each has for its Q."""
    persons = measure.of_persons
    blocks = np.array_split(include, max(1, -(-include.size // BLOCK)))
    parts = []
    for block in blocks:
        table = cells(arms, block, add=options.add_pooled, to=options.to_pooled, persons=persons)
        estimate, se = _estimate(measure, block, *table, options.risk_difference_variance)
        y, v, usable = _own_effects(measure, arms, block, options)
        with np.errstate(divide="ignore", invalid="ignore"):
            q = np.where(usable, (y - estimate[:, None]) ** 2 / v, 0.0).sum(axis=-1)
        parts.append((estimate, se, np.where(np.isnan(estimate), np.nan, q), usable.sum(axis=-1)))
    estimate, se, q, used = (np.concatenate(part) for part in zip(*parts, strict=True))
    return summaries(estimate, se, q, used, level=options.level), used


def _own_effects(
    measure: CountMeasure, arms: Arms, include: Mask, options: MantelHaenszelOptions
) -> tuple[Array, Array, Mask]:
    persons = measure.of_persons
    y, v = effects(measure, *cells(arms, include, add=options.add, to=options.to, persons=persons))
    usable = include & np.isfinite(y) & np.isfinite(v) & (v > 0)
    if options.drop_double_zero:
        usable &= ~arms.double_zero(persons=persons)
    return y, v, usable


def _estimate(
    measure: CountMeasure, include: Mask, a: Array, b: Array, c: Array, d: Array, variance: RiskDifferenceVariance
) -> tuple[Array, Array]:
    """Estimate and standard error of each selection (analyses, k), NaN where a ratio is not defined."""

    def total(term: Array) -> Array:
        summed: Array = np.where(include, term, 0.0).sum(axis=-1)
        return summed

    n1, n2 = (a + b, c + d) if measure.of_persons else (b, d)
    n = n1 + n2
    if measure is CountMeasure.OR:
        r, s = a * d / n, b * c / n
        p, q = (a + d) / n, (b + c) / n
        big_r, big_s = total(r), total(s)
        with np.errstate(divide="ignore", invalid="ignore"):
            v = total(p * r) / big_r**2 + total(p * s + q * r) / (big_r * big_s) + total(q * s) / big_s**2
        return _log_ratio(big_r, big_s, v / 2)
    if measure in {CountMeasure.RR, CountMeasure.IRR}:
        r, s = a * n2 / n, c * n1 / n
        both = a * c / n if measure is CountMeasure.RR else 0.0 * n
        spread = (n1 / n) * (n2 / n) * (a + c) - both
        big_r, big_s = total(r), total(s)
        with np.errstate(divide="ignore", invalid="ignore"):
            return _log_ratio(big_r, big_s, total(spread) / (big_r * big_s))
    weight = total(n1 * n2 / n)
    difference = total((a * n2 - c * n1) / n) / weight
    if measure is CountMeasure.IRD:
        v = total((n1 * n2 / n) ** 2 * (a / n1**2 + c / n2**2)) / weight**2
    elif variance is RiskDifferenceVariance.SATO:
        slope = total(c * (n1 / n) ** 2 - a * (n2 / n) ** 2 + (n1 / n) * (n2 / n) * (n2 - n1) / 2)
        v = (difference * slope + total((a * d + c * b) / n) / 2) / weight**2
    else:
        v = total((a * b * n2**3 + c * d * n1**3) / (n1 * n2 * n**2)) / weight**2
    return difference, np.sqrt(np.maximum(v, 0.0))


def _log_ratio(r: Array, s: Array, v: Array) -> tuple[Array, Array]:
    defined = (r > 0) & (s > 0)
    ones = np.ones_like(r)
    log = np.log(np.where(defined, r, ones)) - np.log(np.where(defined, s, ones))
    se = np.sqrt(np.maximum(np.where(defined, v, ones), 0.0))
    return np.where(defined, log, np.nan), np.where(defined, se, np.nan)


def _remarks(
    measure: CountMeasure, arms: Arms, include: Mask, found: Summaries, options: MantelHaenszelOptions
) -> tuple[Notice, ...]:
    notices = []
    if np.isnan(found.estimate[0]):
        text = (
            f"The {measure} has no finite estimate: the pooled tables have no "
            + ("event in one of the arms" if measure is not CountMeasure.OR else "pair of cells that oppose each other")
            + ". Use the risk difference, or say that it cannot be estimated."
        )
        notices.append(Notice("estimate-undefined", text))
    elif np.isnan(found.p[0]):
        text = f"The standard error of the {measure} is 0, since no table has any variation: no test and no interval."
        notices.append(Notice("interval-undefined", text))
    double = arms.double_zero(persons=measure.of_persons)
    if double.any():
        rows = named_rows(double, arms)
        differences = measure in {CountMeasure.RD, CountMeasure.IRD}
        said = "bear on the estimate" if differences else "do not bear on a ratio"
        left = ", and are not in Q" if options.drop_double_zero else ""
        text = f"Rows with no event in either arm, or only events, {said}{left}: {rows}."
        notices.append(Notice("double-zero", text))
    unusable = ~_own_effects(measure, arms, include, options)[2][0] & ~(double & options.drop_double_zero)
    if unusable.any():
        rows = named_rows(unusable, arms)
        text = f"Rows that have no effect of their own without an addition are not in Q: {rows}."
        notices.append(Notice("effect-undefined", text))
    return tuple(notices)
