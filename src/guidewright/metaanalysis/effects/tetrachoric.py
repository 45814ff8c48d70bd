"""The tetrachoric correlation: that of two normal variables which were each cut into two classes.

The model has as many parameters as a table has free cells, so its maximum of likelihood is the correlation at which the
bivariate normal distribution gives exactly the observed table (Pearson 1900), and the variance follows by the delta
method from the multinomial cells (Hamdan 1970, Biometrika 57:212).
"""

from __future__ import annotations

import numpy as np

from guidewright.metaanalysis import special
from guidewright.metaanalysis.effects.computed import Array

#: Halvings of the interval [-1, 1]: down to the last bit of a double.
HALVINGS = 60


def tetrachoric(a: Array, b: Array, c: Array, d: Array) -> tuple[Array, Array]:
    """Correlation and sampling variance of tables with cells a, b (row 1) and c, d (row 2).

    NaN where a cell is empty: the likelihood then has its maximum at the edge (1 or -1), where it has no variance.
    """
    n = a + b + c + d
    inside = (a > 0) & (b > 0) & (c > 0) & (d > 0)
    pa, pb, pc = (np.where(inside, cell / n, 0.25) for cell in (a, b, c))
    h, k = special.ndtri(pa + pb), special.ndtri(pa + pc)
    low, high = np.full(a.shape, -1.0), np.full(a.shape, 1.0)
    for _halving in range(HALVINGS):  # the cell probability increases with the correlation
        middle = (low + high) / 2
        too_low = bivariate_normal(h, k, middle) < pa
        low, high = np.where(too_low, middle, low), np.where(too_low, high, middle)
    rho = (low + high) / 2
    variance = _variance(pa, pb, pc, h, k, rho) / n
    return np.where(inside, rho, np.nan), np.where(inside, variance, np.nan)


def bivariate_normal(h: Array, k: Array, rho: Array) -> Array:
    """P(X <= h, Y <= k) of standard normal X, Y with correlation ``rho`` inside (-1, 1) (Owen 1956)."""
    root = np.sqrt((1 - rho) * (1 + rho))
    same = (h == 0) & (k == 0)  # the limit of k / h and h / k along h = k
    with np.errstate(divide="ignore", invalid="ignore"):
        from_h, from_k = (np.where(same, 1.0, ratio) for ratio in (k / h, h / k))
    opposite = (h * k < 0) | ((h * k == 0) & (h + k < 0))
    areas = special.owens_t(h, (from_h - rho) / root) + special.owens_t(k, (from_k - rho) / root)
    return np.asarray((special.ndtr(h) + special.ndtr(k)) / 2 - areas - opposite / 2, dtype=np.float64)


def _variance(pa: Array, pb: Array, pc: Array, h: Array, k: Array, rho: Array) -> Array:
    """The variance times n: the gradient of the correlation with respect to the three free cells, squared."""
    root = np.sqrt((1 - rho) * (1 + rho))
    by_h, by_k = special.ndtr((k - rho * h) / root), special.ndtr((h - rho * k) / root)
    density = np.exp(-(h**2 - 2 * rho * h * k + k**2) / (2 * root**2)) / (2 * np.pi * root)
    slopes = (1 - by_h - by_k, -by_h, -by_k)
    squares = sum(p * slope**2 for p, slope in zip((pa, pb, pc), slopes, strict=True))
    mean = sum(p * slope for p, slope in zip((pa, pb, pc), slopes, strict=True))
    return np.asarray((squares - mean**2) / density**2, dtype=np.float64)
