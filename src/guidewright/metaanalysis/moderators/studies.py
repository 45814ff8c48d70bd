"""The rows and columns that a meta-regression can use: gaps and redundant columns out, impossible data refused."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.moderators.batch import independent_columns
from guidewright.metaanalysis.moderators.design_matrix import DesignMatrix
from guidewright.metaanalysis.moderators.mixed_effects import MixedEffectsFits
from guidewright.metaanalysis.moderators.tau2 import NEED_POSITIVE_VARIANCES
from guidewright.metaanalysis.notices import CannotPoolError, Notice
from guidewright.metaanalysis.options import Model, Tau2Method, check_share
from guidewright.metaanalysis.rows import effects_and_variances, rows_numbered, weights_of

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Studies:
    """Complete rows and independent columns."""

    y: Array
    v: Array
    x: Array
    """``(k, p)`` of full rank."""
    weights: Array | None
    rows: tuple[int, ...]
    """Numbers of the rows, from 0."""
    columns: tuple[int, ...]
    """Places of the columns in the design."""
    names: tuple[str, ...]
    """Their names."""
    tau2_method: Tau2Method
    estimates_tau2: bool
    notices: tuple[Notice, ...] = field(default=())

    @property
    def k(self) -> int:
        """Number of studies."""
        return len(self.y)

    def check(self, fits: MixedEffectsFits) -> None:
        """Refuse fits of these studies that did not converge, or that give all the weight to variances of 0."""
        if not self.v.all() and not (fits.tau2 > 0).all():
            where = rows_numbered(np.array(self.rows)[self.v == 0])
            raise CannotPoolError(
                f"the variance is 0 in {where} and tau2 is not above 0: these studies would take all the weight; "
                "correct them or leave them out"
            )
        if not fits.converged.all():
            raise CannotPoolError(
                f"the search for tau2 by {self.tau2_method} did not converge; choose another estimator"
            )


def studies(
    y: npt.ArrayLike,
    v: npt.ArrayLike,
    design: DesignMatrix,
    *,
    model: Model,
    tau2_method: Tau2Method,
    tau2: float | None,
    level: float,
    weights: npt.ArrayLike | None,
) -> Studies:
    """Rows with effect, variance and all moderators, and the columns that are left of the design.

    Raises :class:`CannotPoolError` for infinities, negative variances, variances of 0 where the method divides by
    them, weights that are negative, lengths that differ, and too few studies for the columns.
    """
    check_share("level", level)
    if tau2 is not None and not 0 <= tau2 < np.inf:
        raise CannotPoolError(f"`tau2` must be 0 or more; found {tau2:g}")
    estimates = model is Model.RANDOM and tau2 is None
    rows = effects_and_variances(y, v, zero_variance=estimates and tau2_method not in NEED_POSITIVE_VARIANCES)
    total = np.atleast_1d(np.asarray(y)).size
    matrix = design.matrix if design.names != ("intercept",) else np.ones((total, 1))
    if len(matrix) != total:
        raise CannotPoolError(f"the moderators have {len(matrix)} rows and `y` has {total}; both need one per study")
    notices = [*rows.notices, *design.notices]
    complete = ~np.isnan(matrix[rows.kept]).any(axis=1)
    if not complete.all():
        text = f"{rows_numbered(rows.kept[~complete])} left out: a moderator is missing"
        notices.append(Notice("rows-dropped", text))
    used = rows.kept[complete]
    if not len(used):
        raise CannotPoolError("no row has an effect, a variance and all moderators")
    x = matrix[used]
    kept = independent_columns(x)
    if dropped := [name for place, name in enumerate(design.names) if place not in kept]:
        text = f"left out, since they follow from the other columns: {', '.join(dropped)}"
        notices.append(Notice("columns-dropped", text))
    if not kept:
        raise CannotPoolError("no column of the moderators varies; there is nothing to regress on")
    needed = len(kept) + (1 if estimates else 0)
    if len(used) < needed:
        raise CannotPoolError(
            f"{len(used)} studies are too few for {len(kept)} coefficients{' and tau2' if estimates else ''}: "
            f"{needed} are needed; use fewer moderators, or factors with fewer levels"
        )
    values, variances = rows.y[complete], rows.v[complete]
    for array in (values, variances):
        array.setflags(write=False)
    return Studies(
        values,
        variances,
        x[:, kept],
        _weights(weights, used, total, tau2_method if estimates else None),
        tuple(used.tolist()),
        tuple(kept),
        tuple(design.names[place] for place in kept),
        tau2_method,
        estimates,
        tuple(notices),
    )


def _weights(
    weights: npt.ArrayLike | None, used: npt.NDArray[np.int64], total: int, method: Tau2Method | None
) -> Array | None:
    if weights is None:
        if method in {Tau2Method.GENQ, Tau2Method.GENQM}:
            raise CannotPoolError(f"{method} needs `weights`, one for each row")
        return None
    return weights_of(weights, total, used)
