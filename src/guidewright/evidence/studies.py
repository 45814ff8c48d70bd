"""Studies and the reports they have (``evidence/studies/*.yml``).

A study is not a report: a trial has a protocol, a results paper, follow-ups and subgroup papers. Design facts
and levels belong to the study; citations belong to its reports.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, model_validator

from guidewright.values import (
    AnalysisId,
    CitationKey,
    Fact,
    Slug,
    StudyId,
    TermId,
    Text,
    Value,
)


class Design(StrEnum):
    """Study designs that a grading scheme can tell apart."""

    RANDOMISED = "randomised"
    QUASI_RANDOMISED = "quasi-randomised"
    PROSPECTIVE_CONTROLLED = "prospective-controlled"
    PROSPECTIVE_COHORT = "prospective-cohort"
    INCEPTION_COHORT = "inception-cohort"
    RETROSPECTIVE_COHORT = "retrospective-cohort"
    CASE_CONTROL = "case-control"
    HISTORICALLY_CONTROLLED = "historically-controlled"
    CROSS_SECTIONAL = "cross-sectional"
    CASE_SERIES = "case-series"
    CASE_REPORT = "case-report"
    DIAGNOSTIC_ACCURACY = "diagnostic-accuracy"
    ECONOMIC = "economic"
    LABORATORY = "laboratory"
    SYSTEMATIC_REVIEW = "systematic-review"
    META_ANALYSIS = "meta-analysis"
    NETWORK_META_ANALYSIS = "network-meta-analysis"
    GUIDELINE = "guideline"
    EXPERT_OPINION = "expert-opinion"


#: Designs that summarise other studies; their level comes from what they include.
REVIEWS = frozenset({Design.SYSTEMATIC_REVIEW, Design.META_ANALYSIS, Design.NETWORK_META_ANALYSIS})


class ReportKind(StrEnum):
    """What a publication is to its study."""

    RESULTS = "results"
    PROTOCOL = "protocol"
    FOLLOW_UP = "follow-up"
    SUBGROUP = "subgroup"
    SECONDARY = "secondary"
    ABSTRACT = "abstract"
    REVIEW = "review"


class Report(Value):
    """One publication of a study."""

    cite: CitationKey
    """Its key in ``records.bib``."""
    kind: ReportKind
    """What it reports; a protocol is never evidence of an effect."""
    superseded_by: CitationKey | None = None
    """A later publication that replaces it: an update of a review, a corrected report."""


class Arm(Value):
    """One group of a study."""

    intervention: TermId
    """Term of the glossary that names what the group received."""
    size: Fact[Annotated[int, Field(ge=0)]] | None = None
    """Number of participants allocated."""


class ReviewFacts(Value):
    """What is known of a systematic review's contents."""

    included_levels: Fact[Annotated[tuple[str, ...], Field(min_length=1)]] | None = None
    """Evidence levels of the studies it includes, in the scheme in force, for example ``[I]``."""
    included_designs: Fact[Annotated[tuple[Design, ...], Field(min_length=1)]] | None = None
    """Designs of the studies it includes; from them other schemes tell its level."""
    trials: Fact[Annotated[int, Field(ge=0)]] | None = None
    """Number of studies included."""
    homogeneous: Fact[bool] | None = None
    """Whether its authors found the results homogeneous."""
    analysis: AnalysisId | None = None
    """An analysis of ours that recomputes its pooled result; homogeneity is then read from that."""


class Study(Value):
    """A study: its design facts, each with the place where it was seen. What is not known is left out."""

    id: Slug = Field(examples=["vertos-ii"])
    """Identifier, equal to the file name without ``.yml``."""
    name: str = Field(examples=["VERTOS II"])
    """Acronym, or first author and year."""
    summary: Text | None = None
    """One sentence: who, what, compared with what."""
    reports: Annotated[tuple[Report, ...], Field(min_length=1)]
    """Its publications."""
    registration: Fact[str] | None = None
    """Registration number."""
    design: Fact[Design] | None = None
    """Study design as the study itself reports it."""
    randomisation: Fact[Literal["adequate", "improper", "unclear"]] | None = None
    """How patients were allocated."""
    blinding: Fact[Literal["blinded", "open", "unclear"]] | None = None
    """Whether the control group was blinded."""
    participants: Fact[Annotated[int, Field(ge=0)]] | None = None
    """Number of participants randomised or enrolled."""
    arms: tuple[Arm, ...] = ()
    """Groups, the intervention of interest first."""
    follow_up_percent: Fact[Annotated[float, Field(ge=0, le=100)]] | None = None
    """Share of participants followed to the end, in percent, 0-100."""
    follow_up: Fact[Text] | None = None
    """Length of follow-up in words."""
    review: ReviewFacts | None = None
    """For systematic reviews: what they include."""
    for_grading: dict[Slug, Fact[str]] = Field(
        default_factory=dict, examples=[{"consecutive-patients": {"value": "yes", "source": {"cite": "klazen2010"}}}]
    )
    """Further facts for which a grading scheme asks (``facts`` of the scheme), by the name it gives them."""
    covariates: dict[Slug, Fact[float | str]] = Field(
        default_factory=dict, examples=[{"latitude": {"value": 44, "source": {"cite": "colditz1994"}}}]
    )
    """What may explain its effect, by name: numbers and categories for subgroups and meta-regression."""
    numbers: dict[Slug, Fact[float]] = Field(
        default_factory=dict, examples=[{"kappa-between": {"value": 0.5, "source": {"cite": "scherer2024"}}}]
    )
    """Other numbers that it reports, by name, for example agreement (a name that starts with ``kappa``)."""
    subset_of: tuple[StudyId, ...] = ()
    """Studies whose patients these are: a subgroup or pooled re-analysis is not a further trial."""
    retracted: Fact[bool] | None = None
    """True where the report was retracted."""
    note: Text | None = None
    """What a reader must know."""

    @model_validator(mode="after")
    def _review_facts_only_for_reviews(self) -> Study:
        if self.review is not None and self.design is not None and self.design.value not in REVIEWS:
            raise ValueError("`review` is only for systematic reviews and meta-analyses; remove it or change `design`")
        return self
