"""The small language in which an instrument's rules ask for answers, and what it says while answers are missing.

A condition is plain data (YAML): nothing in it is executed. It may name questions or, in the rules of an overall
judgement, domains. Everything it names together must hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from guidewright.values import Value

#: Name of a question or a domain as the tool numbers it: ``2.1``, ``9a``, ``d3``.
ItemId = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9]+([.-][a-z0-9]+)*$", max_length=40), Field(examples=["2.1"])
]
#: Short name of an answer, as the tool writes it: ``PY``, ``yes``, ``partial-yes``.
AnswerId = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$", max_length=40), Field(examples=["PY"])
]
#: The answer to a question that earlier answers make needless.
NOT_ASKED = "NA"


class Count(Value):
    """How many of several items have one of some answers."""

    of: Annotated[tuple[ItemId, ...], Field(min_length=1)]
    """Questions, or domains."""
    are: Annotated[tuple[AnswerId, ...], Field(min_length=1)]
    """Answers, or judgements, that count."""
    at_least: Annotated[int, Field(ge=0)] = 0
    """The fewest."""
    at_most: Annotated[int, Field(ge=0)] | None = None
    """The most."""


class Points(Value):
    """The sum of the points (stars) that the answers to several questions carry."""

    of: Annotated[tuple[ItemId, ...], Field(min_length=1)]
    """Questions whose answers carry points."""
    at_least: Annotated[int, Field(ge=0)] = 0
    """The fewest."""
    at_most: Annotated[int, Field(ge=0)] | None = None
    """The most."""


class Condition(Value):
    """What a rule asks. All parts that are given must hold; a condition without any part always holds."""

    is_: dict[ItemId, Annotated[tuple[AnswerId, ...], Field(min_length=1)]] = Field(
        default_factory=dict, alias="is", examples=[{"1.2": ["Y", "PY"]}]
    )
    """Each item has one of the answers beside it."""
    all: tuple[Condition, ...] = ()
    """All of these hold."""
    any: tuple[Condition, ...] = ()
    """At least one of these holds."""
    none: tuple[Condition, ...] = ()
    """None of these holds."""
    count: Count | None = None
    """So many items have one of these answers."""
    points: Points | None = None
    """The answers carry so many points together."""

    @model_validator(mode="after")
    def _bounds_in_order(self) -> Condition:
        for bound in (self.count, self.points):
            if bound is not None and bound.at_most is not None and bound.at_most < bound.at_least:
                raise ValueError("`at_most` must not be below `at_least`")
        return self

    def parts(self) -> Iterator[Condition]:
        """This condition and every condition within it."""
        yield self
        for inner in (*self.all, *self.any, *self.none):
            yield from inner.parts()

    def items(self) -> set[str]:
        """Everything it asks about."""
        found: set[str] = set()
        for part in self.parts():
            found |= set(part.is_)
            for bound in (part.count, part.points):
                found |= set(bound.of) if bound is not None else set()
        return found


@dataclass(frozen=True)
class Unknown:
    """A condition that cannot be told yet, and the item whose answer is looked at first."""

    item: str


Truth = bool | Unknown


def holds(condition: Condition, known: Mapping[str, str], points: Mapping[tuple[str, str], int]) -> Truth:
    """Whether a condition holds for the answers known so far, as far as they tell.

    ``points`` has the points of (question, answer); an answer without an entry carries none.
    """
    said: list[Truth] = [
        known[item] in answers if item in known else Unknown(item) for item, answers in condition.is_.items()
    ]
    said += [holds(inner, known, points) for inner in condition.all]
    if condition.any:
        said.append(_any(holds(inner, known, points) for inner in condition.any))
    if condition.none:
        said.append(_not(_any(holds(inner, known, points) for inner in condition.none)))
    if condition.count is not None:
        said.append(_counted(condition.count, known))
    if condition.points is not None:
        said.append(_summed(condition.points, known, points))
    return _all(said)


def _all(said: Iterable[Truth]) -> Truth:
    return _not(_any(_not(one) for one in said))


def _any(said: Iterable[Truth]) -> Truth:
    answers = list(said)
    if any(one is True for one in answers):
        return True
    return next((one for one in answers if isinstance(one, Unknown)), False)


def _not(one: Truth) -> Truth:
    return one if isinstance(one, Unknown) else not one


def _counted(count: Count, known: Mapping[str, str]) -> Truth:
    missing = [item for item in count.of if item not in known]
    found = sum(known[item] in count.are for item in count.of if item in known)
    return _between(found, found + len(missing), count.at_least, count.at_most, missing)


def _summed(asked: Points, known: Mapping[str, str], points: Mapping[tuple[str, str], int]) -> Truth:
    missing = [item for item in asked.of if item not in known]
    found = sum(points.get((item, known[item]), 0) for item in asked.of if item in known)
    most = found + sum(max((p for (item, _), p in points.items() if item == name), default=0) for name in missing)
    return _between(found, most, asked.at_least, asked.at_most, missing)


def _between(low: int, high: int, at_least: int, at_most: int | None, missing: list[str]) -> Truth:
    """Whether a number known to lie from ``low`` to ``high`` lies within bounds."""
    if high < at_least or (at_most is not None and low > at_most):
        return False
    if low >= at_least and (at_most is None or high <= at_most):
        return True
    return Unknown(missing[0])
