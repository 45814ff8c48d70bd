"""Weighted least squares of every analysis of a batch, and the traces that estimators of tau2 are made of.

With weights A = diag(a) and design X, P = A - A X (X'AX)^-1 X'A maps effects to weighted residuals (Harville 1977).
"""

from __future__ import annotations

from functools import cached_property, reduce

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.moderators.batch import Batch
from guidewright.metaanalysis.moderators.small_matrices import apply, entrywise, inner, inverse, times

Array = npt.NDArray[np.float64]


class Projection:
    """One weighted fit per analysis. Weights may have leading axes (a grid of tau2); results then have them too."""

    def __init__(self, batch: Batch, weights: Array) -> None:
        self.batch = batch
        self.weights = weights
        self.covariance, self._pivots = inverse(batch.gram(weights))
        """(X'AX)^-1 on the basis."""
        self.coefficients = apply(self.covariance, batch.sums(batch.basis, weights * batch.y))
        self.residuals = batch.y - batch.fitted(self.coefficients)
        self.py = weights * self.residuals

    @cached_property
    def log_det(self) -> Array:
        """Log |X'AX| on the basis."""
        return reduce(np.add, np.log(self._pivots))

    @cached_property
    def q(self) -> Array:
        """Y'Py, the weighted sum of squared residuals."""
        return self.batch.layout.sums(self.py * self.residuals)

    @cached_property
    def qq(self) -> Array:
        """Y'PPy."""
        return self.batch.layout.sums(self.py * self.py)

    def qqq(self) -> Array:
        """Y'PPPy."""
        apy = self.weights * self.py
        c = self.batch.sums(self.batch.basis, apy)
        return self.batch.layout.sums(apy * self.py) - inner(c, apply(self.covariance, c))

    @cached_property
    def trace(self) -> Array:
        """tr(P)."""
        return self.batch.layout.sums(self.weights) - entrywise(self.covariance, self._gram2)

    def trace_with(self, u: Array) -> Array:
        """tr(PU) for U = diag(u)."""
        au = self.weights * u
        return self.batch.layout.sums(au) - entrywise(self.covariance, self.batch.gram(au * self.weights))

    @cached_property
    def trace_of_square(self) -> Array:
        """tr(PP)."""
        return self.trace_of_squares(None, None)

    def trace_of_squares(self, u: Array | None, s: Array | None) -> Array:
        """tr(PUPS) for diagonal U and S (none: the identity): squared entries of P, weighted by u and s."""
        a2 = self._weights2
        a2us = a2 if u is None else a2 * u
        a2us = a2us if s is None else a2us * s
        left = times(self.covariance, self._gram2 if u is None else self.batch.gram(a2 * u))
        right = left if u is s else times(self.covariance, self._gram2 if s is None else self.batch.gram(a2 * s))
        corner = entrywise(self.covariance, self.batch.gram(a2us * self.weights))
        return self.batch.layout.sums(a2us) - 2 * corner + entrywise(left, np.swapaxes(right, 0, 1))

    def sandwich(self, variances: Array) -> Array:
        """Covariance of the coefficients on the basis when the weights are not the inverse of the variances."""
        meat = self.batch.gram(self._weights2 * variances)
        return times(times(self.covariance, meat), self.covariance)

    @cached_property
    def _weights2(self) -> Array:
        return self.weights * self.weights

    @cached_property
    def _gram2(self) -> Array:
        return self.batch.gram(self._weights2)


def projection_at(batch: Batch, tau2: Array) -> Projection:
    """The fit with weights 1 / (v + tau2); ``tau2`` is ``(..., G)``."""
    weights = batch.v + batch.layout.spread(tau2)
    return Projection(batch, np.divide(1.0, weights, out=weights))
