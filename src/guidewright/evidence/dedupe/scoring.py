"""Points and outcome of pairs: same, related, ask or different, with the reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from enum import IntEnum
from functools import cache

import numpy as np
import numpy.typing as npt

from guidewright.evidence.dedupe.columns import Columns, Flags
from guidewright.evidence.dedupe.comparison import Compared, Names, Pairs, Title, compare
from guidewright.evidence.dedupe.contradictions import certainly_different, contradictions, doubts
from guidewright.evidence.dedupe.library import rule_data


class Outcome(IntEnum):
    """What becomes of a pair.

    * ``SAME``: one publication; merged without asking.
    * ``RELATED``: two publications that belong together: a preprint and its paper, or one title by the same authors
      in two places (a conference abstract and the paper); kept apart, and noted.
    * ``ASK``: a person decides.
    * ``DIFFERENT``: two publications.
    """

    SAME = 0
    RELATED = 1
    ASK = 2
    DIFFERENT = 3


@dataclass(frozen=True, slots=True)
class Judged:
    """Pairs with their score in bits and their outcome; reasons are kept as arrays of flags by name."""

    left: npt.NDArray[np.int64]
    right: npt.NDArray[np.int64]
    compared: Compared
    score: npt.NDArray[np.float64]
    outcome: npt.NDArray[np.int8]
    against: Mapping[str, Flags]
    doubts: Mapping[str, Flags]

    @property
    def contradicted(self) -> Flags:
        """Pairs that may not be joined, not even through a third record."""
        return _any(self.against, len(self.left))


@dataclass(frozen=True)
class Scale:
    """Points of every level and the scores from which a pair counts as the same, or is asked about; in bits."""

    points: Mapping[str, npt.NDArray[np.float64]]
    same: float
    ask: float


@cache
def standard_scale() -> Scale:
    """The scale of ``rules.yml``."""
    rules = rule_data()
    points = {
        name: np.array([level["points"] for level in field["levels"]], np.float64)
        for name, field in rules["fields"].items()
    }
    return Scale(points, float(rules["thresholds"]["same"]), float(rules["thresholds"]["ask"]))


def score(compared: Compared, scale: Scale) -> npt.NDArray[np.float64]:
    """Sum of the points of all fields, in bits."""
    total = np.zeros(len(compared.title), np.float64)
    for field in fields(Compared):
        total += scale.points[field.name][getattr(compared, field.name)]
    return total


def judge(columns: Columns, pairs: Pairs, scale: Scale | None = None) -> Judged:
    """Compare pairs and decide each. The order of the two records of a pair does not matter."""
    scale = scale or standard_scale()
    compared = compare(columns, pairs)
    points = score(compared, scale)
    against = contradictions(columns, pairs, compared)
    unsure = doubts(columns, pairs, compared)
    n = len(pairs[0])
    contradicted, doubted = _any(against, n), _any(unsure, n)
    outcome = np.full(n, Outcome.ASK, np.int8)
    outcome[(points >= scale.same) & ~contradicted & ~doubted] = Outcome.SAME
    outcome[(points < scale.ask) | certainly_different(columns, pairs, compared)] = Outcome.DIFFERENT
    again = (compared.title <= Title.NEAR) & (compared.authors == Names.ALL) & ~unsure["vague-title"]
    outcome[again & (outcome == Outcome.DIFFERENT)] = Outcome.RELATED
    for name, rule in rule_data()["contradictions"].items():
        if rule["then"] == "related":
            outcome[against[name]] = Outcome.RELATED
    return Judged(pairs[0], pairs[1], compared, points, outcome, against, unsure)


def joined(parts: Sequence[Judged]) -> Judged:
    """Several batches of pairs as one."""
    if len(parts) == 1:
        return parts[0]
    whole = np.concatenate
    return Judged(
        whole([p.left for p in parts]),
        whole([p.right for p in parts]),
        Compared(*(whole([getattr(p.compared, field.name) for p in parts]) for field in fields(Compared))),
        whole([p.score for p in parts]),
        whole([p.outcome for p in parts]),
        {name: whole([p.against[name] for p in parts]) for name in parts[0].against},
        {name: whole([p.doubts[name] for p in parts]) for name in parts[0].doubts},
    )


def chosen(judged: Judged, which: Flags) -> Judged:
    """Some of the pairs."""
    return Judged(
        judged.left[which],
        judged.right[which],
        Compared(*(getattr(judged.compared, field.name)[which] for field in fields(Compared))),
        judged.score[which],
        judged.outcome[which],
        {name: flag[which] for name, flag in judged.against.items()},
        {name: flag[which] for name, flag in judged.doubts.items()},
    )


def reasons(judged: Judged, n: int) -> tuple[str, ...]:
    """Why pair ``n`` came out as it did: ``title=identical`` for each field that is known, then ``!pages`` for each
    contradiction and ``?issue`` for each doubt.
    """
    levels = rule_data()["fields"]
    found = []
    for field in fields(Compared):
        level = levels[field.name]["levels"][int(getattr(judged.compared, field.name)[n])]["id"]
        if level != "unknown":
            found.append(f"{field.name}={level}")
    found += [f"!{name}" for name, flag in judged.against.items() if flag[n]]
    found += [f"?{name}" for name, flag in judged.doubts.items() if flag[n]]
    return tuple(found)


def _any(flags: Mapping[str, Flags], n: int) -> Flags:
    found = np.zeros(n, bool)
    for flag in flags.values():
        found |= flag
    return found
