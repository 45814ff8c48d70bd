"""The optimal information size of a pooled result: participants that one adequate trial would need."""

from __future__ import annotations

from math import isfinite

from guidewright.grading.absolute import RATIOS_OF_RISK
from guidewright.grading.certainty.rules import CertaintyRules
from guidewright.metaanalysis.notices import CannotPoolError
from guidewright.metaanalysis.result import Pooled
from guidewright.metaanalysis.sensitivity.information_size import information_size_means, information_size_risks


def information_size(
    pooled: Pooled, measure: str, *, important: float | None, risk: float | None, rules: CertaintyRules
) -> tuple[float | None, str]:
    """Participants, both groups together, or nothing and the name of the fact that lacks.

    Events: the declared relative reduction (25 %) at the risk without the intervention, either declared or that of the
    control groups of the trials together. Means: the minimal important difference with the standard deviation that the
    standard errors of the trials imply. Errors are the declared alpha and power; diversity is left out, because GRADE
    guidelines 6 ask for the size of a single conventional trial.
    """
    alpha, power = rules.numbers["alpha"], rules.numbers["power"]
    try:
        if measure in RATIOS_OF_RISK:
            control = risk if risk is not None else control_risk(pooled)
            if control is None or not 0 < control < 1:
                return None, "baseline-risk"
            reduction = rules.numbers["relative-reduction"] / 100
            return information_size_risks(control, reduction, alpha=alpha, power=power).participants, ""
        if measure == "MD":
            sd = implied_sd(pooled)
            if important is None or sd is None:
                return None, "minimal-important-difference" if important is None else "standard-deviation"
            return information_size_means(important, sd, alpha=alpha, power=power).participants, ""
    except CannotPoolError:
        return None, "information-size"
    return None, "information-size"


def control_risk(pooled: Pooled) -> float | None:
    """Events over participants in the control groups of the trials together; none without counts."""
    groups = [(row.events2, row.total2) for row in pooled.studies if row.events2 is not None and row.total2]
    return sum(events for events, _total in groups) / sum(total for _events, total in groups) if groups else None


def implied_sd(pooled: Pooled) -> float | None:
    """The common standard deviation within groups that the standard errors of mean differences imply.

    ``se**2 = sd**2 (1/n1 + 1/n2)``; variances of several trials are averaged by their participants.
    """
    parts = []
    for row in pooled.studies:
        if row.total1 and row.total2 and isfinite(row.se):
            parts.append((row.total1 + row.total2, row.se**2 / (1 / row.total1 + 1 / row.total2)))
    everybody = sum(size for size, _variance in parts)
    return (sum(size * variance for size, variance in parts) / everybody) ** 0.5 if everybody else None
