"""The rules by which a certainty is suggested, as data (``rules.yml``)."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import Field

from guidewright.evidence.studies import Design
from guidewright.values import Slug, Source, Text, Value

#: The reasons of the GRADE approach: five rate down, three rate up.
DOWN = ("risk-of-bias", "inconsistency", "indirectness", "imprecision", "publication-bias")
UP = ("large-effect", "dose-response", "opposing-confounding")
Reason = Literal[
    "risk-of-bias",
    "inconsistency",
    "indirectness",
    "imprecision",
    "publication-bias",
    "large-effect",
    "dose-response",
    "opposing-confounding",
]

#: A number, or the name of a parameter that has one.
Limit = Annotated[float | Slug, Field(union_mode="left_to_right")]


class CertaintyLevel(Value):
    """One of the four levels."""

    id: Slug
    """Name."""
    points: int
    """Its place: 4 for the highest to 1."""
    sign: str
    """How tables draw it."""
    label: Text
    """Its label."""
    meaning: Text
    """What it means to a reader."""


class Start(Value):
    """The level at which evidence of a design starts."""

    designs: tuple[Design, ...]
    """Designs of the studies."""
    level: Slug
    """The level."""
    label: Text
    """In words."""
    reading: Text | None = None
    """Where the approach is silent and this is our reading."""


class Parameter(Value):
    """A number that rules compare with, declared once, with its source."""

    id: Slug
    """Name."""
    value: float
    """The number."""
    unit: str | None = None
    """Its unit."""
    label: Text
    """What it is."""
    sources: Annotated[tuple[Slug, ...], Field(min_length=1)]
    """Where it stands, by name of a reference."""
    reading: Text | None = None
    """Where the source gives no number and this is our reading."""


class Condition(Value):
    """What a rule asks of one fact."""

    fact: Slug
    """Name of the fact."""
    equals: bool | None = Field(default=None, alias="is")
    """For facts that are true or false."""
    at_least: Limit | None = None
    """For numbers."""
    above: Limit | None = None
    """For numbers."""
    below: Limit | None = None
    """For numbers."""


class CertaintyRule(Value):
    """One rule of a reason: by how many levels it rates, if all its conditions hold."""

    id: Slug
    """Name."""
    when: tuple[Condition, ...] = ()
    """Conditions; none for the last rule, which holds where no other does."""
    levels: Annotated[int, Field(ge=-2, le=2)]
    """Levels down (negative) or up."""
    label: Text
    """The rule in words."""


class ReasonRules(Value):
    """The rules of one reason, tried in order."""

    id: Reason
    """Name."""
    direction: Literal["down", "up"]
    """Whether it rates down or up."""
    label: Text
    """Its label."""
    sources: Annotated[tuple[Slug, ...], Field(min_length=1)]
    """Where the reason is described, by name of a reference."""
    rules: Annotated[tuple[CertaintyRule, ...], Field(min_length=1)]
    """Its rules."""
    reading: Text | None = None
    """What is our reading."""

    @property
    def facts(self) -> tuple[str, ...]:
        """Facts that its rules ask for, in order of first use."""
        return tuple(dict.fromkeys(condition.fact for rule in self.rules for condition in rule.when))


class OverallRule(Value):
    """How the certainty of a question follows from that of its outcomes."""

    label: Text
    """The rule in words."""
    sources: Annotated[tuple[Slug, ...], Field(min_length=1)]
    """Where it stands, by name of a reference."""
    reading: Text
    """What is our reading."""


class CertaintyRules(Value):
    """All of it."""

    id: Slug
    """Name."""
    title: Text
    """Title."""
    references: dict[Slug, Source]
    """Sources by name."""
    levels: tuple[CertaintyLevel, ...]
    """Levels, highest first."""
    starts: tuple[Start, ...]
    """Where designs start; a body of several designs starts at the lowest."""
    start_sources: tuple[Slug, ...]
    """Where that stands."""
    parameters: tuple[Parameter, ...]
    """Numbers."""
    up_needs_no_down: Text
    """When reasons to rate up count."""
    overall: OverallRule
    """The certainty of a question."""
    reasons: tuple[ReasonRules, ...]
    """The eight reasons."""

    @cached_property
    def numbers(self) -> dict[str, float]:
        """Parameters by name."""
        return {one.id: one.value for one in self.parameters}

    def level(self, identifier: str) -> CertaintyLevel:
        """A level by name."""
        return next(one for one in self.levels if one.id == identifier)

    def at(self, points: int) -> str:
        """The level with so many points; what lies beyond the ends is the end."""
        inside = min(max(points, self.levels[-1].points), self.levels[0].points)
        return next(one.id for one in self.levels if one.points == inside)

    def limit(self, limit: float | str) -> float:
        """The number behind a limit."""
        return self.numbers[limit] if isinstance(limit, str) else limit

    def model_post_init(self, _context: Any) -> None:
        """Check that every name that the rules use is declared."""
        used = {
            limit
            for reason in self.reasons
            for rule in reason.rules
            for condition in rule.when
            for limit in (condition.at_least, condition.above, condition.below)
            if isinstance(limit, str)
        }
        listed = [
            *(one.sources for one in self.parameters),
            *(one.sources for one in self.reasons),
            self.start_sources,
            self.overall.sources,
        ]
        named = {name for sources in listed for name in sources}
        unknown = sorted((used - set(self.numbers)) | (named - set(self.references)))
        if unknown:
            raise ValueError(f"not declared: {', '.join(unknown)}")
        if tuple(one.id for one in self.reasons) != DOWN + UP:
            raise ValueError("`reasons` must be the eight of the approach, in their order")
