"""The studies of a stratum as the further methods take them: arrays, counts, and columns of what is known of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.effects import Measure
from guidewright.metaanalysis.notices import CannotPoolError
from guidewright.metaanalysis.options import Interval, Model, Tau2Method

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Studies:
    """One stratum of an analysis; everything has one entry for each row."""

    measure: Measure
    y: Array
    """Effects on the scale of analysis."""
    v: Array
    """Sampling variances."""
    names: tuple[str, ...]
    """Studies, by identifier."""
    columns: Mapping[str, tuple[Any, ...]]
    """What is known of each row by name: its extracted numbers, its year, the covariates of its study; None if not
    known.
    """
    model: Model
    tau2_method: Tau2Method
    interval: Interval

    @property
    def pooling(self) -> dict[str, Any]:
        """Options of the analysis for what pools anew."""
        return {"model": self.model, "tau2_method": self.tau2_method, "interval": self.interval}

    def numbers(self, name: str) -> Array:
        """A column of numbers.

        Raises :class:`CannotPoolError` if a row lacks it.
        """
        values = self.column(name)
        try:
            return np.array([float(value) for value in values])
        except ValueError:
            raise CannotPoolError(f"`{name}` must be a number for every study") from None

    def column(self, name: str) -> tuple[Any, ...]:
        """A column without gaps.

        Raises :class:`CannotPoolError` if it does not exist, or a row lacks it.
        """
        if name not in self.columns:
            known = ", ".join(sorted(self.columns))
            raise CannotPoolError(f"there is no column `{name}`; known are {known}")
        missing = [study for study, value in zip(self.names, self.columns[name], strict=True) if value is None]
        if missing:
            raise CannotPoolError(f"`{name}` is not known of {', '.join(missing)}")
        return self.columns[name]

    @property
    def counts(self) -> tuple[Array, Array, Array, Array]:
        """Events and totals of both groups.

        Raises :class:`CannotPoolError` if a row has none.
        """
        one, two, three, four = (self.numbers(name) for name in ("events1", "total1", "events2", "total2"))
        return one, two, three, four
