"""Trials with more than two arms: join arms into one group, or share a control group out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.effects.columns import Array, missing
from guidewright.metaanalysis.effects.conversions.converted import Converted, by_row, inputs
from guidewright.metaanalysis.notices import CannotPoolError


@dataclass(frozen=True)
class Group:
    """A group of participants in a continuous outcome."""

    n: float
    """Participants."""
    mean: float
    """Mean."""
    sd: float
    """Standard deviation, which contains the differences between the arms."""


@dataclass(frozen=True)
class Events:
    """A group of participants in a dichotomous outcome."""

    events: float
    """Participants with the event."""
    total: float
    """Participants."""


def combine_means(n: npt.ArrayLike, mean: npt.ArrayLike, sd: npt.ArrayLike) -> Converted[Group]:
    """One group from the arms of one study, as if their participants had been described together.

    One entry for each arm. Raises :class:`CannotPoolError` where an entry is missing or all arms together have one
    participant.
    """
    given = inputs("a combined group", n=n, mean=mean, sd=sd)
    size, centre, spread = (_complete(given)[name] for name in ("n", "mean", "sd"))
    total = float(size.sum())
    if total < 2:
        raise CannotPoolError("all arms together have one participant: a standard deviation needs two or more")
    joint = float((size * centre).sum()) / total
    squares = float(((size - 1) * spread**2).sum() + (size * (centre - joint) ** 2).sum())
    return Converted(
        Group(n=total, mean=joint, sd=float(np.sqrt(squares / (total - 1)))),
        "combined-arms",
        "N = sum n; mean = sum(n * mean) / N; SD^2 = (sum((n - 1) SD^2) + sum(n (mean_i - mean)^2)) / (N - 1)",
        "Cochrane Handbook 6, table 6.5.2.a",
    )


def combine_events(events: npt.ArrayLike, total: npt.ArrayLike) -> Converted[Events]:
    """One group from the arms of one study: events and participants are added. One entry for each arm."""
    given = _complete(inputs("a combined group", events=events, total=total))
    return Converted(
        Events(events=float(given["events"].sum()), total=float(given["total"].sum())),
        "combined-arms",
        "sums of events and of participants",
        "Cochrane Handbook 6, section 23.3.4",
    )


def split_shared_group(counts: npt.ArrayLike, *, comparisons: int) -> Converted[Array]:
    """Counts of a group that is compared ``comparisons`` times, shared out evenly, so that nobody counts twice.

    ``counts`` are events, totals or numbers of participants, divided alike; means and standard deviations stay as they
    are. The parts need not be whole numbers. The comparisons remain correlated through chance in the shared group: a
    combined group, or a multivariate model, uses the data better.
    """
    if comparisons < 1:
        raise CannotPoolError(f"comparisons is {comparisons}, but must be 1 or more")
    given = inputs("a shared group", counts=counts)
    return by_row(
        given["counts"] / comparisons,
        "split-shared-group",
        f"count / {comparisons}",
        "Cochrane Handbook 6, section 23.3.4",
    )


def _complete(given: dict[str, Array]) -> dict[str, Array]:
    gaps = np.flatnonzero(missing(given.values()))
    if gaps.size:
        raise CannotPoolError(f"arm {gaps[0] + 1} lacks a value: a combined group needs all of {', '.join(given)}")
    return given
