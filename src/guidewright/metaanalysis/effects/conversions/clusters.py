"""Trials that randomised clusters but were analysed as if they had randomised participants."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.effects.columns import Array
from guidewright.metaanalysis.effects.conversions.converted import Converted, by_row, inputs


def design_effect(cluster_size: npt.ArrayLike, *, icc: npt.ArrayLike) -> Converted[Array]:
    """By how much clustering multiplies a variance.

    ``cluster_size`` is the mean number of participants in a cluster over both groups; ``icc`` the intracluster
    correlation, declared or taken from a similar study.
    """
    given = inputs("a design effect", cluster_size=cluster_size, icc=icc)
    return by_row(
        1 + (given["cluster_size"] - 1) * given["icc"],
        "design-effect",
        "1 + (cluster size - 1) * ICC",
        "Cochrane Handbook 6, section 23.1.4 (Rao & Scott 1992)",
    )


def effective_counts(counts: npt.ArrayLike, cluster_size: npt.ArrayLike, *, icc: npt.ArrayLike) -> Converted[Array]:
    """Events, totals or numbers of participants divided by the design effect; means and SDs stay as they are."""
    given = inputs("an effective sample size", counts=counts, cluster_size=cluster_size, icc=icc)
    return by_row(
        given["counts"] / (1 + (given["cluster_size"] - 1) * given["icc"]),
        "effective-sample-size",
        "count / (1 + (cluster size - 1) * ICC)",
        "Cochrane Handbook 6, section 23.1.4",
    )


def inflated_se(se: npt.ArrayLike, cluster_size: npt.ArrayLike, *, icc: npt.ArrayLike) -> Converted[Array]:
    """Standard error that ignored clustering, multiplied by the root of the design effect."""
    given = inputs("an inflated standard error", se=se, cluster_size=cluster_size, icc=icc)
    return by_row(
        given["se"] * np.sqrt(1 + (given["cluster_size"] - 1) * given["icc"]),
        "inflated-se",
        "SE * sqrt(1 + (cluster size - 1) * ICC)",
        "Cochrane Handbook 6, section 23.1.4",
    )
