"""What a bubble plot shows: studies by a moderator, and the line of the meta-regression with its intervals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.moderators.predictions import Predictions, predict
from guidewright.metaanalysis.moderators.result import MetaRegression
from guidewright.metaanalysis.notices import CannotPoolError
from guidewright.metaanalysis.options import Prediction, by_name


@dataclass(frozen=True)
class BubblePoint:
    """One study."""

    row: int
    """Its row number, from 0."""
    x: float
    """Value of the moderator."""
    y: float
    """Effect on the scale of analysis."""
    weight: float
    """Weight in percent, by which the area of the circle is drawn."""


@dataclass(frozen=True)
class BubblePlot:
    """Points and line of a bubble plot (Thompson & Higgins 2002, Stat Med 21:1559)."""

    column: str
    points: tuple[BubblePoint, ...]
    x: tuple[float, ...]
    """Values of the moderator along the line."""
    line: Predictions
    """Predicted effects with both intervals at these values."""
    holding: tuple[tuple[str, float | str], ...]
    """Values at which the other moderators are held along the line."""


@by_name()
def bubble_plot(
    regression: MetaRegression,
    column: str,
    *,
    holding: Mapping[str, float | str] | None = None,
    points: int = 60,
    prediction: Prediction = Prediction.AS_INTERVAL,
) -> BubblePlot:
    """Points by one numeric moderator, and the line over its range at ``points`` values.

    Other moderators are held at ``holding``, else at their mean or reference level.

    Raises :class:`CannotPoolError` where the column is no numeric moderator of the regression.
    """
    design = regression.design
    if column not in design.typical or isinstance(design.typical[column], str):
        numeric = [name for name, value in design.typical.items() if not isinstance(value, str)]
        raise CannotPoolError(
            f"`{column}` is no numeric moderator of this regression; there are {', '.join(numeric) or 'none'}"
        )
    rows = list(regression.rows)
    values = np.asarray(design.data[column], dtype=np.float64)[rows]
    along = np.linspace(values.min(), values.max(), points)
    held = {name: value for name, value in design.typical.items() if name != column} | dict(holding or {})
    at: dict[str, npt.ArrayLike] = {**held, column: along}
    drawn = zip(rows, values.tolist(), regression.y.tolist(), regression.weights, strict=True)
    return BubblePlot(
        column,
        tuple(BubblePoint(*point) for point in drawn),
        tuple(along.tolist()),
        predict(regression, at, prediction=prediction),
        tuple(held.items()),
    )
