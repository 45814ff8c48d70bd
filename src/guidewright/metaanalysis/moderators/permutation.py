"""Permutation tests of moderators and of the average effect: all permutations are one batch of fits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import combinations
from math import factorial, prod

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.moderators.batch import permuted_batch
from guidewright.metaanalysis.moderators.design_matrix import INTERCEPT, design_matrix
from guidewright.metaanalysis.moderators.inference import covariance_scale, statistics
from guidewright.metaanalysis.moderators.mixed_effects import fit
from guidewright.metaanalysis.moderators.regression import Moderators, as_design
from guidewright.metaanalysis.moderators.studies import Studies, studies
from guidewright.metaanalysis.notices import CannotPoolError, Notice
from guidewright.metaanalysis.options import Interval, Model, Tau2Method, by_name

Array = npt.NDArray[np.float64]
Integers = npt.NDArray[np.intp]
#: The arrangements from one number to another ``(k, n)``: the study in each row of the design, or as floats its sign.
Arranged = Callable[[int, int], Integers | Array]

#: Rows that are fitted at once: more would leave the processor's cache, and memory stays bounded.
ROWS_AT_ONCE = 1 << 16
#: Most fits that an exact test may take.
MOST = 4_000_000
#: Statistics nearer than this count as equal, since the same arrangement may be summed in another order.
EQUAL = float(np.sqrt(np.finfo(np.float64).eps))


@dataclass(frozen=True)
class PermutedCoefficient:
    """A coefficient with its permutation p value."""

    name: str
    estimate: float
    statistic: float
    """z or t in the data as observed."""
    p: float
    """Share of the permutations whose statistic is as far from zero, the observed one counted."""


@dataclass(frozen=True)
class PermutationTest:
    """Permutation test of each coefficient and of all moderators together."""

    coefficients: tuple[PermutedCoefficient, ...]
    qm: float | None
    """Test statistic of all moderators; None without any."""
    qm_p: float | None
    permutations: int
    """Permutations fitted; all that differ where ``exact``."""
    exact: bool
    seed: int | None
    """None where the test is exact: nothing was drawn."""
    statistics: Array = field(repr=False)
    """Each coefficient's statistic in each permutation ``(p, n)``, read-only."""
    qm_statistics: Array | None = field(repr=False)
    """Test statistic of all moderators in each permutation ``(n,)``, read-only."""
    model: Model
    tau2_method: Tau2Method | None
    interval: Interval
    notices: tuple[Notice, ...]


