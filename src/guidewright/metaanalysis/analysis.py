"""The declaration of a meta-analysis (``metaanalysis/analyses/*.yml``)."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from guidewright.values import (
    OutcomeId,
    QuestionId,
    Slug,
    Source,
    StudyId,
    TermId,
    Text,
    Value,
)


class Measure(StrEnum):
    """Effect measures, with the names of metafor's ``escalc``. Ratios are pooled as logarithms."""

    RR = "RR"
    OR = "OR"
    RD = "RD"
    MD = "MD"
    SMD = "SMD"
    HR = "HR"

    @property
    def is_ratio(self) -> bool:
        """Whether the measure is pooled on the log scale."""
        return self in {Measure.RR, Measure.OR, Measure.HR}

    @property
    def null(self) -> float:
        """The value of no effect on the scale that is shown."""
        return 1.0 if self.is_ratio else 0.0


class Tau2Method(StrEnum):
    """Estimator of the between-study variance tau2."""

    REML = "REML"
    DL = "DL"


class Interval(StrEnum):
    """How the interval of a random-effects estimate is made."""

    WALD = "wald"
    KNAPP_HARTUNG = "knapp-hartung"


class Selection(Value):
    """Which extracted rows the analysis takes; a field left out selects everything."""

    outcomes: Annotated[tuple[OutcomeId, ...], Field(min_length=1)]
    """Outcomes."""
    interventions: tuple[TermId, ...] = ()
    """Group 1."""
    comparators: tuple[TermId, ...] = ()
    """Group 2."""
    time_points: tuple[str, ...] = ()
    """Time points, as written in the extraction file."""
    subgroups: tuple[Slug, ...] = ()
    """Subsets of participants; none means rows about all participants."""
    studies: tuple[StudyId, ...] = ()
    """Studies."""


class Exclusion(Value):
    """A selected row that is left out, with the reason."""

    study: StudyId
    """The study."""
    intervention: TermId | None = None
    """Group 1, where the study has several."""
    outcome: OutcomeId | None = None
    """Outcome, where the analysis has several."""
    time_point: str | None = None
    """Time point, where the study has several."""
    reason: Text
    """Why it is left out."""


class Published(Value):
    """A published pooled estimate to hold beside ours."""

    stratum: str | None = None
    """The stratum of the analysis that it belongs to, none for the overall result."""
    label: str = Field(examples=["Wells 2008"])
    """Review and year."""
    measure: Measure
    """Its measure."""
    estimate: float
    """Its estimate, on the natural scale."""
    low: float | None = None
    """Lower limit of its 95 % interval."""
    high: float | None = None
    """Upper limit of its 95 % interval."""
    source: Source
    """Where it was read."""
    difference: Text
    """Why it differs from ours, or in what it is not comparable."""


class Overall(Value):
    """Whether the strata are also pooled together."""

    pooled: bool
    """True to pool all rows."""
    reason: Text
    """Why, or why not."""


class Favours(Value):
    """What the two sides of the forest plot mean."""

    low: Text
    """Below the line of no effect."""
    high: Text
    """Above it."""


class Sensitivity(Value):
    """The same analysis with other choices. A field left out keeps the choice of the main analysis."""

    id: Slug
    """Name."""
    title: Text
    """What is changed, in words."""
    tau2: Tau2Method | None = None
    """Another estimator of tau2."""
    interval: Interval | None = None
    """Another interval."""
    model: Literal["common", "random"] | None = None
    """Another model."""
    partly_verified: bool | None = None
    """Whether rows marked ``partly`` are taken."""
    reverse: tuple[StudyId, ...] = ()
    """Studies whose printed difference is taken with the opposite sign (where the sign is in doubt)."""


class Analysis(Value):
    """One meta-analysis: what is pooled, how, and what it is compared with."""

    id: Slug = Field(examples=["q06-pain"])
    """Identifier, equal to the file name without ``.yml``."""
    title: Text
    """Title."""
    question: QuestionId
    """The question it helps to answer."""
    measure: Measure
    """Effect measure."""
    select: Selection
    """The rows that are pooled."""
    strata: Literal["none", "time_point", "intervention", "outcome"] = "none"
    """Pool separately for each value of this column."""
    overall: Overall
    """Whether strata are also pooled together."""
    model: Literal["common", "random"] = "random"
    """Common-effect or random-effects model. Default random: trials of a guideline differ in patients and care."""
    tau2: Tau2Method = Tau2Method.REML
    """Estimator of tau2. Default REML, as recommended by Veroniki 2016 for continuous and binary outcomes."""
    interval: Interval = Interval.WALD
    """Interval of the estimate. Default Wald; Knapp-Hartung is unstable with two or three studies."""
    partly_verified: bool = False
    """Whether rows marked ``partly`` verified are pooled. Rows marked ``no`` never are."""
    exclude: tuple[Exclusion, ...] = ()
    """Selected rows that are left out."""
    assumptions: tuple[Text, ...] = ()
    """What had to be assumed; printed with the result."""
    favours: Favours
    """Labels of the forest plot."""
    sensitivity: tuple[Sensitivity, ...] = ()
    """Sensitivity analyses."""
    published: tuple[Published, ...] = ()
    """Published estimates to hold beside ours."""
    comment: Text | None = None
    """How to read the result."""
