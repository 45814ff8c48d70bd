"""The profile of tau2: the log-likelihood over a grid of its values, for a figure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.kernels.groups import Array, Groups
from guidewright.metaanalysis.kernels.likelihood import log_likelihood, maximise
from guidewright.metaanalysis.notices import CannotPoolError, Notice
from guidewright.metaanalysis.options import Tau2Method, by_name
from guidewright.metaanalysis.rows import frozen
from guidewright.metaanalysis.sensitivity.refits import LIKELIHOOD, read_studies


@dataclass(frozen=True, eq=False)
class Tau2Profile:
    """The curve, and its highest point."""

    tau2: Array
    """Points of the grid, from 0; the maximum is one of them. Read-only, like the following."""
    log_likelihood: Array
    """With the constant, as metafor's ``logLik``; the mean is at its best for each tau2."""
    maximum: float
    """tau2 at the global maximum."""
    log_likelihood_maximum: float
    tau2_method: Tau2Method
    notices: tuple[Notice, ...]


@by_name()
def tau2_profile(
    y: npt.ArrayLike,
    v: npt.ArrayLike | None = None,
    *,
    se: npt.ArrayLike | None = None,
    tau2_method: Tau2Method = Tau2Method.REML,
    highest: float | None = None,
    points: int = 101,
) -> Tau2Profile:
    """Log-likelihood (ML) or restricted log-likelihood (REML) at ``points`` values of tau2 up to ``highest``.

    ``highest`` None: four times the estimate plus twice the smallest variance, which shows where the curve levels off.

    Raises :class:`CannotPoolError` with fewer than two studies, and for other estimators.
    """
    if tau2_method not in LIKELIHOOD:
        raise CannotPoolError(f"{tau2_method} maximises no likelihood; use ML or REML")
    if points < 2:
        raise CannotPoolError(f"`points` is {points}; a curve needs 2 or more")
    if highest is not None and not 0 < highest < np.inf:
        raise CannotPoolError(f"`highest` is {highest:g}; tau2 must go up to a number above 0")
    rows = read_studies(y, v, se, least=2, tau2_method=tau2_method)
    k, restricted = len(rows.y), tau2_method is Tau2Method.REML
    centred = rows.y - rows.y.mean()
    found = maximise(centred, rows.v, Groups.of_sizes([k]), restricted=restricted)
    if not found.converged[0]:
        raise CannotPoolError(f"the search for tau2 by {tau2_method} did not converge")
    best = float(found.tau2[0])
    grid = np.linspace(0, 4 * best + 2 * rows.v.min() if highest is None else highest, points)
    grid = np.union1d(grid, [best])
    groups = Groups.of_sizes(np.full(len(grid), k))
    curve = log_likelihood(np.tile(centred, len(grid)), np.tile(rows.v, len(grid)), groups, grid, restricted=restricted)
    curve = curve - 0.5 * (k - restricted) * np.log(2 * np.pi)
    top = float(curve[np.searchsorted(grid, best)])
    return Tau2Profile(frozen(grid), frozen(curve), best, top, tau2_method, rows.notices)
