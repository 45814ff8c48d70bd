"""Regression tests for funnel plot asymmetry: effects regressed on their standard error or on the size of the study."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.bias import line
from guidewright.metaanalysis.bias.line import Line
from guidewright.metaanalysis.bias.studies import Array, few_studies, read
from guidewright.metaanalysis.kernels.mean import multiplier, two_sided
from guidewright.metaanalysis.notices import CannotPoolError, Notice
from guidewright.metaanalysis.options import Interval, Tau2Method, by_name, check_share


class Predictor(StrEnum):
    """What the effects are regressed on."""

    SE = "se"
    """Standard error (Egger et al. 1997)."""
    VARIANCE = "variance"
    """Sampling variance."""
    SIZE = "size"
    """Number of participants (Macaskill et al. 2001)."""
    INVERSE_SIZE = "inverse-size"
    """1 / n (Peters et al. 2006)."""
    ROOT_SIZE = "root-size"
    """Square root of n."""
    INVERSE_ROOT_SIZE = "inverse-root-size"
    """1 / square root of n."""


class Form(StrEnum):
    """How studies vary about the line."""

    MULTIPLICATIVE = "multiplicative"
    """Variances multiplied by a common factor: weighted least squares, t with k - 2 degrees of freedom (``lm``)."""
    ADDITIVE = "additive"
    """A variance tau2 added to each: mixed-effects meta-regression (``rma``)."""


PREDICTORS: Mapping[Predictor, Callable[[Array], Array]] = {
    Predictor.SE: np.sqrt,
    Predictor.VARIANCE: lambda v: v,
    Predictor.SIZE: lambda n: n,
    Predictor.INVERSE_SIZE: lambda n: 1 / n,
    Predictor.ROOT_SIZE: np.sqrt,
    Predictor.INVERSE_ROOT_SIZE: lambda n: 1 / np.sqrt(n),
}
#: Predictors made of the sampling variance; the others are made of the number of participants.
OF_VARIANCE = frozenset({Predictor.SE, Predictor.VARIANCE})
#: Predictors that grow without end as a study does, so that the line has no value for an infinite study.
ENDLESS = frozenset({Predictor.SIZE, Predictor.ROOT_SIZE})


@dataclass(frozen=True)
class RegressionTest:
    """A test whether small studies show other effects than large ones. None where something is not defined."""

    k: int
    slope: float
    """Change of the effect per unit of the predictor; on the standard error this is Egger's measure of bias."""
    slope_se: float
    statistic: float | None
    """Slope over its standard error: t, or z."""
    df: int | None
    """Degrees of freedom of the statistic; None where it is normal."""
    p: float | None
    """Two-sided."""
    limit: float | None
    """Effect that the line gives for an infinitely large study, on the scale of analysis; None for a predictor that
    grows with the study.
    """
    limit_se: float | None
    limit_low: float | None
    limit_high: float | None
    limit_p: float | None
    tau2: float | None
    """Variance between studies about the line (additive form)."""
    dispersion: float | None
    """Factor by which variances are multiplied (multiplicative form)."""
    predictor: str
    form: Form
    tau2_method: Tau2Method | None
    interval: Interval
    level: float
    notices: tuple[Notice, ...]


