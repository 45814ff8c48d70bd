"""What would change a strength: every set given works, none is larger than needed, and none is left out."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from guidewright.grading.changes import Change, changes
from guidewright.grading.facts import DIRECTIONS_OF, Direction, Finding, Graded, Quality, StudyKind
from guidewright.grading.strength import strength_of
from tests.grading.case_project import SCHEME
from tests.grading.table_one import Claim, alternatives, examples
from tests.grading.test_strength_properties import bodies, claims, minima

STRENGTHS = {strength.strength for strength in SCHEME.strengths}
Settled = tuple[str, str, str]


def applied(body: list[Graded], facts: tuple[Settled, ...]) -> list[Graded]:
    """The body with the facts of a change, read from their words."""
    changed = {study.study: study for study in body}
    for name, fact, value in facts:
        one = changed[name]
        if fact == "level":
            changed[name] = replace(one, levels=frozenset({value}))
        elif fact == "quality":
            changed[name] = replace(one, qualities=frozenset({Quality(value)}))
        elif fact == "homogeneous":
            changed[name] = replace(one, homogeneous=frozenset({value == "true"}))
        else:
            finding, _, direction = value.rstrip(")").partition(" (")
            fields = {"findings": frozenset({Finding(finding)}), "directions": frozenset({Direction(direction)})}
            changed[name] = replace(one, **fields)
    return list(changed.values())


def brute_force(body: list[Graded], claim: Claim, minimum: int) -> set[tuple[str, frozenset[Settled]]]:
    """All smallest sets of one or two facts that give each other strength, by trying every set."""
    every = [
        (study.study, fact, value) for study in body for fact, value, other in alternatives(study) if other != study
    ]
    found: set[tuple[str, frozenset[Settled]]] = set()
    wanted = STRENGTHS - {strength_of(body, SCHEME, claim=claim, minimum_studies=minimum).strength or ""}
    for size in (1, 2):
        reached = set()
        for facts in combinations(every, size):
            if len({(name, fact) for name, fact, _value in facts}) < size:
                continue  # one value for each fact
            strength = strength_of(applied(body, facts), SCHEME, claim=claim, minimum_studies=minimum).strength
            if strength in wanted:
                reached.add((strength, frozenset(facts)))
        found |= reached
        wanted -= {strength for strength, _facts in reached}
    return found


def as_set(found: tuple[Change, ...]) -> set[tuple[str, frozenset[Settled]]]:
    assert len({(change.to, frozenset(change.facts)) for change in found}) == len(found), "a set is given twice"
    return {(change.to, frozenset(change.facts)) for change in found}


@examples(120)
@given(body=bodies(1, 5), claim=claims, minimum=minima)
def test_every_change_gives_the_strength_that_it_names(body: list[Graded], claim: Claim, minimum: int) -> None:
    now = strength_of(body, SCHEME, claim=claim, minimum_studies=minimum).strength
    for change in changes(body, SCHEME, claim=claim, minimum_studies=minimum):
        assert change.to != now
        then = strength_of(applied(body, change.facts), SCHEME, claim=claim, minimum_studies=minimum)
        assert then.strength == change.to
        assert applied(body, change.facts) != body


@examples(25)
@given(body=bodies(1, 2), claim=claims, minimum=st.integers(1, 2))
def test_small_bodies_have_all_smallest_changes_and_no_other(body: list[Graded], claim: Claim, minimum: int) -> None:
    assert as_set(changes(body, SCHEME, claim=claim, minimum_studies=minimum)) == brute_force(body, claim, minimum)


@examples(60)
@given(body=bodies(3, 5), claim=claims, minimum=minima)
def test_larger_bodies_have_all_changes_of_one_fact(body: list[Graded], claim: Claim, minimum: int) -> None:
    now = strength_of(body, SCHEME, claim=claim, minimum_studies=minimum).strength
    single = set()
    for study in body:
        for fact, value, other in alternatives(study):
            if other == study:
                continue
            others = [other if one is study else one for one in body]
            strength = strength_of(others, SCHEME, claim=claim, minimum_studies=minimum).strength
            if strength not in {None, now}:
                single.add((strength, frozenset({(study.study, fact, value)})))
    found = as_set(changes(body, SCHEME, claim=claim, minimum_studies=minimum))
    assert {one for one in found if len(one[1]) == 1} == single
    reached = {strength for strength, _facts in single}
    assert all(strength not in reached for strength, facts in found if len(facts) == 2)


def trial(name: str, finding: Finding = Finding.SIGNIFICANT, quality: Quality = Quality.HIGH) -> Graded:
    facts = {"kinds": frozenset({StudyKind.STUDY}), "qualities": frozenset({quality})}
    directions = frozenset({Direction.FOR}) if finding is Finding.SIGNIFICANT else DIRECTIONS_OF[finding]
    return Graded(name, frozenset({"I"}), findings=frozenset({finding}), directions=directions, **facts)


def test_one_good_trial_falls_by_its_quality_or_its_level() -> None:
    found = as_set(changes([trial("a")], SCHEME))
    assert ("2", frozenset({("a", "quality", "lesser")})) in found
    assert ("2", frozenset({("a", "level", "II")})) in found
    assert ("3", frozenset({("a", "level", "III")})) in found
    assert all(len(facts) == 1 for _to, facts in found)


def test_two_trials_that_disagree_rise_when_one_of_them_turns() -> None:
    found = as_set(changes([trial("a"), trial("b", Finding.NULL_PRECISE)], SCHEME))
    assert ("1", frozenset({("b", "finding", "significant (for)")})) in found
    assert ("1", frozenset({("b", "level", "II")})) in found
    # one of them below level I leaves the other, so strength 3 needs both
    assert ("3", frozenset({("a", "level", "III"), ("b", "level", "IV")})) in found


def test_two_facts_where_one_is_not_enough() -> None:
    found = as_set(changes([trial("a", Finding.NULL_IMPRECISE, Quality.LESSER)], SCHEME))
    to_one = {facts for to, facts in found if to == "1"}
    assert frozenset({("a", "quality", "high"), ("a", "finding", "significant (for)")}) in to_one
    assert all(len(facts) == 2 for facts in to_one)


def test_nothing_changes_a_clause_without_studies() -> None:
    assert changes([], SCHEME) == ()
