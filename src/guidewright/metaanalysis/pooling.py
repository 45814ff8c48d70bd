"""Pool effects: :func:`pool` for one analysis, :func:`pool_many` for any number of them at once."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from math import isnan
from typing import Any

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.kernels.groups import Array, Groups
from guidewright.metaanalysis.kernels.mean import Mean, heterogeneity, prediction_interval, weighted_mean
from guidewright.metaanalysis.kernels.tau2 import ZERO_VARIANCE, Tau2, estimate_tau2
from guidewright.metaanalysis.notices import CannotPoolError, Notice
from guidewright.metaanalysis.options import Interval, Model, Prediction, Tau2Method, by_name
from guidewright.metaanalysis.rows import effects_and_variances, given_weights

#: Where a variance is 0, a tau2 below this share of the squared range of the effects is only rounding.
ZERO_VARIANCE_TAU2 = 1e-6


@dataclass(frozen=True)
class PooledEffects:
    """Results of many analyses, each field (B,), on the scale of analysis (logarithms for ratios)."""

    k: Array
    estimate: Array
    se: Array
    statistic: Array
    """z or t."""
    df: Array
    """Degrees of freedom of the statistic; infinite where it is normal."""
    p: Array
    low: Array
    high: Array
    tau2: Array
    tau2_se: Array
    """Standard error of tau2; NaN where there is none."""
    q: Array
    q_df: Array
    q_p: Array
    i2: Array
    """In percent."""
    h2: Array
    typical_variance: Array
    prediction_low: Array
    """Limits of the prediction interval; NaN under a common effect."""
    prediction_high: Array
    converged: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class PooledEffect:
    """The result of one analysis, on the scale of analysis (logarithms for ratios). None where something is not
    defined.
    """

    k: int
    estimate: float
    se: float
    statistic: float
    """z or t."""
    df: float | None
    """Degrees of freedom of the statistic; None where it is normal."""
    p: float
    low: float
    high: float
    tau2: float
    tau2_se: float | None
    q: float | None
    q_df: int
    q_p: float | None
    i2: float | None
    """In percent."""
    h2: float | None
    typical_variance: float
    prediction_low: float | None
    """Limits of the prediction interval; None under a common effect."""
    prediction_high: float | None
    weights: tuple[float, ...]
    """Share of each row in percent; rows that were left out are not in it."""
    rows: tuple[int, ...]
    """Numbers of the rows that were pooled, from 0."""
    model: Model
    tau2_method: Tau2Method | None
    interval: Interval
    prediction: Prediction
    level: float
    notices: tuple[Notice, ...]


@by_name()
def pool_many(
    y: Array,
    v: Array,
    groups: Groups,
    *,
    model: Model = Model.RANDOM,
    tau2_method: Tau2Method = Tau2Method.REML,
    tau2: Array | None = None,
    interval: Interval = Interval.WALD,
    prediction: Prediction = Prediction.AS_INTERVAL,
    level: float = 0.95,
    weights: Array | None = None,
) -> PooledEffects:
    """Pool many analyses that lie one behind the other in ``y`` (N,) and ``v`` (N,).

    The arrays must be free of gaps and variances above 0: :func:`pool` checks that, this function does not. ``tau2``
    (B,) fixes it instead of estimating it. ``weights`` (N,) replace those of the model in the mean, and are the
    weights of GENQ.
    """
    if model is Model.COMMON:
        between = Tau2(np.zeros(len(groups)), np.full(len(groups), np.nan), np.ones(len(groups), dtype=bool))
    elif tau2 is not None:
        between = Tau2(tau2, np.full(len(groups), np.nan), np.ones(len(groups), dtype=bool))
    else:
        between = estimate_tau2(y, v, groups, tau2_method, weights)
    mean = weighted_mean(y, v, groups, between.tau2, interval=interval, level=level, weights=weights)
    spread = heterogeneity(y, v, groups, None if model is Model.COMMON else between.tau2)
    low, high = _prediction(mean, between.tau2, groups, model, prediction, level)
    return PooledEffects(
        k=groups.k,
        **{name: getattr(mean, name) for name in ("estimate", "se", "statistic", "df", "p", "low", "high")},
        tau2=between.tau2,
        tau2_se=between.se,
        **{name: getattr(spread, name) for name in ("q", "q_df", "q_p", "i2", "h2", "typical_variance")},
        prediction_low=low,
        prediction_high=high,
        converged=between.converged,
    )


def _prediction(
    mean: Mean, tau2: Array, groups: Groups, model: Model, prediction: Prediction, level: float
) -> tuple[Array, Array]:
    if model is Model.COMMON:
        none = np.full(len(groups), np.nan)
        return none, none
    return prediction_interval(mean, tau2, groups.k, prediction=prediction, level=level)


@by_name()
def pool(
    y: npt.ArrayLike,
    v: npt.ArrayLike | None = None,
    *,
    se: npt.ArrayLike | None = None,
    model: Model = Model.RANDOM,
    tau2_method: Tau2Method = Tau2Method.REML,
    tau2: float | None = None,
    interval: Interval = Interval.WALD,
    prediction: Prediction = Prediction.AS_INTERVAL,
    level: float = 0.95,
    weights: npt.ArrayLike | None = None,
) -> PooledEffect:
    """Pool the effects ``y`` (k,) with sampling variances ``v`` (k,) or standard errors ``se`` (k,).

    Effects are on the scale of analysis: logarithms for ratios. REML and the Wald interval are the defaults of
    metafor and of the Cochrane Handbook (10.10.4); Knapp-Hartung intervals hold their level better with few studies
    and may be very wide. ``tau2`` fixes the between-study variance; ``weights`` replace those of the model in the
    mean and are the weights of GENQ.

    Raises :class:`CannotPoolError` for rows that cannot be pooled, and where the search for tau2 does not converge.
    """
    random = model is Model.RANDOM
    allowed = random and tau2 is None and tau2_method in ZERO_VARIANCE
    rows = effects_and_variances(y, v, se, zero_variance=allowed)
    notices = list(rows.notices)
    given = None
    if weights is not None:
        given = given_weights(weights, rows, np.size(y))
    elif random and tau2_method in {Tau2Method.GENQ, Tau2Method.GENQM} and tau2 is None:
        raise CannotPoolError(f"{tau2_method} needs `weights`, one for each row")
    if not 0 < level < 1:
        raise CannotPoolError(f"`level` is a share between 0 and 1, such as 0.95; found {level:g}")
    if tau2 is not None and not 0 <= tau2 < np.inf:
        raise CannotPoolError(f"`tau2` must be 0 or more; found {tau2:g}")
    k = len(rows.y)
    groups = Groups.of_sizes([k])
    certain = not rows.v.all()  # a row with a variance of 0, whose weight may be infinite: judged below
    with np.errstate(divide="ignore", invalid="ignore") if certain else nullcontext():
        found = pool_many(
            rows.y,
            rows.v,
            groups,
            model=model,
            tau2_method=tau2_method,
            tau2=None if tau2 is None else np.array([float(tau2)]),
            interval=interval,
            prediction=prediction,
            level=level,
            weights=given,
        )
    if certain and found.tau2[0] <= ZERO_VARIANCE_TAU2 * np.ptp(rows.y) ** 2:
        raise CannotPoolError("the rows with a variance of 0 take all the weight; correct them, or leave them out")
    if not found.converged[0]:
        raise CannotPoolError(f"the search for tau2 by {tau2_method} did not converge; choose another estimator")
    if k == 1 and interval is not Interval.WALD:
        notices.append(Notice("single-study", "one study: its own interval is given, by the normal distribution"))
    if random and k > 1 and found.tau2[0] == 0 and tau2 is None:
        notices.append(Notice("tau2-zero", "tau2 is estimated as 0: the result is that of a common effect"))
    share = given if given is not None else 1 / (rows.v + found.tau2[0])
    if k > 1 and interval is Interval.KNAPP_HARTUNG:
        plain = float(np.sqrt(np.sum(share**2 * (rows.v + found.tau2[0]))) / share.sum())
        notices += _knapp_hartung(float(found.se[0]), plain, model)
    values: dict[str, Any] = {name: _plain(array.item()) for name, array in vars(found).items()}
    values |= {"k": k, "q_df": k - 1, "df": None if values["df"] == np.inf else values["df"]}
    del values["converged"]
    return PooledEffect(
        **values,
        weights=tuple((100 * share / share.sum()).tolist()),
        rows=tuple(rows.kept.tolist()),
        model=model,
        tau2_method=tau2_method if random and tau2 is None else None,
        interval=interval,
        prediction=prediction,
        level=level,
        notices=tuple(notices),
    )


def _knapp_hartung(se: float, plain: float, model: Model) -> list[Notice]:
    """What a reader must know of its standard error, beside the ``plain`` one of the weights."""
    notices = []
    if model is Model.COMMON:
        notices.append(Notice("knapp-hartung-common", "Knapp-Hartung is not meant for a common-effect model"))
    if se == 0:
        notices.append(Notice("no-residual", "all effects are the same; Knapp-Hartung sees no error"))
    elif se < plain:
        text = (
            "Knapp-Hartung takes the effects to agree better than their variances allow, and makes the standard error "
        )
        text += f"{se / plain:.2g} times the usual one; knapp-hartung-truncated never makes it smaller"
        notices.append(Notice("knapp-hartung-narrow", text))
    return notices


def _plain(value: float) -> float | None:
    return None if isnan(value) else value
