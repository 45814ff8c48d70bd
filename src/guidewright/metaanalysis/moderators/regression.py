"""Meta-regression: why effects differ between studies."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.kernels.distributions import chi2_p
from guidewright.metaanalysis.moderators.batch import Batch, ragged_batch
from guidewright.metaanalysis.moderators.design_matrix import DesignMatrix, design_matrix, moderators_of
from guidewright.metaanalysis.moderators.fit_statistics import fit_statistics
from guidewright.metaanalysis.moderators.inference import (
    KNAPP_HARTUNG,
    coefficients,
    covariance_scale,
    omnibus,
    wald_statistic,
)
from guidewright.metaanalysis.moderators.mixed_effects import MixedEffectsFits, fit
from guidewright.metaanalysis.moderators.projection import Projection
from guidewright.metaanalysis.moderators.result import MetaRegression, ResidualInterval, TermTest
from guidewright.metaanalysis.moderators.studies import Studies, studies
from guidewright.metaanalysis.moderators.tau2 import q_profile
from guidewright.metaanalysis.notices import CannotPoolError, Notice
from guidewright.metaanalysis.options import Interval, Model, Tau2Method, by_name

Array = npt.NDArray[np.float64]

#: What may be given as moderators: a design, or columns of data.
Moderators = DesignMatrix | Mapping[str, npt.ArrayLike]


def as_design(moderators: Moderators) -> DesignMatrix:
    """The design as given, or one with a moderator for each column of the data."""
    return moderators if isinstance(moderators, DesignMatrix) else design_matrix(moderators_of(moderators), moderators)


@by_name()
def meta_regression(
    y: npt.ArrayLike,
    v: npt.ArrayLike,
    moderators: Moderators,
    *,
    model: Model = Model.RANDOM,
    tau2_method: Tau2Method = Tau2Method.REML,
    tau2: float | None = None,
    interval: Interval = Interval.WALD,
    level: float = 0.95,
    weights: npt.ArrayLike | None = None,
) -> MetaRegression:
    """Regress effects ``y`` (k,) with sampling variances ``v`` (k,) on moderators, weighted by 1 / (v + tau2).

    Effects are on the scale of analysis: logarithms for ratios. ``moderators`` is a :class:`DesignMatrix`, or columns
    of data of which numbers act in a straight line and anything else is a factor. ``tau2`` fixes the residual
    between-study variance. ``weights`` (k,) replace those of the model in the coefficients and are the weights of GENQ.

    REML and the Wald interval are the defaults of metafor, so that numbers compare with published ones. With few
    studies Knapp-Hartung keeps the error rate where Wald tests find moderators too easily (Viechtbauer et al. 2015,
    Psychol Methods 20:360).

    Formulas: Raudenbush 2009 (Handbook of Research Synthesis and Meta-Analysis, ch. 16); Viechtbauer 2010 (J Stat
    Softw 36(3)). Columns that follow from others are dropped with a notice, and so are rows with gaps.

    Raises :class:`CannotPoolError` for rows that cannot be used, and where the model has as many columns as studies.
    """
    design = as_design(moderators)
    given = studies(y, v, design, model=model, tau2_method=tau2_method, tau2=tau2, level=level, weights=weights)
    method = tau2_method if given.estimates_tau2 else None
    batch = ragged_batch(given.y, given.v, given.x, [given.k])
    skip = 1 if design.intercept else 0
    fixed = None if tau2 is None else np.array([float(tau2)])
    fits = fit(batch, tau2_method=method, tau2=fixed, weights=given.weights, skip=skip)
    given.check(fits)

    notices = list(given.notices)
    df = float("inf") if interval is Interval.WALD else float(given.k - batch.p)
    if df == 0:
        raise CannotPoolError(
            f"{given.k} studies less {batch.p} coefficients leave no degrees of freedom for {interval}; use wald"
        )
    scale = _scale(given, batch, fits, interval, model, notices)
    covariance = scale * fits.covariance[..., 0]
    covariance.setflags(write=False)
    estimate = fits.coefficients[:, 0]
    wald = _scaled(float(fits.wald[0]), scale)
    r2, tau2_without = _explained(given, fits, model, method, fixed, design, notices)
    qe, qe_p, i2, h2, typical = _heterogeneity(given, batch, fits, model)
    by_ml, by_reml = fit_statistics(batch, fits, tau2_estimated=method is not None)
    share = given.weights if given.weights is not None else 1 / (given.v + fits.tau2[0])
    inflation = _inflation(covariance, skip)
    return MetaRegression(
        coefficients=coefficients(given.names, estimate, covariance, df=df, level=level),
        covariance=covariance,
        scale=scale,
        k=given.k,
        tau2=float(fits.tau2[0]),
        tau2_se=None if method is None else float(fits.tau2_se[0]),
        tau2_interval=_tau2_interval(batch, typical, level) if method is not None else None,
        tau2_without=tau2_without,
        qe=qe,
        qe_df=given.k - batch.p,
        qe_p=qe_p,
        qm=omnibus(wald, batch.p - skip, df) if batch.p > skip else None,
        terms=_terms(given, design, estimate, covariance, df),
        vif=(*([None] * skip), *np.diagonal(inflation).tolist()),
        r2=r2,
        i2=i2,
        h2=h2,
        typical_variance=typical,
        ml=by_ml[0],
        reml=by_reml[0],
        weights=tuple((100 * share / share.sum()).tolist()),
        rows=given.rows,
        y=given.y,
        v=given.v,
        design=design,
        columns=given.columns,
        model=model,
        tau2_method=method,
        interval=interval,
        level=level,
        notices=tuple(notices),
    )


def _scale(
    given: Studies, batch: Batch, fits: MixedEffectsFits, interval: Interval, model: Model, notices: list[Notice]
) -> float:
    """Knapp-Hartung's factor; exactly zero, not rounding, where the model leaves no residual."""
    residual = fits.residual_scale
    if interval not in KNAPP_HARTUNG:
        return 1.0
    if model is Model.COMMON:
        notices.append(Notice("knapp-hartung-common", "Knapp-Hartung is not meant for a common-effect model"))
    if np.abs(batch.y).max() <= 1e-13 * np.abs(given.y).max():
        residual = np.zeros(1)
        notices.append(Notice("no-residual", "the moderators fit every effect exactly; Knapp-Hartung sees no error"))
    return float(covariance_scale(residual, interval)[0])


