"""Standard errors that hold whatever the correlation within a cluster is.

Hedges, Tipton & Johnson 2010; with the bias reduction and Satterthwaite degrees of freedom of Bell & McCaffrey 2002 as
worked out by Tipton 2015 and Pustejovsky & Tipton 2018. The fitted model serves as working model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.dependent.blocks import Array, Integers, Partition
from guidewright.metaanalysis.dependent.effects import grouping
from guidewright.metaanalysis.dependent.fits import DependentFit, coefficient
from guidewright.metaanalysis.dependent.marginal import MarginalModel
from guidewright.metaanalysis.dependent.options import Correction, DegreesOfFreedom
from guidewright.metaanalysis.kernels.distributions import f_p
from guidewright.metaanalysis.moderators.result import Coefficient
from guidewright.metaanalysis.notices import CannotPoolError, Notice
from guidewright.metaanalysis.options import check_share

#: Below this many Satterthwaite degrees of freedom the t approximation itself is poor (Tipton 2015).
TOO_FEW = 4.0


@dataclass(frozen=True)
class JointTest:
    """Joint test of several coefficients."""

    names: tuple[str, ...]
    f: float
    df1: float
    df2: float
    p: float


@dataclass(frozen=True, eq=False)
class ClusterRobust:
    """Coefficients with cluster-robust standard errors."""

    correction: Correction
    degrees_of_freedom: DegreesOfFreedom
    level: float
    clusters: int
    coefficients: tuple[Coefficient, ...]
    coefficient_covariance: Array
    """(p, p), read-only."""
    joint: JointTest | None
    """Of the moderators, or of all coefficients where there are none; None if degrees of freedom do not suffice."""
    notices: tuple[Notice, ...]


def cluster_robust(
    fit: DependentFit | MarginalModel,
    clusters: Sequence[Any] | npt.ArrayLike,
    *,
    correction: Correction = Correction.CR2,
    degrees_of_freedom: DegreesOfFreedom | None = None,
    level: float = 0.95,
) -> ClusterRobust:
    """Cluster-robust inference for a fit, or for an ordinary pooled analysis given as :func:`marginal_model`.

    ``clusters`` are labels of independent clusters, one for each row given to the fit (N,) or used in it (k,). CR2 with
    Satterthwaite degrees of freedom is the default, since it alone keeps its error rate with few clusters (Tipton
    2015). The others take m - p degrees of freedom unless told otherwise. With Satterthwaite the joint test is the
    approximate Hotelling test (Tipton & Pustejovsky 2015), else F.

    Raises :class:`CannotPoolError` if there are not more clusters than coefficients, or if the fitted model lets
    effects of different clusters be correlated.
    """
    check_share("level", level)
    model = fit.model if isinstance(fit, DependentFit) else fit
    codes, names = _clusters(model, clusters)
    m, p = len(names), model.design.shape[1]
    if m <= p:
        raise CannotPoolError(f"{m} clusters cannot give the variance of {p} coefficients; use fewer moderators")
    dfs = degrees_of_freedom or (
        DegreesOfFreedom.SATTERTHWAITE if correction is Correction.CR2 else DegreesOfFreedom.CLUSTERS
    )
    if dfs not in {DegreesOfFreedom.SATTERTHWAITE, DegreesOfFreedom.CLUSTERS}:
        raise CannotPoolError(f"degrees of freedom {dfs}: a cluster-robust variance has satterthwaite or clusters")
    sandwich = _sandwich(model, Partition(codes), correction, m)
    ses = np.sqrt(np.diag(sandwich.variance))
    satterthwaite = dfs is DegreesOfFreedom.SATTERTHWAITE
    df = sandwich.satterthwaite() if satterthwaite else np.full(p, float(m - p))
    rows = zip(model.names, sandwich.estimates.tolist(), ses.tolist(), df.tolist(), strict=True)
    tested = list(model.tested)
    joint = sandwich.hotelling(tested, model.names) if satterthwaite else sandwich.plain_f(tested, model.names, m - p)
    notices = []
    if satterthwaite and df.min() < TOO_FEW:
        notices.append(
            Notice(
                "few-degrees-of-freedom",
                f"Only {df.min():.1f} degrees of freedom for '{model.names[int(df.argmin())]}': below 4 the p value "
                "tends to be too small.",
            )
        )
    if joint is None:
        notices.append(
            Notice(
                "joint-test-undefined", "Too few clusters for a joint test of the coefficients; look at each one alone."
            )
        )
    variance = sandwich.variance
    variance.flags.writeable = False
    return ClusterRobust(
        correction=correction,
        degrees_of_freedom=dfs,
        level=level,
        clusters=m,
        coefficients=tuple(coefficient(*row, level) for row in rows),
        coefficient_covariance=variance,
        joint=joint,
        notices=(*model.notices, *notices),
    )


def _clusters(model: MarginalModel, clusters: Sequence[Any] | npt.ArrayLike) -> tuple[Integers, tuple[str, ...]]:
    kept = model.kept
    if len(np.asarray(clusters)) != kept.size and len(np.asarray(clusters)) == model.y.size:
        kept = np.ones(model.y.size, dtype=bool)
    codes, names = grouping(clusters, kept, "the cluster")
    entries = model.covariance
    crossing = np.flatnonzero((codes[entries.i] != codes[entries.j]) & (entries.value != 0))
    if crossing.size:
        i, j = int(entries.i[crossing[0]]), int(entries.j[crossing[0]])
        raise CannotPoolError(
            f"used rows {i + 1} and {j + 1} lie in clusters '{names[codes[i]]}' and '{names[codes[j]]}', but the model "
            "lets them be correlated; give clusters that hold whole groups of the outermost level"
        )
    return codes, names


@dataclass(frozen=True, eq=False)
class _Sandwich:
    """The robust variance and, for every cluster, what its expectation under the working model is made of."""

    estimates: Array
    variance: Array
    bread: Array
    """(p, p) (X'W X)^-1."""
    own: Array
    """(m, p, p) g'Phi g, with g = A'W X (X'W X)^-1 in the rows of the cluster."""
    shared: Array
    """(m, p, p) g'X."""

    def satterthwaite(self) -> Array:
        """(p,) degrees of freedom: twice the squared mean of the variance by its variance (Bell & McCaffrey 2002)."""
        found = []
        for one in range(len(self.estimates)):
            mean, spread = self._moments(self.own[:, [one]][:, :, [one]], self.shared[:, [one]])
            found.append(2 * float(mean[0, 0]) ** 2 / spread)
        return np.array(found)

    def hotelling(self, tested: list[int], names: tuple[str, ...]) -> JointTest | None:
        """Approximate Hotelling T-squared test (Tipton & Pustejovsky 2015, estimator HTZ)."""
        own, shared = self.own[:, tested][:, :, tested], self.shared[:, tested]
        mean, _spread = self._moments(own, shared)
        values, vectors = np.linalg.eigh(mean)
        root = vectors @ np.diag(values**-0.5) @ vectors.T
        _mean, spread = self._moments(root @ own @ root, root @ shared)
        q = len(tested)
        eta = q * (q + 1) / spread
        if eta <= q - 1:
            return None
        f = self._wald(tested) * (eta - q + 1) / (eta * q)
        df2 = eta - q + 1
        return JointTest(tuple(names[one] for one in tested), f, q, df2, float(f_p(f, q, df2)))

    def plain_f(self, tested: list[int], names: tuple[str, ...], df2: int) -> JointTest:
        """Wald statistic by its number of coefficients as F with m - p degrees of freedom."""
        f = self._wald(tested) / len(tested)
        return JointTest(tuple(names[one] for one in tested), f, len(tested), df2, float(f_p(f, len(tested), df2)))

    def _wald(self, tested: list[int]) -> float:
        beta = self.estimates[tested]
        return float(beta @ np.linalg.solve(self.variance[np.ix_(tested, tested)], beta))

    def _moments(self, own: Array, shared: Array) -> tuple[Array, float]:
        """Mean (q, q) of the variance under the working model, and the sum of the variances of its entries.

        Contributions of clusters i and j have covariance P[i, j] = (i = j) own[i] - shared[i] (X'W X)^-1 shared[j]',
        and the entry (s, t) of the variance has a variance of the sum over i, j of P[ss] P[tt] + P[st] P[ts].
        """
        z = shared @ np.linalg.cholesky(self.bread)
        inner = z @ z.swapaxes(1, 2)
        between = np.einsum("msa,mtb->stab", z, z)
        same = np.einsum("mss,mtt->st", own, own) + np.einsum("mst,mts->st", own, own)
        mixed = np.einsum("mss,mtt->st", own, inner) * 2 + np.einsum("mst,mts->st", own, inner) * 2
        far = np.einsum("stab,stab->st", between, between) + np.einsum("stab,tsab->st", between, between)
        return np.sum(own - inner, axis=0), float((same - mixed + far).sum())


def _sandwich(model: MarginalModel, partition: Partition, correction: Correction, m: int) -> _Sandwich:
    norms = np.linalg.norm(model.design, axis=0)
    design, triangle = np.linalg.qr(model.design / norms)  # unlike moderators then cost no digits
    back = np.linalg.inv(triangle) / norms[:, None]
    p = design.shape[1]
    covariances = partition.matrices(model.covariance)
    xs = [batch.spread(design) for batch in partition.batches]
    ys = [batch.spread(model.y) for batch in partition.batches]
    weighted = [np.linalg.solve(phi, x) for phi, x in zip(covariances, xs, strict=True)]
    information = sum((np.einsum("bip,biq->pq", x, wx) for x, wx in zip(xs, weighted, strict=True)), np.zeros((p, p)))
    bread = np.linalg.inv(information)
    start = design.T @ model.y  # large effects cost none either: generalised least squares of what this leaves
    rest = [y - x @ start for x, y in zip(xs, ys, strict=True)]
    more = bread @ sum((np.einsum("bip,bi->p", wx, r) for wx, r in zip(weighted, rest, strict=True)), np.zeros(p))
    meat, own, shared = np.zeros((p, p)), [], []
    for phi, x, wx, r in zip(covariances, xs, weighted, rest, strict=True):
        g = wx @ bread
        if correction is Correction.CR2:
            g = _unbiased(phi, x, bread) @ g
        pull = np.einsum("bip,bi->bp", g, r - x @ more)
        meat += pull.T @ pull
        own.append(g.swapaxes(1, 2) @ phi @ g)
        shared.append(g.swapaxes(1, 2) @ x)
    factor = {Correction.CR1: m / (m - 1), Correction.CR1P: m / (m - p)}.get(correction, 1.0)
    return _Sandwich(
        estimates=back @ (start + more),
        variance=np.asarray(factor * back @ meat @ back.T),
        bread=np.asarray(back @ bread @ back.T),
        own=back @ np.concatenate(own) @ back.T,
        shared=back @ np.concatenate(shared) @ (triangle * norms),
    )


def _unbiased(phi: Array, x: Array, bread: Array) -> Array:
    """(B, n, n) A' such that the expected square of the adjusted residuals is the working covariance (CR2).

    A = L B^(-1/2) L' with Phi = L L' and B = L'(Phi - X (X'W X)^-1 X')L; where B has no inverse its generalised inverse
    serves (Pustejovsky & Tipton 2018, theorem 1). A is L B^(-1/2) L' and so symmetric.
    """
    lower = np.linalg.cholesky(phi)
    rest = phi - x @ bread @ x.swapaxes(1, 2)
    values, vectors = np.linalg.eigh(lower.swapaxes(1, 2) @ rest @ lower)
    enough = values > 1e-10 * values[:, -1:]
    root = np.where(enough, 1 / np.sqrt(np.where(enough, values, 1.0)), 0.0)
    half = (vectors * root[:, None, :]) @ vectors.swapaxes(1, 2)
    return np.asarray(lower @ half @ lower.swapaxes(1, 2))
