"""Small-study effects and publication bias: tests of asymmetry, adjusted estimates, and what funnel plots draw."""

from guidewright.metaanalysis.bias.doi import Asymmetry, DoiPlot, doi_plot
from guidewright.metaanalysis.bias.excess_significance import (
    Alternative,
    ExcessSignificance,
    ExcessTest,
    excess_significance,
)
from guidewright.metaanalysis.bias.fail_safe import FailSafe, FailSafeN, fail_safe_n
from guidewright.metaanalysis.bias.funnel import Cone, FunnelPlot, funnel_plot
from guidewright.metaanalysis.bias.henmi_copas import HenmiCopas, henmi_copas
from guidewright.metaanalysis.bias.pet_peese import Chosen, PetPeese, pet_peese
from guidewright.metaanalysis.bias.rank import RankDistribution, RankTest, begg
from guidewright.metaanalysis.bias.regression import (
    Form,
    Predictor,
    RegressionTest,
    egger,
    regression_test,
    thompson_sharp,
)
from guidewright.metaanalysis.bias.selection_functions import Favours, SelectionFunction
from guidewright.metaanalysis.bias.selection_models import (
    VEVEA_WOODS,
    VEVEA_WOODS_CUT_POINTS,
    SelectionModel,
    VeveaWoods,
    selection_model,
    selection_sensitivity,
)
from guidewright.metaanalysis.bias.standardised import pustejovsky
from guidewright.metaanalysis.bias.survival import debray, debray_by_arm
from guidewright.metaanalysis.bias.trim_and_fill import Missing, Side, TrimAndFill, trim_and_fill
from guidewright.metaanalysis.bias.two_by_two import deeks, harbord, macaskill, peters, schwarzer

__all__ = [
    "VEVEA_WOODS",
    "VEVEA_WOODS_CUT_POINTS",
    "Alternative",
    "Asymmetry",
    "Chosen",
    "Cone",
    "DoiPlot",
    "ExcessSignificance",
    "ExcessTest",
    "FailSafe",
    "FailSafeN",
    "Favours",
    "Form",
    "FunnelPlot",
    "HenmiCopas",
    "Missing",
    "PetPeese",
    "Predictor",
    "RankDistribution",
    "RankTest",
    "RegressionTest",
    "SelectionFunction",
    "SelectionModel",
    "Side",
    "TrimAndFill",
    "VeveaWoods",
    "begg",
    "debray",
    "debray_by_arm",
    "deeks",
    "doi_plot",
    "egger",
    "excess_significance",
    "fail_safe_n",
    "funnel_plot",
    "harbord",
    "henmi_copas",
    "macaskill",
    "pet_peese",
    "peters",
    "pustejovsky",
    "regression_test",
    "schwarzer",
    "selection_model",
    "selection_sensitivity",
    "thompson_sharp",
    "trim_and_fill",
]
