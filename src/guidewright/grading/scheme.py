"""Grading schemes as data (``schemes/*.yml``) and the one in force in a project (``grading/scheme.yml``)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import Field

from guidewright.evidence.questions import QuestionType
from guidewright.evidence.studies import Design
from guidewright.grading.level_table import (
    AskedFact,
    LevelRule,
    LevelTable,
    NotGradable,
    QualityRule,
    ReviewRule,
    Standing,
)
from guidewright.values import ActorId, ISODate, SchemeId, Slug, Source, Text, Value


class Condition(Value):
    """What a rule asks of one study of the highest level present. A condition left out is not asked."""

    kind: Literal["study", "review"] | None = None
    """Single study or systematic review."""
    level: str | tuple[str, ...] | None = None
    """Its level, or one of these."""
    quality: Literal["high", "lesser"] | None = None
    """Its quality."""
    finding: Literal["significant", "null-precise", "null-imprecise"] | None = None
    """What it found."""
    homogeneous: bool | None = None
    """For a review: whether its results are homogeneous."""

    @property
    def levels(self) -> tuple[str, ...]:
        """The levels it asks for; none if it asks for no level."""
        return () if self.level is None else (self.level,) if isinstance(self.level, str) else self.level

    def allows(self, level: str) -> bool:
        """Whether a study of this level may meet it."""
        return self.level is None or level in self.levels


class StrengthRule(Value):
    """One row of the scheme's table of strengths. It fires if everything that it asks holds."""

    id: str = Field(examples=["1.1"])
    """Name by which traces quote the rule."""
    label: Text
    """The rule in words."""
    when: Condition | None = None
    """What studies of the highest level present must be."""
    at_least: Annotated[int, Field(ge=1)] = 1
    """How many studies must meet ``when``."""
    same_direction: bool = False
    """The studies of the highest level present agree in direction."""
    mostly: bool = False
    """More than half of the studies that count are of the highest level present."""
    no_studies: bool = False
    """No study has a level that can carry a strength."""
    directions_differ: str | tuple[str, ...] | None = None
    """The studies of this level (or one of these), being the highest present, differ in direction. Where the clause
    claims that two options are alike, one of them must carry that claim, so that there is something to contradict."""
    fewer_than_minimum: str | None = None
    """Studies of this level carry a strength for which the project asks for more independent studies."""
    judged: dict[Slug, tuple[str, ...]] = Field(default_factory=dict)
    """What a group decided about the clause, by the names under ``judged`` of the scheme: one of these values."""
    reading: Text | None = None
    """Where the scheme is silent and this is our reading: why."""
    standing: Standing | None = None
    """How far this rule was checked, where it differs from the scheme as a whole."""
    sources: tuple[Source, ...] = ()
    """Where the rule stands, if elsewhere than the scheme."""

    @property
    def differing_levels(self) -> tuple[str, ...]:
        """Levels at which differing directions fire it."""
        levels = self.directions_differ
        return () if levels is None else (levels,) if isinstance(levels, str) else levels

    @property
    def of_one_study(self) -> bool:
        """Whether it asks for nothing but one study."""
        asks_more = self.mostly or self.no_studies or self.judged or self.differing_levels or self.fewer_than_minimum
        return self.when is not None and self.at_least == 1 and not (asks_more or self.same_direction)


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
    """Name of the scheme, equal to the file name without ``.yml``."""
    title: Text
    """Its title."""
    standing: Standing
    """``verified``: the rules were read in the source; ``partial``: some were; ``knowledge``: from general knowledge.
    What is not verified is shown as such."""
    sources: Annotated[tuple[Source, ...], Field(min_length=1)]
    """Where the rules stand."""
    note: Text | None = None
    """What a reader must know before relying on it."""
    levels_from: SchemeId | None = None
    """Another scheme whose levels, tables and quality this one takes over; then it has none of its own."""
    levels: tuple[LevelRule, ...] = ()
    """Levels, strongest first; none where single studies have no level."""
    tables: tuple[LevelTable, ...] = ()
    """Where the type of question decides: which studies have which level, instead of what ``levels`` says."""
    facts: tuple[AskedFact, ...] = ()
    """Facts of studies that tables ask for and that have no field of their own in study files."""
    reviews: ReviewRule | None = None
    """How reviews get a level, where no table says so."""
    not_gradable: tuple[NotGradable, ...] = ()
    """Designs without a level."""
    quality: QualityRule | None = None
    """Flaws that make a study one of lesser quality."""
    tiers: tuple[tuple[str, ...], ...] = ()
    """Levels that count as equally strong when the highest present is looked for; left out: each for itself."""
    no_basis: tuple[str, ...] = ()
    """Levels that never carry a strength."""
    judged: tuple[AskedFact, ...] = ()
    """What a group must decide about a clause, since no fact of a study tells it."""
    strengths: tuple[Strength, ...] = ()
    """Strengths, strongest first; none in a scheme of levels only."""

    def __hash__(self) -> int:
        """By name, so that what follows from a scheme can be kept; its texts are dictionaries and have no hash."""
        return hash(self.id)

    @cached_property
    def level_names(self) -> tuple[str, ...]:
        """Levels from the strongest to the weakest."""
        return tuple(rule.level for rule in self.levels)

    @cached_property
    def ranks(self) -> dict[str, int]:
        """Place of each level that can carry a strength, 0 for the strongest; levels of a tier share it."""
        tiers = self.tiers or tuple((level,) for level in self.level_names if level not in self.no_basis)
        return {level: rank for rank, tier in enumerate(tiers) for level in tier}

    @property
    def level_words(self) -> str:
        """The scheme whose level names these are."""
        return self.levels_from or self.id

    @property
    def rules(self) -> Iterator[tuple[Strength, StrengthRule]]:
        """Every rule with its strength, in the order in which they are tried."""
        return ((strength, rule) for strength in self.strengths for rule in strength.rules)

    def table(self, question: QuestionType) -> tuple[LevelRule, ...] | None:
        """The rows that decide for a type of question; nothing if the scheme has no table for it."""
        if not self.tables:
            return self.levels
        return next((table.rows for table in self.tables if question in table.questions), None)

    def model_post_init(self, _context: Any) -> None:
        """Check that the scheme says one thing about each design, and names nothing that it does not have."""
        if self.levels_from is not None:
            owned = ("levels", "tables", "facts", "reviews", "not_gradable", "quality")
            if own := [name for name in owned if name in self.model_fields_set]:
                raise ValueError(f"`{own[0]}` is taken from `{self.levels_from}`; delete it or `levels_from`")
            return
        for fault in faults_of(self):
            raise ValueError(fault)

    def with_levels_of(self, other: Scheme) -> Scheme:
        """This scheme with the levels of the one that it names.

        Raises ValueError if its rules name a level that the other does not have.
        """
        names = ("levels", "tables", "facts", "reviews", "not_gradable", "quality")
        whole = self.model_copy(update={name: getattr(other, name) for name in names})
        for fault in faults_of(whole):
            raise ValueError(fault)
        return whole


