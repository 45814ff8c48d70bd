"""Effects, their sampling covariance and the design matrix, checked once for all models of dependent effects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.dependent.blocks import Array, Booleans, Entries, Integers, Partition, connected
from guidewright.metaanalysis.notices import CannotPoolError, Notice

#: Share of a column that must not be explained by the columns before it.
INDEPENDENT = 1e-9


@dataclass(frozen=True, eq=False)
class Effects:
    """Rows without missing values."""

    y: Array
    """(k,) effects, scale of analysis."""
    v: Array
    """(k,) sampling variances."""
    covariance: Entries
    """Sampling covariance (k, k), variances included."""
    singular: bool
    """Whether the sampling covariance has no inverse: a variance of 0 or a correlation of 1."""
    kept: Booleans
    """(N,) which of the rows given are used."""
    moderators: Array
    """(k, m), m may be 0."""
    notices: tuple[Notice, ...]
    """Rows dropped."""

    @property
    def k(self) -> int:
        """Number of effects."""
        return self.y.size


def read_effects(y: npt.ArrayLike, v: Any, moderators: npt.ArrayLike | None) -> Effects:
    """Check and align what an analysis is given.

    ``y`` (N,); ``v`` sampling variances (N,), or their covariance (N, N), or square blocks in the order of the rows;
    ``moderators`` (N, m) or (N,). Rows with a missing effect, variance or moderator are dropped with a notice.

    Raises :class:`CannotPoolError` for infinite values, negative variances, a covariance that is not symmetric or not
    positive semi-definite, and shapes that do not fit.
    """
    effects = np.asarray(y, dtype=float)
    if effects.ndim != 1 or effects.size == 0:
        raise CannotPoolError(f"the effects must be one column with at least one row, not of shape {effects.shape}")
    size = effects.size
    table = np.zeros((size, 0)) if moderators is None else np.asarray(moderators, dtype=float)
    table = table[:, None] if table.ndim == 1 else table
    if table.ndim != 2 or len(table) != size:
        raise CannotPoolError(
            f"the moderators have shape {table.shape}, but there are {size} effects: one row for each"
        )
    variances, covariance = _covariance(v, size)
    for name, values in (("effect", effects), ("sampling variance", variances), *_columns(table)):
        _finite(name, values)
    negative = np.flatnonzero(variances < 0)
    if negative.size:
        row = int(negative[0])
        raise CannotPoolError(
            f"row {row + 1}: the sampling variance {variances[row]:g} is below 0; give the square of the standard error"
        )
    kept = ~(np.isnan(effects) | np.isnan(variances) | np.isnan(table).any(axis=1))
    covariance = _subset(covariance, kept)
    lost = np.flatnonzero(~np.isfinite(covariance.value))
    if lost.size:
        i, j = (np.flatnonzero(kept)[index[lost[0]]] + 1 for index in (covariance.i, covariance.j))
        raise CannotPoolError(f"the sampling covariance of rows {i} and {j} is missing; 0 if they share no patients")
    if not kept.any():
        raise CannotPoolError("every row lacks an effect, a variance or a moderator; nothing is left to pool")
    return Effects(
        y=effects[kept],
        v=variances[kept],
        covariance=covariance,
        singular=_singular(covariance, int(kept.sum())),
        kept=kept,
        moderators=table[kept],
        notices=_dropped(kept),
    )


def grouping(labels: Sequence[Any] | npt.ArrayLike, kept: Booleans, name: str) -> tuple[Integers, tuple[str, ...]]:
    """Codes (k,) and names of the groups that ``labels`` (N,) put the kept rows into, in order of the names."""
    given = np.asarray(labels)
    if given.shape != kept.shape:
        raise CannotPoolError(f"{name} has shape {given.shape}, but there are {kept.size} rows: one label for each")
    for row in np.flatnonzero(kept):
        label = given[row]
        if label is None or label != label or str(label) == "":  # noqa: PLR0124 (only NaN differs from itself)
            raise CannotPoolError(
                f"row {row + 1}: {name} is missing; say which group the row belongs to or leave it out"
            )
    found, codes = np.unique(given[kept], return_inverse=True)
    return codes, tuple(str(one) for one in found)


def check_design(design: Array, names: Sequence[str]) -> None:
    """Raise unless the columns (k, p) are linearly independent and fewer than the rows."""
    k, p = design.shape
    if k <= p:
        raise CannotPoolError(f"{k} effects cannot estimate {p} coefficients and a variance; use fewer moderators")
    norms = np.linalg.norm(design, axis=0)
    norms[norms == 0] = 1.0
    remaining = np.abs(np.diag(np.linalg.qr(design / norms, mode="r")))
    redundant = np.flatnonzero(remaining < INDEPENDENT)
    if redundant.size:
        raise CannotPoolError(
            f"column '{names[int(redundant[0])]}' is constant or a combination of the columns before it; leave it out"
        )


def _covariance(v: Any, size: int) -> tuple[Array, Entries]:
    if isinstance(v, list | tuple) and len(v) and np.ndim(v[0]) == 2:
        blocks = [np.asarray(block, dtype=float) for block in v]
        if any(block.ndim != 2 or block.shape[0] != block.shape[1] for block in blocks):
            raise CannotPoolError("every block of the sampling covariance must be square")
        offsets = np.cumsum([0, *(len(block) for block in blocks)])
        if offsets[-1] != size:
            raise CannotPoolError(f"the blocks of the sampling covariance have {offsets[-1]} rows, the effects {size}")
        parts = [(*np.indices(one.shape).reshape(2, -1), one) for one in blocks]
        i, j = (np.concatenate([part[axis] + at for part, at in zip(parts, offsets, strict=False)]) for axis in (0, 1))
        value = np.concatenate([one.ravel() for one in blocks])
    else:
        given = np.asarray(v, dtype=float)
        if given.shape == (size,):
            return given, Entries.diagonal(given)
        if given.shape != (size, size):
            raise CannotPoolError(
                f"the sampling variances have shape {given.shape}; {size} effects need as many, or a matrix"
            )
        i, j = np.nonzero((given != 0) | np.eye(size, dtype=bool))
        value = given[i, j]
    variances = np.zeros(size)
    variances[i[i == j]] = value[i == j]
    _symmetric(i, j, value, variances)
    return variances, Entries(i, j, value)


def _symmetric(i: Integers, j: Integers, value: Array, variances: Array) -> None:
    order, mirrored = np.lexsort((j, i)), np.lexsort((i, j))
    same = np.array_equal(i[order], j[mirrored]) and np.array_equal(j[order], i[mirrored])
    limit = 1e-8 * np.sqrt(np.abs(variances[i[order]] * variances[j[order]]))
    if not same or bool(np.any(np.abs(value[order] - value[mirrored]) > limit)):
        raise CannotPoolError("the sampling covariance is not symmetric; entry (i, j) must equal entry (j, i)")


def _singular(covariance: Entries, k: int) -> bool:
    """Raise unless positive semi-definite; True if not positive definite."""
    variances = np.zeros(k)
    own = covariance.i == covariance.j
    variances[covariance.i[own]] = covariance.value[own]
    if not np.any(covariance.value[~own]):
        return bool((variances == 0).any())
    scale = np.sqrt(np.where(variances > 0, variances, 1.0))
    scaled = Entries(covariance.i, covariance.j, covariance.value / (scale[covariance.i] * scale[covariance.j]))
    blocks = Partition(connected(k, (), covariance))
    lowest = np.inf
    for batch, whole in zip(blocks.batches, blocks.matrices(scaled), strict=True):
        values = np.linalg.eigvalsh(whole)[:, 0]
        lowest = min(lowest, float(values.min()))
        if values.min() < -1e-8:
            bad = int(values.argmin())
            rows = ", ".join(str(row + 1) for row in batch.rows[bad][batch.real[bad]])
            raise CannotPoolError(
                f"the sampling covariance of used rows {rows} is impossible (not positive semi-definite): "
                "a correlation is beyond 1 or they contradict one another"
            )
    return lowest < 1e-12


def _subset(entries: Entries, kept: Booleans) -> Entries:
    inside = kept[entries.i] & kept[entries.j]
    renumbered = np.cumsum(kept) - 1
    return Entries(renumbered[entries.i[inside]], renumbered[entries.j[inside]], entries.value[inside])


def _columns(table: Array) -> list[tuple[str, Array]]:
    return [(f"moderator {number + 1}", table[:, number]) for number in range(table.shape[1])]


def _finite(name: str, values: Array) -> None:
    infinite = np.flatnonzero(np.isinf(values))
    if infinite.size:
        row = int(infinite[0])
        raise CannotPoolError(f"row {row + 1}: the {name} is {values[row]}; correct it or leave the row empty")


def _dropped(kept: Booleans) -> tuple[Notice, ...]:
    rows = np.flatnonzero(~kept) + 1
    if rows.size == 0:
        return ()
    listed = ", ".join(str(row) for row in rows)
    return (Notice("rows-dropped", f"Rows {listed} lack an effect, a variance or a moderator and were left out."),)
