"""How a table is pooled; kept apart from what computes it, so that help on the options stays instant."""

from __future__ import annotations

from enum import StrEnum


class Method(StrEnum):
    """How studies are combined."""

    INVERSE_VARIANCE = "inverse-variance"
    """Effects weighted by the inverse of their variances."""
    MANTEL_HAENSZEL = "mantel-haenszel"
    """Counts of two groups, common effect (Mantel & Haenszel 1959; Greenland & Robins 1985)."""
    PETO = "peto"
    """Observed less expected events, for odds ratios of rare events (Yusuf et al. 1985)."""


class WrongUseError(ValueError):
    """The options do not fit one another or the table; the message says what to do."""
