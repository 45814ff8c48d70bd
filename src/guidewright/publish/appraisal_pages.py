"""Pages of appraisals and instruments, and what templates ask about them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from guidewright.agreement import Coefficient
from guidewright.grading.instrument import Domain, Instrument, Overall, Question
from guidewright.grading.judging import stars
from guidewright.grading.reconciliation import Appraisal, State
from guidewright.publish import appraisal_figures as figures
from guidewright.publish import appraisal_words as words
from guidewright.publish.numbers import decimal, interval
from guidewright.publish.snapshot import Snapshot
from guidewright.publish.views import AnalysisView
from guidewright.words import word

PageOf = Callable[..., Any]


def pages(snapshot: Snapshot, page: PageOf, language: str) -> Iterator[Any]:
    """The pages, made by ``page(address, template, title, **about)``."""
    if snapshot.appraisals:
        yield page("appraisals/index.html", "appraisals", word("appraisal.title", language))
    for view in snapshot.analyses:
        if figures.of_analysis(snapshot, view):
            title = view.analysis.title.get(language, view.analysis.id)
            heading = f"{word('appraisal.title', language)} · {title}"
            yield page(f"appraisals/{view.analysis.id}.html", "appraisal", heading, view=view)
    yield page("instruments/index.html", "instruments", word("instrument.title", language))
    for instrument in snapshot.instruments:
        yield page(f"instruments/{instrument.id}.html", "instrument", instrument.title, instrument=instrument)


def names(snapshot: Snapshot, language: str) -> dict[str, Any]:
    """What templates call, by name."""
    people: dict[str, str] = {person.id: person.name for person in snapshot.guideline.people}
    people |= {group.id: group.name.get(language, group.id) for group in snapshot.guideline.groups}
    instruments = {instrument.id: instrument for instrument in snapshot.instruments}

    def judgement(one: Appraisal, part: str) -> Mapping[str, Any]:
        return _judgement(instruments[one.instrument], one, part, language)

    return {
        "instruments": instruments,
        "appraisals_of": lambda study: [one for one in snapshot.appraisals if one.study == study],
        "is_open": lambda one: one.state is State.OPEN,
        "who": lambda ids: word("listing", language).join(people.get(i, i) for i in ids),
        "judgement": judgement,
        "answer_words": lambda tool, item, answer: words.answer_words(tool, item, answer, language),
        "rule_words": lambda tool, rule: words.rule_words(tool, rule, language),
        "outcome_words": lambda tool, rule: words.outcome_words(tool, rule, language),
        "condition_words": lambda tool, condition: words.condition_words(tool, condition, language),
        "allowed": lambda tool, question: allowed(tool, question, language),
        "stars_of": lambda one, domain: stars(instruments[one.instrument], domain, one.given),
        "of_analysis": lambda view: figures.of_analysis(snapshot, view),
        "of_all": lambda: figures.by_instrument(snapshot, [view.study.id for view in snapshot.studies]),
        "beside_forest": lambda view: _beside(snapshot, view, language),
        "has_appraisal": lambda view: bool(figures.of_analysis(snapshot, view)),
        "traffic": lambda shown, about, name: figures.traffic(snapshot, shown, language, about, name),
        "bars": lambda shown, about, name: figures.bars(snapshot, shown, language, about, name, None),
        "weighted_bars": lambda shown, view, about, name: _weighted(snapshot, shown, view, language, about, name),
        "describe_appraisal": lambda shown: figures.describe(shown, language),
        "appraisal_notes": lambda shown: figures.notes_of(shown, language),
        "coefficient": lambda one, share=False: coefficient(one, language, share=share),
        "uses_of": lambda tool: sum(one.instrument == tool.id for one in snapshot.appraisals),
    }


def _beside(snapshot: Snapshot, view: AnalysisView, language: str) -> Any:
    """The judgements beside a forest plot as a figure of their own, for its table."""
    shown = figures.beside_forest(snapshot, view)
    title = view.analysis.title.get(language, view.analysis.id)
    return figures.traffic(snapshot, shown, language, title, f"beside-{view.analysis.id}") if shown else None


def _weighted(
    snapshot: Snapshot, shown: figures.Judgements, view: AnalysisView, language: str, about: str, name: str
) -> Any:
    return figures.bars(snapshot, shown, language, about, name, figures.weights(view.result))


def _judgement(instrument: Instrument, one: Appraisal, part: str, language: str) -> Mapping[str, Any]:
    """A judgement as a page says it: sign, words, why, and what is missing."""
    judged = one.judgement_of(part)
    if judged is None:
        return {"sign": "", "tone": "none", "label": "", "why": "", "missing": "", "possible": ""}
    level = instrument.levels[judged.judgement] if judged.judgement else None
    listed = word("condition.list", language)
    return {
        "sign": level.sign if level else figures.UNDETERMINED,
        "tone": level.tone if level else "none",
        "label": figures.label(instrument, judged.judgement, language),
        "why": _why(instrument, instrument.judged[part], judged.rule, judged.person, judged.by_rules, language),
        "possible": ""
        if level
        else listed.join(instrument.levels[name].label.get(language, name) for name in judged.possible),
        "missing": listed.join(words.item_words(instrument, item, language) for item in judged.missing),
    }


def _why(
    instrument: Instrument, part: Domain | Overall, rule: int | None, person: str | None, by_rules: str | None, tag: str
) -> str:
    if person is not None:
        said = word("appraisal.by-person", tag)
        if by_rules is not None and by_rules != person:
            rules = word("appraisal.overrides", tag, judgement=instrument.levels[by_rules].label.get(tag, by_rules))
            said += f"{word('semicolon', tag)}{rules}"
        return said
    if isinstance(part, Domain) and part.answer_of is not None:
        return word("appraisal.taken", tag, item=part.answer_of)
    if rule is None or by_rules is None:
        return ""
    return word("appraisal.rule", tag, n=rule + 1, said=words.rule_words(instrument, part.rules[rule], tag))


def allowed(instrument: Instrument, question: Question, language: str) -> list[str]:
    """The answers that a question allows, in words, with their stars."""
    found = []
    for answer in instrument.answers_of(question):
        said = answer.label.get(language, answer.id)
        found.append(word("instrument.with-stars", language, answer=said, n=answer.points) if answer.points else said)
    return [*found, *([word("instrument.a-number", language)] if question.bands else [])]


def coefficient(one: Coefficient | None, language: str, *, share: bool) -> str:
    """An estimate with its interval; a share in percent."""
    if one is None:
        return "–"
    if share:
        limits = None if one.low is None or one.high is None else (100 * one.low, 100 * one.high)
        said, places = f"{100 * one.estimate:.0f}%", 0
    else:
        limits = None if one.low is None or one.high is None else (one.low, one.high)
        said, places = decimal(one.estimate), 2
    return said + (f" ({interval(*limits, language, places)})" if limits else "")
