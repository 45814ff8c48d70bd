"""What people declare and decide about the certainty of the bodies of an analysis (``grading/certainty/*.yml``)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from guidewright.grading.certainty.rules import DOWN, Reason
from guidewright.values import ActorId, AnalysisId, Fact, ISODate, Slug, Source, StudyId, Text, Value

Share = Annotated[float, Field(ge=0, le=1)]
_BASELINE: dict[str, Any] = {"id": "trials", "label": {"zh": "各试验", "en": "The trials"}, "from_trials": "median"}
_DECISION: dict[str, Any] = {
    "reason": "imprecision",
    "levels": -1,
    "by": "steering-committee",
    "date": "2026-01-31",
    "why": {"zh": "区间宽", "en": "Wide interval"},
}


class Baseline(Value):
    """A risk without the intervention at which absolute effects are shown: a number with its source, or computed."""

    id: Slug = Field(examples=["trials"])
    """Name."""
    label: Text
    """For whom it holds."""
    risk: Fact[Share] | None = None
    """The risk, 0 to 1, with its source."""
    from_trials: Literal["median", "total"] | None = None
    """Computed from the control groups of the trials in the analysis instead: the median of their risks, or all
    events over all participants."""
    trials: tuple[StudyId, ...] = ()
    """Only from these trials; none for all."""

    @model_validator(mode="after")
    def _one_of_two(self) -> Baseline:
        if (self.risk is None) == (self.from_trials is None):
            raise ValueError("a baseline needs either `risk` with its source or `from_trials`, not both")
        return self


class FamiliarScale(Value):
    """An instrument that readers know, in whose units standardised mean differences are shown as well.

    The standardised difference times the standard deviation (GRADE guidelines 13, J Clin Epidemiol 2013;66:173).
    """

    name: Text
    """The instrument with its range."""
    standard_deviation: Fact[Annotated[float, Field(gt=0)]]
    """Standard deviation of the instrument in patients such as these, with its source."""


class DeclaredDirectness(Value):
    """Whether the studies are about what the question asks; left out where nobody has looked."""

    population: Fact[Literal["direct", "indirect"]] | None = None
    """Patients."""
    intervention: Fact[Literal["direct", "indirect"]] | None = None
    """Intervention."""
    comparator: Fact[Literal["direct", "indirect"]] | None = None
    """Comparator, and whether the comparison is head to head."""
    outcome: Fact[Literal["direct", "indirect"]] | None = None
    """Outcome: indirect where it is a surrogate."""


class Decision(Value):
    """What a person decided for one reason. It stands beside the suggestion and is shown with it."""

    reason: Reason
    """The reason."""
    levels: Annotated[int, Field(ge=-3, le=2)]
    """Levels down (negative) or up; 0 for none."""
    by: ActorId
    """Who."""
    date: ISODate
    """When."""
    why: Text
    """Why."""

    @model_validator(mode="after")
    def _direction(self) -> Decision:
        if (self.reason in DOWN) == (self.levels > 0) and self.levels != 0:
            way = "down: `levels` is 0, -1, -2 or -3" if self.reason in DOWN else "up: `levels` is 0, 1 or 2"
            raise ValueError(f"`{self.reason}` rates {way}")
        return self


class DeclaredBody(Value):
    """One body of evidence of the analysis: a stratum, or the overall result."""

    stratum: str | None = Field(default=None, examples=["1 month"])
    """The stratum as the analysis names it; left out for the overall result or the only one."""
    baselines: tuple[Baseline, ...] = Field(default=(), examples=[[_BASELINE]])
    """Risks for this body; left out, those of the file."""
    directness: DeclaredDirectness | None = None
    """For this body; left out, that of the file."""
    dose_response: Fact[bool] | None = None
    """Whether there is a dose-response gradient; asked of non-randomised evidence."""
    opposing_confounding: Fact[bool] | None = None
    """Whether plausible confounding would only have weakened the effect; asked of non-randomised evidence."""
    decisions: tuple[Decision, ...] = Field(default=(), examples=[[_DECISION]])
    """What people decided; a reason without a decision is shown as suggested, not decided."""

    @model_validator(mode="after")
    def _once(self) -> DeclaredBody:
        named = [one.reason for one in self.decisions]
        twice = next((name for name in named if named.count(name) > 1), None)
        if twice:
            raise ValueError(f"`{twice}` is decided twice; keep the decision in force")
        return self


class CertaintyRecord(Value):
    """The declarations and decisions for one analysis; the file is called after it."""

    id: AnalysisId = Field(examples=["q06-pain"])
    """The analysis, equal to the file name without ``.yml``."""
    important_per_1000: Fact[Annotated[float, Field(gt=0, le=1000)]] | None = None
    """Difference in events per 1,000 that matters to patients; without it relative effects of 0.75 and 1.25 bound an
    important effect. Mean differences use the minimal important difference of the outcome."""
    baselines: tuple[Baseline, ...] = Field(default=(), examples=[[_BASELINE]])
    """Risks without the intervention, for every body that has none of its own."""
    familiar_scale: FamiliarScale | None = None
    """Where results are standardised mean differences: the instrument in whose units they are shown too."""
    directness: DeclaredDirectness = DeclaredDirectness()
    """For every body that has none of its own."""
    bodies: tuple[DeclaredBody, ...] = ()
    """Declarations and decisions for single bodies."""
    note: Text | None = None
    """What a reader must know."""
    source: Source | None = None
    """Where the decisions are recorded, if elsewhere."""

    def body(self, *names: str) -> DeclaredBody:
        """What is declared about a body under any of its names; ``overall`` is the one without a stratum."""
        return next((one for one in self.bodies if (one.stratum or "overall") in names), DeclaredBody())
