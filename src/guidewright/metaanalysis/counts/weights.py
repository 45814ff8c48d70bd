"""Weights of tables that are pooled by their counts, in percent."""

from __future__ import annotations

import numpy as np

from guidewright.metaanalysis.counts.tables import Array, CountMeasure


def mantel_haenszel_weights(measure: CountMeasure, a: Array, b: Array, c: Array, d: Array) -> Array:
    """Share (k,) of each table in the Mantel-Haenszel estimate, as a weighted mean of the tables' own effects.

    ``a``, ``b``, ``c``, ``d`` (k,): events and others of both arms, of person-time events and times. Mantel & Haenszel
    1959 (OR); Greenland & Robins 1985 (RR, RD and, of person-time, IRR and IRD).
    """
    n1, n2 = (a + b, c + d) if measure.of_persons else (b, d)
    match measure:
        case CountMeasure.OR:
            weights = b * c / (n1 + n2)
        case CountMeasure.RR | CountMeasure.IRR:
            weights = c * n1 / (n1 + n2)
        case _:
            weights = n1 * n2 / (n1 + n2)
    return in_percent(weights)


def in_percent(weights: Array) -> Array:
    """Weights as shares of their sum; NaN if there is nothing to share."""
    total = weights.sum()
    return np.asarray(100 * weights / total if total > 0 else np.full_like(weights, np.nan), dtype=np.float64)
