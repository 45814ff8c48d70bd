"""What a tool says of one patient: answers in, the total and every reading that applies out.

The same rules as data are evaluated here and by one small script in the page (``assets/calculator.js``); a test holds
the two against each other on every combination of answers. Nothing is guessed: a reading that asks for something not
answered does not apply, and a score with an answer missing has no total.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from guidewright.values import RecommendationId, Slug, Source, Text, Value, in_language

#: Name under which readings ask for the total of a score.
TOTAL = "total"

#: A number, the option chosen, or the options ticked.
Answer = float | str | frozenset[str]


class Option(Value):
    """One option of a choice or of a list to tick."""

    id: Slug
    """Identifier."""
    label: Text
    """The option in words."""
    points: float | None = None
    """Points it gives, in a score."""


class Input(Value):
    """One thing that is asked."""

    id: Slug
    """Identifier."""
    name: Text
    """What is asked."""
    kind: Literal["number", "choice", "checks"]
    """A number to type, one option to choose, or options to tick (none ticked is an answer too)."""
    unit: str | None = Field(default=None, examples=["mg/cm³"])
    """Unit of a number."""
    minimum: float | None = None
    """Smallest number that can be meant; others are refused."""
    maximum: float | None = None
    """Largest number that can be meant."""
    step: Annotated[float, Field(gt=0)] = 0.1
    """Step of the number field. Default 0.1, the precision in which T-scores are reported."""
    options: tuple[Option, ...] = ()
    """Options of a choice or of a list to tick."""

    @model_validator(mode="after")
    def _options_where_needed(self) -> Input:
        if (self.kind == "number") == bool(self.options):
            raise ValueError("`choice` and `checks` need `options`; `number` has none")
        if len({option.id for option in self.options}) != len(self.options):
            raise ValueError("two options have the same id")
        return self


class Asked(Value):
    """What a reading asks of one input. Every part that is given must hold."""

    at_least: float | None = None
    """The number is this or more."""
    above: float | None = None
    """The number is more than this."""
    at_most: float | None = None
    """The number is this or less."""
    below: float | None = None
    """The number is less than this."""
    one_of: tuple[Slug, ...] = ()
    """One of these options is chosen."""
    any_of: tuple[Slug, ...] = ()
    """At least one of these is ticked."""
    all_of: tuple[Slug, ...] = ()
    """All of these are ticked."""
    none_of: tuple[Slug, ...] = ()
    """None of these is ticked."""

    @model_validator(mode="after")
    def _asks_something(self) -> Asked:
        if not self.model_fields_set:
            raise ValueError("say what is asked, for example `at_most: -2.5` or `any_of: [recent-fracture]`")
        return self


class Reading(Value):
    """What follows if every input named is as asked. All readings that apply are shown, each with its source."""

    when: Annotated[dict[Slug, Asked], Field(min_length=1)]
    """Inputs and what is asked of each."""
    text: Text
    """What follows."""
    recommendations: tuple[RecommendationId, ...] = ()
    """Recommendations that say more."""
    source: Source | None = None
    """Where it is stated."""


class Calculator(Value):
    """Inputs and readings of one tool."""

    inputs: Annotated[tuple[Input, ...], Field(min_length=1)]
    """What is asked, in order."""
    readings: Annotated[tuple[Reading, ...], Field(min_length=1)]
    """What may follow."""
    otherwise: Text | None = None
    """What is said when everything is answered and no reading applies."""

    @model_validator(mode="after")
    def _names_exist(self) -> Calculator:
        known = {one.id: one for one in self.inputs}
        if len(known) != len(self.inputs):
            raise ValueError("two inputs have the same id")
        for reading in self.readings:
            for name, asked in reading.when.items():
                if name != TOTAL and name not in known:
                    raise ValueError(f"a reading asks for `{name}`, which is no input; inputs are {', '.join(known)}")
                options = {option.id for option in known[name].options} if name != TOTAL else set()
                for option in (*asked.one_of, *asked.any_of, *asked.all_of, *asked.none_of):
                    if option not in options:
                        raise ValueError(
                            f"`{option}` is no option of `{name}`; options are {', '.join(sorted(options))}"
                        )
        return self

    @property
    def scored(self) -> bool:
        """Whether the options give points."""
        return any(option.points is not None for one in self.inputs for option in one.options)


@dataclass(frozen=True)
class Evaluation:
    """What the answers give."""

    missing: tuple[str, ...]
    """Inputs without an answer, or with a number that cannot be meant."""
    total: float | None
    """Sum of the points, once nothing is missing; none where no points are given."""
    readings: tuple[int, ...]
    """Places, from 0, of the readings that apply."""


def evaluate(calculator: Calculator, answers: Mapping[str, Answer]) -> Evaluation:
    """Evaluate the answers of one patient. Unknown names are ignored; ticks that are left out count as none ticked."""
    given = {one.id: value for one in calculator.inputs if (value := _given(one, answers.get(one.id))) is not None}
    missing = tuple(one.id for one in calculator.inputs if one.id not in given)
    total = None
    if calculator.scored and not missing:
        total = sum(
            option.points or 0
            for one in calculator.inputs
            for option in one.options
            if option.id == given[one.id] or (one.kind == "checks" and option.id in _ticked(given[one.id]))
        )
    asked = given if total is None else {**given, TOTAL: float(total)}
    readings = tuple(
        place
        for place, reading in enumerate(calculator.readings)
        if all(name in asked and _holds(test, asked[name]) for name, test in reading.when.items())
    )
    return Evaluation(missing, total, readings)


def _given(one: Input, answer: Answer | None) -> Answer | None:
    """The answer, if it is one that can be meant."""
    if one.kind == "checks":
        return _ticked(answer) & {option.id for option in one.options}
    if one.kind == "choice":
        return answer if answer in {option.id for option in one.options} else None
    if not isinstance(answer, int | float) or answer != answer:  # noqa: PLR0124 - not a number
        return None
    low = one.minimum if one.minimum is not None else answer
    high = one.maximum if one.maximum is not None else answer
    return float(answer) if low <= answer <= high else None


def _ticked(answer: Answer | None) -> frozenset[str]:
    return answer if isinstance(answer, frozenset) else frozenset()


def _holds(asked: Asked, answer: Answer) -> bool:
    if isinstance(answer, frozenset):
        return (
            (not asked.any_of or bool(answer & set(asked.any_of)))
            and answer >= set(asked.all_of)
            and not answer & set(asked.none_of)
        )
    if isinstance(answer, str):
        return answer in asked.one_of
    return (
        (asked.at_least is None or answer >= asked.at_least)
        and (asked.above is None or answer > asked.above)
        and (asked.at_most is None or answer <= asked.at_most)
        and (asked.below is None or answer < asked.below)
    )


def as_data(calculator: Calculator, language: str) -> dict[str, Any]:
    """The rules as the script in the page reads them: no words, for those stand in the page already."""
    return {
        "inputs": [
            {
                "id": one.id,
                "kind": one.kind,
                "minimum": one.minimum,
                "maximum": one.maximum,
                "options": {option.id: option.points for option in one.options},
                "name": in_language(one.name, language),
            }
            for one in calculator.inputs
        ],
        "scored": calculator.scored,
        "readings": [
            {name: asked.model_dump(exclude_defaults=True) for name, asked in reading.when.items()}
            for reading in calculator.readings
        ],
    }
