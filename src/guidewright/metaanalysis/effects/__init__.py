"""Effect sizes: from the numbers of a study to an effect with its sampling variance."""

from guidewright.metaanalysis.effects.choices import Choices, PrintedChoices, To, VarianceType
from guidewright.metaanalysis.effects.estimates import from_estimates
from guidewright.metaanalysis.effects.measure import Family, Measure
from guidewright.metaanalysis.effects.scales import Scale, harmonic_mean
from guidewright.metaanalysis.effects.sizes import EffectSizes, effect_sizes

__all__ = [
    "Choices",
    "EffectSizes",
    "Family",
    "Measure",
    "PrintedChoices",
    "Scale",
    "To",
    "VarianceType",
    "effect_sizes",
    "from_estimates",
    "harmonic_mean",
]
