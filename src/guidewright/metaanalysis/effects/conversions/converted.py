"""A number that no report prints: what it was made into, by which formula and from which source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.effects.columns import Array, Column, read, rows_notice
from guidewright.metaanalysis.notices import Notice
from guidewright.metaanalysis.rows import frozen

T = TypeVar("T")


@dataclass(frozen=True)
class Converted(Generic[T]):
    """A converted value, to be recorded with every result that uses it."""

    value: T
    """One number for each row, or a named group of them."""
    method: str
    """Stable name of the formula, such as ``sd-from-se``."""
    formula: str
    """The formula, in words of arithmetic."""
    source: str
    """Who derived or recommends it, with section or equation."""
    notices: tuple[Notice, ...] = ()
    """What a reader must know, naming rows."""


def by_row(value: Array, method: str, formula: str, source: str) -> Converted[Array]:
    """A converted number for each row, with a notice about the rows that have none."""
    return Converted(frozen(value), method, formula, source, gaps(value))


def gaps(value: Array) -> tuple[Notice, ...]:
    """A notice about rows without a value."""
    return rows_notice(
        "rows-dropped", np.isnan(value), "{rows}: no value, since an input is missing or the formula divides by 0"
    )


class Distribution(StrEnum):
    """Which quantiles made an interval or a p value."""

    T = "t"
    """Student's t: right for a mean, and much different from the normal with fewer than 60 in a group."""
    NORMAL = "normal"
    """Standard normal: usual for ratios and large trials (the divisor 3.92 of the Cochrane Handbook)."""


_INPUTS: Mapping[str, Column] = {
    column.name: column
    for column in (
        Column("se", "standard error", low=0),
        Column("sd", "standard deviation", low=0),
        Column("low", "lower confidence limit"),
        Column("high", "upper confidence limit"),
        Column("p", "two-sided p value", low=0, high=1, above=True),
        Column("t", "t statistic"),
        Column("difference", "difference in means"),
        Column("n", "participants", low=1),
        Column("n1", "participants in group 1", low=1),
        Column("n2", "participants in group 2", low=1),
        Column("df", "degrees of freedom", low=0, above=True),
        Column("mean", "mean"),
        Column("minimum", "smallest value"),
        Column("q1", "first quartile"),
        Column("median", "median"),
        Column("q3", "third quartile"),
        Column("maximum", "largest value"),
        Column("sd_baseline", "standard deviation at baseline", low=0),
        Column("sd_final", "standard deviation at the end", low=0),
        Column("sd_change", "standard deviation of the changes", low=0),
        Column("r", "correlation", low=-1, high=1),
        Column("events", "participants with the event", low=0),
        Column("total", "participants", low=0, above=True),
        Column("counts", "events or participants", low=0),
        Column("cluster_size", "mean number of participants in a cluster", low=1),
        Column("icc", "intracluster correlation", low=0, high=1),
        Column("observed_minus_expected", "log-rank observed minus expected events"),
        Column("log_rank_variance", "its variance", low=0, above=True),
    )
}


def inputs(purpose: str, **given: npt.ArrayLike) -> dict[str, Array]:
    """The inputs of a conversion as arrays; raises :class:`CannotPoolError` naming every value that breaks its rule."""
    return read([_INPUTS[name] for name in given], given, purpose=purpose)


def joined(parts: Sequence[str]) -> str:
    """Sources in one line."""
    return "; ".join(parts)
