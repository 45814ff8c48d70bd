"""The global maximum of the likelihood of a selection model.

The best points of a grid start bounded searches, and Newton steps end the best of these. The surface often has several
maxima, and ridges along which tau2 or a weight runs to its bound.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.bias.selection_likelihood import SelectionLikelihood

Array = npt.NDArray[np.float64]

#: Points of the grid from which the search goes on.
STARTS = 12
#: Newton steps at the end, and the step that ends them, on a scale on which standard errors are about 1.
NEWTON_STEPS, SETTLED = 40, 1e-11
#: Step of the differences between gradients; extrapolated, their error is of its fourth power.
STEP = 2e-3


@dataclass(frozen=True)
class SelectionMaximum:
    """Where the likelihood is largest. Standard errors are NaN for what is given or lies on a bound."""

    mean: float
    tau2: float
    delta: Array
    mean_se: float
    tau2_se: float
    delta_se: Array
    log_likelihood: float
    at_bound: npt.NDArray[np.bool_]
    """Of mean, tau2 and each parameter."""
    converged: bool


@dataclass(frozen=True)
class Search:
    """Coordinates of a search: the mean and tau2 over their units, and parameters (factors by their logarithms).

    ``fixed`` parameters are given and have no coordinate; without ``random``, tau2 is 0.
    """

    likelihood: SelectionLikelihood
    random: bool
    fixed: Array | None
    lowest: float
    highest: float

    @cached_property
    def unit(self) -> float:
        """About the standard deviation of an effect."""
        return float(np.sqrt(np.median(self.likelihood.v) + np.var(self.likelihood.y)))

    @cached_property
    def free(self) -> npt.NDArray[np.bool_]:
        """Which of mean, tau2 and parameters are searched for."""
        weights = self.likelihood.weights
        return np.array([True, self.random, *[self.fixed is None] * weights.free])

    def natural(self, coordinates: Array) -> tuple[Array, Array, Array]:
        """Mean (...,), tau2 (...,) and parameters (..., free) of full coordinates."""
        delta = coordinates[..., 2:]
        delta = np.exp(delta) if self.likelihood.weights.on_log_scale else delta
        return coordinates[..., 0] * self.unit, coordinates[..., 1] * self.unit**2, delta

    def scale(self, coordinates: Array) -> Array:
        """Derivatives of mean, tau2 and parameters by their coordinates."""
        delta = coordinates[2:]
        factors = np.exp(delta) if self.likelihood.weights.on_log_scale else np.ones_like(delta)
        return np.array([self.unit, self.unit**2, *factors])

    def value(self, coordinates: Array) -> Array:
        return self.likelihood.value(*self.natural(coordinates))

    def gradient(self, coordinates: Array) -> Array:
        mean, tau2, delta = self.natural(coordinates)
        return self.likelihood.gradient(float(mean), float(tau2), delta) * self.scale(coordinates)

    @cached_property
    def bounds(self) -> tuple[Array, Array]:
        weights = self.likelihood.weights
        low, high = np.log([self.lowest, self.highest]) if weights.on_log_scale else (0.0, self.highest)
        count = weights.free
        return np.array([-np.inf, 0.0, *[low] * count]), np.array([np.inf, np.inf, *[high] * count])

    def starts(self) -> Array:
        """Points of a grid, best first."""
        y, weights = self.likelihood.y, self.likelihood.weights
        means = np.unique([0.0, *np.quantile(y, [0.1, 0.5, 0.9]), np.min(y)]) / self.unit
        tau2s = [0.0, 0.05, 0.3, 1.0] if self.random else [0.0]
        if self.fixed is not None:
            deltas: list[tuple[float, ...]] = [tuple(self._coordinates(self.fixed))]
        else:
            some = [-3.0, -1.0, 0.5, 3.0] if weights.on_log_scale else [0.0, 0.5, 2.0, 6.0, 20.0]
            some = some if weights.free <= 2 else [-2.0, 0.0, 2.0] if weights.free == 3 else [-1.0, 0.0]
            deltas = list(product(some, repeat=weights.free)) if weights.free <= 6 else [(0.0,) * weights.free]
        grid = np.array([(m, t, *d) for m in means for t in tau2s for d in deltas])
        low, high = self.bounds
        grid = grid if self.fixed is not None else np.clip(grid, low, high)
        values = np.concatenate([self.value(part) for part in np.array_split(grid, max(1, len(grid) // 50))])
        return grid[np.argsort(-values)]

    def _coordinates(self, delta: Array) -> Array:
        return np.log(delta) if self.likelihood.weights.on_log_scale else delta


def maximise(search: Search) -> SelectionMaximum:
    """The largest of the maxima that are reached from the best points of the grid."""
    # slow to import, and needed by no other method of this package
    from scipy.optimize import minimize  # noqa: PLC0415

    free, (low, high) = search.free, search.bounds
    found: list[tuple[float, Array]] = []
    for start in _apart(search.starts()):

        def negative(x: Array, start: Array = start) -> tuple[float, Array]:
            at = start.copy()
            at[free] = x
            return -float(search.value(at)), -search.gradient(at)[free]

        limits = list(zip(low[free], high[free], strict=True))
        result = minimize(negative, start[free], jac=True, method="L-BFGS-B", bounds=limits)
        at = start.copy()
        at[free] = result.x
        found.append((-float(result.fun), at))
    return _polished(search, max(found, key=lambda one: one[0])[1])


def _apart(grid: Array) -> list[Array]:
    """The best points that are not neighbours of better ones."""
    chosen: list[Array] = []
    for point in grid:
        if all(np.abs(point - other).max() > 1.0 for other in chosen):
            chosen.append(point)
        if len(chosen) == STARTS:
            break
    return chosen


def _polished(search: Search, at: Array) -> SelectionMaximum:
    """Newton steps within the bounds, then standard errors from the curvature at the end."""
    low, high = search.bounds
    at, moving, converged = at.copy(), search.free.copy(), False
    for _ in range(NEWTON_STEPS):
        slope = search.gradient(at)
        leaving = ((at <= low + 1e-9) & (slope < 0)) | ((at >= high - 1e-9) & (slope > 0))
        at = np.where(search.free & leaving, np.clip(np.where(slope < 0, low, high), low, high), at)
        moving = search.free & ~leaving
        after = _newton(search, at, moving)
        step = float(np.abs(after - at).max(initial=0.0))
        at = after
        if step <= SETTLED:
            converged = True
            break
    slope = search.gradient(at)
    converged = converged or bool(np.abs(slope[moving]).max(initial=0.0) < 1e-7)
    return _with_errors(search, at, moving, converged=converged)


def _with_errors(search: Search, at: Array, moving: npt.NDArray[np.bool_], *, converged: bool) -> SelectionMaximum:
    """Standard errors from the curvature. What lies on a bound is taken as known, but for a parameter of 0: that there
    is no selection is an estimate like any other, and the mean is the less certain for it.
    """
    uncertain = moving.copy()
    if not search.likelihood.weights.on_log_scale:
        uncertain |= search.free & (at == 0) & (np.arange(len(at)) >= 2)
    se = np.full(len(at), np.nan)
    for chosen in (uncertain, moving):
        information = -_curvature(search, at, chosen)
        if chosen.any() and np.all(np.linalg.eigvalsh(information) > 0):
            se[chosen] = np.sqrt(np.diagonal(np.linalg.inv(information))) * search.scale(at)[chosen]
            break
    se[~moving] = np.nan
    mean, tau2, delta = search.natural(at)
    return SelectionMaximum(
        mean=float(mean),
        tau2=float(tau2),
        delta=delta,
        mean_se=float(se[0]),
        tau2_se=float(se[1]),
        delta_se=se[2:],
        log_likelihood=float(search.value(at)),
        at_bound=search.free & ~moving,
        converged=converged,
    )


def _newton(search: Search, at: Array, moving: npt.NDArray[np.bool_]) -> Array:
    """One step, shortened until the likelihood does not fall, and kept within the bounds."""
    if not moving.any():
        return at
    slope, (low, high), value = search.gradient(at)[moving], search.bounds, search.value(at)
    size, vectors = np.linalg.eigh(-_curvature(search, at, moving))
    # a direction in which the surface is not hollow is gone uphill all the same
    step = np.zeros_like(at)
    step[moving] = vectors @ ((vectors.T @ slope) / np.maximum(np.abs(size), 1e-8))
    for _ in range(40):
        after = np.clip(at + step, low, high)
        if search.value(after) >= value - 1e-13 * abs(value):
            return after
        step = step / 2
    return at


def _curvature(search: Search, at: Array, moving: npt.NDArray[np.bool_]) -> Array:
    """Second derivatives by the coordinates that move: differences of exact gradients, extrapolated (Richardson)."""
    room = at[1] + float(search.likelihood.v.min()) / search.unit**2
    rows = []
    for j in np.flatnonzero(moving):
        h = min(STEP, room / 8) if j == 1 else STEP
        step = np.zeros_like(at)
        step[j] = h
        wide = (search.gradient(at + 2 * step) - search.gradient(at - 2 * step)) / (4 * h)
        near = (search.gradient(at + step) - search.gradient(at - step)) / (2 * h)
        rows.append(((4 * near - wide) / 3)[moving])
    hessian = np.array(rows)
    return np.asarray((hessian + hessian.T) / 2)
