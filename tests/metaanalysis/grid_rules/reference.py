"""A file of reference numbers, and the studies that its numbers were computed from, by our own effect sizes."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.effects import Family, Measure, effect_sizes

Array = npt.NDArray[np.float64]

#: Our columns of each family, by the names of metafor's arguments; of two-by-two tables the totals follow below.
ARGUMENTS = {
    Family.TWO_BY_TWO: {"events1": "ai", "total1": "n1i", "events2": "ci", "total2": "n2i"},
    Family.MATCHED_PAIRS: {"both": "ai", "only1": "bi", "only2": "ci", "neither": "di"},
    Family.TWO_RATES: {"events1": "x1i", "time1": "t1i", "events2": "x2i", "time2": "t2i"},
    Family.TWO_MEANS: {"mean1": "m1i", "sd1": "sd1i", "n1": "n1i", "mean2": "m2i", "sd2": "sd2i", "n2": "n2i"},
    Family.PAIRED_MEANS: {"mean1": "m1i", "sd1": "sd1i", "mean2": "m2i", "sd2": "sd2i", "n": "ni", "r": "ri"},
    Family.CORRELATION: {"r": "ri", "n": "ni", "t": "ti", "predictors": "mi", "r2": "r2i"},
    Family.PROPORTION: {"events": "xi", "total": "ni"},
    Family.RATE: {"events": "xi", "time": "ti"},
    Family.ONE_MEAN: {"mean": "mi", "sd": "sdi", "n": "ni"},
    Family.RELIABILITY: {"alpha": "ai", "items": "mi", "n": "ni"},
    Family.GENOTYPES: {"homozygotes1": "ai", "heterozygotes": "bi", "homozygotes2": "ci"},
}


def numbers(values: Any) -> Array:
    """A column of the file; null is NaN."""
    return np.atleast_1d(np.array(values, dtype=np.float64))


def columns_of(measure: Measure, given: dict[str, Any]) -> dict[str, Array]:
    """The columns that our measure needs, from a table whose headings are metafor's arguments."""
    if measure.family is Family.TWO_BY_TWO and "n1i" not in given:
        totals = {
            "n1i": numbers(given["ai"]) + numbers(given["bi"]),
            "n2i": numbers(given["ci"]) + numbers(given["di"]),
        }
        given = {**given, **totals}
    names = ARGUMENTS[measure.family]
    return {ours: numbers(given[names[ours]]) for ours in measure.columns}


@dataclass(frozen=True)
class Studies:
    """Effects of the rows that the reference used; ``n`` is None where the file has no sizes."""

    y: Array
    v: Array
    n: Array | None
    rows: npt.NDArray[np.int64]
    """Number of each row in the raw table, from 0."""
    every_y: Array
    """Effects of all rows, NaN where a row has none."""
    every_v: Array


@dataclass
class Reference:
    """A whole file."""

    content: dict[str, Any]
    studies_by_measure: dict[str, Studies] = field(default_factory=dict)

    @cached_property
    def raw(self) -> dict[str, list[Any]]:
        """The raw table, headings as metafor's arguments beside its own."""
        raw = dict(self.content["raw"])
        names = self.content.get("column_map")
        if isinstance(names, dict):
            raw |= {argument: raw[heading] for argument, heading in names.items()}
        return raw

    def studies(self, measure: str) -> Studies:
        """The studies of ``analyses.<measure>``."""
        if measure not in self.studies_by_measure:
            self.studies_by_measure[measure] = self._studies(measure)
        return self.studies_by_measure[measure]

    def _studies(self, measure: str) -> Studies:
        if measure == "GEN":
            y, n = numbers(self.raw["yi"]), None
            v = numbers(self.raw["vi"]) if "vi" in self.raw else numbers(self.raw["sei"]) ** 2
        else:
            found = effect_sizes(Measure(measure), **columns_of(Measure(measure), self.raw))
            y, v, n = found.y, found.v, found.n
        rows = np.flatnonzero(~np.isnan(y) & ~np.isnan(v))
        return Studies(y[rows], v[rows], None if n is None else n[rows], rows, y, v)


@dataclass(frozen=True)
class Place:
    """A block of a file: where it is, and what stands there."""

    file: Reference
    path: tuple[str, ...]
    there: dict[str, Any]

    @property
    def name(self) -> str:
        """The last key, such as ``REML_knha``."""
        return self.path[-1]

    @property
    def studies(self) -> Studies:
        """The studies of the measure that the block is about."""
        return self.file.studies(self.path[1])

    @property
    def analysis(self) -> dict[str, Any]:
        """Everything about the measure."""
        found: dict[str, Any] = self.file.content["analyses"][self.path[1]]
        return found

    @property
    def data(self) -> tuple[Array, Array]:
        """Effects and variances of the file itself, for proofs: ours may differ."""
        y, v = numbers(self.analysis["escalc"]["yi"]), numbers(self.analysis["escalc"]["vi"])
        used = ~np.isnan(y) & ~np.isnan(v)
        return y[used], v[used]

    @property
    def above(self) -> Place:
        """The block that this one is part of."""
        there = self.file.content
        for key in self.path[:-1]:
            there = there[key]
        return Place(self.file, self.path[:-1], there)
