"""From chosen columns to the numbers of the studies, with every fault named at once."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.effects import Measure, Scale
from guidewright.metaanalysis.effects.columns import PARTS
from guidewright.metaanalysis.effects.scales import analysed
from guidewright.problems import Problem
from guidewright.tables_of_data.columns import Chosen, declared
from guidewright.tables_of_data.numbers import are_numbers, name_of, number_of, numbers
from guidewright.tables_of_data.sheet import Sheet, is_missing

Array = npt.NDArray[np.float64]
_DOMAINS = {
    Scale.LOG: ("must be above 0", "1.25"),
    Scale.LOGIT: ("must lie between 0 and 1", "0.25"),
    Scale.FISHER_Z: ("must lie between -1 and 1", "0.5"),
}


@dataclass(frozen=True)
class Studies:
    """The studies of a table; everything has one entry for each row."""

    names: tuple[str, ...]
    lines: tuple[int, ...]
    """Line of the file on which each row starts."""
    numbers: Mapping[str, Array]
    """Columns of numbers by name, NaN where missing."""
    subgroups: tuple[str | None, ...] | None
    moderators: Mapping[str, npt.NDArray[Any]]
    """By heading: numbers, or the levels of a factor as objects, None where missing."""


def studies(sheet: Sheet, chosen: Chosen, measure: Measure) -> tuple[Studies, list[Problem]]:
    """Read the chosen columns; the studies are usable only if there is no problem."""
    columns, problems = {}, []
    for name, at in chosen.places.items():
        columns[name], faults = numbers(sheet, at, declared(name))
        problems += faults
    problems += _too_large_parts(sheet, chosen, columns)
    if chosen.printed:
        problems += _impossible_estimates(sheet, chosen, columns, measure)
    moderators = {}
    for at in chosen.moderators:
        moderators[sheet.headings[at]], faults = _moderator(sheet, at)
        problems += faults
    full = {name: np.array(values) for name, values in columns.items()}
    full |= {name: np.full(len(sheet.rows), value) for name, value in chosen.constants.items()}
    labels = [str(row + 1) for row in range(len(sheet.rows))]
    if chosen.study is not None:
        labels = [name or label for name, label in zip(sheet.column(chosen.study), labels, strict=True)]
    lines = tuple(row.line for row in sheet.rows)
    groups = None if chosen.subgroup is None else _levels(sheet.column(chosen.subgroup))
    return Studies(tuple(labels), lines, full, groups, moderators), problems


def _too_large_parts(sheet: Sheet, chosen: Chosen, columns: Mapping[str, Sequence[float]]) -> list[Problem]:
    problems = []
    for part, whole in PARTS:
        if not {part, whole} <= columns.keys():
            continue
        at, other = chosen.places[part], chosen.places[whole]
        for row, (one, all_) in enumerate(zip(columns[part], columns[whole], strict=True)):
            if one > all_:
                rule = f"{name_of(sheet, at, part)} must not be larger than {name_of(sheet, other, whole)}, {all_:g}"
                step = "correct one of the two; totals count all participants, those with the event among them"
                problems.append(sheet.problem(row, at, rule, next_step=step, example=f"{all_:g}"))
    return problems


def _impossible_estimates(
    sheet: Sheet, chosen: Chosen, columns: Mapping[str, Sequence[float]], measure: Measure
) -> list[Problem]:
    """Values that the measure cannot have, and estimates outside their limits."""
    problems = []
    if "y" not in columns and measure.scale in _DOMAINS:
        domain, example = _DOMAINS[measure.scale]
        for name in ("estimate", "low", "high"):
            at = chosen.places.get(name, -1)
            scaled = analysed(measure.scale, columns.get(name, ()))
            for row in np.flatnonzero(~np.isnan(np.array(columns.get(name, ()))) & ~np.isfinite(scaled)).tolist():
                rule = f"{name_of(sheet, at, name)} {domain}, as every {measure.label}"
                step = "write it with more decimals, or leave it empty; logarithms belong in --y"
                problems.append(sheet.problem(row, at, rule, next_step=step, example=example))
    if "low" in columns:
        effect = "y" if "y" in columns else "estimate"
        rows = zip(columns[effect], columns["low"], columns["high"], strict=True)
        for row, (estimate, low, high) in enumerate(rows):
            if estimate < low or estimate > high or low > high:
                at = chosen.places[effect]
                rule = f"{name_of(sheet, at, effect)} must lie between its limits, {low:g} and {high:g}"
                problems.append(sheet.problem(row, at, rule, next_step="correct one of the three", example=f"{low:g}"))
    return problems


def _moderator(sheet: Sheet, at: int) -> tuple[npt.NDArray[Any], list[Problem]]:
    """Numbers if most cells hold numbers (the others are then problems), else levels."""
    cells = sheet.column(at)
    kinds = are_numbers(sheet, cells)
    if kinds.count(True) <= kinds.count(False):
        return np.array(_levels(cells), dtype=object), []
    values = [number_of(cell, decimal_comma=sheet.decimal_comma) for cell in cells]
    step = "correct it, or leave it empty; a factor has words for most of its levels"
    problems = [
        sheet.problem(row, at, f"`{sheet.headings[at]}` (moderator) must be a number", next_step=step, example="12")
        for row, kind in enumerate(kinds)
        if kind is False
    ]
    return np.array([math.nan if value is None else value for value in values]), problems


def _levels(cells: Sequence[str]) -> tuple[str | None, ...]:
    return tuple(None if is_missing(cell) else cell for cell in cells)
