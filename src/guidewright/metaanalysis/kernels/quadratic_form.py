"""Upper tail of a positive quadratic form: the distribution of Q when its weights are not the inverse variances."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from guidewright.metaanalysis.kernels.groups import Array

#: Half of the largest distance in the exponent at which the integrand counts.
END = 40.0


def upper_tail(x: float, eigenvalues: Array) -> float:
    """Probability that the sum of ``eigenvalues`` (n,) times independent chi-squared variables (one df) is above ``x``.

    The Laplace transform of the distribution is inverted along a parabola through the saddle point that opens to the
    right, around the branch cut; there the trapezoidal rule converges geometrically (Weideman & Trefethen 2007). Left
    of the pole at 0 the same integral gives the lower tail. Accurate to about 1e-12 absolute.
    """
    lam = eigenvalues[eigenvalues > 1e-14 * eigenvalues.max()]
    if x <= 0:
        return 1.0
    x, lam = x / lam.max(), lam / lam.max()  # the cut starts at 1/2
    vertex = _vertex(x, lam)
    bend = min(abs(vertex), 0.5 - vertex)
    end = np.sqrt(END / (x * bend))
    points = int(np.clip(200 / np.sqrt(x * bend) + 50, 100, 20_000))
    u = np.linspace(-end, end, points)
    s = vertex + bend * (u * u + 2j * u)
    # each logarithm alone stays on its branch along the contour; that of the product would not
    log_transform = -0.5 * np.log(1 - 2 * np.multiply.outer(s, lam)).sum(axis=1)
    integrand = np.exp(log_transform - s * x) / s * bend * (2 * u + 2j)
    value = float((integrand.sum() * (u[1] - u[0]) / (2j * np.pi)).real)
    return min(max(value if vertex > 0 else 1 + value, 0.0), 1.0)


def _vertex(x: float, lam: Array) -> float:
    """The saddle point, where the mean of the tilted distribution is ``x``, kept away from the pole and the cut."""
    low, high = -lam.size / x, 0.5
    for _step in range(60):
        middle = 0.5 * (low + high)
        with np.errstate(divide="ignore"):
            above = float((lam / (1 - 2 * lam * middle)).sum()) > x
        low, high = (low, middle) if above else (middle, high)
    away = 0.3 / np.sqrt(2 * float((lam * lam).sum()))
    return float(np.clip(high, away, 0.35)) if high > 0 else float(min(high, -away))


def tau2_by_quantile(y: Array, v: Array, a: Array, probability: float) -> float:
    """tau2 under which Q with weights ``a`` (k,) is above the observed one with this probability (Jackson 2013).

    ``y`` (k,) and ``v`` (k,) belong to one analysis; 0 where the probability is reached already without heterogeneity.
    """
    centring = np.diag(a) - np.outer(a, a) / a.sum()
    observed = float(y @ centring @ y)

    def tail(tau2: float) -> float:
        scale = np.sqrt(v + tau2)
        return upper_tail(observed, np.linalg.eigvalsh(scale[:, None] * centring * scale))

    if tail(0.0) >= probability:
        return 0.0
    far = float(v.mean()) + float(np.ptp(y)) ** 2
    while tail(far) < probability:
        far *= 2
    return turning_point(lambda t: tail(t) >= probability, 0.0, far)


def turning_point(reached: Callable[[float], bool], low: float, high: float) -> float:
    """Where something is reached that is not at ``low`` and is at ``high``, to the last digits, by halving."""
    for _halving in range(200):
        middle = 0.5 * (low + high)
        if middle in {low, high} or high - low <= 1e-15 * high:
            break
        low, high = (low, middle) if reached(middle) else (middle, high)
    return 0.5 * (low + high)
