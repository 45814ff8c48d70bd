"""Monitoring boundaries by alpha spending: how large z must be at each look so that all looks together err rarely.

Brownian motion ``B(t) = z sqrt(t)`` with independent increments (Lan & DeMets 1983, Biometrika 70:659; Jennison &
Turnbull 2000, chapters 7 and 19). Its density where no boundary was crossed is carried from look to look by
Gauss-Legendre integration (after Armitage, McPherson & Rowe 1969).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis import special
from guidewright.metaanalysis.kernels.distributions import normal_quantile
from guidewright.metaanalysis.kernels.groups import Array
from guidewright.metaanalysis.notices import CannotPoolError
from guidewright.metaanalysis.rows import columns
from guidewright.metaanalysis.sensitivity.information_size import check_errors

#: Width of a panel of the integration, in standard deviations of a step, and its nodes.
PANEL = 4
NODES, WEIGHTS = np.polynomial.legendre.leggauss(16)
#: Standard deviations beyond which nothing is.
FAR = 9.0
#: Error probability too small to be spent: the boundary would lie beyond z = 8.
NOTHING = 1e-15
#: Shortest step between looks, of the required information.
SHORTEST = 1e-4


@dataclass(frozen=True)
class Boundaries:
    """Two-sided symmetric boundaries, one entry for each look."""

    fractions: tuple[float, ...]
    """Information at the look, of what is required."""
    efficacy: tuple[float | None, ...]
    """``|z|`` at or beyond it is significant; None where nothing may be spent yet, or all is spent already."""
    futility: tuple[float | None, ...]
    """``|z|`` below it makes a significant result unlikely; None where there is no such boundary."""
    spent: tuple[float, ...]
    """Two-sided alpha spent up to the look."""
    drift: float | None
    """Expected z at full information for which the boundaries have the power; None without futility boundaries."""
    inflation: float | None
    """Information needed for that power, of what a single look needs."""
    alpha: float
    power: float | None


def spending_boundaries(fractions: npt.ArrayLike, *, alpha: float = 0.05, power: float | None = None) -> Boundaries:
    """Boundaries at the information ``fractions`` (looks,), which must rise; they may pass 1.

    Alpha is spent as by O'Brien & Fleming: ``2 - 2 Phi(z(1 - alpha/4) / sqrt(t))`` on each side (Lan & DeMets 1983),
    which leaves nearly all of it to the end. All is spent at the first look with a fraction of 1 or more.

    With ``power`` also futility boundaries, which do not bind (the others stay valid if nobody stops): beta is spent by
    the same function, on the side where the effect is, for the drift at which both boundaries meet at full information
    (Pampallona, Tsiatis & Kim 2001). Where the boundary would be below 0 there is none, and its beta goes to the next
    look.

    Raises :class:`CannotPoolError` for fractions that do not rise by 0.0001 at least.
    """
    check_errors(alpha, 0.9 if power is None else power)
    t = columns(fractions=fractions)["fractions"]
    if not np.isfinite(t).all() or not len(t) or (np.diff(t, prepend=0) < SHORTEST * (1 - 1e-9)).any():
        raise CannotPoolError("`fractions` must start above 0 and rise by 0.0001 or more from look to look")
    tested = t[: int(np.searchsorted(t, 1.0)) + 1]
    efficacy, spent = _efficacy(tested, alpha / 2)
    futility: list[float | None] = [None] * len(t)
    drift = inflation = None
    if power is not None:
        planned = tested if tested[-1] >= 1 else np.append(tested, 1.0)
        upper = efficacy if tested[-1] >= 1 else _efficacy(planned, alpha / 2)[0]
        single = float(normal_quantile(1 - alpha / 2) + normal_quantile(power))
        drift = _drift(planned, upper, 1 - power, single)
        futility[: len(tested)] = _futility(planned, upper, 1 - power, drift)[0][: len(tested)]
        inflation = (drift / single) ** 2
    beyond = len(t) - len(tested)
    return Boundaries(
        fractions=tuple(t.tolist()),
        efficacy=tuple(efficacy + [None] * beyond),
        futility=tuple(futility),
        spent=tuple([2 * x for x in spent] + [2 * spent[-1]] * beyond),
        drift=drift,
        inflation=inflation,
        alpha=alpha,
        power=power,
    )


def obrien_fleming_spending(fractions: Array, error: float) -> Array:
    """Error probability of one side that may be spent up to each fraction."""
    return np.asarray(2 * special.ndtr(-special.ndtri(1 - error / 2) / np.sqrt(np.minimum(fractions, 1.0))))


@dataclass(frozen=True, eq=False)
class _Path:
    """Brownian motion at time ``t`` that crossed no boundary: ``mass`` at the points ``b``."""

    t: float
    b: Array
    mass: Array
    drift: float

    def beyond(self, t: float, z: float) -> float:
        """Probability that it gets here, and at ``t`` is above ``z``."""
        step = t - self.t
        return float(self.mass @ special.ndtr((self.b + self.drift * step - z * np.sqrt(t)) / np.sqrt(step)))

    def below(self, t: float, z: float) -> float:
        """Probability that it gets here, and at ``t`` is below ``z``."""
        step = t - self.t
        return float(self.mass @ special.ndtr((z * np.sqrt(t) - self.b - self.drift * step) / np.sqrt(step)))

    def upper(self, t: float, probability: float) -> float:
        """The ``z`` above which it is at ``t`` with this probability."""
        return root(lambda z: float(np.log(max(self.beyond(t, z), 1e-300) / probability)), 0.0, FAR)

    def lower(self, t: float, probability: float, highest: float) -> float:
        """The ``z`` from 0 to ``highest`` below which it is at ``t`` with this probability."""
        return root(lambda z: self.below(t, z) - probability, 0.0, highest)

    def onward(self, t: float, low: float | None, high: float | None, following: float) -> _Path:
        """Go on to ``t`` between the boundaries; ``following`` is the step after, which decides how fine the points."""
        step, spread = t - self.t, FAR * np.sqrt(t)
        a = max(self.drift * t - spread, -np.inf if low is None else low * np.sqrt(t))
        z = min(self.drift * t + spread, np.inf if high is None else high * np.sqrt(t))
        panels = max(1, int(np.ceil((z - a) / (PANEL * np.sqrt(min(step, following))))))
        half = (z - a) / (2 * panels)
        centres = a + half * (2 * np.arange(panels) + 1)
        b = (centres[:, None] + half * NODES).ravel()
        weights = np.tile(half * WEIGHTS, panels)
        density = np.empty(len(b))
        for start in range(0, len(b), 500):  # bounds the memory
            at = b[start : start + 500, None]
            u = (at - self.b - self.drift * step) / np.sqrt(step)
            density[start : start + 500] = np.exp(-0.5 * u * u) @ self.mass
        return _Path(t, b, weights * density / np.sqrt(2 * np.pi * step), self.drift)


def _start(drift: float) -> _Path:
    return _Path(0.0, np.zeros(1), np.ones(1), drift)


def _efficacy(t: Array, error: float) -> tuple[list[float | None], list[float]]:
    """Upper boundaries of a motion without drift, and the error of one side spent so far."""
    allowed = obrien_fleming_spending(t, error)
    steps = np.append(np.diff(t), np.inf)
    path, spent = _start(0.0), 0.0
    bounds: list[float | None] = []
    total: list[float] = []
    for at, may, following in zip(t, allowed, steps, strict=True):
        bound = None
        if may - spent > NOTHING:
            bound = path.upper(at, may - spent)
            spent += path.beyond(at, bound)
        if np.isfinite(following):
            path = path.onward(at, None if bound is None else -bound, bound, following)
        bounds.append(bound)
        total.append(spent)
    return bounds, total


def _futility(t: Array, upper: list[float | None], error: float, drift: float) -> tuple[list[float | None], float]:
    """Lower boundaries of a motion with drift, and by how much the error is exceeded if the last meets the upper."""
    allowed = obrien_fleming_spending(t, error)
    path, spent = _start(drift), 0.0
    bounds: list[float | None] = []
    for look, following in enumerate(np.diff(t)):
        at, left, top = t[look], allowed[look] - spent, upper[look]
        highest = FAR if top is None else top
        bound = None
        if path.below(at, 0.0) < left:
            bound = highest if path.below(at, highest) <= left else path.lower(at, left, highest)
            spent += path.below(at, bound)
        path = path.onward(at, bound, top, following)
        bounds.append(bound)
    last = upper[-1]
    return [*bounds, last], spent + path.below(t[-1], FAR if last is None else last) - error


def _drift(t: Array, upper: list[float | None], error: float, least: float) -> float:
    """Drift for which the error is spent when both boundaries meet; ``least`` is that of a single look."""
    high = least
    while _futility(t, upper, error, high)[1] > 0:
        high *= 1.2
    return root(lambda drift: _futility(t, upper, error, drift)[1], 0.8 * least, high)


def root(function: Callable[[float], float], low: float, high: float) -> float:
    """Where a function that changes its sign once between the limits is 0: regula falsi (Illinois), then bisection."""
    a, f_a, b, f_b = low, function(low), high, function(high)
    for step in range(100):
        if abs(b - a) <= 1e-14 * abs(b) or f_b == 0:
            break
        middle = b - f_b * (b - a) / (f_b - f_a) if step < 50 else 0.5 * (a + b)
        f = function(middle)
        if (f > 0) != (f_b > 0):
            a, f_a = b, f_b
        else:
            f_a /= 2
        b, f_b = middle, f
    return float(b)
