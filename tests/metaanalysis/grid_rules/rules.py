"""What a rule of the reference grid is: a block of numbers, our answer to it, and how near each number must be."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

import numpy as np

from tests.metaanalysis.grid_rules.reference import Place


class Kind(Enum):
    """What the peer's own stopping rule does to a number."""

    EXACT = auto()
    """Nothing: it is not iterated."""
    TAU2 = auto()
    """It is tau2 itself, off by as much as the rule says, in absolute terms."""
    TAU = auto()
    """It is the root of that."""
    FOLLOWS = auto()
    """It follows from tau2, and is off relative to its size."""


@dataclass(frozen=True)
class Tolerance:
    """Largest difference from a number x: ``relative * |x| + absolute``, and more where the peer stopped early."""

    relative: float = 0.0
    absolute: float = 0.0
    at_most: float = math.inf
    """Largest share of x, for probabilities so small that an absolute difference says nothing."""
    kind: Kind = Kind.EXACT
    limit: bool = False
    """Whether it is a limit of an interval, which may lie near 0: then x is taken to be a standard error at least."""
    whole: float = 0.0
    """What a share is a share of: errors of an iterated tau2 are relative to this."""


#: Relative change of a small p value per relative change of its statistic: z squared, which is 1400 where p underflows.
P_PER_Z = 1400.0
#: Where numbers underflow.
SMALLEST = 1e-300
CLOSED_FORM = Tolerance(relative=1e-10)
ITERATED = Tolerance(relative=1e-8, kind=Kind.FOLLOWS)
P_VALUE = Tolerance(absolute=1e-8, at_most=1e-5, kind=Kind.FOLLOWS)
SAME = Tolerance()


@dataclass(frozen=True)
class Number:
    """A number, or a list of them, that is compared: where our answer has it, and how near it must be."""

    get: str | Callable[[Any], Any]
    """Attribute of the answer, or a function of it."""
    tolerance: Tolerance

    def of(self, answer: object) -> object:
        return getattr(answer, self.get) if isinstance(self.get, str) else self.get(answer)


@dataclass(frozen=True)
class Skip:
    """Something in the file that is not compared, and why."""

    reason: str


Leaves = Mapping[str, Number | Skip]


Get = str | Callable[[Any], Any]


def closed(get: Get) -> Number:
    """A closed form."""
    return Number(get, CLOSED_FORM)


def iterated(get: Get) -> Number:
    """Follows from an iterated tau2."""
    return Number(get, ITERATED)


def limit(get: Get) -> Number:
    """A limit of an interval that follows from an iterated tau2."""
    return Number(get, replace(ITERATED, limit=True))


def exact_limit(get: Get) -> Number:
    """A limit of an interval in closed form."""
    return Number(get, replace(CLOSED_FORM, limit=True))


def percent(get: Get) -> Number:
    """A percentage that follows from an iterated tau2: an error of tau2 counts in percent, however small the share."""
    return Number(get, replace(ITERATED, whole=100.0))


def tau2(get: Get) -> Number:
    """An iterated tau2."""
    return Number(get, replace(ITERATED, kind=Kind.TAU2))


def tau(get: Get) -> Number:
    """The root of an iterated tau2."""
    return Number(get, replace(ITERATED, kind=Kind.TAU))


def p_value(get: Get) -> Number:
    """A probability."""
    return Number(get, P_VALUE)


def exact_p(get: Get) -> Number:
    """A probability that does not hang on tau2."""
    return Number(get, replace(P_VALUE, kind=Kind.EXACT))


def same(get: Get) -> Number:
    """A count or a word."""
    return Number(get, SAME)


def in_closed_form(leaves: Leaves) -> dict[str, Number | Skip]:
    """The same numbers where nothing is iterated."""

    def without(tolerance: Tolerance) -> Tolerance:
        return replace(tolerance, kind=Kind.EXACT, relative=min(tolerance.relative, CLOSED_FORM.relative))

    return {
        name: replace(leaf, tolerance=without(leaf.tolerance)) if isinstance(leaf, Number) else leaf
        for name, leaf in leaves.items()
    }


@dataclass(frozen=True)
class Answer:
    """What our library says, and how far the peer's number may be off because its iteration stopped."""

    value: Any
    tau2_error: float = 0.0
    """Absolute error of tau2 that the peer's own threshold leaves."""
    slack: float = 0.0
    """Relative error of what follows from it."""
    se: float = 0.0
    """In which differences of limits are measured."""


@dataclass(frozen=True)
class Block:
    """Numbers that lie together in a file and come from one call of our library."""

    path: str
    """Keys joined by slashes; ``*`` stands for any letters of one key, ``a|b`` for either."""
    answer: Callable[[Place], Answer]
    leaves: Leaves
    peer_failed: Callable[[Place, Answer | Exception], str | None] | None = None
    """Where the file holds an error in place of the block: judge our answer by its definition; None if it is right."""

    @property
    def depth(self) -> int:
        """Number of keys that lead to the block."""
        return self.path.count("/") + 1


@cache
def matches(pattern: str, path: tuple[str, ...]) -> bool:
    """Whether a path lies at or below a pattern such as ``analyses/*/pool/ML|REML``."""
    keys = pattern.split("/")
    return len(path) >= len(keys) and all(
        any(fnmatchcase(key, one) for one in allowed.split("|")) for allowed, key in zip(keys, path, strict=False)
    )


def flat(value: object) -> list[Any]:
    """A number or nested lists of numbers in one list; what is not defined is None."""
    if isinstance(value, np.ndarray):
        return flat(value.tolist())
    if isinstance(value, list | tuple):
        return [one for part in value for one in flat(part)]
    return [_plain(value)]


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return float(value) if value in {"Inf", "-Inf"} else value
    if isinstance(value, float | np.floating):
        return None if math.isnan(value) else float(value)
    if isinstance(value, bool | np.bool_):
        return bool(value)
    return int(value) if isinstance(value, np.integer) else value


def differences(
    ours: list[Any], theirs: list[Any], tolerance: Tolerance, answer: Answer
) -> Iterator[tuple[float, bool]]:
    """Relative difference of each pair (absolute for p values; of tau2 relative to the smallest v + tau2 at least), and
    whether it is within the tolerance.
    """
    for mine, other in zip(ours, theirs, strict=True):
        numeric = all(isinstance(one, int | float) and not isinstance(one, bool) for one in (mine, other))
        if mine == other or not numeric:
            yield (0.0, True) if mine == other else (math.inf, False)
            continue
        off = abs(mine - other)
        size = max(abs(other), answer.se if tolerance.limit else 0.0)
        allowed = min(tolerance.absolute + tolerance.relative * size, tolerance.at_most * size) + SMALLEST
        if tolerance.kind is Kind.TAU2:
            allowed += answer.tau2_error
        elif tolerance.kind is Kind.TAU:
            allowed += answer.tau2_error / (mine + other)
        elif tolerance.kind is Kind.FOLLOWS:
            allowed += answer.slack * (max(size, tolerance.whole) if tolerance.relative else min(1.0, P_PER_Z * size))
        shown = max(size, tolerance.whole, _room(tolerance.kind, answer))
        yield (off if tolerance.absolute or not shown else off / shown), off <= allowed


def _room(kind: Kind, answer: Answer) -> float:
    """What a difference of tau2 is measured by, as it is near 0 or not: the variance of the most precise study."""
    smallest = answer.tau2_error / answer.slack if answer.slack else 0.0
    return {Kind.TAU2: smallest, Kind.TAU: math.sqrt(smallest)}.get(kind, 0.0)
