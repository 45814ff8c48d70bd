"""Log hazard ratio from a log-rank analysis."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.effects.columns import Array
from guidewright.metaanalysis.effects.conversions.converted import Converted, gaps, inputs
from guidewright.metaanalysis.rows import frozen


@dataclass(frozen=True)
class LogHazardRatio:
    """Log hazard ratios with their standard errors."""

    y: Array
    """Logarithm of the hazard ratio."""
    se: Array
    """Its standard error."""


def log_hazard_ratio(
    observed_minus_expected: npt.ArrayLike, log_rank_variance: npt.ArrayLike
) -> Converted[LogHazardRatio]:
    """Log hazard ratio of the group in which observed minus expected events (O - E) were counted, with variance V.

    Pool it with ``from_estimates(y, se=se, measure=Measure.HR, log_scale=True)``.
    """
    given = inputs(
        "a log hazard ratio",
        observed_minus_expected=observed_minus_expected,
        log_rank_variance=log_rank_variance,
    )
    variance = given["log_rank_variance"]
    y, se = given["observed_minus_expected"] / variance, 1 / np.sqrt(variance)
    return Converted(
        LogHazardRatio(y=frozen(y), se=frozen(se)),
        "log-hazard-ratio-from-log-rank",
        "log HR = (O - E) / V; SE = 1 / sqrt(V)",
        "Cochrane Handbook 6, section 6.8.2 (Peto; Parmar, Torri & Stewart 1998)",
        gaps(y),
    )
