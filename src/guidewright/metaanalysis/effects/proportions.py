"""Events and total of a single group.

Sources: Stijnen, Hamza & Ozdemir 2010 (Stat Med 29:3046) for PLO; Freeman & Tukey 1950 and Miller 1978 (Am Stat 32:138)
for PFT; Rucker et al. 2009 (Stat Med 28:721) for PAS.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from guidewright.metaanalysis.effects.choices import Choices, VarianceType
from guidewright.metaanalysis.effects.computed import (
    Array,
    Columns,
    Computed,
    Formula,
    rows_to_correct,
    weighted_mean,
)
from guidewright.metaanalysis.effects.measure import Measure


def compute(measure: Measure, columns: Columns, choices: Choices) -> Computed:
    """Effects with the constant added to those with and those without the event in the chosen rows."""
    events, total = columns["events"], columns["total"]
    corrected = rows_to_correct((events == 0) | (events == total), choices)
    added = {"events": events + choices.add * corrected, "total": total + 2 * choices.add * corrected}
    y, v = FORMULAS[measure](added, choices.variance)
    return Computed(y, v, corrected)


def _parts(columns: Columns, variance: VarianceType) -> tuple[Array, Array, Array | float]:
    """Events, total, and the proportion that the variance uses: each study's own, or with ``AV`` the mean one."""
    x, n = columns["events"], columns["total"]
    return x, n, weighted_mean(x / n, n) if variance is VarianceType.AV else x / n


def _proportion(columns: Columns, variance: VarianceType) -> tuple[Array, Array]:
    x, n, p = _parts(columns, variance)
    return x / n, p * (1 - p) / (n - 1 if variance is VarianceType.UB else n)


def _logarithm(columns: Columns, variance: VarianceType) -> tuple[Array, Array]:
    x, n, p = _parts(columns, variance)
    return np.log(x / n), 1 / (p * n) - 1 / n


def _logit(columns: Columns, variance: VarianceType) -> tuple[Array, Array]:
    x, n, p = _parts(columns, variance)
    return np.log(x / (n - x)), 1 / (p * n) + 1 / ((1 - p) * n)


def _arcsine(columns: Columns, _variance: VarianceType) -> tuple[Array, Array]:
    x, n = columns["events"], columns["total"]
    return np.arcsin(np.sqrt(x / n)), 1 / (4 * n)


def _double_arcsine(columns: Columns, _variance: VarianceType) -> tuple[Array, Array]:
    x, n = columns["events"], columns["total"]
    return (np.arcsin(np.sqrt(x / (n + 1))) + np.arcsin(np.sqrt((x + 1) / (n + 1)))) / 2, 1 / (4 * n + 2)


FORMULAS: Mapping[Measure, Formula] = {
    Measure.PR: _proportion,
    Measure.PLN: _logarithm,
    Measure.PLO: _logit,
    Measure.PAS: _arcsine,
    Measure.PFT: _double_arcsine,
}
