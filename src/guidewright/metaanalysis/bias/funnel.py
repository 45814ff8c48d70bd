"""What a funnel plot draws: studies, the cone about the estimate, and the zones of significance about no effect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.bias.studies import few_studies, read
from guidewright.metaanalysis.kernels.distributions import normal_p, normal_quantile
from guidewright.metaanalysis.notices import CannotPoolError, Notice
from guidewright.metaanalysis.options import Model, Tau2Method, by_name, check_share
from guidewright.metaanalysis.pooling import pool


@dataclass(frozen=True)
class Cone:
    """Two curves, one point for each standard error of the plot: ``centre`` +/- a multiple of the spread there."""

    level: float
    centre: float
    low: tuple[float, ...]
    high: tuple[float, ...]


@dataclass(frozen=True)
class FunnelPlot:
    """Points and curves, on the scale of analysis."""

    k: int
    y: tuple[float, ...]
    se: tuple[float, ...]
    p: tuple[float, ...]
    """Two-sided p value of each study against ``null``: which contour it lies in."""
    rows: tuple[int, ...]
    """Row numbers, from 0."""
    centre: float
    standard_errors: tuple[float, ...]
    """Standard errors at which the curves are given, from 0 to the largest."""
    pseudo_limits: Cone
    """Where studies are expected if sampling error (and tau2, if it is added) is all that moves them."""
    contours: tuple[Cone, ...]
    """About ``null``: inside, a study is not significant at 1 - level (Peters et al. 2008, J Clin Epidemiol 61:991)."""
    null: float
    tau2: float
    """Variance between studies that widens the cone; 0 where it is not added."""
    notices: tuple[Notice, ...]


@by_name()
def funnel_plot(
    y: npt.ArrayLike,
    v: npt.ArrayLike | None = None,
    *,
    se: npt.ArrayLike | None = None,
    centre: float | None = None,
    model: Model = Model.COMMON,
    tau2_method: Tau2Method = Tau2Method.REML,
    add_tau2: bool = False,
    level: float = 0.95,
    contours: Sequence[float] = (0.9, 0.95, 0.99),
    null: float = 0.0,
    points: int = 61,
) -> FunnelPlot:
    """Funnel plot of effects ``y`` (k,) with variances ``v`` or standard errors ``se``.

    The cone is about the common-effect mean unless ``centre`` or ``model`` says otherwise: under random effects small
    studies weigh more, and bias moves the centre towards them (Sterne et al. 2011, BMJ 343:d4002). ``add_tau2`` widens
    it by the variance between studies.
    """
    for name, one in [("level", level), *(("contours", one) for one in contours)]:
        check_share(name, one)
    if points < 2:
        raise CannotPoolError(f"a curve needs at least 2 `points`; found {points}")
    studies = read(y, v, se)
    tau2 = 0.0
    if centre is None or add_tau2:
        random = pool(studies.y, studies.v, model=Model.RANDOM if add_tau2 else model, tau2_method=tau2_method)
        tau2 = random.tau2 if add_tau2 else 0.0
        if centre is None:
            centre = pool(studies.y, studies.v, model=model, tau2_method=tau2_method).estimate
    at = np.linspace(0, studies.se.max(), points)

    def cone(level: float, about: float, tau2: float) -> Cone:
        wide = float(normal_quantile((1 + level) / 2)) * np.sqrt(at**2 + tau2)
        return Cone(level, about, tuple((about - wide).tolist()), tuple((about + wide).tolist()))

    return FunnelPlot(
        k=studies.k,
        y=tuple(studies.y.tolist()),
        se=tuple(studies.se.tolist()),
        p=tuple(normal_p((studies.y - null) / studies.se).tolist()),
        rows=tuple(studies.kept.tolist()),
        centre=centre,
        standard_errors=tuple(at.tolist()),
        pseudo_limits=cone(level, centre, tau2),
        contours=tuple(cone(one, null, 0.0) for one in sorted(contours)),
        null=null,
        tau2=tau2,
        notices=(*studies.notices, *few_studies(studies.k)),
    )
