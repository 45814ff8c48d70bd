"""What a published example is, and where its studies lie."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

Array = np.ndarray
#: Columns of the data sets, by their names in R's metadat.
DATA: dict[str, Any] = json.loads((Path(__file__).parent / "data.json").read_text(encoding="utf-8"))
#: metafor's own tests compare with papers, naming the page; some give more digits, and say where a paper differs.
METAFOR_TESTS = "metafor's tests, test_analysis_example_{}.r, which name the page"
MORE_DIGITS = METAFOR_TESTS + " and give more digits than it"
KNOWLEDGE = "standing: knowledge; the page was not seen"


@dataclass(frozen=True)
class Number:
    """A number as it is printed, and ours."""

    what: str
    printed: str
    ours: float
    remark: str = ""
    """Why the printed one may differ in its last digits, where it does."""
    units: float = 0.5
    """How many units of the last printed digit ours may be off: half a one is rounding."""

    @property
    def unit(self) -> float:
        """The size of the last printed digit."""
        return float(10.0 ** -len(self.printed.partition(".")[2]))

    @property
    def agrees(self) -> bool:
        """Whether ours rounds to the printed number, or is as near as the remark allows."""
        return abs(self.ours - float(self.printed)) <= (self.units + 1e-9) * self.unit

    @property
    def shown(self) -> str:
        """Ours with two digits more than are printed."""
        return f"{self.ours:.{len(self.printed.partition('.')[2]) + 2}f}"


@dataclass(frozen=True)
class Example:
    """A published analysis."""

    name: str
    citation: str
    place: str
    """Page, table or section."""
    data: str
    """The studies, and where they come from."""
    read: str
    """Where the printed numbers were read."""
    shows: str
    """What is reproduced."""
    compute: Callable[[], list[Number]]

    @cached_property
    def numbers(self) -> list[Number]:
        """Every number, with ours."""
        return self.compute()


def column(data: str, name: str) -> Array:
    """A column of a data set as numbers."""
    return np.array(DATA[data][name], dtype=float)


def row(text: str) -> Array:
    """Numbers as they stand in a table."""
    return np.array([float(one) for one in text.split()])


def printed(what: str, numbers: str, ours: Any, **more: Any) -> list[Number]:
    """Several numbers that are printed in a row."""
    each = numbers.split()
    values = np.atleast_1d(np.asarray(ours, dtype=float)).tolist()
    if len(each) != len(values):
        raise ValueError(f"{what}: {len(each)} printed, {len(values)} computed")
    return [
        Number(what if len(each) == 1 else f"{what} ({n})", one, value, **more)
        for n, (one, value) in enumerate(zip(each, values, strict=True), 1)
    ]
