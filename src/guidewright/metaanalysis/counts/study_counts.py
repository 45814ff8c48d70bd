"""The counts that a generalised linear mixed model is fitted to, checked, and the choices of measure and model."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from guidewright.metaanalysis.counts.tables import (
    Arms,
    Array,
    CountMeasure,
    cells,
    check_counts,
    effects,
    read_arms,
    read_columns,
    without_double_zero,
)
from guidewright.metaanalysis.effects.choices import To
from guidewright.metaanalysis.notices import CannotPoolError, Notice
from guidewright.metaanalysis.options import Interval

INSTEAD = "Pool the difference by Mantel-Haenszel, or say that it cannot be estimated."


class GlmmMeasure(StrEnum):
    """What a generalised linear mixed model estimates."""

    OR = "OR"
    """Log odds ratio of two arms."""
    IRR = "IRR"
    """Log incidence rate ratio of two arms."""
    PLO = "PLO"
    """Logit of the proportion in one group."""
    IRLN = "IRLN"
    """Log incidence rate of one group."""

    @property
    def of_persons(self) -> bool:
        """Whether the sizes are persons; else they are person-time."""
        return self in {GlmmMeasure.OR, GlmmMeasure.PLO}

    @property
    def arms(self) -> int:
        """How many arms a study has."""
        return 2 if self in {GlmmMeasure.OR, GlmmMeasure.IRR} else 1


class GlmmModel(StrEnum):
    """How the level of risk in each study is dealt with; only for measures of two arms."""

    UM_FS = "UM.FS"
    """Unconditional, a fixed effect for each study."""
    UM_RS = "UM.RS"
    """Unconditional, a normal random effect of the studies, independent of the treatment's."""
    CM_EL = "CM.EL"
    """Conditional on the total of events, exact likelihood: noncentral hypergeometric (OR), binomial (IRR)."""
    CM_AL = "CM.AL"
    """Conditional, approximate likelihood: binomial (OR). For rare events."""


@dataclass(frozen=True)
class Counts:
    """Events and sizes (persons or person-time), each of shape (k, arms)."""

    events: Array
    sizes: Array
    rows: NDArray[np.int64]
    """Number of each study's row in the input, counted from 1."""
    notices: tuple[Notice, ...]


def choices(measure: GlmmMeasure | str, model: GlmmModel | str) -> tuple[GlmmMeasure, GlmmModel]:
    """The measure and model of that name."""
    if measure not in tuple(GlmmMeasure):
        raise CannotPoolError(f"measure is {measure}, and must be one of {', '.join(GlmmMeasure)}.")
    if model not in tuple(GlmmModel):
        raise CannotPoolError(f"model is {model}, and must be one of {', '.join(GlmmModel)}.")
    measure, model = GlmmMeasure(measure), GlmmModel(model)
    if measure is GlmmMeasure.IRR and model is GlmmModel.CM_AL:  # the binomial is exact for rates
        model = GlmmModel.CM_EL
    return measure, model


def check_options(
    measure: GlmmMeasure,
    model: GlmmModel,
    interval: Interval,
    coding: float,
    points: int | None,
    *,
    drop_double_zero: bool,
) -> None:
    """Raise :class:`CannotPoolError` for choices that do not go together."""
    if interval not in {Interval.WALD, Interval.T}:
        raise CannotPoolError(f"interval is {interval}, which has no meaning for a likelihood; use wald or t.")
    if coding not in {0, 0.5, 1}:
        raise CannotPoolError(f"coding is {coding:g}, and must be 0.5, 1 or 0.")
    if points is not None and not 1 <= points <= 100:
        raise CannotPoolError(f"points is {points}, and must lie between 1 (Laplace) and 100.")
    if not drop_double_zero and (measure.arms == 1 or model is not GlmmModel.UM_RS):
        raise CannotPoolError(
            "drop_double_zero=False is for UM.RS only: the other models learn nothing from such studies."
        )


