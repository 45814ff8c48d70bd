"""How the rows of many analyses lie while a likelihood is maximised: side by side in columns, or in one flat array.

Sums down columns are several times as quick, and small analyses are what there are many of. An analysis is laid out by
its own size, whatever shares the batch, and columns are summed row after row, so that its numbers never depend on the
company. Columns are as long as the largest analysis among them; the rest is filled with variances that are infinite,
whose weight of 0 adds nothing to any sum.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from guidewright.metaanalysis.kernels.groups import Array, Groups, Index

#: Studies up to which an analysis is laid out as a column.
COLUMN = 64
#: Rows per block: what is computed from them stays in the cache.
BLOCK = 16384


@dataclass(frozen=True)
class Columns:
    """Analyses side by side; ``y`` and ``v`` are (k, 1, B), the middle axis being that of values of tau2 to try."""

    y: Array
    v: Array

    def terms(self, count: int, points: int) -> Array:
        """Room for so many terms of each row at so many values of tau2."""
        return np.empty((count, len(self.y), points, self.y.shape[-1]))

    def total(self, terms: Array) -> Array:
        """Sums of terms within each analysis (count, points, B)."""
        if terms.shape[-2:] == (1, 1):  # a lone column would be summed by halves
            last: Array = np.add.accumulate(terms, axis=1)[:, -1]
            return last
        summed: Array = np.add.reduce(terms, axis=1)
        return summed

    def spread(self, values: Array) -> Array:
        """Values of each analysis (..., B) for all of its rows."""
        return values

    def take(self, chosen: Index) -> Columns:
        """Some of the analyses."""
        return Columns(self.y[..., chosen], self.v[..., chosen])


@dataclass(frozen=True)
class Flat:
    """Analyses one behind the other; ``y`` and ``v`` are (N,)."""

    y: Array
    v: Array
    groups: Groups

    def terms(self, count: int, points: int) -> Array:
        """Room for so many terms of each row at so many values of tau2."""
        return np.empty((count, points, len(self.y)))

    def total(self, terms: Array) -> Array:
        """Sums of terms within each analysis (count, points, B)."""
        return self.groups.sums(terms)

    def spread(self, values: Array) -> Array:
        """Values of each analysis (..., B) for all of its rows."""
        return self.groups.spread(values)

    def take(self, chosen: Index) -> Flat:
        """Some of the analyses."""
        rows, groups = self.groups.rows_of(chosen)
        return Flat(self.y[rows], self.v[rows], groups)


Layout = Columns | Flat


def blocks(y: Array, v: Array, groups: Groups, chosen: Index) -> Iterator[tuple[Layout, Index]]:
    """The chosen analyses in blocks, each with the numbers of its analyses."""
    if len(groups) == len(chosen) == 1:
        yield Columns(y[:, None, None], v[:, None, None]) if len(y) <= COLUMN else Flat(y, v, groups), chosen
        return
    small = groups.sizes[chosen] <= COLUMN
    if not small.all():
        large = chosen[~small]
        rows, members = groups.rows_of(large) if len(large) < len(groups) else (slice(None), groups)
        yy, vv = y[rows], v[rows]
        for part in members.chunks(BLOCK):
            inner, span = members.part(part)
            yield Flat(yy[span], vv[span], inner), large[part]
        chosen = chosen[small]
    chosen = chosen[np.argsort(groups.sizes[chosen], kind="stable")]
    at = 0
    while at < len(chosen):
        here = chosen[at : at + max(1, BLOCK // int(groups.sizes[chosen[at]]))]
        cells = groups.sizes[here] * np.arange(1, len(here) + 1)
        here = here[: max(1, int(np.searchsorted(cells, BLOCK, side="right")))]
        yield _columns(y, v, groups, here), here
        at += len(here)


def _columns(y: Array, v: Array, groups: Groups, here: Index) -> Columns:
    sizes, starts = groups.sizes[here], groups.starts[here]
    place = np.arange(sizes[-1])[:, None]
    rows = starts + place
    if sizes[0] == sizes[-1]:
        return Columns(y[rows][:, None], v[rows][:, None])
    inside = place < sizes
    rows = np.where(inside, rows, starts)
    return Columns(np.where(inside, y[rows], 0.0)[:, None], np.where(inside, v[rows], np.inf)[:, None])
