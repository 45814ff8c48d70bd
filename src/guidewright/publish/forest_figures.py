"""From a pooled result to its forest plot in a language, with the text that stands for it."""

from __future__ import annotations

from guidewright.evidence.extraction import NAMED_TIMES
from guidewright.figures.forest import Forest, Line, draw
from guidewright.metaanalysis.result import Pooled
from guidewright.publish.numbers import decimal, estimate_with_interval, interval, percent
from guidewright.publish.snapshot import Snapshot
from guidewright.publish.views import AnalysisView
from guidewright.words import word


def forest(snapshot: Snapshot, view: AnalysisView, language: str) -> Forest:
    """The forest plot of an analysis: its strata one below the other, and the overall result."""
    result, analysis = view.result, view.analysis
    lines: list[Line] = []
    for pooled in result.strata:
        if len(result.strata) > 1:
            lines.append(Line("heading", stratum_name(snapshot, view, pooled.stratum, language)))
        lines += _lines(pooled, language)
    if result.overall is not None:
        lines.append(Line("heading", word("forest.overall", language)))
        lines.append(_summary(result.overall, language))
    title = analysis.title.get(language, analysis.id)
    return Forest(
        identifier=f"forest-{analysis.id}",
        title=word("forest.title", language, title=title),
        description=describe(snapshot, view, language),
        lines=lines,
        null=result.measure.null,
        log=result.measure.is_ratio,
        favours_low=analysis.favours.low.get(language, ""),
        favours_high=analysis.favours.high.get(language, ""),
        label_heading=word("forest.study", language),
        numbers_heading=f"{result.measure} (95% CI)",
        weight_heading=word("forest.weight", language),
    )


def figure(snapshot: Snapshot, view: AnalysisView, language: str) -> str:
    """Both drawings; the page shows the one that fits."""
    one = forest(snapshot, view, language)
    return draw(one) + draw(one, narrow=True)


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
    return " ".join(said)


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


def _lines(pooled: Pooled, language: str) -> list[Line]:
    lines = [
        Line(
            "study",
            study.label,
            _numbers(study.estimate, study.low, study.high),
            f"{decimal(study.weight, 1)}%",
            study.estimate,
            study.low,
            study.high,
            study.weight,
        )
        for study in pooled.studies
    ]
    return [*lines, _summary(pooled, language)] if pooled.k > 1 else lines


def _summary(pooled: Pooled, language: str) -> Line:
    one = pooled.summary
    label = word("forest.pooled", language, k=pooled.k, i2=percent(pooled.i2))
    return Line("summary", label, _numbers(one.estimate, one.low, one.high), "", one.estimate, one.low, one.high)


def _numbers(estimate: float, low: float, high: float) -> str:
    return f"{decimal(estimate)} ({interval(low, high, 'en')})"
