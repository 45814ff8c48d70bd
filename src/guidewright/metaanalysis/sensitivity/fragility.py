"""Fragility index of a single trial: how many patients with another outcome would turn its significance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from guidewright.metaanalysis import special
from guidewright.metaanalysis.notices import CannotPoolError, Notice

#: Tables as probable as the observed one, but for rounding, count as such (as in R's ``fisher.test``).
ROUNDING = 1 + 1e-7


class ChangedArm(StrEnum):
    """In which arm outcomes are changed."""

    FEWER_EVENTS = "fewer-events"
    """The arm with fewer events, the first arm if they have the same number (Walsh et al. 2014; Khan et al. 2020)."""
    EITHER = "either"
    """Any patients of both arms, as few as possible (Lin 2021)."""


@dataclass(frozen=True)
class Fragility:
    """How far a trial is from the other verdict."""

    index: int | None
    """Fewest changed outcomes; None where no number of changes turns the verdict."""
    quotient: float | None
    """``index`` by the number of patients (Ahmed, Fowler & McCredie 2016)."""
    significant: bool
    """The verdict of the trial. If it is not significant the index is a reverse fragility index (Khan et al. 2020)."""
    p: float
    """Fisher's exact test, two-sided."""
    p_changed: float | None
    """The same after the changes."""
    events1_changed: int | None
    """Events of each arm after the changes."""
    events2_changed: int | None
    changed_arm: ChangedArm
    alpha: float
    notices: tuple[Notice, ...]


def fragility_index(
    events1: int,
    total1: int,
    events2: int,
    total2: int,
    *,
    changed_arm: ChangedArm = ChangedArm.FEWER_EVENTS,
    alpha: float = 0.05,
) -> Fragility:
    """Change outcomes one by one until Fisher's exact test no longer gives ``p < alpha``, or until it does.

    Walsh et al. 2014 (Journal of Clinical Epidemiology 67:622), the default: patients of the arm with fewer events who
    had none are given one. For a trial that is not significant the reverse index (Khan et al. 2020, JAMA Network Open
    3:e2012469): patients of that arm who had an event are given none. The numbers of patients
    stay.

    Raises :class:`CannotPoolError` for counts that are not whole numbers, negative, or beyond the patients.
    """
    table = Table.checked(events1, total1, events2, total2)
    if not 0 < alpha < 1:
        raise CannotPoolError(f"`alpha` is a probability between 0 and 1, such as 0.05; found {alpha:g}")
    p = table.p
    significant = p < alpha
    changed = ((other, other.p) for other in _changes(table, changed_arm, significant=significant))
    found = next(((other, q) for other, q in changed if (q < alpha) is not significant), None)
    if found is None:
        text = "no change of outcomes in this way turns the verdict of the trial; the index is not defined"
        return Fragility(
            None, None, significant, p, None, None, None, changed_arm, alpha, (Notice("index-undefined", text),)
        )
    other, p_changed = found
    index = abs(other.events1 - table.events1) + abs(other.events2 - table.events2)
    return Fragility(
        index=index,
        quotient=index / (table.total1 + table.total2),
        significant=significant,
        p=p,
        p_changed=p_changed,
        events1_changed=other.events1,
        events2_changed=other.events2,
        changed_arm=changed_arm,
        alpha=alpha,
        notices=(),
    )


@dataclass(frozen=True)
class Table:
    """Events and patients of two arms."""

    events1: int
    total1: int
    events2: int
    total2: int

    @classmethod
    def checked(cls, events1: float, total1: float, events2: float, total2: float) -> Table:
        """The table, if its counts can be."""
        counts = {"events1": events1, "total1": total1, "events2": events2, "total2": total2}
        for name, value in counts.items():
            if not (np.isfinite(value) and value >= 0 and value == int(value)):
                raise CannotPoolError(f"`{name}` is {value:g}, and must be a whole number, 0 or more")
        for events, total in (("events1", "total1"), ("events2", "total2")):
            if counts[total] < 1 or counts[events] > counts[total]:
                raise CannotPoolError(
                    f"`{events}` is {counts[events]:g} of `{total}` {counts[total]:g}; an arm has patients, and no more"
                    " events than patients"
                )
        return cls(int(events1), int(total1), int(events2), int(total2))

    def moved(self, change1: int, change2: int) -> Table | None:
        """The table with more (or fewer) events, None if it cannot be."""
        a, c = self.events1 + change1, self.events2 + change2
        return Table(a, self.total1, c, self.total2) if 0 <= a <= self.total1 and 0 <= c <= self.total2 else None

    @property
    def p(self) -> float:
        """Fisher's exact test, two-sided: all tables of the same margins that are no more probable."""
        events = self.events1 + self.events2
        x = np.arange(max(0, events - self.total2), min(self.total1, events) + 1)

        def ways(n: int, taken: np.ndarray) -> np.ndarray:
            return np.asarray(special.gammaln(n + 1) - special.gammaln(taken + 1) - special.gammaln(n - taken + 1))

        log = ways(self.total1, x) + ways(self.total2, events - x)
        probability = np.exp(log - log.max())
        observed = probability[self.events1 - x[0]]
        return float(min(probability[probability <= observed * ROUNDING].sum() / probability.sum(), 1.0))


def _changes(table: Table, arm: ChangedArm, *, significant: bool) -> Iterator[Table]:
    """Tables with one change, two, ..."""
    if arm is ChangedArm.FEWER_EVENTS:
        step = 1 if significant else -1
        first = table.events1 <= table.events2
        for size in range(1, max(table.total1, table.total2) + 1):
            other = table.moved(step * size, 0) if first else table.moved(0, step * size)
            if other is not None:
                yield other
        return
    for size in range(1, table.total1 + table.total2 + 1):
        for of_first in range(size, -1, -1):
            moves = {(a * of_first, c * (size - of_first)) for a in (1, -1) for c in (1, -1)}
            for change1, change2 in sorted(moves, reverse=True):
                other = table.moved(change1, change2)
                if other is not None:
                    yield other
