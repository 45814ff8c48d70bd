"""Subgroups: the effect within each, and whether it differs between them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.kernels.distributions import chi2_p
from guidewright.metaanalysis.kernels.groups import Groups
from guidewright.metaanalysis.kernels.mean import two_sided
from guidewright.metaanalysis.moderators.batch import ragged_batch
from guidewright.metaanalysis.moderators.design_matrix import design_matrix
from guidewright.metaanalysis.moderators.fit_statistics import FitStatistics, fit_statistics
from guidewright.metaanalysis.moderators.inference import statistics
from guidewright.metaanalysis.moderators.interaction import Estimates, against_first, between
from guidewright.metaanalysis.moderators.mixed_effects import fit
from guidewright.metaanalysis.moderators.moderator import Factor
from guidewright.metaanalysis.moderators.predictions import predict
from guidewright.metaanalysis.moderators.regression import meta_regression
from guidewright.metaanalysis.moderators.result import Coefficient, MetaRegression, OmnibusTest
from guidewright.metaanalysis.notices import CannotPoolError, Notice
from guidewright.metaanalysis.options import Interval, Model, Prediction, Tau2Method, by_name
from guidewright.metaanalysis.pooling import PooledEffect, PooledEffects, pool, pool_many
from guidewright.metaanalysis.rows import effects_and_variances, rows_numbered, weights_of

Array = npt.NDArray[np.float64]

GROUP = "group"


@dataclass(frozen=True)
class Subgroup:
    """The pooled effect of one subgroup, on the scale of analysis; None where something is not defined."""

    name: str
    k: int
    estimate: float
    se: float
    statistic: float
    """z or t."""
    df: float | None
    """Degrees of freedom of t; None where the statistic is normal."""
    p: float
    low: float
    high: float
    tau2: float
    tau2_se: float | None
    q: float
    q_df: int
    q_p: float
    i2: float
    """In percent."""
    h2: float
    typical_variance: float
    prediction_low: float | None
    prediction_high: float | None
    rows: tuple[int, ...]
    """Numbers of its rows, from 0."""
    weights: tuple[float, ...]
    """Weight of each of its rows within the subgroup, in percent."""
    ml: FitStatistics
    reml: FitStatistics | None
    """None for a single study."""


@dataclass(frozen=True)
class Subgroups:
    """Subgroups with the test of interaction."""

    subgroups: tuple[Subgroup, ...]
    """In the order asked for, else sorted by name."""
    interaction: OmnibusTest | None
    """Test that all subgroups have the same effect (Q between, or F); None with a single subgroup."""
    i2_between: float | None
    """Share of the variation between subgroups beyond chance, in percent (Cochrane Handbook 10.11.3.1)."""
    differences: tuple[Coefficient, ...]
    """Each subgroup but the first compared with the first."""
    q_within: float
    """Sum of the heterogeneity within the subgroups."""
    q_within_df: int
    q_within_p: float
    overall: PooledEffect
    """All rows pooled without regard to subgroups."""
    regression: MetaRegression | None
    """The meta-regression on the subgroups, where tau2 is common to them."""
    common_tau2: bool
    model: Model
    tau2_method: Tau2Method | None
    interval: Interval
    prediction: Prediction
    level: float
    notices: tuple[Notice, ...]


@by_name()
def subgroups(
    y: npt.ArrayLike,
    v: npt.ArrayLike,
    groups: npt.ArrayLike,
    *,
    order: tuple[str, ...] | None = None,
    common_tau2: bool = False,
    model: Model = Model.RANDOM,
    tau2_method: Tau2Method = Tau2Method.REML,
    interval: Interval = Interval.WALD,
    prediction: Prediction = Prediction.AS_INTERVAL,
    level: float = 0.95,
    weights: npt.ArrayLike | None = None,
) -> Subgroups:
    """Pool ``y`` (k,) with variances ``v`` (k,) within each level of ``groups`` (k,), and test whether levels differ.

    With separate tau2 (the default of the Cochrane Handbook and RevMan) each level is analysed alone. The test weighs
    the pooled effects by their squared standard errors: Q between with Wald intervals (Borenstein & Higgins 2013, Prev
    Sci 14:134); Welch's F where intervals are by t, since each level then has a standard error with degrees of freedom
    of its own (Welch 1951, Biometrika 38:330), which for two levels is the t test with Satterthwaite's. With
    ``common_tau2`` the levels are a factor in a meta-regression, steadier where levels have few studies (Borenstein et
    al. 2009, ch. 19); its test is Q, or F with k - m degrees of freedom where intervals are by t.

    A level with one study keeps that study's own normal interval under separate tau2. Rows without a level are dropped
    with a notice. ``order`` names the levels in the order wanted; the first is the one others are compared with.

    Raises :class:`CannotPoolError` as :func:`pool` and :func:`meta_regression` do, for undeclared levels, and for
    variances of 0.
    """
    given = _rows(y, v, groups, order, weights)
    regression = None
    options: dict[str, Any] = {"model": model, "tau2_method": tau2_method, "interval": interval, "level": level}
    if common_tau2:
        design = design_matrix([Factor(column=GROUP, levels=given.names)], {GROUP: given.labels})
        regression = meta_regression(given.y, given.v, design, weights=given.weights, **options)
    pooled = pool_many(
        given.y,
        given.v,
        Groups.of_sizes(given.sizes),
        tau2=np.full(len(given.sizes), regression.tau2) if regression and model is Model.RANDOM else None,
        prediction=prediction,
        weights=given.weights,
        **options,
    )
    if not pooled.converged.all():
        failed = given.names[int(np.argmin(pooled.converged))]
        raise CannotPoolError(f"the search for tau2 in {failed} did not converge; choose another estimator")
    notices = list(given.notices)
    alone = [name for name, size in zip(given.names, given.sizes, strict=True) if size == 1]
    if alone and not common_tau2 and interval is not Interval.WALD:
        text = f"one study in {', '.join(alone)}: its own interval is given, by the normal distribution"
        notices.append(Notice("single-study", text))
    made = _subgroups(given, pooled, regression, model, prediction)
    estimates = Estimates.of(pooled)
    interaction = regression.qm if regression else between(estimates, interval)
    q_within, q_within_df = float(pooled.q.sum()), int(pooled.q_df.sum())
    return Subgroups(
        subgroups=made,
        interaction=interaction,
        i2_between=_i2(interaction),
        differences=_differences(regression, estimates, given.names, interval, level),
        q_within=q_within,
        q_within_df=q_within_df,
        q_within_p=float(chi2_p(q_within, q_within_df)),
        overall=pool(given.y, given.v, prediction=prediction, weights=given.weights, **options),
        regression=regression,
        common_tau2=common_tau2,
        model=model,
        tau2_method=tau2_method if model is Model.RANDOM else None,
        interval=interval,
        prediction=prediction,
        level=level,
        notices=tuple(notices),
    )


@dataclass(frozen=True)
class _Rows:
    """Complete rows, those of one level after those of another."""

    y: Array
    v: Array
    labels: npt.NDArray[np.object_]
    weights: Array | None
    kept: npt.NDArray[np.int64]
    names: tuple[str, ...]
    sizes: tuple[int, ...]
    notices: tuple[Notice, ...]


def _rows(
    y: npt.ArrayLike,
    v: npt.ArrayLike,
    groups: npt.ArrayLike,
    order: tuple[str, ...] | None,
    weights: npt.ArrayLike | None,
) -> _Rows:
    rows = effects_and_variances(y, v)
    factor = design_matrix([Factor(column=GROUP, levels=order)], {GROUP: groups})
    labels, total = factor.data[GROUP], np.atleast_1d(np.asarray(y)).size
    if len(labels) != total:
        raise CannotPoolError(f"`groups` has {len(labels)} rows and `y` has {total}; both need one per study")
    notices = list(rows.notices)
    known = np.array([label is not None for label in labels[rows.kept]], dtype=np.bool_)
    if not known.all():
        text = f"{rows_numbered(rows.kept[~known])} left out: no subgroup is given"
        notices.append(Notice("rows-dropped", text))
    declared = order or tuple(sorted({label for label in labels if label is not None}))
    place = np.array([declared.index(label) for label in labels[rows.kept][known]], dtype=np.intp)
    if not len(place):
        raise CannotPoolError("no row has an effect, a variance and a subgroup")
    at = np.flatnonzero(known)[np.argsort(place, kind="stable")]
    kept = rows.kept[at]
    present, sizes = np.unique(place, return_counts=True)
    if len(present) < len(declared):
        empty = [name for i, name in enumerate(declared) if i not in present]
        notices.append(Notice("subgroups-empty", f"no study in {', '.join(empty)}"))
    if len(present) == 1:
        notices.append(
            Notice("subgroups-one", f"all studies are in {declared[present[0]]}; there is nothing to compare")
        )
    given = None if weights is None else weights_of(weights, total, kept)
    names = tuple(declared[i] for i in present)
    return _Rows(rows.y[at], rows.v[at], labels[kept], given, kept, names, tuple(sizes.tolist()), tuple(notices))


def _subgroups(
    given: _Rows, pooled: PooledEffects, regression: MetaRegression | None, model: Model, prediction: Prediction
) -> tuple[Subgroup, ...]:
    """Values of each level; under a common tau2 estimates and intervals are those of the regression."""
    if regression is not None:
        shared: dict[str, Any] = {} if regression.qm is None else _from_regression(regression, given.names, prediction)
        tau2_se = np.nan if regression.tau2_se is None else regression.tau2_se
        pooled = replace(pooled, **shared, tau2_se=np.full(len(given.names), tau2_se))
    batch = ragged_batch(given.y, given.v, np.ones((len(given.y), 1)), given.sizes)
    fits = fit(batch, tau2_method=None, tau2=pooled.tau2, weights=given.weights)
    by_ml, by_reml = fit_statistics(batch, fits, tau2_estimated=model is Model.RANDOM)
    share = given.weights if given.weights is not None else 1 / (given.v + np.repeat(pooled.tau2, given.sizes))
    ends = np.cumsum(given.sizes)
    made = []
    for i, (name, size, end) in enumerate(zip(given.names, given.sizes, ends.tolist(), strict=True)):
        rows = slice(end - size, end)
        made.append(
            Subgroup(
                name=name,
                **pooled.one(i),
                rows=tuple(given.kept[rows].tolist()),
                weights=tuple((100 * share[rows] / share[rows].sum()).tolist()),
                ml=by_ml[i],
                reml=by_reml[i],
            )
        )
    return tuple(made)


def _from_regression(regression: MetaRegression, names: tuple[str, ...], prediction: Prediction) -> dict[str, Array]:
    predicted = predict(regression, {GROUP: list(names)}, prediction=prediction)
    estimate, se = np.array(predicted.estimate), np.array(predicted.se)
    df = np.full(len(names), regression.df)
    statistic = statistics(estimate, se)
    values: dict[str, Array] = {
        "estimate": estimate,
        "se": se,
        "df": df,
        "statistic": statistic,
        "p": two_sided(statistic, df),
        "low": np.array(predicted.low),
        "high": np.array(predicted.high),
    }
    if predicted.prediction_low is not None and predicted.prediction_high is not None:
        values |= {
            "prediction_low": np.array(predicted.prediction_low),
            "prediction_high": np.array(predicted.prediction_high),
        }
    return values


def _differences(
    regression: MetaRegression | None, estimates: Estimates, names: tuple[str, ...], interval: Interval, level: float
) -> tuple[Coefficient, ...]:
    labels = [f"{name} - {names[0]}" for name in names[1:]]
    if regression is None:
        return against_first(estimates, labels, interval, level)
    return tuple(replace(one, name=label) for one, label in zip(regression.coefficients[1:], labels, strict=True))


def _i2(test: OmnibusTest | None) -> float | None:
    """(Q - df) / Q; F times its numerator degrees of freedom stands for Q."""
    if test is None:
        return None
    q = test.statistic * (test.df if test.residual_df is not None else 1)
    return max(0.0, 100 * (1 - test.df / q)) if q > 0 else 0.0
