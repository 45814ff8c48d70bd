"""The rules of an instrument in words, made from the same data that judges."""

from __future__ import annotations

from collections.abc import Iterator

from guidewright.grading.condition import NOT_ASKED, Condition
from guidewright.grading.instrument import Instrument, Rule
from guidewright.words import word


def rule_words(instrument: Instrument, rule: Rule, language: str) -> str:
    """When a rule fires."""
    return condition_words(instrument, rule.when, language) or word("condition.otherwise", language)


def outcome_words(instrument: Instrument, rule: Rule, language: str) -> str:
    """What a rule gives; where it leaves the judgement to the appraiser, among which."""
    names = [instrument.levels[name].label.get(language, name) for name in rule.outcomes]
    if len(names) == 1:
        return names[0]
    return word("appraisal.appraiser-judges", language, judgements=word("condition.list", language).join(names))


def condition_words(instrument: Instrument, condition: Condition, language: str) -> str:
    """A condition as a clause of a sentence; an empty text for one that always holds."""
    return word("condition.and", language).join(_parts(instrument, condition, language))


def item_words(instrument: Instrument, item: str, language: str) -> str:
    """A question by its number, a domain by its title."""
    part = instrument.judged.get(item)
    return part.title.get(language, item) if part is not None else item


def answer_words(instrument: Instrument, item: str, answer: str, language: str) -> str:
    """An answer, a band of a number, or a judgement."""
    if answer == NOT_ASKED:
        return word("appraisal.not-asked", language)
    question = instrument.questions.get(item)
    if question is None:
        return instrument.levels[answer].label.get(language, answer)
    labels = {a.id: a.label for a in instrument.answers_of(question)} | {b.id: b.label for b in question.bands}
    return labels[answer].get(language, answer) if answer in labels else answer


def _parts(instrument: Instrument, condition: Condition, language: str) -> Iterator[str]:
    def items(of: tuple[str, ...]) -> str:
        return word("condition.list", language).join(item_words(instrument, item, language) for item in of)

    def answers(item: str, names: tuple[str, ...]) -> str:
        return " / ".join(answer_words(instrument, item, name, language) for name in names)

    for item, names in condition.is_.items():
        yield word("condition.is", language, item=item_words(instrument, item, language), answers=answers(item, names))
    for inner in condition.all:
        yield condition_words(instrument, inner, language)
    if condition.any:
        said = word("condition.or", language).join(condition_words(instrument, i, language) for i in condition.any)
        alone = not (condition.is_ or condition.all or condition.none or condition.count or condition.points)
        yield said if alone or len(condition.any) == 1 else word("condition.bracket", language, said=said)
    for inner in condition.none:
        yield word("condition.not", language, said=condition_words(instrument, inner, language))
    if (count := condition.count) is not None:
        known = [item for item in count.of if count.are[0] in instrument.values_of(item)]
        said = answers((known or list(count.of))[0], count.are)
        yield word("condition.count", language, items=items(count.of), bounds=_bounds(count, language), answers=said)
    if (points := condition.points) is not None:
        yield word("condition.points", language, items=items(points.of), bounds=_bounds(points, language))


def _bounds(bound: object, language: str) -> str:
    low, high = getattr(bound, "at_least", 0), getattr(bound, "at_most", None)
    if high is None:
        return word("condition.at-least", language, n=low)
    if low == 0:
        return word("condition.at-most", language, n=high)
    return word("condition.between", language, a=low, b=high)
