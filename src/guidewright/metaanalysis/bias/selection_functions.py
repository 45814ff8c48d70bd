"""How likely a study is to be selected, given its p value: step, negative-exponential and beta functions.

Everything happens on the axis z = y / se. It is cut into *cells* in which the weight of selection is constant, or that
a quadrature rule stands for: the chance of being selected is then one sum over cells, whatever the function.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis import special
from guidewright.metaanalysis.notices import CannotPoolError

Array = npt.NDArray[np.float64]

#: Half-width of the axis: no p value beyond differs from 0 or 1 by more than rounding.
EDGE = 8.5
#: Stands for infinity in an interval: a finite number, so that derivatives through it stay numbers.
BEYOND = 1e6
#: P values nearer to 0 or 1 count as this near for the beta function, which has no value at 0 or 1 (Citkowicz & Vevea
#: 2017).
NEAREST_P = 1e-5
#: Width of a panel of the quadrature and Gauss-Legendre points in it: an error below 1e-10 in the log-likelihood,
#: rising to 4e-3 only where parameters of the beta function are near their bound of 100.
PANEL, POINTS = 0.5, 10


class Favours(StrEnum):
    """Which results have small p values, and so are selected."""

    GREATER = "greater"
    """Large effects: p = 1 - Phi(y / se)."""
    LESS = "less"
    """Small effects: p = Phi(y / se)."""
    TWO_SIDED = "two-sided"
    """Either: p = 2 (1 - Phi(|y / se|))."""


class SelectionFunction(StrEnum):
    """The shape of the weight as a function of p."""

    STEP = "step"
    """Constant between cut points (Hedges 1992, Stat Sci 7:246; Vevea & Hedges 1995, Psychometrika 60:419)."""
    NEGATIVE_EXPONENTIAL = "negative-exponential"
    """exp(-delta p) (Preston, Ashby & Smyth 2004, J Eval Clin Pract 10:313)."""
    BETA = "beta"
    """p^(delta1 - 1) (1 - p)^(delta2 - 1) (Citkowicz & Vevea 2017, Psychol Methods 22:28)."""


@dataclass(frozen=True)
class Cells:
    """Intervals of z, and points with their widths; each with the p value at which its weight is taken."""

    low: Array
    high: Array
    interval_p: Array
    points: Array
    widths: Array
    point_p: Array

    @property
    def p(self) -> Array:
        """Of intervals, then points."""
        return np.concatenate([self.interval_p, self.point_p])


@dataclass(frozen=True)
class Weights:
    """A selection function with its cut points (step only)."""

    function: SelectionFunction
    cut_points: tuple[float, ...] = ()

    @property
    def free(self) -> int:
        """Number of parameters. The first weight of a step function is 1 and is none."""
        return {SelectionFunction.STEP: len(self.cut_points), SelectionFunction.BETA: 2}.get(self.function, 1)

    @property
    def on_log_scale(self) -> bool:
        """Whether parameters are positive factors, best searched by their logarithms."""
        return self.function is not SelectionFunction.NEGATIVE_EXPONENTIAL

    @property
    def none(self) -> float:
        """The parameter that means no selection."""
        return 1.0 if self.on_log_scale else 0.0

    def interval_of(self, p: Array) -> npt.NDArray[np.int64]:
        """Interval of each p value, from 0; a p value on a cut point belongs below it."""
        return np.searchsorted(np.array(self.cut_points), p, side="left")

    def log_weight(self, p: Array, delta: Array) -> Array:
        """Logarithm of the weight at p values (n,), for parameters (..., free): (..., n)."""
        if self.function is SelectionFunction.STEP:
            logs = np.concatenate([np.zeros_like(delta[..., :1]), np.log(delta)], axis=-1)
            return np.asarray(logs[..., self.interval_of(p)])
        if self.function is SelectionFunction.NEGATIVE_EXPONENTIAL:
            return np.asarray(-delta * p)
        near = np.clip(p, NEAREST_P, 1 - NEAREST_P)
        return np.asarray((delta[..., :1] - 1) * np.log(near) + (delta[..., 1:] - 1) * np.log1p(-near))

    def log_weight_slopes(self, p: Array, delta: Array) -> Array:
        """Derivatives of :meth:`log_weight` at p values (n,) by each of the parameters (free,): (free, n)."""
        if self.function is SelectionFunction.STEP:
            return np.asarray((self.interval_of(p) == np.arange(1, self.free + 1)[:, None]) / delta[:, None])
        if self.function is SelectionFunction.NEGATIVE_EXPONENTIAL:
            return -p[None, :]
        near = np.clip(p, NEAREST_P, 1 - NEAREST_P)
        return np.stack([np.log(near), np.log1p(-near)])

    def cells(self, *, two_sided: bool) -> Cells:
        """The cells of this function; one-sided p values are those of large z."""
        if self.function is SelectionFunction.STEP:
            upper = -special.ndtri(np.array(self.cut_points) / (2 if two_sided else 1))
            p = [*self.cut_points, 1.0]
            if two_sided:
                return _intervals(np.concatenate([-upper, upper[::-1]]), [*p, *p[-2::-1]])
            return _intervals(upper[::-1], p[::-1])
        edge, inner = EDGE, 0.0
        if self.function is SelectionFunction.BETA:
            edge = float(-special.ndtri(NEAREST_P / (2 if two_sided else 1)))
            inner = float(-special.ndtri((1 - NEAREST_P) / 2)) if two_sided else 0.0
        pieces = [(-edge, -inner), (inner, edge)] if two_sided else [(-edge, edge)]
        points, widths = (np.concatenate(both) for both in zip(*(_quadrature(*one) for one in pieces), strict=True))
        p = [0.0, 1.0, 0.0] if two_sided else [1.0, 0.0]
        low = [-BEYOND, -inner, edge] if two_sided else [-BEYOND, edge]
        high = [-edge, inner, BEYOND] if two_sided else [-edge, BEYOND]
        if two_sided and inner == 0:  # no interval in the middle
            p, low, high = [0.0, 0.0], [-BEYOND, edge], [-edge, BEYOND]
        point_p = p_value(points, two_sided=two_sided)
        return Cells(np.array(low), np.array(high), np.array(p), points, widths, point_p)


def p_value(z: Array, *, two_sided: bool) -> Array:
    """P values of z; one-sided they are small for large z."""
    return np.asarray(2 * special.ndtr(-np.abs(z)) if two_sided else special.ndtr(-z))


def checked_cut_points(cut_points: Sequence[float]) -> tuple[float, ...]:
    """Cut points as given, less a last one of 1, which goes without saying.

    Raises :class:`CannotPoolError` unless they rise and lie between 0 and 1.
    """
    cuts = tuple(float(one) for one in cut_points if one != 1)
    if not cuts or any(not 0 < one < 1 for one in cuts) or list(cuts) != sorted(set(cuts)):
        raise CannotPoolError(f"cut points are p values that rise between 0 and 1, such as 0.025, 0.5; found {cuts}")
    return cuts


def _intervals(edges: Array, p: Sequence[float]) -> Cells:
    """All of the axis, cut at the edges; ``p`` of each piece from the left."""
    low, high = np.concatenate([[-BEYOND], edges]), np.concatenate([edges, [BEYOND]])
    none = np.empty(0)
    return Cells(low, high, np.array(p), none, none, none)


def _quadrature(low: float, high: float) -> tuple[Array, Array]:
    """Points and widths of Gauss-Legendre rules on panels from low to high."""
    x, w = np.polynomial.legendre.leggauss(POINTS)
    edges = np.linspace(low, high, int(np.ceil((high - low) / PANEL)) + 1)
    half = np.diff(edges)[:, None] / 2
    return ((edges[:-1, None] + half) + half * x).ravel(), (half * w).ravel()
