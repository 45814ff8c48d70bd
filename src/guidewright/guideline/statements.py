"""What a published edition states, kept as stated and apart from the studies' own facts
(``guideline_src/editions/<edition>-as-published.yml``).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from guidewright.values import (
    CitationKey,
    GroupId,
    ISODate,
    RecommendationId,
    Slug,
    Source,
    Text,
    Value,
)


class StatedNumber(Value):
    """A number that the edition prints of a study."""

    what: Text
    """What it counts or measures."""
    values: Annotated[tuple[float, ...], Field(min_length=1)]
    """One number, or the two ends of a range."""
    unit: str | None = Field(default=None, examples=["%", "ml", "months"])
    """Its unit."""


class Claim(Value):
    """What the edition says of one or several references. Fields left out are not said."""

    cites: Annotated[tuple[CitationKey, ...], Field(min_length=1)]
    """The references."""
    recommendation: RecommendationId
    """Where it says so."""
    counted: bool = True
    """False where the reference is cited but not counted as evidence."""
    author: str | None = None
    """First author as printed."""
    year: int | None = None
    """Year as printed."""
    journal: str | None = None
    """Journal as printed."""
    kind: str | None = None
    """Kind of publication as printed."""
    level: str | None = None
    """Level as printed in the sentence."""
    design: str | None = None
    """Design as printed."""
    blinding: Literal["double-blind", "single-blind", "open"] | None = None
    """Blinding as printed."""
    participants: int | None = None
    """Number of participants as printed."""
    population: Text | None = None
    """Patients as described."""
    comparison: Text | None = None
    """What is said to be compared."""
    comparator: Text | None = None
    """Comparator as described."""
    outcome: Text | None = None
    """Outcome named."""
    follow_up: Text | None = None
    """Follow-up as printed."""
    direction: Literal["for", "against", "no-difference"] | None = None
    """Direction of the result as described, seen from the intervention."""
    conclusion: Text | None = None
    """What the edition says that it shows, in our words."""
    explanation: Text | None = None
    """How the edition explains the result."""
    interval_or_margin: Literal["not stated"] | None = None
    """Recorded where an equivalence is claimed without an interval or margin."""
    numbers: tuple[StatedNumber, ...] = ()
    """Numbers printed."""


class PrintedLabel(Value):
    """Words printed around a strength, which may drift between recommendations."""

    recommendations: Annotated[tuple[RecommendationId, ...], Field(min_length=1)]
    """Where."""
    strength_label: str
    """Word printed before the strength."""
    condition: str
    """Abbreviation printed for the condition."""


class Expansion(Value):
    """How the edition spells out an abbreviation."""

    where: str
    """Part of the text."""
    term: str
    """Abbreviation."""
    expansion: str
    """Words it is spelt out with."""


class CrossReference(Value):
    """One recommendation's text that points to another."""

    from_: RecommendationId = Field(alias="from")
    """The pointing recommendation."""
    to: RecommendationId
    """The recommendation it names."""
    topic: Text
    """The topic it says is found there."""


class PrintedGroup(Value):
    """A group with its size and duties as printed."""

    group: GroupId
    """The group of ``guideline.yml``."""
    size: int
    """Size as printed."""
    duties: tuple[Text, ...]
    """Duties as printed."""


class Remark(Value):
    """Anything else that the edition states or leaves out."""

    id: Slug
    """Identifier."""
    topic: Text
    """What it is about."""
    text: Text
    """What is stated, or that nothing is."""
    source: Source
    """Where."""
    reported: bool = True
    """False where the remark is that something is not reported."""
    asked_by: tuple[str, ...] = Field(default=(), examples=[["right-15", "agree2-10"]])
    """Items of the audit's checklists that ask for it."""


class Wording(Value):
    """Words of the edition for a thing that it words differently elsewhere."""

    where: str
    """Part of the text."""
    what: Text
    """The thing; the same in each wording of it."""
    words: Text
    """How it is worded there, in our words."""


class Meetings(Value):
    """Consensus meetings as printed."""

    number: int
    """How many."""
    date_from: ISODate
    """First month or day."""
    date_to: ISODate
    """Last month or day."""


class AsPublished(Value):
    """A published edition's own statements, errors included."""

    edition: str
    """Label of the edition."""
    cite: CitationKey
    """The publication."""
    labels: tuple[PrintedLabel, ...] = ()
    """Words around the strengths."""
    expansions: tuple[Expansion, ...] = ()
    """How abbreviations are spelt out."""
    wordings: tuple[Wording, ...] = ()
    """Things that the edition words differently in different places."""
    cross_references: tuple[CrossReference, ...] = ()
    """Pointers between recommendations."""
    meetings: Meetings | None = None
    """Consensus meetings."""
    groups: tuple[PrintedGroup, ...] = ()
    """Groups as printed."""
    remarks: tuple[Remark, ...] = ()
    """Other statements, and what is not stated."""
    claims: tuple[Claim, ...] = ()
    """What is said of each reference."""
