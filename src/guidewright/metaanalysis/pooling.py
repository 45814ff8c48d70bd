"""Pool the rows of an analysis: the only door is :func:`pool`.

tau2 comes from PyMARE; weights, estimates, intervals and heterogeneity follow from it in closed form. What
statsmodels offers as well (common effect, DerSimonian-Laird, Mantel-Haenszel) is recomputed with it in the same run and
the largest relative difference is kept with the result.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Sequence
from importlib.metadata import version

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.analysis import Analysis, Interval, Measure, Sensitivity
from guidewright.metaanalysis.crosscheck import check, compare
from guidewright.metaanalysis.measures import Z95, effect_of, natural
from guidewright.metaanalysis.result import (
    Estimate,
    Pooled,
    Result,
    SensitivityResult,
    StudyEffect,
    SubgroupTest,
)
from guidewright.metaanalysis.selection import Chosen, SourcedRow, choose
from guidewright.metaanalysis.tau2 import tau2_of

Array = npt.NDArray[np.float64]
#: Largest ratio of two sampling variances (metafor warns at 1e7). Beyond it a limit or standard deviation is mistyped.
MOST_UNEVEN = 1e8
#: Significant digits kept in the committed result.
DIGITS = 10
#: Changed when the computation changes, so that results are computed anew.
METHOD = "2"


class CannotPoolError(ValueError):
    """The rows of an analysis cannot be pooled; the message says why and where to look."""


class NothingToPoolError(CannotPoolError):
    """No extracted row fits the analysis."""


class UnevenPrecisionError(CannotPoolError):
    """One result is so much more precise than another that their sums have no digits left for it."""


def inputs_digest(analysis: Analysis, rows: Iterable[SourcedRow]) -> str:
    """SHA-256 of everything that a result depends on."""
    chosen, left_out = choose(analysis.model_copy(update={"partly_verified": True}), rows)
    used = [[one.source.row.model_dump(mode="json"), one.source.place, one.source.label] for one in chosen]
    data = [
        METHOD,
        analysis.model_dump(mode="json"),
        used,
        [one.model_dump(mode="json") for one in left_out],
        _engine(),
    ]
    return hashlib.sha256(json.dumps(data, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def pool(analysis: Analysis, rows: Sequence[SourcedRow]) -> Result:
    """Pool an analysis.

    ``rows`` are all extracted rows of the project; the analysis selects from them.

    Raises :class:`NothingToPoolError` if no row fits, :class:`UnevenPrecisionError` if their sampling variances differ
    by more than :data:`MOST_UNEVEN` times, and ``crosscheck.EnginesDisagreeError`` if PyMARE and statsmodels differ
    where both offer the method.
    """
    chosen, left_out = choose(analysis, rows)
    if not chosen:
        raise NothingToPoolError("no extracted result fits this analysis")
    worst = {"statsmodels": 0.0}
    strata, overall = _all_strata(analysis, chosen, worst)
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
        checked_with={name: _bound(value) for name, value in worst.items()},
    )


def _engine() -> dict[str, str]:
    return {
        "tau2": f"pymare {version('pymare')}",
        "check": f"statsmodels {version('statsmodels')}",
        "method": METHOD,
    }


def _bound(worst: float) -> str:
    """The largest difference as a power of ten that bounds it, since its last digits differ between machines."""
    return "below 1e-10" if worst < 1e-10 else f"below {10 ** math.ceil(math.log10(worst)):.0e}"


def _all_strata(
    analysis: Analysis, chosen: Sequence[Chosen], worst: dict[str, float]
) -> tuple[tuple[Pooled, ...], Pooled | None]:
    names = list(dict.fromkeys(one.stratum for one in chosen))
    strata = tuple(_pooled(analysis, name, [one for one in chosen if one.stratum == name], worst) for name in names)
    overall = _pooled(analysis, "overall", chosen, worst) if analysis.overall.pooled and len(names) > 1 else None
    return strata, overall


def _sensitivity(
    analysis: Analysis, other: Sensitivity, rows: Sequence[SourcedRow], worst: dict[str, float]
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
            Chosen(one.source, effect_of(one.source.row, analysis.measure, reverse=True), one.stratum)
            if one.source.row.study in other.reverse
            else one
            for one in chosen
        ]
    if not chosen:
        return None
    strata, overall = _all_strata(variant, chosen, worst)
    return SensitivityResult(id=other.id, strata=strata, overall=overall)


# --- one stratum --------------------------------------------------------------------------------------------------


def _pooled(analysis: Analysis, name: str, chosen: Sequence[Chosen], worst: dict[str, float]) -> Pooled:
    y = np.array([one.effect.y for one in chosen])
    v = np.array([one.effect.v for one in chosen])
    measure, k = analysis.measure, len(chosen)
    if v.max() > MOST_UNEVEN * v.min():
        narrow, wide = chosen[int(v.argmin())].source, chosen[int(v.argmax())].source
        raise UnevenPrecisionError(
            f"the result in {narrow.place} is {math.sqrt(v.max() / v.min()):.0e} times as precise as that in "
            f"{wide.place}; check the interval or standard deviation of both"
        )
    mean, se = _weighted(y, v)
    q = float(((y - mean) ** 2 / v).sum())
    common = _estimate(measure, mean, se, _normal_p(mean / se))
    tau2 = tau2_of(y, v, analysis.tau2) if analysis.model == "random" and k > 1 else 0.0
    weights = 1 / (v + tau2)
    summary, low, high = _random(analysis, y, v, tau2) if analysis.model == "random" else (common, None, None)
    check(y, v, worst)
    return Pooled(
        stratum=name,
        k=k,
        participants=_participants(chosen),
        studies=tuple(_study(one, 100 * w / weights.sum()) for one, w in zip(chosen, weights, strict=True)),
        summary=summary,
        common=common,
        mantel_haenszel=_mantel_haenszel(measure, chosen, worst),
        tau2=_round(tau2),
        q=_round(q),
        q_df=k - 1,
        q_p=_round(_chi2_sf(q, k - 1)) if k > 1 else None,
        i2=_round(_i2(v, tau2, q, analysis.model)) if k > 1 else None,
        prediction_low=low,
        prediction_high=high,
    )


def _round(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")


def _estimate(measure: Measure, mean: float, se: float, p: float, multiplier: float = Z95) -> Estimate:
    return Estimate(
        estimate=_round(natural(measure, mean)),
        low=_round(natural(measure, mean - multiplier * se)),
        high=_round(natural(measure, mean + multiplier * se)),
        se=_round(se),
        p=_round(p),
    )


def _weighted(y: Array, v: Array) -> tuple[float, float]:
    """Inverse-variance mean and its standard error."""
    w = 1 / v
    return float((w * y).sum() / w.sum()), math.sqrt(1 / float(w.sum()))


def _random(analysis: Analysis, y: Array, v: Array, tau2: float) -> tuple[Estimate, float | None, float | None]:
    """Random-effects estimate and prediction interval, normal (Wald) or with t on k-1 df (Knapp & Hartung 2003).

    Knapp-Hartung of studies that all give the same effect has a standard error of 0, as in metafor: the interval has no
    width, and p is 0, or 1 if that effect is no effect. A single row has no spread and gets a Wald interval.
    """
    mean, se = _weighted(y, v + tau2)
    df, multiplier = len(y) - 1, Z95
    if analysis.interval is Interval.WALD or df == 0:
        p = _normal_p(mean / se)
    else:
        spread = float(((y - mean) ** 2 / (v + tau2)).sum()) / df if np.ptp(y) > 0 else 0.0
        se, multiplier = se * math.sqrt(spread), _t_quantile(df)
        p = _t_p(mean / se, df) if se > 0 else float(mean == 0)
    estimate = _estimate(analysis.measure, mean, se, p, multiplier)
    if len(y) < 3:
        return estimate, None, None
    wide = multiplier * math.sqrt(se**2 + tau2)
    low, high = (_round(natural(analysis.measure, limit)) for limit in (mean - wide, mean + wide))
    return estimate, low, high


def _i2(v: Array, tau2: float, q: float, model: str) -> float:
    """Higgins & Thompson 2002: from tau2 and the typical variance, or from Q under a common effect."""
    df = len(v) - 1
    if model == "common":
        return max(0.0, 100 * (q - df) / q) if q > 0 else 0.0
    w = 1 / v
    typical = df * w.sum() / (w.sum() ** 2 - (w**2).sum())
    return float(100 * tau2 / (tau2 + typical))


def _mantel_haenszel(measure: Measure, chosen: Sequence[Chosen], worst: dict[str, float]) -> Estimate | None:
    """Risk ratio (Greenland & Robins 1985) and odds ratio (Robins, Breslow & Greenland 1986), uncorrected counts."""
    rows = [one.source.row for one in chosen]
    if measure not in {Measure.RR, Measure.OR} or not all(row.has_counts for row in rows):
        return None
    a, n1, c, n2 = (
        np.array([float(getattr(row, name)) for row in rows]) for name in ("events1", "total1", "events2", "total2")
    )
    b, d, n = n1 - a, n2 - c, n1 + n2
    if measure is Measure.RR:
        r, s = (a * n2 / n).sum(), (c * n1 / n).sum()
        if r == 0 or s == 0:
            return None
        variance = ((n1 * n2 * (a + c) - a * c * n) / n**2).sum() / (r * s)
    else:
        r, s = (a * d / n).sum(), (b * c / n).sum()
        if r == 0 or s == 0:
            return None
        u, w = (a + d) / n, (b + c) / n
        variance = (
            (u * a * d / n).sum() / (2 * r**2)
            + (u * b * c / n + w * a * d / n).sum() / (2 * r * s)
            + (w * b * c / n).sum() / (2 * s**2)
        )
    mean, se = math.log(r / s), math.sqrt(variance)
    if se == 0:
        return None
    from statsmodels.stats.contingency_tables import StratifiedTable  # noqa: PLC0415

    table = StratifiedTable([np.array([[a[i], b[i]], [c[i], d[i]]]) for i in range(len(a))])
    other = table.riskratio_pooled if measure is Measure.RR else table.oddsratio_pooled
    compare(worst, r / s, float(other))
    return _estimate(measure, mean, se, _normal_p(mean / se))


def _between(measure: Measure, strata: Sequence[Pooled]) -> SubgroupTest | None:
    """Q between the strata (Borenstein et al. 2009, chapter 19), each stratum with its own tau2.

    None if a stratum has no standard error (Knapp-Hartung of studies that all give the same effect).
    """
    if any(s.summary.se == 0 for s in strata):
        return None
    shown = np.array([s.summary.estimate for s in strata])
    means = np.log(shown) if measure.is_ratio else shown
    w = np.array([1 / s.summary.se**2 for s in strata])
    mean = float((w * means).sum() / w.sum())
    q, df = float((w * (means - mean) ** 2).sum()), len(strata) - 1
    return SubgroupTest(q=_round(q), df=df, p=_round(_chi2_sf(q, df)))


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


# --- distributions and the second engine --------------------------------------------------------------------------


def _normal_p(z: float) -> float:
    return math.erfc(abs(z) / math.sqrt(2))


def _t_p(t: float, df: int) -> float:
    from scipy.special import stdtr  # noqa: PLC0415

    return float(2 * stdtr(df, -abs(t)))


def _t_quantile(df: int) -> float:
    from scipy.special import stdtrit  # noqa: PLC0415

    return float(stdtrit(df, 0.975))


def _chi2_sf(q: float, df: int) -> float:
    from scipy.special import chdtrc  # noqa: PLC0415

    return float(chdtrc(df, q))
