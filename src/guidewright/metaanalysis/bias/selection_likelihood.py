"""The likelihood of effects that were selected by their p values (Hedges 1992; Vevea & Hedges 1995).

A study with effect y and variance v, normal about mu with variance v + tau2, is seen with density w(p) f(y) / A, where
A is the chance of being selected: the sum of the weights of all cells, each times the chance of falling into it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis import special
from guidewright.metaanalysis.bias.selection_functions import Cells, Weights, p_value

Array = npt.NDArray[np.float64]

LOG_ROOT_2_PI = float(np.log(2 * np.pi) / 2)


@dataclass(frozen=True)
class SelectionLikelihood:
    """Log-likelihood of effects ``y`` (k,) with variances ``v`` (k,), of which large ones have small p values."""

    y: Array
    v: Array
    weights: Weights
    two_sided: bool

    def value(self, mean: Array, tau2: Array, delta: Array) -> Array:
        """Log-likelihood (...,) at means (...,), variances between studies (...,) and parameters (..., free)."""
        log_cells = self._log_cells(*self._standardised(mean, tau2), delta)
        most = log_cells.max(axis=-1, keepdims=True)
        log_selected = np.log(np.exp(log_cells - most).sum(axis=-1)) + most[..., 0]
        total = self.v + tau2[..., None]
        unselected = -((self.y - mean[..., None]) ** 2) / (2 * total) - np.log(total) / 2 - LOG_ROOT_2_PI
        return np.asarray((self.weights.log_weight(self.p, delta) + unselected - log_selected).sum(axis=-1))

    def gradient(self, mean: float, tau2: float, delta: Array) -> Array:
        """Derivatives by mean, tau2 and each parameter (2 + free,)."""
        low, high, x, spread = self._standardised(np.array(mean), np.array(tau2))
        log_cells = self._log_cells(low, high, x, spread, delta)
        share = np.exp(log_cells - log_cells.max(axis=-1, keepdims=True))
        share /= share.sum(axis=-1, keepdims=True)  # of each cell in a study's chance of being selected
        in_points = share[:, low.shape[-1] :]
        # logarithm of an interval's chance by its ends: density over chance
        log_chance = log_cells - self.weights.log_weight(self._cells.p, delta)
        at_low, at_high = (
            share[:, : low.shape[-1]] * np.exp(-end * end / 2 - LOG_ROOT_2_PI - log_chance[:, : low.shape[-1]])
            for end in (low, high)
        )
        se_spread = np.sqrt(self.v) * spread[:, 0]
        by_mean = ((in_points * x).sum(axis=-1) + (at_low - at_high).sum(axis=-1)) / se_spread
        by_tau2 = (in_points * (x * x - 1)).sum(axis=-1) + (at_low * low - at_high * high).sum(axis=-1)
        total = self.v + tau2
        residual = self.y - mean
        return np.array(
            [
                np.sum(residual / total - by_mean),
                np.sum((residual**2 / total - 1 - by_tau2) / (2 * total)),
                *(
                    self.weights.log_weight_slopes(self.p, delta).sum(axis=-1)
                    - (self.weights.log_weight_slopes(self._cells.p, delta) @ share.T).sum(axis=-1)
                ),
            ]
        )

    @cached_property
    def p(self) -> Array:
        """P values (k,) of the studies."""
        return p_value(self.y / np.sqrt(self.v), two_sided=self.two_sided)

    @cached_property
    def _cells(self) -> Cells:
        return self.weights.cells(two_sided=self.two_sided)

    def _standardised(self, mean: Array, tau2: Array) -> tuple[Array, Array, Array, Array]:
        """Ends of intervals and points (..., k, cells) on the axis where z is standard normal, and its spread."""
        centre = (mean[..., None] / np.sqrt(self.v))[..., None]
        spread = np.sqrt(1 + tau2[..., None] / self.v)[..., None]
        cells = self._cells
        low, high, points = ((at - centre) / spread for at in (cells.low, cells.high, cells.points))
        return low, high, points, spread

    def _log_cells(self, low: Array, high: Array, x: Array, spread: Array, delta: Array) -> Array:
        """Logarithm of weight times chance of each cell (..., k, cells); for points, of weight, density and width."""
        right = low > 0  # the upper tail is mirrored: logarithms near 0 would cancel
        low, high = np.where(right, -high, low), np.where(right, -low, high)
        log_low, log_high = special.log_ndtr(low), special.log_ndtr(high)
        intervals = log_high + np.log(-np.expm1(log_low - log_high))
        points = np.log(self._cells.widths) - x * x / 2 - LOG_ROOT_2_PI - np.log(spread)
        weight = self.weights.log_weight(self._cells.p, delta)[..., None, :]
        return np.concatenate([intervals, points], axis=-1) + weight
