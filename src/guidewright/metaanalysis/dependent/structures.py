"""Covariance matrices between the levels of a random effect, as functions of parameters with simple bounds.

Each matrix G (L, L) comes with its first and second derivatives, so that the likelihood can be climbed with Newton
steps. Compound symmetry is written by its two eigenvalues, which makes it linear in parameters that only need to be 0
or more; the unstructured matrix by its Cholesky factor (Pinheiro & Bates 1996), free of bounds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from guidewright.metaanalysis.dependent.blocks import Array
from guidewright.metaanalysis.dependent.options import RandomStructure


class Structure(Protocol):
    """How a covariance matrix follows from its parameters."""

    @property
    def lower(self) -> Array:
        """(n,) lowest values of the parameters."""

    @property
    def upper(self) -> Array:
        """(n,) highest values."""

    @property
    def variances(self) -> bool:
        """Whether each parameter is itself a variance."""

    def covariance(self, parameters: Array) -> Array:
        """G (L, L)."""

    def first(self, parameters: Array) -> Array:
        """(n, L, L) derivatives of G."""

    def second(self, parameters: Array) -> Array | None:
        """(n, n, L, L) second derivatives; None if all are 0."""

    def parameters(self, covariance: Array) -> Array:
        """The parameters of a positive definite G, or of the nearest one that the structure can make."""

    def spans(self, scale: Array) -> Array:
        """(n,) the longest sensible step, given the standard deviations (L,) of the levels."""


@dataclass(frozen=True, eq=False)
class Linear:
    """G = sum of parameters (0 or more) times fixed matrices ``basis`` (n, L, L) that share no eigenvector."""

    basis: Array
    variances: bool

    @property
    def lower(self) -> Array:
        return np.zeros(len(self.basis))

    @property
    def upper(self) -> Array:
        return np.full(len(self.basis), np.inf)

    def covariance(self, parameters: Array) -> Array:
        return np.asarray(np.einsum("n,nij->ij", parameters, self.basis))

    def first(self, parameters: Array) -> Array:
        return self.basis

    def second(self, parameters: Array) -> Array | None:
        return None

    def parameters(self, covariance: Array) -> Array:
        flat = self.basis.reshape(len(self.basis), -1)
        return np.asarray(np.maximum(np.linalg.lstsq(flat.T, covariance.ravel(), rcond=None)[0], 0.0))

    def spans(self, scale: Array) -> Array:
        return np.full(len(self.basis), 1e3 * float(scale.max()) ** 2)


@dataclass(frozen=True, eq=False)
class Unstructured:
    """G = C C' with C lower triangular; its entries row by row are the parameters."""

    size: int
    variances: bool = False

    @property
    def lower(self) -> Array:
        return np.full(self.size * (self.size + 1) // 2, -np.inf)

    @property
    def upper(self) -> Array:
        return -self.lower

    def _factor(self, parameters: Array) -> Array:
        factor = np.zeros((self.size, self.size))
        factor[np.tril_indices(self.size)] = parameters
        return factor

    def covariance(self, parameters: Array) -> Array:
        factor = self._factor(parameters)
        return factor @ factor.T

    def _units(self) -> Array:
        i, j = np.tril_indices(self.size)
        units = np.zeros((i.size, self.size, self.size))
        units[np.arange(i.size), i, j] = 1.0
        return units

    def first(self, parameters: Array) -> Array:
        half = self._units() @ self._factor(parameters).T
        return half + half.swapaxes(1, 2)

    def second(self, parameters: Array) -> Array | None:
        units = self._units()
        half = np.einsum("aij,bkj->abik", units, units)
        return np.asarray(half + half.swapaxes(2, 3))

    def parameters(self, covariance: Array) -> Array:
        return np.asarray(np.linalg.cholesky(covariance)[np.tril_indices(self.size)], dtype=float)

    def spans(self, scale: Array) -> Array:
        return 3 * scale[np.tril_indices(self.size)[0]]


@dataclass(frozen=True, eq=False)
class Heteroscedastic:
    """Compound symmetry with unequal variances: parameters are the standard deviations, then the correlation."""

    size: int
    variances: bool = False

    @property
    def lower(self) -> Array:
        return np.append(np.zeros(self.size), -1 / (self.size - 1))

    @property
    def upper(self) -> Array:
        return np.append(np.full(self.size, np.inf), 1.0)

    def _parts(self, parameters: Array) -> tuple[Array, Array, Array]:
        off = 1 - np.eye(self.size)
        return np.diag(parameters[:-1]), np.eye(self.size) + parameters[-1] * off, off

    def covariance(self, parameters: Array) -> Array:
        sd, correlation, _off = self._parts(parameters)
        return sd @ correlation @ sd

    def first(self, parameters: Array) -> Array:
        sd, correlation, off = self._parts(parameters)
        half = np.einsum("ai,aj,jk->aik", np.eye(self.size), np.eye(self.size), correlation @ sd)
        return np.concatenate([half + half.swapaxes(1, 2), (sd @ off @ sd)[None]])

    def second(self, parameters: Array) -> Array | None:
        sd, correlation, off = self._parts(parameters)
        n, unit = self.size, np.eye(self.size)
        found = np.zeros((n + 1, n + 1, n, n))
        half = np.einsum("ai,bk,ab->abik", unit, unit, correlation)
        found[:n, :n] = half + half.swapaxes(2, 3)
        half = np.einsum("ai,ak->aik", unit, off @ sd)
        found[:n, n] = found[n, :n] = half + half.swapaxes(1, 2)
        return found

    def parameters(self, covariance: Array) -> Array:
        sd = np.sqrt(np.diag(covariance))
        correlation = covariance / np.outer(sd, sd)
        shared = float(correlation[np.tril_indices(self.size, -1)].mean())
        return np.append(sd, min(max(shared, float(self.lower[-1])), float(self.upper[-1])))

    def spans(self, scale: Array) -> Array:
        return np.append(3 * scale, 0.5)


def structure_of(kind: RandomStructure, size: int, correlation: float | None = None) -> Structure:
    """The structure of ``size`` levels; with ``correlation`` given, compound symmetry has that one and no other."""
    unit, all_ones = np.eye(size), np.ones((size, size))
    if size == 1 or kind is RandomStructure.ID:
        return Linear(unit[None], variances=True)
    if kind is RandomStructure.DIAG:
        return Linear(np.einsum("ai,aj->aij", unit, unit), variances=True)
    if correlation is not None:
        return Linear((unit + correlation * (all_ones - unit))[None], variances=True)
    if kind is RandomStructure.CS:
        return Linear(np.stack([unit - all_ones / size, all_ones / size]), variances=False)
    return Heteroscedastic(size) if kind is RandomStructure.HCS else Unstructured(size)
