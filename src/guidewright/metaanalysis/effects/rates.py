"""Events over person-time, in two groups or in one.

Sources: Rothman, Greenland & Lash 2008 (Modern Epidemiology, chapter 14) for IRR, IRD, IR and IRLN; Freeman & Tukey
1950 (Ann Math Stat 21:607) for the square roots.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from guidewright.metaanalysis.effects.choices import Choices, VarianceType
from guidewright.metaanalysis.effects.computed import Array, Columns, Computed, Formula, Mask, rows_to_correct
from guidewright.metaanalysis.effects.measure import Measure

_EVENTS = ("events1", "events2", "events")


def compute(measure: Measure, columns: Columns, choices: Choices) -> Computed:
    """Effects with the constant added to the events (not to the time) of the chosen rows."""
    counts = [name for name in _EVENTS if name in columns]
    empty = np.logical_or.reduce([columns[name] == 0 for name in counts])
    corrected = rows_to_correct(empty, choices)
    added = {name: columns[name] + choices.add * corrected for name in counts}
    y, v = FORMULAS[measure]({**columns, **added}, choices.variance)
    return Computed(y, v, corrected)


def double_zero(columns: Columns) -> Mask:
    """Rows without events in both groups."""
    return np.asarray((columns["events1"] == 0) & (columns["events2"] == 0), dtype=np.bool_)


def _rate_ratio(columns: Columns, _variance: VarianceType) -> tuple[Array, Array]:
    x1, t1, x2, t2 = (columns[name] for name in ("events1", "time1", "events2", "time2"))
    return np.log(x1 / t1) - np.log(x2 / t2), 1 / x1 + 1 / x2


def _rate_difference(columns: Columns, _variance: VarianceType) -> tuple[Array, Array]:
    x1, t1, x2, t2 = (columns[name] for name in ("events1", "time1", "events2", "time2"))
    return x1 / t1 - x2 / t2, x1 / t1**2 + x2 / t2**2


def _root_difference(columns: Columns, _variance: VarianceType) -> tuple[Array, Array]:
    x1, t1, x2, t2 = (columns[name] for name in ("events1", "time1", "events2", "time2"))
    return np.sqrt(x1 / t1) - np.sqrt(x2 / t2), 1 / (4 * t1) + 1 / (4 * t2)


def _rate(columns: Columns, _variance: VarianceType) -> tuple[Array, Array]:
    x, t = columns["events"], columns["time"]
    return x / t, x / t**2


def _log_rate(columns: Columns, _variance: VarianceType) -> tuple[Array, Array]:
    x, t = columns["events"], columns["time"]
    return np.log(x / t), 1 / x


def _root_rate(columns: Columns, _variance: VarianceType) -> tuple[Array, Array]:
    x, t = columns["events"], columns["time"]
    return np.sqrt(x / t), 1 / (4 * t)


def _freeman_tukey(columns: Columns, _variance: VarianceType) -> tuple[Array, Array]:
    x, t = columns["events"], columns["time"]
    return (np.sqrt(x / t) + np.sqrt((x + 1) / t)) / 2, 1 / (4 * t)


FORMULAS: Mapping[Measure, Formula] = {
    Measure.IRR: _rate_ratio,
    Measure.IRD: _rate_difference,
    Measure.IRSD: _root_difference,
    Measure.IR: _rate,
    Measure.IRLN: _log_rate,
    Measure.IRS: _root_rate,
    Measure.IRFT: _freeman_tukey,
}
