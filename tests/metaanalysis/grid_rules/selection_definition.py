"""The likelihood of a selection model, integrated by brute force: to judge two maxima of it."""

from __future__ import annotations

from functools import cache

import numpy as np
from scipy.special import log_ndtr, ndtr, ndtri

from guidewright.metaanalysis.bias import Favours, SelectionFunction, SelectionModel
from tests.metaanalysis.grid_rules.reference import Array

#: Beyond this p, or its mirror image, the beta function is held constant (Citkowicz & Vevea 2017).
NEAREST_P = 1e-5
#: Where the normal distribution ends in double precision, and panels of the quadrature with ten points each.
END, PANELS = 8.5, 400
#: Relative step of the differences that give standard errors, and how near those must come.
STEP, SE_TOLERANCE = 1e-3, 3e-3
#: A standard error so many times the parameter says that the data do not determine it: nor do differences.
UNKNOWN = 1e4
#: How far off the peer's integration and search may leave a log-likelihood.
INTEGRATION = 1e-3
#: The same for the beta function, whose weights have poles at both ends.
INTEGRATION_OF_POLES = 2e-2

Parameters = tuple[float, ...]


def log_likelihood(
    y: Array, v: Array, function: SelectionFunction, cuts: Parameters, mean: float, tau2: float, delta: Parameters
) -> float:
    """Of effects whose large values have small p values; ``delta`` without the leading 1 of a step function."""
    se, spread = np.sqrt(v), np.sqrt(v + tau2)
    own = _log_weight(function, cuts, delta, ndtr(-y / se))
    density = -0.5 * ((y - mean) / spread) ** 2 - np.log(spread) - 0.5 * np.log(2 * np.pi)
    if function is SelectionFunction.STEP:
        edges = np.concatenate([[np.inf], -ndtri(np.array(cuts)), [-np.inf]])
        upper = ndtr((edges[None, :] * se[:, None] - mean) / spread[:, None])
        chance = ((upper[:, :-1] - upper[:, 1:]) * np.array([1.0, *delta])).sum(axis=1)
    else:
        end = -float(ndtri(NEAREST_P)) if function is SelectionFunction.BETA else END
        edges = np.linspace(-end, end, PANELS + 1)
        nodes, weights = np.polynomial.legendre.leggauss(10)
        half = np.diff(edges) / 2
        z = ((edges[:-1] + edges[1:])[:, None] / 2 + half[:, None] * nodes).ravel()
        at = (half[:, None] * weights).ravel()
        at = at * np.exp(_log_weight(function, cuts, delta, ndtr(-z)))
        standard = (z[None, :] * se[:, None] - mean) / spread[:, None]
        inside = (np.exp(-0.5 * standard**2) / np.sqrt(2 * np.pi) * at).sum(axis=1) * se / spread
        ends = [np.exp(log_ndtr(-(end * se - mean) / spread)), np.exp(log_ndtr((-end * se - mean) / spread))]
        tails = np.exp(_log_weight(function, cuts, delta, ndtr(np.array([-end, end]))))
        chance = inside + ends[0] * tails[0] + ends[1] * tails[1]
    return float(np.sum(density + own - np.log(chance)))


def _log_weight(function: SelectionFunction, cuts: Parameters, delta: Parameters, p: Array) -> Array:
    if function is SelectionFunction.STEP:
        return np.log(np.array([1.0, *delta]))[np.searchsorted(np.array(cuts), p, side="left")]
    if function is SelectionFunction.NEGATIVE_EXPONENTIAL:
        return -delta[0] * p
    near = np.clip(p, NEAREST_P, 1 - NEAREST_P)
    return (delta[0] - 1) * np.log(near) + (delta[1] - 1) * np.log1p(-near)


def not_lower(
    y: Array, v: Array, found: SelectionModel, mean: float, tau2: float, delta: Parameters, stated: float
) -> bool:
    """Whether our maximum is what we say, has right standard errors, and is no lower than the likelihood there.

    ``stated`` is the peer's own log-likelihood there, which it integrates roughly. They agree up to that roughness.
    """
    gain = _gain(y, v, found, mean, tau2, delta, stated)
    return gain is not None and -1e-9 <= gain < INTEGRATION


def higher(
    y: Array, v: Array, found: SelectionModel, mean: float, tau2: float, delta: Parameters, stated: float
) -> bool:
    """The same, of a maximum that is higher by more than the peer's roughness."""
    gain = _gain(y, v, found, mean, tau2, delta, stated)
    return gain is not None and gain >= INTEGRATION


def _gain(
    y: Array, v: Array, found: SelectionModel, mean: float, tau2: float, delta: Parameters, stated: float
) -> float | None:
    """Our log-likelihood less that at the peer's parameters; None if one of the two is not what is said of it."""
    sign = -1.0 if found.favours is Favours.LESS else 1.0
    own = found.delta[1:] if found.function is SelectionFunction.STEP else found.delta
    data = (tuple((sign * y).tolist()), tuple(v.tolist()), found.function, found.cut_points)
    here = _at(*data, sign * found.estimate, found.tau2, own)
    there = _at(*data, sign * mean, tau2, delta)
    rough = INTEGRATION_OF_POLES if found.function is SelectionFunction.BETA else INTEGRATION
    right = abs(here - found.log_likelihood) < 1e-7 * max(1.0, abs(here)) and abs(there - stated) < rough
    return here - there if right and _errors_are_right(data, found, sign, own) else None


@cache
def _at(
    y: Parameters,
    v: Parameters,
    function: SelectionFunction,
    cuts: Parameters,
    mean: float,
    tau2: float,
    own: Parameters,
) -> float:
    return log_likelihood(np.array(y), np.array(v), function, cuts, mean, tau2, own)


@cache
def _errors_are_right(
    data: tuple[Parameters, Parameters, SelectionFunction, Parameters],
    found: SelectionModel,
    sign: float,
    own: Parameters,
) -> bool:
    """Standard errors against second differences of the likelihood in all parameters that have one."""
    at = np.array([sign * found.estimate, found.tau2, *own])
    typical = float(np.mean(data[1]))
    size = np.array([np.sqrt(typical), max(found.tau2, typical), *(max(abs(one), 1.0) for one in own)])
    given = [found.se, found.tau2_se, *(found.delta_se[-len(own) :])]
    given = [
        None if error is not None and error > UNKNOWN * one else error for error, one in zip(given, size, strict=True)
    ]
    free = [i for i, error in enumerate(given) if error is not None]
    held_at_none = found.function is SelectionFunction.NEGATIVE_EXPONENTIAL and own == (0.0,)
    if held_at_none:  # no selection is an estimate like any other: the mean is the less certain for it
        free = [*free, 2]
    if not free:
        return True
    step = np.array([STEP * min(error if error else 1.0, one) for error, one in zip(given, size, strict=True)])

    def value(move: Array) -> float:
        x = at + move
        return _at(*data, float(x[0]), float(x[1]), tuple(x[2:].tolist()))

    unit = np.diag(step)
    hessian = np.array(
        [
            [
                sum(s * t * value(s * unit[i] + t * unit[j]) for s in (1, -1) for t in (1, -1))
                / (4 * step[i] * step[j])
                for j in free
            ]
            for i in free
        ]
    )
    errors = np.sqrt(np.diagonal(np.linalg.inv(-hessian)))
    return all(
        abs(error / given[i] - 1) < SE_TOLERANCE for i, error in zip(free, errors, strict=True) if given[i] is not None
    )
