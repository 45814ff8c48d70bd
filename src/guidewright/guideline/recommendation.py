"""Recommendations and their clauses (``guideline_src/recommendations/*.md``)."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from guidewright.values import (
    ActorId,
    AnalysisId,
    AspectId,
    CitationKey,
    Fact,
    ISODate,
    Language,
    OutcomeId,
    QuestionId,
    Slug,
    Source,
    TermId,
    Text,
    ToolId,
    Value,
)


class Role(StrEnum):
    """What a citation is for."""

    EVIDENCE = "evidence"
    BACKGROUND = "background"
    GUIDELINE = "guideline"
    METHOD = "method"


class Evidence(Value):
    """A reference that carries a clause, with the level that the edition states for it."""

    cite: CitationKey
    """The reference."""
    stated_level: str | None = Field(default=None, examples=["I"])
    """Level as stated by the edition; never used to compute, always shown beside what is computed."""


class Deciding(Value):
    """An extracted result that says what a study found for this clause."""

    outcome: OutcomeId
    """Outcome."""
    time_point: str
    """Time point."""
    intervention: TermId | None = None
    """Group 1, where several were extracted."""
    subgroup: Slug | None = None
    """Subset of participants, none for all."""


class Stated(Value):
    """The strength that the authors print."""

    strength: str = Field(examples=["1"])
    """Strength, in the words of the scheme."""
    source: Source | None = None
    """Where it is printed."""


class Override(Value):
    """A strength chosen against the rule. It is displayed beside what the rule said."""

    strength: str
    """The chosen strength."""
    by: ActorId
    """Person or group."""
    date: ISODate
    """When."""
    reason: Text
    """Why."""


class Decided(Value):
    """What a group decided about a clause where a scheme asks for a judgement that no fact of a study tells."""

    value: str = Field(examples=["direct"])
    """The decision, one of the values that the scheme names."""
    by: ActorId
    """Person or group."""
    date: ISODate
    """When."""
    reason: Text
    """Why."""


class OtherGuidance(Value):
    """What another publication advises on the matter of a clause."""

    cite: CitationKey
    """The publication."""
    direction: Literal["for", "against", "either"]
    """What it advises, seen from the intervention of the clause."""
    says: Text
    """Its advice in a few words."""
    source: Source
    """Where it says so."""


class Clause(Value):
    """One statement of a recommendation, with its own evidence and strength."""

    id: Annotated[str, Field(pattern=r"^[a-z]$", examples=["a"])]
    """Letter of the clause; the clause is quoted as ``r06a``."""
    statement: Text
    """What is recommended."""
    about: Text
    """Two or three words that tell the clauses of a recommendation apart."""
    direction: Literal["for", "against", "either"]
    """Whether the clause recommends the intervention, advises against it, or leaves the choice open."""
    claim: Literal["effect", "equivalence"] = "effect"
    """``equivalence`` where the clause says that two options are alike: only a precise null finding supports it."""
    question: QuestionId
    """The question it answers."""
    stated: Stated | None = None
    """The strength that the authors print."""
    evidence: tuple[Evidence, ...] = ()
    """The references that carry it."""
    reading: Text | None = None
    """Where the assignment of evidence to this clause is our reading: on what it rests."""
    decided_by: tuple[Deciding, ...] = ()
    """Which extracted result of a study is its finding, the first that exists counts."""
    analyses: tuple[AnalysisId, ...] = ()
    """Analyses shown with the clause."""
    judged: dict[Slug, Decided] = Field(default_factory=dict)
    """What a group decided where a scheme asks for it (``judged`` of the scheme), by the name it gives the question."""
    other_guidance: tuple[OtherGuidance, ...] = ()
    """What other guidelines and experts advise on the same matter, agreeing or not."""
    override: Override | None = None
    """A strength chosen against the rule."""


class Citation(Value):
    """A reference cited in the rationale without carrying a clause."""

    cite: CitationKey
    """The reference."""
    role: Literal[Role.BACKGROUND, Role.GUIDELINE, Role.METHOD]
    """What it is cited for."""


class Recommendation(Value):
    """One recommendation: front matter of the file; the rationale is the prose below it."""

    id: Slug = Field(examples=["r06"])
    """Identifier, equal to the start of the file name."""
    number: Annotated[int, Field(ge=1)]
    """Number in the guideline."""
    title: Text
    """Title of the page."""
    aspect: AspectId
    """Part of the guideline."""
    section: str | None = None
    """Section of the published text."""
    population: Text
    """For whom."""
    not_for: Text | None = None
    """For whom not, or when not."""
    practical: Text | None = None
    """What to watch in practice."""
    clauses: Annotated[tuple[Clause, ...], Field(min_length=1)]
    """The statements."""
    cited: tuple[Citation, ...] = ()
    """References cited without carrying a clause."""
    evidence_count_stated: Fact[int] | None = None
    """Number of references that the edition says it rests on."""
    change: Literal["new", "kept", "changed", "not-stated"] = "not-stated"
    """Change from the edition before."""
    tools: tuple[ToolId, ...] = ()
    """Scores, thresholds and tables that belong to it."""
    outdated_in: tuple[Language, ...] = Field(default=(), examples=[["en"]])
    """Languages whose wording is older than that of the others; their pages say so until it is brought up to date."""


class Chapter(Value):
    """A chapter of prose (``guideline_src/chapters/*.md``): front matter of the file."""

    id: Slug
    """Identifier, equal to the file name without ``.md``."""
    title: Text
    """Title."""
    order: Annotated[int, Field(ge=1)]
    """Place among the chapters."""
    place: Literal["guideline", "methods", "about"] = "guideline"
    """Part of the site where it stands."""
    summary: Text | None = None
    """One sentence for the list of chapters."""
    outdated_in: tuple[Language, ...] = Field(default=(), examples=[["en"]])
    """Languages whose wording is older than that of the others; their pages say so until it is brought up to date."""
