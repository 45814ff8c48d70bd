"""Which studies have which level: the part of a scheme that reads single studies."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from guidewright.evidence.questions import QuestionType
from guidewright.evidence.studies import Design
from guidewright.grading.facts import Finding
from guidewright.values import Slug, Source, Text, Value

Standing = Literal["verified", "partial", "knowledge"]


class AskedValue(Value):
    """One value of a fact that a scheme asks for."""

    id: Slug
    """The value as files write it."""
    label: Text
    """The value in words."""


class AskedFact(Value):
    """A fact that a scheme asks for and that study files have no field of their own for, with its possible values."""

    id: Slug = Field(examples=["consecutive-patients"])
    """Name of the fact, as study files (``for_grading``) or clauses (``judged``) write it."""
    label: Text
    """The fact in words."""
    values: Annotated[tuple[AskedValue, ...], Field(min_length=2)]
    """What it may be. While it is not recorded, it may be any of these."""


class LevelCell(Value):
    """One way to have a level. Of what is left out nothing is asked."""

    label: Text
    """The studies in words."""
    designs: Annotated[tuple[Design, ...], Field(min_length=1)]
    """Designs of such studies."""
    quality: Literal["high", "lesser"] | None = None
    """``high``: none of the scheme's flaws is recorded; ``lesser``: one is."""
    finding: tuple[Finding, ...] = ()
    """What they found, one of these."""
    homogeneous: bool | None = None
    """For reviews: whether their results are homogeneous."""
    included: tuple[str, ...] = ()
    """For reviews: the lowest level among the studies they include is one of these."""
    included_designs: tuple[Design, ...] = ()
    """For reviews: they include studies of these designs only."""
    facts: dict[Slug, tuple[str, ...]] = Field(default_factory=dict)
    """Further facts, by the names under ``facts``: each has one of these values."""
    reading: Text | None = None
    """Where the scheme is silent and this is our reading: why."""
    standing: Standing | None = None
    """How far this cell was checked, where it differs from the scheme as a whole."""

    @property
    def unconditional(self) -> bool:
        """Whether the design alone decides."""
        asks = (self.quality, self.finding, self.included, self.included_designs, self.facts)
        return self.homogeneous is None and not any(asks)


class LevelRule(Value):
    """A level and the studies that have it."""

    level: str = Field(examples=["I"])
    """Name of the level; levels are listed from the strongest to the weakest."""
    label: Text
    """What the level means."""
    designs: tuple[Design, ...] = ()
    """Designs that have this level, whatever else is known of the study."""
    cells: tuple[LevelCell, ...] = ()
    """Other ways to have it, where more than the design decides."""
    reading: Text | None = None
    """Where the scheme is silent and this is our reading: why."""
    standing: Standing | None = None
    """How far this row was checked, where it differs from the scheme as a whole."""

    @property
    def ways(self) -> tuple[LevelCell, ...]:
        """All ways to have the level."""
        plain = (LevelCell(label=self.label, designs=self.designs, reading=self.reading),) if self.designs else ()
        return (*plain, *self.cells)


class LevelTable(Value):
    """The levels for one type of question or several. Rows are tried from the first; the first that fits decides."""

    questions: Annotated[tuple[QuestionType, ...], Field(min_length=1)]
    """Types of question for which the table holds."""
    rows: Annotated[tuple[LevelRule, ...], Field(min_length=1)]
    """Its rows, strongest first."""
    reading: Text | None = None
    """Where the choice of questions is our reading: why."""
    sources: tuple[Source, ...] = ()
    """Where the table stands, if elsewhere than the scheme."""


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
    """A recorded fact that makes a study one of lesser quality."""

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
    concerns: tuple[Design, ...] = ()
    """Designs of which the fact is asked; empty for all."""
    label: Text
    """The flaw in words."""


class QualityRule(Value):
    """Quality of a study: high unless a flaw is recorded, undetermined while a fact is unknown."""

    level: str | None = None
    """The level that has a quality grade beside it; left out where quality only helps to choose the level."""
    flaws: Annotated[tuple[Flaw, ...], Field(min_length=1)]
    """The flaws that lower it."""
