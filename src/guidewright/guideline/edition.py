"""The guideline itself (``guideline_src/guideline.yml``): edition, people, process, update plan."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from guidewright.guideline.interests import Interest
from guidewright.guideline.rounds import Round
from guidewright.values import (
    CitationKey,
    Fact,
    GroupId,
    ISODate,
    Language,
    Slug,
    Source,
    Text,
    Value,
    WebAddress,
)


class Group(Value):
    """A group of the guideline organisation."""

    id: Slug = Field(examples=["steering-committee"])
    """Identifier."""
    name: Text
    """Name."""
    size: Fact[Annotated[int, Field(ge=0)]] | None = None
    """Number of members."""
    duties: tuple[Text, ...] = ()
    """What it does."""
    powers: tuple[Literal["drafts", "votes", "decides", "reviews", "approves", "manages-interests"], ...] = ()
    """The same in words that can be compared: some do not go together in one group, and one group alone decides."""
    source: Source | None = None
    """Where this is stated."""


class Person(Value):
    """A person who is published by name."""

    id: Slug
    """Identifier, used in files of reviewers and voters."""
    name: str
    """Name."""
    groups: tuple[GroupId, ...] = ()
    """Groups the person belongs to."""
    affiliation: str | None = None
    """Institution."""
    discipline: Text | None = None
    """Profession."""
    interests: tuple[Interest, ...] = ()
    """Declared interests; who has nothing to declare says so with kind ``none``; an empty list is no declaration."""


class Statement(Value):
    """A part of the process, in words, with its source."""

    id: Slug
    """Identifier."""
    title: Text
    """Heading."""
    text: Text
    """The statement."""
    source: Source | None = None
    """Where it is stated; none where the group says it here for the first time."""


class Aspect(Value):
    """A part of the guideline to which recommendations belong."""

    id: Slug
    """Identifier."""
    name: Text
    """Name."""


class EarlierEdition(Value):
    """An edition that this one replaces."""

    label: str = Field(examples=["2019"])
    """Its label."""
    recommendations: Fact[int] | None = None
    """How many recommendations or questions it had."""
    kept: Fact[int] | None = None
    """How many of them are kept in this edition."""
    new: Fact[int] | None = None
    """How many recommendations this edition adds to those that are kept."""
    kept_named: Fact[bool] | None = None
    """Whether this edition says which."""


class Guideline(Value):
    """The edition that is being written or re-encoded."""

    id: Slug = Field(examples=["asotlf"])
    """Short name of the guideline."""
    languages: Annotated[dict[Language, str], Field(min_length=1, examples=[{"zh": "中文", "en": "English"}])]
    """Languages of the site and their names; the first is the default."""
    title: Text
    """Title."""
    short_title: Text
    """Title for the header of the site."""
    edition: str = Field(examples=["2025"])
    """Label of the edition."""
    date: ISODate = Field(examples=["2025-06-30"])
    """Date of the edition; every date that the site prints of itself is this one."""
    standing: Text
    """What this site is, in one or two sentences that stand on every page (for example a worked re-encoding)."""
    source_publication: CitationKey | None = None
    """The publication that is re-encoded."""
    summary: Text
    """What the guideline is about, for the home page."""
    population: Text
    """Patients it is about."""
    users: Text
    """Who should use it."""
    aspects: Annotated[tuple[Aspect, ...], Field(min_length=1)]
    """Parts of the guideline, in order."""
    groups: tuple[Group, ...] = ()
    """Groups."""
    people: tuple[Person, ...] = ()
    """People published by name; leave empty where the source names nobody."""
    people_note: Text | None = None
    """What is not known of the people."""
    registration: Fact[str] | None = None
    """Registration number and platform."""
    started: Fact[ISODate] | None = None
    """When the work began; a registration belongs before it."""
    process: tuple[Statement, ...] = ()
    """How the guideline was made, in order."""
    interests: Statement | None = None
    """Declarations of interest."""
    update_plan: Statement | None = None
    """When and how it is updated."""
    rounds: tuple[Round, ...] = Field(
        default=(),
        examples=[
            [
                {
                    "id": "round-1",
                    "method": "nominal-group",
                    "threshold_percent": 75,
                    "quorum": 10,
                    "declared": "2026-01-31",
                }
            ]
        ],
    )
    """Voting rounds."""
    next_review: ISODate | None = None
    """The day by which the guideline is looked at again, at the latest."""
    earlier_editions: tuple[EarlierEdition, ...] = ()
    """Editions that this one replaces."""
    licence: Text | None = None
    """Under which terms the content may be used."""
    site_url: WebAddress | None = None
    """Public address of the site, if it has one."""
