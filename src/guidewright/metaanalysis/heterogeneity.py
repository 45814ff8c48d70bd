"""How sure tau2, I2 and H2 are: their confidence intervals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.kernels.distributions import chi2_quantile
from guidewright.metaanalysis.kernels.generalised_q import tau2_at
from guidewright.metaanalysis.kernels.groups import Array, Groups
from guidewright.metaanalysis.kernels.likelihood import log_likelihood, maximise
from guidewright.metaanalysis.kernels.mean import typical_variance
from guidewright.metaanalysis.kernels.quadratic_form import tau2_by_quantile, turning_point
from guidewright.metaanalysis.notices import CannotPoolError, Notice
from guidewright.metaanalysis.options import Tau2Interval, by_name, check_share
from guidewright.metaanalysis.rows import columns, effects_and_variances


@dataclass(frozen=True)
class HeterogeneityInterval:
    """Limits of tau2, I2 (percent) and H2, with the method and level."""

    tau2_low: float
    tau2_high: float
    i2_low: float
    i2_high: float
    h2_low: float
    h2_high: float
    method: Tau2Interval
    level: float
    notices: tuple[Notice, ...]


@by_name(method=Tau2Interval)
def heterogeneity_interval(
    y: npt.ArrayLike,
    v: npt.ArrayLike | None = None,
    *,
    se: npt.ArrayLike | None = None,
    method: Tau2Interval = Tau2Interval.Q_PROFILE,
    restricted: bool = True,
    weights: npt.ArrayLike | None = None,
    level: float = 0.95,
) -> HeterogeneityInterval:
    """Confidence interval of tau2, and of I2 and H2 through the typical sampling variance.

    Q-profile is the default: it is exact for normal effects with known variances and needs no estimate of tau2
    (Viechtbauer 2007). ``restricted`` belongs to the profile likelihood; ``weights`` to generalised Q, where the
    inverse variances (the weights of DerSimonian-Laird) are the default.

    The upper limit is the root itself; metafor cuts it off at 100 or ten times the squared spread of the effects.

    Raises :class:`CannotPoolError` with fewer than two rows, and where rows cannot be pooled.
    """
    rows = effects_and_variances(y, v, se)
    if len(rows.y) < 2:
        raise CannotPoolError("an interval of tau2 needs two studies or more")
    check_share("level", level)
    groups = Groups.of_sizes([len(rows.y)])
    centred = rows.y - rows.y.mean()
    if method is Tau2Interval.Q_PROFILE:
        low, high = (float(side[0]) for side in q_profile(centred, rows.v, groups, level))
    elif method is Tau2Interval.PROFILE_LIKELIHOOD:
        low, high = _profile_likelihood(centred, rows.v, groups, level, restricted=restricted)
    else:
        a = 1 / rows.v if weights is None else columns(weights=weights)["weights"][rows.kept]
        low, high = (tau2_by_quantile(centred, rows.v, a, p) for p in ((1 - level) / 2, (1 + level) / 2))
    typical = float(typical_variance(1 / rows.v, groups)[0])
    notices = list(rows.notices)
    if high == 0:
        text = "the studies agree more than chance allows: both limits of tau2 are 0"
        notices.append(Notice("tau2-interval-null", text))
    return HeterogeneityInterval(
        low,
        high,
        100 * low / (low + typical),
        100 * high / (high + typical),
        low / typical + 1,
        high / typical + 1,
        method,
        level,
        tuple(notices),
    )


def q_profile(y: Array, v: Array, groups: Groups, level: float) -> tuple[Array, Array]:
    """Limits (B,) of tau2 of many analyses: where Q takes the outer quantiles of its distribution."""
    outer = np.array([[(1 + level) / 2], [(1 - level) / 2]])
    low, high = tau2_at(y, v, groups, chi2_quantile(outer, groups.k - 1))  # both at once: half the time
    return low, high


def _profile_likelihood(y: Array, v: Array, groups: Groups, level: float, *, restricted: bool) -> tuple[float, float]:
    best = maximise(y, v, groups, restricted=restricted).tau2

    def depth(tau2: float) -> float:
        return 2 * float(top - log_likelihood(y, v, groups, np.array([tau2]), restricted=restricted)[0])

    top = log_likelihood(y, v, groups, best, restricted=restricted)[0]
    cut = float(chi2_quantile(level, 1.0))
    low = 0.0 if depth(0.0) <= cut else turning_point(lambda t: depth(t) <= cut, 0.0, float(best[0]))
    far = float(best[0]) + float(v.mean())
    while depth(far) <= cut:
        far *= 2
    return low, turning_point(lambda t: depth(t) > cut, float(best[0]), far)
