"""Blocks of rows that are independent of each other, in batches of equal width so that NumPy takes many at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Booleans = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Entries:
    """A symmetric matrix (N, N) as its entries: both triangles and the diagonal, each place once."""

    i: Integers
    """Row of each entry."""
    j: Integers
    """Column of each entry."""
    value: Array
    """The entry."""

    @staticmethod
    def diagonal(values: Array) -> Entries:
        """A diagonal matrix."""
        places = np.arange(values.size)
        return Entries(places, places, values)


@dataclass(frozen=True, eq=False)
class Batch:
    """B blocks of at most n rows each; shorter ones are padded."""

    rows: Integers
    """(B, n): which rows of the data; 0 in the padding."""
    real: Booleans
    """(B, n): False in the padding."""

    def spread(self, values: Array) -> Array:
        """(N, ...) as (B, n, ...), 0 in the padding."""
        mask = self.real.reshape(self.real.shape + (1,) * (values.ndim - 1))
        return np.where(mask, values[self.rows], 0.0)


class Partition:
    """Rows divided into blocks by ``labels`` (N,), whole numbers from 0 on."""

    def __init__(self, labels: Integers) -> None:
        sizes = np.bincount(labels)
        starts = np.cumsum(sizes) - sizes
        order = np.argsort(labels, kind="stable")
        self._position = np.empty_like(order)
        self._position[order] = np.arange(labels.size) - np.repeat(starts, sizes)
        width = _padded(sizes)
        self._batch, self._place = np.empty_like(sizes), np.empty_like(sizes)
        self._labels = labels
        batches = []
        for number, one in enumerate(np.unique(width)):
            members = np.flatnonzero(width == one)
            self._batch[members], self._place[members] = number, np.arange(members.size)
            along = np.arange(one)
            real = along < sizes[members, None]
            rows = np.where(real, order[np.minimum(starts[members, None] + along, labels.size - 1)], 0)
            batches.append(Batch(rows, real))
        self.batches = tuple(batches)

    def matrices(self, entries: Entries) -> list[Array]:
        """The blocks of a matrix, (B, n, n) for each batch; the identity in the padding."""
        label = self._labels[entries.i]
        found = []
        for number, batch in enumerate(self.batches):
            whole = np.zeros((*batch.rows.shape, batch.rows.shape[1]))
            padding, at = np.nonzero(~batch.real)
            whole[padding, at, at] = 1.0
            mine = self._batch[label] == number
            i, j = entries.i[mine], entries.j[mine]
            whole[self._place[self._labels[i]], self._position[i], self._position[j]] = entries.value[mine]
            found.append(whole)
        return found

    def entries(self, matrices: Sequence[Array]) -> Entries:
        """The entries of a matrix given as blocks: the way back from :meth:`matrices`."""
        parts = []
        for batch, whole in zip(self.batches, matrices, strict=True):
            block, i, j = np.nonzero(batch.real[:, :, None] & batch.real[:, None, :])
            parts.append((batch.rows[block, i], batch.rows[block, j], whole[block, i, j]))
        return Entries(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _padded(sizes: Integers) -> Integers:
    """Widths a little above the sizes (by less than a quarter), so that there are few different ones."""
    steps = 2 ** np.maximum(np.floor(np.log2(sizes)).astype(int) - 1, 0)
    return np.asarray(-(-sizes // steps) * steps)


def connected(size: int, groupings: Sequence[Integers], entries: Entries) -> Integers:
    """Labels (N,) of the smallest blocks that no grouping and no covariance crosses."""
    label = np.arange(size)
    linked = (entries.i != entries.j) & (entries.value != 0)
    i, j = entries.i[linked], entries.j[linked]
    while True:
        before = label
        for codes in groupings:
            lowest = np.full(int(codes.max()) + 1, size)
            np.minimum.at(lowest, codes, label)
            label = lowest[codes]
        label = label.copy()
        np.minimum.at(label, i, label[j])
        if np.array_equal(label, before):
            return np.unique(label, return_inverse=True)[1]
