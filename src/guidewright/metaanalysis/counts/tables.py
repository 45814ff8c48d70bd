"""Checked counts, one table per study, and the choices for cells that are empty."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from guidewright.metaanalysis.effects.choices import To
from guidewright.metaanalysis.notices import CannotPoolError, Notice

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


class CountMeasure(StrEnum):
    """Measures that compare two arms by their counts."""

    OR = "OR"
    """Odds ratio, on the log scale."""
    RR = "RR"
    """Risk ratio, on the log scale."""
    RD = "RD"
    """Risk difference."""
    IRR = "IRR"
    """Incidence rate ratio (events and person-time), on the log scale."""
    IRD = "IRD"
    """Incidence rate difference: events per unit of person-time."""

    @property
    def of_persons(self) -> bool:
        """Whether the denominators are persons; else they are person-time."""
        return self in {CountMeasure.OR, CountMeasure.RR, CountMeasure.RD}


@dataclass(frozen=True)
class Arms:
    """The usable tables, in the order given; each array has shape (k,)."""

    events1: Array
    size1: Array
    """Persons, or person-time."""
    events2: Array
    size2: Array
    rows: NDArray[np.int64]
    """Number of each table's row in the input, counted from 1."""
    notices: tuple[Notice, ...]

    @property
    def k(self) -> int:
        """How many tables."""
        return len(self.rows)

    def double_zero(self, *, persons: bool) -> Mask:
        """Tables that say nothing of a ratio: no event in either arm, or (of persons) nobody without one."""
        double: Mask = (self.events1 == 0) & (self.events2 == 0)
        if persons:
            double |= (self.events1 == self.size1) & (self.events2 == self.size2)
        return double


def read_columns(columns: dict[str, ArrayLike]) -> tuple[list[Array], NDArray[np.int64], tuple[Notice, ...]]:
    """Columns of equal length as float64 without the rows that miss a value, the rows' numbers and what to say."""
    arrays = []
    for name, column in columns.items():
        try:
            arrays.append(np.asarray(column, dtype=np.float64))
        except (TypeError, ValueError) as error:
            raise CannotPoolError(f"{name} holds something that is not a number: {error}; give numbers.") from error
        if arrays[-1].ndim != 1:
            raise CannotPoolError(f"{name} has {arrays[-1].ndim} dimensions; give one number per study.")
    lengths = {name: len(array) for name, array in zip(columns, arrays, strict=True)}
    if len(set(lengths.values())) > 1:
        said = ", ".join(f"{name} {length}" for name, length in lengths.items())
        raise CannotPoolError(f"the columns differ in length ({said}); give one number per study in each.")
    for name, array in zip(columns, arrays, strict=True):
        refuse(np.isinf(array), name, array, "must be finite")
    missing = np.any([np.isnan(array) for array in arrays], axis=0)
    notices: tuple[Notice, ...] = ()
    if missing.any():
        text = f"A value is missing in these rows, which were left out: {listed(np.flatnonzero(missing) + 1)}."
        notices = (Notice("rows-dropped", text),)
    if missing.all():
        raise CannotPoolError("no row has all its values; at least one study is needed.")
    return [array[~missing] for array in arrays], np.flatnonzero(~missing) + 1, notices


def read_arms(events1: ArrayLike, size1: ArrayLike, events2: ArrayLike, size2: ArrayLike, *, persons: bool) -> Arms:
    """Check two arms. Rows with a missing value are dropped with a notice ``rows-dropped``.

    Counts need not be whole numbers: those divided by a design effect are not.
    Raises :class:`CannotPoolError` for negative or infinite numbers, an empty arm, or more events than persons.
    """
    size = "total" if persons else "time"
    columns = {"events1": events1, f"{size}1": size1, "events2": events2, f"{size}2": size2}
    arrays, rows, notices = read_columns(columns)
    for arm in (0, 2):
        check_counts(arrays[arm], arrays[arm + 1], tuple(columns)[arm : arm + 2], rows, persons=persons)
    return Arms(arrays[0], arrays[1], arrays[2], arrays[3], rows, notices)


