"""Certainty of evidence in words: values behind a suggestion, absolute effects, plain statements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from guidewright.grading.certainty.facts import FactValue
from guidewright.grading.certainty.library import certainty_rules
from guidewright.grading.certainty.rules import UP, CertaintyRules, Condition
from guidewright.grading.certainty.suggestion import Suggestion
from guidewright.guideline.certainty import AtBaseline, BodyCertainty, OnFamiliarScale
from guidewright.publish.forest_figures import stratum_name
from guidewright.publish.numbers import decimal, grouped, interval, p_value, percent
from guidewright.publish.snapshot import Snapshot
from guidewright.publish.views import AnalysisView
from guidewright.values import in_language
from guidewright.words import say, word

#: Facts that are percentages.
_PERCENT = {"weight-high-risk", "weight-low-risk", "i2", "information-percent"}
_COUNTS = {"studies", "indirect-elements"}


@dataclass(frozen=True)
class Footnote:
    """A letter of a table and what it stands for."""

    letter: str
    text: str


@dataclass(frozen=True)
class Notes:
    """The footnotes of a table: by stratum those of the certainty and of the risks without, and all in order."""

    bodies: Mapping[str, tuple[Footnote, ...]]
    risks: Mapping[str, tuple[Footnote, ...]]
    legend: tuple[Footnote, ...]


def on_familiar_scale(one: OnFamiliarScale, language: str) -> str:
    """``−4.6 (−7.1 to −2.0) on the RMDQ (standard deviation 5.8)``."""
    limits = interval(one.low, one.high, language, places=1)
    scale, sd = in_language(one.scale.name, language), f"{one.scale.standard_deviation.value:g}"
    return word("sof.familiar", language, estimate=decimal(one.estimate, 1), interval=limits, scale=scale, sd=sd)


def intervention_name(snapshot: Snapshot, intervention: str, language: str) -> str:
    """The intervention of a comparison as the glossary names it."""
    term = next((one for one in snapshot.glossary.terms if one.id == intervention), None)
    return in_language(term.name, language) if term is not None else intervention


def fact_shown(name: str, value: FactValue, language: str) -> str:
    """``I²: 79%``."""
    return f"{word(f'certainty-fact.{name}', language)}{word('colon', language)}{_value(name, value, language)}"


def _value(name: str, value: FactValue, language: str) -> str:
    if value is None:
        return word("value.unknown", language)
    if isinstance(value, bool):
        return word("yes" if value else "no", language)
    if isinstance(value, tuple):
        low, high = (_number(name, one) for one in value)
        return word("sof.between", language, low=low, high=high)
    return _number(name, value)


def _number(name: str, value: float) -> str:
    if name in _PERCENT:
        return percent(value)
    if name in _COUNTS:
        return decimal(value, 0)
    return p_value(value) if name == "asymmetry-p" else decimal(value)


def change_words(suggestion: Suggestion, language: str) -> str:
    """``down one``, or what remains possible: ``down two / down one / no change``."""
    return " / ".join(word(f"certainty-change.{level}", language) for level in suggestion.levels)


def missing_words(suggestion: Suggestion, language: str) -> str:
    """What would settle a suggestion, each fact once."""
    facts = dict.fromkeys(word(f"certainty-missing.{one.fact}", language) for one in suggestion.missing)
    return word("listing", language).join(facts)


def level_words(possible: Sequence[str], rules: CertaintyRules, language: str) -> str:
    """``⊕⊕⊕◯ Moderate``, or the range that remains: ``High to low``."""
    if not possible:
        return word("certainty.open", language)
    first, last = rules.level(possible[0]), rules.level(possible[-1])
    if first.id == last.id:
        return f"{first.sign} {in_language(first.label, language)}"
    high, low = in_language(first.label, language), in_language(last.label, language).lower()
    return word("certainty.range", language, high=high, low=low)


def reason_label(reason: str, rules: CertaintyRules, language: str) -> str:
    """The label of a reason."""
    return next(in_language(one.label, language) for one in rules.reasons if one.id == reason)


def rule_labels(suggestion: Suggestion, rules: CertaintyRules, language: str) -> str:
    """The rule that gave a suggestion, or those that may."""
    reason = next(one for one in rules.reasons if one.id == suggestion.reason)
    return " / ".join(in_language(rule.label, language) for rule in reason.rules if rule.id in suggestion.rules)


def condition_words(condition: Condition, rules: CertaintyRules, language: str) -> str:
    """``≥ 50%``, or yes or no."""
    if condition.equals is not None:
        return word("yes" if condition.equals else "no", language)
    limits = (("≥", condition.at_least), (">", condition.above), ("<", condition.below))
    return " ".join(
        f"{sign} {_number(condition.fact, rules.limit(limit))}" for sign, limit in limits if limit is not None
    )


# --- a row of the summary of findings -------------------------------------------------------------------------------


def footnotes(bodies: Sequence[BodyCertainty], names: Mapping[str, str], language: str) -> Notes:
    """The footnotes of a table: reasons that rate or are open, and where the risks without come from.

    The same words share a letter. ``names`` are those of the studies.
    """
    letters: dict[str, Footnote] = {}

    def note(text: str) -> Footnote:
        return letters.setdefault(text, Footnote(_letter(len(letters)), text))

    of_bodies: dict[str, tuple[Footnote, ...]] = {}
    of_risks: dict[str, tuple[Footnote, ...]] = {}
    for body in bodies:
        of_risks[body.stratum] = tuple(note(baseline_words(at, names, language)) for at in body.baselines)
        of_bodies[body.stratum] = tuple(note(text) for text in _reasons(body, language))
    return Notes(of_bodies, of_risks, tuple(letters.values()))


def baseline_words(at: AtBaseline, names: Mapping[str, str], language: str) -> str:
    """For whom a risk holds, and how it was computed."""
    label = in_language(at.label, language)
    if at.statistic is None:
        return label
    trials = word("listing", language).join(names.get(one, one) for one in at.trials)
    computed = word(f"sof.computed-{at.statistic}", language, trials=trials)
    return f"{label}{word('semicolon', language)}{computed}"


def _reasons(body: BodyCertainty, language: str) -> Iterator[str]:
    """The reasons that rate a body up or down, or are open; a decision goes before a suggestion.

    Where one of the five has rated down, the reasons to rate up do not count and are left out.
    """
    rules = certainty_rules()
    decided = {one.reason: one for one in body.decisions}
    lowered = any(
        decided[one.reason].levels < 0 if one.reason in decided else max(one.levels) < 0
        for one in body.suggested.reasons
    )
    for one in body.suggested.reasons:
        if one.reason in UP and lowered:
            continue
        if one.reason in decided:
            levels, why = decided[one.reason].levels, decided[one.reason].why
            change = word(f"certainty-change.{levels}", language)
            said = in_language(why, language)
        elif one.determined is None:
            levels, change = None, word("certainty.open", language)
            said = word("certainty.missing", language, facts=missing_words(one, language))
        else:
            levels, change, said = one.determined, change_words(one, language), rule_labels(one, rules, language)
        if levels != 0:
            label = reason_label(one.reason, rules, language)
            yield f"{label}{word('colon', language)}{change}{word('semicolon', language)}{said}"


def _letter(number: int) -> str:
    return chr(ord("a") + number) if number < 26 else f"a{number - 25}"


def per_1000(risk: float) -> str:
    """A risk, 0 to 1, as people of a thousand; one decimal below ten, so that rare events stay visible."""
    people = 1000 * risk
    return grouped(round(people)) if round(people, 1) >= 10 or people == 0 else decimal(people, 1).removesuffix(".0")


def difference_words(difference: float, language: str) -> str:
    """``18 fewer`` of a thousand."""
    people = per_1000(abs(difference))
    if people == "0":
        return word("sof.equal", language)
    return word("sof.fewer" if difference < 0 else "sof.more", language, n=people)


def difference_range(at: AtBaseline, language: str) -> str:
    """``18 fewer (24 fewer to 9 fewer)``."""
    if at.effect is None:
        return "–"
    middle, low, high = (
        difference_words(one, language)
        for one in (at.effect.difference, at.effect.difference_low, at.effect.difference_high)
    )
    brackets = ("（", "）") if language == "zh" else (" (", ")")
    return f"{middle}{brackets[0]}{word('sof.between', language, low=low, high=high)}{brackets[1]}"


def plain_statement(snapshot: Snapshot, view: AnalysisView, body: BodyCertainty, language: str) -> str:
    """What a body of evidence says, worded by its certainty: decided, else suggested, else marked as open."""
    certainty = body.decided or body.suggested.certainty
    kind = _direction(body)
    if certainty == "very-low":
        kind = "very-low"
    said = word(
        f"sof-plain.{kind}",
        language,
        outcome=in_language(body.outcome.name, language),
        intervention=_intervention(snapshot, view, body, language),
        comparator=_terms(snapshot, view.analysis.select.comparators, language),
        sure=say(f"sof-sure.{certainty if certainty and certainty != 'very-low' else 'open'}"),
    )
    return said if certainty else said + word("certainty.open-statement", language)


def _direction(body: BodyCertainty) -> str:
    if body.message in {"trivial", "unclear"}:
        return body.message
    lower = (body.message == "benefit") == (body.outcome.better == "lower")
    scale = body.measure in {"MD", "SMD", "SMDH", "SMD1", "ROM"}
    return ("lower" if lower else "higher") if scale else ("fewer" if lower else "more")


def _intervention(snapshot: Snapshot, view: AnalysisView, body: BodyCertainty, language: str) -> str:
    if view.analysis.strata == "intervention" and body.stratum not in {"overall", "all"}:
        return _within(stratum_name(snapshot, view, body.stratum, language))
    return _terms(snapshot, view.analysis.select.interventions, language)


def _terms(snapshot: Snapshot, names: Sequence[str], language: str) -> str:
    terms = {term.id: term.name for term in snapshot.glossary.terms}
    shown = [terms[name].get(language, name) for name in names]
    if not shown or len(shown) > 3:
        return word("sof.these", language)
    return word("listing", language).join(map(_within, shown))


def _within(name: str) -> str:
    """A name inside a sentence: no capital, unless it is an abbreviation."""
    return name[:1].lower() + name[1:] if name[1:2].islower() else name
