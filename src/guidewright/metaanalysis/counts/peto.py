"""Peto's one-step odds ratio: observed minus expected events over the hypergeometric variance (Yusuf et al. 1985)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from guidewright.metaanalysis.counts.summary import (
    LeaveOneOut,
    Summaries,
    check_level,
    leave_one_out,
    summaries,
)
from guidewright.metaanalysis.counts.tables import (
    Arms,
    Array,
    Mask,
    cells,
    check_addition,
    named_rows,
    read_arms,
)
from guidewright.metaanalysis.counts.weights import in_percent
from guidewright.metaanalysis.effects.choices import To
from guidewright.metaanalysis.notices import CannotPoolError, Notice


@dataclass(frozen=True)
class Peto:
    """A Peto analysis; the estimate is a log odds ratio. What is not defined is None, and a notice says why."""

    k: int
    """Tables, those without any event included."""
    k_informative: int
    """Tables with both events and non-events, on which everything rests (metafor ``k.pos``)."""
    estimate: float
    se: float
    z: float
    p: float
    low: float
    high: float
    q: float
    q_df: int
    q_p: float
    i2: float
    """In percent."""
    h2: float
    weights: tuple[float, ...]
    """Share of each table in percent: the hypergeometric variance of its events."""
    rows: tuple[int, ...]
    """Numbers of the tables that were pooled, from 0."""
    level: float
    add: float
    to: To
    notices: tuple[Notice, ...]


def peto(
    events1: ArrayLike,
    total1: ArrayLike,
    events2: ArrayLike,
    total2: ArrayLike,
    *,
    level: float = 0.95,
    add: float = 0.0,
    to: To = To.NONE,
) -> Peto:
    """Pool the log odds ratios of two arms by Peto's method; every array has shape (k,).

    ``add``, ``to``: an addition to the cells. None by default: the method needs none, and is meant for rare events,
    arms of similar size and small effects (Bradburn et al. 2007; Cochrane Handbook 6.5, section 10.4.2).
    Raises :class:`CannotPoolError` for impossible counts, and if no table has both events and non-events.
    """
    arms = _read((events1, total1, events2, total2), level, add)
    everything = np.ones((1, arms.k), dtype=bool)
    found, variances = _analyse(arms, everything, add, To(to), level)
    informative = variances > 0
    if not informative[0].any():
        raise CannotPoolError(
            "no table has both events and non-events, so Peto's odds ratio cannot be computed; "
            "pool the risk difference, or say that the ratio cannot be estimated."
        )
    notices = arms.notices
    if not informative[0].all():
        rows = named_rows(~informative[0], arms)
        text = f"Rows with no event in either arm, or only events, say nothing of the odds ratio: {rows}."
        notices = (*notices, Notice("double-zero", text))
    return Peto(
        k=arms.k,
        k_informative=int(informative[0].sum()),
        estimate=float(found.estimate[0]),
        se=float(found.se[0]),
        z=float(found.z[0]),
        p=float(found.p[0]),
        low=float(found.low[0]),
        high=float(found.high[0]),
        q=float(found.q[0]),
        q_df=int(found.q_df[0]),
        q_p=float(found.q_p[0]),
        i2=float(found.i2[0]),
        h2=float(found.h2[0]),
        weights=tuple(in_percent(variances[0]).tolist()),
        rows=tuple((arms.rows - 1).tolist()),
        level=level,
        add=add,
        to=To(to),
        notices=notices,
    )


def peto_leave_one_out(
    events1: ArrayLike,
    total1: ArrayLike,
    events2: ArrayLike,
    total2: ArrayLike,
    *,
    level: float = 0.95,
    add: float = 0.0,
    to: To = To.NONE,
) -> LeaveOneOut:
    """Repeat :func:`peto` without each table in turn, all at once.

    Raises :class:`CannotPoolError` with fewer than two tables.
    """
    arms = _read((events1, total1, events2, total2), level, add)
    if arms.k < 2:
        raise CannotPoolError("there is one table only; leaving one out needs two or more.")
    found, _ = _analyse(arms, ~np.eye(arms.k, dtype=bool), add, To(to), level)
    return leave_one_out(found, arms.rows, level, arms.notices)


def _read(columns: tuple[ArrayLike, ...], level: float, add: float) -> Arms:
    check_level(level)
    check_addition(add)
    return read_arms(*columns, persons=True)


def _analyse(arms: Arms, include: Mask, add: float, to: To, level: float) -> tuple[Summaries, Array]:
    """Many selections of the tables (analyses, k) at once; also the variance of the events of each, 0 where a table is
    not informative.
    """
    a, b, c, d = cells(arms, include, add=add, to=to, persons=True)
    n1, n2 = a + b, c + d
    n, events = n1 + n2, a + c
    surplus = np.where(include, a - events * n1 / n, 0.0)
    v = np.where(include, events * (b + d) * (n1 / n) * (n2 / n) / (n - 1), 0.0)
    informative = v > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        estimate = surplus.sum(axis=-1) / v.sum(axis=-1)
        se = 1 / np.sqrt(v.sum(axis=-1))
        se = np.where(np.isfinite(se), se, np.nan)
        # As the squared distances from the estimate, not as a difference of two large sums, which rounds away.
        q = np.where(informative, (surplus - v * estimate[:, None]) ** 2 / v, 0.0).sum(axis=-1)
    return summaries(estimate, se, q, informative.sum(axis=-1), level=level), v
