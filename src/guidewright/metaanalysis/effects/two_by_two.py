"""Two independent groups, each with events and a total.

Sources: Fleiss & Berlin 2009 (Handbook of Research Synthesis, chapter 13) for RR, OR, RD, AS and PHI; Yusuf 1985
(Prog Cardiovasc Dis 27:335) for PETO; Yule 1912 for YUQ and YUY; Sanchez-Meca 2003 (Psychol Methods 8:448) for PBIT and
OR2D; Rosenthal 1994 and Cox & Snell 1989 for the divisor 1.65 of OR2DN.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from guidewright.metaanalysis import special
from guidewright.metaanalysis.effects.choices import Choices, VarianceType
from guidewright.metaanalysis.effects.computed import (
    Array,
    Columns,
    Computed,
    Formula,
    Mask,
    rows_to_correct,
    weighted_mean,
)
from guidewright.metaanalysis.effects.measure import Measure
from guidewright.metaanalysis.effects.tetrachoric import tetrachoric

#: Log odds ratio for one standardised difference: SD of the logistic distribution, and the constant of Cox & Snell.
LOGISTIC, NORMAL = np.pi / np.sqrt(3), 1.65


def cells(columns: Columns) -> dict[str, Array]:
    """The four cells: a and c with the event, b and d without, groups 1 and 2."""
    a, c = columns["events1"], columns["events2"]
    return {"a": a, "b": columns["total1"] - a, "c": c, "d": columns["total2"] - c}


def compute(measure: Measure, columns: Columns, choices: Choices) -> Computed:
    """Effects with the constant added to all four cells of the chosen rows."""
    table = cells(columns)
    empty = np.logical_or.reduce([count == 0 for count in table.values()])
    corrected = rows_to_correct(empty, choices)
    added = {name: count + choices.add * corrected for name, count in table.items()}
    y, v = FORMULAS[measure](added, choices.variance)
    return Computed(y, v, corrected)


def double_zero(columns: Columns) -> Mask:
    """Tables without events in both groups, or with nothing but events: they say nothing of a ratio."""
    table = cells(columns)
    none, every = (table["a"] == 0) & (table["c"] == 0), (table["b"] == 0) & (table["d"] == 0)
    return np.asarray(none | every, dtype=np.bool_)


def _split(table: Columns) -> tuple[Array, Array, Array, Array]:
    return table["a"], table["b"], table["c"], table["d"]


def _risk_ratio(table: Columns, _variance: VarianceType) -> tuple[Array, Array]:
    a, b, c, d = _split(table)
    return np.log(a / (a + b)) - np.log(c / (c + d)), 1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)


def _odds_ratio(table: Columns, _variance: VarianceType) -> tuple[Array, Array]:
    a, b, c, d = _split(table)
    return np.log(a / b) - np.log(c / d), 1 / a + 1 / b + 1 / c + 1 / d


def _risk_difference(table: Columns, variance: VarianceType) -> tuple[Array, Array]:
    a, b, c, d = _split(table)
    n1, n2 = a + b, c + d
    p1, p2 = a / n1, c / n2
    if variance is VarianceType.AV:
        mean1, mean2 = weighted_mean(p1, n1), weighted_mean(p2, n2)
        return p1 - p2, mean1 * (1 - mean1) / n1 + mean2 * (1 - mean2) / n2
    less = 1 if variance is VarianceType.UB else 0
    return p1 - p2, p1 * (1 - p1) / (n1 - less) + p2 * (1 - p2) / (n2 - less)


def _peto(table: Columns, _variance: VarianceType) -> tuple[Array, Array]:
    a, b, c, d = _split(table)
    n1, n2, n = a + b, c + d, a + b + c + d
    hypergeometric = (a + c) * (b + d) * (n1 / n) * (n2 / n) / (n - 1)
    return (a - (a + c) * n1 / n) / hypergeometric, 1 / hypergeometric


def _arcsine(table: Columns, _variance: VarianceType) -> tuple[Array, Array]:
    a, b, c, d = _split(table)
    n1, n2 = a + b, c + d
    return np.arcsin(np.sqrt(a / n1)) - np.arcsin(np.sqrt(c / n2)), 1 / (4 * n1) + 1 / (4 * n2)


def _phi(table: Columns, variance: VarianceType) -> tuple[Array, Array]:
    a, b, c, d = _split(table)
    n1, n2, events, others = a + b, c + d, a + c, b + d
    n = n1 + n2
    phi = (a * d - b * c) / np.sqrt(n1 * n2 * events * others)
    if variance is VarianceType.ST:
        return phi, _phi_variance_stratified(n1, n2, a / n1, c / n2)
    group, outcome = n1 * n2 / n**2, events * others / n**2
    group_gap, outcome_gap = (n1 - n2) / n, (events - others) / n
    skewed = phi * (1 + phi**2 / 2) * group_gap * outcome_gap / np.sqrt(group * outcome)
    v = (1 - phi**2 + skewed - 3 / 4 * phi**2 * (group_gap**2 / group + outcome_gap**2 / outcome)) / n
    perfect = ((b == 0) & (c == 0)) | ((a == 0) & (d == 0))  # exactly 0, where rounding would leave 1e-17 or below 0
    return phi, np.where(perfect, 0.0, v)


def _phi_variance_stratified(n1: Array, n2: Array, p1: Array, p2: Array) -> Array:
    """Delta method with two independent binomials: phi = sqrt(n1 n2) (p1 - p2) / sqrt(events * others)."""
    events, others = n1 * p1 + n2 * p2, n1 * (1 - p1) + n2 * (1 - p2)
    scale, difference = np.sqrt(n1 * n2 / (events * others)), p1 - p2
    tilt = difference * (others - events) / (2 * events * others)
    slope1, slope2 = scale * (1 - tilt * n1), scale * (-1 - tilt * n2)
    return np.asarray(slope1**2 * p1 * (1 - p1) / n1 + slope2**2 * p2 * (1 - p2) / n2, dtype=np.float64)


def _yule_q(table: Columns, _variance: VarianceType) -> tuple[Array, Array]:
    a, b, c, d = _split(table)
    q = (a * d - b * c) / (a * d + b * c)
    return q, (1 - q**2) ** 2 * (1 / a + 1 / b + 1 / c + 1 / d) / 4


def _yule_y(table: Columns, _variance: VarianceType) -> tuple[Array, Array]:
    a, b, c, d = _split(table)
    y = (np.sqrt(a * d) - np.sqrt(b * c)) / (np.sqrt(a * d) + np.sqrt(b * c))
    return y, (1 - y**2) ** 2 * (1 / a + 1 / b + 1 / c + 1 / d) / 16


def _tetrachoric(table: Columns, _variance: VarianceType) -> tuple[Array, Array]:
    return tetrachoric(*_split(table))


def _probit(table: Columns, _variance: VarianceType) -> tuple[Array, Array]:
    a, b, c, d = _split(table)
    n1, n2 = a + b, c + d
    p1, p2 = a / n1, c / n2
    z1, z2 = special.ndtri(p1), special.ndtri(p2)
    v = 2 * np.pi * (p1 * (1 - p1) * np.exp(z1**2) / n1 + p2 * (1 - p2) * np.exp(z2**2) / n2)
    return z1 - z2, v


def _standardised(divisor: float) -> Formula:
    def formula(table: Columns, variance: VarianceType) -> tuple[Array, Array]:
        y, v = _odds_ratio(table, variance)
        return y / divisor, v / divisor**2

    return formula


FORMULAS: Mapping[Measure, Formula] = {
    Measure.RR: _risk_ratio,
    Measure.OR: _odds_ratio,
    Measure.RD: _risk_difference,
    Measure.PETO: _peto,
    Measure.AS: _arcsine,
    Measure.PHI: _phi,
    Measure.YUQ: _yule_q,
    Measure.YUY: _yule_y,
    Measure.RTET: _tetrachoric,
    Measure.PBIT: _probit,
    Measure.OR2D: _standardised(LOGISTIC),
    Measure.OR2DL: _standardised(LOGISTIC),
    Measure.OR2DN: _standardised(NORMAL),
}