@by_name(form=Form, predictor=Predictor)
def regression_test(
    y: npt.ArrayLike,
    v: npt.ArrayLike | None = None,
    *,
    se: npt.ArrayLike | None = None,
    n: npt.ArrayLike | None = None,
    predictor: Predictor = Predictor.SE,
    form: Form = Form.MULTIPLICATIVE,
    tau2_method: Tau2Method = Tau2Method.REML,
    interval: Interval = Interval.WALD,
    level: float = 0.95,
) -> RegressionTest:
    """Regress effects ``y`` (k,) with variances ``v`` or standard errors ``se`` on a measure of the studies' size.

    ``n`` (k,) is the number of participants, for the predictors that need it. The multiplicative form on the standard
    error is Egger's test (Egger et al. 1997, BMJ 315:629; Sterne & Egger 2005), and the default because it is the
    test most reviews mean. The additive form uses ``tau2_method``, and ``interval``: Wald as in metafor's ``rma``;
    t on k - 2 degrees of freedom is the test of Thompson & Sharp (1999, Stat Med 18:2693). ``level`` is that of the
    interval about the limit.

    Raises :class:`CannotPoolError` for fewer than three studies, and where the predictor does not vary.
    """
    check_share("level", level)
    purpose = "a regression test of asymmetry"
    if predictor in OF_VARIANCE:
        studies = read(y, v, se, least=3, purpose=purpose)
        x = PREDICTORS[predictor](studies.v)
    else:
        if n is None:
            raise CannotPoolError(f"the predictor {predictor} needs `n`, the number of participants in each study")
        studies = read(y, v, se, least=3, purpose=purpose, n=n)
        x = PREDICTORS[predictor](studies.more["n"])
    name = f"the predictor {predictor}"
    if form is Form.MULTIPLICATIVE:
        interval = Interval.T
        found = line.multiplicative(studies.y, studies.v, x, name)
    else:
        found = line.additive(studies.y, studies.v, x, name, tau2_method=tau2_method, interval=interval)
    return judged(
        found,
        studies.k,
        predictor=predictor,
        has_limit=predictor not in ENDLESS,
        tau2_method=tau2_method if form is Form.ADDITIVE else None,
        interval=interval,
        level=level,
        notices=studies.notices,
    )


def egger(
    y: npt.ArrayLike, v: npt.ArrayLike | None = None, *, se: npt.ArrayLike | None = None, level: float = 0.95
) -> RegressionTest:
    """Egger's test in its classical form: :func:`regression_test` on the standard error, multiplicative dispersion.

    The slope here is the intercept of the regression of y / se on 1 / se in Egger et al. 1997 (BMJ 315:629).
    """
    return regression_test(y, v, se=se, level=level)


@by_name()
def thompson_sharp(
    y: npt.ArrayLike,
    v: npt.ArrayLike | None = None,
    *,
    se: npt.ArrayLike | None = None,
    tau2_method: Tau2Method = Tau2Method.REML,
    level: float = 0.95,
) -> RegressionTest:
    """Egger's test with additive variance between studies, t on k - 2 degrees of freedom (Thompson & Sharp 1999)."""
    return regression_test(y, v, se=se, form=Form.ADDITIVE, tau2_method=tau2_method, interval=Interval.T, level=level)


def judged(
    found: Line,
    k: int,
    *,
    predictor: str,
    has_limit: bool,
    interval: Interval,
    level: float,
    notices: tuple[Notice, ...],
    tau2_method: Tau2Method | None = None,
) -> RegressionTest:
    """The test that a line gives, with the warning for few studies."""
    df = np.array([np.inf if found.df is None else found.df])
    notices = (*notices, *few_studies(k))
    statistic = p = limit_p = None
    if found.slope_se > 0:
        statistic = found.slope / found.slope_se
        p, limit_p = (
            float(two_sided(np.array([value]), df)[0]) for value in (statistic, found.intercept / found.intercept_se)
        )
    else:
        text = "the line passes through every study: nothing is left to judge it by, and there is no test"
        notices = (*notices, Notice("no-residual", text))
    wide = float(multiplier(level, df)[0]) * found.intercept_se
    return RegressionTest(
        k=k,
        slope=found.slope,
        slope_se=found.slope_se,
        statistic=statistic,
        df=found.df,
        p=p,
        limit=found.intercept if has_limit else None,
        limit_se=found.intercept_se if has_limit else None,
        limit_low=found.intercept - wide if has_limit else None,
        limit_high=found.intercept + wide if has_limit else None,
        limit_p=limit_p if has_limit else None,
        tau2=found.tau2,
        dispersion=found.dispersion,
        predictor=predictor,
        form=Form.MULTIPLICATIVE if found.tau2 is None else Form.ADDITIVE,
        tau2_method=tau2_method,
        interval=interval,
        level=level,
        notices=notices,
    )