def read_counts(measure: GlmmMeasure, columns: tuple[ArrayLike | None, ...], *, drop_double_zero: bool) -> Counts:
    """Check the counts and drop what a model cannot use, with notices.

    Raises :class:`CannotPoolError` for impossible counts.
    """
    persons = measure.of_persons
    if measure.arms == 1:
        if columns[2] is not None or columns[3] is not None:
            raise CannotPoolError(f"{measure} pools one group; leave out events2 and size2, or choose OR or IRR.")
        names = ("events1", "total1" if persons else "time1")
        (events, size), rows, notices = read_columns(dict(zip(names, columns[:2], strict=True)))  # type: ignore[arg-type]
        check_counts(events, size, names, rows, persons=persons)
        return Counts(events[:, None], size[:, None], rows, notices)
    if columns[2] is None or columns[3] is None:
        raise CannotPoolError(f"{measure} compares two arms; give events2 and size2, or choose PLO or IRLN.")
    arms = read_arms(*columns, persons=persons)  # type: ignore[arg-type]
    if drop_double_zero:
        arms = without_double_zero(arms, persons=persons)
    events, sizes = np.column_stack([arms.events1, arms.events2]), np.column_stack([arms.size1, arms.size2])
    return Counts(events, sizes, arms.rows, arms.notices)


def check_finite(measure: GlmmMeasure, model: GlmmModel, counts: Counts) -> None:
    """Raise :class:`CannotPoolError` if the estimate would be infinite, or the model needs whole numbers."""
    y, n = counts.events, counts.sizes
    totals = [("no event", y.sum(axis=0))]
    if measure.of_persons and not (measure is GlmmMeasure.OR and model is GlmmModel.CM_AL):
        totals.append(("nothing but events", (n - y).sum(axis=0)))
    for said, total in totals:
        for arm in np.flatnonzero(total == 0):
            where = f"arm {arm + 1} has" if measure.arms == 2 else "the group has"
            raise CannotPoolError(f"{where} {said} in any study, so the {measure} has no finite estimate. {INSTEAD}")
    if measure is not GlmmMeasure.OR or model not in {GlmmModel.UM_FS, GlmmModel.CM_EL}:
        return
    events = y.sum(axis=1)
    least, most = np.maximum(0, events - n[:, 1]), np.minimum(n[:, 0], events)
    if (y[:, 0] == least).all() or (y[:, 0] == most).all():
        raise CannotPoolError(
            f"in every table all events (or non-events) fall to one arm: the OR has no finite estimate. {INSTEAD}"
        )
    if model is GlmmModel.CM_EL:
        for name, column in (("events", y), ("total", n)):
            broken = (column != np.floor(column)).any(axis=1)
            if broken.any():
                row = counts.rows[np.flatnonzero(broken)[0]]
                raise CannotPoolError(
                    f"row {row}: {name} must be whole numbers for CM.EL; use UM.FS or CM.AL for others."
                )


def typical_variance(measure: GlmmMeasure, counts: Counts) -> float | None:
    """Of the studies' own effects, 1/2 added where a cell is empty; None with one study (Higgins & Thompson 2002)."""
    k = len(counts.rows)
    if k < 2:
        return None
    y, n = counts.events, counts.sizes
    if measure.arms == 2:
        arms = Arms(y[:, 0], n[:, 0], y[:, 1], n[:, 1], counts.rows, ())
        every = np.ones((1, k), dtype=bool)
        table = cells(arms, every, add=0.5, to=To.ONLY_ZERO, persons=measure.of_persons)
        w = 1 / effects(CountMeasure(measure.value), *table)[1]
    else:
        parts = np.column_stack([y, n - y]) if measure.of_persons else y
        w = 1 / (1 / (parts + 0.5 * (parts == 0).any(axis=1, keepdims=True))).sum(axis=1)
    return float((k - 1) / (w.sum() - (w**2).sum() / w.sum()))
