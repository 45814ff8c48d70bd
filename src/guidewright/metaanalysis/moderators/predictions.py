"""Effects that a meta-regression predicts at values of its moderators."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.kernels.mean import multiplier
from guidewright.metaanalysis.moderators.result import MetaRegression
from guidewright.metaanalysis.notices import CannotPoolError
from guidewright.metaanalysis.options import Model, Prediction, by_name, check_share

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Predictions:
    """Predicted effects, one for each set of values, on the scale of analysis."""

    estimate: tuple[float, ...]
    se: tuple[float, ...]
    low: tuple[float, ...]
    """Limits of the confidence interval of the average effect."""
    high: tuple[float, ...]
    prediction_low: tuple[float, ...] | None
    """Limits within which the effect of a new study lies; None under a common effect."""
    prediction_high: tuple[float, ...] | None
    x: Array = field(repr=False)
    """The rows of the design ``(n, p)``."""
    prediction: Prediction
    level: float


@by_name()
def predict(
    regression: MetaRegression,
    at: Mapping[str, npt.ArrayLike],
    *,
    prediction: Prediction = Prediction.AS_INTERVAL,
    level: float | None = None,
) -> Predictions:
    """Average effects at values of the moderators, with confidence and prediction intervals.

    ``at`` maps columns of the data to one value or several; a column that is not named keeps its typical value (mean,
    reference level). The confidence interval has the distribution of the regression's. The prediction interval adds
    tau2 to the squared standard error; with ``partlett-riley`` it has k - p - 1 degrees of freedom (Higgins et al.
    2009, J R Stat Soc A 172:137), one at least. ``level`` is the regression's if not given.

    Raises :class:`CannotPoolError` for unknown columns and levels, and where a value is missing.
    """
    level = regression.level if level is None else level
    check_share("level", level)
    x = regression.design.at(at)[:, list(regression.columns)]
    if missing := np.flatnonzero(np.isnan(x).any(axis=1)).tolist():
        raise CannotPoolError(f"a moderator is missing in row {missing[0] + 1} of the values to predict at")
    x.setflags(write=False)
    estimate = x @ np.array([c.estimate for c in regression.coefficients])
    variance = np.maximum(((x @ regression.covariance) * x).sum(axis=1), 0.0)
    se = np.sqrt(variance)
    wide = _multiplier(regression.df, level) * se
    far = _multiplier(_prediction_df(regression, prediction), level) * np.sqrt(variance + regression.tau2)
    random = regression.model is Model.RANDOM
    return Predictions(
        estimate=tuple(estimate.tolist()),
        se=tuple(se.tolist()),
        low=tuple((estimate - wide).tolist()),
        high=tuple((estimate + wide).tolist()),
        prediction_low=tuple((estimate - far).tolist()) if random else None,
        prediction_high=tuple((estimate + far).tolist()) if random else None,
        x=x,
        prediction=prediction,
        level=level,
    )


def _multiplier(df: float, level: float) -> float:
    return float(multiplier(level, np.array([df]))[0])


def _prediction_df(regression: MetaRegression, prediction: Prediction) -> float:
    left = float(regression.k - len(regression.coefficients))
    return {
        Prediction.AS_INTERVAL: regression.df,
        Prediction.NORMAL: float("inf"),
        Prediction.T: max(left, 1.0),
        Prediction.PARTLETT_RILEY: max(left - 1, 1.0),
    }[prediction]
