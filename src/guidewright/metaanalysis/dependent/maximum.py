"""The highest point of a likelihood with bounds: Newton's method, damped, from several starts.

A variance of 0 is a legitimate answer. Parameters lie within bounds; one that rests on its bound while the likelihood
falls inwards is held there, exactly (Bertsekas 1982). Where the Hessian is not negative definite its eigenvalues are
taken as absolute values, so that a step always leads upwards. Likelihoods of variance components may have several
maxima: every start is climbed and the highest end counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from guidewright.metaanalysis.dependent.blocks import Array, Booleans
from guidewright.metaanalysis.dependent.likelihood import Likelihood, Slopes, Solution
from guidewright.metaanalysis.notices import CannotPoolError, Notice

#: Newton steps are measured in standard errors of the parameters; below this one the next would change nothing.
SMALLEST_STEP = 1e-9
#: A gradient so small that rounding makes the rest of it (a direction in which the likelihood is level).
FLAT = 1e-11
#: Largest gradient left at the end, in log-likelihood per standard error.
GRADIENT = 1e-6
#: Curvature of a strict summit, in log-likelihood per squared standard error (about 1 is usual).
STRICT = 1e-6
#: Distance in standard errors from which a known summit need not be climbed again.
NEAR = 0.05
STEPS = 300


class NotConvergedError(CannotPoolError):
    """No start led to a maximum of the likelihood."""


@dataclass(frozen=True, eq=False)
class Summit:
    """Where a climb ended."""

    theta: Array
    solution: Solution
    slopes: Slopes
    gradient: float
    """Largest gradient that is not held by a bound, in log-likelihood per standard error."""
    converged: bool
    strict: bool
    """Whether the likelihood falls in every free direction; else it lies on a plateau or a saddle."""


def climb(
    likelihood: Likelihood, start: Array, lower: Array, upper: Array, spans: Array, known: Sequence[Summit] = ()
) -> Summit | None:
    """Climb from ``start``; equal bounds hold a parameter fixed. None if the start itself is impossible.

    A climb that comes near a strict summit already ``known`` ends there.
    """
    theta = np.clip(start, lower, upper)
    solution = likelihood.solve(theta)
    if solution is None:
        return None
    last = False
    for _step in range(STEPS):
        slopes = likelihood.slopes(theta, solution)
        scale = _scale(slopes, spans)
        gradient = slopes.gradient * scale
        free = _free(theta, gradient, lower, upper)
        if last or not free.any():
            last = True
            break
        for summit in known:
            if summit.strict and np.all(np.abs(theta - summit.theta) < NEAR * scale):
                return summit
        step, definite = _newton(slopes, scale, free, theta, lower, upper)
        small = definite and float(np.max(np.abs(step / scale))) < SMALLEST_STEP
        last = small or float(np.max(np.abs(gradient[free]))) < FLAT
        found = _advance(likelihood, theta, solution, slopes.gradient, step, lower, upper)
        if found is None and not last:
            steepest = np.where(free, gradient * scale, 0.0)
            found = _advance(likelihood, theta, solution, slopes.gradient, steepest, lower, upper)
        if found is None:  # neither way leads up by more than rounding
            last = True
            break
        theta, solution = found
    largest = float(np.max(np.abs(gradient[free]), initial=0.0))
    curvature = (slopes.hessian * scale[:, None] * scale)[np.ix_(free, free)]
    strict = bool(np.all(np.linalg.eigvalsh(curvature) < -STRICT))
    return Summit(theta, solution, slopes, largest, last and largest <= GRADIENT, strict)


def highest(likelihood: Likelihood, starts: Sequence[Array], spans: Array) -> tuple[Summit, int]:
    """The highest of the summits reached, and how many strict summits of different height there are.

    Raises :class:`NotConvergedError` if none is a summit.
    """
    lower, upper = likelihood.bounds
    ends: list[Summit] = []
    for start in starts:
        end = climb(likelihood, start, lower, upper, spans, [one for one in ends if one.converged])
        if end is not None and end not in ends:
            ends.append(end)
    summits = sorted((end for end in ends if end.converged), key=lambda end: -end.solution.loglik)
    if not summits:
        left = min((end.gradient for end in ends), default=float("inf"))
        raise NotConvergedError(
            f"the likelihood has no maximum that could be reached (gradient left: {left:.1e}); look for sampling "
            "variances of 0 or very unequal ones, use fewer levels or a simpler structure"
        )
    heights = np.array([summit.solution.loglik for summit in summits if summit.strict or summit is summits[0]])
    return summits[0], 1 + int(np.sum(np.diff(-heights) > 1e-5))


def several_maxima(summits: int) -> tuple[Notice, ...]:
    """Say that the likelihood has more than one maximum."""
    text = f"The likelihood has {summits} maxima of different height; the highest that was found is reported."
    return (Notice("several-maxima", text),) if summits > 1 else ()


def _scale(slopes: Slopes, spans: Array) -> Array:
    return np.asarray(1 / np.sqrt(np.maximum(np.diag(slopes.information), 0.0) + spans**-2.0))


def _free(theta: Array, gradient: Array, lower: Array, upper: Array) -> Booleans:
    held = ((theta <= lower) & (gradient <= 0)) | ((theta >= upper) & (gradient >= 0)) | (lower == upper)
    return np.asarray(~held)


def _newton(
    slopes: Slopes, scale: Array, free: Booleans, theta: Array, lower: Array, upper: Array
) -> tuple[Array, bool]:
    """The Newton step of the free parameters, and whether the Hessian there is negative definite.

    A parameter that the step would push beyond its bound goes to the bound, and the others take the step anew.
    """
    step = np.zeros_like(theta)
    active = free.copy()
    gradient = slopes.gradient * scale
    curvature = -slopes.hessian * scale[:, None] * scale
    definite = True
    while active.any():
        pull = gradient[active] - curvature[np.ix_(active, ~active)] @ (step[~active] / scale[~active])
        values, vectors = np.linalg.eigh(curvature[np.ix_(active, active)])
        definite = definite and bool(values[0] > 0)
        size = np.maximum(np.abs(values), 1e-7 * max(float(np.abs(values).max()), 1e-3))
        move = vectors @ ((vectors.T @ pull) / size)
        longest = float(np.abs(move).max())
        if longest > 20:  # beyond twenty standard errors the local shape says nothing
            move *= 20 / longest
        step[active] = move * scale[active]
        beyond = active & ((theta + step < lower) | (theta + step > upper))
        if not beyond.any():
            break
        step[beyond] = np.clip(theta + step, lower, upper)[beyond] - theta[beyond]
        active &= ~beyond
    return step, definite


def _advance(
    likelihood: Likelihood, theta: Array, now: Solution, gradient: Array, step: Array, lower: Array, upper: Array
) -> tuple[Array, Solution] | None:
    """The first of ever shorter steps that raises the likelihood enough (Armijo 1966); None if there is none."""
    rounding = 1e-12 * (abs(now.loglik) + likelihood.effects.k)
    for halving in range(40):
        there = np.clip(theta + step * 0.5**halving, lower, upper)
        gain = float(gradient @ (there - theta))
        if gain <= 0 or np.array_equal(there, theta):
            return None
        solution = likelihood.solve(there)
        if solution is None:
            continue
        if gain < 100 * rounding and solution.loglik > now.loglik - rounding:
            return there, solution  # too close to the top for heights to tell; the gradient decides
        if solution.loglik >= now.loglik + 1e-4 * gain:
            return there, solution
    return None
