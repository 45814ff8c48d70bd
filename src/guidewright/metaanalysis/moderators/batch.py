"""Many meta-analyses laid out in one set of arrays, each with an orthonormal basis of its own design.

*Rows* are studies; the last axes of a row array are the rows. Everything else has one entry per analysis on its last
axis. The estimators know rows only through ``sums`` (within each analysis) and ``spread`` (repeat an analysis' value on
its rows), so that they need not know whether analyses lie one behind the other (:class:`Groups`) or side by side.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.kernels.groups import Array, Groups
from guidewright.metaanalysis.moderators.small_matrices import apply, times, transposed

Integers = npt.NDArray[np.intp]

#: A column whose part outside the span of the columns before it is smaller than this, relative to its size about its
#: mean, adds nothing that float64 can tell from rounding.
COLLINEAR = 1e-9


@dataclass(frozen=True)
class Equal:
    """Analyses of one size k, as arrays ``(..., k, G)``: sums and repeats need no gathering, which is quicker."""

    k: int
    analyses: int

    @property
    def sizes(self) -> Integers:
        """Number of rows of each analysis ``(G,)``."""
        return np.full(self.analyses, self.k)

    def sums(self, rows: Array) -> Array:
        """Sums within each analysis ``(..., G)``."""
        return np.asarray(np.add.reduce(rows, axis=-2))

    def smallest(self, rows: Array) -> Array:
        """Smallest value within each analysis."""
        return np.asarray(np.minimum.reduce(rows, axis=-2))

    def spread(self, per_analysis: Array) -> Array:
        """The value of each row's analysis, to be broadcast over its rows."""
        return per_analysis[..., None, :]

    def rows_of(self, chosen: Integers) -> tuple[Integers, Equal]:
        """Places of some analyses on the last axis, and their layout."""
        return chosen, Equal(self.k, len(chosen))


@dataclass(frozen=True)
class Batch:
    """Meta-analyses ready for fitting; effects are held as residuals of least squares, so that sums keep digits."""

    layout: Groups | Equal
    y: Array
    """Effects less their ordinary least squares fit (rows)."""
    v: Array
    """Sampling variances (rows)."""
    basis: Array
    """Orthonormal columns that span the design ``(p, rows)``; the first is the intercept's where there is one."""
    back: Array
    """``basis = X @ back`` for each analysis ``(p, p, G)``: coefficients are ``back @`` those on the basis."""
    start: Array
    """Ordinary least squares coefficients on the basis ``(p, G)``."""
    pairs: Array
    """Products of two columns of the basis ``(p (p + 1) / 2, rows)``, which every weighted sum of squares needs."""
    one_design: bool = False
    """Whether basis, products and matrices have one entry on their last axis, which holds for all analyses."""

    @property
    def k(self) -> Array:
        """Studies of each analysis ``(G,)``."""
        return self.layout.sizes.astype(np.float64)

    @property
    def p(self) -> int:
        """Columns of the design."""
        return len(self.basis)

    def sums(self, columns: Array, rows: Array) -> Array:
        """Sums of each column times the rows, ``(c, ..., G)``; one matrix product where all share their design."""
        if self.one_design:
            return (columns[..., 0] @ rows).swapaxes(0, -2)
        return np.stack([self.layout.sums(column * rows) for column in columns])

    def gram(self, rows: Array) -> Array:
        """Weighted sums of the products of columns i and j of the basis, ``(p, p, ..., G)``."""
        return self.sums(self.pairs, rows)[_places(self.p)]

    def fitted(self, on_basis: Array) -> Array:
        """Fitted values (rows) of coefficients on the basis ``(p, ..., G)``."""
        if self.one_design:
            return np.asarray(self.basis[..., 0].T @ on_basis.swapaxes(0, -2))
        return np.asarray(sum(self.layout.spread(b) * x for b, x in zip(on_basis, self.basis, strict=True)))

    def take(self, analyses: Integers) -> Batch:
        """Some of the analyses, in any order, repeats allowed."""
        at, layout = self.layout.rows_of(analyses)
        changed = replace(self, layout=layout, y=self.y[..., at], v=self.v[..., at], start=self.start[..., analyses])
        if self.one_design:
            return changed
        return replace(changed, basis=self.basis[..., at], back=self.back[..., analyses], pairs=self.pairs[..., at])

    def coefficients(self, on_basis: Array) -> Array:
        """Coefficients of the columns as given, from those of the residuals on the basis ``(p, G)``."""
        return apply(self.back, self.start + on_basis)

    def covariance(self, on_basis: Array) -> Array:
        """Covariance of the coefficients of the columns as given ``(p, p, G)``."""
        return times(times(self.back, on_basis), transposed(self.back))


