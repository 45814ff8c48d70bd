"""What a meta-regression yields, as values."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.moderators.design_matrix import DesignMatrix
from guidewright.metaanalysis.moderators.fit_statistics import FitStatistics
from guidewright.metaanalysis.notices import Notice
from guidewright.metaanalysis.options import Interval, Model, Tau2Method

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Coefficient:
    """One coefficient on the scale of analysis, per unit of its column."""

    name: str
    estimate: float
    se: float
    statistic: float
    """z or t."""
    df: float | None
    """Degrees of freedom of t; None where the statistic is normal."""
    p: float
    low: float
    high: float


@dataclass(frozen=True)
class OmnibusTest:
    """Test that several coefficients are zero together."""

    statistic: float
    """Chi-squared, or F where ``residual_df`` is given."""
    df: int
    residual_df: float | None
    """Denominator degrees of freedom of F."""
    p: float


@dataclass(frozen=True)
class TermTest:
    """All columns of one moderator, tested together."""

    name: str
    columns: tuple[str, ...]
    test: OmnibusTest
    gvif: float | None
    """Generalised variance inflation factor (Fox & Monette 1992, J Am Stat Assoc 87:178); None without an intercept."""


@dataclass(frozen=True)
class ResidualInterval:
    """Q-profile limits of the residual tau2, and of I2 (percent) and H2 through the typical variance."""

    tau2_low: float
    tau2_high: float
    i2_low: float
    i2_high: float
    h2_low: float
    h2_high: float


@dataclass(frozen=True)
class MetaRegression:
    """A mixed-effects meta-regression on the scale of analysis; None where something is not defined."""

    coefficients: tuple[Coefficient, ...]
    covariance: Array = field(repr=False)
    """Covariance of the coefficients ``(p, p)``, read-only; scaled by ``scale``."""
    scale: float
    """Factor of the covariance under Knapp-Hartung; 1 otherwise."""
    k: int
    tau2: float
    """Residual between-study variance, which the moderators do not explain."""
    tau2_se: float | None
    tau2_interval: ResidualInterval | None
    tau2_without: float | None
    """tau2 by the same estimator without moderators."""
    qe: float | None
    """Residual heterogeneity: weighted sum of squared residuals of the common-effect fit."""
    qe_df: int
    qe_p: float | None
    qm: OmnibusTest | None
    """All moderators together; None without any."""
    terms: tuple[TermTest, ...]
    vif: tuple[float | None, ...]
    """Variance inflation factor of each coefficient; None for the intercept."""
    r2: float | None
    """Share of tau2 explained in percent, cut off at 0 (Raudenbush 1994); adjusted R2 under a common effect."""
    i2: float | None
    """Share of the unexplained variation that is between studies, in percent."""
    h2: float | None
    typical_variance: float | None
    ml: FitStatistics
    reml: FitStatistics | None
    weights: tuple[float, ...] = field(repr=False)
    """Weight of each row in percent."""
    rows: tuple[int, ...] = field(repr=False)
    """Numbers of the rows used, from 0."""
    y: Array = field(repr=False)
    """Effects of the rows used, read-only."""
    v: Array = field(repr=False)
    """Their sampling variances, read-only."""
    design: DesignMatrix = field(repr=False)
    columns: tuple[int, ...] = field(repr=False)
    """Columns of the design that were kept."""
    model: Model
    tau2_method: Tau2Method | None
    """None where tau2 was not estimated."""
    interval: Interval
    level: float
    notices: tuple[Notice, ...]

    @property
    def df(self) -> float:
        """Degrees of freedom of intervals; infinite where they are normal."""
        return float("inf") if self.interval is Interval.WALD else float(self.k - len(self.coefficients))
