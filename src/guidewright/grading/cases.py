"""Grading cases that a clinician can read (``cases/*.yml``): what is known of the studies, and what follows.

The tests run them all, and the Methods page prints them.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from guidewright.evidence.questions import QuestionType
from guidewright.evidence.studies import Design
from guidewright.values import Text, Value


class CaseStudy(Value):
    """What is known of one study, in the words of the study files. What is left out is not known."""

    name: str | None = None
    """Name, where another study refers to it."""
    identified: bool = True
    """Whether the reference could be identified at all."""
    design: Design | None = None
    """Its design."""
    blinding: str | None = None
    """Whether controls were blinded."""
    randomisation: str | None = None
    """How patients were allocated."""
    follow_up_percent: float | None = None
    """Share of participants followed to the end."""
    for_grading: dict[str, str] = Field(default_factory=dict)
    """Further facts for which the scheme asks."""
    retracted: bool | None = None
    """Whether the report was retracted."""
    report: str | None = None
    """What kind of report is cited."""
    reports: int | None = None
    """How many of its reports are cited."""
    subset_of: tuple[str, ...] = ()
    """Studies whose patients these are."""
    review: dict[str, Any] = Field(default_factory=dict)
    """For reviews: what they include, and whether it is homogeneous."""
    pooled: dict[str, Any] = Field(default_factory=dict)
    """For reviews: what an analysis of ours gives."""
    result: dict[str, Any] = Field(default_factory=dict)
    """The extracted result that decides."""
    stated_level: str | None = None
    """The level that an edition states."""
    expect: dict[str, Any] = Field(default_factory=dict)
    """What the rules must make of it: level, quality, finding, direction, missing facts, or that it does not count."""


class Case(Value):
    """One clause with its studies, and what the scheme must make of it."""

    name: Text
    """The case in words."""
    question: QuestionType = QuestionType.THERAPEUTIC
    """Type of the question."""
    claim: Literal["effect", "equivalence"] = "effect"
    """What the clause claims."""
    better: Literal["lower", "higher"] = "lower"
    """Whether a lower or a higher value is better."""
    minimal_important_difference: float | None = None
    """That of the outcome."""
    minimum_studies: int = 1
    """Number of studies that the project asks for."""
    judged: dict[str, str] = Field(default_factory=dict)
    """What the group decided."""
    studies: tuple[CaseStudy, ...]
    """The studies of the clause."""
    others: tuple[CaseStudy, ...] = ()
    """Studies of the library that the clause does not cite."""
    strength: str
    """What it comes to, or why it comes to nothing."""
    possible: tuple[str, ...] = ()
    """Strengths still possible."""
    rules: tuple[str, ...] = ()
    """Rules that give the strength."""
    reasons: tuple[str, ...] = ()
    """Rules that the reasons name, where they are not those that give it for certain."""
    reason: Text
    """Why."""
