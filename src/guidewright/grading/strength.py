"""The strength of a clause from the facts of its studies: rules are data, this applies them.

If everything that the studies may turn out to be ends in the same strength it is determined, although facts are
missing; otherwise it is undetermined and the possible strengths are named (see :mod:`guidewright.grading.body`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from guidewright.grading.body import NONE, Claim, Rules, State, states_of
from guidewright.grading.facts import Direction, Graded
from guidewright.grading.scheme import Scheme
from guidewright.grading.trace import Lack, RuleTrace, trace_of

__all__ = ["NONE", "Claim", "Computed", "Lack", "RuleTrace", "strength_of"]

Note = Literal["", "no study", "not gradable", "no rule", "undetermined", "levels only"]


@dataclass(frozen=True)
class Computed:
    """The strength that the rules give, or the strengths still possible."""

    strength: str | None
    possible: tuple[str, ...]
    rules: tuple[str, ...]
    """Rules that fired in every case."""
    level: str | None
    """Highest level present, if determined; levels that count as equally strong are joined by a slash."""
    highest: tuple[str, ...]
    """Highest levels that are still possible."""
    directions: tuple[Direction, ...]
    """Directions of the studies of that level, as far as known."""
    trace: tuple[RuleTrace, ...]
    note: Note
    """Why there is no strength. ``levels only``: the scheme has none."""


def strength_of(
    studies: Sequence[Graded],
    scheme: Scheme,
    *,
    claim: Claim = "effect",
    minimum_studies: int = 1,
    judged: Mapping[str, str] | None = None,
) -> Computed:
    """Apply a scheme to the studies of one clause.

    ``studies`` are independent: protocols and further reports or subgroups of a trial have been left out. ``judged``
    are the decisions of a group for which the scheme asks, by name; those that are not recorded may be anything.
    """
    rules = Rules(scheme, claim, minimum_studies)
    without_studies = any(rule.no_studies or (rule.judged and rule.when is None) for _strength, rule in scheme.rules)
    if not studies and not without_studies:
        return Computed(None, (), (), None, (), (), (), "no study")
    states = states_of(studies, rules, judged or {})
    ranks = {state.rank for state in states}
    rank = next(iter(ranks)) if len(ranks) == 1 else None
    level = "/".join(name for name, place in scheme.ranks.items() if place == rank) if rank is not None else None
    highest = tuple(name for name, place in scheme.ranks.items() if place in ranks)
    directions = _known_directions(studies, scheme, rank)
    if not scheme.strengths:
        return Computed(
            None, (), (), level, highest, directions, (), "not gradable" if ranks == {None} else "levels only"
        )
    decided = {state: rules.decide(state) for state in states}
    names = {strength for strength, _rules in decided.values()}
    order = [*(s.strength for s in scheme.strengths), NONE]
    possible = tuple(name for name in order if name in names)
    strength = possible[0] if len(possible) == 1 and possible[0] != NONE else None
    fired = frozenset.intersection(*(rules for _strength, rules in decided.values())) if strength else frozenset()
    return Computed(
        strength=strength,
        possible=possible,
        rules=tuple(sorted(fired)),
        level=level,
        highest=highest,
        directions=directions,
        trace=trace_of(studies, rules, decided),
        note=_note(strength, possible, states, studies),
    )


def _note(strength: str | None, possible: tuple[str, ...], ends: Iterable[State], studies: Sequence[Graded]) -> Note:
    if strength is not None:
        return ""
    if possible != (NONE,):
        return "undetermined"
    if not studies:
        return "no study"
    return "not gradable" if all(state.rank is None for state in ends) else "no rule"


def _known_directions(studies: Sequence[Graded], scheme: Scheme, rank: int | None) -> tuple[Direction, ...]:
    if rank is None:
        return ()
    highest = {level for level, place in scheme.ranks.items() if place == rank}
    known = {next(iter(s.directions)) for s in studies if s.levels <= highest and len(s.directions) == 1}
    return tuple(sorted(known))
