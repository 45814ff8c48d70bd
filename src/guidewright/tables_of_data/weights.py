"""Weights of studies that are pooled by their counts, in percent."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.effects import Measure

Array = npt.NDArray[np.float64]


def mantel_haenszel_weights(measure: Measure, numbers: Mapping[str, Array]) -> Array:
    """Share of each study in the Mantel-Haenszel estimate, as a weighted mean of the studies' own effects.

    Mantel & Haenszel 1959 (OR); Greenland & Robins 1985 (RR, RD and, of person-time, IRR and IRD).
    """
    size = "total" if "total1" in numbers else "time"
    a, n1, c, n2 = (numbers[name] for name in ("events1", f"{size}1", "events2", f"{size}2"))
    match measure:
        case Measure.OR:
            weights = (n1 - a) * c / (n1 + n2)
        case Measure.RR | Measure.IRR:
            weights = c * n1 / (n1 + n2)
        case _:
            weights = n1 * n2 / (n1 + n2)
    return in_percent(weights)


def peto_weights(numbers: Mapping[str, Array]) -> Array:
    """Share of each study in Peto's estimate: the hypergeometric variance of its events (Yusuf et al. 1985)."""
    a, n1, c, n2 = (numbers[name] for name in ("events1", "total1", "events2", "total2"))
    n, events = n1 + n2, a + c
    return in_percent(events * (n - events) * (n1 / n) * (n2 / n) / (n - 1))


def in_percent(weights: Array) -> Array:
    """Weights as shares of their sum; NaN stays, and so does all if there is nothing to share."""
    total = np.nansum(weights)
    return np.asarray(100 * weights / total if total > 0 else np.full_like(weights, np.nan), dtype=np.float64)
