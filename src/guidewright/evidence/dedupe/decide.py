"""From judged pairs and earlier decisions to groups of copies, related pairs, and questions for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from guidewright.evidence.dedupe.columns import Columns, columns_of
from guidewright.evidence.dedupe.groups import Groups, Pair, best_between
from guidewright.evidence.dedupe.library import rule_data
from guidewright.evidence.dedupe.scoring import Judged, Outcome, reasons
from guidewright.evidence.dedupe.search import judged_pairs
from guidewright.evidence.duplicates import DuplicateDecision
from guidewright.evidence.found import Found


@dataclass(frozen=True, slots=True)
class PairFound:
    """Two records that were found to be the same or related, or about which a person is asked."""

    record: str
    same_as: str
    score: float
    """Points in bits."""
    reasons: tuple[str, ...]
    """Names of levels (``title=identical``), contradictions (``!pages``) and doubts (``?issue``)."""
    suggestion: str = ""
    """``related`` where the rules suggest so."""

    @property
    def written(self) -> str:
        """Reasons and score as they stand in ``duplicates.csv``."""
        return " ".join((*self.reasons, f"score={self.score:.1f}"))


@dataclass(frozen=True, slots=True)
class Duplicates:
    """What de-duplication found. Every list is in order of the records' identifiers or of the score."""

    groups: tuple[tuple[str, ...], ...]
    """Identifiers of records that are one publication, two and more each."""
    same: tuple[PairFound, ...]
    """The pairs by which the tool joined them; pairs that a person joined are not among them."""
    related: tuple[PairFound, ...]
    """Pairs of different publications that belong together, one for every two groups."""
    ask: tuple[PairFound, ...]
    """Pairs about which a person is asked, one for every two groups, the likeliest first."""
    records: int
    """How many records there were."""

    @property
    def surplus(self) -> int:
        """How many records are copies of another one."""
        return sum(len(group) - 1 for group in self.groups)


def find_duplicates(records: Sequence[Found], decided: Iterable[DuplicateDecision] = ()) -> Duplicates:
    """Find the copies among records; what people decided before is kept.

    The order of the records does not matter. Raises ValueError if two records have the same identifier.
    """
    ids = [record.id for record in records]
    if len(set(ids)) != len(ids):
        twice = next(one for one in ids if ids.count(one) > 1)
        raise ValueError(f"two records are called {twice}")
    ordered = sorted(records, key=lambda record: record.id)
    columns = columns_of(ordered)
    return decide(columns, judged_pairs(columns), decided)


def decide(columns: Columns, judged: Judged, decided: Iterable[DuplicateDecision] = ()) -> Duplicates:
    """Groups, related pairs and questions, from judged pairs of records that are in order of their identifiers."""
    number = {str(identifier): n for n, identifier in enumerate(columns.id)}
    people = {pair: line.decision for line in decided if not line.automatic and (pair := _numbers(line, number))}
    pairs = list(zip(judged.left.tolist(), judged.right.tolist(), strict=True))
    blocked = judged.contradicted | (judged.outcome == Outcome.DIFFERENT)
    apart = {pair for n, pair in enumerate(pairs) if blocked[n] and people.get(pair) != "same"}
    apart |= {pair for pair, decision in people.items() if decision != "same"}
    groups = Groups(apart)
    same: list[PairFound] = []
    rest: dict[Pair, float] = {}
    where: dict[Pair, int] = {}
    order = sorted(range(len(pairs)), key=lambda n: (-round(float(judged.score[n]), 6), pairs[n]))
    for n in order:
        pair = pairs[n]
        if pair in people:
            continue
        if judged.outcome[n] == Outcome.SAME:
            before = groups.group_of(pair[0]) == groups.group_of(pair[1])
            if groups.join(*pair):
                if not before:
                    same.append(_found(columns, judged, n))
                continue
        if judged.outcome[n] != Outcome.DIFFERENT:
            rest[pair], where[pair] = float(judged.score[n]), n
    groups = _joined_by_people(groups, people)
    related, ask = _between(columns, judged, groups, rest, where, people)
    return Duplicates(
        groups=tuple(sorted(tuple(str(columns.id[n]) for n in group) for group in groups.all())),
        same=tuple(same),
        related=tuple(related),
        ask=tuple(ask),
        records=len(columns),
    )


def _joined_by_people(groups: Groups, people: Mapping[Pair, str]) -> Groups:
    """The groups with those joined that people say are the same; only people keep them apart then."""
    joined = Groups(pair for pair, decision in people.items() if decision != "same")
    for members in groups.all():
        for one in members[1:]:
            joined.join(members[0], one)
    for one, other in sorted(pair for pair, decision in people.items() if decision == "same"):
        joined.join(one, other)
    return joined


def _numbers(line: DuplicateDecision, number: Mapping[str, int]) -> Pair | None:
    """The two records of a decision by number; nothing if one of them is not among the records."""
    one, other = (number.get(identifier) for identifier in line.pair)
    return None if one is None or other is None else (min(one, other), max(one, other))


def _between(
    columns: Columns,
    judged: Judged,
    groups: Groups,
    rest: Mapping[Pair, float],
    where: Mapping[Pair, int],
    people: Mapping[Pair, str],
) -> tuple[list[PairFound], list[PairFound]]:
    """One question, or one relation, for every two groups; none where a person has answered for the groups."""
    answered = {
        tuple(sorted((groups.group_of(one), groups.group_of(other))))
        for (one, other), decision in people.items()
        if decision != "same"
    }
    noted = {pair: points for pair, points in rest.items() if judged.outcome[where[pair]] == Outcome.RELATED}
    relations = best_between(groups, noted)
    questions = best_between(groups, {pair: points for pair, points in rest.items() if pair not in noted})
    related = [_found(columns, judged, where[pair]) for ends, pair in relations.items() if ends not in answered]
    ask = [
        _found(columns, judged, where[pair])
        for ends, pair in questions.items()
        if ends not in answered and ends not in relations
    ]
    return sorted(related, key=_likeliest), sorted(ask, key=_likeliest)


def _likeliest(found: PairFound) -> tuple[float, str, str]:
    return -round(found.score, 6), found.record, found.same_as


def _found(columns: Columns, judged: Judged, n: int) -> PairFound:
    suggests = {name for name, rule in rule_data()["contradictions"].items() if rule.get("suggests") == "related"}
    named = {name for name, flag in judged.against.items() if flag[n]}
    suggested = "related" if named & suggests and not named & {"authors", "numbers", "words"} else ""
    return PairFound(
        str(columns.id[judged.left[n]]),
        str(columns.id[judged.right[n]]),
        round(float(judged.score[n]), 1),
        reasons(judged, n),
        suggested,
    )
