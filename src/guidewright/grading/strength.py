"""The strength of a clause from the facts of its studies: rules are data, this applies them.

The highest level present decides. Since facts may be undetermined, every study contributes each of the things it may
still turn out to be, and all combinations are followed at once: a state keeps only what the rules ask for (the highest
level so far, which rules its studies fire, their directions, how many they are), so the work grows with the number of
studies and not with the number of combinations. If all states end in the same strength it is determined, although
facts are missing; otherwise it is undetermined and the possible strengths are named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product
from typing import Literal, NamedTuple

from guidewright.grading.facts import (
    DIRECTIONS_OF,
    EVERY_DIRECTION,
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
    """``refused``: a study fires it, or may, but whenever it does its strength is refused to the body."""
    studies: tuple[str, ...]
    """Studies that fire it, or may fire it, being of the highest level."""
    lacks: tuple[Lack, ...]
    """For each study that is or may be of the highest level: what it lacked."""


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
    """What the rules can still ask of the studies seen so far. What they cannot tell apart is the same state."""

    rank: int | None = None
    """Place of the highest level, if any study has a level."""
    fired: frozenset[str] = frozenset()
    """Rules that its studies fire."""
    directions: frozenset[Direction] = frozenset()
    """Their direction; all directions if they differ, none at a level where no rule asks."""
    studies: int = 0
    """How many they are, counted up to the declared minimum."""


def strength_of(
    studies: Sequence[Graded], scheme: Scheme, *, claim: Claim = "effect", minimum_studies: int = 1
) -> Computed:
    """Apply a scheme to the studies of one clause.

    ``studies`` are independent: protocols and further reports or subgroups of a trial have been left out.
    """
    if not studies:
        return Computed(None, (), (), None, (), (), "no study")
    states = ends([contributions(study, scheme, claim) for study in studies], minimum_studies)
    decided = {state: decide(state, scheme, claim, minimum_studies) for state in states}
    names = {strength for strength, _rules in decided.values()}
    order = [*(s.strength for s in scheme.strengths), NONE]
    possible = tuple(name for name in order if name in names)
    strength = possible[0] if len(possible) == 1 and possible[0] != NONE else None
    rules = frozenset.intersection(*(rules for _strength, rules in decided.values())) if strength else frozenset()
    ranks = {state.rank for state in states}
    rank = ranks.pop() if len(ranks) == 1 else None
    return Computed(
        strength=strength,
        possible=possible,
        rules=tuple(sorted(rules)),
        level=scheme.level_names[rank] if rank is not None else None,
        directions=_known_directions(studies, scheme, rank),
        trace=_trace(studies, scheme, claim, decided, minimum_studies),
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
    return _contributions(replace(study, study=""), scheme, claim)


@lru_cache(maxsize=4096)  # many studies of a project have the same facts, and trying changes asks for them again
def _contributions(study: Graded, scheme: Scheme, claim: Claim) -> frozenset[State]:
    found = set()
    pairs = [(f, d) for f in study.findings for d in study.directions & DIRECTIONS_OF[f]]
    for level in study.levels:
        if level == NOT_GRADABLE:
            found.add(State())
            continue
        rank = scheme.level_names.index(level)
        asked = [
            (rule.id, rule.when, strength)
            for strength in scheme.strengths
            for rule in strength.rules
            if rule.when is not None and rule.when.level in {None, level}
        ]
        directed = _asks_direction(scheme, level)
        for kind, quality, (finding, direction), same in product(
            study.kinds, study.qualities, pairs, study.homogeneous
        ):
            fired = frozenset(
                name
                for name, when, strength in asked
                if _meets(when, kind, quality, finding, same) and _supports(strength, claim, finding)
            )
            found.add(State(rank, fired, frozenset({direction}) if directed else frozenset(), 1))
    return frozenset(found)


def _asks_direction(scheme: Scheme, level: str) -> bool:
    return any(
        rule.directions_differ == level
        or (strength.same_direction and rule.when is not None and rule.when.level in {None, level})
        for strength in scheme.strengths
        for rule in strength.rules
    )


def _meets(when: Condition, kind: StudyKind, quality: Quality, finding: Finding, same: bool) -> bool:
    return (
        when.kind in {None, kind}
        and when.quality in {None, quality}
        and when.finding in {None, finding}
        and when.homogeneous in {None, same}
    )


def _supports(strength: Strength, claim: Claim, finding: Finding) -> bool:
    """A claim of equivalence is carried by a precise null finding only, in strengths that ask for it."""
    return claim == "effect" or strength.equivalence_finding in {None, finding}


def ends(contributions: Sequence[frozenset[State]], minimum_studies: int) -> frozenset[State]:
    """All states that a body may be in, from what each study may contribute."""
    states = frozenset({State()})
    for one, times in Counter(contributions).items():
        for _again in range(times):
            joined = join(states, one, minimum_studies)
            if joined == states:  # another study of which the same is known adds nothing new
                break
            states = joined
    return states


def join(left: frozenset[State], right: frozenset[State], minimum_studies: int) -> frozenset[State]:
    """All states of two bodies taken together."""
    return frozenset(add(a, b, minimum_studies) for a in left for b in right)


def add(a: State, b: State, minimum_studies: int) -> State:
    """The state of a body after one more study: only the highest level counts."""
    if b.rank is None:
        return a
    if a.rank is None or b.rank < a.rank:
        return b
    if b.rank > a.rank:
        return a
    directions = a.directions if a.directions == b.directions else EVERY_DIRECTION
    return State(a.rank, a.fired | b.fired, directions, min(a.studies + b.studies, minimum_studies))


def decide(state: State, scheme: Scheme, claim: Claim, minimum_studies: int) -> tuple[str, frozenset[str]]:
    """The strength of one fully known body, and the rules that give it."""
    if state.rank is None:
        return NONE, frozenset()
    level = scheme.level_names[state.rank]
    differ = _differ(state, scheme, claim)
    few = _too_few(state, scheme, minimum_studies)
    for strength in scheme.strengths:
        if refused(strength, state, minimum_studies):
            continue
        fired = frozenset(
            rule.id for rule in strength.rules if rule.id in state.fired or _body_rule(rule, level, differ, few)
        )
        if fired:
            return strength.strength, fired
    return NONE, frozenset()


def refused(strength: Strength, state: State, minimum_studies: int) -> bool:
    """Whether a strength is refused to a body although a study fires one of its rules."""
    differ = strength.same_direction and len(state.directions) > 1
    few = strength.minimum_studies_apply and state.studies < minimum_studies
    return differ or few


def _differ(state: State, scheme: Scheme, claim: Claim) -> bool:
    """Whether studies differ in direction; for a claim of equivalence, whether that contradicts one that carries it."""
    carried = claim == "effect" or _fires(state, (one for one in scheme.strengths if one.same_direction))
    return len(state.directions) > 1 and carried


def _too_few(state: State, scheme: Scheme, minimum_studies: int) -> bool:
    """Whether studies that carry a strength are too few for it: being few is no merit of studies that carry none."""
    asking = (one for one in scheme.strengths if one.minimum_studies_apply)
    return state.studies < minimum_studies and _fires(state, asking)


def _fires(state: State, strengths: Iterable[Strength]) -> bool:
    return any(rule.id in state.fired for strength in strengths for rule in strength.rules)


def _body_rule(rule: StrengthRule, level: str, differ: bool, few: bool) -> bool:
    return (differ and rule.directions_differ == level) or (few and rule.fewer_than_minimum == level)


# --- the trace ----------------------------------------------------------------------------------------------------


def _known_directions(studies: Sequence[Graded], scheme: Scheme, rank: int | None) -> tuple[Direction, ...]:
    if rank is None:
        return ()
    level = scheme.level_names[rank]
    known = {next(iter(s.directions)) for s in studies if s.levels == {level} and len(s.directions) == 1}
    return tuple(sorted(known))


def _trace(
    studies: Sequence[Graded],
    scheme: Scheme,
    claim: Claim,
    decided: Mapping[State, tuple[str, frozenset[str]]],
    minimum_studies: int,
) -> tuple[RuleTrace, ...]:
    always = frozenset.intersection(*(rules for _name, rules in decided.values()))
    sometimes = frozenset[str]().union(*(rules for _name, rules in decided.values()))
    # no study below this rank can be of the highest level
    lowest = min(max(_rank(level, scheme) for level in study.levels) for study in studies)
    top = [study for study in studies if min(_rank(level, scheme) for level in study.levels) <= lowest]
    fires = [
        (
            study.study,
            {
                r
                for c in contributions(study, scheme, claim)
                if c.rank is not None and c.rank <= lowest
                for r in c.fired
            },
        )
        for study in top
    ]
    traces = []
    for strength in scheme.strengths:
        held = {rule for state in decided if refused(strength, state, minimum_studies) for rule in state.fired}
        for rule in strength.rules:
            outcome: Literal["fired", "possible", "not fired", "refused"] = (
                "fired"
                if rule.id in always
                else "possible"
                if rule.id in sometimes
                else "refused"
                if rule.id in held
                else "not fired"
            )
            could = tuple(study for study, rules in fires if rule.id in rules)
            lacks = tuple(lack for study in top for lack in _lacks(study, rule.when)) if rule.when else ()
            traces.append(RuleTrace(rule.id, strength.strength, outcome, could, lacks))
    return tuple(traces)


def _rank(level: str, scheme: Scheme) -> int:
    """Place of a level, the strongest first; after all of them, what has none."""
    return len(scheme.levels) if level == NOT_GRADABLE else scheme.level_names.index(level)


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
