"""Extracted results (``evidence/extraction/*.csv``): one row per study, outcome, time point and comparison."""

from __future__ import annotations

import math
import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from guidewright.values import (
    CitationKey,
    OutcomeId,
    Slug,
    StudyId,
    TermId,
    Value,
    WebAddress,
)

#: Days in each unit; a month is the mean Gregorian month. Only used to put time points in order.
_DAYS = {"hour": 1 / 24, "day": 1.0, "week": 7.0, "month": 30.4375, "year": 365.25}
#: Time points without a number; the last where a report gives none.
NAMED_TIMES = {"baseline": -1.0, "post-operative": 0.0, "end of follow-up": math.inf}
_TIME = re.compile(r"^(\d+(?:\.\d+)?) (hour|day|week|month|year)s?$")
_NUMBER_OF_P = re.compile(r"^[<>]?\s*(0?\.\d+|0|1(\.0*)?)$")


def days(time_point: str) -> float:
    """Put time points in order: days since treatment; the named ones stand at the ends.

    Raises ValueError for anything that is neither one of :data:`NAMED_TIMES` nor a number and a unit.
    """
    if time_point in NAMED_TIMES:
        return NAMED_TIMES[time_point]
    found = _TIME.match(time_point)
    if not found:
        named = ", ".join(f"`{name}`" for name in NAMED_TIMES)
        raise ValueError(f"must be {named}, or a number with hours, days, weeks, months or years")
    return float(found[1]) * _DAYS[found[2]]


def _time_point(text: str) -> str:
    days(text)
    return text


def _p_value(text: str) -> str:
    if text != "NS" and not _NUMBER_OF_P.match(text):
        raise ValueError("must be a p value such as 0.03, <0.001 or NS (not significant, no number printed)")
    return text


#: One of the named times, or a number with a unit.
TimePoint = Annotated[str, AfterValidator(_time_point), Field(examples=["1 month"])]
Count = Annotated[int, Field(ge=0)]
Finite = Annotated[float, Field(allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class Extraction(Value):
    """One result of one study as its report prints it. Group 1 is the intervention, group 2 the comparator."""

    study: StudyId
    """The study."""
    report: CitationKey
    """The report that prints the result."""
    intervention: TermId
    """Glossary term of group 1."""
    comparator: TermId
    """Glossary term of group 2."""
    outcome: OutcomeId
    """Outcome of a question."""
    time_point: TimePoint
    """When it was measured."""
    subgroup: Slug | None = None
    """Name of the subset of participants, empty for all."""
    unit: Literal["participants", "vertebrae", "fractures"] = "participants"
    """What is counted; vertebrae of one participant are not independent."""
    n1: Count | None = None
    """Participants in group 1 (continuous outcomes and printed effects)."""
    mean1: Finite | None = None
    """Mean of group 1, in units of the scale."""
    sd1: Positive | None = None
    """Standard deviation of group 1."""
    n2: Count | None = None
    """Participants in group 2."""
    mean2: Finite | None = None
    """Mean of group 2."""
    sd2: Positive | None = None
    """Standard deviation of group 2."""
    events1: Count | None = None
    """Events in group 1."""
    total1: Count | None = None
    """Number at risk in group 1."""
    events2: Count | None = None
    """Events in group 2."""
    total2: Count | None = None
    """Number at risk in group 2."""
    time1: Positive | None = None
    """Person-time at risk in group 1, in the same unit throughout an analysis."""
    time2: Positive | None = None
    """Person-time at risk in group 2."""
    r: Annotated[float, Field(ge=-1, le=1)] | None = None
    """Correlation: between two variables in group 1, or between the two measurements of the same participants."""
    effect: Literal["MD", "SMD", "RR", "OR", "HR", "RD"] | None = None
    """Measure of the printed effect; RR, OR and HR are given on the natural scale, not as logarithms."""
    estimate: Finite | None = None
    """Printed effect."""
    ci_low: Finite | None = None
    """Lower limit of its 95 % confidence interval."""
    ci_high: Finite | None = None
    """Upper limit of its 95 % confidence interval."""
    difference: Literal["1-2", "2-1"] = "1-2"
    """For MD, SMD and RD: which group is subtracted from which in the printed effect."""
    p: Annotated[str, AfterValidator(_p_value), Field(examples=["0.03"])] | None = None
    """Printed p value: a number, ``<0.001``, or ``NS``."""
    scale: str | None = None
    """Instrument or range."""
    source_url: WebAddress | None = None
    """Where the numbers were read."""
    verified: Literal["yes", "partly", "no"] = "yes"
    """``yes``: seen in the report or its abstract; ``partly``: derived, or seen only in part; ``no``: do not pool."""
    seen_in: str | None = None
    """What was read: abstract, published table, secondary dataset."""
    note: str | None = None
    """What a reader must know, for example how a number was derived."""

    @model_validator(mode="after")
    def _consistent(self) -> Extraction:
        for group in (1, 2):
            events, total = getattr(self, f"events{group}"), getattr(self, f"total{group}")
            if events is not None and total is not None and events > total:
                raise ValueError(f"events{group} ({events}) is larger than total{group} ({total})")
        if self.ci_low is not None and self.ci_high is not None and self.ci_low > self.ci_high:
            raise ValueError(f"ci_low ({self.ci_low:g}) is above ci_high ({self.ci_high:g})")
        numbers = (self.estimate, self.ci_low, self.ci_high)
        if any(n is not None for n in numbers) and self.effect is None:
            raise ValueError("an estimate or interval needs `effect` (MD, SMD, RR, OR, HR or RD)")
        if self.effect in {"RR", "OR", "HR"} and any(n is not None and n <= 0 for n in numbers):
            raise ValueError(f"a {self.effect} is above 0; logarithms are taken by the tool")
        return self

    @property
    def days(self) -> float:
        """Time point as days, for ordering."""
        return days(self.time_point)

    @property
    def key(self) -> tuple[str, ...]:
        """What makes a row unique."""
        return (
            self.study,
            self.intervention,
            self.comparator,
            self.outcome,
            self.time_point,
            self.subgroup or "",
            self.effect or "",
        )

    @property
    def has_counts(self) -> bool:
        """Whether a two by two table can be made."""
        return None not in (self.events1, self.total1, self.events2, self.total2)

    @property
    def has_means(self) -> bool:
        """Whether a mean difference can be computed from both arms."""
        return None not in (self.n1, self.mean1, self.sd1, self.n2, self.mean2, self.sd2)

    @property
    def has_interval(self) -> bool:
        """Whether an effect with its interval is printed."""
        return None not in (self.estimate, self.ci_low, self.ci_high)

    @property
    def p_number(self) -> float | None:
        """The p value as a number; ``<0.001`` gives its bound, ``NS`` gives nothing."""
        if self.p is None or self.p == "NS":
            return None
        value = float(self.p.lstrip("<> "))
        return None if math.isnan(value) else value
