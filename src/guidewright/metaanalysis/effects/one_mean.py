"""Mean and standard deviation of a single group.

Sources: Nakagawa et al. 2015 (Methods Ecol Evol 6:143) for MNLN, CVLN and SDLN; Hedges 1981 for the correction of SMN.
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
    hedges_correction,
    uncorrected,
)
from guidewright.metaanalysis.effects.measure import Measure


def compute(measure: Measure, columns: Columns, choices: Choices) -> Computed:
    """Effects; there are no counts to correct."""
    return uncorrected(FORMULAS[measure](columns, choices.variance))


def _mean(columns: Columns, _variance: VarianceType) -> tuple[Array, Array]:
    return columns["mean"], columns["sd"] ** 2 / columns["n"]


def _log_mean(columns: Columns, _variance: VarianceType) -> tuple[Array, Array]:
    return np.log(columns["mean"]), (columns["sd"] / columns["mean"]) ** 2 / columns["n"]


def _log_sd(columns: Columns, _variance: VarianceType) -> tuple[Array, Array]:
    half = 1 / (2 * (columns["n"] - 1))
    return np.log(columns["sd"]) + half, half


def _log_cv(columns: Columns, variance: VarianceType) -> tuple[Array, Array]:
    (log_sd, v_sd), (log_mean, v_mean) = _log_sd(columns, variance), _log_mean(columns, variance)
    return log_sd - log_mean, v_sd + v_mean


def _standardised(columns: Columns, _variance: VarianceType) -> tuple[Array, Array]:
    n = columns["n"]
    g = hedges_correction(n - 1) * columns["mean"] / columns["sd"]
    return g, 1 / n + g**2 / (2 * n)


FORMULAS: Mapping[Measure, Formula] = {
    Measure.MN: _mean,
    Measure.MNLN: _log_mean,
    Measure.SDLN: _log_sd,
    Measure.CVLN: _log_cv,
    Measure.SMN: _standardised,
}
