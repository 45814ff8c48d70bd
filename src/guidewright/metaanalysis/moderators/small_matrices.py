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
    """Inverse ``(p, p, ...)`` of symmetric positive definite matrices, and pivots ``(p, ...)``, their determinant.

    By bordering: the inverse of the first j rows and columns gives that of one more. Such matrices need no pivoting
    (Golub & Van Loan 2013, Matrix Computations, 4.2).
    """
    inverted, pivots = np.empty_like(a), np.empty_like(a[0])
    pivots[0] = a[0, 0]
    inverted[0, 0] = 1 / a[0, 0]
    for j in range(1, len(a)):
        block, border = inverted[:j, :j], a[:j, j]
        along = apply(block, border)
        pivots[j] = a[j, j] - inner(along, border)
        block += along[:, None] * along / pivots[j]
        inverted[:j, j] = inverted[j, :j] = -along / pivots[j]
        inverted[j, j] = 1 / pivots[j]
    return inverted, pivots


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
