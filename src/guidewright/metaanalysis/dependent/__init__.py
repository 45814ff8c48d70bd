"""Several effects per study: effects that share patients, laboratories or districts are not independent.

Three answers, which may be combined: random effects at several levels (:func:`multilevel`), random effects that are
correlated between outcomes (:func:`multivariate`), and standard errors that hold whatever the correlation is
(:func:`cluster_robust`). Sampling errors of one study may be correlated in all of them (:func:`sampling_covariance`).
"""

from guidewright.metaanalysis.dependent.cluster_robust import ClusterRobust, JointTest, cluster_robust
from guidewright.metaanalysis.dependent.comparison import LikelihoodRatio, likelihood_ratio
from guidewright.metaanalysis.dependent.fits import DependentFit
from guidewright.metaanalysis.dependent.marginal import MarginalModel, marginal_model
from guidewright.metaanalysis.dependent.maximum import NotConvergedError
from guidewright.metaanalysis.dependent.multilevel import LevelVariance, MultilevelFit, multilevel
from guidewright.metaanalysis.dependent.multivariate import MultivariateFit, OutcomeVariance, multivariate
from guidewright.metaanalysis.dependent.options import Correction, DegreesOfFreedom, Means, RandomStructure
from guidewright.metaanalysis.dependent.profile import ProfileInterval, profile_intervals
from guidewright.metaanalysis.dependent.sampling import sampling_covariance
from guidewright.metaanalysis.moderators.result import Coefficient

__all__ = [
    "ClusterRobust",
    "Coefficient",
    "Correction",
    "DegreesOfFreedom",
    "DependentFit",
    "JointTest",
    "LevelVariance",
    "LikelihoodRatio",
    "MarginalModel",
    "Means",
    "MultilevelFit",
    "MultivariateFit",
    "NotConvergedError",
    "OutcomeVariance",
    "ProfileInterval",
    "RandomStructure",
    "cluster_robust",
    "likelihood_ratio",
    "marginal_model",
    "multilevel",
    "multivariate",
    "profile_intervals",
    "sampling_covariance",
]
