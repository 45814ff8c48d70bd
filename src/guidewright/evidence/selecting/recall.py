"""How much of what is relevant has been found, and whether there is reason to stop.

Nothing here decides to stop: that is for people, who write it into the methods. Records that a database ranked or a
model ordered are not a random sample; the test below takes those read last as one, which errs towards reading on as
long as the order is better than chance (Callaghan and Müller-Hansen 2020, Syst Rev 9:273,
doi:10.1186/s13643-020-01521-4).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Stopping:
    """A report on stopping."""

    read: int
    total: int
    found: int
    """Relevant ones among those read."""
    target: float
    """Recall that is aimed at, 0-1."""
    p: float | None
    """Chance of finding as few among those read last if the recall were below the target; nothing before any relevant
    one is found. Below 0.05 the target is likely to be reached."""
    recall: float | None
    """Estimated recall, 0-1: found, over found and expected among the rest, if relevant ones are no more frequent
    there than among the last tenth read; nothing before any relevant one is found."""
    since: int
    """How many were read since the last relevant one."""


def curve(relevant: Sequence[bool]) -> list[float]:
    """Recall after each publication read, 0-1, when all of them are known. Empty if none is relevant."""
    labels = np.asarray(relevant, float)
    return [] if not labels.sum() else [float(value) for value in np.cumsum(labels) / labels.sum()]


def work_saved(relevant: Sequence[bool], recall: float = 0.95) -> float | None:
    """Work saved over sampling (Cohen et al. 2006, doi:10.1197/jamia.M1929): the share not read at a recall, less what
    reading at random would have saved. Nothing if none is relevant.
    """
    reached = curve(relevant)
    if not reached:
        return None
    after = next(n for n, value in enumerate(reached, start=1) if value >= recall)
    return 1 - after / len(reached) - (1 - recall)


def stopping(relevant: Sequence[bool], total: int, target: float = 0.95) -> Stopping:
    """Report after reading some of ``total`` publications in the order given by ``relevant``.

    Raises ValueError if more were read than there are, or the target is not between 0 and 1.
    """
    if len(relevant) > total or not 0 < target < 1:
        raise ValueError("read at most as many as there are, with a target between 0 and 1")
    labels = np.asarray(relevant, bool)
    read, found = len(labels), int(labels.sum())
    if not found:
        return Stopping(read, total, 0, target, None, None, read)
    since = read - 1 - int(np.flatnonzero(labels)[-1])
    tail = max(min(read, 10), read // 10)
    rate = float(labels[-tail:].mean())
    expected = (total - read) * rate
    p = 0.0 if read == total else _chance(labels, total, target)
    return Stopping(read, total, found, target, p, found / (found + expected), since)


def _chance(labels: np.ndarray, total: int, target: float) -> float:
    """The least chance over all points from which those read last could be counted."""
    from scipy.stats import hypergeom  # noqa: PLC0415 - slow to import, and asked for only here

    read, found = len(labels), int(labels.sum())
    before = np.concatenate([[0], np.cumsum(labels)])  # relevant ones among the first n
    starts = np.arange(read)
    rest = total - starts
    fewest = np.floor(found / target + 1 - before[:-1]).astype(int)  # relevant ones in the rest if recall is below
    drawn = read - starts
    seen = found - before[:-1]
    if (fewest > rest).any():  # too few are left for the recall to be below the target
        return 0.0
    return float(np.min(hypergeom.cdf(seen, rest, fewest, drawn)))
