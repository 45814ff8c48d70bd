"""The likelihood of each study under normal random effects, by adaptive Gauss-Hermite quadrature.

Around the mode of each study's integrand lies a grid scaled by its curvature (Liu & Pierce 1994; Pinheiro & Bates
1995); one point is the Laplace approximation. All studies are computed at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from guidewright.metaanalysis.counts.families import Family
from guidewright.metaanalysis.counts.tables import Array

Complex = NDArray[np.complex128]
#: Imaginary step of a derivative. No difference is taken, so it can be tiny and the derivative exact
#: (Squire & Trapp 1998).
TINY = 1e-25
#: Step of the differences of exact gradients that make the second derivatives (fourth order).
STEP = 2e-4


@dataclass(frozen=True)
class Studies:
    """Counts of k studies and the model of their canonical parameters eta, one for each arm.

    A study's eta is ``offset`` + parameters @ ``design`` + (deviations * standard normal effects) @ ``loads``.
    Its local parameters are those of the design, then the standard deviations of the random effects.
    """

    family: Family
    response: Array
    """Shape (k, arms)."""
    offset: Array
    """Shape (k, arms)."""
    constant: Array
    """The part of the log-likelihood free of parameters, shape (k,)."""
    design: Array
    """Shape (parameters, arms)."""
    loads: Array
    """Shape (random effects, arms); one or two random effects."""
    own: bool
    """Whether the first parameter is each study's own; the others are common to all."""
    grid: Array
    """Points of the quadrature, shape (points, random effects)."""
    log_weights: Array
    """Shape (points,)."""

    @property
    def k(self) -> int:
        """Number of studies."""
        return len(self.response)


def hermite(points: int, effects: int) -> tuple[Array, Array]:
    """Product grid for the standard normal density, shape (points**effects, effects), and the logs of its weights."""
    x, weights = np.polynomial.hermite_e.hermegauss(points)
    logs = np.log(weights / np.sqrt(2 * np.pi))
    grid = np.stack(np.meshgrid(*[x] * effects, indexing="ij"), axis=-1).reshape(-1, effects)
    together = np.stack(np.meshgrid(*[logs] * effects, indexing="ij"), axis=-1).reshape(-1, effects)
    return grid, together.sum(axis=-1)


def derivatives(studies: Studies, local: Array, *, order: int = 4) -> tuple[Array, Array, Array]:
    """Each study's log-likelihood (k,), its gradient (k, m) and second derivatives (k, m, m) at ``local`` (k, m).

    ``order`` of the differences that make the second derivatives: 2 is enough to climb by, 4 for standard errors.
    """
    m = local.shape[-1]
    unit = np.eye(m)[:, None, :] * STEP
    moved = [local[None], local + unit, local - unit]
    if order == 4:
        moved += [local + 2 * unit, local - 2 * unit]
    directions = 1j * TINY * np.eye(m)[:, None, None, :]
    found = _integral(studies, np.concatenate(moved) + directions)
    gradients = np.moveaxis(found.imag / TINY, 0, -1)
    differences = gradients[1:].reshape(-1, 2, m, *local.shape)
    second = (differences[0, 0] - differences[0, 1]) / (2 * STEP)
    if order == 4:
        second = (4 * second - (differences[1, 0] - differences[1, 1]) / (4 * STEP)) / 3
    second = np.moveaxis(second, 0, 1)
    return found[0, 0].real, gradients[0], (second + np.swapaxes(second, -1, -2)) / 2


def _integral(studies: Studies, local: Complex) -> Complex:
    """Log of each study's integral, shape (directions, analyses, k), at local parameters (directions, analyses, k, m).

    The imaginary parts are infinitesimal and carry a derivative along. The real parts are the same in all directions,
    so that functions are evaluated once, with their slopes.
    """
    p = len(studies.design)
    base = studies.offset + local[..., :p] @ studies.design
    load = local[..., p:, None] * studies.loads
    mode = _mode(studies, base[:1, :1].real, load[:1, :1].real)  # the analyses lie too close together to need their own
    for _ in range(2):
        mode = mode + _newton(studies, base, load, mode + 0j)[0]
    scale = _newton(studies, base, load, mode)[1]
    effects = mode[:, :, None] + np.einsum("dakrs,js->dajkr", scale, studies.grid)
    height = _height(studies, base[:, :, None], load[:, :, None], effects)
    height = height + (0.5 * (studies.grid**2).sum(axis=-1) + studies.log_weights)[:, None]
    peak = height[:1].real.max(axis=2, keepdims=True)
    weights = np.exp(height[:1].real - peak)
    total = weights.sum(axis=2)
    summed = np.log(total) + peak[:, :, 0] + 1j * (weights * height.imag).sum(axis=2) / total
    log_scale = np.log(np.diagonal(scale, axis1=-2, axis2=-1)).sum(axis=-1)
    found: Complex = studies.constant + log_scale + summed
    return found


def _height(studies: Studies, base: Any, load: Any, effects: Any) -> Any:
    """Log of the integrand, times sqrt(2 pi) for each random effect."""
    eta = base + (effects[..., None] * load).sum(axis=-2)
    log_partition, mean = studies.family.partition(eta[:1].real)
    partition = _carry(log_partition, mean, eta)
    return (studies.response * eta - partition).sum(axis=-1) - 0.5 * (effects**2).sum(axis=-1)


def _newton(studies: Studies, base: Any, load: Any, effects: Any) -> tuple[Any, Any]:
    """Newton's step towards the mode, and the lower triangle whose square is the inverse of the curvature."""
    eta = base + (effects[..., None] * load).sum(axis=-2)
    mean, variance, third = studies.family.moments(eta[:1].real)
    residual = studies.response - _carry(mean, variance, eta)
    gradient = (load * residual[..., None, :]).sum(axis=-1) - effects
    spread = _carry(variance, third, eta)[..., None, :]
    curvature = np.eye(load.shape[-2]) + (load * spread) @ np.swapaxes(load, -1, -2)
    scale = _inverse_root(curvature)
    step = scale @ (np.swapaxes(scale, -1, -2) @ gradient[..., None])
    return step[..., 0], scale


def _inverse_root(c: Any) -> Any:
    """Lower triangle S with S S' the inverse of a 1 x 1 or 2 x 2 matrix (np.linalg would conjugate complex numbers)."""
    if c.shape[-1] == 1:
        return 1 / np.sqrt(c)
    a, b, d = c[..., 0, 0], c[..., 0, 1], c[..., 1, 1]
    root = np.sqrt(a * d - b * b)
    s = np.zeros_like(c)
    s[..., 0, 0], s[..., 1, 0], s[..., 1, 1] = np.sqrt(d) / root, -b / (np.sqrt(d) * root), 1 / np.sqrt(d)
    return s


def _mode(studies: Studies, base: Array, load: Array) -> Array:
    """Mode of each integrand by Newton's method.

    The third derivative of K never exceeds the second (each family is a sum of independent events), so that a step
    which changes eta by 1 at most always climbs (Bach 2010).
    """
    effects = np.zeros(load.shape[:-1])
    for _ in range(1000):
        step, _ = _newton(studies, base, load, effects)
        if np.abs(step).max() < 1e-4:  # the next two steps are exact
            break
        change = np.abs((step[..., None] * load).sum(axis=-2)).max(axis=-1, keepdims=True)
        effects = effects + step / np.maximum(1.0, change)
    return effects


def _carry(f: Array, slope: Array, at: Any) -> Any:
    """Value of a function at numbers whose imaginary part is infinitesimal (or that are real)."""
    return f + 1j * slope * at.imag if np.iscomplexobj(at) else f