def ragged_batch(y: Array, v: Array, x: Array, sizes: npt.ArrayLike) -> Batch:
    """Flat effects and variances ``(N,)``, design ``(N, p)`` of full rank in each analysis, and the sizes ``(G,)``."""
    layout = Groups.of_sizes(sizes)
    return _centred(layout, y, v, *orthonormal(np.ascontiguousarray(x.T), layout))


def permuted_batch(y: Array, v: Array, x: Array) -> Batch:
    """Effects and variances ``(k, G)`` of analyses that share one design ``(k, p)`` of full rank."""
    basis, back = orthonormal(np.ascontiguousarray(x.T)[..., None], Equal(len(x), 1))
    return _centred(Equal(*y.shape), y, v, basis, back, one_design=True)


def _centred(
    layout: Groups | Equal, y: Array, v: Array, basis: Array, back: Array, *, one_design: bool = False
) -> Batch:
    """A batch whose effects are residuals on the basis; twice, so that large effects leave no rounding behind."""
    pairs = np.stack([basis[i] * basis[j] for i, j in pair_places(len(basis))])
    batch = Batch(layout, y, v, basis, back, np.zeros((len(basis), len(layout.sizes))), pairs, one_design)
    for _ in range(2):
        on_basis = batch.sums(basis, batch.y)
        batch = replace(batch, y=batch.y - batch.fitted(on_basis), start=batch.start + on_basis)
    return batch


def pair_places(p: int) -> list[tuple[int, int]]:
    """Pairs of columns i <= j, in the order of ``Batch.pairs``."""
    return [(i, j) for j in range(p) for i in range(j + 1)]


@cache
def _places(p: int) -> Integers:
    """Where in ``Batch.pairs`` the product of columns i and j is ``(p, p)``."""
    places = np.empty((p, p), dtype=np.intp)
    for at, (i, j) in enumerate(pair_places(p)):
        places[i, j] = places[j, i] = at
    return places


def orthonormal(columns: Array, layout: Groups | Equal) -> tuple[Array, Array]:
    """Orthonormal basis ``(p, rows)`` and the matrices ``(p, p, G)`` that make it from the columns.

    Gram-Schmidt, every column twice, which is enough (Giraud, Langou & Rozloznik 2005). A predictor's scale and origin
    then play no part in any later sum; a design that ordinary normal equations cannot solve gives no trouble here.
    """
    basis = columns.astype(np.float64)
    p = basis.shape[0]
    back: Array = np.zeros((p, p, len(layout.sizes)))
    for j in range(p):
        back[j, j] = 1.0
        for _ in range(2):
            for i in range(j):
                along = layout.sums(basis[i] * basis[j])
                basis[j] = basis[j] - layout.spread(along) * basis[i]
                back[:, j] -= along * back[:, i]
            norm = np.sqrt(layout.sums(basis[j] * basis[j]))
            basis[j] = basis[j] / layout.spread(norm)
            back[:, j] /= norm
    return basis, back


def independent_columns(x: Array) -> list[int]:
    """Columns of one design ``(k, p)`` that are not combinations of columns before them (as in R's ``lm``).

    Judged on columns about their mean where a constant is among the columns before, so that neither scale nor origin of
    a predictor matters.
    """
    kept: list[int] = []
    basis: list[Array] = []
    for j in range(x.shape[1]):
        column = x[:, j] / (np.abs(x[:, j]).max() or 1.0)
        about = column - column.mean() if any(np.ptp(x[:, i]) == 0 for i in kept) else column
        size = np.linalg.norm(about)
        rest = about
        for _ in range(2):
            for q in basis:
                rest = rest - (q @ rest) * q
        left = np.linalg.norm(rest)
        if size > 1e-13 * np.sqrt(len(column)) and left > COLLINEAR * size:
            kept.append(j)
            basis.append(rest / left)
    return kept
