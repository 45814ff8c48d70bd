"""Roots of an equation in tau2 for every analysis of a batch at once: all of them are found, the likeliest is kept."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.moderators.batch import Batch
from guidewright.metaanalysis.moderators.equations import Equation
from guidewright.metaanalysis.moderators.projection import projection_at

Array = npt.NDArray[np.float64]
Integers = npt.NDArray[np.intp]
Booleans = npt.NDArray[np.bool_]

#: Ratio of neighbouring grid points of v_min + tau2. The equations are sums of powers of 1 / (lambda + tau2), which
#: change over a factor of about e.
STEP = 2.5
#: Parts into which a step is cut in which the equation turns near zero.
FINE = 8
#: How near zero the equation, times v_min + tau2, must be at a grid point to be looked at more closely.
NEAR = 0.3
#: Numbers held at once in one weighted array; larger is no quicker once it leaves the processor's cache.
CHUNK = 1 << 14
#: A Newton step below this, relative to v_min + tau2, leaves an error of its square: less than rounding.
CLOSE = 1e-7
#: Where a sampling variance is zero, the smallest tau2 looked at, relative to the bound above.
FLOOR = 1e-7
#: A bracket narrower than this, relative to v_min + tau2, is a root.
ROUNDING = 4 * float(np.finfo(np.float64).eps)
MAX_STEPS = 100


def largest_likelihood_root(batch: Batch, equation: Equation) -> tuple[Array, Booleans]:
    """tau2 ``(G,)`` and whether it was reached to full precision.

    The sign of the equation on a grid brackets every root where it falls from positive to negative. tau2 = 0 is a
    candidate where the equation is not positive there. Newton steps inside each bracket, halved where they would leave
    it, end at full precision; of several candidates the one with the largest likelihood is kept.
    """
    least = batch.layout.smallest(batch.v)
    above = np.maximum(equation.ceiling(batch), 0.0) * (1 + 1e-6) + least
    below = np.minimum(np.maximum(least, FLOOR * above), above)
    steps = np.maximum(np.ceil(np.log(_ratio(below, above)) / np.log(STEP)), 1.0)
    value, grid = _scan(batch, equation, below, above, least, steps)
    brackets = [_brackets(value, grid, least, np.arange(least.size))]
    if equation.log_likelihood is not None:
        turning, low, high = _turns(batch, equation, value, grid, least)
        if turning.size:
            around, floor = batch.take(turning), least[turning]
            fine = _scan(around, equation, low + floor, high + floor, floor, np.full(turning.size, float(FINE)))
            brackets.append(_brackets(*fine, floor, turning))
    owner, low, high, start = (np.concatenate(parts) for parts in zip(*brackets, strict=True))
    tau2, converged = _refine(batch.take(owner), equation, low, high, start, least[owner])
    at_zero = np.flatnonzero((value[0] <= 0) & (least > 0))
    owner = np.concatenate([owner, at_zero])
    tau2 = np.concatenate([tau2, np.zeros(len(at_zero))])
    converged = np.concatenate([converged, np.ones(len(at_zero), dtype=np.bool_)])

    best, reached = np.full(least.size, np.nan), np.zeros(least.size, dtype=np.bool_)
    best[owner], reached[owner] = tau2, converged
    if equation.log_likelihood is not None:
        rivals = np.flatnonzero(np.bincount(owner, minlength=least.size)[owner] > 1)
        if rivals.size:
            owner, tau2, converged = owner[rivals], tau2[rivals], converged[rivals]
            height = equation.log_likelihood(projection_at(batch.take(owner), tau2))
            rising = np.argsort(-height, kind="stable")[::-1]
            best[owner[rising]], reached[owner[rising]] = tau2[rising], converged[rising]  # the likeliest comes last
    return best, reached


def _ratio(below: Array, above: Array) -> Array:
    return np.maximum(above / np.where(above > 0, below, 1.0), 1.0)


def _scan(
    batch: Batch, equation: Equation, below: Array, above: Array, least: Array, steps: Array
) -> tuple[Array, Array]:
    """The equation on a geometric grid of v_min + tau2, and the grid of tau2, both ``(M + 1, G)``.

    An analysis that needs fewer steps than others stays at its last point.
    """
    most = int(steps.max())
    share = np.minimum(np.arange(most + 1)[:, None] / steps, 1.0)
    grid = np.maximum(below * _ratio(below, above) ** share - least, 0.0)
    grid[0] = below - least
    value = np.empty_like(grid)
    at_once = max(CHUNK // batch.v.size, 1)
    for i in range(0, most + 1, at_once):
        points = grid[i : i + at_once]
        value[i : i + at_once] = equation.value(projection_at(batch, points), points)
    return value, grid


def _brackets(value: Array, grid: Array, least: Array, name: Integers) -> tuple[Integers, Array, Array, Array]:
    """Analysis, both ends, and a guess of the root, of each step in which the equation falls below zero.

    The guess draws a straight line against the logarithm of v_min + tau2.
    """
    step, analysis = np.nonzero((value[:-1] > 0) & (value[1:] <= 0))
    low, high = grid[step, analysis], grid[step + 1, analysis]
    from_zero = low + least[analysis], high + least[analysis]
    heights = value[step, analysis] * from_zero[0], value[step + 1, analysis] * from_zero[1]
    share = heights[0] / (heights[0] - heights[1])
    guess = from_zero[0] * (from_zero[1] / from_zero[0]) ** share - least[analysis]
    return name[analysis], low, high, np.clip(guess, low, high)


def _turns(batch: Batch, equation: Equation, value: Array, grid: Array, least: Array) -> tuple[Integers, Array, Array]:
    """Analysis and both ends of steps in which the equation may cross zero twice: it turns there, and turns near zero.

    Of the points that are nearer to zero than their neighbours on the same side of it, the slope tells in which of the
    two steps the equation turns.
    """
    height = value * (grid + least)
    distance = np.abs(height)
    same = (value[:-1] > 0) == (value[1:] > 0)
    none = np.zeros((1, least.size), dtype=np.bool_)
    before, after = np.concatenate([none, same]), np.concatenate([same, none])
    nearest = np.ones(height.shape, dtype=np.bool_)
    nearest[1:] &= ~same | (distance[1:] <= distance[:-1])
    nearest[:-1] &= ~same | (distance[:-1] <= distance[1:])
    point, analysis = np.nonzero(nearest & (before | after) & (distance < NEAR))
    if not point.size:
        return analysis, grid[point, analysis], grid[point, analysis]
    some, tau2, scale = batch.take(analysis), grid[point, analysis], grid[point, analysis] + least[analysis]
    slope = equation.slope(projection_at(some, tau2), tau2) * scale + value[point, analysis]
    towards = slope * np.where(value[point, analysis] > 0, -1.0, 1.0)
    right = after[point, analysis] & (towards > 0)
    left = before[point, analysis] & (towards < 0)
    step = np.concatenate([point[right], point[left] - 1])
    where = np.concatenate([analysis[right], analysis[left]])
    return where, grid[step, where], grid[step + 1, where]


def _refine(
    batch: Batch, equation: Equation, low: Array, high: Array, start: Array, least: Array
) -> tuple[Array, Booleans]:
    """The root in each bracket: positive at ``low``, not at ``high``."""
    roots, converged = low.copy(), np.zeros(low.size, dtype=np.bool_)
    active, tau2 = np.arange(low.size), start
    for _ in range(MAX_STEPS):
        if active.size == 0:
            break
        at = projection_at(batch, tau2)
        value, slope = equation.value(at, tau2), equation.slope(at, tau2)
        low, high = np.where(value > 0, tau2, low), np.where(value > 0, high, tau2)
        if equation.log_likelihood is not None:
            slope = slope + 2 * value * at.trace_of_square / at.trace
        newton = tau2 - value / np.where(slope < 0, slope, -np.inf)
        close = (slope < 0) & (np.abs(newton - tau2) <= CLOSE * (tau2 + least))
        inside = close | ((slope < 0) & (newton >= low) & (newton <= high))
        tau2 = np.fmin(np.fmax(newton, low), high)
        if not inside.all():
            tau2 = np.where(inside, tau2, _middle(low, high, least))
        done = close | (high - low <= ROUNDING * (high + least))
        roots[active[done]], converged[active[done]] = tau2[done], True
        if done.any():
            rest = np.flatnonzero(~done)
            batch, active = batch.take(rest), active[rest]
            tau2, low, high, least = tau2[rest], low[rest], high[rest], least[rest]
    return roots, converged


def _middle(low: Array, high: Array, least: Array) -> Array:
    """Halfway between two values of tau2 on the logarithmic scale of v_min + tau2."""
    return np.clip(np.sqrt((low + least) * (high + least)) - least, low, high)
