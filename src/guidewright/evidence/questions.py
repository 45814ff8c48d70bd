"""PICOS questions and the outcomes that answer them (``evidence/questions/*.yml``)."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from guidewright.values import (
    Fact,
    ISODate,
    Slug,
    Source,
    Text,
    Value,
)


class QuestionType(StrEnum):
    """What kind of question it is; a grading scheme may hold a table of levels for each."""

    THERAPEUTIC = "therapeutic"
    DIAGNOSTIC = "diagnostic"
    PROGNOSTIC = "prognostic"
    ECONOMIC = "economic"
    PREVALENCE = "prevalence"
    HARM = "harm"
    SCREENING = "screening"


class Outcome(Value):
    """An outcome of a question, with what counts as better and as a difference that matters."""

    id: Slug = Field(examples=["pain"])
    """Name by which extracted rows and analyses refer to the outcome."""
    name: Text
    """The outcome in words."""
    better: Literal["lower", "higher"] = Field(examples=["lower"])
    """Whether a lower or a higher value (or fewer or more events) is better for the patient."""
    scale: str | None = Field(default=None, examples=["0-10"])
    """Instrument or range of the scale."""
    importance: Annotated[int, Field(ge=1, le=9)] | None = None
    """GRADE importance: 7-9 critical, 4-6 important, 1-3 of limited importance."""
    minimal_important_difference: Fact[Annotated[float, Field(gt=0)]] | None = None
    """Smallest difference that matters to patients, in units of the scale (ratios: the distance from 1 on the
    log scale is not used; give a difference only). Without it no null finding can be called precise."""


class Origin(Value):
    """Whether the question stands in the published edition or was rebuilt from its recommendations."""

    kind: Literal["stated", "reconstructed"]
    """``stated``: printed by the edition; ``reconstructed``: our reading of it."""
    note: Text | None = None
    """How it was rebuilt."""
    source: Source | None = None
    """Where the edition states it, or the passage it was rebuilt from."""


class Question(Value):
    """One clinical question in PICOS form; the file is called after its ``id``."""

    id: Slug = Field(examples=["q06"])
    """Identifier, equal to the start of the file name."""
    number: Annotated[int, Field(ge=1)]
    """Place in the list of questions."""
    title: Text
    """The question as one sentence."""
    type: QuestionType
    """Kind of question."""
    population: Text
    """P: the patients."""
    intervention: Text
    """I: the intervention, test or factor."""
    comparator: Text
    """C: what it is compared with."""
    outcomes: Annotated[tuple[Outcome, ...], Field(min_length=1)]
    """O: the outcomes, most important first."""
    study_designs: Text
    """S: the study designs that can answer it."""
    origin: Origin
    """Where the question comes from."""
    updated: ISODate | None = None
    """When the question was last changed."""
