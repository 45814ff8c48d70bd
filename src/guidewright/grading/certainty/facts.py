"""The facts that the rules of certainty ask for, from a body of evidence.

A fact is a number, true or false, or not known (None). A number that is known within limits is a pair of them.
"""

from __future__ import annotations

from collections.abc import Callable

from guidewright.grading.absolute import MEASURES_OF_EVENTS, RATIOS_OF_RISK, intervention_risk
from guidewright.grading.certainty.body import ELEMENTS, Body
from guidewright.grading.certainty.rules import CertaintyRules
from guidewright.grading.facts import Missing

FactValue = bool | float | tuple[float, float] | None


def fact_of(name: str, body: Body, rules: CertaintyRules) -> FactValue:
    """One fact by name.

    Raises KeyError for a name that no function serves: a fault of the rules.
    """
    return _FACTS[name](body, rules)


def missing_of(name: str, body: Body, rules: CertaintyRules) -> tuple[Missing, ...]:
    """What would settle a fact that is not known, or known only within limits."""
    if name.startswith("weight-"):
        return tuple(Missing("risk-of-bias", one.study) for one in body.studies if one.risk_of_bias is None)
    if name == "indirect-elements":
        return tuple(Missing(f"directness-{one}") for one in ELEMENTS if one not in body.directness)
    if name.startswith("includes-important"):
        return (Missing("minimal-important-difference"),)
    if name == "information-percent":
        return (Missing("participants" if body.participants is None else body.information_lacks or "information-size"),)
    if name == "asymmetry-p":
        few = len(body.studies) < rules.numbers["studies-for-tests"]
        return (Missing("ten-studies" if few else "asymmetry-test"),)
    if name == "prediction-includes-no-effect":
        return (Missing("prediction-interval"),)
    if name == "fold":
        return (Missing("baseline-risk"),)
    return (Missing(name),)


# --- one function for each fact -----------------------------------------------------------------------------------


def _weight(body: Body, risk: str) -> FactValue:
    known = sum(one.weight for one in body.studies if one.risk_of_bias == risk)
    unknown = sum(one.weight for one in body.studies if one.risk_of_bias is None)
    return (known, known + unknown) if unknown else known


def _includes_null(body: Body) -> bool:
    return body.low <= body.null <= body.high


def _boundaries(body: Body, rules: CertaintyRules) -> tuple[float, float] | None:
    """The smallest effects that matter on either side of no effect, on the natural scale of the measure."""
    if body.important is not None and (body.measure not in RATIOS_OF_RISK or body.baseline is not None):
        centre = 0.0 if body.measure in RATIOS_OF_RISK else body.null
        return centre - body.important, centre + body.important
    if body.measure in RATIOS_OF_RISK:
        return rules.numbers["ratio-benefit"], rules.numbers["ratio-harm"]
    return None


def _limits(body: Body) -> tuple[float, float]:
    """The interval on the scale of the boundaries: a difference of risks where one is declared to matter."""
    if body.important is not None and body.baseline is not None and body.measure in RATIOS_OF_RISK:
        assumed = body.baseline
        low, high = (intervention_risk(body.measure, limit, assumed) - assumed for limit in (body.low, body.high))
        return low, high
    return body.low, body.high


def _beyond(body: Body, rules: CertaintyRules, side: str) -> FactValue:
    """Whether the interval reaches an important effect on one side: ``lower`` or ``higher``.

    An interval that lies wholly on the other side of no effect does not, whatever the boundary is.
    """
    if (body.low > body.null) if side == "lower" else (body.high < body.null):
        return False
    boundaries = _boundaries(body, rules)
    if boundaries is None:
        return None
    low, high = _limits(body)
    return low <= boundaries[0] if side == "lower" else high >= boundaries[1]


def _benefit(body: Body, rules: CertaintyRules) -> FactValue:
    return _beyond(body, rules, body.better)


def _harm(body: Body, rules: CertaintyRules) -> FactValue:
    return _beyond(body, rules, "higher" if body.better == "lower" else "lower")


def _crosses_declared(body: Body, rules: CertaintyRules) -> FactValue:
    """Whether an interval that excludes no effect holds trivial and important effects, by a declared difference."""
    if body.important is None or _includes_null(body):
        return False
    boundaries = _boundaries(body, rules)
    if boundaries is None:
        return None
    low, high = _limits(body)
    return any(low < boundary < high for boundary in boundaries)


def _information(body: Body, rules: CertaintyRules) -> FactValue:
    """Participants in percent of the optimal information size.

    Where a study does not give its participants, those of the others count if they suffice.
    """
    needed = body.information_size
    if needed is None and not body.is_ratio and body.measure not in MEASURES_OF_EVENTS:
        needed = rules.numbers["participants-continuous"]
    if needed is None:
        return None
    if body.participants is None:
        return 100 * body.participants_at_least / needed if body.participants_at_least >= needed else None
    return 100 * body.participants / needed


def _asymmetry(body: Body, rules: CertaintyRules) -> FactValue:
    if len(body.studies) < rules.numbers["studies-for-tests"] or not body.asymmetry_p:
        return None
    return min(body.asymmetry_p.values())


def _prediction(body: Body, _rules: CertaintyRules) -> FactValue:
    return None if body.prediction is None else body.prediction[0] <= body.null <= body.prediction[1]


def _fold(body: Body, _rules: CertaintyRules) -> FactValue:
    """How many times the risk grows or shrinks; 1 for measures that are no ratio of risks.

    Odds ratios are turned into risk ratios at the declared baseline risk, as GRADE guidelines 9 ask.
    """
    if body.measure not in RATIOS_OF_RISK:
        return 1.0
    ratio = body.estimate
    if body.measure in {"OR", "PETO"}:
        if body.baseline is None:
            return None
        ratio = intervention_risk(body.measure, body.estimate, body.baseline) / body.baseline
    return max(ratio, 1 / ratio)


def _indirect(body: Body, _rules: CertaintyRules) -> FactValue:
    known = sum(body.directness.get(one) == "indirect" for one in ELEMENTS)
    open_ = sum(one not in body.directness for one in ELEMENTS)
    return (float(known), float(known + open_)) if open_ else float(known)


_FACTS: dict[str, Callable[[Body, CertaintyRules], FactValue]] = {
    "weight-high-risk": lambda body, _rules: _weight(body, "high"),
    "weight-low-risk": lambda body, _rules: _weight(body, "low"),
    "studies": lambda body, _rules: float(len(body.studies)),
    "i2": lambda body, _rules: body.i2,
    "prediction-includes-no-effect": _prediction,
    "includes-no-effect": lambda body, _rules: _includes_null(body),
    "indirect-elements": _indirect,
    "includes-important-benefit": _benefit,
    "includes-important-harm": _harm,
    "crosses-declared-difference": _crosses_declared,
    "information-percent": _information,
    "asymmetry-p": _asymmetry,
    "fold": _fold,
    "dose-response": lambda body, _rules: body.dose_response,
    "opposing-confounding": lambda body, _rules: body.opposing_confounding,
}
