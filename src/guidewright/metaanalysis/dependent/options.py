"""The choices that only dependent effects have."""

from __future__ import annotations

from enum import StrEnum


class RandomStructure(StrEnum):
    """Covariance of a study's true effects between outcomes; ``struct`` in metafor."""

    UN = "UN"
    """Unstructured: a variance for each outcome and a correlation for each pair."""
    HCS = "HCS"
    """Heteroscedastic compound symmetry: a variance for each outcome, one correlation."""
    CS = "CS"
    """Compound symmetry: one variance, one correlation."""
    DIAG = "DIAG"
    """Diagonal: a variance for each outcome, no correlation."""
    ID = "ID"
    """Identity: one variance, no correlation."""


class Means(StrEnum):
    """Means of a multivariate model."""

    PER_OUTCOME = "per-outcome"
    """One for each outcome."""
    COMMON = "common"
    """One for all: the outcomes measure the same thing on the same scale."""
    NONE = "none"
    """None: the moderators say it all, as the contrasts of a network do."""


class DegreesOfFreedom(StrEnum):
    """Degrees of freedom of a t or F distribution."""

    RESIDUAL = "residual"
    """k - p, effects less coefficients: too many where a moderator varies between studies only."""
    CONTAINMENT = "containment"
    """Groups of the smallest level within which the moderator is constant, less p (metafor ``dfs="contain"``)."""
    CLUSTERS = "clusters"
    """m - p, clusters less coefficients (cluster-robust tests in metafor)."""
    SATTERTHWAITE = "satterthwaite"
    """From the moments of the cluster-robust variance itself (Bell & McCaffrey 2002; Pustejovsky & Tipton 2018)."""


class Correction(StrEnum):
    """Small-sample correction of a cluster-robust variance, with m clusters and p coefficients."""

    CR0 = "CR0"
    """None (metafor ``robust(adjust=FALSE)``): too small unless there are very many clusters."""
    CR1 = "CR1"
    """Multiplied by m / (m - 1)."""
    CR1P = "CR1p"
    """Multiplied by m / (m - p) (metafor ``robust(adjust=TRUE)``)."""
    CR2 = "CR2"
    """Residuals adjusted: unbiased under the model fitted (Bell & McCaffrey 2002; Tipton 2015)."""
