"""Generalised linear mixed models: counts pooled by their own distributions, without corrections for empty cells."""

from __future__ import annotations

from dataclasses import dataclass
from math import log, sqrt

import numpy as np
from numpy.typing import ArrayLike

from guidewright.metaanalysis import special
from guidewright.metaanalysis.counts.maximum import global_maximum
from guidewright.metaanalysis.counts.models import studies_of
from guidewright.metaanalysis.counts.profile import BetweenStudies, between_studies
from guidewright.metaanalysis.counts.saturated import saturated
from guidewright.metaanalysis.counts.study_counts import (
    GlmmMeasure,
    GlmmModel,
    check_finite,
    check_options,
    choices,
    read_counts,
    typical_variance,
)
from guidewright.metaanalysis.counts.summary import check_level
from guidewright.metaanalysis.counts.tables import listed
from guidewright.metaanalysis.notices import Notice
from guidewright.metaanalysis.options import Interval, by_name

#: Points of the quadrature with one random effect: the integral is then exact to about ten digits for real studies.
EXACT = 31
#: With two random effects one point is the default, which is the Laplace approximation, as in metafor and lme4.
LAPLACE = 1


@dataclass(frozen=True)
class Glmm:
    """A maximum-likelihood fit. What is not defined is None, and a notice says why."""

    measure: GlmmMeasure
    model: GlmmModel | None
    """None for one group."""
    k: int
    """Studies in the model."""
    estimate: float
    """Mean effect, on the scale of analysis: log odds ratio, log rate ratio, logit or log rate."""
    se: float
    """From the observed information of all parameters."""
    z: float
    p: float
    low: float
    high: float
    df: int | None
    """Degrees of freedom of the t distribution, if it was asked for."""
    tau2: float
    """Between-study variance of the effect."""
    tau2_se: float | None
    tau2_low: float | None
    """Profile-likelihood interval."""
    tau2_high: float | None
    tau2_p: float | None
    """Likelihood-ratio test of tau2 = 0; half of chi-squared on 1 degree of freedom (Self & Liang 1987)."""
    sigma2: float | None
    """Variance of the studies' levels (UM.RS only)."""
    i2: float | None
    """In percent, with the typical variance of the studies' own effects (Higgins & Thompson 2002)."""
    h2: float | None
    lrt: float | None
    """Heterogeneity: likelihood ratio of an effect for each study against a common one."""
    lrt_df: int
    lrt_p: float | None
    wald: float | None
    """Heterogeneity: Wald test that the studies' finite effects are equal."""
    wald_df: int | None
    wald_p: float | None
    loglik: float
    """With all constants."""
    deviance: float
    """Twice the distance from the model with an effect for each study."""
    aic: float
    bic: float
    aicc: float
    level: float
    interval: Interval
    points: int
    """Points of the quadrature for each random effect."""
    coding: float
    common_effect: bool
    """Whether tau2 was held at 0."""
    drop_double_zero: bool
    notices: tuple[Notice, ...]


