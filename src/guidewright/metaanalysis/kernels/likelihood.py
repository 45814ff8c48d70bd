"""tau2 at the global maximum of the likelihood or restricted likelihood, for many analyses at once.

Stationary points lie between 0 and half the squared range of the effects: with ``w = 1 / (v + tau2)`` and ``R`` the
range, the score is at most ``(R**2 / tau2 - 2)`` times a positive sum over pairs of weights. That interval is scanned
for every change of sign of the score; each is closed in by Newton steps that may not leave their bracket, and where
there are several maxima the likelihood decides. metafor's Fisher scoring stops at an absolute change of 1e-5 and may
stop at a lesser maximum.

Arrays are written into room that is there already, and few rows are worked on at a time: that is twice as quick.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from guidewright.metaanalysis.kernels.groups import Array, Groups, Index

#: Numbers of points of the scan. Each spans as many factors of 1.7 of (smallest variance + tau2) as it has gaps, so
#: that neighbours differ by no more; the largest number serves whatever is beyond.
POINTS = (6, 8, 10, 12, 16, 24, 64)
SPANS = np.log(1.7) * (np.array(POINTS[:-1]) - 1)
SHARES = [np.linspace(0.0, 1.0, points)[:, None] for points in POINTS]
#: Rows per chunk, and rows times points that are scanned at once: their terms stay in the cache.
CHUNK, CELLS = 16384, 8192
#: A Newton step this small, relative to (smallest variance + tau2), leaves an error near the last bit.
LAST_STEP = 1e-7
#: Steps that nearly every root takes from a straight line between two points of the scan.
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
    if not smallest.all():  # there the likelihood at tau2 = 0 is not defined
        base = np.where(smallest > 0, smallest, 1e-8 * ceiling)
        ceiling = ceiling * (1 + 1e-9)  # two studies with variances of 0 have their maximum exactly there
    tau2, converged = np.zeros(len(groups)), np.zeros(len(groups), dtype=bool)
    with np.errstate(divide="ignore", invalid="ignore"):
        reach = np.log1p(ceiling / base)  # not a number where a variance is 0 and all effects are the same
        tier = SPANS.searchsorted(reach)
        for number in np.bincount(tier).nonzero()[0].tolist():
            chosen = (tier == number).nonzero()[0]
            rows, members = groups.rows_of(chosen) if len(chosen) < len(groups) else (slice(None), groups)
            yy, vv = y[rows], v[rows]
            for part in members.chunks(CHUNK):
                inner, span = members.part(part)
                here = chosen[part]
                least, from_zero = base[here], smallest[here] > 0
                grid = least * np.expm1(reach[here] * SHARES[number])
                grid[0] = np.where(from_zero, 0.0, grid[1] * 1e-6)
                found = _search(yy[span], vv[span], inner, least, from_zero, grid, restricted=restricted)
                tau2[here], converged[here] = found
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


def _search(
    y: Array, v: Array, groups: Groups, base: Array, from_zero: np.ndarray, grid: Array, *, restricted: bool
) -> tuple[Array, np.ndarray]:
    """Scan ``grid`` (points, B), close in on every maximum, keep the highest: tau2 (B,), and whether there is one.

    ``from_zero`` (B,) says where the likelihood is defined at tau2 = 0, and may have a maximum there.
    """
    score = _scores(y, v, groups, grid, restricted=restricted)
    up = score > 0
    owner, number = (up[:-1] & ~up[1:]).T.nonzero()
    border = (from_zero & ~up[0]).nonzero()[0]
    maxima = np.bincount(np.concatenate([owner, border]), minlength=len(groups))
    tau2, converged = np.zeros(len(groups)), maxima > 0
    if not len(owner):
        return tau2, converged
    after = number + 1
    low, high, f_low, f_high = grid[number, owner], grid[after, owner], score[number, owner], score[after, owner]
    start = low + (high - low) * f_low / (f_low - f_high)
    yy, vv, inner = y, v, groups
    if len(border) or len(owner) > len(groups):
        rows, inner = groups.rows_of(owner)
        yy, vv = y[rows], v[rows]
    root, done = _close_in(yy, vv, inner, base[owner], low, high, start, restricted=restricted)
    tau2[owner] = root
    converged[owner[~done]] = False
    rivals = (maxima[owner] > 1).nonzero()[0]
    if len(rivals):
        border = border[maxima[border] > 1]
        owner = np.concatenate([owner[rivals], border])
        root = np.concatenate([root[rivals], np.zeros(len(border))])
        rows, inner = groups.rows_of(owner)
        rising = np.argsort(log_likelihood(y[rows], v[rows], inner, root, restricted=restricted), kind="stable")
        tau2[owner[rising]] = root[rising]  # the highest is written last
    return tau2, converged


def _scores(y: Array, v: Array, groups: Groups, grid: Array, *, restricted: bool) -> Array:
    """Twice the derivative of the log-likelihood over the squared sum of weights at each point of ``grid`` (points, B).

    The division makes it nearly straight between points: wholly where all variances are the same.
    """
    score = np.empty(grid.shape)
    step = min(len(grid), max(1, CELLS // len(y)))
    room = np.empty((5, step, len(y)))
    for at in range(0, len(grid), step):
        points = grid[at : at + step]
        w, wy, *_ = terms = room[:, : len(points)]
        np.add(v, groups.spread(points), out=w)
        np.divide(1.0, w, out=w)
        np.multiply(w, y, out=wy)
        np.multiply(w, terms[:2], out=terms[2:4])
        np.multiply(wy, wy, out=terms[4])
        s1, sy, s2, s2y, s2yy = groups.sums(terms)
        mean = sy / s1
        value = s2yy - mean * (s2y + s2y - mean * s2) - s1
        score[at : at + step] = (value + s2 / s1 if restricted else value) / (s1 * s1)
    return score


def _close_in(
    y: Array, v: Array, groups: Groups, base: Array, low: Array, high: Array, start: Array, *, restricted: bool
) -> tuple[Array, np.ndarray]:
    """The root (B,) between ``low`` and ``high`` by Newton steps, and whether it was reached."""
    tau2 = start
    for _step in range(NEWTON):
        score, slope = _score_and_slope(y, v, groups, tau2, restricted=restricted)
        step = score / slope
        tau2 = np.fmin(np.fmax(tau2 - step, low), high)
    done = (np.abs(step) <= LAST_STEP * (base + tau2)) & (slope < 0)
    if not done.all():
        rest = (~done).nonzero()[0]
        rows, inner = groups.rows_of(rest)
        tau2[rest], done[rest] = _within_bracket(
            y[rows], v[rows], inner, base[rest], low[rest], high[rest], tau2[rest], restricted=restricted
        )
    return tau2, done


def _within_bracket(
    y: Array, v: Array, groups: Groups, base: Array, low: Array, high: Array, tau2: Array, *, restricted: bool
) -> tuple[Array, np.ndarray]:
    """The same for roots that take more steps: the bracket shrinks, and is halved where a step would lead out of it."""
    result, done = tau2.copy(), np.zeros(len(groups), dtype=bool)
    active: Index = np.arange(len(groups))
    for _step in range(STEPS):
        score, slope = _score_and_slope(y, v, groups, tau2, restricted=restricted)
        low, high = np.where(score > 0, tau2, low), np.where(score > 0, high, tau2)
        step = score / slope
        newton = tau2 - step
        inside = (slope < 0) & (newton >= low) & (newton <= high)
        middle = np.sqrt((base + low) * (base + high)) - base
        after = np.where(inside, newton, np.clip(middle, low, high))
        settled = inside & (np.abs(step) <= LAST_STEP * (base + tau2)) | (high - low <= 1e-15 * (base + high))
        result[active] = tau2 = after
        if settled.any():
            done[active[settled]] = True
            keep = (~settled).nonzero()[0]
            if not len(keep):
                break
            rows, groups = groups.rows_of(keep)
            y, v, active = y[rows], v[rows], active[keep]
            tau2, low, high, base = tau2[keep], low[keep], high[keep], base[keep]
    return result, done


def _score_and_slope(y: Array, v: Array, groups: Groups, tau2: Array, *, restricted: bool) -> tuple[Array, Array]:
    """What :func:`_scores` gives and its slope (B,) at ``tau2`` (B,), both times the squared sum of weights."""
    w, wy = terms = np.empty((2, len(y)))
    np.add(v, groups.spread(tau2), out=w)
    np.divide(1.0, w, out=w)
    np.multiply(w, y, out=wy)
    s1, sy = groups.sums(terms)
    wr = np.multiply(w, y - groups.spread(sy / s1), out=wy)
    sums = np.empty((5, len(y)))
    np.multiply(wr, wr, out=sums[0])
    np.multiply(w, terms, out=sums[1:3])
    np.multiply(w, sums[:2], out=sums[3:])
    s2rr, s2, s2r, s3rr, s3 = groups.sums(sums)
    score, ratio = s2rr - s1, s2 / s1
    if restricted:
        score += ratio
        half = (s2r * s2r - s3) / s1 - s3rr + score * ratio
        slope = half + half + (s2 + ratio * ratio)
    else:
        half = s2r * s2r / s1 - s3rr + score * ratio
        slope = half + half + s2
    return score, slope
