"""Two measurements of the same participants, with the correlation between them.

Sources: Becker 1988 (Br J Math Stat Psychol 41:257), Gibbons 1993 and Morris & DeShon 2002 (Psychol Methods 7:105) for
SMCC and SMCR; Bonett 2008 (Psychol Methods 13:99) for SMCRH; Lajeunesse 2011 (Ecology 92:2049) for ROMC; Nakagawa
et al. 2015 for CVRC and VRC.
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


def _difference(columns: Columns) -> Array:
    return np.asarray(columns["mean1"] - columns["mean2"], dtype=np.float64)


def _change_variance(columns: Columns) -> Array:
    sd1, sd2 = columns["sd1"], columns["sd2"]
    return np.asarray(sd1**2 + sd2**2 - 2 * columns["r"] * sd1 * sd2, dtype=np.float64)


def _mean_change(columns: Columns, _variance: VarianceType) -> tuple[Array, Array]:
    return _difference(columns), _change_variance(columns) / columns["n"]


def _standardised_by_change(columns: Columns, variance: VarianceType) -> tuple[Array, Array]:
    n = columns["n"]
    d = _difference(columns) / np.sqrt(_change_variance(columns))
    return _corrected(d, 1 / n, n, variance)


def _standardised_by_first(columns: Columns, variance: VarianceType) -> tuple[Array, Array]:
    n = columns["n"]
    return _corrected(_difference(columns) / columns["sd1"], 2 * (1 - columns["r"]) / n, n, variance)


def _corrected(d: Array, sampling: Array, n: Array, variance: VarianceType) -> tuple[Array, Array]:
    correction = hedges_correction(n - 1)
    if variance is VarianceType.LS2:
        return correction * d, correction**2 * (sampling + d**2 / (2 * n))
    return correction * d, sampling + (correction * d) ** 2 / (2 * n)


def _standardised_by_first_unequal(columns: Columns, _variance: VarianceType) -> tuple[Array, Array]:
    n, sd1 = columns["n"], columns["sd1"]
    correction = hedges_correction(n - 1)
    g = correction * _difference(columns) / sd1
    return g, correction**2 * (_change_variance(columns) / sd1**2 + g**2 / 2) / (n - 1)


def _ratio_of_means(columns: Columns, _variance: VarianceType) -> tuple[Array, Array]:
    return np.log(columns["mean1"] / columns["mean2"]), _cv_difference(columns)


def _cv_difference(columns: Columns) -> Array:
    """Variance of the difference of two correlated variables scaled by their means, divided by n."""
    cv1, cv2 = columns["sd1"] / columns["mean1"], columns["sd2"] / columns["mean2"]
    return np.asarray((cv1**2 + cv2**2 - 2 * columns["r"] * cv1 * cv2) / columns["n"], dtype=np.float64)


def _ratio_of_cvs(columns: Columns, variance: VarianceType) -> tuple[Array, Array]:
    y, v = _ratio_of_sds(columns, variance)
    return y - np.log(columns["mean1"]) + np.log(columns["mean2"]), v + _cv_difference(columns)


def _ratio_of_sds(columns: Columns, _variance: VarianceType) -> tuple[Array, Array]:
    return np.log(columns["sd1"]) - np.log(columns["sd2"]), (1 - columns["r"] ** 2) / (columns["n"] - 1)


FORMULAS: Mapping[Measure, Formula] = {
    Measure.MC: _mean_change,
    Measure.SMCC: _standardised_by_change,
    Measure.SMCR: _standardised_by_first,
    Measure.SMCRH: _standardised_by_first_unequal,
    Measure.ROMC: _ratio_of_means,
    Measure.CVRC: _ratio_of_cvs,
    Measure.VRC: _ratio_of_sds,
}