@by_name(model=None)
def glmm(
    measure: GlmmMeasure | str,
    events1: ArrayLike,
    size1: ArrayLike,
    events2: ArrayLike | None = None,
    size2: ArrayLike | None = None,
    *,
    model: GlmmModel | str = GlmmModel.UM_FS,
    common_effect: bool = False,
    level: float = 0.95,
    interval: Interval = Interval.WALD,
    points: int | None = None,
    coding: float = 0.5,
    drop_double_zero: bool = True,
) -> Glmm:
    """Fit a model of counts by maximum likelihood; every array has shape (k,), sizes are persons or person-time.

    OR and IRR compare two arms, PLO and IRLN pool one group (``events1``, ``size1``; ``model`` then says nothing).
    For IRR ``CM.AL`` is the same as ``CM.EL``. ``common_effect`` holds tau2 at 0.

    ``points`` of the quadrature for each random effect: by default 31, which is exact, but 1 (Laplace) for UM.RS with
    its two random effects, as in metafor; metafor uses 7 elsewhere. ``coding``: how UM shares the random effect of the
    treatment between the arms, 0.5 (evenly, the default of Turner et al. 2000), 1 (all to arm 1) or 0 (to arm 2).
    ``drop_double_zero=False`` keeps studies without any event, which only UM.RS can use.
    ``interval``: Wald, or t on k - 1 degrees of freedom.

    The maximum is the global one over tau2, at 0 too. Raises :class:`CannotPoolError` for impossible counts, and where
    the likelihood has no finite maximum (say because an arm has no event in any study).
    """
    measure, model = choices(measure, model)
    check_options(measure, model, interval, coding, points, drop_double_zero=drop_double_zero)
    check_level(level)
    counts = read_counts(measure, (events1, size1, events2, size2), drop_double_zero=drop_double_zero)
    check_finite(measure, model, counts)
    k = len(counts.rows)
    random_levels = measure.arms == 2 and model is GlmmModel.UM_RS
    if points is None:
        points = LAPLACE if random_levels else EXACT
    notices = counts.notices + _remarks(
        k, points, common_effect=common_effect, random_levels=random_levels, interval=interval
    )
    if k == 1:
        common_effect, interval = True, Interval.WALD
    studies, start, own = studies_of(measure, model, counts, points=points, coding=coding)
    held = np.array([k > 1, False])[-len(studies.loads) :]  # tau held at 0, the levels' deviation free
    common = global_maximum(studies, start, own, held)
    fit = common if common_effect else global_maximum(studies, start, own, np.ones_like(held))
    if fit.common[-1] == 0:
        fit = common
    at = len(start) - len(studies.loads) - 1
    estimate, se, tau = float(fit.common[at]), sqrt(fit.covariance[at, at]), float(fit.common[-1])
    df = k - 1 if interval is Interval.T else None
    margin = se * float(special.ndtri((1 + level) / 2) if df is None else special.stdtrit(df, (1 + level) / 2))
    z = estimate / se
    tau2 = BetweenStudies() if common_effect else between_studies(studies, fit, common, level)
    full = saturated(measure, model, counts, studies)
    if not full.finite.all():
        rows = listed(counts.rows[~full.finite])
        text = f"Rows with an infinite effect of their own are not in the Wald test of heterogeneity: {rows}."
        notices = (*notices, Notice("effect-infinite", text))
    lrt = max(0.0, 2 * (full.loglik - common.loglik)) if k > 1 else None
    wald_df = int(full.finite.sum()) - 1
    typical = typical_variance(measure, counts)
    parameters = len(start) - common_effect + (k if studies.own else 0)
    size = k * studies.response.shape[1]
    deviance = 2 * (full.loglik - fit.loglik)
    more = max(size, parameters + 2)
    return Glmm(
        measure=measure,
        model=model if measure.arms == 2 else None,
        k=k,
        estimate=estimate,
        se=se,
        z=z,
        p=2 * float(special.ndtr(-abs(z)) if df is None else special.stdtr(df, -abs(z))),
        low=estimate - margin,
        high=estimate + margin,
        df=df,
        tau2=tau**2,
        tau2_se=tau2.se,
        tau2_low=tau2.low,
        tau2_high=tau2.high,
        tau2_p=tau2.p,
        sigma2=float(fit.common[-2]) ** 2 if random_levels else None,
        i2=None if typical is None else 100 * tau**2 / (typical + tau**2),
        h2=None if typical is None else tau**2 / typical + 1,
        lrt=lrt,
        lrt_df=k - 1,
        lrt_p=None if lrt is None else float(special.chdtrc(k - 1, lrt)),
        wald=full.wald,
        wald_df=None if full.wald is None else wald_df,
        wald_p=None if full.wald is None else float(special.chdtrc(wald_df, full.wald)),
        loglik=fit.loglik,
        deviance=deviance,
        aic=-2 * fit.loglik + 2 * parameters,
        bic=-2 * fit.loglik + parameters * log(size),
        aicc=-2 * fit.loglik + 2 * parameters * more / (more - parameters - 1),
        level=level,
        interval=interval,
        points=points,
        coding=coding,
        common_effect=common_effect,
        drop_double_zero=drop_double_zero,
        notices=notices + tau2.notices,
    )


def _remarks(
    k: int, points: int, *, common_effect: bool, random_levels: bool, interval: Interval
) -> tuple[Notice, ...]:
    notices = []
    if k == 1 and not common_effect:
        notices.append(Notice("one-study", "There is one study only, so tau2 cannot be estimated and was held at 0."))
    if k == 1 and interval is Interval.T:
        notices.append(Notice("interval-changed", "With one study there is no t distribution; the interval is Wald's."))
    if k > 1 and random_levels and points == LAPLACE:
        text = "The likelihood is the Laplace approximation, as in metafor; points=11 integrates it, but takes longer."
        notices.append(Notice("laplace", text))
    return tuple(notices)
