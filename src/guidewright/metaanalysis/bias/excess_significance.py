"""Test of excess significance: more significant studies than their power would let one expect."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis import special
from guidewright.metaanalysis.bias.studies import Array, few_studies, read
from guidewright.metaanalysis.kernels.distributions import normal_quantile
from guidewright.metaanalysis.notices import CannotPoolError, Notice
from guidewright.metaanalysis.options import Model, Tau2Method, by_name, check_share
from guidewright.metaanalysis.pooling import pool


class Alternative(StrEnum):
    """Side on which a study's own result counts as significant."""

    TWO_SIDED = "two-sided"
    GREATER = "greater"
    LESS = "less"


class ExcessTest(StrEnum):
    """How the number of significant studies is compared with its expectation."""

    EXACT = "exact"
    """Distribution of a sum of trials with their own chances (Francis 2013, J Math Psychol 57:153)."""
    BINOMIAL = "binomial"
    """All studies given the mean power."""
    CHI2 = "chi2"
    """Pearson's chi-squared, as Ioannidis & Trikalinos used it."""


@dataclass(frozen=True)
class ExcessSignificance:
    """Observed and expected numbers of significant studies."""

    k: int
    observed: int
    expected: float
    ratio: float
    """Observed over expected."""
    power: tuple[float, ...]
    """Expected power of each study."""
    statistic: float | None
    """Chi-squared with one degree of freedom; None for the other tests."""
    p: float
    """One-sided: of so many significant studies or more."""
    limit: float | None
    """The effect nearest to the null at which the excess stops being significant at ``limit_alpha``; None where the
    excess is not significant even without an effect, so that there is no such limit.
    """
    estimate: float
    """Effect at which power was computed."""
    tau2: float
    null: float
    alpha: float
    limit_alpha: float
    alternative: Alternative
    test: ExcessTest
    notices: tuple[Notice, ...]


@by_name(test=ExcessTest)
def excess_significance(
    y: npt.ArrayLike,
    v: npt.ArrayLike | None = None,
    *,
    se: npt.ArrayLike | None = None,
    estimate: float | None = None,
    tau2: float | None = None,
    model: Model = Model.RANDOM,
    tau2_method: Tau2Method = Tau2Method.REML,
    null: float = 0.0,
    alternative: Alternative = Alternative.TWO_SIDED,
    alpha: float = 0.05,
    test: ExcessTest = ExcessTest.EXACT,
    limit_alpha: float = 0.1,
) -> ExcessSignificance:
    """Compare the number of significant effects ``y`` (k,) with the sum of their power (Ioannidis & Trikalinos 2007).

    Power is that of a Wald test at ``alpha`` against ``null`` when effects are normal about ``estimate`` with variance
    ``tau2`` (both from the pooled analysis unless given): in closed form, since an effect is then normal with variance
    v + tau2. The exact test is the default at any number of studies; metafor gives it up where its sum gets long.
    ``limit_alpha`` is 0.1 as in the paper (Clin Trials 4:245).
    """
    check_share("alpha", alpha)
    check_share("limit_alpha", limit_alpha)
    studies = read(y, v, se)
    if estimate is None:
        pooled = pool(studies.y, studies.v, model=model, tau2_method=tau2_method)
        estimate = pooled.estimate
        tau2 = pooled.tau2 if tau2 is None else tau2
    tau2 = 0.0 if tau2 is None else tau2
    if not (np.isfinite(estimate) and 0 <= tau2 < np.inf):
        raise CannotPoolError(f"`estimate` must be finite and `tau2` 0 or more; found {estimate:g} and {tau2:g}")

    cut = float(normal_quantile(1 - alpha / (2 if alternative is Alternative.TWO_SIDED else 1)))
    z = (studies.y - null) / studies.se
    upper = z >= cut if alternative is not Alternative.LESS else np.zeros(studies.k, dtype=bool)
    lower = z <= -cut if alternative is not Alternative.GREATER else np.zeros(studies.k, dtype=bool)
    observed = int(np.sum(upper | lower))

    def power_at(theta: float) -> Array:
        spread = np.sqrt(studies.v + tau2)
        up = special.ndtr((theta - null - cut * studies.se) / spread)
        down = special.ndtr((null - theta - cut * studies.se) / spread)
        powers = {Alternative.TWO_SIDED: up + down, Alternative.GREATER: up, Alternative.LESS: down}
        return np.asarray(powers[alternative])

    def p_at(theta: float) -> float:
        return _p(observed, power_at(theta), test)

    power = power_at(estimate)
    expected = float(np.sum(power))
    return ExcessSignificance(
        k=studies.k,
        observed=observed,
        expected=expected,
        ratio=observed / expected,
        power=tuple(power.tolist()),
        statistic=_chi2(observed, power) if test is ExcessTest.CHI2 else None,
        p=_p(observed, power, test),
        limit=_limit(p_at, null, estimate, alternative, float(np.max(studies.se) + np.sqrt(tau2)), limit_alpha),
        estimate=estimate,
        tau2=tau2,
        null=null,
        alpha=alpha,
        limit_alpha=limit_alpha,
        alternative=alternative,
        test=test,
        notices=(*studies.notices, *few_studies(studies.k)),
    )


def _p(observed: int, power: Array, test: ExcessTest) -> float:
    """Chance of ``observed`` or more significant studies."""
    if observed == 0 and test is not ExcessTest.CHI2:
        return 1.0
    if test is ExcessTest.EXACT:
        chance = np.ones(1)
        for one in power:
            chance = np.append(chance * (1 - one), 0.0) + np.append(0.0, chance * one)
        return float(min(1.0, np.sum(chance[observed:])))
    if test is ExcessTest.BINOMIAL:
        return float(special.bdtrc(observed - 1, len(power), np.mean(power)))
    root = np.sqrt(_chi2(observed, power))
    return float(special.ndtr(-root if observed > np.sum(power) else root))


def _chi2(observed: int, power: Array) -> float:
    expected = float(np.sum(power))
    return (observed - expected) ** 2 * (1 / expected + 1 / (len(power) - expected))


def _limit(
    p_at: Callable[[float], float], null: float, estimate: float, alternative: Alternative, unit: float, alpha: float
) -> float | None:
    """The effect at which the p value reaches ``alpha``, on the side where power grows; p grows with power."""
    if p_at(null) >= alpha:
        return None
    side = np.sign(estimate - null) or 1.0
    side = {Alternative.GREATER: 1.0, Alternative.LESS: -1.0}.get(alternative, side)
    near, far = 0.0, unit
    while p_at(null + side * far) < alpha:  # power, and with it p, comes to 1 before the effect is 40 units away
        near, far = far, 2 * far
    for _ in range(80):
        middle = (near + far) / 2
        near, far = (middle, far) if p_at(null + side * middle) < alpha else (near, middle)
    return float(null + side * far)
