"""The multiverse: every defensible analysis, pooled, and how many of them keep the conclusion.

Steegen et al. 2016 (Perspectives on Psychological Science 11:702); specification curve: Simonsohn, Simmons & Nelson
2020 (Nature Human Behaviour 4:1208); for meta-analysis Voracek, Kossmeier & Tran 2019 (Zeitschrift für Psychologie
227:64).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.kernels.groups import Groups
from guidewright.metaanalysis.notices import CannotPoolError, Notice
from guidewright.metaanalysis.options import Interval, Model, Tau2Method, check_share
from guidewright.metaanalysis.pooling import pool_many
from guidewright.metaanalysis.rows import Rows, effects_and_variances
from guidewright.metaanalysis.sensitivity.refits import WEIGHTED

Options = tuple[Model, Tau2Method, Interval, float]


@dataclass(frozen=True, eq=False)
class Specification:
    """One way to analyse the data."""

    y: npt.ArrayLike
    """Effects (k,) on the scale of analysis."""
    v: npt.ArrayLike
    """Variances (k,)."""
    measure: str
    """Name of the measure, for the figure; it decides nothing."""
    model: Model = Model.RANDOM
    tau2_method: Tau2Method = Tau2Method.REML
    interval: Interval = Interval.WALD
    level: float = 0.95
    excluded: frozenset[int] = frozenset()
    """Rows left out, from 0."""
    exclusions: str = ""
    """What the rows left out have in common, for the figure."""
    correlation: str = ""
    """Correlation that was assumed, for the figure."""
    null: float = 0.0
    """Effect that means no difference, on the scale of analysis."""
    mid: float | None = None
    """Minimal important difference from ``null``, on the same scale."""


class Conclusion(StrEnum):
    """What an interval says; the first that holds."""

    BELOW = "below"
    """All of it is below no effect."""
    ABOVE = "above"
    WITHIN_MID = "within-mid"
    """All of it is closer to no effect than the minimal important difference."""
    OPEN = "open"
    """It holds both no effect and effects that matter."""


@dataclass(frozen=True)
class SpecificationResult:
    """The result of one specification, on its scale of analysis."""

    number: int
    """Place of the specification in what was given, from 0."""
    k: int
    estimate: float
    se: float
    low: float
    high: float
    p: float
    tau2: float
    conclusion: Conclusion
    keeps: bool
    """Whether the conclusion is that of the main analysis."""


@dataclass(frozen=True)
class FailedSpecification:
    """A specification without a result, and why."""

    number: int
    reason: str


@dataclass(frozen=True)
class Multiverse:
    """Results from the lowest estimate to the highest: the specification curve."""

    results: tuple[SpecificationResult, ...]
    failed: tuple[FailedSpecification, ...]
    conclusion: Conclusion
    """Of the main analysis."""
    share_keeping: float
    """Share of the results that keep the conclusion, the main analysis included."""
    conclusions: dict[Conclusion, int]
    """How many results reach each conclusion."""
    median: float
    """Of the estimates; it means something where all have one scale."""
    main: int
    notices: tuple[Notice, ...]


def multiverse(specifications: Sequence[Specification], *, main: int = 0) -> Multiverse:
    """Pool every specification; those of the same options form one batch.

    ``main``: place of the main analysis, whose conclusion the others keep or not. Conclusions are compared, not
    estimates, so that specifications may differ in their scale. A specification that cannot be pooled is listed in
    ``failed`` with the reason, and does not count.

    Raises :class:`CannotPoolError` without specifications, or if the main analysis cannot be pooled.
    """
    if not 0 <= main < len(specifications):
        raise CannotPoolError(f"`main` is {main}, and there are {len(specifications)} specifications")
    batches: dict[Options, list[tuple[int, Rows]]] = {}
    failed: list[FailedSpecification] = []
    notices: dict[Notice, None] = {}
    for number, one in enumerate(specifications):
        try:
            rows = _rows(one)
        except CannotPoolError as problem:
            failed.append(FailedSpecification(number, str(problem)))
            continue
        notices |= dict.fromkeys(rows.notices)
        batches.setdefault((one.model, one.tau2_method, one.interval, one.level), []).append((number, rows))
    found: dict[int, SpecificationResult] = {}
    for options, batch in batches.items():
        for result in _pooled(specifications, options, batch):
            if isinstance(result, FailedSpecification):
                failed.append(result)
            else:
                found[result.number] = result
    if main not in found:
        reason = next(one.reason for one in failed if one.number == main)
        raise CannotPoolError(f"the main analysis (specification {main + 1}) cannot be pooled: {reason}")
    conclusion = found[main].conclusion
    ordered = sorted(found.values(), key=lambda one: (one.estimate, one.number))
    results = tuple(replace(one, keeps=one.conclusion is conclusion) for one in ordered)
    if failed:
        text = f"{len(failed)} of {len(specifications)} specifications cannot be pooled and do not count"
        notices[Notice("specifications-failed", text)] = None
    return Multiverse(
        results=results,
        failed=tuple(sorted(failed, key=lambda one: one.number)),
        conclusion=conclusion,
        share_keeping=sum(one.keeps for one in results) / len(results),
        conclusions={each: sum(one.conclusion is each for one in results) for each in Conclusion},
        median=float(np.median([one.estimate for one in results])),
        main=main,
        notices=tuple(notices),
    )


def _rows(one: Specification) -> Rows:
    """The studies of a specification, or :class:`CannotPoolError`."""
    check_share("level", one.level)
    if one.tau2_method in WEIGHTED:
        raise CannotPoolError(f"{one.tau2_method} needs weights; choose another estimator")
    if one.mid is not None and not one.mid > 0:
        raise CannotPoolError(f"`mid` is {one.mid:g}, and must be above 0")
    size = np.size(one.y)
    wrong = [row for row in sorted(one.excluded) if not 0 <= row < size]
    if wrong:
        raise CannotPoolError(f"`excluded` names row {wrong[0] + 1}, and there are {size}")
    rows = effects_and_variances(one.y, one.v)
    kept = ~np.isin(rows.kept, list(one.excluded))
    if not kept.any():
        raise CannotPoolError("no rows are left after the exclusions")
    return Rows(rows.y[kept], rows.v[kept], rows.kept[kept], rows.notices)


def _pooled(
    specifications: Sequence[Specification], options: Options, batch: list[tuple[int, Rows]]
) -> list[SpecificationResult | FailedSpecification]:
    """All specifications of the same options at once."""
    model, tau2_method, interval, level = options
    found = pool_many(
        np.concatenate([rows.y for _, rows in batch]),
        np.concatenate([rows.v for _, rows in batch]),
        Groups.of_sizes([len(rows.y) for _, rows in batch]),
        model=model,
        tau2_method=tau2_method,
        interval=interval,
        level=level,
    )
    results: list[SpecificationResult | FailedSpecification] = []
    for i, (number, rows) in enumerate(batch):
        if not found.converged[i]:
            results.append(FailedSpecification(number, f"the search for tau2 by {tau2_method} did not converge"))
            continue
        low, high = float(found.low[i]), float(found.high[i])
        results.append(
            SpecificationResult(
                number=number,
                k=len(rows.y),
                estimate=float(found.estimate[i]),
                se=float(found.se[i]),
                low=low,
                high=high,
                p=float(found.p[i]),
                tau2=float(found.tau2[i]),
                conclusion=_conclusion(low, high, specifications[number]),
                keeps=False,
            )
        )
    return results


def _conclusion(low: float, high: float, one: Specification) -> Conclusion:
    if high < one.null:
        return Conclusion.BELOW
    if low > one.null:
        return Conclusion.ABOVE
    if one.mid is not None and one.null - one.mid < low and high < one.null + one.mid:
        return Conclusion.WITHIN_MID
    return Conclusion.OPEN
