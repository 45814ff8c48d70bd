"""Steps that follow one another, put into rows: each below the ones before it, in an order with few crossings.

Sugiyama, Tagawa and Toda (IEEE Trans Syst Man Cybern 1981;11:109-125) in its simplest form: longest path, then sweeps
that put each step near the mean place of its neighbours. Enough for the two dozen steps of a clinical pathway.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

#: Sweeps down and up; the order of a pathway no longer changes after a few.
SWEEPS = 6


@dataclass(frozen=True)
class Passing:
    """A place in a row where a line passes that ends further down."""

    start: str
    end: str
    row: int


Place = str | Passing


@dataclass(frozen=True)
class Layers:
    """Rows of steps and passing lines; each line as the places that it goes through; lines that lead back up."""

    rows: tuple[tuple[Place, ...], ...]
    lines: Mapping[tuple[str, str], tuple[Place, ...]]
    back: tuple[tuple[str, str], ...]


def layers(steps: Sequence[str], follows: Sequence[tuple[str, str]]) -> Layers:
    """Rows for ``steps`` (the first is the start) and the pairs of which one follows the other."""
    back = _leading_back(steps, follows)
    down = [pair for pair in dict.fromkeys(follows) if pair not in back]
    depth = _depths(steps, down)
    rows: list[list[Place]] = [[] for _ in range(max(depth.values(), default=0) + 1)]
    for step in steps:
        rows[depth[step]].append(step)
    lines: dict[tuple[str, str], tuple[Place, ...]] = {}
    for start, end in down:
        passing = [Passing(start, end, row) for row in range(depth[start] + 1, depth[end])]
        for one in passing:
            rows[one.row].append(one)
        lines[start, end] = (start, *passing, end)
    return Layers(_ordered(rows, lines), lines, tuple(back))


def _leading_back(steps: Sequence[str], follows: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Lines that lead to a step on the way to themselves, found by walking from the start."""
    after = {step: [end for start, end in follows if start == step] for step in steps}
    found: list[tuple[str, str]] = []
    done: set[str] = set()

    def walk(step: str, way: tuple[str, ...]) -> None:
        for end in after[step]:
            if end in (*way, step):
                found.append((step, end))
            elif end not in done:
                walk(end, (*way, step))
        done.add(step)

    for step in steps:
        if step not in done:
            walk(step, ())
    return found


def _depths(steps: Sequence[str], down: Sequence[tuple[str, str]]) -> dict[str, int]:
    depth = dict.fromkeys(steps, 0)
    for _ in steps:  # a longest path has at most as many parts as there are steps
        for start, end in down:
            depth[end] = max(depth[end], depth[start] + 1)
    return depth


def _ordered(
    rows: list[list[Place]], lines: Mapping[tuple[str, str], tuple[Place, ...]]
) -> tuple[tuple[Place, ...], ...]:
    above: dict[Place, list[Place]] = {}
    below: dict[Place, list[Place]] = {}
    for places in lines.values():
        for one, other in pairwise(places):
            below.setdefault(one, []).append(other)
            above.setdefault(other, []).append(one)
    for sweep in range(SWEEPS):
        down = sweep % 2 == 0
        near, numbers = (above, range(1, len(rows))) if down else (below, range(len(rows) - 2, -1, -1))
        for number in numbers:
            beside = rows[number - 1 if down else number + 1]
            at = {place: (n + 0.5) / len(beside) for n, place in enumerate(beside)}
            here = {place: (n + 0.5) / len(rows[number]) for n, place in enumerate(rows[number])}

            means = {place: _mean([at[o] for o in near.get(place, ()) if o in at], here[place]) for place in here}
            rows[number].sort(key=means.__getitem__)
    return tuple(tuple(row) for row in rows)


def _mean(found: Sequence[float], otherwise: float) -> float:
    return sum(found) / len(found) if found else otherwise