@by_name()
def permutation_test(
    y: npt.ArrayLike,
    v: npt.ArrayLike,
    moderators: Moderators | None = None,
    *,
    permutations: int = 1000,
    seed: int,
    exact: bool | None = None,
    model: Model = Model.RANDOM,
    tau2_method: Tau2Method = Tau2Method.REML,
    interval: Interval = Interval.WALD,
    weights: npt.ArrayLike | None = None,
) -> PermutationTest:
    """Permutation test of a meta-regression, or of the average effect without moderators.

    Rows of the moderators are exchanged between studies; without moderators, signs of effects are flipped. tau2 is
    estimated anew each time (Higgins & Thompson 2004, Stat Med 23:1663; Follmann & Proschan 1999, Biometrics 55:732).
    ``exact`` goes through every arrangement that differs; None does so where there are no more than ``permutations``.
    Drawn permutations count the observed arrangement as the first, so that p is never zero. 1000 is metafor's number.

    Raises :class:`CannotPoolError` as :func:`meta_regression` does, and where an exact test would take too many fits.
    """
    if permutations < 2:
        raise CannotPoolError(f"`permutations` must be 2 or more; found {permutations}")
    design = design_matrix([], {}) if moderators is None else as_design(moderators)
    given = studies(y, v, design, model=model, tau2_method=tau2_method, tau2=None, level=0.95, weights=weights)
    flips = given.names == (INTERCEPT,)
    if flips and moderators is not None:
        raise CannotPoolError("no moderator varies between the complete rows; there is nothing to permute")
    order = np.lexsort(given.x.T[::-1])
    ties = _ties(given.x[order])
    distinct = 2**given.k if flips else factorial(given.k) // prod(factorial(n) for n in ties)
    exact = distinct <= permutations if exact is None else exact
    if exact and distinct > MOST:
        raise CannotPoolError(f"an exact test would take {distinct:,} fits; set `exact` to false to draw permutations")

    skip = 1 if design.intercept and not flips else 0
    rng = np.random.default_rng(seed)
    if flips:
        # half of the patterns tell all: flipping every sign flips the statistic
        count, arranged = (distinct // 2, _all_signs(given.k)) if exact else _drawn_signs(given.k, permutations, rng)
    else:
        count, arranged = _all_orders(ties, order) if exact else _drawn_orders(given.k, permutations, rng)
    step = max(ROWS_AT_ONCE // given.k, 1)
    parts = [_fit(given, arranged(at, min(at + step, count)), skip, model, interval) for at in range(0, count, step)]
    # the arrangement observed is the first of all
    estimate, first, first_wald = parts[0][0][:, :1], parts[0][1][:, :1], parts[0][2][:1]
    z = np.concatenate([part[1] for part in parts], axis=1)
    wald = np.concatenate([part[2] for part in parts])
    if exact and flips:
        z, wald = np.concatenate([z, -z], axis=1), np.concatenate([wald, wald])
    notices = list(given.notices)
    fitted = np.isfinite(wald) & np.isfinite(z).all(axis=0)
    if not fitted.all():
        z, wald = z[:, fitted], wald[fitted]
        text = f"{int((~fitted).sum())} of {fitted.size} permutations could not be fitted and are left out"
        notices.append(Notice("permutations-dropped", text))
    p = (np.abs(z) >= np.abs(first) - EQUAL * np.maximum(np.abs(first), 1)).mean(axis=1)
    qm_p = float((wald >= first_wald[0] - EQUAL * max(float(first_wald[0]), 1.0)).mean())
    tested = not flips and len(given.names) > skip
    for array in (z, wald):
        array.setflags(write=False)
    each = zip(given.names, estimate[:, 0].tolist(), first[:, 0].tolist(), p.tolist(), strict=True)
    return PermutationTest(
        tuple(PermutedCoefficient(*one) for one in each),
        qm=float(first_wald[0]) if tested else None,
        qm_p=qm_p if tested else None,
        permutations=z.shape[1],
        exact=exact,
        seed=None if exact else seed,
        statistics=z,
        qm_statistics=wald if tested else None,
        model=model,
        tau2_method=tau2_method if given.estimates_tau2 else None,
        interval=interval,
        notices=tuple(notices),
    )


def _fit(
    given: Studies, arrangements: Integers | Array, skip: int, model: Model, interval: Interval
) -> tuple[Array, Array, Array]:
    """Coefficients and statistics ``(p, n)``, and the statistic of all moderators ``(n,)``, of each arrangement.

    An arrangement ``(k, n)`` says which study stands in each row of the design, or as floats which sign it has.
    """
    signs = np.issubdtype(arrangements.dtype, np.floating)
    order = np.arange(given.k)[:, None] if signs else arrangements.astype(np.intp)
    y = given.y[order] * arrangements if signs else given.y[order]
    v = np.broadcast_to(given.v[order], y.shape)
    weights = None if given.weights is None else np.broadcast_to(given.weights[order], y.shape)
    method = given.tau2_method if model is Model.RANDOM else None
    fits = fit(permuted_batch(y, v, given.x), tau2_method=method, weights=weights, skip=skip)
    scale = covariance_scale(fits.residual_scale, interval)
    se = np.sqrt(np.stack([fits.covariance[j, j] for j in range(len(fits.covariance))]) * scale)
    tested = max(len(given.names) - skip, 1) if interval is not Interval.WALD else 1
    with np.errstate(divide="ignore", invalid="ignore"):
        return fits.coefficients, statistics(fits.coefficients, se), fits.wald / scale / tested


def _ties(ordered: Array) -> list[int]:
    """Sizes of the runs of equal rows."""
    counts = Counter(np.cumsum([True, *(ordered[1:] != ordered[:-1]).any(axis=1)]).tolist())
    return [counts[run] for run in sorted(counts)]


def _drawn_orders(k: int, permutations: int, rng: np.random.Generator) -> tuple[int, Arranged]:
    orders = rng.permuted(np.tile(np.arange(k), (permutations, 1)), axis=1)
    orders[0] = np.arange(k)
    return permutations, lambda start, stop: np.ascontiguousarray(orders[start:stop].T)


def _drawn_signs(k: int, permutations: int, rng: np.random.Generator) -> tuple[int, Arranged]:
    signs = rng.integers(0, 2, size=(k, permutations), dtype=np.int8)
    signs[:, 0] = 0
    return permutations, lambda start, stop: 1.0 - 2.0 * signs[:, start:stop].astype(np.float64)


def _all_signs(k: int) -> Arranged:
    """The sign patterns in which the first study keeps its sign, by the binary digits of their number."""
    places = np.arange(k)[::-1, None]
    return lambda start, stop: 1.0 - 2.0 * ((np.arange(start, stop)[None, :] >> places) & 1).astype(np.float64)


def _all_orders(ties: list[int], order: Integers) -> tuple[int, Arranged]:
    """Every way to deal the studies out to the runs of equal rows of the design, which ``order`` makes neighbours.

    The first is the one observed.
    """
    free = order.astype(np.int16)[None, :]
    dealt = free[:, :0]
    for size in ties:
        left = free.shape[1]
        chosen = np.array(list(combinations(range(left), size)), dtype=np.intp)
        is_free = np.ones((len(chosen), left), dtype=np.bool_)
        np.put_along_axis(is_free, chosen, values=False, axis=1)
        rest = np.nonzero(is_free)[1].reshape(len(chosen), left - size)
        dealt = np.concatenate([np.repeat(dealt, len(chosen), axis=0), free[:, chosen].reshape(-1, size)], axis=1)
        free = free[:, rest].reshape(len(dealt), left - size)
    place = np.argsort(order)
    return len(dealt), lambda start, stop: dealt[start:stop].T[place].astype(np.intp)
