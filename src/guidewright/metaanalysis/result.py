"""The result of a meta-analysis as it is committed to ``metaanalysis/results/``.

Estimates and limits are on the natural scale (ratios as ratios, differences in units of the outcome); ``tau2``, ``se``
and ``q`` are on the scale of analysis (logarithms for ratios). Numbers are kept to ten significant digits, so that
another machine's last bit does not show as a change.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from guidewright.metaanalysis.effects import Measure
from guidewright.metaanalysis.further.running import FurtherResult
from guidewright.metaanalysis.options import Interval, Tau2Method
from guidewright.values import AnalysisId, Value


class StudyEffect(Value):
    """One row of a forest plot."""

    study: str
    """Study."""
    label: str
    """What distinguishes the row: name of the study, and arm where it has several."""
    report: str
    """Citation key of the report."""
    row: str
    """File and line of the extracted result."""
    computed_from: Literal["counts", "means", "correlation", "printed"]
    """What the effect was computed from."""
    estimate: float
    """Effect, natural scale."""
    low: float
    """Lower 95 % limit."""
    high: float
    """Upper 95 % limit."""
    se: float
    """Standard error, scale of analysis."""
    weight: float
    """Share of the weight in percent, in the model of the analysis."""
    events1: int | None = None
    """Events in group 1."""
    total1: int | None = None
    """Number at risk, or participants, in group 1."""
    events2: int | None = None
    """Events in group 2."""
    total2: int | None = None
    """Number at risk, or participants, in group 2."""


class Estimate(Value):
    """A pooled estimate, natural scale."""

    estimate: float
    """Estimate."""
    low: float
    """Lower 95 % limit."""
    high: float
    """Upper 95 % limit."""
    se: float
    """Standard error, scale of analysis."""
    p: float
    """Two-sided p value against no effect."""


class Pooled(Value):
    """The pooled result of one stratum."""

    stratum: str
    """Value of the column that makes the strata; ``overall`` for all rows together."""
    k: int
    """Number of rows pooled."""
    participants: int | None
    """Participants, where every row gives them and no study has two rows about the same patients."""
    studies: tuple[StudyEffect, ...]
    """The rows."""
    summary: Estimate
    """The estimate of the analysis: random effects or common effect, as declared."""
    common: Estimate
    """Common-effect estimate (inverse variance)."""
    mantel_haenszel: Estimate | None = None
    """Mantel-Haenszel estimate where every row has counts."""
    tau2: float
    """Between-study variance, scale of analysis; 0 with a single row."""
    tau2_low: float | None = None
    """Lower limit of its 95 % interval; none with a single row."""
    tau2_high: float | None = None
    """Upper limit of its 95 % interval."""
    q: float
    """Cochran's Q."""
    q_df: int
    """Its degrees of freedom."""
    q_p: float | None
    """Its p value; none with a single row."""
    i2: float | None
    """I2 in percent, as tau2 relative to total variance (Higgins & Thompson 2002); none with a single row."""
    i2_low: float | None = None
    """Lower limit of its 95 % interval, in percent; none with a single row."""
    i2_high: float | None = None
    """Upper limit of its 95 % interval."""
    prediction_low: float | None = None
    """Lower limit of the 95 % prediction interval, natural scale; none with fewer than three rows."""
    prediction_high: float | None = None
    """Upper limit of the 95 % prediction interval."""
    further: tuple[FurtherResult, ...] = ()
    """Results of further methods, in order of their declaration."""


class SubgroupTest(Value):
    """Test for a difference between strata (Q between, random-effects estimates of the strata)."""

    q: float
    """Q between strata."""
    df: int
    """Degrees of freedom."""
    p: float
    """p value."""


class LeftOut(Value):
    """A selected row that was not pooled."""

    study: str
    """Study."""
    row: str
    """File and line."""
    reason: dict[str, str]
    """Why, in each language."""


class SensitivityResult(Value):
    """The result under other choices."""

    id: str
    """Name of the sensitivity analysis."""
    strata: tuple[Pooled, ...]
    """Its strata."""
    overall: Pooled | None = None
    """Its overall result."""


class Result(Value):
    """Everything computed for one analysis."""

    analysis: AnalysisId
    """The analysis."""
    inputs: str
    """SHA-256 of what went in: the declaration, the rows and the method."""
    engine: dict[str, str]
    """Programs and their versions."""
    measure: Measure
    """Effect measure."""
    model: Literal["common", "random"]
    """Model."""
    tau2_method: Tau2Method
    """Estimator of tau2."""
    interval: Interval
    """Kind of interval."""
    strata: tuple[Pooled, ...]
    """One result for each stratum, in order."""
    overall: Pooled | None = None
    """All rows together, where the analysis asks for it."""
    subgroup_test: SubgroupTest | None = None
    """Test between strata, where they hold different patients."""
    left_out: tuple[LeftOut, ...] = ()
    """Rows not pooled, with reasons."""
    sensitivity: tuple[SensitivityResult, ...] = ()
    """Results under other choices."""
    checked_with: dict[str, str] = Field(default_factory=dict)
    """Second engine -> bound of the largest relative difference found."""
    seal: str = ""
    """Checksum of all the above, so that a number changed by hand is noticed and computed anew."""

    def stratum(self, name: str | None) -> Pooled | None:
        """A stratum by name; without a name, or for ``overall``, the overall result or the only stratum."""
        if name in {None, "overall"}:
            return self.overall or (self.strata[0] if len(self.strata) == 1 else None)
        return next((pooled for pooled in self.strata if pooled.stratum == name), None)
