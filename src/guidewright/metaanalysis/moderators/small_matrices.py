"""Many p x p matrices at once, stored as ``(p, p, ...)``: every step is elementwise over the analyses.

An elementwise step gives an analysis the same bits whatever shares its batch. ``np.linalg``, ``einsum`` and sums over a
short axis do not promise that, and cost a microsecond per matrix.
"""

from __future__ import annotations

from functools import reduce

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def inverse(a: Array) -> tuple[Array, Array]:
    """Inverse and log determinant of symmetric positive definite matrices ``(p, p, ...)``, by sweeping each pivot.

    The sweep operator needs no pivoting for such matrices (Goodnight 1979, American Statistician 33:149).
    """
    a = a.copy()
    log_det: Array = np.zeros(a.shape[2:])
    for j in range(a.shape[0]):
        pivot = a[j, j].copy()
        log_det += np.log(pivot)
        row, column = a[j] / pivot, a[:, j].copy()
        a -= column[:, None] * row[None, :]
        a[j], a[:, j] = row, -column / pivot
        a[j, j] = 1 / pivot
    return a, log_det


def times(a: Array, b: Array) -> Array:
    """Matrix product of ``(p, q, ...)`` and ``(q, r, ...)``."""
    return reduce(np.add, (a[:, j][:, None] * b[j][None, :] for j in range(b.shape[0])))


def apply(a: Array, x: Array) -> Array:
    """Product of ``(p, q, ...)`` with vectors ``(q, ...)``."""
    return reduce(np.add, (a[:, j] * x[j] for j in range(x.shape[0])))


def inner(x: Array, y: Array) -> Array:
    """Inner product of vectors ``(p, ...)``."""
    return reduce(np.add, x * y)


def entrywise(a: Array, b: Array) -> Array:
    """Sum of the products of the entries, which is the trace of ``a @ b.T``."""
    return reduce(np.add, (a * b).reshape((-1, *a.shape[2:])))


def transposed(a: Array) -> Array:
    """Each matrix transposed."""
    return np.swapaxes(a, 0, 1)
