"""The choices behind an effect size, under the names that metafor's ``escalc`` gives them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class To(StrEnum):
    """Which rows with counts get the constant ``add``."""

    ONLY_ZERO = "only0"
    """Rows with an empty cell."""
    ALL = "all"
    """Every row."""
    IF_ZERO_ALL = "if0all"
    """Every row if any row has an empty cell."""
    NONE = "none"
    """No row: effects that need a count above 0 are then not defined."""


class VarianceType(StrEnum):
    """Formula of the sampling variance; which of them a measure has is declared with the measure."""

    LS = "LS"
    """Large-sample approximation."""
    LS2 = "LS2"
    """As LS for standardised differences; the variance is corrected for bias too (Borenstein 2009)."""
    UB = "UB"
    """Unbiased estimate (Hedges 1983 for SMD; Hedges 1989 for UCOR; n - 1 instead of n for proportions)."""
    AV = "AV"
    """The size-weighted mean of the outcomes in place of each study's own (Hunter & Schmidt 2004, chapters 3 and 7)."""
    HO = "HO"
    """Homoscedastic: the pooled standard deviation of both groups."""
    AVHO = "AVHO"
    """``AV`` with one mean coefficient of variation for both groups (ratio of means)."""
    ST = "ST"
    """Stratified sampling: the group sizes were fixed (PHI, RPB)."""
    CS = "CS"
    """Cross-sectional (multinomial) sampling: only the total was fixed (PHI, RPB)."""


@dataclass(frozen=True)
class Choices:
    """Every choice with which effect sizes were computed."""

    add: float
    """Constant added to counts; 0 where the measure has no counts."""
    to: To
    """Where it was added."""
    drop_double_zero: bool
    """Whether rows without events (or with events only) in both groups were left out."""
    variance: VarianceType
    """Formula of the variance."""


@dataclass(frozen=True)
class PrintedChoices:
    """Every choice with which printed estimates were read."""

    level: float
    """Level of the printed intervals."""
    log_scale: bool
    """Whether estimates and limits were given on the scale of analysis."""
