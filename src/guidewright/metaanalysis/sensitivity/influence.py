"""How each study sways the result (Viechtbauer & Cheung 2010, Research Synthesis Methods 1:112)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.kernels.distributions import chi2_quantile
from guidewright.metaanalysis.kernels.groups import Array, Groups
from guidewright.metaanalysis.notices import CannotPoolError, Notice
from guidewright.metaanalysis.options import Interval, Model, Tau2Method, by_name
from guidewright.metaanalysis.pooling import pool_many
from guidewright.metaanalysis.rows import Rows, frozen
from guidewright.metaanalysis.sensitivity.refits import Mask, Refits, blocks_of, read_studies, refit, without_each

#: A residual below this is the rounding of a subtraction.
ROUNDING = 100 * float(np.finfo(np.float64).eps)


@dataclass(frozen=True, eq=False)
class Influence:
    """One value for each study, each a read-only array (k,)."""

    residual: Array
    """Effect less the pooled result."""
    standardised_residual: Array
    """The residual by its standard error."""
    studentised_deleted_residual: Array
    """Effect less the result without the study, by the standard error of that difference."""
    dffits: Array
    """Standard errors by which the study's fitted value moves when it is left out."""
    cooks_distance: Array
    covariance_ratio: Array
    """Variance of the result without the study by that with it; below 1 the study makes the result less precise."""
    tau2_deleted: Array
    """tau2 without the study."""
    q_deleted: Array
    """Q without the study."""
    hat: Array
    """Leverage: the share of the study in its own fitted value."""
    weight: Array
    """In percent."""
    dfbetas: Array
    """Standard errors by which the pooled result moves when the study is left out."""
    influential: Mask
    """``|dffits| > 3 / sqrt(k - 1)``, or Cook's distance beyond the median of chi-squared with 1 degree of freedom, or
    ``hat > 3 / k``, or ``|dfbetas| > 1``."""
    rows: tuple[int, ...]
    """Number of each study's row, from 0."""
    model: Model
    tau2_method: Tau2Method | None
    interval: Interval
    notices: tuple[Notice, ...]


@by_name()
def influence(
    y: npt.ArrayLike,
    v: npt.ArrayLike | None = None,
    *,
    se: npt.ArrayLike | None = None,
    model: Model = Model.RANDOM,
    tau2_method: Tau2Method = Tau2Method.REML,
    interval: Interval = Interval.WALD,
) -> Influence:
    """Residuals and deletion diagnostics of the studies ``y`` (k,) with variances ``v`` or standard errors ``se``.

    Formulas and the rule for ``influential``, a rule of thumb: Viechtbauer & Cheung 2010, as in metafor. Knapp-Hartung
    intervals scale variances here as they do in the refits.

    Raises :class:`CannotPoolError` with fewer than two studies; where the Knapp-Hartung variance of the whole or of a
    refit is 0 (effects that are all the same).
    """
    rows = read_studies(y, v, se, least=2, tau2_method=tau2_method)
    fit = fit_whole_and_parts(rows, model, tau2_method, interval)
    if fit.se == 0 or not fit.scale.all():
        raise CannotPoolError("the Knapp-Hartung standard error is 0, since effects are the same; use another interval")
    k, y_, v_ = len(rows.y), rows.y, rows.v
    total = v_ + fit.tau2
    weight = 1 / total
    hat = weight / weight.sum()
    residual = _without_rounding(y_ - fit.estimate)
    without = fit.without
    moved = fit.estimate - without.estimate
    deleted_total = v_ + without.tau2
    dffits = moved / np.sqrt(fit.scale * hat * deleted_total)
    dfbetas = moved / np.sqrt(fit.scale / fit.precision)
    cook = (moved / fit.se) ** 2
    flagged = (np.abs(dffits) > 3 / np.sqrt(k - 1)) | (cook > chi2_quantile(0.5, 1.0))
    flagged |= (hat > 3 / k) | (np.abs(dfbetas) > 1)
    return Influence(
        residual=frozen(residual),
        standardised_residual=frozen(residual / np.sqrt(total * (1 - hat))),
        studentised_deleted_residual=frozen(
            _without_rounding(y_ - without.estimate) / np.sqrt(fit.scale * deleted_total + without.se**2)
        ),
        dffits=frozen(dffits),
        cooks_distance=frozen(cook),
        covariance_ratio=frozen((without.se / fit.se) ** 2),
        tau2_deleted=without.tau2,
        q_deleted=without.q,
        hat=frozen(hat),
        weight=frozen(100 * hat),
        dfbetas=frozen(dfbetas),
        influential=frozen(flagged),
        rows=tuple(rows.kept.tolist()),
        model=model,
        tau2_method=tau2_method if model is Model.RANDOM else None,
        interval=interval,
        notices=rows.notices,
    )


@dataclass(frozen=True, eq=False)
class WholeAndParts:
    """The result of all studies, and without each of them."""

    estimate: float
    se: float
    tau2: float
    without: Refits
    precision: Array
    """Sum of the weights of all studies under each refit's tau2 (k,)."""
    scale: Array
    """Factor of Knapp & Hartung in each refit (k,); 1 with other intervals."""


def fit_whole_and_parts(rows: Rows, model: Model, tau2_method: Tau2Method, interval: Interval) -> WholeAndParts:
    """Pool all studies, and all but each."""
    y, v, k = rows.y, rows.v, len(rows.y)
    whole = pool_many(y, v, Groups.of_sizes([k]), model=model, tau2_method=tau2_method, interval=interval)
    if not whole.converged[0]:
        raise CannotPoolError(f"the search for tau2 by {tau2_method} did not converge; choose another estimator")
    without = refit(y, v, without_each(k), model=model, tau2_method=tau2_method, interval=interval, level=0.95)
    precision, scale = np.empty(k), np.ones(k)
    for block, others in zip(blocks_of(k, k), without_each(k), strict=True):
        weights = 1 / (v + without.tau2[block, None])
        precision[block] = weights.sum(axis=1)
        if interval in {Interval.KNAPP_HARTUNG, Interval.KNAPP_HARTUNG_TRUNCATED}:
            scale[block] = without.se[block] ** 2 * (weights * others).sum(axis=1)
    return WholeAndParts(float(whole.estimate[0]), float(whole.se[0]), float(whole.tau2[0]), without, precision, scale)


def _without_rounding(residual: Array) -> Array:
    return np.where(np.abs(residual) < ROUNDING, 0.0, residual)
