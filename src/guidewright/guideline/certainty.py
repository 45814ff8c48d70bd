"""The certainty of every body of evidence of a project: suggested, and decided by people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median
from typing import Literal

from guidewright.evidence.questions import Outcome
from guidewright.grading.absolute import MEASURES_OF_EVENTS, AbsoluteEffect, absolute_effect
from guidewright.grading.certainty.body import ELEMENTS, Body, Directness, RiskOfBias, WeightedStudy
from guidewright.grading.certainty.library import certainty_rules
from guidewright.grading.certainty.record import Baseline, CertaintyRecord, Decision, DeclaredBody, FamiliarScale
from guidewright.grading.certainty.rules import CertaintyRules
from guidewright.grading.certainty.suggestion import Suggested, certainty_of, suggest
from guidewright.guideline.information import information_size
from guidewright.guideline.risk_of_bias import risk_of_bias
from guidewright.metaanalysis.analysis import Analysis
from guidewright.metaanalysis.result import Estimate, Pooled, Result
from guidewright.project import Project
from guidewright.values import Source, Text

#: Measures in standard deviations.
STANDARDISED = ("SMD", "SMDH", "SMD1", "SMD1H")
#: Methods whose result holds the p value of a test of funnel asymmetry.
TESTS = (
    *("egger", "begg", "thompson-sharp", "harbord", "peters", "macaskill", "deeks", "schwarzer", "debray"),
    "regression-test",
)


@dataclass(frozen=True)
class AtBaseline:
    """The absolute effect at one declared risk."""

    label: Text
    risk: float
    """Risk without the intervention, 0 to 1."""
    source: Source | None
    """Where the risk was seen; none where it is computed."""
    trials: tuple[str, ...]
    """Trials from whose control groups it is computed."""
    statistic: Literal["median", "total"] | None
    effect: AbsoluteEffect | None
    """None where the measure has no absolute effect."""


@dataclass(frozen=True)
class OnFamiliarScale:
    """A standardised mean difference in the units of an instrument that readers know."""

    scale: FamiliarScale
    estimate: float
    low: float
    high: float


@dataclass(frozen=True)
class BodyCertainty:
    """A body of evidence: its result, the suggested certainty and what people decided."""

    analysis: str
    stratum: str
    outcome: Outcome
    k: int
    studies: int
    participants: int | None
    measure: str
    estimate: float
    low: float
    high: float
    familiar: OnFamiliarScale | None
    baselines: tuple[AtBaseline, ...]
    information_size: float | None
    suggested: Suggested
    decisions: tuple[Decision, ...]
    decided: str | None
    """The certainty that the decisions come to, once every reason is decided."""
    undecided: tuple[str, ...]
    """Reasons without a decision."""
    message: Literal["benefit", "harm", "trivial", "unclear"]
    """What the estimate says, before its certainty."""


@dataclass(frozen=True)
class AnalysisCertainty:
    """The bodies of one analysis."""

    analysis: str
    file: str
    """File of declarations and decisions; empty where there is none."""
    note: Text | None
    bodies: tuple[BodyCertainty, ...]


def certainties(project: Project, results: Mapping[str, Result]) -> tuple[AnalysisCertainty, ...]:
    """The certainty of every body of evidence, in the order of the analyses."""
    rules, risks = certainty_rules(), risk_of_bias(project)
    found = []
    for name, analysis in project.analyses.items():
        result = results.get(name)
        if result is None or result.measure.null is None:
            continue
        record = project.certainty.get(name) or CertaintyRecord(id=name)
        pooled = (*result.strata, *((result.overall,) if result.overall else ()))
        found.append(
            AnalysisCertainty(
                analysis=name,
                file=project.file_of("certainty", name),
                note=record.note,
                bodies=tuple(_body(project, analysis, result, one, record, risks, rules) for one in pooled),
            )
        )
    return tuple(found)


def _body(
    project: Project,
    analysis: Analysis,
    result: Result,
    pooled: Pooled,
    record: CertaintyRecord,
    risks: Mapping[str, RiskOfBias],
    rules: CertaintyRules,
) -> BodyCertainty:
    alone = pooled is result.overall or len(result.strata) == 1
    declared = record.body(pooled.stratum, *(["overall"] if alone else []))
    outcome = outcome_of(project, analysis, pooled.stratum)
    measure = result.measure.value
    summary = pooled.summary
    baselines = tuple(
        at for one in declared.baselines or record.baselines if (at := _at_baseline(one, pooled, measure)) is not None
    )
    assumed = baselines[0].risk if baselines else None
    important = _important(outcome, record, measure)
    size, lacks = information_size(pooled, measure, important=important, risk=assumed, rules=rules)
    body = Body(
        studies=_studies(project, pooled, risks),
        measure=measure,
        null=result.measure.null or 0.0,
        better=outcome.better,
        estimate=summary.estimate,
        low=summary.low,
        high=summary.high,
        i2=pooled.i2,
        prediction=_both(pooled.prediction_low, pooled.prediction_high),
        participants=pooled.participants,
        participants_at_least=_at_least(project, pooled),
        information_size=size,
        information_lacks=lacks,
        important=important,
        baseline=assumed,
        asymmetry_p=_tests(pooled),
        directness=_directness(declared, record),
        dose_response=declared.dose_response.value if declared.dose_response else None,
        opposing_confounding=declared.opposing_confounding.value if declared.opposing_confounding else None,
    )
    suggested = suggest(body, rules)
    decided: dict[str, Decision] = {one.reason: one for one in declared.decisions}
    undecided = tuple(one.reason for one in suggested.reasons if one.asked and one.reason not in decided)
    return BodyCertainty(
        analysis=analysis.id,
        stratum=pooled.stratum,
        outcome=outcome,
        k=pooled.k,
        studies=len(body.studies),
        participants=pooled.participants,
        measure=measure,
        estimate=summary.estimate,
        low=summary.low,
        high=summary.high,
        familiar=_on_familiar_scale(record, measure, summary),
        baselines=baselines,
        information_size=size,
        suggested=suggested,
        decisions=declared.decisions,
        decided=None if undecided or len(suggested.starts) > 1 else _decided(suggested, decided, rules),
        undecided=undecided,
        message=message_of(body, suggested),
    )


def outcome_of(project: Project, analysis: Analysis, stratum: str) -> Outcome:
    """The outcome of a stratum: its own where outcomes are the strata, else the first that the analysis selects."""
    named = stratum if analysis.strata == "outcome" and stratum in analysis.select.outcomes else None
    wanted = named or analysis.select.outcomes[0]
    questions = [project.questions[analysis.question], *project.questions.values()]
    return next(one for question in questions for one in question.outcomes if one.id == wanted)


def message_of(body: Body, suggested: Suggested) -> Literal["benefit", "harm", "trivial", "unclear"]:
    """What an estimate says in plain words.

    An interval that excludes no effect says benefit or harm, unless it lies wholly within the declared difference that
    matters: then the effect is trivial, as is one whose interval includes no effect and nothing important.
    """
    seen = dict(next(one.seen for one in suggested.reasons if one.reason == "imprecision"))
    important = [seen.get("includes-important-benefit"), seen.get("includes-important-harm", False)]
    if not body.low <= body.null <= body.high:
        if body.important is not None and not any(one is True or one is None for one in important):
            return "trivial"
        return "benefit" if (body.high < body.null) == (body.better == "lower") else "harm"
    return "trivial" if important == [False, False] else "unclear"


# --- parts --------------------------------------------------------------------------------------------------------


def _studies(project: Project, pooled: Pooled, risks: Mapping[str, RiskOfBias]) -> tuple[WeightedStudy, ...]:
    """One entry for each study; a study with several rows has their weights together and its first estimate."""
    weights: dict[str, float] = {}
    estimates: dict[str, float] = {}
    for row in pooled.studies:
        weights[row.study] = weights.get(row.study, 0.0) + row.weight
        estimates.setdefault(row.study, row.estimate)
    found = []
    for name, weight in weights.items():
        study = project.studies.get(name)
        design = study.design.value if study is not None and study.design is not None else None
        found.append(WeightedStudy(name, weight, estimates[name], design, risks.get(name)))
    return tuple(found)


def _at_baseline(one: Baseline, pooled: Pooled, measure: str) -> AtBaseline | None:
    """The absolute effect at a baseline; nothing where it is to be computed and no control group has counts."""
    if measure not in MEASURES_OF_EVENTS:
        return None
    trials: tuple[str, ...] = ()
    if one.risk is not None:
        risk = one.risk.value
    else:
        groups = [
            (row.study, row.events2, row.total2)
            for row in pooled.studies
            if row.events2 is not None and row.total2 and (not one.trials or row.study in one.trials)
        ]
        if not groups:
            return None
        trials = tuple(dict.fromkeys(study for study, _events, _total in groups))
        if one.from_trials == "median":
            risk = median(events / total for _study, events, total in groups)
        else:
            risk = sum(events for _study, events, _total in groups) / sum(total for _study, _events, total in groups)
    summary = pooled.summary
    effect = absolute_effect(measure, risk, estimate=summary.estimate, low=summary.low, high=summary.high)
    return AtBaseline(one.label, risk, one.risk.source if one.risk else None, trials, one.from_trials, effect)


def _on_familiar_scale(record: CertaintyRecord, measure: str, summary: Estimate) -> OnFamiliarScale | None:
    scale = record.familiar_scale
    if scale is None or measure not in STANDARDISED:
        return None
    sd = scale.standard_deviation.value
    return OnFamiliarScale(scale, summary.estimate * sd, summary.low * sd, summary.high * sd)


def _important(outcome: Outcome, record: CertaintyRecord, measure: str) -> float | None:
    if measure in MEASURES_OF_EVENTS:
        return record.important_per_1000.value / 1000 if record.important_per_1000 else None
    mid = outcome.minimal_important_difference
    return mid.value if mid is not None and measure == "MD" else None


def _directness(declared: DeclaredBody, record: CertaintyRecord) -> dict[str, Directness]:
    source = declared.directness or record.directness
    facts = {name: getattr(source, name) for name in ELEMENTS}
    return {name: fact.value for name, fact in facts.items() if fact is not None}


def _tests(pooled: Pooled) -> dict[str, float]:
    found = {}
    for one in pooled.further:
        p = one.result.get("p")
        if one.method in TESTS and isinstance(p, float | int):
            found[one.method] = float(p)
    return found


def _at_least(project: Project, pooled: Pooled) -> int:
    """Participants of the studies that give them: of several rows of a study the largest, none counted by vertebra."""
    units = {f"{one.file}:{one.line}": one.value.unit for one in project.extraction}
    sizes: dict[str, int] = {}
    for row in pooled.studies:
        if row.total1 is not None and row.total2 is not None and units.get(row.row) == "participants":
            sizes[row.study] = max(sizes.get(row.study, 0), row.total1 + row.total2)
    return sum(sizes.values())


def _both(low: float | None, high: float | None) -> tuple[float, float] | None:
    return None if low is None or high is None else (low, high)


def _decided(suggested: Suggested, decided: Mapping[str, Decision], rules: CertaintyRules) -> str:
    levels = {one.id: decided[one.id].levels if one.id in decided else 0 for one in rules.reasons}
    down = [levels[one.id] for one in rules.reasons if one.direction == "down"]
    up = [levels[one.id] for one in rules.reasons if one.direction == "up"]
    return certainty_of(suggested.starts[0], down, up, rules)
