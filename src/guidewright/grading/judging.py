"""From answers to judgements, nothing guessed: every answer that is not given may still be any of those allowed.

All completions are followed at once. Where all of them end in one judgement it is determined although answers are
missing; otherwise the judgements still possible are named, with the answers that would decide between them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from guidewright.grading.condition import NOT_ASKED, Condition, Unknown, holds
from guidewright.grading.instrument import Domain, Instrument, Overall, Question, Rule

#: Answers by item, each the set of what it may be: several where appraisers differ. An item left out is unknown.
Given = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Judged:
    """What the rules make of the answers to one domain, or of the domains."""

    part: str
    """The domain, or the overall judgement."""
    possible: tuple[str, ...]
    """The judgements still possible, from the best to the worst."""
    missing: tuple[str, ...]
    """Questions whose answers would decide; the part itself where the instrument leaves it to the appraiser."""
    rule: int | None
    """The rule that fired in every case, counted from 0."""
    person: str | None = None
    """The judgement that a person recorded, which stands in place of what the rules give."""

    @property
    def judgement(self) -> str | None:
        """The judgement, or nothing while it is undetermined."""
        return self.person or self.by_rules

    @property
    def by_rules(self) -> str | None:
        """What the rules give, or nothing while they do not decide."""
        return self.possible[0] if len(self.possible) == 1 else None

    @property
    def overridden(self) -> bool:
        """Whether a person judged otherwise than the rules, which had decided."""
        return self.person is not None and self.by_rules not in {None, self.person}


def judge(instrument: Instrument, given: Given) -> tuple[Judged, ...]:
    """Judge every domain, then the whole. Answers are those of ``Instrument.value_of``: bands in place of numbers."""
    found = tuple(judge_domain(instrument, domain, given) for domain in instrument.domains)
    return (*found, *(judge_overall(instrument, part, found, given) for part in instrument.overall))


def judge_overall(instrument: Instrument, part: Overall, domains: Sequence[Judged], given: Given) -> Judged:
    """Judge the whole from the judgements of the domains; ``given`` may hold a person's own judgement of it."""
    by_domain = {one.part: frozenset({one.judgement} if one.judgement else one.possible) for one in domains}
    lacking = {one.part: one.missing for one in domains}
    outcomes, deciding = _Follow(part.rules, {}, by_domain, instrument.values_of, {}).all_outcomes()
    names = dict.fromkeys(name for domain in lacking if domain in deciding for name in lacking[domain] or (domain,))
    needed = (*names, *([part.id] if _left_open(part.rules, outcomes) else ()))
    return _judged(instrument, part.id, outcomes, needed, given)


def asked(instrument: Instrument, question: Question, given: Given) -> bool | None:
    """Whether a question is asked after the answers given; nothing if that is not known yet."""
    if question.asked is None:
        return True
    said = holds(question.asked, _single(instrument, given), _points(instrument))
    return None if isinstance(said, Unknown) else said


def stars(instrument: Instrument, domain: Domain, given: Given) -> tuple[int, int, bool]:
    """Points of a domain: those given, the most it can have, and whether answers that may carry more are missing."""
    points = _points(instrument)
    found, most, open_ = 0, 0, False
    for question in domain.questions:
        highest = max((p for (item, _), p in points.items() if item == question.id), default=0)
        said = given.get(question.id, frozenset())
        most += highest
        if len(said) == 1:
            found += points.get((question.id, next(iter(said))), 0)
        else:
            open_ = open_ or highest > 0
    return found, most, open_


def judge_domain(instrument: Instrument, domain: Domain, given: Given) -> Judged:
    """Judge one domain."""
    if domain.answer_of:
        said = given.get(domain.answer_of, frozenset(instrument.values_of(domain.answer_of)))
        lacking = () if len(said) == 1 else (domain.answer_of,)
        return _judged(instrument, domain.id, {(name, 0) for name in said}, lacking, given)
    questions = {question.id: question for question in domain.questions}
    follow = _Follow(domain.rules, questions, given, instrument.values_of, _points(instrument))
    outcomes, missing = follow.all_outcomes()
    order = [name for name in questions if name in missing]
    needed = (*order, *([domain.id] if _left_open(domain.rules, outcomes) else ()))
    return _judged(instrument, domain.id, outcomes, needed, given)


def _left_open(rules: Sequence[Rule], outcomes: Iterable[tuple[str, int]]) -> bool:
    return any(len(rules[number].outcomes) > 1 for _name, number in outcomes)


def _judged(
    instrument: Instrument, part: str, outcomes: set[tuple[str, int]], missing: tuple[str, ...], given: Given
) -> Judged:
    names = {name for name, _ in outcomes}
    fired = {number for _, number in outcomes}
    own = given.get(part, frozenset())
    person = next(iter(own)) if len(own) == 1 else None
    if len(own) > 1:  # people judge it differently, and the rules cannot decide between them
        names, fired, missing = set(own), set(), (part,)
    return Judged(
        part=part,
        possible=tuple(level.id for level in instrument.judgements if level.id in names),
        missing=() if person or len(names) == 1 else missing,
        rule=fired.pop() if len(fired) == 1 else None,
        person=person,
    )


