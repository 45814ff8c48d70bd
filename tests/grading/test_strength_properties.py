"""The strength of every body of evidence, held against table 1 written out by hand and against brute force."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations, product
from math import prod
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from guidewright.grading.facts import DIRECTIONS_OF, NOT_GRADABLE, Direction, Finding, Graded, Quality, StudyKind
from guidewright.grading.strength import NONE, Computed, strength_of
from tests.grading.case_project import SCHEME
from tests.grading.table_one import EVERYTHING_KNOWN, LEVELS, Claim, completions, examples, known, rules_of, verdict

CLAIMS: tuple[Claim, ...] = ("effect", "equivalence")
ORDER = ["1", "2", "3", NONE]


def some(values: Iterable[Any]) -> list[frozenset[Any]]:
    """Every set of values that may still be possible; one value, which is known, as often as all others together."""
    known = [frozenset({value}) for value in values]
    several = [frozenset(chosen) for size in range(2, len(known) + 1) for chosen in combinations(values, size)]
    return known * max(1, len(several) // len(known)) + several


#: Possible findings with possible directions, where at least one pair goes together.
RESULTS = [
    (findings, directions)
    for findings, directions in product(some(tuple(Finding)), some(tuple(Direction)))
    if any(DIRECTIONS_OF[finding] & directions for finding in findings)
]
EVERY_LEVEL = (*LEVELS, NOT_GRADABLE)


def studies(levels: Sequence[str] = EVERY_LEVEL) -> st.SearchStrategy[Graded]:
    """A study of which something may be unknown."""
    facts = (some(levels), some(tuple(StudyKind)), some(tuple(Quality)), RESULTS, some((True, False)))
    return st.tuples(*map(st.sampled_from, facts)).map(lambda f: Graded("", f[0], f[1], f[2], *f[3], f[4]))


def named(body: list[Graded]) -> list[Graded]:
    return [replace(one, study=f"s{n}") for n, one in enumerate(body)]


ANY_STUDY = studies()
NOT_GRADABLE_STUDY = studies((NOT_GRADABLE,))
LOWER_THAN = {level: studies(EVERY_LEVEL[n + 1 :]) for n, level in enumerate(LEVELS)}


def bodies(least: int = 1, most: int = 3) -> st.SearchStrategy[list[Graded]]:
    return st.lists(ANY_STUDY, min_size=least, max_size=most).map(named)


claims = st.sampled_from(CLAIMS)
minima = st.integers(1, 3)


def told(computed: Computed) -> tuple[object, ...]:
    """What a reader is told, without the order of names."""
    return computed.strength, computed.possible, computed.rules, computed.level, computed.directions, computed.note


# --- everything known ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("claim", CLAIMS)
@pytest.mark.parametrize("minimum", [1, 2, 3])
def test_every_single_study_has_one_outcome(claim: Claim, minimum: int) -> None:
    assert len(EVERYTHING_KNOWN) == 4 * (2 * 4 + 2 * 4) + 1  # levels x (qualities or homogeneity) x findings
    for one in EVERYTHING_KNOWN:
        expected = verdict([one], claim, minimum)
        computed = strength_of([known("s", one)], SCHEME, claim=claim, minimum_studies=minimum)
        assert computed.possible == (expected.strength,)
        assert computed.rules == tuple(sorted(expected.rules))
        if expected.strength == NONE:
            assert computed.strength is None
            assert computed.note == ("not gradable" if one.level == NOT_GRADABLE else "no rule")
        else:
            assert (computed.strength, computed.note) == (expected.strength, "")


@pytest.mark.parametrize("claim", CLAIMS)
@pytest.mark.parametrize("minimum", [1, 2])
def test_every_pair_of_studies_has_one_outcome(claim: Claim, minimum: int) -> None:
    """Both orders of each pair are among them, and the outcome by hand does not depend on order."""
    graded = {one: (known("a", one), known("b", one)) for one in EVERYTHING_KNOWN}
    for one, other in product(EVERYTHING_KNOWN, repeat=2):
        expected = verdict([one, other], claim, minimum)
        computed = strength_of([graded[one][0], graded[other][1]], SCHEME, claim=claim, minimum_studies=minimum)
        assert computed.possible == (expected.strength,), (one, other)
        assert computed.rules == tuple(sorted(expected.rules)), (one, other)


def test_what_no_rule_asks_changes_nothing() -> None:
    """Homogeneity of a single trial, quality of a review, finding of a level II study."""
    for level, kind, quality, same in product(LEVELS, StudyKind, Quality, (True, False)):
        for finding, direction in [
            (Finding.SIGNIFICANT, Direction.AGAINST),
            (Finding.NULL_IMPRECISE, Direction.NO_DIFFERENCE),
        ]:
            one = Graded("s", *(frozenset({v}) for v in (level, kind, quality, finding, direction)), frozenset({same}))
            (canonical,) = completions(one)
            assert told(strength_of([one], SCHEME)) == told(strength_of([known("s", canonical)], SCHEME))


# --- something unknown: brute force -------------------------------------------------------------------------------


@examples(200)
@given(body=bodies(), claim=claims, minimum=minima)
def test_possible_strengths_are_those_of_all_completions(body: list[Graded], claim: Claim, minimum: int) -> None:
    may_be = [completions(study) for study in body]
    assume(prod(len(one) for one in may_be) <= 20_000)
    found = [(combination, verdict(combination, claim, minimum)) for combination in product(*may_be)]
    computed = strength_of(body, SCHEME, claim=claim, minimum_studies=minimum)

    assert set(computed.possible) == {one.strength for _body, one in found}
    assert list(computed.possible) == sorted(computed.possible, key=ORDER.index)
    settled = len(computed.possible) == 1 and computed.possible != (NONE,)
    assert computed.strength == (computed.possible[0] if settled else None)
    always = frozenset.intersection(*(one.rules for _body, one in found))
    assert computed.rules == (tuple(sorted(always)) if settled else ())
    highest = {min((one.level for one in body), key=EVERY_LEVEL.index) for body, _one in found}
    assert computed.level == (highest.pop() if len(highest) == 1 and NOT_GRADABLE not in highest else None)

    sometimes = frozenset[str]().union(*(one.rules for _body, one in found))
    for trace in computed.trace:
        assert (trace.outcome == "fired") == (trace.rule in always)
        assert (trace.outcome in {"fired", "possible"}) == (trace.rule in sometimes)
        firing, top = set(), set()
        for combination, _verdict in found:
            level = min((one.level for one in combination), key=EVERY_LEVEL.index)
            for study, one in zip(body, combination, strict=True):
                if one.level == level:
                    top.add(study.study)
                    if trace.rule in rules_of(one, claim):
                        firing.add(study.study)
        assert set(trace.studies) == firing
        assert {lack.study for lack in trace.lacks} <= top
        if trace.outcome == "refused":
            assert firing
            assert trace.rule.startswith("1.")


@examples(100)
@given(body=bodies(2, 6), claim=claims, minimum=minima, data=st.data())
def test_order_of_studies_never_matters(body: list[Graded], claim: Claim, minimum: int, data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(body))
    one, other = (strength_of(b, SCHEME, claim=claim, minimum_studies=minimum) for b in (body, shuffled))
    assert told(one) == told(other)
    for a, b in zip(one.trace, other.trace, strict=True):
        assert (a.rule, a.outcome, sorted(a.studies), set(a.lacks)) == (
            b.rule,
            b.outcome,
            sorted(b.studies),
            set(b.lacks),
        )


@examples(150)
@given(body=bodies(1, 4), claim=claims, data=st.data())
def test_a_duplicate_under_another_name_never_raises_a_strength(
    body: list[Graded], claim: Claim, data: st.DataObject
) -> None:
    """Where no number of studies is declared; a declared one counts studies, and telling them apart is for people."""
    copied = replace(data.draw(st.sampled_from(body)), study="copy")
    before, after = strength_of(body, SCHEME, claim=claim), strength_of([*body, copied], SCHEME, claim=claim)
    assert set(before.possible) <= set(after.possible)
    assert ORDER.index(after.possible[0]) >= ORDER.index(before.possible[0])
    if all(len(completions(one)) == 1 for one in body):
        assert told(after) == told(before)


@examples(150)
@given(body=bodies(1, 4), anchor=ANY_STUDY, level=st.sampled_from(LEVELS), claim=claims, minimum=minima, data=st.data())
def test_a_study_of_a_lower_level_never_changes_a_strength(
    body: list[Graded], anchor: Graded, level: str, claim: Claim, minimum: int, data: st.DataObject
) -> None:
    anchored = [*body, replace(anchor, study="anchor", levels=frozenset({level}))]
    lower = data.draw(LOWER_THAN[level])
    before, after = (
        strength_of(b, SCHEME, claim=claim, minimum_studies=minimum)
        for b in (anchored, [*anchored, replace(lower, study="lower")])
    )
    assert told(after) == told(before)
    assert after.trace == before.trace


@examples(150)
@given(body=bodies(1, 4), claim=claims, minimum=minima, other=NOT_GRADABLE_STUDY)
def test_a_study_that_is_not_gradable_never_changes_a_strength(
    body: list[Graded], claim: Claim, minimum: int, other: Graded
) -> None:
    before, after = (
        strength_of(b, SCHEME, claim=claim, minimum_studies=minimum)
        for b in (body, [*body, replace(other, study="other")])
    )
    assert told(after) == told(before)


@examples(150)
@given(body=bodies(1, 4), claim=claims, minimum=minima, data=st.data())
def test_learning_a_fact_never_adds_a_possible_strength(
    body: list[Graded], claim: Claim, minimum: int, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(body) - 1))
    learned = known(body[place].study, data.draw(st.sampled_from(completions(body[place]))))
    before, after = (
        set(strength_of(b, SCHEME, claim=claim, minimum_studies=minimum).possible)
        for b in (body, [*body[:place], learned, *body[place + 1 :]])
    )
    assert after <= before


def test_no_study_is_an_outcome_of_its_own() -> None:
    computed = strength_of([], SCHEME)
    assert (computed.strength, computed.possible, computed.note, computed.trace) == (None, (), "no study", ())


@pytest.mark.parametrize(
    "facts",
    [
        {"levels": set()},
        {"levels": {"I"}, "qualities": set()},
        {
            "levels": frozenset({"I"}),
            "findings": frozenset({Finding.NULL_PRECISE}),
            "directions": frozenset({Direction.FOR}),
        },
    ],
)
def test_facts_that_contradict_one_another_are_refused(facts: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="s1"):
        Graded("s1", **{name: frozenset(values) for name, values in facts.items()})
