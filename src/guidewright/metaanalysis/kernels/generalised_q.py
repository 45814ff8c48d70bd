"""The generalised Q statistic as a function of tau2, and the tau2 at which it takes a given value.

``Q(tau2)`` is the weighted sum of squares about the weighted mean with weights ``1 / (v + tau2)`` (DerSimonian &
Kacker 2007). It falls and is convex in tau2, so that its roots are single: Paule-Mandel (Q = k - 1), its median-
unbiased form, and the Q-profile limits (Viechtbauer 2007) are all read from it.
"""

from __future__ import annotations

import numpy as np

from guidewright.metaanalysis.kernels.groups import Array, Groups

#: A Newton step this small, relative to (smallest variance + tau2), leaves an error near the last bit.
LAST_STEP = 1e-7
STEPS = 200
#: Rows per chunk: what is computed from them stays in the cache.
CHUNK = 16384


def generalised_q(y: Array, v: Array, groups: Groups, tau2: Array) -> Array:
    """Q (B,) at ``tau2`` (B,)."""
    w = 1 / (v + groups.spread(tau2))
    r = y - groups.spread(groups.sums(w * y) / groups.sums(w))
    return groups.sums(w * r * r)


def tau2_at(y: Array, v: Array, groups: Groups, target: Array) -> Array:
    """tau2 at which Q equals ``target``, both (B,), or (m, B) for several targets of each analysis.

    0 where Q is below the target already at 0. Variances must be above 0.
    """
    targets = target.reshape(-1, len(groups))
    result = np.zeros(targets.shape)
    base = groups.smallest(v)
    deviation = y - groups.spread(groups.sums(y) / groups.k)
    squares = deviation * deviation
    total, moment = groups.sums(squares), groups.sums(squares * v)
    with np.errstate(divide="ignore", invalid="ignore"):  # targets of 0; effects that are all the same
        start = np.fmax(total / targets - moment / total, 0.0)
        chosen = np.logical_and.reduce(targets > 0).nonzero()[0]
        rows, members = groups.rows_of(chosen) if len(chosen) < len(groups) else (slice(None), groups)
        yy, vv = y[rows], v[rows]
        for part in members.chunks(CHUNK):
            inner, span = members.part(part)
            here = chosen[part]
            result[:, here] = _roots(yy[span], vv[span], inner, base[here], targets[:, here], start[:, here])
    return result.reshape(target.shape)


def _roots(y: Array, v: Array, groups: Groups, base: Array, target: Array, start: Array) -> Array:
    """Newton steps on 1/Q, each (m, B).

    Q is a sum of terms ``c / (l + tau2)`` with c and l above 0 (l: the eigenvalues of the variances among contrasts of
    the effects), so that 1/Q is concave: from the left the steps never go past the root, and need no bracket. Where
    all variances are the same 1/Q is straight, and one step does. The start is left of the root too: it is the step
    that leads back from infinity.
    """
    tau2 = start
    result = tau2.copy()
    active = np.arange(target.shape[1])
    for _pair in range(STEPS // 2):
        for _step in range(2):  # to ask whether one was the last costs as much as another
            q, fall = _q_and_fall(y, v, groups, tau2)
            before, tau2 = tau2, np.fmax(tau2 + (q - target) * q / (fall * target), 0.0)
        result[:, active] = tau2
        moving = np.logical_or.reduce(np.abs(tau2 - before) > LAST_STEP * (base + tau2)).nonzero()[0]
        if not len(moving):
            break
        if len(moving) < len(active):
            rows, groups = groups.rows_of(moving)
            y, v, active, base = y[rows], v[rows], active[moving], base[moving]
            tau2, target = tau2[:, moving], target[:, moving]
    return result


def _q_and_fall(y: Array, v: Array, groups: Groups, tau2: Array) -> tuple[Array, Array]:
    """Q and how fast it falls, its slope with the sign changed, at ``tau2`` (m, B)."""
    w, wy = terms = np.empty((2, len(tau2), len(y)))
    np.add(v, groups.spread(tau2), out=w)
    np.divide(1.0, w, out=w)
    np.multiply(w, y, out=wy)
    s1, sy = groups.sums(terms)
    r = y - groups.spread(sy / s1)
    wr = np.multiply(w, r, out=w)
    np.multiply(wr, r, out=terms[1])
    np.multiply(wr, wr, out=terms[0])
    fall, q = groups.sums(terms)
    return q, fall
