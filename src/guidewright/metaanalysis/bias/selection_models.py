"""Selection models: the effect before studies were selected by their p values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.bias.selection_functions import Favours, SelectionFunction, Weights, checked_cut_points
from guidewright.metaanalysis.bias.selection_likelihood import SelectionLikelihood
from guidewright.metaanalysis.bias.selection_maximum import Search, SelectionMaximum, maximise
from guidewright.metaanalysis.bias.studies import Array, Studies, few_studies, read
from guidewright.metaanalysis.kernels.distributions import chi2_p, normal_p, normal_quantile
from guidewright.metaanalysis.notices import CannotPoolError, Notice
from guidewright.metaanalysis.options import Model, Tau2Method, by_name, check_share
from guidewright.metaanalysis.pooling import pool

#: Smallest weight of a step or parameter of a beta function that is looked at, and largest parameter (as metafor's).
LOWEST, HIGHEST = 1e-5, 100.0


@dataclass(frozen=True)
class VeveaWoods:
    """An example of selection, to be tried, not believed (Vevea & Woods 2005, Psychol Methods 10:428, table 1)."""

    favours_one_side: bool
    weights: tuple[float, ...]
    """Weight of each interval of p."""


#: Upper ends of the intervals of table 1; the last is 1.
VEVEA_WOODS_CUT_POINTS = (0.005, 0.01, 0.05, 0.1, 0.25, 0.35, 0.5, 0.65, 0.75, 0.9, 0.95, 0.99, 0.995, 1.0)
VEVEA_WOODS: Mapping[str, VeveaWoods] = {
    "moderate-one-sided": VeveaWoods(True, (1, 0.99, 0.95, 0.8, 0.75, 0.65, 0.6, 0.55, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5)),
    "severe-one-sided": VeveaWoods(True, (1, 0.99, 0.9, 0.75, 0.6, 0.5, 0.4, 0.35, 0.3, 0.25, 0.1, 0.1, 0.1, 0.1)),
    "moderate-two-sided": VeveaWoods(False, (1, 0.99, 0.95, 0.9, 0.8, 0.75, 0.6, 0.6, 0.75, 0.8, 0.9, 0.95, 0.99, 1)),
    "severe-two-sided": VeveaWoods(False, (1, 0.99, 0.9, 0.75, 0.6, 0.5, 0.25, 0.25, 0.5, 0.6, 0.75, 0.9, 0.99, 1)),
}


@dataclass(frozen=True)
class SelectionModel:
    """Maximum likelihood estimates of a selection model, on the scale of analysis. None where not defined."""

    k: int
    estimate: float
    """Mean effect before selection."""
    se: float | None
    statistic: float | None
    """z."""
    p: float | None
    low: float | None
    high: float | None
    tau2: float
    tau2_se: float | None
    """None where tau2 is 0, or fixed at 0."""
    delta: tuple[float, ...]
    """Weights of the intervals of a step function, of which the first is 1; else the parameters of the function."""
    delta_se: tuple[float | None, ...]
    """None for what is given or lies on a bound."""
    log_likelihood: float
    log_likelihood_without: float
    """Without selection: of the same model by maximum likelihood."""
    lr_statistic: float | None
    """Likelihood ratio test of no selection; None where the weights are given."""
    lr_df: int | None
    lr_p: float | None
    unadjusted: float
    """The estimate without selection."""
    function: SelectionFunction
    cut_points: tuple[float, ...]
    studies_per_interval: tuple[int, ...]
    """Step function: number of studies in each interval of p."""
    favours: Favours
    model: Model
    level: float
    notices: tuple[Notice, ...]


@by_name(function=SelectionFunction, favours=Favours)
def selection_model(
    y: npt.ArrayLike,
    v: npt.ArrayLike | None = None,
    *,
    se: npt.ArrayLike | None = None,
    function: SelectionFunction = SelectionFunction.STEP,
    cut_points: Sequence[float] = (0.025,),
    favours: Favours,
    model: Model = Model.RANDOM,
    level: float = 0.95,
) -> SelectionModel:
    """Fit a selection model to effects ``y`` (k,) with variances ``v`` or standard errors ``se``.

    ``favours`` says which results had the better chance of being published, and has no default: the wrong side gives
    a meaningless answer. ``cut_points`` are those of the step function, on the p value that ``favours`` defines: one
    at 0.025 for selection of significant results on one side is the three-parameter model (McShane et al. 2016).
    Parameters are looked for from 1e-5 (negative exponential: 0) to 100, and one that
    comes to lie on a bound is named in a Notice.

    Raises :class:`CannotPoolError` where there are fewer studies than parameters, or the search does not converge.
    """
    cuts = checked_cut_points(cut_points) if function is SelectionFunction.STEP else ()
    weights = Weights(function, cuts)
    return _fitted(y, v, se, weights, None, favours=favours, model=model, level=level)


@by_name(function=SelectionFunction, favours=Favours)
def selection_sensitivity(
    y: npt.ArrayLike,
    v: npt.ArrayLike | None = None,
    *,
    se: npt.ArrayLike | None = None,
    cut_points: Sequence[float] = VEVEA_WOODS_CUT_POINTS,
    weights: Sequence[float],
    favours: Favours,
    model: Model = Model.RANDOM,
    level: float = 0.95,
) -> SelectionModel:
    """The step function with given ``weights``, one for each interval of p (Vevea & Woods 2005).

    For few studies, where weights cannot be estimated: how far would the estimate move if selection were so? Only the
    ratios of the weights count. Their four examples are :data:`VEVEA_WOODS`, on the default ``cut_points``.
    """
    cuts = checked_cut_points(cut_points)
    given = np.array(weights, dtype=np.float64)
    if given.shape != (len(cuts) + 1,) or not ((given > 0) & np.isfinite(given)).all():
        raise CannotPoolError(
            f"`weights` are {len(cuts) + 1} numbers above 0, one for each interval between the cut points"
        )
    step = Weights(SelectionFunction.STEP, cuts)
    return _fitted(y, v, se, step, given[1:] / given[0], favours=favours, model=model, level=level)


def _fitted(
    y: npt.ArrayLike,
    v: npt.ArrayLike | None,
    se: npt.ArrayLike | None,
    weights: Weights,
    fixed: Array | None,
    *,
    favours: Favours,
    model: Model,
    level: float,
) -> SelectionModel:
    check_share("level", level)
    random = model is Model.RANDOM
    estimated = weights.free if fixed is None else 0
    studies = read(y, v, se, least=1 + random + estimated, purpose="this selection model")
    # selection of small effects is selection of large ones in the mirror
    sign = -1.0 if favours is Favours.LESS else 1.0
    likelihood = SelectionLikelihood(sign * studies.y, studies.v, weights, favours is Favours.TWO_SIDED)
    lowest = LOWEST if weights.on_log_scale else 0.0
    found = maximise(Search(likelihood, random, fixed, lowest, HIGHEST))
    if not found.converged:
        raise CannotPoolError("the search for the selection model's maximum does not converge; use a simpler function")
    without = pool(studies.y, studies.v, model=model, tau2_method=Tau2Method.ML)
    none = np.full(weights.free, weights.none)
    flat = float(likelihood.value(np.array(sign * without.estimate), np.array(without.tau2), none))
    ratio = max(0.0, 2 * (found.log_likelihood - flat))
    counts = np.bincount(weights.interval_of(likelihood.p), minlength=len(weights.cut_points) + 1)
    step = weights.function is SelectionFunction.STEP
    estimate = sign * found.mean
    known = np.isfinite(found.mean_se)
    wide = float(normal_quantile((1 + level) / 2)) * found.mean_se
    delta, delta_se = found.delta.tolist(), [_or_none(one) for one in found.delta_se]
    return SelectionModel(
        k=studies.k,
        estimate=estimate,
        se=_or_none(found.mean_se),
        statistic=estimate / found.mean_se if known else None,
        p=float(normal_p(estimate / found.mean_se)) if known else None,
        low=estimate - wide if known else None,
        high=estimate + wide if known else None,
        tau2=found.tau2,
        tau2_se=_or_none(found.tau2_se),
        delta=(1.0, *delta) if step else tuple(delta),
        delta_se=(None, *delta_se) if step else tuple(delta_se),
        log_likelihood=found.log_likelihood,
        log_likelihood_without=flat,
        lr_statistic=ratio if estimated else None,
        lr_df=estimated or None,
        lr_p=float(chi2_p(ratio, estimated)) if estimated else None,
        unadjusted=without.estimate,
        function=weights.function,
        cut_points=weights.cut_points,
        studies_per_interval=tuple(counts.tolist()) if step else (),
        favours=favours,
        model=model,
        level=level,
        notices=_notices(studies, found, weights, counts if fixed is None and step else None),
    )


def _notices(
    studies: Studies, found: SelectionMaximum, weights: Weights, counts: npt.NDArray[np.int64] | None
) -> tuple[Notice, ...]:
    notices = [*studies.notices, *few_studies(studies.k)]
    if counts is not None and (counts == 0).any():
        ends = (*weights.cut_points, 1.0)
        empty = ", ".join(f"up to {ends[i]:g}" for i in np.flatnonzero(counts == 0))
        text = f"no study has a p value in the interval {empty}: its weight cannot be estimated; use fewer cut points"
        notices.append(Notice("empty-interval", text))
    if found.at_bound[2:].any():
        text = "a parameter of the selection function lies on the bound of the search and has no standard error"
        notices.append(Notice("selection-at-bound", text))
    if found.at_bound[1]:
        notices.append(Notice("tau2-zero", "tau2 is estimated as 0: the result is that of a common effect"))
    if not np.isfinite(found.mean_se):
        notices.append(Notice("no-standard-error", "the likelihood is flat at its maximum: no standard error"))
    return tuple(notices)


def _or_none(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
