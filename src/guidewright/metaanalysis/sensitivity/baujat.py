"""Baujat's two numbers for each study: what it adds to heterogeneity, and how it moves the result."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.kernels.groups import Array
from guidewright.metaanalysis.notices import Notice
from guidewright.metaanalysis.options import Interval, Model, Tau2Method, by_name
from guidewright.metaanalysis.rows import frozen, weights_of
from guidewright.metaanalysis.sensitivity.influence import fit_whole_and_parts
from guidewright.metaanalysis.sensitivity.refits import read_studies


@dataclass(frozen=True, eq=False)
class Baujat:
    """The two coordinates of each study, each a read-only array (k,)."""

    heterogeneity: Array
    """Squared residual by the study's variance and tau2; under a common effect these add up to Q."""
    influence: Array
    """Squared move of the result when the study is left out, by the variance of the result without it."""
    rows: tuple[int, ...]
    """Number of each study's row, from 0."""
    model: Model
    tau2_method: Tau2Method | None
    notices: tuple[Notice, ...]


@by_name()
def baujat(
    y: npt.ArrayLike,
    v: npt.ArrayLike | None = None,
    *,
    se: npt.ArrayLike | None = None,
    model: Model = Model.COMMON,
    tau2_method: Tau2Method = Tau2Method.REML,
    weights: npt.ArrayLike | None = None,
) -> Baujat:
    """Coordinates of the plot of Baujat, Mahé, Pignon & Hill 2002 (Statistics in Medicine 21:2641).

    The authors use the common effect, hence the default: its x coordinates are the parts of Q. ``weights`` (k,) are
    those of :func:`guidewright.metaanalysis.pooling.pool`.

    Raises :class:`CannotPoolError` with fewer than two studies, or rows that cannot be pooled.
    """
    rows = read_studies(y, v, se, least=2, tau2_method=tau2_method, weighted=weights is not None)
    given = None if weights is None else weights_of(weights, np.size(y), rows.kept, zero=True)
    fit = fit_whole_and_parts(rows, model, tau2_method, Interval.WALD, given)
    moved = fit.estimate - fit.without.estimate
    return Baujat(
        heterogeneity=frozen((rows.y - fit.estimate) ** 2 / (rows.v + fit.tau2)),
        influence=frozen(moved**2 / np.square(fit.without.se)),
        rows=tuple(rows.kept.tolist()),
        model=model,
        tau2_method=tau2_method if model is Model.RANDOM else None,
        notices=rows.notices,
    )
