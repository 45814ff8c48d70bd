"""The strength of a clause from the facts of its studies: rules are data, this applies them.

The highest level present decides. Since facts may be undetermined, every study contributes each of the things it may
still turn out to be, and all combinations are followed at once: a state keeps only what the rules ask for (the highest
level so far, which rules its studies fire, their directions, how many they are), so the work grows with the number of
studies and not with the number of combinations. If all states end in the same strength it is determined, although
facts are missing; otherwise it is undetermined and the possible strengths are named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal, NamedTuple

from guidewright.grading.facts import (
    DIRECTIONS_OF,
    NOT_GRADABLE,
    Direction,
    Finding,
    Graded,
    Quality,
    StudyKind,
)
from guidewright.grading.scheme import Condition, Scheme, Strength, StrengthRule

Claim = Literal["effect", "equivalence"]


@dataclass(frozen=True)
class Lack:
    """Why a rule did not fire for a study: the fact, what it is, and what the rule asks for."""

    study: str
    fact: str
    has: tuple[str, ...]
    needs: str


@dataclass(frozen=True)
class RuleTrace:
    """What became of one rule."""

    rule: str
    strength: str
    outcome: Literal["fired", "possible", "not fired", "refused"]
    studies: tuple[str, ...]
    """Studies that fire it, or may fire it."""
    lacks: tuple[Lack, ...]
    """For each study of the highest level: what it lacked."""


@dataclass(frozen=True)
class Computed:
    """The strength that the rules give, or the strengths still possible."""

    strength: str | None
    possible: tuple[str, ...]
    rules: tuple[str, ...]
    """Rules that fired in every case."""
    level: str | None
    """Highest level present, if determined."""
    directions: tuple[Direction, ...]
    """Directions of the studies of that level, as far as known."""
    trace: tuple[RuleTrace, ...]
    note: Literal["", "no study", "not gradable", "no rule", "undetermined"]


#: What a body of evidence comes to when no study is gradable, or no rule covers it.
NONE = "none"


class State(NamedTuple):
    """What the rules can still ask of the studies seen so far."""

    rank: int | None = None
    fired: frozenset[str] = frozenset()
    directions: frozenset[Direction] = frozenset()
    studies: int = 0


def strength_of(
    studies: Sequence[Graded], scheme: Scheme, *, claim: Claim = "effect", minimum_studies: int = 1
) -> Computed:
    """Apply a scheme to the studies of one clause.

    ``studies`` are independent: protocols and further reports or subgroups of a trial have been left out.
    """
    if not studies:
        return Computed(None, (), (), None, (), (), "no study")
    states = ends([contributions(study, scheme, claim) for study in studies], minimum_studies)
    decided = {decide(state, scheme, minimum_studies) for state in states}
    names = {strength for strength, _rules in decided}
    order = [*(s.strength for s in scheme.strengths), NONE]
    possible = tuple(name for name in order if name in names)
    strength = possible[0] if len(possible) == 1 and possible[0] != NONE else None
    rules = frozenset.intersection(*(rules for _strength, rules in decided)) if strength else frozenset()
    ranks = {state.rank for state in states}
    rank = ranks.pop() if len(ranks) == 1 else None
    return Computed(
        strength=strength,
        possible=possible,
        rules=tuple(sorted(rules)),
        level=scheme.level_names[rank] if rank is not None else None,
        directions=_known_directions(studies, scheme, rank),
        trace=_trace(studies, scheme, claim, states, minimum_studies),
        note=_note(strength, possible, states),
    )


def _note(
    strength: str | None, possible: tuple[str, ...], ends: Iterable[State]
) -> Literal["", "not gradable", "no rule", "undetermined"]:
    if strength is not None:
        return ""
    if possible != (NONE,):
        return "undetermined"
    return "not gradable" if all(state.rank is None for state in ends) else "no rule"


# --- following every possibility ----------------------------------------------------------------------------------


def contributions(study: Graded, scheme: Scheme, claim: Claim) -> frozenset[State]:
    """Everything one study may turn out to be, as states of a body that has this study only."""
    found = set()
    pairs = [(f, d) for f in study.findings for d in study.directions & DIRECTIONS_OF[f]]
    for kind, level, quality, (finding, direction), same in product(
        study.kinds, study.levels, study.qualities, pairs, study.homogeneous
    ):
        if level == NOT_GRADABLE:
            found.add(State())
            continue
        fired = frozenset(
            rule.id
            for strength in scheme.strengths
            for rule in strength.rules
            if rule.when is not None
            and _meets(rule.when, kind, level, quality, finding, same)
            and _supports(strength, claim, finding)
        )
        found.add(State(scheme.level_names.index(level), fired, frozenset({direction}), 1))
    return frozenset(found)


def _meets(when: Condition, kind: StudyKind, level: str, quality: Quality, finding: Finding, same: bool) -> bool:
    return (
        when.kind in {None, kind.value}
        and when.level in {None, level}
        and when.quality in {None, quality.value}
        and when.finding in {None, finding.value}
        and when.homogeneous in {None, same}
    )


def _supports(strength: Strength, claim: Claim, finding: Finding) -> bool:
    """A claim of equivalence is carried by a precise null finding only, in strengths that ask for it."""
    return claim == "effect" or strength.equivalence_finding in {None, finding.value}


def ends(contributions: Sequence[frozenset[State]], minimum_studies: int) -> frozenset[State]:
    """All states that a body may be in, from what each study may contribute."""
    states = frozenset({State()})
    for one, times in Counter(contributions).items():
        for _again in range(times):
            joined = _join(states, one, minimum_studies)
            if joined == states:  # another study of which the same is known adds nothing new
                break
            states = joined
    return states


def _join(left: frozenset[State], right: frozenset[State], minimum_studies: int) -> frozenset[State]:
    return frozenset(add(a, b, minimum_studies) for a in left for b in right)


def add(a: State, b: State, minimum_studies: int) -> State:
    """The state of a body after one more study: only the highest level counts."""
    if b.rank is None:
        return a
    if a.rank is None or b.rank < a.rank:
        return b
    if b.rank > a.rank:
        return a
    # counting goes no further than the rules can tell apart
    return State(a.rank, a.fired | b.fired, a.directions | b.directions, min(a.studies + b.studies, minimum_studies))


def decide(state: State, scheme: Scheme, minimum_studies: int) -> tuple[str, frozenset[str]]:
    """The strength of one fully known body, and the rules that give it."""
    if state.rank is None:
        return NONE, frozenset()
    level = scheme.level_names[state.rank]
    for strength in scheme.strengths:
        if _refused(strength, state, minimum_studies):
            continue
        fired = {
            rule.id
            for rule in strength.rules
            if rule.id in state.fired or _body_rule(rule, level, state, minimum_studies)
        }
        if fired:
            return strength.strength, frozenset(fired)
    return NONE, frozenset()


def _refused(strength: Strength, state: State, minimum_studies: int) -> bool:
    differ = strength.same_direction and len(state.directions) > 1
    few = strength.minimum_studies_apply and state.studies < minimum_studies
    return differ or few


def _body_rule(rule: StrengthRule, level: str, state: State, minimum_studies: int) -> bool:
    differ = rule.directions_differ == level and len(state.directions) > 1
    few = rule.fewer_than_minimum == level and state.studies < minimum_studies
    return differ or few


# --- the trace ----------------------------------------------------------------------------------------------------


def _known_directions(studies: Sequence[Graded], scheme: Scheme, rank: int | None) -> tuple[Direction, ...]:
    if rank is None:
        return ()
    level = scheme.level_names[rank]
    known = {next(iter(s.directions)) for s in studies if s.levels == {level} and len(s.directions) == 1}
    return tuple(sorted(known))


def _trace(
    studies: Sequence[Graded], scheme: Scheme, claim: Claim, ends: frozenset[State], minimum_studies: int
) -> tuple[RuleTrace, ...]:
    decided = [(state, *decide(state, scheme, minimum_studies)) for state in ends]
    fires_in = {s.study: {rule for c in contributions(s, scheme, claim) for rule in c.fired} for s in studies}
    traces = []
    for strength in scheme.strengths:
        refused = all(_refused(strength, state, minimum_studies) for state in ends)
        for rule in strength.rules:
            fires = [rule.id in rules for _state, _name, rules in decided]
            could = [study for study, rules in fires_in.items() if rule.id in rules]
            held = any(rule.id in state.fired for state in ends)
            outcome: Literal["fired", "possible", "not fired", "refused"] = (
                "fired" if all(fires) else "possible" if any(fires) else "refused" if held and refused else "not fired"
            )
            lacks = tuple(lack for study in studies for lack in _lacks(study, rule.when)) if rule.when else ()
            traces.append(RuleTrace(rule.id, strength.strength, outcome, tuple(could), lacks))
    return tuple(traces)


def _lacks(study: Graded, when: Condition) -> list[Lack]:
    """The conditions that a study does not meet for certain."""
    asked = (
        ("level", when.level, sorted(study.levels)),
        ("kind", when.kind, sorted(study.kinds)),
        ("quality", when.quality, sorted(study.qualities)),
        ("finding", when.finding, sorted(study.findings)),
        (
            "homogeneous",
            None if when.homogeneous is None else str(when.homogeneous).lower(),
            sorted(str(h).lower() for h in study.homogeneous),
        ),
    )
    return [
        Lack(study.study, fact, tuple(has), needs) for fact, needs, has in asked if needs is not None and has != [needs]
    ]
