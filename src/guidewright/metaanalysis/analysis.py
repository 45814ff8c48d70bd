"""The declaration of a meta-analysis (``metaanalysis/analyses/*.yml``)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from guidewright.metaanalysis.effects import Measure, To, VarianceType
from guidewright.metaanalysis.further.methods import Method
from guidewright.metaanalysis.options import Interval, Prediction, Tau2Interval, Tau2Method
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


class ZeroCells(Value):
    """What is done where a table has an empty cell; defaults as in metafor's ``escalc``."""

    add: Annotated[float, Field(ge=0)] | None = None
    """Constant added to every cell; left out, 0.5 for ratios and differences of risks and 0 where a measure needs none.
    """
    to: To = To.ONLY_ZERO
    """To which tables: ``only0`` (those with an empty cell), ``all``, ``if0all`` (all if one has), ``none``."""
    drop_double_zero: bool = False
    """Whether tables without any event, or with nothing but events, in both groups are left out."""


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
    zero_cells: ZeroCells = ZeroCells()
    """What is done where a table has an empty cell."""
    variance: VarianceType = VarianceType.LS
    """Formula of the sampling variances, where the measure has several."""
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
    prediction: Prediction = Prediction.AS_INTERVAL
    """Distribution of the prediction interval."""
    tau2_interval: Tau2Interval = Tau2Interval.Q_PROFILE
    """How the interval of tau2, and with it that of I2, is made."""
    further: tuple[Method, ...] = ()
    """Further methods, used on the overall result, or on each stratum where there is none."""
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
