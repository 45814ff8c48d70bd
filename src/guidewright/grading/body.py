"""A body of evidence as far as the rules can tell bodies apart, and what it comes to.

The studies of the highest level present decide. Since facts may be undetermined, every study contributes each of the
things it may still turn out to be, and all combinations are followed at once: a state keeps only what the rules ask
for (the highest level so far, which rules its studies meet and how many of them, their directions, what a group
decided), so the work grows with the number of studies and not with the number of combinations.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import product
from typing import Literal, NamedTuple

from guidewright.grading.facts import DIRECTIONS_OF, EVERY_DIRECTION, Direction, Finding, Graded, Quality, StudyKind
from guidewright.grading.scheme import Condition, Scheme, Strength, StrengthRule

Claim = Literal["effect", "equivalence"]

#: What a body of evidence comes to when no study is gradable, or no rule covers it.
NONE = "none"


class State(NamedTuple):
    """What the rules can still ask of the studies seen so far. What they cannot tell apart is the same state."""

    rank: int | None = None
    """Place of the highest level, if any study has a level that can carry a strength."""
    met: frozenset[tuple[str, int]] = frozenset()
    """Rules whose ``when`` its studies meet, and how many of them, counted as far as the rule asks."""
    directions: frozenset[Direction] = frozenset()
    """Their direction; all directions if they differ, none at a level where no rule asks."""
    studies: int = 0
    """How many they are, counted up to the declared minimum, or all where a rule asks for a share."""
    lower: int = 0
    """How many studies of lower levels there are, counted where a rule asks for a share."""
    judged: frozenset[tuple[str, str]] = frozenset()
    """What a group decided."""


NOTHING = frozenset({State()})


@dataclass(frozen=True)
class Rules:
    """A scheme together with what a clause claims and the number of studies that a project asks for."""

    scheme: Scheme
    claim: Claim = "effect"
    minimum_studies: int = 1

    @cached_property
    def counted(self) -> Mapping[str, int]:
        """Rules that ask for more than one study, and for how many."""
        return {rule.id: rule.at_least for _strength, rule in self.scheme.rules if rule.at_least > 1}

    @cached_property
    def shares(self) -> bool:
        """Whether a rule asks for a share of all studies."""
        return any(rule.mostly for _strength, rule in self.scheme.rules)

    @cached_property
    def directed(self) -> frozenset[int]:
        """Ranks at which a rule asks for directions."""
        return frozenset(rank for level, rank in self.scheme.ranks.items() if self._asks_direction(level))

    def _asks_direction(self, level: str) -> bool:
        return any(
            level in rule.differing_levels
            or ((strength.same_direction or rule.same_direction) and (rule.when is None or rule.when.allows(level)))
            for strength, rule in self.scheme.rules
        )

    # --- following every possibility ------------------------------------------------------------------------------

    def contributions(self, study: Graded) -> frozenset[State]:
        """Everything one study may turn out to be, as states of a body that has this study only."""
        return _contributions(replace(study, study=""), self)

    def judgements(self, judged: Mapping[str, str]) -> frozenset[State]:
        """What the group may have decided: what is recorded, else any value."""
        choices = [
            [(fact.id, value.id) for value in fact.values if judged.get(fact.id, value.id) == value.id]
            for fact in self.scheme.judged
        ]
        return frozenset(State(judged=frozenset(one)) for one in product(*choices)) or NOTHING

    def ends(self, contributions: Iterable[frozenset[State]]) -> frozenset[State]:
        """All states that a body may be in, from what each study may contribute."""
        return _ends(frozenset(Counter(contributions).items()), self)

    def join(self, left: frozenset[State], right: frozenset[State]) -> frozenset[State]:
        """All states of two bodies taken together."""
        return frozenset(self.add(a, b) for a in left for b in right)

    def add(self, a: State, b: State) -> State:
        """The state of two bodies taken together: only the highest level counts."""
        judged = a.judged | b.judged
        if a.rank is None or b.rank is None:
            ranked = a if b.rank is None else b
            return ranked if ranked.judged == judged else ranked._replace(judged=judged)
        if a.rank != b.rank:
            high, low = (a, b) if a.rank < b.rank else (b, a)
            lower = high.lower + low.lower + low.studies if self.shares else 0
            same = high.lower == lower and high.judged == judged
            return high if same else high._replace(lower=lower, judged=judged)
        directions = a.directions if a.directions == b.directions else EVERY_DIRECTION
        studies = a.studies + b.studies
        if not self.shares:
            studies = min(studies, self.minimum_studies)
        return State(a.rank, self._met(a.met, b.met), directions, studies, a.lower + b.lower, judged)

    def _met(self, a: frozenset[tuple[str, int]], b: frozenset[tuple[str, int]]) -> frozenset[tuple[str, int]]:
        if not self.counted:
            return a | b
        both = Counter(dict(a)) + Counter(dict(b))
        return frozenset((rule, min(times, self.counted.get(rule, 1))) for rule, times in both.items())

    # --- what it comes to -----------------------------------------------------------------------------------------

    def decide(self, state: State) -> tuple[str, frozenset[str]]:
        """The strength of one fully known body, and the rules that give it."""
        differ, few = self._differ(state), self._too_few(state)
        for strength in self.scheme.strengths:
            if self.refused(strength, state):
                continue
            fired = frozenset(rule.id for rule in strength.rules if self._fires(rule, state, differ, few))
            if fired:
                return strength.strength, fired
        return NONE, frozenset()

    def refused(self, strength: Strength, state: State) -> bool:
        """Whether a strength is refused to a body although a study fires one of its rules."""
        differ = strength.same_direction and len(state.directions) > 1
        few = strength.minimum_studies_apply and state.rank is not None and state.studies < self.minimum_studies
        return differ or few

    def _fires(self, rule: StrengthRule, state: State, differ: bool, few: bool) -> bool:
        """Whether everything that a rule asks for holds."""
        rank = self.scheme.ranks.get
        return (
            (rule.when is None or (rule.id, rule.at_least) in state.met)
            and not (rule.same_direction and len(state.directions) > 1)
            and not (rule.mostly and state.studies <= state.lower)
            and not (rule.no_studies and state.rank is not None)
            and (not rule.differing_levels or (differ and state.rank in map(rank, rule.differing_levels)))
            and (rule.fewer_than_minimum is None or (few and state.rank == rank(rule.fewer_than_minimum)))
            and all(any((fact, value) in state.judged for value in values) for fact, values in rule.judged.items())
        )

    def _differ(self, state: State) -> bool:
        """Whether studies differ in direction; for a claim of equivalence, whether that contradicts one of them."""
        carrying = (one for one in self.scheme.strengths if one.same_direction)
        return len(state.directions) > 1 and (self.claim == "effect" or _meets_any(state, carrying))

    def _too_few(self, state: State) -> bool:
        """Whether studies that carry a strength are too few: being few is no merit of studies that carry none."""
        asking = (one for one in self.scheme.strengths if one.minimum_studies_apply)
        return state.studies < self.minimum_studies and _meets_any(state, asking)


def _meets_any(state: State, strengths: Iterable[Strength]) -> bool:
    return any((rule.id, rule.at_least) in state.met for strength in strengths for rule in strength.rules)


@lru_cache(maxsize=1024)  # a clause is graded more than once: as stated, as computed, and to see what would change it
def _ends(contributions: frozenset[tuple[frozenset[State], int]], rules: Rules) -> frozenset[State]:
    states = NOTHING
    # the smallest first, so that the products on the way stay small; the order changes nothing in the result
    for one, times in sorted(contributions, key=lambda pair: len(pair[0])):
        for _again in range(times):
            joined = rules.join(states, one)
            if joined == states:  # another study of which the same is known adds nothing new
                break
            states = joined
    return states


@lru_cache(maxsize=8192)  # many studies of a project have the same facts, and trying changes asks for them again
def _contributions(study: Graded, rules: Rules) -> frozenset[State]:
    found = set()
    pairs = [(f, d) for f in study.findings for d in study.directions & DIRECTIONS_OF[f]]
    for level in study.levels:
        rank = rules.scheme.ranks.get(level)
        if rank is None:
            found.add(State())
            continue
        asked = [
            (rule, strength)
            for strength, rule in rules.scheme.rules
            if rule.when is not None and rule.when.allows(level)
        ]
        for kind, quality, (finding, direction), same in product(
            study.kinds, study.qualities, pairs, study.homogeneous
        ):
            met = frozenset(
                (rule.id, 1)
                for rule, strength in asked
                if _meets(rule.when, kind, quality, finding, same) and _supports(strength, rules.claim, finding)
            )
            directions = frozenset({direction}) if rank in rules.directed else frozenset[Direction]()
            found.add(State(rank, met, directions, 1))
    return frozenset(found)


def _meets(when: Condition | None, kind: StudyKind, quality: Quality, finding: Finding, same: bool) -> bool:
    return when is not None and (
        when.kind in {None, kind}
        and when.quality in {None, quality}
        and when.finding in {None, finding}
        and when.homogeneous in {None, same}
    )


def _supports(strength: Strength, claim: Claim, finding: Finding) -> bool:
    """A claim of equivalence is carried by a precise null finding only, in strengths that ask for it."""
    return claim == "effect" or strength.equivalence_finding in {None, finding}


def outcome(states: Iterable[State], rules: Rules) -> str | None:
    """The one strength to which all states lead, if there is one."""
    names = {rules.decide(state)[0] for state in states}
    return names.pop() if len(names) == 1 else None


def states_of(studies: Sequence[Graded], rules: Rules, judged: Mapping[str, str]) -> frozenset[State]:
    """Everything that a body of studies may be."""
    return rules.ends([rules.judgements(judged), *(rules.contributions(study) for study in studies)])
