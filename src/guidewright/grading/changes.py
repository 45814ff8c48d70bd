"""What would change the strength of a clause: the smallest sets of facts that, were they so, would give another one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import combinations, product
from typing import Any

from guidewright.grading.facts import DIRECTIONS_OF, Finding, Graded, Quality, StudyKind
from guidewright.grading.scheme import Scheme
from guidewright.grading.strength import Claim, State, add, contributions, decide, ends, strength_of

#: More facts than this at once are no advice that a person could follow.
MOST_FACTS = 2


@dataclass(frozen=True)
class Change:
    """Facts that would have to be otherwise, and the strength that would follow."""

    to: str
    facts: tuple[tuple[str, str, str], ...]
    """Study, fact, value."""


@dataclass(frozen=True)
class _Option:
    """A study with one or two of its facts settled otherwise: the facts, and what it then contributes."""

    facts: tuple[tuple[str, str, str], ...]
    states: frozenset[State]


def changes(
    studies: Sequence[Graded], scheme: Scheme, *, claim: Claim = "effect", minimum_studies: int = 1
) -> tuple[Change, ...]:
    """The smallest sets of facts (at most :data:`MOST_FACTS`) that would give each other strength for certain.

    For an undetermined clause these are the facts that would settle it. Sets are listed by resulting strength, from
    the strongest; for each strength all sets of the smallest size are returned.
    """
    search = _Search(studies, scheme, claim, minimum_studies)
    wanted = {s.strength for s in scheme.strengths}
    wanted.discard(strength_of(studies, scheme, claim=claim, minimum_studies=minimum_studies).strength or "")
    found: list[Change] = []
    for size in range(1, MOST_FACTS + 1):
        reached = [change for change in search.sets(size) if change.to in wanted]
        found += reached
        wanted -= {change.to for change in reached}
    order = [s.strength for s in scheme.strengths]
    return tuple(sorted(found, key=lambda change: (order.index(change.to), change.facts)))


class _Search:
    """Tries sets of facts. Studies of which the same is known behave alike, so outcomes are kept and looked up."""

    def __init__(self, studies: Sequence[Graded], scheme: Scheme, claim: Claim, minimum_studies: int) -> None:
        self.scheme, self.claim, self.minimum_studies = scheme, claim, minimum_studies
        self._known: dict[Graded, frozenset[State]] = {}
        self.parts = [self._contributions(study) for study in studies]
        self.options = [
            {size: list(self._options(study, size)) for size in range(1, MOST_FACTS + 1)} for study in studies
        ]
        self._numbers: dict[frozenset[State], int] = {}
        self._rests: dict[frozenset[tuple[frozenset[State], int]], frozenset[State]] = {}
        self._outcomes: dict[tuple[int, ...], str | None] = {}
        self._decided: dict[State, str] = {}

    def sets(self, size: int) -> Iterator[Change]:
        """Every set of ``size`` facts that settles the strength, over one study or several."""
        for count in range(1, size + 1):
            for places in combinations(range(len(self.parts)), count):
                rest = self._ends_without(places)
                for sizes in (s for s in product(range(1, size + 1), repeat=count) if sum(s) == size):
                    for chosen in product(*(self.options[n][s] for n, s in zip(places, sizes, strict=True))):
                        strength = self._outcome([*(option.states for option in chosen), rest])
                        if strength is not None:
                            yield Change(strength, tuple(fact for option in chosen for fact in option.facts))

    def _options(self, study: Graded, size: int) -> Iterator[_Option]:
        for facts in combinations(_alternatives(study, self.scheme), size):
            if len({fact for fact, _value, _fields in facts}) == size:  # one value for each fact
                changed = reduce(lambda one, fact: replace(one, **fact[2]), facts, study)
                named = tuple((study.study, fact, value) for fact, value, _fields in facts)
                yield _Option(named, self._contributions(changed))

    def _contributions(self, study: Graded) -> frozenset[State]:
        facts = replace(study, study="")
        if facts not in self._known:
            self._known[facts] = contributions(study, self.scheme, self.claim)
        return self._known[facts]

    def _ends_without(self, places: tuple[int, ...]) -> frozenset[State]:
        others = [part for n, part in enumerate(self.parts) if n not in places]
        key = frozenset(Counter(others).items())
        if key not in self._rests:
            self._rests[key] = ends(others, self.minimum_studies)
        return self._rests[key]

    def _outcome(self, groups: Sequence[frozenset[State]]) -> str | None:
        """The one strength to which all combinations lead, if there is one."""
        key = tuple(sorted(self._numbers.setdefault(group, len(self._numbers)) for group in groups))
        if key not in self._outcomes:
            self._outcomes[key] = self._settle(groups)
        return self._outcomes[key]

    def _settle(self, groups: Sequence[frozenset[State]]) -> str | None:
        name: str | None = None
        for combination in product(*groups):
            state = reduce(lambda a, b: add(a, b, self.minimum_studies), combination)
            if state not in self._decided:
                self._decided[state] = decide(state, self.scheme, self.minimum_studies)[0]
            if name is not None and self._decided[state] != name:
                return None
            name = self._decided[state]
        return name


def _alternatives(study: Graded, scheme: Scheme) -> list[tuple[str, str, dict[str, Any]]]:
    """Every fact of a study that could be settled otherwise: fact, value, and the fields that change."""
    found: list[tuple[str, str, dict[str, Any]]] = [
        ("level", level, {"levels": frozenset({level})}) for level in scheme.level_names if study.levels != {level}
    ]
    if StudyKind.STUDY in study.kinds:
        found += [("quality", q.value, {"qualities": frozenset({q})}) for q in Quality if study.qualities != {q}]
    for finding in Finding:
        for direction in sorted(DIRECTIONS_OF[finding]):
            if study.findings != {finding} or study.directions != {direction}:
                fields = {"findings": frozenset({finding}), "directions": frozenset({direction})}
                found.append(("finding", f"{finding.value} ({direction.value})", fields))
    if study.kinds == {StudyKind.REVIEW}:
        found += [
            ("homogeneous", str(same).lower(), {"homogeneous": frozenset({same})})
            for same in (True, False)
            if study.homogeneous != {same}
        ]
    return found
