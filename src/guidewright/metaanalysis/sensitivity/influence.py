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
from guidewright.metaanalysis.rows import Rows, frozen, weights_of
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
    weights: npt.ArrayLike | None = None,
) -> Influence:
    """Residuals and deletion diagnostics of the studies ``y`` (k,) with variances ``v`` or standard errors ``se``.

    Formulas and the rule for ``influential``, a rule of thumb: Viechtbauer & Cheung 2010, as in metafor. Knapp-Hartung
    intervals scale variances here as they do in the refits. ``weights`` (k,) are those of
    :func:`guidewright.metaanalysis.pooling.pool`.

    Raises :class:`CannotPoolError` with fewer than two studies; where the Knapp-Hartung variance of the whole or of a
    refit is 0 (effects that are all the same).
    """
    rows = read_studies(y, v, se, least=2, tau2_method=tau2_method, weighted=weights is not None)
    given = None if weights is None else weights_of(weights, np.size(y), rows.kept, zero=True)
    fit = fit_whole_and_parts(rows, model, tau2_method, interval, given)
    if fit.se == 0 or not fit.scale.all():
        raise CannotPoolError("the Knapp-Hartung standard error is 0, since effects are the same; use another interval")
    k, y_, v_ = len(rows.y), rows.y, rows.v
    total = v_ + fit.tau2
    hat = fit.shares
    residual = _without_rounding(y_ - fit.estimate)
    without = fit.without
    moved = fit.estimate - without.estimate
    deleted_total = v_ + without.tau2
    # the variance of the study's fitted value, which is the mean: its own part where weights follow the variances
    dffits = moved / np.sqrt(fit.scale * (hat * deleted_total if given is None else fit.variance))
    dfbetas = moved / np.sqrt(fit.scale * fit.variance)
    cook = (moved / fit.se) ** 2
    flagged = (np.abs(dffits) > 3 / np.sqrt(k - 1)) | (cook > chi2_quantile(0.5, 1.0))
    flagged |= (hat > 3 / k) | (np.abs(dfbetas) > 1)
    return Influence(
        residual=frozen(residual),
        standardised_residual=frozen(residual / np.sqrt(total * (1 - 2 * hat) + np.sum(hat**2 * total))),
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
    shares: Array
    """Weights of all studies (k,), which add up to 1."""
    variance: Array
    """Variance of the mean of all studies under each refit's tau2 (k,)."""
    scale: Array
    """Factor of Knapp & Hartung in each refit (k,); 1 with other intervals."""


def fit_whole_and_parts(
    rows: Rows, model: Model, tau2_method: Tau2Method, interval: Interval, given: Array | None
) -> WholeAndParts:
    """Pool all studies, and all but each; ``given`` weights (k,) as in ``pool``."""
    y, v, k = rows.y, rows.v, len(rows.y)
    whole = pool_many(
        y, v, Groups.of_sizes([k]), model=model, tau2_method=tau2_method, interval=interval, weights=given
    )
    if not whole.converged[0]:
        raise CannotPoolError(f"the search for tau2 by {tau2_method} did not converge; choose another estimator")
    without = refit(
        y, v, without_each(k), model=model, tau2_method=tau2_method, interval=interval, level=0.95, weights=given
    )
    variance, scale = np.empty(k), np.ones(k)
    for block, others in zip(blocks_of(k, k), without_each(k), strict=True):
        total = v + without.tau2[block, None]
        weights = 1 / total if given is None else given
        variance[block] = _variance(weights, total)
        if interval in {Interval.KNAPP_HARTUNG, Interval.KNAPP_HARTUNG_TRUNCATED}:
            scale[block] = without.se[block] ** 2 / _variance(weights * others, total)
    share = 1 / (v + whole.tau2[0]) if given is None else given
    estimate, se, tau2 = (float(value[0]) for value in (whole.estimate, whole.se, whole.tau2))
    return WholeAndParts(estimate, se, tau2, without, share / share.sum(), variance, scale)


def _variance(weights: Array, total: Array) -> Array:
    """Variance (b,) of weighted means of effects whose variances are ``total`` (b, k)."""
    return np.asarray(np.sum(weights**2 * total, axis=-1) / np.sum(weights, axis=-1) ** 2)


def _without_rounding(residual: Array) -> Array:
    return np.where(np.abs(residual) < ROUNDING, 0.0, residual)
