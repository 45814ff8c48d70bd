"""Levels of intervals, and the quantiles that belong to them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.effects.scales import Array
from guidewright.metaanalysis.kernels.distributions import normal_quantile, t_quantile
from guidewright.metaanalysis.options import check_share


def reach(level: float, df: npt.ArrayLike = np.nan) -> Array:
    """Standard errors from the middle of a two-sided interval to its limits.

    Of Student's t with ``df`` degrees of freedom, of the normal distribution where ``df`` is NaN. Raises
    :class:`CannotPoolError` unless ``level`` is between 0 and 1.
    """
    check_share("level", level)
    return quantile((1 + level) / 2, df)


def quantile(probability: npt.ArrayLike, df: npt.ArrayLike = np.nan) -> Array:
    """Quantile of Student's t with ``df`` degrees of freedom, of the normal distribution where ``df`` is NaN."""
    return np.asarray(np.where(np.isnan(df), normal_quantile(probability), t_quantile(probability, df)))
