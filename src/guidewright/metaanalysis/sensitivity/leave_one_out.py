"""Leave-one-out analysis: the pooled result without each study in turn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.notices import Notice
from guidewright.metaanalysis.options import Interval, Model, Tau2Method, by_name, check_share
from guidewright.metaanalysis.rows import weights_of
from guidewright.metaanalysis.sensitivity.refits import Refits, read_studies, refit, without_each


@dataclass(frozen=True, eq=False)
class LeaveOneOut:
    """``results`` has one entry for each study, in the order of the rows: the result without it."""

    results: Refits
    rows: tuple[int, ...]
    """Number of the row that was left out, from 0."""
    model: Model
    tau2_method: Tau2Method | None
    interval: Interval
    level: float
    notices: tuple[Notice, ...]


@by_name()
def leave_one_out(
    y: npt.ArrayLike,
    v: npt.ArrayLike | None = None,
    *,
    se: npt.ArrayLike | None = None,
    model: Model = Model.RANDOM,
    tau2_method: Tau2Method = Tau2Method.REML,
    interval: Interval = Interval.WALD,
    level: float = 0.95,
    weights: npt.ArrayLike | None = None,
) -> LeaveOneOut:
    """Pool all studies but one, for each of the ``k`` studies.

    ``y`` (k,) effects on the scale of analysis, ``v`` their variances or ``se`` their standard errors. The options are
    those of :func:`guidewright.metaanalysis.pooling.pool` and have the same defaults, so that the refits compare with
    the main result. With two studies the refits are the studies themselves.

    Raises :class:`CannotPoolError` with fewer than two studies, or rows that cannot be pooled.
    """
    check_share("level", level)
    rows = read_studies(y, v, se, least=2, tau2_method=tau2_method, weighted=weights is not None)
    results = refit(
        rows.y,
        rows.v,
        without_each(len(rows.y)),
        model=model,
        tau2_method=tau2_method,
        interval=interval,
        level=level,
        weights=None if weights is None else weights_of(weights, np.size(y), rows.kept, zero=True),
    )
    method = tau2_method if model is Model.RANDOM else None
    return LeaveOneOut(results, tuple(rows.kept.tolist()), model, method, interval, level, rows.notices)
