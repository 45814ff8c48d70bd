"""tau2 at the global maximum of the likelihood or restricted likelihood, for many analyses at once.

Stationary points lie between 0 and half the squared range of the effects: with ``w = 1 / (v + tau2)`` and ``R`` the
range, the score is at most ``(R**2 / tau2 - 2)`` times a positive sum over pairs of weights. That interval is scanned
for every change of sign of the score; each is closed in by Newton steps that may not leave their bracket, and where
there are several maxima the likelihood decides. metafor's Fisher scoring stops at an absolute change of 1e-5 and may
stop at a lesser maximum.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from guidewright.metaanalysis.kernels.groups import Array, Groups, Index
from guidewright.metaanalysis.kernels.layouts import Layout, blocks

#: Numbers of points of the scan, and how many factors of 1.7 of (smallest variance + tau2) each spans, as logarithms:
#: neighbours differ by so much at most; the largest number serves whatever is beyond.
POINTS = (6, 8, 10, 12, 16, 24, 64)
LIMITS = np.log(1.7) * (np.array(POINTS[:-1]) - 1)
SHARES = [np.linspace(0.0, 1.0, points)[:, None] for points in POINTS]
#: Rows times points that are scanned at once: their terms stay in the cache.
CELLS = 8192
#: A Newton step this small, relative to (smallest variance + tau2), leaves an error near the last bit.
LAST_STEP = 1e-7
#: Newton steps that nearly every root is reached with, from where a straight line between the points of the scan leads.
NEWTON = 3
STEPS = 200


@dataclass(frozen=True)
class Maximum:
    """``tau2`` (B,) and whether the search for it ``converged`` (B,)."""

    tau2: Array
    converged: np.ndarray


def maximise(y: Array, v: Array, groups: Groups, *, restricted: bool) -> Maximum:
    """tau2 of every analysis.

    ``y`` (N,) are effects, best centred near their mean; ``v`` (N,) variances, 0 allowed (then tau2 is above 0).
    """
    ceiling = 0.5 * (groups.largest(y) - groups.smallest(y)) ** 2
    smallest = base = groups.smallest(v)
    if not smallest.all():  # a variance of 0: the likelihood at tau2 = 0 is not defined
        base = np.where(smallest > 0, smallest, 1e-8 * ceiling)
        ceiling = ceiling * (1 + 1e-9)  # two studies with variances of 0 have their maximum exactly there
    tau2, converged = np.zeros(len(groups)), np.zeros(len(groups), dtype=bool)
    with np.errstate(divide="ignore", invalid="ignore"):
        reach = np.log1p(ceiling / base)  # not a number where all variances are 0 and all effects the same
        tier = LIMITS.searchsorted(reach)
        for number in np.bincount(tier).nonzero()[0].tolist():
            for rows, here in blocks(y, v, groups, (tier == number).nonzero()[0]):
                least, from_zero = base[here], smallest[here] > 0
                grid = least * np.expm1(reach[here] * SHARES[number])
                grid[0] = np.where(from_zero, 0.0, grid[1] * 1e-6)
                found = _maxima(rows, least, grid, from_zero, restricted=restricted)
                tau2[here[found.owner]] = found.tau2
                converged[here] = found.converged
                if len(found.rivals):
                    owner, rival = here[found.owner[found.rivals]], found.tau2[found.rivals]
                    members, among = groups.rows_of(owner)
                    value = log_likelihood(y[members], v[members], among, rival, restricted=restricted)
                    rising = np.argsort(value, kind="stable")  # the highest is written last
                    tau2[owner[rising]] = rival[rising]
    return Maximum(tau2, converged)


def log_likelihood(y: Array, v: Array, groups: Groups, tau2: Array, *, restricted: bool) -> Array:
    """Log-likelihood (B,) at ``tau2`` (B,) and the mean that fits it best, without the constant of 2 pi."""
    total = v + groups.spread(tau2)
    w = 1 / total
    s1, wy, logs = groups.sums(np.stack([w, w * y, np.log(total)]))
    r = y - groups.spread(wy / s1)
    value = -0.5 * (logs + groups.sums(w * r * r))
    if restricted:
        value = value - 0.5 * np.log(s1) + 0.5 * np.log(groups.sizes)
    return np.asarray(value)


@dataclass(frozen=True)
class _Maxima:
    """Every maximum (M,) of the analyses of a block: whose it is, and where."""

    owner: Index
    tau2: Array
    rivals: Index
    """Which of them share their owner with another."""
    converged: np.ndarray
    """Whether the search was successful, for each analysis (B,)."""


def _maxima(rows: Layout, base: Array, grid: Array, from_zero: np.ndarray, *, restricted: bool) -> _Maxima:
    """Scan at the values of ``grid`` (points, B), and close in on every maximum.

    ``from_zero`` (B,) says where the likelihood at tau2 = 0 is defined, and may have a maximum there.
    """
    score = _scores(rows, grid, restricted=restricted)
    up = score > 0
    owner, number = (up[:-1] & ~up[1:]).T.nonzero()
    border = (from_zero & ~up[0]).nonzero()[0]
    if len(border):
        owner, number = np.concatenate([owner, border]), np.concatenate([number, np.full(len(border), -1)])
    count = np.bincount(owner, minlength=len(base))
    converged = count > 0
    tau2 = np.zeros(len(owner))
    inner = (number >= 0).nonzero()[0]
    if len(inner):
        whose, at = owner[inner], number[inner]
        low, high, f_low, f_high = grid[at, whose], grid[at + 1, whose], score[at, whose], score[at + 1, whose]
        start = low + (high - low) * f_low / (f_low - f_high)
        alone = len(inner) == len(base) == len(owner)
        among = rows if alone else rows.take(whose)
        root, done = _close_in(among, base[whose], low, high, start, restricted=restricted)
        tau2[inner] = root
        converged[whose[~done]] = False
    return _Maxima(owner, tau2, (count[owner] > 1).nonzero()[0], converged)


def _scores(rows: Layout, grid: Array, *, restricted: bool) -> Array:
    """The derivative of the log-likelihood over the squared sum of weights, at each point of ``grid`` (points, B).

    The division makes it nearly straight between points: wholly where all variances are the same.
    """
    step = min(len(grid), max(1, CELLS // rows.y.size))
    score = np.empty(grid.shape)
    room = rows.terms(5, step)
    for at in range(0, len(grid), step):
        points = grid[at : at + step]
        w, wy, w2, w2y, w2yy = terms = room if len(points) == step else rows.terms(5, len(points))
        np.add(rows.v, rows.spread(points), out=w)
        np.divide(1.0, w, out=w)
        np.multiply(w, rows.y, out=wy)
        np.multiply(w, w, out=w2)
        np.multiply(w, wy, out=w2y)
        np.multiply(wy, wy, out=w2yy)
        s1, sy, s2, s2y, s2yy = rows.total(terms)
        mean = sy / s1
        value = s2yy - mean * (s2y + s2y - mean * s2) - s1
        score[at : at + step] = (value + s2 / s1 if restricted else value) / (s1 * s1)
    return score


def _close_in(
    rows: Layout, base: Array, low: Array, high: Array, start: Array, *, restricted: bool
) -> tuple[Array, np.ndarray]:
    """Newton steps from ``start`` to the root between ``low`` and ``high``, and whether it was reached, each (B,)."""
    tau2 = start
    for _step in range(NEWTON):
        score, slope = _score_and_slope(rows, tau2, restricted=restricted)
        step = score / slope
        tau2 = np.fmin(np.fmax(tau2 - step, low), high)
    done = (np.abs(step) <= LAST_STEP * (base + tau2)) & (slope < 0)
    if not done.all():
        rest = (~done).nonzero()[0]
        tau2[rest], done[rest] = _within_bracket(
            rows.take(rest), base[rest], low[rest], high[rest], tau2[rest], restricted=restricted
        )
    return tau2, done


def _within_bracket(
    rows: Layout, base: Array, low: Array, high: Array, tau2: Array, *, restricted: bool
) -> tuple[Array, np.ndarray]:
    """The same where few plain steps do not lead there: the bracket shrinks, and is halved where steps lead out."""
    result, done = tau2.copy(), np.zeros(len(base), dtype=bool)
    active: Index = np.arange(len(base))
    for _step in range(STEPS):
        score, slope = _score_and_slope(rows, tau2, restricted=restricted)
        rising = score > 0
        low, high = np.where(rising, tau2, low), np.where(rising, high, tau2)
        step = score / slope
        after = tau2 - step
        inside = (after >= low) & (after <= high) & (slope < 0)
        middle = np.sqrt((base + low) * (base + high)) - base
        after = np.where(inside, after, np.minimum(np.maximum(middle, low), high))
        size = base + tau2
        settled = (inside & (np.abs(step) <= LAST_STEP * size)) | (high - low <= 1e-15 * size)
        result[active] = tau2 = after
        moving = (~settled).nonzero()[0]
        if len(moving) < len(active):
            done[active[settled]] = True
            if not len(moving):
                break
            rows, active, base = rows.take(moving), active[moving], base[moving]
            tau2, low, high = tau2[moving], low[moving], high[moving]
    return result, done


def _score_and_slope(rows: Layout, tau2: Array, *, restricted: bool) -> tuple[Array, Array]:
    """What :func:`_scores` gives and its slope (B,) at ``tau2`` (B,), both times the squared sum of weights."""
    w, wy = terms = rows.terms(2, 1)
    np.add(rows.v, rows.spread(tau2), out=w)
    np.divide(1.0, w, out=w)
    np.multiply(w, rows.y, out=wy)
    s1, sy = rows.total(terms)[:, 0]
    r = rows.y - rows.spread(sy / s1)
    w2, w2r, w2rr, w3rr, w3 = terms = rows.terms(5, 1)
    wr = np.multiply(w, r, out=wy)
    np.multiply(w, w, out=w2)
    np.multiply(w, wr, out=w2r)
    np.multiply(wr, wr, out=w2rr)
    np.multiply(w, w2rr, out=w3rr)
    np.multiply(w2, w, out=w3)
    s2, s2r, s2rr, s3rr, s3 = rows.total(terms)[:, 0]
    score, ratio = s2rr - s1, s2 / s1
    if restricted:
        score += ratio
        half = (s2r * s2r - s3) / s1 - s3rr + score * ratio
        slope = half + half + (s2 + ratio * ratio)
    else:
        half = s2r * s2r / s1 - s3rr + score * ratio
        slope = half + half + s2
    return score, slope
