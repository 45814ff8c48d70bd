"""A body of evidence: everything that a suggestion of its certainty rests on, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from guidewright.evidence.studies import Design

RiskOfBias = Literal["low", "some", "high"]
Directness = Literal["direct", "indirect"]

#: What may be indirect (GRADE guidelines 8 counts the comparison among them).
ELEMENTS = ("population", "intervention", "comparator", "outcome")


@dataclass(frozen=True)
class WeightedStudy:
    """One study of a body: its share of the weight in percent, its design and its risk of bias, as far as known."""

    study: str
    weight: float
    estimate: float
    design: Design | None = None
    risk_of_bias: RiskOfBias | None = None


@dataclass(frozen=True)
class Body:
    """The pooled result of one outcome, on the natural scale, with what people declare about it.

    ``null`` is 1 for ratios and 0 for differences. ``better`` says which side is a benefit. What is not known is None.
    """

    studies: tuple[WeightedStudy, ...]
    measure: str
    null: float
    better: Literal["lower", "higher"]
    estimate: float
    low: float
    high: float
    i2: float | None = None
    """Percent."""
    prediction: tuple[float, float] | None = None
    """95 % prediction interval."""
    participants: int | None = None
    participants_at_least: int = 0
    """Those of the studies that give a number, where not all do."""
    information_size: float | None = None
    """Participants that a single adequate trial would need; none where it cannot be computed."""
    information_lacks: str = ""
    """The fact without which it cannot be computed."""
    important: float | None = None
    """Declared difference that matters, in the unit of the measure (mean differences) or in events per person."""
    baseline: float | None = None
    """Declared risk without the intervention, 0 to 1, to which an important difference of events refers."""
    asymmetry_p: Mapping[str, float] = field(default_factory=dict)
    """p values of the tests of funnel asymmetry that were run."""
    directness: Mapping[str, Directness] = field(default_factory=dict)
    """Of :data:`ELEMENTS`, those that were judged."""
    dose_response: bool | None = None
    opposing_confounding: bool | None = None

    @property
    def is_ratio(self) -> bool:
        """Whether the measure is a ratio."""
        return self.null == 1
