"""What became of each rule of a scheme: fired, possible, not fired or refused, and what was lacking."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from guidewright.grading.body import Rules, State
from guidewright.grading.facts import Graded
from guidewright.grading.scheme import Condition, Scheme, StrengthRule

Outcome = Literal["fired", "possible", "not fired", "refused"]


@dataclass(frozen=True)
class Lack:
    """Why a rule did not fire for a study: the fact, what it is, and what the rule asks for."""

    study: str
    """The study; empty where the rule asks something of the clause as a whole."""
    fact: str
    has: tuple[str, ...]
    needs: str


@dataclass(frozen=True)
class RuleTrace:
    """What became of one rule."""

    rule: str
    strength: str
    outcome: Outcome
    """``refused``: a study fires it, or may, but whenever it does its strength is refused to the body."""
    studies: tuple[str, ...]
    """Studies that meet it, or may meet it, being of the highest level."""
    lacks: tuple[Lack, ...]
    """For each study that is or may be of the highest level: what it lacked; and what the clause lacked."""


def trace_of(
    studies: Sequence[Graded], rules: Rules, decided: Mapping[State, tuple[str, frozenset[str]]]
) -> tuple[RuleTrace, ...]:
    """What became of each rule, over all states that the body may be in and what each comes to."""
    scheme = rules.scheme
    always = frozenset.intersection(*(fired for _name, fired in decided.values()))
    sometimes = frozenset[str]().union(*(fired for _name, fired in decided.values()))
    # no study below this rank can be of the highest level
    lowest = min((max(_rank(level, scheme) for level in study.levels) for study in studies), default=0)
    top = [study for study in studies if min(_rank(level, scheme) for level in study.levels) <= lowest]
    meets = [(study.study, _may_meet(study, rules, lowest)) for study in top]
    traces = []
    for strength in scheme.strengths:
        held = {rule for state in decided if rules.refused(strength, state) for rule, _times in state.met}
        for rule in strength.rules:
            outcome: Outcome = (
                "fired"
                if rule.id in always
                else "possible"
                if rule.id in sometimes
                else "refused"
                if rule.id in held and _asked_number(rule, decided)
                else "not fired"
            )
            could = tuple(study for study, names in meets if rule.id in names)
            lacks = [lack for study in top for lack in _lacks(study, rule.when)] if rule.when else []
            lacks += _clause_lacks(rule, decided) if outcome != "fired" else ()
            traces.append(RuleTrace(rule.id, strength.strength, outcome, could, tuple(lacks)))
    return tuple(traces)


def _may_meet(study: Graded, rules: Rules, lowest: int) -> set[str]:
    states = rules.contributions(study)
    return {rule for one in states if one.rank is not None and one.rank <= lowest for rule, _times in one.met}


def _asked_number(rule: StrengthRule, states: Mapping[State, object]) -> bool:
    return any((rule.id, rule.at_least) in state.met for state in states)


def _rank(level: str, scheme: Scheme) -> int:
    """Place of a level, the strongest first; after all of them, what cannot carry a strength."""
    return scheme.ranks.get(level, len(scheme.levels))


def _lacks(study: Graded, when: Condition) -> list[Lack]:
    """The conditions that a study does not meet for certain."""
    asked = (
        ("level", when.levels, sorted(study.levels)),
        ("kind", (when.kind,) if when.kind else (), sorted(study.kinds)),
        ("quality", (when.quality,) if when.quality else (), sorted(study.qualities)),
        ("finding", (when.finding,) if when.finding else (), sorted(study.findings)),
        (
            "homogeneous",
            () if when.homogeneous is None else (str(when.homogeneous).lower(),),
            sorted(str(h).lower() for h in study.homogeneous),
        ),
    )
    return [
        Lack(study.study, fact, tuple(has), "/".join(needs))
        for fact, needs, has in asked
        if needs and not {*has} <= {*needs}
    ]


def _clause_lacks(rule: StrengthRule, states: Mapping[State, object]) -> Iterator[Lack]:
    """What the rule asks of the clause as a whole and that does not hold for certain."""
    if rule.when is not None and rule.at_least > 1:
        counts = {dict(state.met).get(rule.id, 0) for state in states}
        if min(counts) < rule.at_least:
            yield Lack("", "studies", tuple(str(n) for n in sorted(counts)), str(rule.at_least))
    if rule.same_direction and any(len(state.directions) > 1 for state in states):
        agreeing = {str(len(state.directions) < 2).lower() for state in states}
        yield Lack("", "same-direction", tuple(sorted(agreeing)), "true")
    if rule.mostly and any(state.studies <= state.lower for state in states):
        shares = {f"{state.studies}:{state.lower}" for state in states if state.rank is not None}
        yield Lack("", "share", tuple(sorted(shares)), "more than half")
    for fact, wanted in rule.judged.items():
        has = {value for state in states for name, value in state.judged if name == fact}
        if not has <= {*wanted}:
            yield Lack("", fact, tuple(sorted(has)), "/".join(wanted))
