"""Certainty of evidence in words: values behind a suggestion, absolute effects, plain statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from guidewright.grading.certainty.facts import FactValue
from guidewright.grading.certainty.rules import CertaintyRules, Condition
from guidewright.grading.certainty.suggestion import Suggestion
from guidewright.guideline.certainty import AtBaseline, BodyCertainty
from guidewright.publish.forest_figures import stratum_name
from guidewright.publish.numbers import decimal, grouped, p_value, percent
from guidewright.publish.snapshot import Snapshot
from guidewright.publish.views import AnalysisView
from guidewright.words import say, word

#: Facts that are percentages.
_PERCENT = {"weight-high-risk", "weight-low-risk", "i2", "information-percent"}
_COUNTS = {"studies", "indirect-elements"}


@dataclass(frozen=True)
class Footnote:
    """A reason that rates up or down, or is open, as a table quotes it."""

    letter: str
    text: str


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
    return word("comma", language).join(facts)


def level_words(possible: Sequence[str], rules: CertaintyRules, language: str) -> str:
    """``⊕⊕⊕◯ Moderate``, or the range that remains: ``High to low``."""
    if not possible:
        return word("certainty.open", language)
    first, last = rules.level(possible[0]), rules.level(possible[-1])
    if first.id == last.id:
        return f"{first.sign} {first.label[language]}"
    return word("certainty.range", language, high=first.label[language], low=last.label[language])


def reason_label(reason: str, rules: CertaintyRules, language: str) -> str:
    """The label of a reason."""
    return next(one.label[language] for one in rules.reasons if one.id == reason)


def rule_labels(suggestion: Suggestion, rules: CertaintyRules, language: str) -> str:
    """The rule that gave a suggestion, or those that may."""
    reason = next(one for one in rules.reasons if one.id == suggestion.reason)
    return " / ".join(rule.label[language] for rule in reason.rules if rule.id in suggestion.rules)


def condition_words(condition: Condition, rules: CertaintyRules, language: str) -> str:
    """``≥ 50%``, or yes or no."""
    if condition.equals is not None:
        return word("yes" if condition.equals else "no", language)
    limits = (("≥", condition.at_least), (">", condition.above), ("<", condition.below))
    return " ".join(
        f"{sign} {_number(condition.fact, rules.limit(limit))}" for sign, limit in limits if limit is not None
    )


# --- a row of the summary of findings -------------------------------------------------------------------------------


def footnotes(bodies: Sequence[BodyCertainty], rules: CertaintyRules, language: str) -> dict[str, tuple[Footnote, ...]]:
    """Stratum -> footnotes of its certainty; the same words share a letter within a table."""
    letters: dict[str, str] = {}
    found: dict[str, tuple[Footnote, ...]] = {}
    for body in bodies:
        decided = {one.reason: one for one in body.decisions}
        notes = []
        for one in body.suggested.reasons:
            label = reason_label(one.reason, rules, language)
            colon = word("colon", language)
            if one.reason in decided:
                if not decided[one.reason].levels:
                    continue
                change = word(f"certainty-change.{decided[one.reason].levels}", language)
                why = decided[one.reason].why.get(language) or next(iter(decided[one.reason].why.values()))
                text = f"{label}{colon}{change}{word('semicolon', language)}{why}"
            elif one.determined is None:
                missing = word("certainty.missing", language, facts=missing_words(one, language))
                text = f"{label}{colon}{word('certainty.open', language)}{word('semicolon', language)}{missing}"
            elif one.determined:
                change = change_words(one, language)
                text = f"{label}{colon}{change}{word('semicolon', language)}{rule_labels(one, rules, language)}"
            else:
                continue
            notes.append(Footnote(letters.setdefault(text, _letter(len(letters))), text))
        found[body.stratum] = tuple(notes)
    return found


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
        outcome=body.outcome.name.get(language, body.outcome.id),
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
        return stratum_name(snapshot, view, body.stratum, language)
    return _terms(snapshot, view.analysis.select.interventions, language)


def _terms(snapshot: Snapshot, names: Sequence[str], language: str) -> str:
    terms = {term.id: term.name for term in snapshot.glossary.terms}
    shown = [terms[name].get(language, name) for name in names]
    if not shown or len(shown) > 3:
        return word("sof.these", language)
    return word("comma", language).join(shown)
