"""From a pooled result to its forest plot in a language, with the text that stands for it."""

from __future__ import annotations

from collections.abc import Mapping

from guidewright.evidence.extraction import NAMED_TIMES
from guidewright.figures.effect import Effect
from guidewright.figures.forest import Forest
from guidewright.figures.rows import Column, Kind, Row
from guidewright.metaanalysis.analysis import Analysis
from guidewright.metaanalysis.effects import Measure
from guidewright.metaanalysis.result import Estimate, Pooled, StudyEffect
from guidewright.publish import appraisal_figures
from guidewright.publish.numbers import decimal, estimate_with_interval, interval, p_words, percent
from guidewright.publish.snapshot import Snapshot
from guidewright.publish.views import AnalysisView
from guidewright.words import word


def forest(snapshot: Snapshot, view: AnalysisView, language: str) -> Forest:
    """The forest plot of an analysis: its strata one below the other, and the overall result."""
    result, analysis = view.result, view.analysis
    counts = any(study.events1 is not None for one in result.strata for study in one.studies)
    beside = appraisal_figures.beside_forest(snapshot, view)
    risks = appraisal_figures.signs_by_study(beside)
    rows: list[Row] = []
    for one in result.strata:
        if len(result.strata) > 1:
            rows.append(Row(Kind.HEADING, stratum_name(snapshot, view, one.stratum, language)))
        rows += [_study(study, language, counts=counts, risks=risks) for study in one.studies]
        if one.k > 1:
            rows += _summary(one, language, counts=counts)
    if result.overall is not None:
        rows.append(Row(Kind.HEADING, word("forest.overall", language)))
        rows += _summary(result.overall, language, counts=counts)
    title = analysis.title.get(language, analysis.id)
    return Forest(
        identifier=f"forest-{analysis.id}",
        title=word("forest.title", language, title=title),
        description=describe(snapshot, view, language),
        nothing=word("evidence.no-result", language),
        rows=rows,
        effect=Effect(
            result.measure.value,
            result.measure.null,
            result.measure.is_ratio,
            analysis.favours.low.get(language, ""),
            analysis.favours.high.get(language, ""),
        ),
        label_heading=word("forest.study", language),
        columns=_columns(result.measure.value, language, counts=counts),
        mid=None if (mid := declared_mid(snapshot, analysis)) is None else (-mid, mid),
        mid_words="" if mid is None else word("forest-mid.band", language, mid=f"{mid:g}"),
        **appraisal_figures.forest_columns(beside, language),
    )


def declared_mid(snapshot: Snapshot, analysis: Analysis) -> float | None:
    """The minimal important difference that the question declares for the outcome of a plot.

    It is a difference in units of the scale: only mean differences have one, and only a plot of a single outcome can
    show it.
    """
    if analysis.measure is not Measure.MD or len(analysis.select.outcomes) != 1:
        return None
    (wanted,) = analysis.select.outcomes
    outcomes = (o for q in snapshot.questions if q.id == analysis.question for o in q.outcomes)
    outcome = next((o for o in outcomes if o.id == wanted), None)
    if outcome is None or outcome.minimal_important_difference is None:
        return None
    return outcome.minimal_important_difference.value


def figure(snapshot: Snapshot, view: AnalysisView, language: str) -> str:
    """Both drawings; the page shows the one that fits."""
    one = forest(snapshot, view, language)
    return one.draw() + one.draw(narrow=True)


def describe(snapshot: Snapshot, view: AnalysisView, language: str) -> str:
    """What the plot shows, in words."""
    result = view.result
    shown = [*result.strata, *([result.overall] if result.overall else [])]
    said = []
    for pooled in shown:
        name = stratum_name(snapshot, view, pooled.stratum, language)
        numbers = estimate_with_interval(
            result.measure, pooled.summary.estimate, pooled.summary.low, pooled.summary.high, language
        )
        said.append(
            word(
                "forest.said.one" if pooled.k == 1 else "forest.said.many",
                language,
                name=name,
                k=pooled.k,
                numbers=numbers,
            )
        )
    return word("gap", language).join(said)


def stratum_name(snapshot: Snapshot, view: AnalysisView, stratum: str, language: str) -> str:
    """A stratum as people call it: the drug, the outcome or the time point."""
    if stratum == "overall":
        return word("forest.overall", language)
    if stratum == "all":
        return view.analysis.title.get(language, stratum)
    if view.analysis.strata == "intervention":
        names = {term.id: term.name for term in snapshot.glossary.terms}
        return names.get(stratum, {}).get(language, stratum)
    if view.analysis.strata == "outcome":
        outcomes = {o.id: o.name for q in snapshot.questions for o in q.outcomes}
        return outcomes.get(stratum, {}).get(language, stratum)
    return time_point(stratum, language)


def time_point(text: str, language: str) -> str:
    """``1 month`` as it is said in a language."""
    if text in NAMED_TIMES:
        return word(f"time.{text.replace(' ', '-')}", language)
    amount, _, unit = text.partition(" ")
    unit = unit.rstrip("s")
    plural = "one" if amount == "1" else "many"
    return word(f"time.{unit}.{plural}", language, amount=amount)


def _columns(measure: str, language: str, *, counts: bool) -> tuple[Column, ...]:
    arms = [Column(word(f"forest.group{n}", language), before=True) for n in (1, 2)] if counts else []
    numbers = Column(word("further.column.effect", language, measure=measure), main=True)
    return (*arms, numbers, Column(word("forest.weight", language)))


def _study(study: StudyEffect, language: str, *, counts: bool, risks: Mapping[str, tuple[str, ...]]) -> Row:
    return Row(
        Kind.STUDY,
        study.label,
        (
            *((_count(study.events1, study.total1), _count(study.events2, study.total2)) if counts else ()),
            _numbers(study, language),
            f"{decimal(study.weight, 1)}%",
        ),
        study.estimate,
        study.low,
        study.high,
        study.weight,
        indent=1,
        risks=risks.get(study.study, ()),
    )


def _summary(pooled: Pooled, language: str, *, counts: bool) -> list[Row]:
    """The diamond, its prediction interval, and the heterogeneity."""
    one = pooled.summary
    blank = ("", "") if counts else ()
    label = word("forest.pooled", language, k=pooled.k, i2=percent(pooled.i2))
    rows = [Row(Kind.SUMMARY, label, (*blank, _numbers(one, language), ""), one.estimate, one.low, one.high)]
    low, high = pooled.prediction_low, pooled.prediction_high
    if low is not None and high is not None:
        cells = (*blank, interval(low, high, language), "")
        rows.append(Row(Kind.PREDICTION, word("analysis.prediction", language), cells, None, low, high))
    q = word(
        "forest.hetero",
        language,
        q=decimal(pooled.q),
        df=pooled.q_df,
        p=p_words(pooled.q_p),
        tau2=decimal(pooled.tau2, 3),
    )
    return [*rows, Row(Kind.NOTE, q)]


def _count(events: int | None, total: int | None) -> str:
    return "–" if events is None or total is None else f"{events}/{total}"


def _numbers(one: StudyEffect | Estimate, language: str) -> str:
    return f"{decimal(one.estimate)} ({interval(one.low, one.high, language)})"
