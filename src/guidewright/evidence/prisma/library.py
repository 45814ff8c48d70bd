"""The boxes of the flow and the sums they must fit, as data (``boxes.yml``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from guidewright.own_data import own_yaml

Unit = Literal["records", "reports", "studies"]
Column = Literal["previous", "databases", "other", "included", "total"]


@dataclass(frozen=True)
class BoxKind:
    """What a box counts and where it stands."""

    id: str
    unit: Unit
    column: Column
    row: int
    side: bool = False
    """Whether it holds what leaves the main line."""


@dataclass(frozen=True)
class BoxSum:
    """Boxes that must add up: together, ``wholes`` are the sum of ``parts``."""

    wholes: tuple[str, ...]
    parts: tuple[str, ...]


@cache
def box_kinds() -> Mapping[str, BoxKind]:
    """Every box by its name, in reading order."""
    return {name: BoxKind(name, **one) for name, one in _read()["boxes"].items()}


@cache
def box_sums() -> tuple[BoxSum, ...]:
    """Every sum, in reading order."""
    return tuple(BoxSum(tuple(one["whole"].split(" + ")), tuple(one["parts"])) for one in _read()["sums"])


@cache
def _read() -> Any:
    return own_yaml(files("guidewright.evidence.prisma").joinpath("boxes.yml").read_text(encoding="utf-8"))
