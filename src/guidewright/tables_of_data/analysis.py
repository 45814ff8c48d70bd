"""Pool a table: effects of the studies, what they add up to, and what else was asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.bias import egger
from guidewright.metaanalysis.bias.regression import RegressionTest
from guidewright.metaanalysis.counts.mantel_haenszel import (
    MantelHaenszel,
    mantel_haenszel,
    mantel_haenszel_leave_one_out,
)
from guidewright.metaanalysis.counts.peto import Peto, peto, peto_leave_one_out
from guidewright.metaanalysis.counts.summary import LeaveOneOut as CountsLeaveOneOut
from guidewright.metaanalysis.counts.tables import CountMeasure
from guidewright.metaanalysis.effects import (
    EffectSizes,
    Measure,
    To,
    VarianceType,
    effect_sizes,
    from_estimates,
    harmonic_mean,
)
from guidewright.metaanalysis.heterogeneity import HeterogeneityInterval, heterogeneity_interval
from guidewright.metaanalysis.moderators import MetaRegression, Subgroups, meta_regression, subgroups
from guidewright.metaanalysis.notices import CannotPoolError, Notice
from guidewright.metaanalysis.options import Interval, Model, Prediction, Tau2Method
from guidewright.metaanalysis.pooling import PooledEffect, pool
from guidewright.metaanalysis.sensitivity.leave_one_out import LeaveOneOut, leave_one_out
from guidewright.tables_of_data.methods import Method
from guidewright.tables_of_data.studies import Studies

Array = npt.NDArray[np.float64]
Found = TypeVar("Found")


@dataclass(frozen=True)
class Options:
    """Every choice; what a method does not have is None."""

    measure: Measure
    method: Method
    model: Model
    tau2_method: Tau2Method | None
    interval: Interval
    prediction: Prediction | None
    level: float
    """Level of the intervals that are computed."""
    printed_level: float
    """Level of the intervals that are read."""
    add: float | None
    """Constant for empty cells; None for that of the measure."""
    to: To
    drop_double_zero: bool
    """Whether tables without any event, or with nothing but events, in both groups are left out."""
    variance: VarianceType
    """Formula of the sampling variances."""
    leave_one_out: bool
    egger: bool

    @property
    def pooling(self) -> dict[str, Any]:
        """Options of inverse-variance pooling."""
        tau2 = {} if self.tau2_method is None else {"tau2_method": self.tau2_method}
        return {"model": self.model, "interval": self.interval, "level": self.level, **tau2}


@dataclass(frozen=True)
class Analysis:
    """Everything that was found, on the scale of analysis."""

    options: Options
    studies: Studies
    effects: EffectSizes
    weights: Array
    """Weight of each row in percent; NaN where it was not pooled."""
    pooled: PooledEffect | MantelHaenszel | Peto
    heterogeneity: HeterogeneityInterval | None
    subgroups: Subgroups | None
    regression: MetaRegression | None
    leave_one_out: LeaveOneOut | CountsLeaveOneOut | None
    egger: RegressionTest | None
    notices: tuple[Notice, ...]

    @property
    def measure(self) -> Measure:
        """The measure of the effects."""
        return self.effects.measure

    def natural(self, value: float | None) -> float | None:
        """A pooled value on the natural scale."""
        if value is None or np.isnan(value):
            return None
        size = harmonic_mean(self.effects.n[self.effects.defined]) if self.measure.scale.needs_size else None
        return float(self.measure.natural([value], n=size)[0])


def analyse(studies: Studies, options: Options, *, printed: bool, notices: Sequence[Notice] = ()) -> Analysis:
    """Pool the studies and run what else was asked for; ``notices`` come from reading them.

    Raises :class:`CannotPoolError` where the studies cannot be pooled.
    """
    effects = _effects(studies, options, printed=printed)
    y, v = effects.y, effects.v
    notices = [*notices, *effects.notices]
    pooled, weights = _pooled(studies, effects, options)
    between, regression = None, None
    if studies.subgroups is not None:
        groups = np.array(studies.subgroups, dtype=object)
        prediction = options.prediction or Prediction.AS_INTERVAL
        between = subgroups(y, v, groups, prediction=prediction, **options.pooling)
    if studies.moderators:
        regression = meta_regression(y, v, studies.moderators, **options.pooling)
    limits = None
    if isinstance(pooled, PooledEffect) and pooled.k > 1:
        limits = _attempt(lambda: heterogeneity_interval(y, v, level=options.level), "tau2-interval-undefined", notices)
    left_out = test = None
    if options.leave_one_out:
        left_out = _attempt(lambda: _left_out(studies, effects, options), "leave-one-out-undefined", notices)
    if options.egger:
        test = _attempt(lambda: egger(y, v, level=options.level), "egger-undefined", notices)
    # that a row has no effect is said best where the effects are computed
    known = {notice.text for notice in pooled.notices if notice.code == "rows-dropped"}
    for one in (pooled, limits, left_out, test):
        notices += () if one is None else (notice for notice in one.notices if notice.code != "rows-dropped")
    for other in (between, regression):
        notices += () if other is None else (notice for notice in other.notices if notice.text not in known)
    return Analysis(
        options,
        studies,
        effects,
        weights,
        pooled,
        limits,
        between,
        regression,
        left_out,
        test,
        tuple(dict.fromkeys(notices)),
    )


def _effects(studies: Studies, options: Options, *, printed: bool) -> EffectSizes:
    if not printed:
        measure, add, to = options.measure, options.add, options.to
        if options.method is Method.PETO:
            measure = Measure.PETO
            add = 0.0 if add is None else add
        columns: dict[str, Any] = dict(studies.numbers)
        drop, formula = options.drop_double_zero, options.variance
        return effect_sizes(measure, add=add, to=to, drop_double_zero=drop, variance=formula, **columns)
    given = dict(studies.numbers)
    on_scale = "y" in given
    estimate = given.pop("y") if on_scale else given.pop("estimate")
    if "v" in given:
        given["se"] = np.sqrt(given.pop("v"))
    return from_estimates(estimate, level=options.printed_level, measure=options.measure, log_scale=on_scale, **given)


def _pooled(
    studies: Studies, effects: EffectSizes, options: Options
) -> tuple[PooledEffect | MantelHaenszel | Peto, Array]:
    result: PooledEffect | MantelHaenszel | Peto
    if options.method is Method.PETO:
        counts = (studies.numbers[name] for name in Measure.PETO.columns)
        result = peto(*counts, level=options.level, **_addition(options))
    elif options.method is Method.MANTEL_HAENSZEL:
        result = mantel_haenszel(*_tables(studies, options), **_zero_cells(options), level=options.level)
    else:
        prediction = options.prediction or Prediction.AS_INTERVAL
        result = pool(effects.y, effects.v, prediction=prediction, **options.pooling)
    weights = np.full(len(effects.y), np.nan)
    if result.weights is not None:
        weights[list(result.rows)] = result.weights
    return result, weights


def _addition(options: Options) -> dict[str, Any]:
    """Peto's method needs none, and gets one if asked."""
    return {"add": options.add or 0.0, "to": options.to if options.add else To.NONE}


