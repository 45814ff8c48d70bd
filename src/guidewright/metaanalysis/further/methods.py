"""Every further method with its options. Names are those under which the field knows the methods."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from guidewright.metaanalysis.further.asymmetry import (
    AsymmetryTest,
    Doi,
    ExcessSignificanceTest,
    FailSafeNumber,
    LimitRegression,
    PetPeeseEstimate,
    SelectionModelFit,
    TrimAndFillEstimate,
)
from guidewright.metaanalysis.further.counts import GlmmFit, MantelHaenszelFit, PetoFit
from guidewright.metaanalysis.further.explanations import (
    ClusterRobustFit,
    MetaRegressionFit,
    MultilevelFit,
    SubgroupTest,
)
from guidewright.metaanalysis.further.fragility import (
    AllSubsets,
    Contributions,
    CumulativeFit,
    FragilityIndex,
    InfluenceMeasures,
    LeaveOneOutFit,
    ShrunkenEffectsFit,
    TrialSequentialFit,
    TrueEffectsFit,
)
from guidewright.metaanalysis.further.specifications import MultiverseFit

#: One entry of ``further``.
Method = Annotated[
    AsymmetryTest
    | LimitRegression
    | TrimAndFillEstimate
    | PetPeeseEstimate
    | SelectionModelFit
    | FailSafeNumber
    | ExcessSignificanceTest
    | Doi
    | LeaveOneOutFit
    | CumulativeFit
    | InfluenceMeasures
    | Contributions
    | AllSubsets
    | FragilityIndex
    | ShrunkenEffectsFit
    | TrueEffectsFit
    | TrialSequentialFit
    | MultiverseFit
    | SubgroupTest
    | MetaRegressionFit
    | MultilevelFit
    | ClusterRobustFit
    | MantelHaenszelFit
    | PetoFit
    | GlmmFit,
    Field(discriminator="method"),
]
