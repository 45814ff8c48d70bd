"""Grading cases in words, for the Methods page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from guidewright.grading.cases import Case, CaseStudy
from guidewright.grading.level_table import AskedFact
from guidewright.grading.scheme import Scheme
from guidewright.publish.numbers import decimal
from guidewright.values import in_language
from guidewright.words import all_words, word


def known_words(case: Case, scheme: Scheme, language: str) -> list[str]:
    """What a case says is known: one text for each study, then what is known of the clause."""
    studies = [_study(one, scheme, language) for one in case.studies]
    if not case.studies:
        studies = [word("cases.nothing", language)]
    also = [
        f"{word('cases.other', language)}{word('colon', language)}{_study(one, scheme, language)}"
        for one in case.others
    ]
    return [*studies, *also, *_clause(case, scheme, language)]


def _clause(case: Case, scheme: Scheme, language: str) -> Iterator[str]:
    if case.question.value != "therapeutic":
        yield word(f"question-type.{case.question.value}", language)
    if case.claim == "equivalence":
        yield word("cases.claims-equivalence", language)
    if case.better == "higher":
        yield word("cases.higher", language)
    if case.minimal_important_difference is not None:
        yield word("cases.margin", language, value=f"{case.minimal_important_difference:g}")
    if case.minimum_studies > 1:
        yield word("cases.minimum", language, n=case.minimum_studies)
    yield from _recorded(case.judged, scheme.judged, language)


def _recorded(facts: Mapping[str, str], asked: Sequence[AskedFact], language: str) -> Iterator[str]:
    """Facts and decisions for which the scheme asks, as it calls them."""
    for fact in asked:
        if fact.id in facts:
            value = next((one.label for one in fact.values if one.id == facts[fact.id]), {})
            yield word("colon", language).join((in_language(fact.label, language), in_language(value, language)))


def _study(one: CaseStudy, scheme: Scheme, language: str) -> str:
    return word("comma", language).join(_facts(one, scheme, language))


def _facts(one: CaseStudy, scheme: Scheme, language: str) -> Iterator[str]:
    if not one.identified:
        yield word("cases.not-identified", language)
        return
    yield (
        word(f"design.{one.design.value}", language)
        if one.design
        else word("level.design-unknown", language).rstrip("。.")
    )
    if one.blinding:
        yield word(f"blinding.{one.blinding}", language)
    if one.randomisation:
        yield word(f"randomisation.{one.randomisation}", language)
    if one.follow_up_percent is not None:
        yield word("cases.follow-up", language, value=f"{one.follow_up_percent:g}")
    yield from _recorded(one.for_grading, scheme.facts, language)
    if one.retracted:
        yield word("cases.retracted", language)
    if one.report:
        yield word("cases.report", language, kind=word(f"report.{one.report}", language))
    if one.reports:
        yield word("cases.reports", language, n=one.reports)
    if one.subset_of:
        yield word("cases.subset", language, names=", ".join(one.subset_of))
    yield from _review(one, language)
    yield from _result(one, language)


def _review(one: CaseStudy, language: str) -> Iterator[str]:
    if "included_levels" in one.review:
        yield word("cases.includes", language, levels=word("listing", language).join(one.review["included_levels"]))
    if "included_designs" in one.review:
        designs = word("listing", language).join(
            word(f"design.{design}", language) for design in one.review["included_designs"]
        )
        yield word("cases.includes-designs", language, designs=designs)
    if "homogeneous" in one.review:
        yield word("cases.homogeneous" if one.review["homogeneous"] else "cases.heterogeneous", language)
    if one.pooled:
        i2 = one.pooled.get("i2")
        yield word("cases.pooled-alone", language) if i2 is None else word("cases.pooled", language, i2=f"{i2:g}")
    if "prediction" in one.pooled:
        low, high = one.pooled["prediction"]
        yield word("cases.prediction", language, low=decimal(low), high=decimal(high))


def _result(one: CaseStudy, language: str) -> Iterator[str]:
    result = one.result
    if not result:
        return
    parts = []
    if "estimate" in result:
        measure = result.get("effect", "")
        parts.append(word("cases.result-of", language, measure=measure, estimate=decimal(result["estimate"])))
    if "ci_low" in result and "ci_high" in result:
        low, high = decimal(result["ci_low"]), decimal(result["ci_high"])
        parts.append(word("cases.interval", language, low=low, high=high))
    if "p" in result:
        parts.append((" " if parts else "") + word("cases.p", language, p=result["p"]))
    counts = [f"{result[f'events{n}']}/{result[f'total{n}']}" for n in (1, 2) if f"events{n}" in result]
    if counts:
        parts.append((" " if parts else "") + " v ".join(counts))
    if parts:
        yield "".join(parts)


def result_words(case: Case, scheme: Scheme, language: str) -> str:
    """What a case must give."""
    levels = [one.expect["level"] for one in case.studies if "level" in one.expect]
    said = [_level(level, language) for level in levels]
    name = next((s.label for s in scheme.strengths if s.strength == case.strength), None)
    if name is not None:
        said.append(in_language(name, language))
    elif case.strength == "undetermined":
        said.append(word("cases.undetermined", language, possible=" / ".join(_possible(case, language))))
    else:
        said.append(word(f"cases.{case.strength.replace(' ', '-')}", language))
    if case.rules:
        said.append(word("what-if.rule", language) + ", ".join(case.rules))
    return word("semicolon", language).join(said)


def _possible(case: Case, language: str) -> Iterator[str]:
    return (word("cases.no-rule", language) if one == "none" else one for one in case.possible)


def _level(level: str, language: str) -> str:
    if f"level.{level}" in all_words():
        return word(f"level.{level}", language)
    return word("cases.level", language, level=level)
