"""The (restricted) likelihood of y ~ N(X b, V + sum of Z G Z'), with exact first and second derivatives.

Harville 1977 gives the formulas; Jackson, Riley & White 2011 apply them to meta-analysis. Rows are taken in independent
blocks. Inside, effects are measured from their least-squares fit in a unit near their spread and the design is
orthonormal, so that neither large effects nor unlike moderators cost digits; what leaves is in the units given.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from guidewright.metaanalysis.dependent.blocks import Array, Entries, Integers, Partition, connected
from guidewright.metaanalysis.dependent.effects import Effects
from guidewright.metaanalysis.dependent.structures import Structure
from guidewright.metaanalysis.notices import CannotPoolError
from guidewright.metaanalysis.options import Tau2Method


@dataclass(frozen=True, eq=False)
class Term:
    """Random effects: rows of one group share a vector of them, of which each row takes that of its level."""

    name: str
    groups: Integers
    """(k,) group of each row."""
    levels: Integers
    """(k,) level of each row within the structure; 0 where there is only one."""
    structure: Structure


@dataclass(frozen=True, eq=False)
class Solution:
    """Generalised least squares at given variance components, in the inner units, batch by batch."""

    loglik: float
    rss: float
    coefficients: Array
    covariance: Array
    inverse: list[Array]
    inverse_design: list[Array]
    weighted_residuals: list[Array]


@dataclass(frozen=True, eq=False)
class Slopes:
    """Derivatives of the log-likelihood by the parameters."""

    gradient: Array
    hessian: Array
    information: Array
    """(n, n) expected information."""
    by_covariance: list[Array]
    """By the entries of each term's G."""


