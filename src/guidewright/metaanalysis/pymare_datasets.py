"""To and from PyMARE's data sets, so that an analysis can go on in either library."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.notices import CannotPoolError
from guidewright.metaanalysis.rows import columns

if TYPE_CHECKING:
    from pymare import Dataset

Array = npt.NDArray[np.float64]


def to_pymare(y: npt.ArrayLike, v: npt.ArrayLike, moderators: Mapping[str, npt.ArrayLike] | None = None) -> Dataset:
    """A ``pymare.Dataset`` of effects ``y`` (k,), variances ``v`` (k,) and numeric moderators (k,) by name.

    PyMARE adds the intercept itself. Raises :class:`CannotPoolError` for columns of different lengths.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # PyMARE leaves a file of its own open
        from pymare import Dataset  # noqa: PLC0415 - takes two seconds to import

    given = columns(y=y, v=v, **(moderators or {}))
    names = list(moderators or {})
    design = np.column_stack([given[name] for name in names]) if names else None
    return Dataset(given["y"], given["v"], X=design, X_names=names or None)


def from_pymare(dataset: Dataset) -> tuple[Array, Array, dict[str, Array]]:
    """Effects (k,), variances (k,) and moderators by name, without the intercept, of a ``pymare.Dataset``.

    Raises :class:`CannotPoolError` for a data set of several parallel analyses, or one without variances.
    """
    y = np.asarray(dataset.y, dtype=np.float64)
    if y.ndim > 1 and y.shape[1] > 1:
        raise CannotPoolError(f"the data set holds {y.shape[1]} analyses side by side; take one column")
    if dataset.v is None:
        raise CannotPoolError("the data set has no sampling variances")
    design = np.asarray(dataset.X, dtype=np.float64)
    by_name = {str(name): design[:, number] for number, name in enumerate(dataset.X_names)}
    found = {name: column for name, column in by_name.items() if not (column == 1).all()}
    return y.reshape(-1), np.asarray(dataset.v, dtype=np.float64).reshape(-1), found
