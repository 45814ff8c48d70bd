"""Where the climbs begin: several sizes and patterns of the variance components, the boundary among them."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from guidewright.metaanalysis.dependent.blocks import Array
from guidewright.metaanalysis.dependent.likelihood import Likelihood, Term
from guidewright.metaanalysis.dependent.maximum import Summit
from guidewright.metaanalysis.dependent.structures import Linear

#: Variances as shares of the spread of the effects.
SIZES = (0.02, 0.15, 0.5, 1.2)
#: Correlations between outcomes.
CORRELATIONS = (0.05, 0.5, 0.9)


def starts_of_levels(likelihood: Likelihood) -> list[Array]:
    """All components at 0, equal shares, and each level nearly alone; of every pattern the best size."""
    n = len(likelihood.terms)
    if n == 0:
        return [np.zeros(0)]
    spread = float(np.mean([likelihood.spread_by_level(term).mean() for term in likelihood.terms]))
    patterns = [np.full(n, 1 / n)]
    if n > 1:
        patterns += [np.where(np.arange(n) == one, 0.95, 0.05 / n) for one in range(n)]
    return [np.zeros(n), *(_best(likelihood, [size * spread * one for size in SIZES]) for one in patterns)]


def starts_of_outcomes(likelihood: Likelihood, term: Term, spread: Array) -> list[Array]:
    """Several correlations, and each outcome in turn nearly without variance; of every pattern the best size."""
    sd, levels = np.sqrt(spread), spread.size
    negative = -0.8 / (levels - 1) if levels > 1 else 0.0
    patterns = [(rho, np.ones(levels)) for rho in (*CORRELATIONS, negative)]
    if levels > 1:
        patterns += [(0.3, np.where(np.arange(levels) == one, 0.05, 1.0)) for one in range(levels)]
    found = [np.zeros(term.structure.lower.size)] if isinstance(term.structure, Linear) else []
    for rho, weight in patterns:
        shape = rho * np.ones((levels, levels)) + (1 - rho) * np.eye(levels)
        scaled = shape * np.outer(sd * weight, sd * weight)
        found.append(_best(likelihood, [term.structure.parameters(size * scaled) for size in SIZES]))
    return found


def uphill_from_saddle(likelihood: Likelihood, summit: Summit) -> Array | None:
    """A start away from the summit if its only term has a singular G that the likelihood wants to widen; else None.

    Where a column of the Cholesky factor is 0 the gradient by that column is 0 too, whatever the likelihood does. At a
    maximum its slope by G itself must not be positive in any direction that G lacks.
    """
    structure = likelihood.terms[0].structure
    g = structure.covariance(summit.theta)
    unit = np.sqrt(likelihood.spread_by_level(likelihood.terms[0]))
    values, vectors = np.linalg.eigh(g / np.outer(unit, unit))
    lacking = vectors[:, values < 1e-8]
    if lacking.shape[1] == 0:
        return None
    slope = lacking.T @ (summit.slopes.by_covariance[0] * np.outer(unit, unit)) @ lacking
    if np.linalg.eigvalsh(slope)[-1] < 1e-6:
        return None
    wider = g / np.outer(unit, unit) + 0.1 * lacking @ lacking.T + 1e-6 * np.eye(len(g))
    return structure.parameters(wider * np.outer(unit, unit))


def spans(likelihood: Likelihood) -> Array:
    """The longest sensible step of every parameter."""
    parts = [term.structure.spans(np.sqrt(likelihood.spread_by_level(term))) for term in likelihood.terms]
    return np.concatenate([np.zeros(0), *parts])


def _best(likelihood: Likelihood, candidates: Sequence[Array]) -> Array:
    solutions = [likelihood.solve(one) for one in candidates]
    heights = [-math.inf if solution is None else solution.loglik for solution in solutions]
    return candidates[int(np.argmax(heights))]
