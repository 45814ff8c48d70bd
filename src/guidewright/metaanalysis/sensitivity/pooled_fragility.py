"""Fragility index of a meta-analysis (Atal et al. 2019, Journal of Clinical Epidemiology 111:32)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.counts.tables import Arms, CountMeasure, effects, read_arms
from guidewright.metaanalysis.kernels.groups import Array, Groups
from guidewright.metaanalysis.notices import CannotPoolError, Notice
from guidewright.metaanalysis.options import Interval, Model, Tau2Method, by_name, check_share
from guidewright.metaanalysis.pooling import pool_many
from guidewright.metaanalysis.sensitivity.refits import WEIGHTED


class Verdict(StrEnum):
    """On which side of no effect the interval lies."""

    BELOW = "below"
    """Below no effect: fewer events in the first arm."""
    ABOVE = "above"
    NOT_SIGNIFICANT = "not-significant"
    """It holds no effect."""


@dataclass(frozen=True)
class Change:
    """A patient whose outcome was changed."""

    row: int
    """Row of the table, from 0."""
    arm: int
    """1 or 2."""
    events: int
    """1: an event where there was none; -1: none where there was one."""


@dataclass(frozen=True)
class PooledFragility:
    """How far a meta-analysis is from another verdict; estimates are on the scale of analysis."""

    index: int | None
    """Number of changes; None where no changes of this kind turn the verdict."""
    quotient: float | None
    """``index`` by the number of patients."""
    verdict: Verdict
    """Before the changes. ``not-significant`` makes the index a reverse one."""
    verdict_changed: Verdict | None
    """``not-significant`` also where the changes leave no table that tells of the measure."""
    changes: tuple[Change, ...]
    """In the order in which they were made."""
    estimate: float
    low: float
    high: float
    estimate_changed: float | None
    low_changed: float | None
    high_changed: float | None
    measure: CountMeasure
    model: Model
    tau2_method: Tau2Method | None
    interval: Interval
    level: float
    add: float
    notices: tuple[Notice, ...]


@by_name()
def pooled_fragility(
    measure: CountMeasure,
    events1: npt.ArrayLike,
    total1: npt.ArrayLike,
    events2: npt.ArrayLike,
    total2: npt.ArrayLike,
    *,
    model: Model = Model.RANDOM,
    tau2_method: Tau2Method = Tau2Method.REML,
    interval: Interval = Interval.WALD,
    level: float = 0.95,
    add: float = 0.5,
) -> PooledFragility:
    """Change outcomes one by one, each time the one that moves the interval's limit most, until the verdict turns.

    Arrays (k,): one table for each trial. Tables are pooled by inverse variance; ``add`` goes to all cells of tables
    with an empty cell; tables with no event in either arm (or only events) are left out for OR and RR, and come in
    when a change makes them speak. A significant result is moved towards no effect; another one in both directions,
    and the shorter way counts. The search is the step-by-step one of Atal et al.: a set of fewer changes is possible
    where single steps do not lead to it, so that the index is an upper bound of the smallest number.

    Raises :class:`CannotPoolError` for impossible counts, and measures other than OR, RR and RD.
    """
    measure = CountMeasure(measure)
    if not measure.of_persons:
        raise CannotPoolError(f"{measure} has no patients whose outcome could change; use OR, RR or RD")
    if tau2_method in WEIGHTED:
        raise CannotPoolError(f"{tau2_method} needs weights, which change with the events; choose another estimator")
    check_share("level", level)
    arms = read_arms(events1, total1, events2, total2, persons=True)
    search = _Search(arms, measure, model, tau2_method, interval, level, add)
    start = np.stack([arms.events1, arms.events2])
    estimate, low, high = (float(x[0]) for x in search.pooled(start[None]))
    if not np.isfinite(estimate):
        raise CannotPoolError(f"no table tells anything of the {measure}: events must differ from none and from all")
    verdict = _verdict(low, high)
    directions = {Verdict.BELOW: (1,), Verdict.ABOVE: (-1,), Verdict.NOT_SIGNIFICANT: (-1, 1)}[verdict]
    ways = [way for way in (search.run(start, direction, verdict) for direction in directions) if way is not None]
    best = min(ways, key=lambda way: len(way.changes), default=None)
    text = "no single changes of outcomes turn the verdict of the meta-analysis; the index is not defined"
    notices = arms.notices if best else (*arms.notices, Notice("index-undefined", text))
    patients = float(arms.size1.sum() + arms.size2.sum())
    return PooledFragility(
        index=len(best.changes) if best else None,
        quotient=len(best.changes) / patients if best else None,
        verdict=verdict,
        verdict_changed=_verdict(best.low, best.high) if best else None,
        changes=tuple(best.changes) if best else (),
        estimate=estimate,
        low=low,
        high=high,
        estimate_changed=best.estimate if best and np.isfinite(best.estimate) else None,
        low_changed=best.low if best and np.isfinite(best.low) else None,
        high_changed=best.high if best and np.isfinite(best.high) else None,
        measure=measure,
        model=model,
        tau2_method=tau2_method if model is Model.RANDOM else None,
        interval=interval,
        level=level,
        add=add,
        notices=notices,
    )


@dataclass(frozen=True)
class _Way:
    changes: list[Change]
    estimate: float
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class _Search:
    arms: Arms
    measure: CountMeasure
    model: Model
    tau2_method: Tau2Method
    interval: Interval
    level: float
    add: float

    def run(self, events: Array, direction: int, verdict: Verdict) -> _Way | None:
        """Raise (direction 1) or lower the effect until the verdict is another one."""
        changes: list[Change] = []
        while True:
            tables, made = self._one_change_more(events, direction)
            if not made:
                return None
            estimate, low, high = self.pooled(tables)
            # the limit that has to cross no effect
            limit = high if (verdict is Verdict.NOT_SIGNIFICANT) == (direction < 0) else low
            best = int(np.argmax(direction * limit))
            changes.append(made[best])
            events = tables[best]
            if _verdict(low[best], high[best]) is not verdict:
                return _Way(changes, float(estimate[best]), float(low[best]), float(high[best]))

    def _one_change_more(self, events: Array, direction: int) -> tuple[Array, list[Change]]:
        """Every table with one change in the direction (candidates, 2, k), and the changes."""
        totals = np.stack([self.arms.size1, self.arms.size2])
        step = np.array([[direction], [-direction]])
        arm, study = np.nonzero((events + step >= 0) & (events + step <= totals))
        tables = np.repeat(events[None], len(arm), axis=0)
        tables[np.arange(len(arm)), arm, study] += step[arm, 0]
        rows = self.arms.rows[study] - 1
        made = [Change(int(r), int(a) + 1, int(step[a, 0])) for r, a in zip(rows, arm, strict=True)]
        return tables, made

    def pooled(self, events: Array) -> tuple[Array, Array, Array]:
        """Estimates and intervals (B,) of events (B, 2, k): no table to pool gives an endless interval."""
        a, c = events[:, 0], events[:, 1]
        b, d = self.arms.size1 - a, self.arms.size2 - c
        more = self.add * ((a == 0) | (b == 0) | (c == 0) | (d == 0))
        y, v = effects(self.measure, a + more, b + more, c + more, d + more)
        usable = np.isfinite(y) & np.isfinite(v) & (v > 0)
        if self.measure is not CountMeasure.RD:
            usable &= ~(((a == 0) & (c == 0)) | ((b == 0) & (d == 0)))
        some = usable.any(axis=1)
        estimate, low, high = np.full(len(a), np.nan), np.full(len(a), -np.inf), np.full(len(a), np.inf)
        if some.any():
            found = pool_many(
                y[usable],
                v[usable],
                Groups.of_sizes(usable.sum(axis=1)[some]),
                model=self.model,
                tau2_method=self.tau2_method,
                interval=self.interval,
                level=self.level,
            )
            if not found.converged.all():
                raise CannotPoolError(f"the search for tau2 by {self.tau2_method} did not converge; choose another")
            estimate[some], low[some], high[some] = found.estimate, found.low, found.high
        return estimate, low, high


def _verdict(low: float, high: float) -> Verdict:
    if high < 0:
        return Verdict.BELOW
    return Verdict.ABOVE if low > 0 else Verdict.NOT_SIGNIFICANT