def _scaled(wald: float, scale: float) -> float:
    if scale == 0:
        return float("inf") if wald > 0 else 0.0
    return wald / scale


def _heterogeneity(
    given: Studies, batch: Batch, fits: MixedEffectsFits, model: Model
) -> tuple[float | None, float | None, float | None, float | None, float | None]:
    """QE, its p value, I2, H2 and the typical variance (Higgins & Thompson 2002), None where a variance is 0."""
    df = given.k - batch.p
    if not given.v.all():
        return None, None, None, None, None
    if df == 0:
        return 0.0, 1.0, 0.0, 1.0, None
    at = Projection(batch, 1 / batch.v)
    q = float(at.q[0])
    typical = df / float(at.trace[0])
    if model is Model.COMMON:
        i2, h2 = (max(0.0, 100 * (q - df) / q) if q > 0 else 0.0), q / df
    else:
        between = float(fits.tau2[0])
        i2, h2 = 100 * between / (typical + between), between / typical + 1
    return q, float(chi2_p(q, df)), i2, h2, typical


def _explained(
    given: Studies,
    fits: MixedEffectsFits,
    model: Model,
    method: Tau2Method | None,
    fixed: Array | None,
    design: DesignMatrix,
    notices: list[Notice],
) -> tuple[float | None, float | None]:
    """R2 in percent, and tau2 without moderators. Neither without an intercept or with a fixed tau2."""
    if not design.intercept or len(given.names) < 2 or fixed is not None:
        return None, None
    alone = ragged_batch(given.y, given.v, given.x[:, :1], [given.k])
    if model is Model.COMMON:
        return _adjusted_r2(given, alone), None
    without = float(fit(alone, tau2_method=method, weights=given.weights).tau2[0])
    if np.isnan(without):
        notices.append(Notice("r2-undefined", "R2 is not given: tau2 without moderators could not be found"))
        return None, None
    if without == 0:
        notices.append(Notice("r2-nothing-to-explain", "R2 is 0: tau2 is 0 already without moderators"))
        return 0.0, without
    return max(0.0, 100 * (without - float(fits.tau2[0])) / without), without


def _adjusted_r2(given: Studies, alone: Batch) -> float:
    weights = given.weights if given.weights is not None else 1 / given.v
    total = float(Projection(alone, weights).q[0])
    df = given.k - len(given.names)
    if total == 0 or df == 0:
        return 0.0
    residual = float(Projection(ragged_batch(given.y, given.v, given.x, [given.k]), weights).q[0])
    return max(0.0, 100 * (1 - residual / total * (given.k - 1) / df))


def _tau2_interval(batch: Batch, typical: float | None, level: float) -> ResidualInterval | None:
    if typical is None:
        return None
    low, high = (float(bound[0]) for bound in q_profile(batch, level))
    shares = (100 * low / (low + typical), 100 * high / (high + typical))
    return ResidualInterval(low, high, *shares, low / typical + 1, high / typical + 1)


def _inflation(covariance: Array, skip: int) -> Array:
    """Inverse of the correlation matrix of the coefficients: its diagonal holds the variance inflation factors."""
    tested = covariance[skip:, skip:]
    se = np.sqrt(np.diagonal(tested))
    if not se.all():
        return np.full(tested.shape, np.nan)
    inverse: Array = np.linalg.inv(tested / np.outer(se, se))
    return inverse


def _terms(given: Studies, design: DesignMatrix, estimate: Array, covariance: Array, df: float) -> tuple[TermTest, ...]:
    place = {column: i for i, column in enumerate(given.columns)}
    tests = []
    for name, all_columns in design.terms:
        kept = [place[column] for column in all_columns if column in place]
        if not kept:
            continue
        wald = wald_statistic(estimate[kept], covariance[np.ix_(kept, kept)])
        gvif = _gvif(covariance, kept) if design.intercept else None
        tests.append(TermTest(name, tuple(given.names[i] for i in kept), omnibus(wald, len(kept), df), gvif))
    return tuple(tests)


def _gvif(covariance: Array, kept: list[int]) -> float | None:
    """|R_term| |R_rest| / |R| for the correlations R of all coefficients but the intercept."""
    se = np.sqrt(np.diagonal(covariance))
    if not se.all():
        return None
    log_det = [
        float(np.linalg.slogdet((covariance / np.outer(se, se))[np.ix_(part, part)])[1])
        for part in (kept, [i for i in range(1, len(se)) if i not in kept], list(range(1, len(se))))
    ]
    return float(np.exp(log_det[0] + log_det[1] - log_det[2]))
