"""Grading schemes as data (``schemes/*.yml``) and the one in force in a project (``grading/scheme.yml``)."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import Field

from guidewright.evidence.studies import Design
from guidewright.values import (
    ActorId,
    ISODate,
    SchemeId,
    Slug,
    Source,
    Text,
    Value,
)


class LevelRule(Value):
    """Which designs have a level."""

    level: str = Field(examples=["I"])
    """Name of the level; levels are listed from the strongest to the weakest."""
    label: Text
    """What the level means."""
    designs: tuple[Design, ...]
    """Designs that have this level."""
    reading: Text | None = None
    """Where the scheme is silent and this is our reading: why."""


class ReviewRule(Value):
    """How a systematic review gets its level."""

    designs: tuple[Design, ...]
    """Designs that count as reviews."""
    level: Literal["lowest-included"]
    """The review takes the lowest level among the studies it includes."""
    reading: Text | None = None
    """Why."""


class NotGradable(Value):
    """Designs for which the scheme has no level."""

    designs: tuple[Design, ...]
    """The designs."""
    reason: Text
    """Why they have none."""


class Flaw(Value):
    """A recorded fact that makes a study of the top level one of lesser quality."""

    id: Slug
    """Name of the flaw."""
    fact: Literal["blinding", "randomisation", "follow_up_percent"]
    """The fact of the study that is looked at."""
    equals: str | None = None
    """The study has the flaw if the fact has this value."""
    unclear: str | None = None
    """The fact counts as unknown if it has this value."""
    below: float | None = None
    """The study has the flaw if the fact is below this number."""
    designs: tuple[Design, ...] = ()
    """Designs that have the flaw by their nature, whatever is recorded of the fact."""
    label: Text
    """The flaw in words."""


class QualityRule(Value):
    """Quality of the studies of one level: high unless a flaw is recorded, undetermined while a fact is unknown."""

    level: str
    """The level that has a quality grade."""
    flaws: tuple[Flaw, ...]
    """The flaws that lower it."""


class Condition(Value):
    """What a rule asks of one study of the highest level present. A condition left out is not asked."""

    kind: Literal["study", "review"] | None = None
    """Single study or systematic review."""
    level: str | None = None
    """Its level."""
    quality: Literal["high", "lesser"] | None = None
    """Its quality."""
    finding: Literal["significant", "null-precise", "null-imprecise"] | None = None
    """What it found."""
    homogeneous: bool | None = None
    """For a review: whether its results are homogeneous."""


class StrengthRule(Value):
    """One row of the scheme's table of strengths."""

    id: str = Field(examples=["1.1"])
    """Name by which traces quote the rule."""
    label: Text
    """The rule in words."""
    when: Condition | None = None
    """Fires if one study of the highest level present meets it."""
    directions_differ: str | None = None
    """Fires if the studies of this level, being the highest present, differ in direction. Where the clause claims that
    two options are alike, one of them must carry that claim, so that there is something to contradict."""
    fewer_than_minimum: str | None = None
    """Fires if studies of this level carry a strength for which the project asks for more independent studies."""
    reading: Text | None = None
    """Where the scheme is silent and this is our reading: why."""


class Strength(Value):
    """A strength of recommendation and the rules that give it. Strengths are listed from the strongest."""

    strength: str = Field(examples=["1"])
    """Name of the strength."""
    label: Text
    """Its label."""
    meaning: Text
    """What it means to a reader, in plain words."""
    same_direction: bool = False
    """Refused when the studies of the highest level present differ in direction."""
    minimum_studies_apply: bool = False
    """Refused when fewer independent studies of the highest level are present than the project asks for."""
    equivalence_finding: Literal["null-precise"] | None = None
    """The finding that every rule of this strength asks for when the clause claims that two options are alike."""
    rules: Annotated[tuple[StrengthRule, ...], Field(min_length=1)]
    """The rules that give it."""


class Scheme(Value):
    """A grading scheme: levels of single studies, quality, and strengths of a clause."""

    id: Slug
    """Name of the scheme."""
    title: Text
    """Its title."""
    standing: Literal["verified", "partial", "knowledge"]
    """``verified``: the rules were read in the source; otherwise shown as not verified."""
    sources: Annotated[tuple[Source, ...], Field(min_length=1)]
    """Where the rules stand."""
    levels: Annotated[tuple[LevelRule, ...], Field(min_length=1)]
    """Levels, strongest first."""
    reviews: ReviewRule
    """How reviews get a level."""
    not_gradable: tuple[NotGradable, ...] = ()
    """Designs without a level."""
    quality: QualityRule
    """Quality of the top level."""
    strengths: Annotated[tuple[Strength, ...], Field(min_length=1)]
    """Strengths, strongest first."""

    def __hash__(self) -> int:
        """By name, so that what follows from a scheme can be kept; its texts are dictionaries and have no hash."""
        return hash(self.id)

    @cached_property
    def level_names(self) -> tuple[str, ...]:
        """Levels from the strongest to the weakest."""
        return tuple(rule.level for rule in self.levels)

    def model_post_init(self, _context: Any) -> None:
        """Check that the scheme says one thing about each design."""
        named: dict[Design, str] = {}
        places = [(rule.level, rule.designs) for rule in self.levels]
        places += [
            ("reviews", self.reviews.designs),
            *(("not_gradable", n.designs) for n in self.not_gradable),
        ]
        for place, designs in places:
            for design in designs:
                if design in named:
                    raise ValueError(f"design `{design}` is both under {named[design]} and under {place}")
                named[design] = place


class SchemeChoice(Value):
    """The scheme in force in a project and what the project declares about it (``grading/scheme.yml``)."""

    scheme: SchemeId
    """Name of a built-in scheme."""
    significance: Annotated[float, Field(gt=0, lt=1)] = 0.05
    """Two-sided p below which a finding is significant, when no interval is known. Default 0.05, the convention
    of the trials that are graded; it must be declared before grading."""
    i_squared_below: Annotated[float, Field(gt=0, le=100)]
    """I2 in percent below which results that agree in direction are homogeneous."""
    minimum_studies: Annotated[int, Field(ge=1)] = 1
    """Independent studies of the highest level that strength 1 needs. Default 1, as the scheme asks for no more."""
    declared: ISODate
    """When these were declared."""
    declared_by: ActorId
    """Person or group of ``guideline.yml`` who declared them."""
    reason: Text
    """Why these values."""
