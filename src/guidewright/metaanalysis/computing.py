"""From the declaration of an analysis and the extracted rows to its result: :func:`compute` is the only door.

Our own kernels compute; PyMARE and statsmodels recompute what they offer, and the largest difference is kept.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.metadata import version
from typing import Any

import numpy as np

from guidewright.evidence.extraction import Extraction
from guidewright.metaanalysis.analysis import Analysis, Sensitivity
from guidewright.metaanalysis.counts.mantel_haenszel import mantel_haenszel
from guidewright.metaanalysis.crosscheck import Differences, verify, verify_mantel_haenszel
from guidewright.metaanalysis.effects import Measure
from guidewright.metaanalysis.further import Studies, run
from guidewright.metaanalysis.heterogeneity import heterogeneity_interval
from guidewright.metaanalysis.kernels.distributions import chi2_p
from guidewright.metaanalysis.notices import CannotPoolError
from guidewright.metaanalysis.options import Interval, Model
from guidewright.metaanalysis.pooling import PooledEffect, pool
from guidewright.metaanalysis.result import (
    Estimate,
    Pooled,
    Result,
    SensitivityResult,
    StudyEffect,
    SubgroupTest,
)
from guidewright.metaanalysis.row_effects import effect_of
from guidewright.metaanalysis.selection import Chosen, SourcedRow, choices_of, choose

#: Largest ratio of two sampling variances (metafor warns at 1e7). Beyond it a limit or standard deviation is mistyped.
MOST_UNEVEN = 1e8
#: Significant digits kept in the committed result.
DIGITS = 10
#: PyMARE's search for a maximum stops anywhere below this; a smaller difference is chance, and says nothing.
LEAST = {"pymare": 1e-6}
#: Changed when the computation changes, so that results are computed anew.
METHOD = "3"


class NothingToPoolError(CannotPoolError):
    """No extracted row fits the analysis."""


class UnevenPrecisionError(CannotPoolError):
    """One result is so much more precise than another that their sums have no digits left for it."""


def inputs_digest(analysis: Analysis, rows: Iterable[SourcedRow]) -> str:
    """SHA-256 of everything that a result depends on."""
    chosen, left_out = choose(analysis.model_copy(update={"partly_verified": True}), rows)
    used: list[Any] = [
        [one.source.row.model_dump(mode="json"), one.source.place, one.source.label]
        + ([one.source.year, dict(one.source.covariates)] if analysis.further else [])
        for one in chosen
    ]
    data = [
        METHOD,
        analysis.model_dump(mode="json"),
        used,
        [one.model_dump(mode="json") for one in left_out],
        _engine(),
    ]
    return hashlib.sha256(json.dumps(data, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def compute(analysis: Analysis, rows: Sequence[SourcedRow], *, verified: bool = True) -> Result:
    """The result of an analysis.

    ``rows`` are all extracted rows of the project; the analysis selects from them. ``verified`` recomputes with the
    second engines, which take four seconds to import; a preview does without.

    Raises :class:`NothingToPoolError` if no row fits, :class:`UnevenPrecisionError` if their sampling variances differ
    by more than :data:`MOST_UNEVEN` times, and ``crosscheck.EnginesDisagreeError`` if the engines differ.
    """
    chosen, left_out = choose(analysis, rows)
    if not chosen:
        raise NothingToPoolError("no extracted result fits this analysis")
    worst: Differences | None = {} if verified else None
    strata, overall = _all_strata(analysis, chosen, worst)
    strata, overall = _with_further(analysis, chosen, strata, overall)
    sensitivity = tuple(_sensitivity(analysis, other, rows, worst) for other in analysis.sensitivity)
    return Result(
        analysis=analysis.id,
        inputs=inputs_digest(analysis, rows),
        engine=_engine(),
        measure=analysis.measure,
        model=analysis.model,
        tau2_method=analysis.tau2,
        interval=analysis.interval,
        strata=strata,
        overall=overall,
        subgroup_test=_between(analysis.measure, strata) if overall is not None and len(strata) > 1 else None,
        left_out=tuple(left_out),
        sensitivity=tuple(one for one in sensitivity if one is not None),
        checked_with={name: _bound(max(value, LEAST.get(name, 0.0))) for name, value in sorted((worst or {}).items())},
    )


@cache
def _engine() -> dict[str, str]:
    return {
        "kernels": f"guidewright {METHOD}",
        "pymare": version("pymare"),
        "statsmodels": version("statsmodels"),
    }


def _bound(worst: float) -> str:
    """The largest difference as a power of ten that bounds it, since its last digits differ between machines."""
    return "below 1e-10" if worst < 1e-10 else f"below {10 ** math.ceil(math.log10(worst)):.0e}"


def _all_strata(
    analysis: Analysis, chosen: Sequence[Chosen], worst: Differences | None
) -> tuple[tuple[Pooled, ...], Pooled | None]:
    names = list(dict.fromkeys(one.stratum for one in chosen))
    strata = tuple(_pooled(analysis, name, [one for one in chosen if one.stratum == name], worst) for name in names)
    overall = _pooled(analysis, "overall", chosen, worst) if analysis.overall.pooled and len(names) > 1 else None
    return strata, overall


def _with_further(
    analysis: Analysis, chosen: Sequence[Chosen], strata: tuple[Pooled, ...], overall: Pooled | None
) -> tuple[tuple[Pooled, ...], Pooled | None]:
    """The results with those of the further methods."""

    def extended(one: Pooled, rows: Sequence[Chosen]) -> Pooled:
        studies = _studies(analysis, rows)
        return one.model_copy(update={"further": tuple(run(method, studies) for method in analysis.further)})

    if not analysis.further:
        return strata, overall
    if overall is not None:
        return strata, extended(overall, chosen)
    return tuple(extended(one, [row for row in chosen if row.stratum == one.stratum]) for one in strata), None


def _studies(analysis: Analysis, chosen: Sequence[Chosen]) -> Studies:
    rows = [one.source.row for one in chosen]
    covariates = dict.fromkeys(name for one in chosen for name in one.source.covariates)
    columns: dict[str, tuple[Any, ...]] = {
        **{name: tuple(one.source.covariates.get(name) for one in chosen) for name in covariates},
        **{name: tuple(getattr(row, name) for row in rows) for name in Extraction.model_fields},
        "year": tuple(one.source.year for one in chosen),
        "days": tuple(row.days for row in rows),
        "row": tuple(one.source.place for one in chosen),
        "participants": tuple(None if None in sizes else sum(n or 0 for n in sizes) for sizes in map(_sizes, chosen)),
    }
    return Studies(
        measure=analysis.measure,
        y=np.array([one.effect.y for one in chosen]),
        v=np.array([one.effect.v for one in chosen]),
        names=tuple(row.study for row in rows),
        columns=columns,
        model=Model(analysis.model),
        tau2_method=analysis.tau2,
        interval=analysis.interval,
    )


def _sensitivity(
    analysis: Analysis, other: Sensitivity, rows: Sequence[SourcedRow], worst: Differences | None
) -> SensitivityResult | None:
    changed = {
        name: getattr(other, name)
        for name in ("tau2", "interval", "model", "partly_verified")
        if getattr(other, name) is not None
    }
    variant = analysis.model_copy(update=changed)
    chosen, _left_out = choose(variant, rows)
    if other.reverse:
        chosen = [
            Chosen(
                one.source,
                effect_of(one.source.row, analysis.measure, reverse=True, choices=choices_of(analysis)),
                one.stratum,
            )
            if one.source.row.study in other.reverse
            else one
            for one in chosen
        ]
    if not chosen:
        return None
    strata, overall = _all_strata(variant, chosen, worst)
    return SensitivityResult(id=other.id, strata=strata, overall=overall)


# --- one stratum --------------------------------------------------------------------------------------------------


def _pooled(analysis: Analysis, name: str, chosen: Sequence[Chosen], worst: Differences | None) -> Pooled:
    y = np.array([one.effect.y for one in chosen])
    v = np.array([one.effect.v for one in chosen])
    measure, k = analysis.measure, len(chosen)
    if v.max() > MOST_UNEVEN * v.min():
        narrow, wide = chosen[int(v.argmin())].source, chosen[int(v.argmax())].source
        raise UnevenPrecisionError(
            f"the result in {narrow.place} is {math.sqrt(v.max() / v.min()):.0e} times as precise as that in "
            f"{wide.place}; check the interval or standard deviation of both"
        )
    common = pool(y, v, model=Model.COMMON)
    chosen_model = pool(
        y,
        v,
        model=Model(analysis.model),
        tau2_method=analysis.tau2,
        interval=analysis.interval if analysis.model == "random" else Interval.WALD,
        prediction=analysis.prediction,
    )
    limits = heterogeneity_interval(y, v, method=analysis.tau2_interval) if k > 1 else None
    if worst is not None:
        verify(y, v, chosen_model, common, worst)
    predicted = k > 2
    return Pooled(
        stratum=name,
        k=k,
        participants=_participants(chosen),
        studies=tuple(_study(one, w) for one, w in zip(chosen, chosen_model.weights, strict=True)),
        summary=_estimate(measure, chosen_model),
        common=_estimate(measure, common),
        mantel_haenszel=_mantel_haenszel(measure, chosen, worst),
        tau2=_round(chosen_model.tau2),
        tau2_low=_rounded(limits.tau2_low) if limits else None,
        tau2_high=_rounded(limits.tau2_high) if limits else None,
        q=_round(common.q or 0.0),
        q_df=k - 1,
        q_p=_rounded(common.q_p) if k > 1 else None,
        i2=_rounded(chosen_model.i2) if k > 1 else None,
        i2_low=_rounded(limits.i2_low) if limits else None,
        i2_high=_rounded(limits.i2_high) if limits else None,
        prediction_low=_shown(measure, chosen_model.prediction_low) if predicted else None,
        prediction_high=_shown(measure, chosen_model.prediction_high) if predicted else None,
    )


def _round(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")


def _rounded(value: float | None) -> float | None:
    return None if value is None else _round(value)


def _natural(measure: Measure, value: float) -> float:
    return float(measure.natural(value))


def _shown(measure: Measure, value: float | None) -> float | None:
    return None if value is None else _round(_natural(measure, value))


def _estimate(measure: Measure, found: PooledEffect) -> Estimate:
    return _natural_estimate(measure, found.estimate, found.low, found.high, found.se, found.p)


def _natural_estimate(measure: Measure, estimate: float, low: float, high: float, se: float, p: float) -> Estimate:
    return Estimate(
        estimate=_round(_natural(measure, estimate)),
        low=_round(_natural(measure, low)),
        high=_round(_natural(measure, high)),
        se=_round(se),
        p=_round(p),
    )


def _mantel_haenszel(measure: Measure, chosen: Sequence[Chosen], worst: Differences | None) -> Estimate | None:
    """Of the uncorrected counts, for ratios where every row has them and some arm is not empty throughout."""
    rows = [one.source.row for one in chosen]
    if measure not in {Measure.RR, Measure.OR} or not all(row.has_counts for row in rows):
        return None
    counts = [[getattr(row, name) for row in rows] for name in ("events1", "total1", "events2", "total2")]
    found = mantel_haenszel(measure.value, *counts)
    if found.estimate is None or not found.se or found.low is None or found.high is None or found.p is None:
        return None
    if worst is not None:
        verify_mantel_haenszel(measure.value, counts, math.exp(found.estimate), worst)
    return _natural_estimate(measure, found.estimate, found.low, found.high, found.se, found.p)


def _between(measure: Measure, strata: Sequence[Pooled]) -> SubgroupTest | None:
    """Q between the strata (Borenstein et al. 2009, chapter 19), each stratum with its own tau2.

    None if a stratum has no standard error (Knapp-Hartung of studies that all give the same effect).
    """
    if any(s.summary.se == 0 for s in strata):
        return None
    shown = np.array([s.summary.estimate for s in strata])
    means = np.log(shown) if measure.is_log else shown
    w = np.array([1 / s.summary.se**2 for s in strata])
    mean = float((w * means).sum() / w.sum())
    q, df = float((w * (means - mean) ** 2).sum()), len(strata) - 1
    return SubgroupTest(q=_round(q), df=df, p=_round(float(chi2_p(q, df))))


def _participants(chosen: Sequence[Chosen]) -> int | None:
    sizes = [_sizes(one) for one in chosen]
    rows = [one.source.row for one in chosen]
    twice = len({(row.study, row.subgroup) for row in rows}) < len(rows)  # patients of two rows may be the same
    if twice or any(row.unit != "participants" for row in rows):
        return None
    return None if any(None in pair for pair in sizes) else sum((a or 0) + (b or 0) for a, b in sizes)


def _sizes(one: Chosen) -> tuple[int | None, int | None]:
    row = one.source.row
    return (row.total1, row.total2) if row.has_counts else (row.n1, row.n2)


def _study(one: Chosen, weight: float) -> StudyEffect:
    row, effect = one.source.row, one.effect
    total1, total2 = _sizes(one)
    counts = effect.computed_from == "counts"
    return StudyEffect(
        study=row.study,
        label=one.source.label,
        report=row.report,
        row=one.source.place,
        computed_from=effect.computed_from,
        estimate=_round(effect.estimate),
        low=_round(effect.low),
        high=_round(effect.high),
        se=_round(math.sqrt(effect.v)),
        weight=_round(float(weight)),
        events1=row.events1 if counts else None,
        total1=total1,
        events2=row.events2 if counts else None,
        total2=total2,
    )