def _tables(studies: Studies, options: Options) -> tuple[CountMeasure, Array, Array, Array, Array]:
    one, two, three, four = (studies.numbers[name] for name in options.measure.columns)
    return CountMeasure(options.measure.value), one, two, three, four


def _zero_cells(options: Options) -> dict[str, Any]:
    """For the studies' own effects, on which Q rests; Mantel-Haenszel pooling itself needs no addition."""
    add = options.measure.add if options.add is None else options.add
    dropped = {"drop_double_zero_pooled": True} if options.drop_double_zero else {}
    return {"add": add, "to": options.to, **dropped}


def _left_out(studies: Studies, effects: EffectSizes, options: Options) -> LeaveOneOut | CountsLeaveOneOut:
    if options.method is Method.MANTEL_HAENSZEL:
        return mantel_haenszel_leave_one_out(*_tables(studies, options), **_zero_cells(options), level=options.level)
    if options.method is Method.PETO:
        counts = (studies.numbers[name] for name in Measure.PETO.columns)
        return peto_leave_one_out(*counts, level=options.level, **_addition(options))
    return leave_one_out(effects.y, effects.v, **options.pooling)


def _attempt(method: Callable[[], Found], code: str, notices: list[Notice]) -> Found | None:
    """What an addition to the main result yields, or a notice why it cannot be had."""
    try:
        return method()
    except CannotPoolError as error:
        notices.append(Notice(code, str(error)))
        return None
