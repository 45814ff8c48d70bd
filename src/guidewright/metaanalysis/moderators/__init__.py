"""Why effects differ: meta-regression, subgroups and permutation tests, for one analysis or many at once."""

from guidewright.metaanalysis.moderators.bubble import BubblePlot, BubblePoint, bubble_plot
from guidewright.metaanalysis.moderators.design_matrix import DesignMatrix, design_matrix
from guidewright.metaanalysis.moderators.fit_statistics import FitStatistics
from guidewright.metaanalysis.moderators.mixed_effects import MixedEffectsFits, fit_mixed_effects
from guidewright.metaanalysis.moderators.moderator import (
    Factor,
    Interaction,
    Moderator,
    Numeric,
    Polynomial,
    Spline,
)
from guidewright.metaanalysis.moderators.permutation import PermutationTest, PermutedCoefficient, permutation_test
from guidewright.metaanalysis.moderators.predictions import Predictions, predict
from guidewright.metaanalysis.moderators.regression import meta_regression
from guidewright.metaanalysis.moderators.result import (
    Coefficient,
    MetaRegression,
    OmnibusTest,
    ResidualInterval,
    TermTest,
)
from guidewright.metaanalysis.moderators.subgroups import Subgroup, Subgroups, subgroups

__all__ = [
    "BubblePlot",
    "BubblePoint",
    "Coefficient",
    "DesignMatrix",
    "Factor",
    "FitStatistics",
    "Interaction",
    "MetaRegression",
    "MixedEffectsFits",
    "Moderator",
    "Numeric",
    "OmnibusTest",
    "PermutationTest",
    "PermutedCoefficient",
    "Polynomial",
    "Predictions",
    "ResidualInterval",
    "Spline",
    "Subgroup",
    "Subgroups",
    "TermTest",
    "bubble_plot",
    "design_matrix",
    "fit_mixed_effects",
    "meta_regression",
    "permutation_test",
    "predict",
    "subgroups",
]
