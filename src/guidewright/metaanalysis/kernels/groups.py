"""Flat arrays of many analyses: where each one starts, and sums within each."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Groups:
    """``starts`` (B,) and ``sizes`` (B,) of the groups that lie one behind the other in a flat array; none is empty."""

    starts: Index
    sizes: Index

    @classmethod
    def of_sizes(cls, sizes: npt.ArrayLike) -> Groups:
        """Groups of the given sizes.

        Raises ``ValueError`` if one is empty: a sum over nothing would silently take the next group's first row.
        """
        sizes = np.atleast_1d(np.asarray(sizes, dtype=np.int64))
        if (sizes < 1).any():
            raise ValueError(f"group {int(np.argmin(sizes)) + 1} holds no rows")
        return cls(sizes.cumsum() - sizes, sizes)

    @property
    def k(self) -> Array:
        """Sizes as numbers to compute with."""
        return self.sizes.astype(np.float64)

    def __len__(self) -> int:
        return len(self.sizes)

    def sums(self, values: Array) -> Array:
        """Sums within groups: of (N,) gives (B,), of (m, N) gives (m, B)."""
        return np.add.reduceat(values, self.starts, axis=-1)

    def largest(self, values: Array) -> Array:
        """Maxima within groups."""
        return np.maximum.reduceat(values, self.starts, axis=-1)

    def smallest(self, values: Array) -> Array:
        """Minima within groups."""
        return np.minimum.reduceat(values, self.starts, axis=-1)

    def spread(self, per_group: Array) -> Array:
        """Each group's value for all of its rows: of (B,) gives (N,), of (m, B) gives (m, N)."""
        if len(self.sizes) == 1:  # broadcasting is cheaper
            return per_group
        return np.repeat(per_group, self.sizes, axis=-1)

    def rows_of(self, chosen: Index) -> tuple[Index, Groups]:
        """Row numbers of some groups (with repetition allowed), one behind the other, and their groups."""
        picked = Groups.of_sizes(self.sizes[chosen])
        shift = np.repeat(self.starts[chosen] - picked.starts, picked.sizes)
        return np.arange(len(shift)) + shift, picked

    def chunks(self, rows: int) -> list[slice]:
        """Slices of groups that hold about so many rows each, so that what is computed stays in the cache."""
        if len(self.sizes) == 0:
            return []
        ends = self.starts + self.sizes
        if ends[-1] <= rows:
            return [slice(0, len(self.sizes))]
        cuts = [0]
        while cuts[-1] < len(self.sizes):
            at = int(np.searchsorted(ends, self.starts[cuts[-1]] + rows, side="right"))
            cuts.append(max(at, cuts[-1] + 1))
        return [slice(a, b) for a, b in pairwise(cuts)]

    def part(self, chosen: slice) -> tuple[Groups, slice]:
        """Some groups that lie side by side, and the slice of their rows."""
        if chosen.stop - chosen.start == len(self.sizes):
            return self, slice(None)
        inner = Groups.of_sizes(self.sizes[chosen])
        first = int(self.starts[chosen.start])
        return inner, slice(first, first + int(inner.sizes.sum()))
