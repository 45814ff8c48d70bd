"""Conversions of what reports print into what effect sizes need; each result says by which formula and source."""

from guidewright.metaanalysis.effects.conversions.arms import combine_events, combine_means, split_shared_group
from guidewright.metaanalysis.effects.conversions.changes import correlation_of_change, sd_of_change
from guidewright.metaanalysis.effects.conversions.clusters import design_effect, effective_counts, inflated_se
from guidewright.metaanalysis.effects.conversions.converted import Converted, Distribution
from guidewright.metaanalysis.effects.conversions.hazards import log_hazard_ratio
from guidewright.metaanalysis.effects.conversions.quantiles import from_five_numbers, from_quartiles, from_range
from guidewright.metaanalysis.effects.conversions.spread import (
    sd_from_difference_se,
    sd_from_interval,
    sd_from_se,
    se_from_interval,
    se_from_p,
    se_from_t,
    smd_from_t,
)

__all__ = [
    "Converted",
    "Distribution",
    "combine_events",
    "combine_means",
    "correlation_of_change",
    "design_effect",
    "effective_counts",
    "from_five_numbers",
    "from_quartiles",
    "from_range",
    "inflated_se",
    "log_hazard_ratio",
    "sd_from_difference_se",
    "sd_from_interval",
    "sd_from_se",
    "sd_of_change",
    "se_from_interval",
    "se_from_p",
    "se_from_t",
    "smd_from_t",
    "split_shared_group",
]
