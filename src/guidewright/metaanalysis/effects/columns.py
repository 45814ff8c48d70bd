"""The columns that effect sizes are computed from: each declared once, and read with every fault named at once."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.notices import CannotPoolError, Notice
from guidewright.metaanalysis.rows import rows_numbered

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
#: Faults named in one message; what is beyond is counted, so that a million bad rows stay readable.
MOST_NAMED = 20


@dataclass(frozen=True)
class Column:
    """One input, its meaning and the values it may have."""

    name: str
    """Name, as in ``evidence/extraction``."""
    meaning: str
    """What it holds."""
    low: float = -math.inf
    """Smallest value."""
    high: float = math.inf
    """Largest value."""
    above: bool = False
    """Whether ``low`` itself is excluded."""

    @property
    def rule(self) -> str:
        """The allowed values in words."""
        if math.isfinite(self.high):
            if not math.isfinite(self.low):
                return f"must be {self.high:g} or less"
            return (
                f"must be above {self.low:g} and at most {self.high:g}"
                if self.above
                else (f"must lie between {self.low:g} and {self.high:g}")
            )
        if math.isfinite(self.low):
            return f"must be above {self.low:g}" if self.above else f"must be {self.low:g} or more"
        return "must be a finite number"

    def broken(self, values: Array) -> Mask:
        """Where a value breaks the rule; a missing value does not."""
        below = values <= self.low if self.above else values < self.low
        return np.asarray((below & math.isfinite(self.low)) | (values > self.high) | np.isinf(values), dtype=np.bool_)


COLUMNS: Mapping[str, Column] = {
    column.name: column
    for column in (
        Column("events1", "participants with the event in group 1", low=0),
        Column("total1", "participants in group 1 (events counted)", low=0, above=True),
        Column("events2", "participants with the event in group 2", low=0),
        Column("total2", "participants in group 2 (events counted)", low=0, above=True),
        Column("time1", "person-time at risk in group 1", low=0, above=True),
        Column("time2", "person-time at risk in group 2", low=0, above=True),
        Column("mean1", "mean of group 1, or of the first measurement"),
        Column("sd1", "standard deviation of group 1, or of the first measurement", low=0),
        Column("n1", "participants in group 1 (means)", low=0, above=True),
        Column("mean2", "mean of group 2, or of the second measurement"),
        Column("sd2", "standard deviation of group 2, or of the second measurement", low=0),
        Column("n2", "participants in group 2 (means)", low=0, above=True),
        Column("both", "pairs with the event in both conditions", low=0),
        Column("only1", "pairs with the event in condition 1 only", low=0),
        Column("only2", "pairs with the event in condition 2 only", low=0),
        Column("neither", "pairs without the event in either condition", low=0),
        Column("events", "events in a single group", low=0),
        Column("total", "participants in a single group", low=0, above=True),
        Column("time", "person-time at risk in a single group", low=0, above=True),
        Column("mean", "mean of a single group"),
        Column("sd", "standard deviation of a single group", low=0),
        Column("n", "participants, or pairs of measurements", low=0, above=True),
        Column("r", "correlation", low=-1, high=1),
        Column("t", "t statistic of a regression coefficient"),
        Column("predictors", "number of predictors in the regression", low=0),
        Column("r2", "R squared of the regression", low=0, high=1),
        Column("alpha", "Cronbach's coefficient alpha", high=1),
        Column("items", "number of items or replications", low=2),
        Column("homozygotes1", "participants with two copies of the first allele", low=0),
        Column("heterozygotes", "participants with one copy of each allele", low=0),
        Column("homozygotes2", "participants with two copies of the second allele", low=0),
    )
}
#: Pairs of which the first may not be larger than the second.
PARTS = (("events1", "total1"), ("events2", "total2"), ("events", "total"))


def read(needed: Sequence[Column], given: Mapping[str, npt.ArrayLike], *, purpose: str) -> dict[str, Array]:
    """The needed columns as arrays of equal length; a single number stands for every row.

    Raises :class:`CannotPoolError` if a column lacks, is not needed, holds text, is not one-dimensional or has another
    length, and for every value that breaks the rule of its column, naming all rows at once.
    """
    names = [column.name for column in needed]
    lacking = [name for name in names if name not in given]
    extra = [name for name in given if name not in names]
    if lacking or extra:
        wrong = ([f"without {_listed(lacking)}"] if lacking else []) + ([f"with {_listed(extra)}"] if extra else [])
        raise CannotPoolError(f"{purpose} needs the columns {_listed(names)}; it was called {' and '.join(wrong)}")
    arrays = {name: _numbers(name, given[name]) for name in names}
    lengths = {name: array.size for name, array in arrays.items() if array.ndim == 1}
    if len(set(lengths.values())) > 1:
        rows = ", ".join(f"{name} {length}" for name, length in lengths.items())
        raise CannotPoolError(f"columns must have the same number of rows; these have {rows}")
    length = next(iter(lengths.values()), 1)
    full = {name: np.broadcast_to(array, (length,)).astype(np.float64) for name, array in arrays.items()}
    raise_faults([*_broken_rules(needed, full), *_too_large_parts(full)])
    return full


def raise_faults(faults: Sequence[tuple[int, str]]) -> None:
    """Raise :class:`CannotPoolError` for faults given as (row from 0, what is wrong), if there are any."""
    if not faults:
        return
    ordered = sorted(faults, key=lambda fault: fault[0])
    said = "; ".join(f"row {row + 1}: {what}" for row, what in ordered[:MOST_NAMED])
    more = f"; and {len(ordered) - MOST_NAMED} more" if len(ordered) > MOST_NAMED else ""
    raise CannotPoolError(f"{said}{more}. Correct these values or leave the rows out")


def rows_of(mask: Mask) -> str:
    """The true rows in words, counted from 1."""
    return rows_numbered(np.flatnonzero(mask))


def missing(arrays: Iterable[Array]) -> Mask:
    """Rows that lack a value in any column."""
    return np.asarray(np.logical_or.reduce([np.isnan(array) for array in arrays]), dtype=np.bool_)


def rows_notice(code: str, mask: Mask, text: str) -> tuple[Notice, ...]:
    """A notice about the true rows of ``mask``, if any; ``{rows}`` in the text stands for their names."""
    return (Notice(code, text.format(rows=rows_of(mask))),) if mask.any() else ()


def _numbers(name: str, values: npt.ArrayLike) -> Array:
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise CannotPoolError(f"the column {name} must hold numbers only (missing ones as NaN): {error}") from None
    if array.ndim > 1:
        raise CannotPoolError(f"the column {name} must have one dimension, it has {array.ndim}")
    return array


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)


def _broken_rules(needed: Sequence[Column], full: Mapping[str, Array]) -> list[tuple[int, str]]:
    return [
        (int(row), f"{column.name} is {full[column.name][row]:.10g}, but {column.rule}")
        for column in needed
        for row in np.flatnonzero(column.broken(full[column.name]))
    ]


def _too_large_parts(full: Mapping[str, Array]) -> list[tuple[int, str]]:
    return [
        (int(row), f"{part} is {full[part][row]:.10g}, larger than {whole} ({full[whole][row]:.10g})")
        for part, whole in PARTS
        if part in full and whole in full
        for row in np.flatnonzero(full[part] > full[whole])
    ]
