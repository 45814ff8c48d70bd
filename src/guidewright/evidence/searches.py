"""How the literature was searched and what the counts were (``evidence/searches.yml``)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from guidewright.values import (
    DeclaredCountId,
    Fact,
    ISODate,
    Language,
    QuestionId,
    Slug,
    Source,
    StudyId,
    Text,
    Value,
)

#: What was searched. The flow diagram draws databases and registers in one column, everything else in another.
SourceKind = Literal["database", "register", "website", "organisation", "citations", "other"]
#: Boxes of the flow diagram; ``evidence/prisma/boxes.yml`` says what each counts.
FlowBox = Literal[
    "previous-studies",
    "previous-reports",
    "identified",
    "duplicates",
    "automation",
    "removed-other",
    "screened",
    "excluded",
    "sought",
    "not-retrieved",
    "assessed",
    "excluded-reports",
    "other-identified",
    "other-removed",
    "other-sought",
    "other-not-retrieved",
    "other-assessed",
    "other-excluded-reports",
    "new-studies",
    "new-reports",
    "total-studies",
    "total-reports",
]


class Database(Value):
    """One database that was searched."""

    name: str = Field(examples=["PubMed"])
    """Name of the database."""
    platform: str | None = None
    """Interface through which it was searched."""
    kind: SourceKind = "database"
    """What was searched: a bibliographic ``database``, a ``register`` of trials or reviews, a ``website``, the papers
    of an ``organisation``, ``citations`` (reference lists and citing papers), or some ``other`` source."""
    questions: tuple[QuestionId, ...] = ()
    """Questions that it was searched for; none means all of them."""
    searched_on: ISODate | None = None
    """Day of the search."""
    strategy: str | None = None
    """The search string, exactly as it was run."""
    hits: Annotated[int, Field(ge=0)] | None = None
    """Records found; with a checksum, the records read from the file."""
    file: str | None = Field(default=None, examples=["searches/exports/pubmed.nbib"])
    """Raw export file, relative to ``evidence/``."""
    checksum: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", examples=["9f86d081884c7d65" * 4])] | None = None
    """SHA-256 of that file, in hexadecimal: the records are those of exactly this file. Import writes it."""
    columns: tuple[Annotated[str, Field(pattern=r"^[a-z_]+=.+$", examples=["title=TI"])], ...] = ()
    """For a table: ``field=heading``, where import was told which column is what."""

    @property
    def headings(self) -> dict[str, str]:
        """The columns of a table, field -> heading."""
        return {field: heading for field, _, heading in (one.partition("=") for one in self.columns)}


class DeclaredCount(Value):
    """A number of the search or selection that the publication states; it is shown as declared, not computed."""

    id: Slug = Field(examples=["records-english"])
    """Name by which prose quotes it: ``{{ declared("records-english") }}``."""
    label: Text
    """What was counted."""
    number: Annotated[int, Field(ge=0)]
    """The number."""
    source: Source
    """Where it is stated."""
    equals: Literal["evidence", "questions", "recommendations", "databases"] | None = None
    """What of the project it must be equal to: references graded as evidence, questions, and so on."""
    box: FlowBox | None = None
    """Box of the flow diagram in which the number is drawn as declared, where it cannot be computed. A number that can
    be computed and differs is a finding."""
    part: bool = False
    """Whether it is only a part of what the box counts, for example one database or one reason for exclusion; its label
    is then written in the box."""

    @model_validator(mode="after")
    def _part_of_a_box(self) -> DeclaredCount:
        if self.part and self.box is None:
            raise ValueError("a part needs the box that it is a part of: `box: identified`")
        return self


class Sum(Value):
    """A sum that must add up: the parts are identifiers of declared counts."""

    total: DeclaredCountId
    """The declared count that is the sum."""
    parts: Annotated[tuple[DeclaredCountId, ...], Field(min_length=1)]
    """The declared counts that make it up."""


class PreviousReview(Value):
    """The review that this one updates."""

    label: Text | None = Field(default=None, examples=[{"zh": "2019年版", "en": "Edition of 2019"}])
    """What it is called."""
    studies: tuple[StudyId, ...] = ()
    """Studies that it included; what they contribute is counted from here. Leave it out where only numbers are known,
    and declare those in ``counts`` with the boxes ``previous-studies`` and ``previous-reports``."""
    source: Source | None = None
    """The review itself."""


class Searches(Value):
    """The search log and the counts of the selection."""

    date_from: Fact[ISODate] | None = None
    """Start of the search window (publication date)."""
    date_to: Fact[ISODate] | None = None
    """End of the search window."""
    databases: tuple[Database, ...] = ()
    """Databases searched."""
    databases_source: Source | None = None
    """Where the list of databases is stated."""
    terms: dict[Language, tuple[str, ...]] = Field(default_factory=dict)
    """Search terms by language."""
    terms_source: Source | None = None
    """Where the terms are stated."""
    strategy_note: Text | None = None
    """What is not known of the strategy."""
    steps: tuple[Text, ...] = ()
    """Steps of the selection, in order."""
    inclusion: tuple[Text, ...] = ()
    """Inclusion criteria for literature."""
    exclusion: tuple[Text, ...] = ()
    """Exclusion criteria for literature."""
    eligibility_source: Source | None = None
    """Where the criteria are stated."""
    counts: tuple[DeclaredCount, ...] = ()
    """Counts that the publication states."""
    sums: tuple[Sum, ...] = ()
    """Which declared counts add up to which."""
    previous: PreviousReview | None = None
    """For an update: the review before it. The flow diagram then starts from its studies and reports."""
