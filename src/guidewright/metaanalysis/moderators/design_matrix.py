"""From declared moderators and columns of data to the design matrix of a meta-regression."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.moderators.moderator import (
    Factor,
    Interaction,
    Moderator,
    Numeric,
    Polynomial,
    Simple,
    Spline,
)
from guidewright.metaanalysis.notices import CannotPoolError, Notice

Array = npt.NDArray[np.float64]
Data = Mapping[str, npt.ArrayLike]

INTERCEPT = "intercept"

#: Quantiles at which knots are placed (Harrell 2001, Regression Modeling Strategies, table 2.3).
HARRELL_QUANTILES: Mapping[int, tuple[float, ...]] = MappingProxyType(
    {
        3: (0.1, 0.5, 0.9),
        4: (0.05, 0.35, 0.65, 0.95),
        5: (0.05, 0.275, 0.5, 0.725, 0.95),
        6: (0.05, 0.23, 0.41, 0.59, 0.77, 0.95),
        7: (0.025, 0.1833, 0.3417, 0.5, 0.6583, 0.8167, 0.975),
    }
)


@dataclass(frozen=True)
class DesignMatrix:
    """Columns of a meta-regression, with all that is needed to make the same columns from other data."""

    moderators: tuple[Moderator, ...]
    """As declared, with reference levels and knots that the data decided filled in."""
    names: tuple[str, ...]
    """Readable name of each column."""
    terms: tuple[tuple[str, tuple[int, ...]], ...]
    """Name of each moderator and the places of its columns."""
    matrix: Array
    """``(k, p)``, read-only; NaN in the rows where a moderator is missing."""
    intercept: bool
    typical: Mapping[str, float | str]
    """For each column of the data its mean, or the reference level."""
    data: Mapping[str, npt.NDArray[Any]] = field(repr=False)
    """The columns of the data that were used: numbers, or levels with None where missing."""
    notices: tuple[Notice, ...] = ()

    def at(self, values: Data) -> Array:
        """Columns for other values of the moderators: one row for each value, single values repeated.

        A column that is not given keeps its typical value.

        Raises :class:`CannotPoolError` for unknown columns or levels.
        """
        if unknown := [name for name in values if name not in self.typical]:
            raise CannotPoolError(f"`{unknown[0]}` is no moderator here; there are {', '.join(self.typical)}")
        sizes = {name: np.atleast_1d(np.asarray(value, dtype=object)).size for name, value in values.items()}
        rows = max(sizes.values(), default=1)
        if odd := [name for name, size in sizes.items() if size not in {1, rows}]:
            raise CannotPoolError(f"`{odd[0]}` has {sizes[odd[0]]} values where another moderator has {rows}")
        full = {
            name: np.resize(np.atleast_1d(np.asarray(values.get(name, typical), dtype=object)), rows)
            for name, typical in self.typical.items()
        }
        columns = [column for moderator in self.moderators for _name, column in _columns(moderator, full)]
        ones = [np.ones(rows)] if self.intercept else []
        return np.column_stack([*ones, *columns]) if ones or columns else np.empty((rows, 0))


def design_matrix(moderators: Sequence[Moderator], data: Data, *, intercept: bool = True) -> DesignMatrix:
    """Columns ``(k, p)`` for the moderators, the intercept first.

    ``data`` maps headings to columns of one length: a DataFrame, or a dictionary of arrays or lists. Raises
    :class:`CannotPoolError` where a column is missing, is not a number in some row, or holds an undeclared level.
    """
    resolved = tuple(_resolved(moderator, data) for moderator in moderators)
    names, columns = ([INTERCEPT], []) if intercept else ([], [])
    terms: list[tuple[str, tuple[int, ...]]] = []
    for moderator in resolved:
        made = _columns(moderator, data)
        terms.append((_term_name(moderator), tuple(range(len(names), len(names) + len(made)))))
        names += [name for name, _column in made]
        columns += [column for _name, column in made]
    if repeated := [name for name in names if names.count(name) > 1]:
        raise CannotPoolError(f"two moderators make the column `{repeated[0]}`; declare it once")
    if len(sizes := {len(column) for column in columns}) > 1:
        raise CannotPoolError(f"the columns of the moderators must have the same number of rows; found {sorted(sizes)}")
    ones = [np.ones(sizes.pop())] if intercept and sizes else []
    matrix = np.column_stack([*ones, *columns]) if columns else np.empty((0, len(names)))
    matrix.setflags(write=False)
    used = {column: _raw(simple, data) for simple in _simple(resolved) for column in [simple.column]}
    typical = {simple.column: _typical(simple, used[simple.column]) for simple in _simple(resolved)}
    return DesignMatrix(
        resolved,
        tuple(names),
        tuple(terms),
        matrix,
        intercept,
        MappingProxyType(typical),
        MappingProxyType(used),
        _lone_interactions(resolved),
    )


def moderators_of(data: Data) -> tuple[Moderator, ...]:
    """A moderator for each column: numbers as numbers, anything else as a factor."""
    return tuple(Numeric(column=name) if _is_numeric(data[name]) else Factor(column=name) for name in data)


def spline_columns(x: Array, knots: Sequence[float]) -> list[Array]:
    """Restricted cubic spline of x ``(k,)``: x itself and one column for each knot but two (Harrell 2001, 2.4.5).

    Divided by the squared distance of the outer knots, so that all columns have the unit of x.
    """
    first, *_rest, before, last = knots
    columns = [x]
    for knot in knots[:-2]:
        cube = _cube(x - knot) - _cube(x - before) * (last - knot) / (last - before)
        columns.append((cube + _cube(x - last) * (before - knot) / (last - before)) / (last - first) ** 2)
    return columns


def _cube(x: Array) -> Array:
    cubed: Array = np.maximum(x, 0.0) ** 3
    return cubed


def _is_numeric(values: npt.ArrayLike) -> bool:
    array = np.asarray(values)
    if array.dtype.kind == "O":
        return all(value is None or isinstance(value, int | float | np.number) for value in array.tolist())
    return array.dtype.kind in "biuf"


def _resolved(moderator: Moderator, data: Data) -> Moderator:
    """The moderator with what the data decide filled in."""
    if isinstance(moderator, Interaction):
        one, other = moderator.of
        return replace(moderator, of=(_resolved_part(one, data), _resolved_part(other, data)))
    return _resolved_part(moderator, data)


def _resolved_part(moderator: Simple, data: Data) -> Simple:
    if isinstance(moderator, Factor):
        found = [level for level in _levels(moderator.column, data) if level is not None]
        levels = moderator.levels or tuple(sorted(set(found)))
        if not levels:
            raise CannotPoolError(f"`{moderator.column}` holds no level in any row")
        reference = moderator.reference if moderator.reference is not None else levels[0]
        if reference not in levels:
            raise CannotPoolError(
                f"the reference level {reference} of `{moderator.column}` is in no row; there are {', '.join(levels)}"
            )
        return replace(moderator, levels=levels, reference=reference)
    if isinstance(moderator, Spline) and moderator.knots is None:
        x = _numbers(moderator.column, data)
        knots = np.quantile(x[np.isfinite(x)], HARRELL_QUANTILES[moderator.number_of_knots])
        if (np.diff(knots) <= 0).any():
            raise CannotPoolError(
                f"`{moderator.column}` has too many equal values for {moderator.number_of_knots} knots; "
                "give fewer, or their places as `knots`"
            )
        return replace(moderator, knots=tuple(knots.tolist()))
    return moderator


def _columns(moderator: Moderator, data: Data) -> list[tuple[str, Array]]:
    """Name and values of each column that a resolved moderator makes."""
    if isinstance(moderator, Interaction):
        one, other = (_columns(part, data) for part in moderator.of)
        return [(f"{a} × {b}", x * z) for b, z in other for a, x in one]
    if isinstance(moderator, Factor):
        return _factor_columns(moderator, data)
    x = _numbers(moderator.column, data)
    if isinstance(moderator, Spline):
        made = spline_columns(x, moderator.knots or ())
        return [(moderator.column if i == 0 else f"{moderator.column} (spline {i})", made[i]) for i in range(len(made))]
    name = moderator.column
    if moderator.centre is not None:
        x = x - moderator.centre
        name = f"({name} {'-' if moderator.centre >= 0 else '+'} {abs(moderator.centre):g})"
    if isinstance(moderator, Polynomial):
        return [(name if n == 1 else f"{name}^{n}", x**n) for n in range(1, moderator.degree + 1)]
    return [(name, x) if moderator.per == 1 else (f"{name} per {moderator.per:g}", x / moderator.per)]


def _factor_columns(factor: Factor, data: Data) -> list[tuple[str, Array]]:
    levels, found = factor.levels or (), _levels(factor.column, data)
    for row, level in enumerate(found):
        if level is not None and level not in levels:
            raise CannotPoolError(f"`{factor.column}` is {level} in row {row + 1}; its levels are {', '.join(levels)}")
    missing = np.array([level is None for level in found])
    return [
        (
            f"{factor.column} = {level}",
            np.where(missing, np.nan, np.array([float(one == level) for one in found])),
        )
        for level in levels
        if level != factor.reference
    ]


def _column(name: str, data: Data) -> npt.NDArray[Any]:
    if name not in data:
        raise CannotPoolError(f"there is no column `{name}`; there are {', '.join(map(str, data)) or 'none'}")
    return np.atleast_1d(np.asarray(data[name], dtype=object))


def _numbers(name: str, data: Data) -> Array:
    column = _column(name, data)
    given = np.asarray(data[name])
    numbers = np.atleast_1d(given).astype(np.float64) if given.dtype.kind in "biuf" else _read_numbers(name, column)
    if (infinite := np.isinf(numbers)).any():
        raise CannotPoolError(f"`{name}` is infinite in row {infinite.argmax() + 1}; leave it empty if it is not known")
    return numbers


def _read_numbers(name: str, column: npt.NDArray[Any]) -> Array:
    numbers = np.full(len(column), np.nan)
    for row, value in enumerate(column):
        if value is None or value == "":
            continue
        try:
            numbers[row] = float(value)
        except (TypeError, ValueError):
            raise CannotPoolError(
                f"`{name}` is {value!r} in row {row + 1}; a number is needed: correct it, or declare a factor"
            ) from None
    return numbers


def _levels(name: str, data: Data) -> list[str | None]:
    """Levels as text; whole numbers lose their decimal point, so that 1 and 1.0 are one level."""
    levels: list[str | None] = []
    for value in _column(name, data):
        if value is None or value == "" or value != value:  # noqa: PLR0124  (NaN is not itself)
            levels.append(None)
        else:
            levels.append(f"{value:g}" if isinstance(value, float | np.floating) else str(value))
    return levels


def _simple(moderators: Sequence[Moderator]) -> list[Simple]:
    """The moderators without the interactions, whose parts take their place."""
    return [part for one in moderators for part in (one.of if isinstance(one, Interaction) else (one,))]


def _raw(moderator: Simple, data: Data) -> npt.NDArray[Any]:
    if isinstance(moderator, Factor):
        return np.array(_levels(moderator.column, data), dtype=object)
    return _numbers(moderator.column, data)


def _typical(moderator: Simple, values: npt.NDArray[Any]) -> float | str:
    if isinstance(moderator, Factor):
        return moderator.reference or ""
    return float(np.nanmean(values)) if np.isfinite(values).any() else float("nan")


def _term_name(moderator: Moderator) -> str:
    if isinstance(moderator, Interaction):
        return " × ".join(part.column for part in moderator.of)
    return moderator.column


def _lone_interactions(moderators: Sequence[Moderator]) -> tuple[Notice, ...]:
    """Interactions whose parts are not in the model themselves, which is rarely meant."""
    alone = {moderator.column for moderator in moderators if not isinstance(moderator, Interaction)}
    notices = []
    for one in moderators:
        if isinstance(one, Interaction) and (absent := [p.column for p in one.of if p.column not in alone]):
            text = f"{_term_name(one)} is in the model without {' and '.join(absent)} alone; its meaning then depends "
            notices.append(Notice("interaction-alone", text + "on where zero lies"))
    return tuple(notices)
