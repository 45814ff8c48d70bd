"""Genotype counts of one group: departure from Hardy-Weinberg equilibrium (Ziegler et al. 2011, Hum Hered 72:169)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from guidewright.metaanalysis.effects.choices import Choices, VarianceType
from guidewright.metaanalysis.effects.computed import Array, Columns, Computed, Formula, uncorrected
from guidewright.metaanalysis.effects.measure import Measure


def compute(measure: Measure, columns: Columns, choices: Choices) -> Computed:
    """Effects; the measure has no constant for empty cells."""
    return uncorrected(FORMULAS[measure](columns, choices.variance))


def _relative_excess_heterozygosity(columns: Columns, _variance: VarianceType) -> tuple[Array, Array]:
    first, mixed, second = (columns[name] for name in ("homozygotes1", "heterozygotes", "homozygotes2"))
    n = first + mixed + second
    p0, p1, p2 = first / n, mixed / n, second / n
    return np.log(p1) - np.log(2 * np.sqrt(p0 * p2)), ((1 - p1) / (4 * p0 * p2) + 1 / p1) / n


FORMULAS: Mapping[Measure, Formula] = {Measure.REH: _relative_excess_heterozygosity}
