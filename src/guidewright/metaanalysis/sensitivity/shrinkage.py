"""Shrunken effects: what each study's own effect most likely is, given all the others (empirical Bayes)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.kernels.groups import Array
from guidewright.metaanalysis.kernels.mean import multiplier
from guidewright.metaanalysis.notices import Notice
from guidewright.metaanalysis.options import Interval, Model, Tau2Method, by_name
from guidewright.metaanalysis.pooling import PooledEffect, pool
from guidewright.metaanalysis.rows import columns, frozen


@dataclass(frozen=True, eq=False)
class ShrunkenEffects:
    """One value for each study, each a read-only array (k,), on the scale of analysis."""

    estimate: Array
    """Best linear unbiased prediction of the study's effect: its own, drawn towards the mean."""
    se: Array
    low: Array
    high: Array
    random_effect: Array
    """Predicted deviation of the study from the mean."""
    random_effect_se: Array
    random_effect_low: Array
    random_effect_high: Array
    shrinkage: Array
    """Share of the mean in the estimate: 0 keeps the study's own effect, 1 gives the mean."""
    pooled: PooledEffect
    notices: tuple[Notice, ...]


@by_name()
def shrunken_effects(
    y: npt.ArrayLike,
    v: npt.ArrayLike | None = None,
    *,
    se: npt.ArrayLike | None = None,
    tau2_method: Tau2Method = Tau2Method.REML,
    interval: Interval = Interval.WALD,
    level: float = 0.95,
) -> ShrunkenEffects:
    """Predict the true effects behind ``y`` (k,) with variances ``v`` or standard errors ``se``.

    Raudenbush & Bryk 1985 (Journal of Educational Statistics 10:75); Robinson 1991 (Statistical Science 6:15). The
    standard errors take in the uncertainty of the mean, not that of tau2. Rows are those of ``pooled.rows``.

    Raises :class:`CannotPoolError` for rows that cannot be pooled.
    """
    pooled, effect, variance = pooled_rows(y, v, se, tau2_method=tau2_method, interval=interval, level=level)
    own = pooled.tau2 / (pooled.tau2 + variance)
    estimate = own * effect + (1 - own) * pooled.estimate
    deviation = own * (effect - pooled.estimate)
    error = np.sqrt(own * variance + (1 - own) ** 2 * pooled.se**2)
    deviation_error = np.sqrt(own * variance + own**2 * pooled.se**2)
    wide = float(multiplier(level, np.array(np.inf if pooled.df is None else pooled.df)))
    return ShrunkenEffects(
        estimate=frozen(estimate),
        se=frozen(error),
        low=frozen(estimate - wide * error),
        high=frozen(estimate + wide * error),
        random_effect=frozen(deviation),
        random_effect_se=frozen(deviation_error),
        random_effect_low=frozen(deviation - wide * deviation_error),
        random_effect_high=frozen(deviation + wide * deviation_error),
        shrinkage=frozen(1 - own),
        pooled=pooled,
        notices=pooled.notices,
    )


def pooled_rows(
    y: npt.ArrayLike,
    v: npt.ArrayLike | None,
    se: npt.ArrayLike | None,
    *,
    tau2_method: Tau2Method,
    interval: Interval,
    level: float,
) -> tuple[PooledEffect, Array, Array]:
    """The random-effects result, and the effects and variances of the rows in it."""
    pooled = pool(y, v, se=se, model=Model.RANDOM, tau2_method=tau2_method, interval=interval, level=level)
    kept = np.array(pooled.rows)
    given = columns(y=y, v=v) if v is not None else columns(y=y, v=np.square(columns(se=se)["se"]))  # type: ignore[arg-type]
    return pooled, given["y"][kept], given["v"][kept]
