"""The distribution of true effects: how many of them are beyond an effect that matters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis import special
from guidewright.metaanalysis.kernels.distributions import normal_quantile
from guidewright.metaanalysis.notices import CannotPoolError, Notice
from guidewright.metaanalysis.options import Interval, Tau2Method, by_name
from guidewright.metaanalysis.pooling import PooledEffect
from guidewright.metaanalysis.sensitivity.shrinkage import pooled_rows


@dataclass(frozen=True)
class TrueEffects:
    """Shares of true effects on both sides of a threshold."""

    threshold: float
    above: float
    """Share of true effects above the threshold, which is also the chance that the effect in a new study is."""
    below: float
    se: float | None
    """Standard error of both shares (delta method); None where tau2 is 0 or has no standard error."""
    above_low: float | None
    above_high: float | None
    calibrated_above: float
    """The same share counted among calibrated estimates, without the assumption of normal true effects."""
    calibrated: tuple[float, ...]
    """Estimates whose variance is that of the true effects (Wang & Lee 2019), for the rows of ``pooled.rows``."""
    pooled: PooledEffect
    notices: tuple[Notice, ...]


@by_name()
def true_effects(
    y: npt.ArrayLike,
    v: npt.ArrayLike | None = None,
    *,
    threshold: float,
    se: npt.ArrayLike | None = None,
    tau2_method: Tau2Method = Tau2Method.REML,
    interval: Interval = Interval.WALD,
    level: float = 0.95,
) -> TrueEffects:
    """Share of true effects above ``threshold``, such as the minimal important difference, on the scale of analysis.

    Mathur & VanderWeele 2019 (Statistics in Medicine 38:1336): normal true effects, delta method, interval
    cut at 0 and 1; it is rough where the share is below 0.15 or above 0.85, or with fewer than ten studies, which the
    notice ``share-rough`` says. Calibrated estimates: Wang & Lee 2019 (Research Synthesis Methods 10:255), used for
    this share by Mathur & VanderWeele 2020 (Epidemiology 31:356).

    With tau2 = 0 all true effects are the same and the share is 0 or 1 (0.5 at the threshold itself).
    Raises :class:`CannotPoolError` for rows that cannot be pooled.
    """
    if not np.isfinite(threshold):
        raise CannotPoolError(f"`threshold` is {threshold:g}; give an effect on the scale of analysis")
    pooled, effect, variance = pooled_rows(y, v, se, tau2_method=tau2_method, interval=interval, level=level)
    notices = list(pooled.notices)
    calibrated = pooled.estimate + np.sqrt(pooled.tau2 / (pooled.tau2 + variance)) * (effect - pooled.estimate)
    distance = pooled.estimate - threshold
    error = low = high = None
    if pooled.tau2 == 0:
        above = 0.5 * (1 + float(np.sign(distance)))
        notices.append(Notice("share-undefined", "tau2 is 0: the share is 0 or 1 and has no standard error"))
    else:
        spread = float(np.sqrt(pooled.tau2))
        above = float(special.ndtr(distance / spread))
        if pooled.tau2_se is not None:
            slope = float(np.exp(-0.5 * (distance / spread) ** 2) / np.sqrt(2 * np.pi))
            in_mean, in_tau2 = pooled.se / spread, distance * pooled.tau2_se / (2 * spread**3)
            error = slope * float(np.hypot(in_mean, in_tau2))
            wide = float(normal_quantile((1 + level) / 2)) * error
            low, high = max(above - wide, 0.0), min(above + wide, 1.0)
        if pooled.k < 10 or not 0.15 <= above <= 0.85:
            text = "the interval of the share is rough: fewer than ten studies, or a share below 0.15 or above 0.85"
            notices.append(Notice("share-rough", text))
    return TrueEffects(
        threshold=threshold,
        above=above,
        below=1 - above,
        se=error,
        above_low=low,
        above_high=high,
        calibrated_above=float(np.mean(calibrated > threshold)),
        calibrated=tuple(calibrated.tolist()),
        pooled=pooled,
        notices=tuple(notices),
    )
