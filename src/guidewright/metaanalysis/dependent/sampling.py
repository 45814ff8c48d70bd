"""Sampling covariance of effects that share patients, from a declared correlation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.dependent.blocks import Array
from guidewright.metaanalysis.notices import CannotPoolError


def sampling_covariance(
    v: npt.ArrayLike,
    clusters: Sequence[Any] | npt.ArrayLike,
    *,
    correlation: float,
    times: npt.ArrayLike | None = None,
) -> Array:
    """Covariance (N, N) of sampling errors: ``correlation`` between effects of one cluster, none between clusters.

    ``v`` (N,) sampling variances (NaN where an effect is missing), ``clusters`` (N,) labels of the studies. With
    ``times`` (N,) the correlation of two effects falls with the time between them, as correlation ** abs(t1 - t2)
    (Ishak et al. 2007). The correlation is rarely printed: declare one and repeat the analysis with others
    (Borenstein et al. 2009, chapter 24).

    Raises :class:`CannotPoolError` for a correlation outside -1 to 1 (from 0 on with ``times``), and for a negative
    one that a cluster of several effects cannot have.
    """
    variances, labels = np.asarray(v, dtype=float), np.asarray(clusters)
    if variances.ndim != 1 or labels.shape != variances.shape:
        raise CannotPoolError(
            f"variances of shape {variances.shape} and clusters of shape {labels.shape}: one of each per row"
        )
    lowest = 0.0 if times is not None else -1.0
    if not lowest <= correlation <= 1:
        raise CannotPoolError(f"correlation {correlation}: it lies between {lowest:g} and 1")
    if np.any(variances < 0):
        row = int(np.flatnonzero(variances < 0)[0])
        raise CannotPoolError(f"row {row + 1}: the sampling variance {variances[row]:g} is below 0")
    same = labels[:, None] == labels[None, :]
    largest = int(same.sum(axis=1).max(initial=1))
    if correlation < 0 and correlation * (largest - 1) < -1:
        raise CannotPoolError(
            f"correlation {correlation}: the {largest} effects of one cluster cannot all be correlated below "
            f"{-1 / (largest - 1):g}"
        )
    shared: Any = correlation
    if times is not None:
        when = np.asarray(times, dtype=float)
        if when.shape != variances.shape or not np.isfinite(when).all():
            raise CannotPoolError("times must be one finite number for each row")
        shared = correlation ** np.abs(when[:, None] - when[None, :])
    sd = np.sqrt(variances)
    found = np.where(same, shared * np.outer(sd, sd), 0.0)
    np.fill_diagonal(found, variances)
    return found