def _points(instrument: Instrument) -> dict[tuple[str, str], int]:
    return {
        (question.id, answer.id): answer.points
        for question in instrument.questions.values()
        for answer in instrument.answers_of(question)
        if answer.points
    }


def _single(instrument: Instrument, given: Given) -> dict[str, str]:
    """Answers that are known, with ``NA`` for questions that they make needless."""
    known = {item: next(iter(said)) for item, said in given.items() if len(said) == 1}
    points = _points(instrument)
    for question in instrument.questions.values():  # a question is asked after others that stand before it
        if question.asked is not None and holds(question.asked, known, points) is False:
            known[question.id] = NOT_ASKED
        elif known.get(question.id) == NOT_ASKED:
            del known[question.id]
    return known


@dataclass(frozen=True)
class _Leaf:
    """Judgements, and the rules that give them."""

    outcomes: tuple[str, ...]
    rules: frozenset[int]


@dataclass(frozen=True)
class _Fork:
    """An unknown answer, and what comes of each of the answers that the rules tell apart."""

    item: str
    ways: tuple[_Leaf | _Fork, ...]


_Tree = _Leaf | _Fork


class _Follow:
    """Follows every completion of some answers through ordered rules, looking only at what the rules ask for."""

    def __init__(
        self,
        rules: Sequence[Rule],
        questions: Mapping[str, Question],
        given: Given,
        values_of: Callable[[str], tuple[str, ...]],
        points: Mapping[tuple[str, str], int],
    ) -> None:
        self.rules = rules
        self.questions = questions
        self.given = given
        self.values_of = values_of
        self.points = points
        conditions = [rule.when for rule in rules]
        conditions += [question.asked for question in questions.values() if question.asked]
        self.parts = [part for condition in conditions for part in condition.parts()]
        self._seen: dict[object, _Tree] = {}

    def all_outcomes(self) -> tuple[set[tuple[str, int]], set[str]]:
        """All (judgement, rule) that may come of it, and the items that decide between them."""
        outcomes: set[tuple[str, int]] = set()
        deciding: set[str] = set()
        open_, done = [self._tree({})], set[_Tree]()
        while open_:
            tree = open_.pop()
            if tree in done:
                continue
            done.add(tree)
            if isinstance(tree, _Leaf):
                outcomes |= {(name, rule) for name in tree.outcomes for rule in tree.rules}
            else:
                deciding.add(tree.item)
                open_ += tree.ways
        return outcomes, deciding

    def _tree(self, known: dict[str, str]) -> _Tree:
        state = self._state(known)
        if state not in self._seen:
            self._seen[state] = self._grow(known)
        return self._seen[state]

    def _grow(self, known: dict[str, str]) -> _Tree:
        for number, rule in enumerate(self.rules):
            said = self._truth(rule.when, known)
            if isinstance(said, Unknown):
                return self._branch(said.item, known)
            if said:
                return _Leaf(rule.outcomes, frozenset({number}))
        raise AssertionError("the last rule of an instrument always fires")

    def _truth(self, condition: Condition, known: dict[str, str]) -> bool | Unknown:
        """Whether it holds; questions that are not asked are filled in on the way."""
        while isinstance(said := holds(condition, known, self.points), Unknown):
            question = self.questions.get(said.item)
            if question is None or question.asked is None:
                return said
            needed = self._truth(question.asked, known)
            if isinstance(needed, Unknown):
                return needed
            if needed:
                return said
            known[said.item] = NOT_ASKED
        return said

    def _branch(self, item: str, known: dict[str, str]) -> _Tree:
        every = frozenset(self.values_of(item))
        said = self.given.get(item, every) & every  # `NA` to a question that is asked is no answer
        ways = dict.fromkeys(self._tree({**known, item: value}) for value in sorted(said or every))
        leaves = [way for way in ways if isinstance(way, _Leaf)]
        if len(leaves) == len(ways) and len({leaf.outcomes for leaf in leaves}) == 1:
            return _Leaf(leaves[0].outcomes, frozenset[int]().union(*(leaf.rules for leaf in leaves)))
        return next(iter(ways)) if len(ways) == 1 else _Fork(item, tuple(ways))

    def _state(self, known: Mapping[str, str]) -> object:
        """All that the conditions can tell about some answers; where it is the same, the same comes of them."""
        told: list[object] = [frozenset(known)]
        for part in self.parts:
            told += [known[item] in answers for item, answers in part.is_.items() if item in known]
            if part.count is not None:
                hits = sum(known[item] in part.count.are for item in part.count.of if item in known)
                told.append(hits if part.count.at_most is not None else min(hits, part.count.at_least))
            if part.points is not None:
                told.append(sum(self.points.get((item, known[item]), 0) for item in part.points.of if item in known))
        return tuple(told)
