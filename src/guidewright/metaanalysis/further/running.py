"""Run a further method and keep its result as plain data."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

import numpy as np
from pydantic import BaseModel, Field

from guidewright.metaanalysis.further.studies import Studies
from guidewright.metaanalysis.notices import CannotPoolError
from guidewright.values import Value

#: Significant digits that are kept, so that another machine's last bits do not show as a change.
DIGITS = 9


class FurtherResult(Value):
    """What a further method found."""

    method: str
    """Its name."""
    options: dict[str, Any] = Field(default_factory=dict)
    """Its options, as declared."""
    result: dict[str, Any] = Field(default_factory=dict)
    """Fields of the library's value of that name, on the scale of analysis; empty if there is a problem."""
    problem: str | None = None
    """Why the method could not be used on these rows."""


def run(method: Any, studies: Studies) -> FurtherResult:
    """The result of a method on the rows of a stratum; what cannot be computed is said in ``problem``."""
    options = method.model_dump(mode="json", exclude={"method"})
    try:
        found = plain(method.result(studies))
    except CannotPoolError as error:
        return FurtherResult(method=method.method, options=options, problem=str(error))
    return FurtherResult(method=method.method, options=options, result=found)


def plain(value: Any) -> Any:
    """A value of the library as JSON has it: mappings, lists, numbers of :data:`DIGITS` digits; NaN is null."""
    if is_dataclass(value) and not isinstance(value, type):
        shown = [one.name for one in fields(value) if one.repr]  # what is left out of the repr is too long to keep
        return {name: plain(getattr(value, name)) for name in shown}
    if isinstance(value, BaseModel):
        return plain(value.model_dump())
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(plain(name)): plain(one) for name, one in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(one) for one in (sorted(value) if isinstance(value, (set, frozenset)) else value)]
    return value
