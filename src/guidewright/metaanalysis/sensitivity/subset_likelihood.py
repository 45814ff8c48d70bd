"""tau2 by (restricted) maximum likelihood for many subsets of the same studies.

Subsets share their studies, so that sums within them are products of the matrix of membership with terms that are
computed once. Studies lie along the first axis, subsets along the second, which is far quicker. The score is scanned
for all subsets at the same values of tau2 by one matrix product; the one change of sign that nearly every subset has
is closed in by Newton steps. Subsets with several stationary points, or whose sums would lose digits, are left to the
general search (:mod:`guidewright.metaanalysis.kernels.likelihood`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.kernels.groups import Array, Groups
from guidewright.metaanalysis.kernels.likelihood import LAST_STEP, Maximum, maximise

Mask = npt.NDArray[np.bool_]
#: Ratio of (smallest variance + tau2) between points of the scan.
RATIO = 1.4
FEWEST, MOST = 20, 96
#: Newton steps after which a subset is left to the general search.
STEPS = 12
#: Multiplications per matrix product: below it BLAS starts no threads, which cost more than such a product.
PRODUCT = 250_000
#: Digits that may cancel in a sum of squares about the mean.
CANCELLED = 1e5


@dataclass(frozen=True, eq=False)
class SubsetLikelihood:
    """The studies (k,), centred, and what the scan needs of them."""

    y: Array
    v: Array
    grid: Array
    """tau2 at the points of the scan (points,)."""
    terms: Array
    """w, wy, w2, w2y, w2yy of each study at each point (5 * points, k)."""
    restricted: bool

    @classmethod
    def of(cls, y: Array, v: Array, *, restricted: bool) -> SubsetLikelihood:
        """Prepare the studies; variances must be above 0."""
        centre = np.sum(y / v) / np.sum(1 / v)
        y = y - centre
        base, ceiling = v.min(), 0.5 * (y.max() - y.min()) ** 2  # beyond it the score is negative
        reach = np.log1p(ceiling / base)
        points = int(np.clip(np.ceil(reach / np.log(RATIO)), FEWEST, MOST)) + 1
        grid = base * np.expm1(reach * np.arange(points) / (points - 1))
        w = 1 / (v + grid[:, None])
        wy = w * y
        return cls(y, v, grid, np.concatenate([w, wy, w * w, w * wy, wy * wy]), restricted)

    def maximise(self, included: Array) -> Maximum:
        """tau2 (B,) of the subsets ``included`` (k, B), 1 for a member and 0 for another; 0 for a single study."""
        tau2, general = self._scan_and_close_in(included)
        converged = np.ones(len(tau2), dtype=bool)
        if general.any():
            owner, study = np.nonzero(included[:, general].T)
            groups = Groups.of_sizes(np.bincount(owner))
            found = maximise(self.y[study], self.v[study], groups, restricted=self.restricted)
            tau2[general], converged[general] = found.tau2, found.converged
        return Maximum(tau2, converged)

    def _scan_and_close_in(self, included: Array) -> tuple[Array, Mask]:
        """tau2 where there is one maximum, and which subsets need the general search."""
        s1, sy, s2, s2y, s2yy = _product(self.terms, included).reshape(5, len(self.grid), -1)
        mean = sy / s1
        score = s2yy - mean * (2 * s2y - mean * s2) - s1
        if self.restricted:
            score += s2 / s1
        up = (score > 0) & (included.sum(axis=0) > 1)
        falls = up[:-1] & ~up[1:]
        general = falls.sum(axis=0) + ~up[0] != 1
        tau2 = np.zeros(included.shape[1])
        inner = np.flatnonzero(~general & up[0])
        if len(inner):
            at = falls[:, inner].argmax(axis=0)
            low, high = self.grid[at], self.grid[at + 1]
            s_low, s_high = score[at, inner], score[at + 1, inner]
            start = low + (high - low) * s_low / (s_low - s_high)
            tau2[inner], settled = self._newton(included[:, inner], start, low, high)
            general[inner] = ~settled
        return tau2, general

    def _newton(self, included: Array, tau2: Array, low: Array, high: Array) -> tuple[Array, Mask]:
        result, done = tau2.copy(), np.zeros(len(tau2), dtype=bool)
        active = np.arange(len(tau2))
        v, base = self.v[:, None], self.v.min()
        powers = np.stack([np.ones_like(self.y), self.y, self.y**2])
        for _step in range(STEPS):
            w = included / (v + tau2)
            s1, sy, _ = _product(powers, w)
            w2 = w * w
            s2, s2y, s2yy = _product(powers, w2)
            s3, s3y, s3yy = _product(powers, w2 * w)
            mean = sy / s1
            spread = s2yy - mean * (2 * s2y - mean * s2)
            cubic = s3yy - mean * (2 * s3y - mean * s3)
            score, slope = spread - s1, s2 - 2 * cubic + 2 * (s2y - mean * s2) ** 2 / s1
            if self.restricted:
                ratio = s2 / s1
                score, slope = score + ratio, slope + ratio * ratio - 2 * s3 / s1
            with np.errstate(divide="ignore", invalid="ignore"):
                after = tau2 - score / slope
            inside = (slope < 0) & (after >= low) & (after <= high)
            after = np.where(inside, after, 0.5 * (low + high))
            low, high = np.where(score > 0, tau2, low), np.where(score > 0, high, tau2)
            settled = inside & (np.abs(after - tau2) <= LAST_STEP * (base + tau2)) & (s2yy <= CANCELLED * spread)
            result[active], tau2 = after, after
            done[active] = settled
            if settled.all():
                break
            if settled.mean() > 0.3:
                keep = ~settled
                active, included = active[keep], included[:, keep]
                tau2, low, high = tau2[keep], low[keep], high[keep]
        return result, done


def _product(left: Array, right: Array) -> Array:
    """``left @ right``, a slice of columns at a time."""
    result = np.empty((len(left), right.shape[1]))
    width = max(1, PRODUCT // left.size)
    for start in range(0, right.shape[1], width):
        np.matmul(left, right[:, start : start + width], out=result[:, start : start + width])
    return result
