"""Absolute effects: what a relative effect comes to at a given risk without the intervention.

Formulas of the Cochrane Handbook for Systematic Reviews of Interventions, version 6, section 15.4.4 (risk ratios, odds
ratios; version 5.1: sections 11.5.5 and 12.5.4) and section 14.1.5 with 15.4.4 for hazard ratios. The limits come from
the limits of the relative effect; the assumed risk itself is taken as known, as the Handbook does.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

#: Measures of events that have an absolute effect at an assumed risk.
RATIOS_OF_RISK = ("RR", "OR", "PETO", "HR")
MEASURES_OF_EVENTS = (*RATIOS_OF_RISK, "RD")


@dataclass(frozen=True)
class AbsoluteEffect:
    """Risks as shares, 0 to 1. The difference is the risk with the intervention minus the assumed risk."""

    assumed: float
    risk: float
    low: float
    high: float

    @property
    def difference(self) -> float:
        """Difference of risks."""
        return self.risk - self.assumed

    @property
    def difference_low(self) -> float:
        """Its lower limit."""
        return self.low - self.assumed

    @property
    def difference_high(self) -> float:
        """Its upper limit."""
        return self.high - self.assumed


def absolute_effect(measure: str, assumed: float, *, estimate: float, low: float, high: float) -> AbsoluteEffect:
    """The risk with the intervention where it is ``assumed`` without, with its limits.

    Raises ValueError for a measure that is not one of :data:`MEASURES_OF_EVENTS` and for a risk outside 0 to 1.
    """
    if not 0 <= assumed <= 1:
        raise ValueError(f"a risk lies between 0 and 1; found {assumed:g}")
    risk, lower, upper = (intervention_risk(measure, effect, assumed) for effect in (estimate, low, high))
    return AbsoluteEffect(assumed, risk, lower, upper)


def intervention_risk(measure: str, effect: float, assumed: float) -> float:
    """The risk with the intervention, kept within 0 and 1.

    Risk ratio: ``RR * p``. Odds ratio: ``OR * p / (1 - p + OR * p)``. Hazard ratio, under proportional hazards:
    ``1 - (1 - p) ** HR``. Risk difference: ``p + RD``.
    """
    if measure == "RR":
        risk = effect * assumed
    elif measure in {"OR", "PETO"}:
        risk = effect * assumed / (1 - assumed + effect * assumed)
    elif measure == "HR":
        risk = 1.0 if assumed == 1 else -math.expm1(effect * math.log1p(-assumed))
    elif measure == "RD":
        risk = assumed + effect
    else:
        raise ValueError(f"{measure} has no absolute effect at an assumed risk")
    return min(max(risk, 0.0), 1.0)
