"""Coefficient alpha, raw or transformed to be about normal.

Sources: van Zyl, Neudecker & Nel 2000 (Psychometrika 65:271) for ARAW; Hakstian & Whalen 1976 (Psychometrika 41:219)
for AHW; Bonett 2002 (J Educ Behav Stat 27:335) for ABT.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from guidewright.metaanalysis.effects.choices import Choices, VarianceType
from guidewright.metaanalysis.effects.computed import Array, Columns, Computed, Formula, uncorrected
from guidewright.metaanalysis.effects.measure import Measure


def compute(measure: Measure, columns: Columns, choices: Choices) -> Computed:
    """Effects; there are no counts to correct."""
    return uncorrected(FORMULAS[measure](columns, choices.variance))


def _raw(columns: Columns, _variance: VarianceType) -> tuple[Array, Array]:
    alpha, m, n = columns["alpha"], columns["items"], columns["n"]
    return alpha, 2 * m * (1 - alpha) ** 2 / ((m - 1) * (n - 2))


def _cube_root(columns: Columns, _variance: VarianceType) -> tuple[Array, Array]:
    alpha, m, n = columns["alpha"], columns["items"], columns["n"]
    root = np.cbrt(1 - alpha)
    return 1 - root, 18 * m * (n - 1) * root**2 / ((m - 1) * (9 * n - 11) ** 2)


def _logarithm(columns: Columns, _variance: VarianceType) -> tuple[Array, Array]:
    alpha, m, n = columns["alpha"], columns["items"], columns["n"]
    return -np.log(1 - alpha), 2 * m / ((m - 1) * (n - 2))


FORMULAS: Mapping[Measure, Formula] = {Measure.ARAW: _raw, Measure.AHW: _cube_root, Measure.ABT: _logarithm}
