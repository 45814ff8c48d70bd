"""What the likelihood says of tau2: standard error, interval and test."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np

from guidewright.metaanalysis import special
from guidewright.metaanalysis.counts.maximum import Fit, maximise
from guidewright.metaanalysis.counts.quadrature import Studies
from guidewright.metaanalysis.notices import Notice

#: How closely the profile is climbed: the change of twice the log-likelihood that another step would make.
PROFILE = 1e-12
#: How closely the limits of tau are found.
ROOT = 1e-10
#: The largest tau that is tried. With it the odds of studies differ e**20 fold; the quadrature is not made for more.
WIDEST = 5.0


@dataclass(frozen=True)
class BetweenStudies:
    """Of tau2; None where not defined, as under a common effect."""

    se: float | None = None
    """Delta method; None at 0."""
    low: float | None = None
    """Profile likelihood."""
    high: float | None = None
    p: float | None = None
    """Likelihood-ratio test of tau2 = 0."""
    notices: tuple[Notice, ...] = ()


def between_studies(studies: Studies, fit: Fit, common: Fit, level: float) -> BetweenStudies:
    """Standard error (delta method), profile-likelihood interval and test of tau2 = 0."""
    from scipy.optimize import brentq  # noqa: PLC0415  takes 0.2 s to import, which not every command should pay

    tau, target = float(fit.common[-1]), sqrt(special.chdtri(1, 1 - level))
    free = np.ones(len(fit.common), dtype=bool)
    free[-1] = False
    best = max(fit.loglik, common.loglik)
    near = [fit.common, fit.own]  # the profile that was found last, a good start for the next

    def excess(deviation: float) -> float:
        """Signed root of the likelihood ratio less its limit: nearly a straight line, so that few steps find its 0."""
        start, own = near
        start = start.copy()
        start[-1] = deviation
        if len(studies.loads) > 1:  # not from 0, which is level there even if it is no maximum
            start[-2] = max(abs(start[-2]), 0.5)
        profile = maximise(studies, start, own, free, enough=PROFILE)
        near[:] = profile.common, profile.own
        return sqrt(max(0.0, 2 * (best - profile.loglik))) - target

    gain = max(0.0, 2 * (fit.loglik - common.loglik))
    se, p = None, 1.0
    if tau > 0:
        se, p = 2 * tau * sqrt(fit.covariance[-1, -1]), 0.5 * float(special.chdtrc(1, gain))
    low = 0.0 if sqrt(gain) <= target else brentq(excess, 0.0, tau, xtol=ROOT, rtol=ROOT)
    high, step = tau, max(0.5, tau)
    while high < WIDEST and excess(high := min(high + step, WIDEST)) < 0:
        step *= 2
    if high >= WIDEST:
        text = f"The counts set no upper limit to tau2, or one beyond {WIDEST**2:g}, which means nothing."
        return BetweenStudies(se, low**2, None, p, (Notice("tau2-unbounded", text),))
    return BetweenStudies(se, low**2, brentq(excess, tau, high, xtol=ROOT, rtol=ROOT) ** 2, p)