class Likelihood:
    """Log-likelihood of the parameters of all terms, one after the other."""

    def __init__(self, effects: Effects, design: Array, terms: Sequence[Term], method: Tau2Method) -> None:
        self.effects, self.design, self.terms, self.method = effects, design, tuple(terms), method
        norms = np.linalg.norm(design, axis=0)
        self._orthonormal, triangle = np.linalg.qr(design / norms)
        self._back = np.linalg.inv(triangle) / norms[:, None]
        start = self._orthonormal.T @ effects.y
        residual = effects.y - self._orthonormal @ start
        # the second projection removes what rounding of large effects left in the first
        more = self._orthonormal.T @ residual
        residual = residual - self._orthonormal @ more
        self._start = start + more
        spread = float(np.mean(residual**2)) + float(np.median(effects.v))
        if spread == 0:
            raise CannotPoolError("all effects are equal and all sampling variances 0: there is nothing to estimate")
        self.unit = 2.0 ** round(math.log2(spread) / 2)  # a power of two: scaling is then exact
        self._y = residual / self.unit
        groupings = [term.groups for term in self.terms]
        self.partition = Partition(connected(effects.k, groupings, effects.covariance))
        covariance = Entries(effects.covariance.i, effects.covariance.j, effects.covariance.value / self.unit**2)
        self._v = self.partition.matrices(covariance)
        self._x = [batch.spread(self._orthonormal) for batch in self.partition.batches]
        self._r = [batch.spread(self._y) for batch in self.partition.batches]
        self._same, self._levels = [], []
        for batch in self.partition.batches:
            both = batch.real[:, :, None] & batch.real[:, None, :]
            at = [term.groups[batch.rows] for term in self.terms]
            self._same.append([both & (one[:, :, None] == one[:, None, :]) for one in at])
            self._levels.append([np.where(batch.real, term.levels[batch.rows], 0) for term in self.terms])

    # --- parameters -----------------------------------------------------------------------------------------------

    @property
    def bounds(self) -> tuple[Array, Array]:
        """Lowest and highest values of the parameters."""
        none = [np.zeros(0)]
        return (
            np.concatenate(none + [term.structure.lower for term in self.terms]),
            np.concatenate(none + [term.structure.upper for term in self.terms]),
        )

    def split(self, theta: Array) -> list[Array]:
        """The parameters of each term."""
        ends = np.cumsum([term.structure.lower.size for term in self.terms])
        return np.split(theta, ends[:-1]) if self.terms else []

    def covariances(self, theta: Array) -> list[Array]:
        """G of each term, in the units given."""
        parts = zip(self.terms, self.split(theta), strict=True)
        return [term.structure.covariance(part) * self.unit**2 for term, part in parts]

    @property
    def spread(self) -> float:
        """Mean squared least-squares residual, inner unit, or a little of the sampling variance if that is nothing."""
        return float(np.mean(self._y**2)) + 1e-3 * float(np.median(self.effects.v)) / self.unit**2

    def spread_by_level(self, term: Term) -> Array:
        """Mean squared least-squares residual at each level of a term, inner unit: above what G can sensibly be."""
        size = len(term.structure.covariance(np.zeros(term.structure.lower.size)))
        count = np.maximum(np.bincount(term.levels, minlength=size), 1)
        total = np.bincount(term.levels, weights=self._y**2, minlength=size) / count
        return np.maximum(total, 0.05 * self.spread)

    # --- the likelihood -------------------------------------------------------------------------------------------

    def solve(self, theta: Array) -> Solution | None:
        """Log-likelihood and fixed effects; None where the covariance of the effects has no inverse."""
        gs = [term.structure.covariance(part) for term, part in zip(self.terms, self.split(theta), strict=True)]
        p = self.design.shape[1]
        logdet, xwx, xwy = 0.0, np.zeros((p, p)), np.zeros(p)
        inverses, inverse_designs = [], []
        for number, v in enumerate(self._v):
            whole = v.copy()
            for g, same, level in zip(gs, self._same[number], self._levels[number], strict=True):
                whole += same * g[level[:, :, None], level[:, None, :]]
            try:
                lower = np.linalg.cholesky(whole)
            except np.linalg.LinAlgError:
                return None
            logdet += 2 * float(np.log(np.diagonal(lower, axis1=1, axis2=2)).sum())
            half = np.linalg.inv(lower)
            inverse = half.swapaxes(1, 2) @ half
            wx = inverse @ self._x[number]
            xwx += np.tensordot(self._x[number], wx, ((0, 1), (0, 1)))
            xwy += np.tensordot(wx, self._r[number], 2 * ((0, 1),))
            inverses.append(inverse)
            inverse_designs.append(wx)
        covariance = np.linalg.inv(xwx)
        coefficients = covariance @ xwy
        residuals = [r - x @ coefficients for r, x in zip(self._r, self._x, strict=True)]
        weighted = [(w @ r[:, :, None])[..., 0] for w, r in zip(inverses, residuals, strict=True)]
        rss = sum(float((a * b).sum()) for a, b in zip(residuals, weighted, strict=True))
        restricted = self.method is Tau2Method.REML
        df = self.effects.k - p * restricted
        if restricted:  # the design is orthonormal here, so that log |X'X|, which metafor adds, is 0
            logdet += float(np.linalg.slogdet(xwx)[1])
        loglik = -0.5 * (df * (math.log(2 * math.pi) + 2 * math.log(self.unit)) + logdet + rss)
        return Solution(loglik, rss, coefficients, np.asarray(covariance), inverses, inverse_designs, weighted)

    def slopes(self, theta: Array, at: Solution) -> Slopes:
        """Derivatives at ``theta``, whose solution is ``at``."""
        restricted = self.method is Tau2Method.REML
        parts = self.split(theta)
        firsts = [term.structure.first(part) for term, part in zip(self.terms, parts, strict=True)]
        n = theta.size
        if n == 0:
            return Slopes(np.zeros(0), np.zeros((0, 0)), np.zeros((0, 0)), [])
        by_g = [np.zeros(first.shape[1:]) for first in firsts]
        fitted, traces = np.zeros((n, n)), np.zeros((n, n))
        p = self.design.shape[1]
        between, crossed = np.zeros((n, p)), np.zeros((n, p, p))
        for number, (w, q, r) in enumerate(zip(at.inverse, at.inverse_design, at.weighted_residuals, strict=True)):
            qc = q @ at.covariance
            known = w - qc @ q.swapaxes(1, 2) if restricted else w
            pull = 0.5 * (r[:, :, None] * r[:, None, :] - known)
            changes = []
            for t, (same, level) in enumerate(zip(self._same[number], self._levels[number], strict=True)):
                pair = level[:, :, None] * len(by_g[t]) + level[:, None, :]
                summed = np.bincount(pair.ravel(), weights=(pull * same).ravel(), minlength=by_g[t].size)
                by_g[t] += summed.reshape(by_g[t].shape)
                changes.append(same * firsts[t].reshape(len(firsts[t]), -1)[:, pair])
            change = np.concatenate(changes)
            moved = (change @ r[:, :, None])[..., 0]
            fitted += _inner(moved, (w @ moved[..., None])[..., 0])
            between += np.tensordot(moved, q, 2)
            weighted = w @ change
            traces += _inner(weighted, weighted.swapaxes(2, 3))
            if restricted:
                turned = change @ q
                crossed += np.tensordot(turned, q, ((1, 2), (0, 1))).swapaxes(1, 2)
                traces -= 2 * _inner(turned, w @ (change @ qc))
        if restricted:
            scaled = at.covariance @ crossed
            traces += _inner(scaled, scaled.swapaxes(1, 2))
        fitted -= between @ at.covariance @ between.T
        hessian = 0.5 * traces - fitted
        gradient = np.concatenate([np.einsum("ij,nij->n", g, f) for g, f in zip(by_g, firsts, strict=True)])
        done = 0
        for term, part, g in zip(self.terms, parts, by_g, strict=True):
            second = term.structure.second(part)
            if second is not None:
                own = slice(done, done + part.size)
                hessian[own, own] += np.einsum("ij,nmij->nm", g, second)
            done += part.size
        return Slopes(gradient, hessian, 0.5 * traces, by_g)

    # --- what leaves, in the units given --------------------------------------------------------------------------

    def fixed_effects(self, at: Solution) -> tuple[Array, Array]:
        """Coefficients (p,) and their covariance (p, p)."""
        coefficients = self._back @ (self._start + at.coefficients * self.unit)
        return coefficients, self._back @ at.covariance @ self._back.T * self.unit**2

    def projection_diagonal(self, at: Solution) -> Array:
        """(k,) diagonal of P = W - W X (X'W X)^-1 X'W."""
        found = np.zeros(self.effects.k)
        for batch, w, q in zip(self.partition.batches, at.inverse, at.inverse_design, strict=True):
            own = np.diagonal(w, axis1=1, axis2=2) - np.einsum("bip,pq,biq->bi", q, at.covariance, q)
            found[batch.rows[batch.real]] = own[batch.real]
        return found / self.unit**2

    def leverages(self, at: Solution) -> Array:
        """(k,) diagonal of the hat matrix X (X'W X)^-1 X'W."""
        found = np.zeros(self.effects.k)
        for batch, x, q in zip(self.partition.batches, self._x, at.inverse_design, strict=True):
            found[batch.rows[batch.real]] = np.einsum("bip,pq,biq->bi", x, at.covariance, q)[batch.real]
        return found

    def marginal_covariance(self, theta: Array) -> Entries:
        """V + sum of Z G Z' as entries."""
        gs = [term.structure.covariance(part) for term, part in zip(self.terms, self.split(theta), strict=True)]
        wholes = []
        for number, v in enumerate(self._v):
            whole = v.copy()
            for g, same, level in zip(gs, self._same[number], self._levels[number], strict=True):
                whole += same * g[level[:, :, None], level[:, None, :]]
            wholes.append(whole * self.unit**2)
        return self.partition.entries(wholes)


def _inner(a: Array, b: Array) -> Array:
    """(n, n) sums of products of each of the n arrays of ``a`` with each of ``b``."""
    return np.asarray(a.reshape(len(a), -1) @ b.reshape(len(b), -1).T)
