"""Every scheme, every combination of facts: exactly one result, in any order, never raised by weaker studies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, combinations, combinations_with_replacement, product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from guidewright.evidence.questions import QuestionType
from guidewright.evidence.studies import Design, Study
from guidewright.grading.body import NONE, Rules, states_of
from guidewright.grading.changes import changes
from guidewright.grading.facts import EITHER, EVERY_FINDING, NOT_GRADABLE, Direction, Finding, Graded
from guidewright.grading.level import level_of
from guidewright.grading.library import built_in_schemes
from guidewright.grading.scheme import Scheme
from guidewright.grading.strength import strength_of
from tests.grading.case_project import study
from tests.grading.other_tables import TABLES, Seen, every_judgement, every_study, graded, known
from tests.grading.table_one import examples

SCHEMES = built_in_schemes()
#: Where strengths are told from studies. ``aaos-2025cn`` has tests of its own against table 1.
COUNTED = sorted(TABLES)
LEVELLED = sorted(name for name, scheme in SCHEMES.items() if scheme.levels and scheme.levels_from is None)


def order(scheme: Scheme) -> list[str]:
    return [*(strength.strength for strength in scheme.strengths), NONE]


def possible(facts: Sequence[Graded], scheme: Scheme, judged: dict[str, str]) -> set[str]:
    """The possible strengths without the trace, which takes most of the time."""
    rules = Rules(scheme)
    return {rules.decide(state)[0] for state in states_of(facts, rules, judged)}


def subsets(values: Iterable[Any]) -> list[frozenset[Any]]:
    pool = list(values)
    return [frozenset(one) for size in range(1, len(pool) + 1) for one in combinations(pool, size)]


def test_every_scheme_of_strengths_is_written_out_by_hand() -> None:
    assert {name for name, scheme in SCHEMES.items() if scheme.strengths} == {*TABLES, "aaos-2025cn"}


# --- strengths ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", COUNTED)
def test_every_body_of_up_to_three_known_studies_has_one_outcome(name: str) -> None:
    scheme, by_hand = SCHEMES[name], TABLES[name]
    studies = every_study(scheme)
    bodies = chain([()], product(studies), product(studies, repeat=2), combinations_with_replacement(studies, 3))
    for body in bodies:
        facts = [known(f"s{n}", one) for n, one in enumerate(body)]
        for judged in every_judgement(scheme):
            expected = by_hand(body, judged)
            if len(body) > 2:
                assert possible(facts, scheme, judged) == {expected}, (body, judged)
                continue
            computed = strength_of(facts, scheme, judged=judged)
            if not body and not computed.possible:
                assert computed.note == "no study"
                assert expected == NONE
                continue
            assert computed.possible == (expected,), (body, judged)
            assert computed.strength == (None if expected == NONE else expected)
            assert bool(computed.rules) == (expected != NONE)


@pytest.mark.parametrize("name", COUNTED)
def test_every_set_of_what_a_study_may_be_gives_what_its_completions_give(name: str) -> None:
    """Every set of levels and of directions of one study, beside none or one known study; decisions known or not."""
    scheme, by_hand = SCHEMES[name], TABLES[name]
    levels = (*scheme.level_names, NOT_GRADABLE)
    # with eight levels the sets of one, two and all stand for the 511
    sets = subsets(levels) if len(levels) < 7 else [s for s in subsets(levels) if len(s) in {1, 2, len(levels)}]
    beside: list[Any] = [(), *((one,) for one in every_study(scheme)[:3])]
    for may_be, ways in product(sets, subsets(Direction)):
        one = graded("open", may_be, ways)
        for others in beside:
            body = [one, *(known(f"k{n}", other) for n, other in enumerate(others))]
            for decided in [{}, *every_judgement(scheme)]:
                expected = {
                    by_hand([Seen(level, way), *others], judged)
                    for level, way in product(may_be, ways)
                    for judged in ([decided] if decided else every_judgement(scheme))
                }
                assert possible(body, scheme, decided) == expected, (may_be, ways, others, decided)


@pytest.mark.parametrize("name", COUNTED)
def test_a_study_below_the_highest_present_never_raises_a_strength(name: str) -> None:
    """Every body of one or two known studies, every weaker one added to it."""
    scheme = SCHEMES[name]
    place = order(scheme).index
    bodies = [*product(every_study(scheme)), *combinations_with_replacement(every_study(scheme), 2)]
    for body in bodies:
        highest = min((scheme.ranks[one.level] for one in body if one.level in scheme.ranks), default=None)
        if highest is None:
            continue
        facts = [known(f"s{n}", one) for n, one in enumerate(body)]
        for weaker in every_study(scheme):
            if scheme.ranks.get(weaker.level, len(scheme.levels)) <= highest:
                continue
            for judged in every_judgement(scheme):
                (before,) = possible(facts, scheme, judged)
                (after,) = possible([*facts, known("weaker", weaker)], scheme, judged)
                assert place(after) >= place(before), (body, weaker, judged)
                if name != "sign":  # its "mainly 1+" is a share, so weaker studies may lower the grade
                    assert after == before


@pytest.mark.parametrize("name", ["aaos-2010", "aaos-2014", "aaos-2020"])
def test_schemes_that_count_rise_with_a_second_study_of_the_same_level(name: str) -> None:
    """No exception to the rule about weaker studies: these schemes say how many studies each grade takes."""
    scheme = SCHEMES[name]
    one = graded("a", frozenset({scheme.level_names[0]}), frozenset({Direction.FOR}))
    judged = {fact.id: fact.values[0].id for fact in scheme.judged}
    assert strength_of([one], scheme, judged=judged).strength == "Moderate"
    assert strength_of([one, replace(one, study="b")], scheme, judged=judged).strength == "Strong"


def any_body(scheme: Scheme) -> st.SearchStrategy[list[Graded]]:
    levels = st.sets(st.sampled_from((*scheme.level_names, NOT_GRADABLE)), min_size=1).map(frozenset)
    one = st.builds(graded, st.just(""), levels, st.sampled_from(subsets(Direction)))
    bodies = st.lists(one, min_size=1, max_size=5)
    return bodies.map(lambda found: [replace(study, study=f"s{n}") for n, study in enumerate(found)])


@examples(40)
@given(data=st.data(), name=st.sampled_from(COUNTED))
def test_order_of_studies_never_matters(data: st.DataObject, name: str) -> None:
    body = data.draw(any_body(SCHEMES[name]))
    shuffled = data.draw(st.permutations(body))
    one, other = strength_of(body, SCHEMES[name]), strength_of(shuffled, SCHEMES[name])
    assert (one.strength, one.possible, one.rules, one.highest) == (
        other.strength,
        other.possible,
        other.rules,
        other.highest,
    )
    assert [(t.rule, t.outcome) for t in one.trace] == [(t.rule, t.outcome) for t in other.trace]


@examples(25)
@given(data=st.data(), name=st.sampled_from(COUNTED))
def test_every_change_of_decisions_alone_gives_the_strength_that_it_names(data: st.DataObject, name: str) -> None:
    scheme = SCHEMES[name]
    body = data.draw(any_body(scheme))[:3]
    for change in changes(body, scheme):
        if all(study == "" for study, _fact, _value in change.facts):
            judged = {fact: value for _study, fact, value in change.facts}
            assert strength_of(body, scheme, judged=judged).strength == change.to


def test_the_trace_says_what_the_clause_lacks() -> None:
    one = graded("a", frozenset({"I"}), frozenset({Direction.FOR}))
    by_rule = {trace.rule: trace for trace in strength_of([one], SCHEMES["aaos-2010"]).trace}
    assert [(lack.study, lack.fact, lack.has, lack.needs) for lack in by_rule["S.1"].lacks] == [
        ("", "studies", ("1",), "2")
    ]
    assert by_rule["M.1"].outcome == "fired"
    grade = strength_of([one], SCHEMES["grade"])
    assert {(t.rule, t.outcome, t.lacks[0].fact) for t in grade.trace} == {
        ("strong", "possible", "panel-decision"),
        ("conditional", "possible", "panel-decision"),
    }


# --- levels -------------------------------------------------------------------------------------------------------

#: What is recorded of a fact, or nothing.
RECORDED: dict[str, tuple[Any, ...]] = {
    "blinding": ("blinded", "open", None),
    "randomisation": ("adequate", "improper", None),
    "follow_up_percent": (90, 70, None),
}


def facts_asked(scheme: Scheme, question: QuestionType, design: Design) -> dict[str, tuple[Any, ...]]:
    """The facts that the table asks of a design, each with everything that may be recorded of it, and nothing."""
    cells = [cell for row in scheme.table(question) or () for cell in row.ways if design in cell.designs]
    asked: dict[str, tuple[Any, ...]] = {}
    if any(cell.quality for cell in cells) and scheme.quality:
        asked |= {flaw.fact: RECORDED[flaw.fact] for flaw in scheme.quality.flaws if design in (*flaw.concerns, design)}
    if any(cell.finding for cell in cells):
        asked["finding"] = (*Finding, None)
    if any(cell.homogeneous is not None for cell in cells):
        asked["homogeneous"] = (True, False, None)
    if any(cell.included for cell in cells) or (scheme.reviews and design in scheme.reviews.designs):
        asked["included_levels"] = (*((level,) for level in scheme.level_names), None)
    if any(cell.included_designs for cell in cells):
        asked["included_designs"] = (("randomised",), ("case-control",), ("cross-sectional",), ("case-series",), None)
    for fact in scheme.facts:
        if any(fact.id in cell.facts for cell in cells):
            asked[fact.id] = (*(value.id for value in fact.values), None)
    return asked


def level(scheme: Scheme, question: QuestionType, design: Design, facts: dict[str, Any]) -> frozenset[str]:
    said: dict[str, Any] = {"design": design.value}
    said |= {name: facts[name] for name in RECORDED if facts.get(name) is not None}
    said["for_grading"] = {f.id: facts[f.id] for f in scheme.facts if facts.get(f.id) is not None}
    review = {key: list(facts[key]) for key in ("included_levels", "included_designs") if facts.get(key) is not None}
    if review:
        said["review"] = review
    finding, same = facts.get("finding"), facts.get("homogeneous")
    one: Study = study("one", said)
    return level_of(
        one,
        scheme,
        question,
        findings=EVERY_FINDING if finding is None else frozenset({finding}),
        homogeneous=EITHER if same is None else frozenset({same}),
    ).levels


def tables() -> Iterator[tuple[str, QuestionType, Design]]:
    for name in LEVELLED:
        for question in QuestionType:
            for design in Design:
                if SCHEMES[name].tables or question is QuestionType.THERAPEUTIC:
                    yield name, question, design


@pytest.mark.parametrize("name", LEVELLED)
def test_every_combination_of_facts_gives_one_level_and_unknown_ones_all_of_theirs(name: str) -> None:
    scheme = SCHEMES[name]
    for _name, question, design in (one for one in tables() if one[0] == name):
        asked = facts_asked(scheme, question, design)
        if design in {Design.META_ANALYSIS, Design.NETWORK_META_ANALYSIS}:
            continue  # read as systematic reviews are, which the next test holds
        whole = {
            values: level(scheme, question, design, dict(zip(asked, values, strict=True)))
            for values in product(*(tuple(v for v in values if v is not None) for values in asked.values()))
        }
        assert all(len(levels) == 1 for levels in whole.values()), (question, design)
        for values in product(*asked.values()):
            facts = dict(zip(asked, values, strict=True))
            if None not in values or facts.get("included_designs", "") is None:
                continue  # what an unknown review may include has more values than the examples tried here
            found = level(scheme, question, design, facts)
            expected = frozenset[str]().union(*(levels for key, levels in whole.items() if fits(values, key)))
            assert found == expected, (question, design, facts)


def fits(values: Sequence[Any], whole: Sequence[Any]) -> bool:
    return all(value is None or value == other for value, other in zip(values, whole, strict=True))


@pytest.mark.parametrize("name", LEVELLED)
def test_the_three_kinds_of_review_are_read_alike(name: str) -> None:
    scheme = SCHEMES[name]
    for question in QuestionType:
        if question is QuestionType.PREVALENCE and name == "ocebm-2011":
            continue  # surveys are not pooled as a network
        found = {
            level(scheme, question, design, {"included_levels": ("I",)} if "I" in scheme.level_names else {})
            for design in (Design.SYSTEMATIC_REVIEW, Design.META_ANALYSIS, Design.NETWORK_META_ANALYSIS)
        }
        assert len(found) == 1, question


def test_levels_of_included_designs_are_told_by_the_scheme_itself() -> None:
    """Included levels are words of the scheme in force; another scheme tells them from the designs."""
    trials = study("r", {"design": "meta-analysis", "review": {"included_levels": ["I"], "homogeneous": True}})
    assert level_of(trials, SCHEMES["jbjs-2003"], words="aaos-2025cn").determined is None
    series = study("r", {"design": "meta-analysis", "review": {"included_designs": ["retrospective-cohort"]}})
    assert level_of(series, SCHEMES["jbjs-2003"], words="aaos-2025cn").determined == "III"


# --- the files ----------------------------------------------------------------------------------------------------


def test_unverified_rules_say_so() -> None:
    standing = {name: scheme.standing for name, scheme in SCHEMES.items()}
    assert standing == {
        "aaos-2007": "partial",
        "aaos-2010": "verified",
        "aaos-2014": "partial",
        "aaos-2020": "knowledge",
        "aaos-2025cn": "verified",
        "grade": "knowledge",
        "jbjs-2003": "verified",
        "jbjs-2015": "partial",
        "ocebm-2011": "verified",
        "sign": "verified",
    }
    assert all(rule.standing == "knowledge" for _s, rule in SCHEMES["aaos-2014"].rules)
    assert all(row.standing == "knowledge" for table in SCHEMES["jbjs-2015"].tables for row in table.rows)


def test_every_scheme_speaks_both_languages() -> None:
    def texts(value: Any) -> Iterator[dict[str, str]]:
        if isinstance(value, dict):
            if value and all(isinstance(inner, str) for inner in value.values()) and {"zh", "en"} & {*value}:
                yield value
            else:
                yield from chain.from_iterable(texts(inner) for inner in value.values())
        elif isinstance(value, list):
            yield from chain.from_iterable(texts(inner) for inner in value)

    for scheme in SCHEMES.values():
        found = list(texts(scheme.model_dump(mode="json")))
        assert found
        assert all({*text} == {"zh", "en"} for text in found)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"tiers": [["I"], ["II", "III"]]}, "neither in `tiers` nor"),
        ({"tiers": [["I", "I"], ["II", "III", "IV"]]}, "stands twice"),
        ({"no_basis": ["VI"]}, "`VI` is no level"),
        ({"strengths": [{**SCHEMES["grade"].model_dump(mode="json")["strengths"][0]}]}, "no fact that the scheme"),
        ({"quality": None, "tables": [{"questions": ["harm"], "rows": [
            {"level": "I", "label": {"en": "x"}, "cells": [{"label": {"en": "x"}, "designs": ["randomised"],
             "quality": "high"}]}]}]}, "names no flaws"),
    ],
)  # fmt: skip
def test_a_scheme_that_contradicts_itself_is_refused(change: dict[str, Any], fault: str) -> None:
    data = SCHEMES["aaos-2025cn"].model_dump(mode="json", exclude_defaults=True)
    with pytest.raises(ValidationError, match=fault):
        Scheme.model_validate({**data, **change})
