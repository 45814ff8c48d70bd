"""Levels of intervals, and the quantiles that belong to them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.effects.scales import Array
from guidewright.metaanalysis.kernels.distributions import normal_quantile, t_quantile
from guidewright.metaanalysis.notices import CannotPoolError


def reach(level: float, df: npt.ArrayLike = np.nan) -> Array:
    """Standard errors from the middle of a two-sided interval to its limits.

    Of Student's t with ``df`` degrees of freedom, of the normal distribution where ``df`` is NaN. Raises
    :class:`CannotPoolError` unless ``level`` is between 0 and 1.
    """
    if not 0 < level < 1:
        raise CannotPoolError(f"level is {level!r}, but must lie between 0 and 1, for example 0.95")
    return quantile((1 + level) / 2, df)


def quantile(probability: npt.ArrayLike, df: npt.ArrayLike = np.nan) -> Array:
    """Quantile of Student's t with ``df`` degrees of freedom, of the normal distribution where ``df`` is NaN."""
    return np.asarray(np.where(np.isnan(df), normal_quantile(probability), t_quantile(probability, df)))
