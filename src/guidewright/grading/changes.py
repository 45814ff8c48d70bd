"""What would change the strength of a clause: the smallest sets of facts that, were they so, would give another one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, reduce
from itertools import combinations, product
from typing import Any

from guidewright.grading.body import Claim, Rules, State, outcome
from guidewright.grading.facts import DIRECTIONS_OF, Finding, Graded, Quality, StudyKind
from guidewright.grading.level_table import AskedFact
from guidewright.grading.scheme import Scheme

#: More facts than this at once are no advice that a person could follow.
MOST_FACTS = 2


@dataclass(frozen=True)
class Change:
    """Facts that would have to be otherwise, and the strength that would follow."""

    to: str
    facts: tuple[tuple[str, str, str], ...]
    """Study, fact, value; the study is empty where a group would have to decide otherwise about the clause."""


@dataclass(frozen=True)
class _Option:
    """Facts of one study (or decisions about the clause) settled otherwise, and what it then contributes."""

    facts: tuple[tuple[str, str], ...]
    states: frozenset[State]


def changes(
    studies: Sequence[Graded],
    scheme: Scheme,
    *,
    claim: Claim = "effect",
    minimum_studies: int = 1,
    judged: Mapping[str, str] | None = None,
) -> tuple[Change, ...]:
    """The smallest sets of facts (at most :data:`MOST_FACTS`) that would give each other strength for certain.

    For an undetermined clause these are the facts that would settle it. Sets are listed by resulting strength, from
    the strongest; for each strength all sets of the smallest size are returned.
    """
    return _changes(tuple(studies), Rules(scheme, claim, minimum_studies), tuple((judged or {}).items()))


@lru_cache(maxsize=4096)
def _changes(studies: tuple[Graded, ...], rules: Rules, judged: tuple[tuple[str, str], ...]) -> tuple[Change, ...]:
    scheme = rules.scheme
    search = _Search(studies, rules, dict(judged))
    wanted = {s.strength for s in scheme.strengths}
    wanted.discard(search.now or "")
    found: list[Change] = []
    for size in range(1, MOST_FACTS + 1):
        reached = [change for change in search.sets(size) if change.to in wanted]
        found += reached
        wanted -= {change.to for change in reached}
    order = [s.strength for s in scheme.strengths]
    return tuple(sorted(found, key=lambda change: (order.index(change.to), change.facts)))


class _Search:
    """Tries sets of facts. Studies of which the same is known behave alike, so outcomes are kept and looked up."""

    def __init__(self, studies: Sequence[Graded], rules: Rules, judged: Mapping[str, str]) -> None:
        self.rules = rules
        self.names = [study.study for study in studies]
        alike = [replace(study, study="") for study in studies]
        self.kinds: list[Graded | None] = [*alike]
        self.parts = [_contributions(study, rules) for study in alike]
        sizes = range(1, MOST_FACTS + 1)
        self.options = [{size: _grouped(_options(study, size, rules)) for size in sizes} for study in alike]
        if rules.scheme.judged:
            self.names.append("")
            self.kinds.append(None)
            self.parts.append(rules.judgements(judged))
            self.options.append({size: _grouped(_decisions(size, rules, judged)) for size in sizes})
        self.now = _outcome(rules.ends(self.parts), rules)
        self._rests: dict[frozenset[tuple[frozenset[State], int]], frozenset[State]] = {}
        self._settled: dict[tuple[object, ...], list[tuple[str, list[tuple[_Option, ...]]]]] = {}

    def sets(self, size: int) -> Iterator[Change]:
        """Every set of ``size`` facts that settles the strength, over one study or several."""
        for count in range(1, size + 1):
            for places in combinations(range(len(self.parts)), count):
                for strength, alike in self._settling(places, size):
                    for chosen in product(*alike):
                        yield Change(strength, self._named(places, chosen))

    def _settling(self, places: tuple[int, ...], size: int) -> list[tuple[str, list[tuple[_Option, ...]]]]:
        """Strengths that ``size`` facts of these studies give, each with the options of each study that do."""
        key = (size, *(self.kinds[n] for n in places))
        if key not in self._settled:
            found = self._settled[key] = []
            rest = self._ends_without(places)
            for sizes in (s for s in product(range(1, size + 1), repeat=len(places)) if sum(s) == size):
                groups = [self.options[n][s] for n, s in zip(places, sizes, strict=True)]
                for states in product(*groups):
                    strength = _outcome(self._join(reduce(self._join, states), rest), self.rules)
                    if strength is not None:
                        found.append((strength, [group[one] for group, one in zip(groups, states, strict=True)]))
        return self._settled[key]

    def _named(self, places: Sequence[int], chosen: Sequence[_Option]) -> tuple[tuple[str, str, str], ...]:
        return tuple(
            (self.names[place], fact, value)
            for place, option in zip(places, chosen, strict=True)
            for fact, value in option.facts
        )

    def _ends_without(self, places: tuple[int, ...]) -> frozenset[State]:
        others = [part for n, part in enumerate(self.parts) if n not in places]
        key = frozenset(Counter(others).items())
        if key not in self._rests:
            self._rests[key] = self.rules.ends(others)
        return self._rests[key]

    def _join(self, left: frozenset[State], right: frozenset[State]) -> frozenset[State]:
        return _join(self.rules, left, right)


@lru_cache(maxsize=4096)
def _join(rules: Rules, left: frozenset[State], right: frozenset[State]) -> frozenset[State]:
    return rules.join(left, right)


@lru_cache(maxsize=4096)
def _outcome(states: frozenset[State], rules: Rules) -> str | None:
    return outcome(states, rules)


@lru_cache(maxsize=4096)
def _grouped(options: tuple[_Option, ...]) -> Mapping[frozenset[State], tuple[_Option, ...]]:
    """Options by what the study then contributes: many facts come to the same, and are tried once."""
    groups: dict[frozenset[State], list[_Option]] = {}
    for option in options:
        groups.setdefault(option.states, []).append(option)
    return {states: tuple(alike) for states, alike in groups.items()}


@lru_cache(maxsize=4096)
def _options(study: Graded, size: int, rules: Rules) -> tuple[_Option, ...]:
    """Every way to settle ``size`` facts of a study otherwise."""
    found = []
    for facts in combinations(_alternatives(study, rules.scheme), size):
        if len({fact for fact, _value, _fields in facts}) == size:  # one value for each fact
            changed = reduce(lambda one, fact: replace(one, **fact[2]), facts, study)
            named = tuple((fact, value) for fact, value, _fields in facts)
            found.append(_Option(named, _contributions(changed, rules)))
    return tuple(found)


def _decisions(size: int, rules: Rules, judged: Mapping[str, str]) -> tuple[_Option, ...]:
    """Every way in which the group could decide ``size`` things otherwise."""
    found = []
    for facts in combinations(_other_decisions(rules.scheme.judged, judged), size):
        if len({fact for fact, _value in facts}) == size:
            found.append(_Option(facts, rules.judgements({**judged, **dict(facts)})))
    return tuple(found)


def _other_decisions(asked: Sequence[AskedFact], judged: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(fact.id, value.id) for fact in asked for value in fact.values if judged.get(fact.id) != value.id]


@lru_cache(maxsize=4096)
def _contributions(study: Graded, rules: Rules) -> frozenset[State]:
    """What a study contributes. Here only the strength matters, so of the rules of a strength that ask for nothing but
    one study the first stands for all.
    """
    stands_for: dict[str, str] = {}
    for strength in rules.scheme.strengths:
        plain = [rule.id for rule in strength.rules if rule.of_one_study]
        stands_for |= dict.fromkeys(plain, plain[0] if plain else "")
    return frozenset(
        state._replace(met=frozenset((stands_for.get(rule, rule), times) for rule, times in state.met))
        for state in rules.contributions(study)
    )


def _alternatives(study: Graded, scheme: Scheme) -> list[tuple[str, str, dict[str, Any]]]:
    """Every fact of a study that could be settled otherwise: fact, value, and the fields that change."""
    found: list[tuple[str, str, dict[str, Any]]] = [
        ("level", level, {"levels": frozenset({level})}) for level in scheme.level_names if study.levels != {level}
    ]
    asked = [rule.when for _strength, rule in scheme.rules if rule.when is not None]
    if StudyKind.STUDY in study.kinds and any(when.quality for when in asked):
        found += [("quality", q.value, {"qualities": frozenset({q})}) for q in Quality if study.qualities != {q}]
    for finding in Finding:
        for direction in sorted(DIRECTIONS_OF[finding]):
            if study.findings != {finding} or study.directions != {direction}:
                fields = {"findings": frozenset({finding}), "directions": frozenset({direction})}
                found.append(("finding", f"{finding.value} ({direction.value})", fields))
    if study.kinds == {StudyKind.REVIEW} and any(when.homogeneous is not None for when in asked):
        found += [
            ("homogeneous", str(same).lower(), {"homogeneous": frozenset({same})})
            for same in (True, False)
            if study.homogeneous != {same}
        ]
    return found