def without_double_zero(arms: Arms, *, persons: bool) -> Arms:
    """The tables that have both events and non-events (or events, of person-time), and a notice of those dropped."""
    double = arms.double_zero(persons=persons)
    if not double.any():
        return arms
    if double.all():
        raise CannotPoolError("no table has both events and non-events: there is nothing to compare.")
    text = f"Rows with no event in either arm, or only events, were left out: {named_rows(double, arms)}."
    notices = (*arms.notices, Notice("double-zero-dropped", text))
    keep = ~double
    return Arms(arms.events1[keep], arms.size1[keep], arms.events2[keep], arms.size2[keep], arms.rows[keep], notices)


def check_addition(*additions: float) -> None:
    """Raise :class:`CannotPoolError` if what is to be added to the cells is negative or infinite."""
    for add in additions:
        if not 0 <= add < np.inf:
            raise CannotPoolError(f"the addition to the cells is {add:g}, and must be 0 or more (commonly 0.5).")


def check_counts(events: Array, size: Array, names: tuple[str, ...], rows: NDArray[np.int64], *, persons: bool) -> None:
    """Raise :class:`CannotPoolError` if a count cannot be one."""
    refuse(events < 0, names[0], events, "must not be negative", rows)
    if persons:
        refuse(size < 1, names[1], size, "must be 1 or more: leave out a study that has an arm without persons", rows)
        refuse(events > size, names[0], events, f"must not exceed {names[1]}", rows)
    else:
        refuse(size <= 0, names[1], size, "must be above 0: leave out a study that observed an arm for no time", rows)


def refuse(wrong: Mask, name: str, values: Array, rule: str, rows: NDArray[np.int64] | None = None) -> None:
    """Raise :class:`CannotPoolError` naming the first wrong row."""
    if wrong.any():
        first = int(np.flatnonzero(wrong)[0])
        row = first + 1 if rows is None else rows[first]
        raise CannotPoolError(f"row {row}: {name} is {values[first]:g}, and {rule}.")


def cells(arms: Arms, include: Mask, *, add: float, to: To, persons: bool) -> tuple[Array, Array, Array, Array]:
    """Events and non-events of both arms (or events and times) after the addition, for each of many selections.

    ``include``: shape (analyses, k), the tables each analysis uses. Returns a, b, c, d that broadcast to that shape.
    """
    a, c = arms.events1, arms.events2
    b, d = (arms.size1 - a, arms.size2 - c) if persons else (arms.size1, arms.size2)
    empty = (a == 0) | (c == 0)
    if persons:
        empty |= (b == 0) | (d == 0)
    chosen: Mask
    if to is To.IF_ZERO_ALL:
        chosen = (include & empty).any(axis=-1, keepdims=True)
    else:
        chosen = {To.ALL: np.ones_like(empty), To.ONLY_ZERO: empty, To.NONE: np.zeros_like(empty)}[to]
    more = add * chosen
    if persons:
        return a + more, b + more, c + more, d + more
    return a + more, b + 0 * more, c + more, d + 0 * more


def effects(measure: CountMeasure, a: Array, b: Array, c: Array, d: Array) -> tuple[Array, Array]:
    """Each table's effect and its variance on the scale of analysis; not finite where a cell is empty.

    Large-sample variances as in metafor's ``escalc`` (for example Fleiss & Berlin 2009; Bagos & Nikolopoulos 2009).
    """
    n1, n2 = a + b, c + d
    with np.errstate(divide="ignore", invalid="ignore"):
        match measure:
            case CountMeasure.OR:
                return np.log(a) + np.log(d) - np.log(b) - np.log(c), 1 / a + 1 / b + 1 / c + 1 / d
            case CountMeasure.RR:
                return np.log(a / n1) - np.log(c / n2), 1 / a - 1 / n1 + 1 / c - 1 / n2
            case CountMeasure.RD:
                return a / n1 - c / n2, a * b / n1**3 + c * d / n2**3
            case CountMeasure.IRR:
                return np.log(a / b) - np.log(c / d), 1 / a + 1 / c
            case CountMeasure.IRD:
                return a / b - c / d, a / b**2 + c / d**2


def named_rows(mask: Mask, arms: Arms) -> str:
    """The numbers of the rows in a mask, for a notice."""
    return listed(arms.rows[mask])


def listed(numbers: NDArray[np.int64], most: int = 10) -> str:
    """Row numbers, for a notice."""
    said = ", ".join(str(number) for number in numbers[:most])
    return said if len(numbers) <= most else f"{said} and {len(numbers) - most} more"
