"""Groups of records that are one publication; never joined through a pair that contradicts itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

#: Two records by their number, the smaller first.
Pair = tuple[int, int]


class Groups:
    """Records joined into groups; a pair that is kept apart is never in one group."""

    def __init__(self, apart: Iterable[Pair] = ()) -> None:
        self._of: dict[int, int] = {}
        self._members: dict[int, list[int]] = {}
        self._apart: dict[int, set[int]] = defaultdict(set)
        for one, other in apart:
            self._apart[one].add(other)
            self._apart[other].add(one)

    def group_of(self, record: int) -> int:
        """The record that stands for the group of a record."""
        return self._of.get(record, record)

    def members(self, record: int) -> list[int]:
        """All records in the group of a record, itself among them."""
        return self._members.get(self.group_of(record), [record])

    def kept_apart(self, one: int, other: int) -> Pair | None:
        """A pair that keeps the groups of two records apart, if there is one."""
        left, right = self.members(one), self.members(other)
        others = set(right)
        for record in left:
            if record in self._apart and (found := self._apart[record] & others):
                return record, min(found)
        return None

    def join(self, one: int, other: int) -> bool:
        """Join the groups of two records unless something keeps them apart. Returns whether they are one now."""
        here, there = self.group_of(one), self.group_of(other)
        if here == there:
            return True
        if self.kept_apart(one, other) is not None:
            return False
        if len(self.members(there)) > len(self.members(here)):
            here, there = there, here
        moved = self.members(there)
        self._members[here] = self.members(here) + moved
        self._members.pop(there, None)
        for record in moved:
            self._of[record] = here
        return True

    def all(self) -> Iterator[list[int]]:
        """Groups of two records and more, members in order."""
        for members in self._members.values():
            if len(members) > 1:
                yield sorted(members)


def components(pairs: Iterable[Pair]) -> list[list[int]]:
    """Records that hang together through pairs, whatever keeps them apart."""
    groups = Groups()
    for one, other in pairs:
        groups.join(one, other)
    return list(groups.all())


def best_between(groups: Groups, pairs: Mapping[Pair, float]) -> dict[Pair, Pair]:
    """For every two groups with pairs between them: the pair with the highest score, by the groups."""
    found: dict[Pair, Pair] = {}
    for pair in pairs:
        ends = sorted((groups.group_of(pair[0]), groups.group_of(pair[1])))
        between = (ends[0], ends[1])
        if between[0] != between[1] and (
            between not in found or (-pairs[pair], pair) < (-pairs[found[between]], found[between])
        ):
            found[between] = pair
    return found