def faults_of(scheme: Scheme) -> Iterator[str]:
    """What in a scheme contradicts itself or names what is not there."""
    yield from _designs_twice(scheme)
    yield from _given_twice(scheme)
    yield from _unknown_levels(scheme)
    for asked, said in _facts_named(scheme):
        values = {fact.id: {value.id for value in fact.values} for fact in asked}
        for name, wanted in said.items():
            if name not in values:
                yield f"`{name}` is no fact that the scheme declares"
            elif odd := [value for value in wanted if value not in values[name]]:
                yield f"`{odd[0]}` is no value of `{name}`"
    if any(cell.quality for cell in _cells(scheme)) and scheme.quality is None:
        yield "a cell asks for `quality`, and the scheme names no flaws"


def _designs_twice(scheme: Scheme) -> Iterator[str]:
    if scheme.tables:
        return
    named: dict[Design, str] = {}
    places = [(rule.level, cell.designs) for rule in scheme.levels for cell in rule.ways if cell.unconditional]
    places += [("reviews", scheme.reviews.designs)] if scheme.reviews else []
    places += [("not_gradable", none.designs) for none in scheme.not_gradable]
    for place, designs in places:
        for design in designs:
            if design in named:
                yield f"design `{design}` is both under {named[design]} and under {place}"
            named[design] = place


def _given_twice(scheme: Scheme) -> Iterator[str]:
    lists = (
        ("level", [rule.level for rule in scheme.levels]),
        ("strength", [strength.strength for strength in scheme.strengths]),
        ("rule", [rule.id for _strength, rule in scheme.rules]),
        ("level in `tiers`", [level for tier in scheme.tiers for level in tier]),
        ("type of question", [str(question) for table in scheme.tables for question in table.questions]),
    )
    for what, names in lists:
        if twice := [name for n, name in enumerate(names) if name in names[:n]]:
            yield f"{what} `{twice[0]}` stands twice"
    for _strength, rule in scheme.rules:
        asks = rule.when or rule.mostly or rule.no_studies or rule.judged
        if not (asks or rule.differing_levels or rule.fewer_than_minimum):
            yield f"rule `{rule.id}` asks for nothing, so it would always fire"


def _unknown_levels(scheme: Scheme) -> Iterator[str]:
    named = [level for tier in scheme.tiers for level in tier] + list(scheme.no_basis)
    named += [row.level for table in scheme.tables for row in table.rows]
    named += [level for cell in _cells(scheme) for level in cell.included]
    named += [scheme.quality.level] if scheme.quality and scheme.quality.level else []
    for _strength, rule in scheme.rules:
        named += rule.when.levels if rule.when else ()
        named += [*rule.differing_levels, *([rule.fewer_than_minimum] if rule.fewer_than_minimum else [])]
    for level in named:
        if level not in scheme.level_names:
            yield f"`{level}` is no level of the scheme; its levels are {', '.join(scheme.level_names) or 'none'}"
    if scheme.tiers and (left := set(scheme.level_names) - set(scheme.ranks) - set(scheme.no_basis)):
        yield f"level `{min(left)}` is neither in `tiers` nor in `no_basis`"


def _cells(scheme: Scheme) -> Iterator[Any]:
    rows = [*scheme.levels, *(row for table in scheme.tables for row in table.rows)]
    return (cell for row in rows for cell in row.cells)


def _facts_named(scheme: Scheme) -> Iterator[tuple[tuple[AskedFact, ...], dict[str, tuple[str, ...]]]]:
    for cell in _cells(scheme):
        yield scheme.facts, cell.facts
    for _strength, rule in scheme.rules:
        yield scheme.judged, rule.judged


class SchemeChoice(Value):
    """The scheme in force in a project and what the project declares about it (``grading/scheme.yml``)."""

    scheme: SchemeId
    """Name of a built-in scheme, or of one of ``grading/schemes/``."""
    beside: tuple[SchemeId, ...] = ()
    """Further schemes under which every clause is read as well, for comparison; they decide nothing."""
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
