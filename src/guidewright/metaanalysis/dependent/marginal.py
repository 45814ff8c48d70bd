"""The model that a cluster-robust variance needs: effects, design and the covariance that the model gives them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.dependent.blocks import Array, Booleans, Entries
from guidewright.metaanalysis.dependent.effects import check_design, read_effects
from guidewright.metaanalysis.notices import CannotPoolError, Notice


@dataclass(frozen=True, eq=False)
class MarginalModel:
    """y ~ N(X b, covariance), the weights being the inverse of the covariance."""

    y: Array
    """(k,) effects used."""
    design: Array
    """(k, p) columns of the fixed effects."""
    names: tuple[str, ...]
    """(p,) names of the columns."""
    tested: tuple[int, ...]
    """Columns of the joint test: the moderators, or all where there are none."""
    covariance: Entries
    """Covariance (k, k) of the effects: sampling and random effects together."""
    kept: Booleans
    """(N,) which of the rows given are used."""
    notices: tuple[Notice, ...]
    """What was said when the rows were read."""


def marginal_model(
    y: npt.ArrayLike,
    v: Any,
    *,
    tau2: float = 0.0,
    moderators: npt.ArrayLike | None = None,
    intercept: bool = True,
    names: Sequence[str] | None = None,
) -> MarginalModel:
    """An ordinary pooled analysis (or meta-regression) as a model for :func:`cluster_robust`.

    ``y`` (N,) effects; ``v`` (N,) sampling variances or their covariance; ``tau2`` the between-study variance that the
    analysis estimated (0: common effect); ``moderators`` (N, m). Raises :class:`CannotPoolError` for impossible data.
    """
    if not (tau2 >= 0 and math.isfinite(tau2)):
        raise CannotPoolError(f"tau2 is {tau2}; it must be a number from 0 on")
    effects = read_effects(y, v, moderators)
    design, columns, tested = design_of(effects.moderators, intercept=intercept, names=names)
    check_design(design, columns)
    own = effects.covariance.i == effects.covariance.j
    total = Entries(effects.covariance.i, effects.covariance.j, effects.covariance.value + tau2 * own)
    return MarginalModel(effects.y, design, columns, tested, total, effects.kept, effects.notices)


def design_of(
    moderators: Array, *, intercept: bool, names: Sequence[str] | None
) -> tuple[Array, tuple[str, ...], tuple[int, ...]]:
    """Design (k, p), names of its columns, and the columns that a joint test is about."""
    k, m = moderators.shape
    given = tuple(names) if names is not None else tuple(f"moderator {number + 1}" for number in range(m))
    if len(given) != m:
        raise CannotPoolError(f"{len(given)} names for {m} moderators; give one for each")
    if not intercept:
        if m == 0:
            raise CannotPoolError("without intercept and moderators there is nothing to estimate")
        return moderators, given, tuple(range(m))
    design = np.column_stack([np.ones(k), moderators])
    return design, ("intercept", *given), tuple(range(1, m + 1)) or (0,)
