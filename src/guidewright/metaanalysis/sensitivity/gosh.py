"""GOSH: the result and the heterogeneity of all subsets of studies, or of a million of them.

Olkin, Dahabreh & Trikalinos 2012 (Research Synthesis Methods 3:214). Clusters in the plot of the two show that some
studies do not belong with the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.kernels.groups import Array, Groups
from guidewright.metaanalysis.kernels.tau2 import estimate_tau2
from guidewright.metaanalysis.notices import CannotPoolError, Notice
from guidewright.metaanalysis.options import Model, Tau2Method, by_name
from guidewright.metaanalysis.rows import frozen, weights_of
from guidewright.metaanalysis.sensitivity.refits import LIKELIHOOD, Mask, read_studies
from guidewright.metaanalysis.sensitivity.subset_likelihood import SubsetLikelihood

#: With up to so many studies all subsets are pooled (1,048,575); with more, as many are drawn as ``DRAWN``.
ALL_UP_TO = 20
DRAWN = 1_000_000
#: Cells (subsets times studies) per block: the arrays at work stay in the cache.
BLOCK = 40_000

Packed = npt.NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Gosh:
    """One entry for each subset (B,), on the scale of analysis; arrays are read-only."""

    k: npt.NDArray[np.int64]
    estimate: Array
    se: Array
    """Wald standard error."""
    tau2: Array
    q: Array
    i2: Array
    """In percent."""
    h2: Array
    members: Packed
    """Membership, one bit for each study (B, ceil(k / 8)); see :meth:`holding`."""
    rows: tuple[int, ...]
    """Number of each study's row, from 0."""
    model: Model
    tau2_method: Tau2Method | None
    seed: int | None
    """Seed by which the subsets were drawn; None if they are all."""
    notices: tuple[Notice, ...]

    def holding(self, study: int) -> Mask:
        """Which subsets hold the study at this place of ``rows`` (B,)."""
        held: Mask = (self.members[:, study // 8] >> np.uint8(study % 8)) & 1 == 1
        return held


@by_name()
def gosh(
    y: npt.ArrayLike,
    v: npt.ArrayLike | None = None,
    *,
    se: npt.ArrayLike | None = None,
    subsets: int | None = None,
    seed: int = 1,
    model: Model = Model.RANDOM,
    tau2_method: Tau2Method = Tau2Method.REML,
    weights: npt.ArrayLike | None = None,
) -> Gosh:
    """Pool subsets of the studies ``y`` (k,) with variances ``v`` or standard errors ``se``.

    ``subsets``: how many, drawn at random without repetition, each of the ``2**k - 1`` equally likely; all if there are
    no more. None takes all subsets of up to 20 studies and draws a million of more. A million subsets of 20 studies
    take about 90 MB. ``weights`` (k,) are those of :func:`guidewright.metaanalysis.pooling.pool`; all above 0, so that
    every subset has a mean.

    Subsets of a single study are among them: tau2, Q and I2 of those are 0. Raises :class:`CannotPoolError` for rows
    that cannot be pooled, and where a search for tau2 does not converge.
    """
    rows = read_studies(y, v, se, least=1, tau2_method=tau2_method, weighted=weights is not None)
    given = None if weights is None else weights_of(weights, np.size(y), rows.kept, zero=False)
    if subsets is not None and subsets < 1:
        raise CannotPoolError(f"`subsets` is {subsets}; give 1 or more, or None for all")
    k = len(rows.y)
    wanted = (2**k - 1 if k <= ALL_UP_TO else DRAWN) if subsets is None else subsets
    everything = wanted >= 2**k - 1
    members = _all_subsets(k) if everything else _drawn_subsets(k, wanted, seed)
    notices = rows.notices
    if subsets is None and not everything:
        text = f"{wanted} of the subsets of {k} studies were drawn at random (seed {seed})"
        notices = (*notices, Notice("subsets-drawn", text))
    centre = np.sum(rows.y / rows.v) / np.sum(1 / rows.v)
    pooling = _Pooling.of(rows.y - centre, rows.v, model, tau2_method, given)
    size = max(1, BLOCK // k)
    parts = [pooling.pool(_included(members[start : start + size], k)) for start in range(0, len(members), size)]
    found = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    found["estimate"] += centre
    return Gosh(
        **{name: frozen(array) for name, array in found.items()},
        members=frozen(members),
        rows=tuple(rows.kept.tolist()),
        model=model,
        tau2_method=tau2_method if model is Model.RANDOM else None,
        seed=None if everything else seed,
        notices=notices,
    )


def _all_subsets(k: int) -> Packed:
    """The numbers from 1 to ``2**k - 1`` as bits."""
    return _bits(np.arange(1, 2**k, dtype=np.uint64), k)


def _drawn_subsets(k: int, count: int, seed: int) -> Packed:
    random = np.random.default_rng(seed)
    if k <= 62:
        numbers = random.choice(2**k - 1, size=count, replace=False, shuffle=False).astype(np.uint64)
        return _bits(np.sort(numbers) + np.uint64(1), k)
    # so many subsets that repetition does not happen, nor an empty one
    drawn = random.integers(0, 256, size=(count, (k + 7) // 8), dtype=np.uint8)
    drawn[:, -1] &= np.uint8(0xFF >> (-k % 8))
    return drawn


def _bits(numbers: npt.NDArray[np.uint64], k: int) -> Packed:
    as_bytes = numbers.astype("<u8").view(np.uint8).reshape(-1, 8)
    return np.ascontiguousarray(as_bytes[:, : (k + 7) // 8])


def _included(members: Packed, k: int) -> Array:
    """Membership as numbers (k, B)."""
    bits = np.unpackbits(members, axis=1, count=k, bitorder="little")
    return np.ascontiguousarray(bits.T, dtype=np.float64)


@dataclass(frozen=True, eq=False)
class _Pooling:
    """The studies (k,), centred near their mean, and the model."""

    y: Array
    v: Array
    sums: Array
    """Inverse variances, their squares and their products with the effects (3, k)."""
    model: Model
    tau2_method: Tau2Method
    likelihood: SubsetLikelihood | None
    weights: Array | None
    """Of the user (k,)."""

    @classmethod
    def of(cls, y: Array, v: Array, model: Model, tau2_method: Tau2Method, weights: Array | None) -> _Pooling:
        likelihood = None
        if model is Model.RANDOM and tau2_method in LIKELIHOOD:
            likelihood = SubsetLikelihood.of(y, v, restricted=tau2_method is Tau2Method.REML)
        return cls(y, v, np.stack([1 / v, 1 / v**2, y / v]), model, tau2_method, likelihood, weights)

    def pool(self, included: Array) -> dict[str, Any]:
        """What :class:`Gosh` says of each subset of ``included`` (k, B); estimates less the centre."""
        size = included.sum(axis=0)
        df, several = size - 1, size > 1
        s1, s2, sy = self.sums @ included
        residual = self.y[:, None] - sy / s1
        q = np.where(several, self.sums[0] @ (included * residual * residual), 0.0)
        spread = np.where(several, s1 - s2 / s1, 1.0)
        tau2 = np.where(several, self._tau2(included, q, df, spread), 0.0)
        variances = self.v[:, None] + tau2
        weight = included / variances if self.weights is None else included * self.weights[:, None]
        total = weight.sum(axis=0)
        se = 1 / np.sqrt(total) if self.weights is None else np.sqrt((weight * weight * variances).sum(axis=0)) / total
        if self.model is Model.COMMON:
            over = np.where(q > 0, np.maximum(q - df, 0.0) / np.where(q > 0, q, 1.0), 0.0)
            i2, h2 = 100 * over, np.where(several, q / np.maximum(df, 1.0), 1.0)
        else:
            typical = df / spread
            i2 = np.where(several, 100 * tau2 / np.where(several, tau2 + typical, 1.0), 0.0)
            h2 = 1 + tau2 / np.where(several, typical, 1.0)
        estimate = (self.y @ weight) / total
        k = size.astype(np.int64)
        return {"k": k, "estimate": estimate, "se": se, "tau2": tau2, "q": q, "i2": i2, "h2": h2}

    def _tau2(self, included: Array, q: Array, df: Array, spread: Array) -> Array:
        if self.model is Model.COMMON:
            return np.zeros(len(q))
        if self.tau2_method is Tau2Method.DL:
            return np.maximum((q - df) / spread, 0.0)
        if self.likelihood is not None:
            found = self.likelihood.maximise(included)
            tau2, converged = found.tau2, found.converged
        else:
            owner, study = np.nonzero(included.T)
            general = estimate_tau2(
                self.y[study],
                self.v[study],
                Groups.of_sizes(np.bincount(owner)),
                self.tau2_method,
                None if self.weights is None else self.weights[study],
            )
            tau2, converged = general.tau2, general.converged
        if not converged.all():
            raise CannotPoolError(f"the search for tau2 by {self.tau2_method} did not converge; choose another")
        return tau2
