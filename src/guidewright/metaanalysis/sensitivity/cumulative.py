"""Cumulative meta-analysis: the pooled result as studies came in (Lau et al. 1992)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.kernels.groups import Array
from guidewright.metaanalysis.notices import CannotPoolError, Notice
from guidewright.metaanalysis.options import Interval, Model, Tau2Method, by_name, check_share
from guidewright.metaanalysis.rows import Rows, columns, rows_numbered, weights_of
from guidewright.metaanalysis.sensitivity.refits import Refits, blocks_of, read_studies, refit


@dataclass(frozen=True, eq=False)
class Cumulative:
    """``results`` has one entry for each step."""

    results: Refits
    rows: tuple[tuple[int, ...], ...]
    """Numbers of the rows that each step added, from 0."""
    model: Model
    tau2_method: Tau2Method | None
    interval: Interval
    level: float
    notices: tuple[Notice, ...]


@by_name()
def cumulative(
    y: npt.ArrayLike,
    v: npt.ArrayLike | None = None,
    order: npt.ArrayLike | None = None,
    *,
    se: npt.ArrayLike | None = None,
    together: bool = False,
    model: Model = Model.RANDOM,
    tau2_method: Tau2Method = Tau2Method.REML,
    interval: Interval = Interval.WALD,
    level: float = 0.95,
    weights: npt.ArrayLike | None = None,
) -> Cumulative:
    """Pool the first study, then the first two, and so on.

    ``order`` (k,) such as the year: the studies enter from the lowest on; None keeps the order of the rows. Studies of
    the same order enter one after the other as the rows stand, or in one step if ``together``. A row without an order
    is left out with the notice ``rows-dropped``. ``weights`` (k,), in the order of the rows given, as in ``pool``.

    Raises :class:`CannotPoolError` for rows that cannot be pooled.
    """
    check_share("level", level)
    rows = read_studies(y, v, se, least=1, tau2_method=tau2_method, weighted=weights is not None)
    rows, values = in_order(rows, order, np.size(y))
    k = len(rows.y)
    last = np.append(values[1:] != values[:-1], True) if together else np.ones(k, dtype=bool)
    ends = np.flatnonzero(last) + 1
    results = refit(
        rows.y,
        rows.v,
        (np.arange(k) < ends[block, None] for block in blocks_of(len(ends), k)),
        model=model,
        tau2_method=tau2_method,
        interval=interval,
        level=level,
        weights=None if weights is None else weights_of(weights, np.size(y), rows.kept, zero=True),
    )
    added = tuple(tuple(part.tolist()) for part in np.split(rows.kept, ends[:-1]))
    method = tau2_method if model is Model.RANDOM else None
    return Cumulative(results, added, model, method, interval, level, rows.notices)


def in_order(rows: Rows, order: npt.ArrayLike | None, given: int) -> tuple[Rows, Array]:
    """The rows sorted by ``order`` (of all ``given`` rows, as numbers), ties as they stand; and the sorted order.

    Raises :class:`CannotPoolError` if no row has an order.
    """
    if order is None:
        return rows, np.arange(len(rows.y), dtype=np.float64)
    values = columns(order=order)["order"]
    if len(values) != given:
        raise CannotPoolError(f"columns must have the same number of rows; `y` has {given}, `order` has {len(values)}")
    missing = np.isnan(values[rows.kept])
    notices = rows.notices
    if missing.all():
        raise CannotPoolError("no row that can be pooled has a value in `order`")
    if missing.any():
        text = f"{rows_numbered(rows.kept[missing])} left out: no value in `order`"
        notices = (*notices, Notice("rows-dropped", text))
    kept = np.flatnonzero(~missing)
    kept = kept[np.argsort(values[rows.kept[kept]], kind="stable")]
    return Rows(rows.y[kept], rows.v[kept], rows.kept[kept], notices), values[rows.kept[kept]]
