"""Results by study, for reports, figures and programs; and the whole as plain data."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from typing import Any

import numpy as np

from guidewright.metaanalysis.effects import Family
from guidewright.metaanalysis.sensitivity.leave_one_out import LeaveOneOut
from guidewright.tables_of_data.analysis import Analysis

#: Fields that repeat the table, or only serve to go on computing.
NOT_SHOWN = frozenset({"design", "columns", "y", "v"})
_LEFT_OUT = ("estimate", "se", "p", "low", "high", "tau2", "q", "q_df", "q_p", "i2", "h2")


@dataclass(frozen=True)
class StudyResult:
    """A row of the table; None where it has no effect."""

    row: int
    """Counted from 1, below the headings."""
    name: str
    data: tuple[str, ...]
    """The numbers of each group as text; none where effects are given."""
    estimate: float | None
    """Natural scale."""
    low: float
    high: float
    weight: float | None
    """In percent."""


def study_results(analysis: Analysis) -> list[StudyResult]:
    """Every row in its order, those that were left out too."""
    estimates, lows, highs = analysis.effects.intervals(level=analysis.options.level)
    return [
        StudyResult(
            row + 1,
            analysis.studies.names[row],
            _data(analysis, row),
            plain(float(estimates[row])),
            float(lows[row]),
            float(highs[row]),
            plain(float(analysis.weights[row])),
        )
        for row in range(len(analysis.studies.names))
    ]


def left_out(analysis: Analysis) -> list[dict[str, float | None]]:
    """The result without each row in turn, by the number of the row (from 1), on the scale of analysis."""
    found = analysis.leave_one_out
    if found is None:
        return []
    values = found.results if isinstance(found, LeaveOneOut) else found
    rows = [row + 1 for row in found.rows] if isinstance(found, LeaveOneOut) else list(found.rows)
    names = [name for name in _LEFT_OUT if hasattr(values, name)]
    return [
        {"row": row, **{name: plain(float(getattr(values, name)[place])) for name in names}}
        for place, row in enumerate(rows)
    ]


def data_of(analysis: Analysis) -> dict[str, Any]:
    """Everything as plain data, numbers not rounded; effects on the scale of analysis unless under ``natural``."""
    studies, pooled = analysis.studies, analysis.pooled
    limits = ("estimate", "low", "high", "prediction_low", "prediction_high")
    hidden = {"weights", "rows", "notices", "options"}
    return {
        "options": plain(analysis.options) | {"measure": analysis.measure.value, "scale": analysis.measure.scale.value},
        "choices_of_effects": plain(analysis.effects.choices),
        "studies": [
            {
                "row": one.row,
                "line": studies.lines[one.row - 1],
                "study": one.name,
                "subgroup": None if studies.subgroups is None else studies.subgroups[one.row - 1],
                "moderators": {name: plain(values[one.row - 1]) for name, values in studies.moderators.items()},
                "numbers": {name: plain(values[one.row - 1]) for name, values in studies.numbers.items()},
                "y": plain(analysis.effects.y[one.row - 1]),
                "v": plain(analysis.effects.v[one.row - 1]),
                "natural": {"estimate": one.estimate, "low": plain(one.low), "high": plain(one.high)},
                "weight": one.weight,
            }
            for one in study_results(analysis)
        ],
        "pooled": {name: value for name, value in plain(pooled).items() if name not in hidden}
        | {"natural": {name: analysis.natural(getattr(pooled, name, None)) for name in limits}},
        "heterogeneity_interval": plain(analysis.heterogeneity),
        "subgroups": plain(analysis.subgroups),
        "meta_regression": plain(analysis.regression),
        "leave_one_out": left_out(analysis) if analysis.leave_one_out is not None else None,
        "egger": plain(analysis.egger),
        "notices": plain(analysis.notices),
    }


def plain(value: Any) -> Any:
    """A value as JSON has it: mappings, lists, unrounded numbers; what is not a finite number is null."""
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value) if one.name not in NOT_SHOWN}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, np.ndarray | np.generic):
        return plain(value.tolist())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value


def _data(analysis: Analysis, row: int) -> tuple[str, ...]:
    numbers = {name: values[row] for name, values in analysis.studies.numbers.items()}
    if "estimate" in numbers or "y" in numbers:
        return ()
    match analysis.measure.family:
        case Family.TWO_BY_TWO:
            return tuple(f"{_n(numbers[f'events{g}'])}/{_n(numbers[f'total{g}'])}" for g in (1, 2))
        case Family.TWO_RATES:
            return tuple(f"{_n(numbers[f'events{g}'])}/{_n(numbers[f'time{g}'])}" for g in (1, 2))
        case Family.TWO_MEANS if all(f"{name}{g}" in numbers for name in ("mean", "sd", "n") for g in (1, 2)):
            return tuple(f"{_n(numbers[f'mean{g}'])} ({_n(numbers[f'sd{g}'])}), {_n(numbers[f'n{g}'])}" for g in (1, 2))
        case Family.PROPORTION:
            return (f"{_n(numbers['events'])}/{_n(numbers['total'])}",)
        case Family.RATE:
            return (f"{_n(numbers['events'])}/{_n(numbers['time'])}",)
        case _:
            return ()


def _n(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.10g}"
