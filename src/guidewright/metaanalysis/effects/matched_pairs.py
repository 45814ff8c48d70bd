"""Pairs, or participants under two conditions, cross-classified by an event.

Sources: Zou 2007 (Stat Med 26:2919) for the marginal measures; Curtin 2002 (Stat Med 21:2131) for the conditional and
the Peto odds ratio.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from guidewright.metaanalysis.effects.choices import Choices, VarianceType
from guidewright.metaanalysis.effects.computed import Array, Columns, Computed, Formula, Mask, rows_to_correct
from guidewright.metaanalysis.effects.measure import Measure


def compute(measure: Measure, columns: Columns, choices: Choices) -> Computed:
    """Effects with the constant added to all four cells of the chosen rows."""
    empty = np.logical_or.reduce([count == 0 for count in columns.values()])
    corrected = rows_to_correct(empty, choices)
    added = {name: count + choices.add * corrected for name, count in columns.items()}
    y, v = FORMULAS[measure](added, choices.variance)
    return Computed(y, v, corrected)


def double_zero(columns: Columns) -> Mask:
    """Tables without events in both conditions, or with nothing but events."""
    both, only1, only2, neither = (columns[name] for name in ("both", "only1", "only2", "neither"))
    return np.asarray((only1 == 0) & (only2 == 0) & ((both == 0) | (neither == 0)), dtype=np.bool_)


def _shares(columns: Columns) -> tuple[Array, Array, Array, Array, Array]:
    """Shares of pairs with the event in condition 1, in 2, in 1 only, in 2 only; and the number of pairs."""
    both, only1, only2, neither = (columns[name] for name in ("both", "only1", "only2", "neither"))
    n = both + only1 + only2 + neither
    return (both + only1) / n, (both + only2) / n, only1 / n, only2 / n, n


def _risk_difference(columns: Columns, _variance: VarianceType) -> tuple[Array, Array]:
    p1, p2, just1, just2, n = _shares(columns)
    return p1 - p2, (just1 + just2 - (just1 - just2) ** 2) / n


def _risk_ratio(columns: Columns, _variance: VarianceType) -> tuple[Array, Array]:
    p1, p2, just1, just2, n = _shares(columns)
    return np.log(p1) - np.log(p2), (just1 + just2) / (n * p1 * p2)


def _odds_ratio(columns: Columns, _variance: VarianceType) -> tuple[Array, Array]:
    p1, p2, just1, just2, n = _shares(columns)
    v = (just1 + just2 - (just1 - just2) ** 2) / (n * p1 * (1 - p1) * p2 * (1 - p2))
    return np.log(p1 / (1 - p1)) - np.log(p2 / (1 - p2)), v


def _conditional_odds_ratio(columns: Columns, _variance: VarianceType) -> tuple[Array, Array]:
    only1, only2 = columns["only1"], columns["only2"]
    return np.log(only1) - np.log(only2), 1 / only1 + 1 / only2


def _peto(columns: Columns, _variance: VarianceType) -> tuple[Array, Array]:
    only1, only2 = columns["only1"], columns["only2"]
    return 2 * (only1 - only2) / (only1 + only2), 4 / (only1 + only2)


FORMULAS: Mapping[Measure, Formula] = {
    Measure.MPRD: _risk_difference,
    Measure.MPRR: _risk_ratio,
    Measure.MPOR: _odds_ratio,
    Measure.MPORC: _conditional_odds_ratio,
    Measure.MPPETO: _peto,
}
