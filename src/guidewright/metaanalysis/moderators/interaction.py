"""Whether independent pooled effects differ, each with its own standard error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.kernels.distributions import chi2_p, f_p
from guidewright.metaanalysis.kernels.mean import multiplier, two_sided
from guidewright.metaanalysis.moderators.inference import statistics
from guidewright.metaanalysis.moderators.result import Coefficient, OmnibusTest
from guidewright.metaanalysis.options import Interval
from guidewright.metaanalysis.pooling import PooledEffects

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Estimates:
    """Pooled effects of m independent subgroups, each field (m,)."""

    estimate: Array
    se: Array
    df: Array
    """Degrees of freedom of each standard error; infinite where it is taken as known."""

    @classmethod
    def of(cls, pooled: PooledEffects) -> Estimates:
        """Those of pooled analyses."""
        return cls(pooled.estimate, pooled.se, pooled.df)


def between(estimates: Estimates, interval: Interval) -> OmnibusTest | None:
    """Test of equal effects: Q between, or Welch's F where standard errors have degrees of freedom.

    Q sums the squared distances from the mean, weighted by 1 / se^2, on m - 1 degrees of freedom (Borenstein et al.
    2009, ch. 19). Welch 1951 (Biometrika 38:330) divides by m - 1, corrects for the uncertainty of each standard error,
    and finds the denominator's degrees of freedom. None with a single subgroup, and where a standard error is 0.
    """
    m = len(estimates.se)
    if m < 2 or not estimates.se.all():
        return None
    w = 1 / estimates.se**2
    share = w / w.sum()
    q = float((w * (estimates.estimate - (share * estimates.estimate).sum()) ** 2).sum())
    uncertainty = float(((1 - share) ** 2 / estimates.df).sum())
    if interval is Interval.WALD or uncertainty == 0:
        return OmnibusTest(q, m - 1, None, float(chi2_p(q, m - 1)))
    f = q / (m - 1) / (1 + 2 * (m - 2) / (m**2 - 1) * uncertainty)
    residual_df = (m**2 - 1) / (3 * uncertainty)
    return OmnibusTest(f, m - 1, residual_df, float(f_p(f, m - 1, residual_df)))


def against_first(
    estimates: Estimates, labels: Sequence[str], interval: Interval, level: float
) -> tuple[Coefficient, ...]:
    """Each later subgroup less the first: on logarithms a ratio of ratios (Altman & Bland 2003, BMJ 326:219).

    The degrees of freedom are Satterthwaite's (1946, Biometrics Bull 2:110) where standard errors have their own.
    """
    difference = estimates.estimate[1:] - estimates.estimate[0]
    variance = estimates.se**2
    total = variance[1:] + variance[0]
    with np.errstate(divide="ignore", invalid="ignore"):
        df = total**2 / (variance[1:] ** 2 / estimates.df[1:] + variance[0] ** 2 / estimates.df[0])
    if interval is Interval.WALD:
        df = np.full(len(total), np.inf)
    df = np.where(np.isnan(df), np.inf, df)
    se = np.sqrt(total)
    statistic = statistics(difference, se)
    wide = multiplier(level, df) * se
    values = (difference, se, statistic, df, two_sided(statistic, df), difference - wide, difference + wide)
    return tuple(
        Coefficient(label, b, s, t, None if np.isinf(d) else d, p, low, high)
        for label, (b, s, t, d, p, low, high) in zip(labels, np.column_stack(values).tolist(), strict=True)
    )
