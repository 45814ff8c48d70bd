"""Estimate the points of ``rules.yml`` from sets with known duplicates and leave each set out in turn.

    python benchmarks/dedupe_points.py FOLDER

Points: log2 of the share of a level among pairs of copies over its share among other pairs that were compared, half a
count added to each, levels kept in order by pooling neighbours. Pairs that are identical in every field are copies in
any case and stand for themselves. Nothing of a set that is left out enters its own points. The thresholds are declared,
not estimated: people are asked about a pair unless its score says a thousand to one (ten bits) against it, and none is
merged below thirty to one (five bits) for it. The last table shows what other thresholds would do.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from duplicate_sets import DuplicateSet, result_of, sets_in, studies_lost

from guidewright.evidence.dedupe.blocking import candidates
from guidewright.evidence.dedupe.columns import columns_of
from guidewright.evidence.dedupe.comparison import Compared, compare
from guidewright.evidence.dedupe.decide import decide
from guidewright.evidence.dedupe.library import rule_data
from guidewright.evidence.dedupe.scoring import Scale, standard_scale
from guidewright.evidence.dedupe.search import judged_pairs, worth_comparing

ESTIMATED = [name for name, field in rule_data()["fields"].items() if field["basis"] == "estimated"]


def compared_pairs(some: DuplicateSet) -> tuple[Compared, npt.NDArray[np.bool_]]:
    """Levels of the compared pairs of a set, and which of them are copies."""
    columns = columns_of(some.records)
    pairs = worth_comparing(columns, candidates(columns))
    true = some.pairs
    return compare(columns, pairs), np.array([pair in true for pair in zip(*(p.tolist() for p in pairs), strict=True)])


def estimate(training: Sequence[tuple[Compared, npt.NDArray[np.bool_]]]) -> Scale:
    """Points and thresholds from some sets."""
    standard = standard_scale()
    points = dict(standard.points)
    for name in ESTIMATED:
        size = len(points[name])
        known = size - 1  # the last level says that nothing is known
        counts = {True: np.full(known, 0.5), False: np.full(known, 0.5)}
        for compared, copies in training:
            level = getattr(compared, name)
            for is_copy in (True, False):
                counts[is_copy] += np.bincount(level[copies == is_copy], minlength=size)[:known]
        ratio = np.log2(counts[True] / counts[True].sum()) - np.log2(counts[False] / counts[False].sum())
        points[name] = np.append(in_order(ratio), 0.0)
    return Scale(points, standard.same, standard.ask)


def in_order(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Points that never rise from a better level to a worse one: neighbours out of order share their mean."""
    runs: list[list[float]] = []
    for value in points:
        runs.append([float(value), 1.0])
        while len(runs) > 1 and runs[-2][0] < runs[-1][0]:
            (high, n), (low, m) = runs.pop(), runs.pop()
            runs.append([(high * n + low * m) / (n + m), n + m])
    return np.array([value for value, n in runs for _ in range(int(n))])


def main() -> None:
    """Print the points from all sets, and what those from the others do with each."""
    sets = sets_in(Path(sys.argv[1]))
    compared = {some.name: compared_pairs(some) for some in sets}
    scale = estimate(list(compared.values()))
    print("Points from all sets:")
    for name in ESTIMATED:
        ids = [level["id"] for level in rule_data()["fields"][name]["levels"]]
        print(f"  {name:<8}", ", ".join(f"{i} {p:.1f}" for i, p in zip(ids, scale.points[name], strict=True)))
    print("\nEach set with points from the others:")
    for some in sets:
        others = estimate([compared[name] for name in compared if name != some.name])
        ordered = sorted(some.records, key=lambda record: record.id)
        columns = columns_of(ordered)
        for ask in (0.0, -5.0, standard_scale().ask, -15.0):
            found = decide(columns, judged_pairs(columns, Scale(others.points, others.same, ask)))
            result = result_of(some.records, found)
            measures = ", ".join(f"{name} {value:.4f}" for name, value in result.against(some.pairs).items())
            lost = studies_lost(result.merged, some)
            print(
                f"  {some.name:<20} ask from {ask:>5.0f}: {measures}, publications lost {lost}, questions {result.ask}"
            )


if __name__ == "__main__":
    main()
