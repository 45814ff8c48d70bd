"""The effect measures, each declared once: what it is called, what it needs, on which scale it is pooled.

Names are those of metafor's ``escalc``, where Viechtbauer 2010 (J Stat Softw 36(3)) and its references define them.
"""

from __future__ import annotations

from enum import StrEnum

import numpy.typing as npt

from guidewright.metaanalysis.effects.choices import VarianceType
from guidewright.metaanalysis.effects.scales import Array, Scale, natural


class Family(StrEnum):
    """What kind of data a measure is computed from."""

    TWO_BY_TWO = "two-by-two"
    """Events and totals of two independent groups."""
    MATCHED_PAIRS = "matched-pairs"
    """Pairs cross-classified by the event in two conditions."""
    TWO_RATES = "two-rates"
    """Events and person-time of two groups."""
    TWO_MEANS = "two-means"
    """Means and standard deviations of two independent groups."""
    PAIRED_MEANS = "paired-means"
    """Two measurements of the same participants."""
    CORRELATION = "correlation"
    """Correlations, also partial ones from regression."""
    PROPORTION = "proportion"
    """Events and total of one group."""
    RATE = "rate"
    """Events and person-time of one group."""
    ONE_MEAN = "one-mean"
    """Mean and standard deviation of one group."""
    RELIABILITY = "reliability"
    """Coefficients alpha."""
    GENOTYPES = "genotypes"
    """Genotype counts of one group."""
    GENERIC = "generic"
    """Estimates as printed, with a standard error, an interval or a p value."""


# Families with the columns that their measures need; a few measures need fewer.
_TABLE = (Family.TWO_BY_TWO, ("events1", "total1", "events2", "total2"))
_PAIRS = (Family.MATCHED_PAIRS, ("both", "only1", "only2", "neither"))
_RATES = (Family.TWO_RATES, ("events1", "time1", "events2", "time2"))
_MEANS = (Family.TWO_MEANS, ("mean1", "sd1", "n1", "mean2", "sd2", "n2"))
_MEANS_SD2 = (Family.TWO_MEANS, ("mean1", "n1", "mean2", "sd2", "n2"))
_SDS = (Family.TWO_MEANS, ("sd1", "n1", "sd2", "n2"))
_CHANGE = (Family.PAIRED_MEANS, ("mean1", "sd1", "mean2", "sd2", "n", "r"))
_CHANGE_SD1 = (Family.PAIRED_MEANS, ("mean1", "sd1", "mean2", "n", "r"))
_CHANGE_SDS = (Family.PAIRED_MEANS, ("sd1", "sd2", "n", "r"))
_R = (Family.CORRELATION, ("r", "n"))
_PARTIAL = (Family.CORRELATION, ("t", "n", "predictors"))
_SEMI_PARTIAL = (Family.CORRELATION, ("t", "n", "predictors", "r2"))
_SHARE = (Family.PROPORTION, ("events", "total"))
_RATE = (Family.RATE, ("events", "time"))
_MEAN = (Family.ONE_MEAN, ("mean", "sd", "n"))
_SD = (Family.ONE_MEAN, ("sd", "n"))
_ALPHA = (Family.RELIABILITY, ("alpha", "items", "n"))
_GENOTYPES = (Family.GENOTYPES, ("homozygotes1", "heterozygotes", "homozygotes2"))
_PRINTED: tuple[Family, tuple[str, ...]] = (Family.GENERIC, ())
_LOG, _Z, _AS_IS = Scale.LOG, Scale.FISHER_Z, Scale.IDENTITY
_LS, _LS2, _UB, _AV = VarianceType.LS, VarianceType.LS2, VarianceType.UB, VarianceType.AV
_HO, _AVHO, _ST, _CS = VarianceType.HO, VarianceType.AVHO, VarianceType.ST, VarianceType.CS
_COUNTED = 0.5  # Haldane-Anscombe constant, where a measure or its variance does not exist with an empty cell


class Measure(StrEnum):
    """An effect measure: name, label, family, columns, scale, value of no effect, default constant, variances."""

    label: str
    """What it is called."""
    family: Family
    """What it is computed from."""
    columns: tuple[str, ...]
    """Columns that ``effect_sizes`` needs; none for those that start from printed estimates."""
    scale: Scale
    """Scale of analysis."""
    null: float | None
    """Value of no effect on the natural scale; none for measures of one group."""
    add: float
    """Constant that is added to counts of rows with an empty cell, unless told otherwise."""
    variances: tuple[VarianceType, ...]
    """Formulas of the variance that it has."""

    def __new__(
        cls,
        value: str,
        label: str,
        family: Family,
        columns: tuple[str, ...],
        scale: Scale,
        null: float | None,
        add: float = 0.0,
        variances: tuple[VarianceType, ...] = (_LS,),
    ) -> Measure:
        measure = str.__new__(cls, value)
        measure._value_ = value
        measure.label, measure.family, measure.columns, measure.scale = label, family, columns, scale
        measure.null, measure.add, measure.variances = null, add, variances
        return measure

    RR = "RR", "risk ratio", *_TABLE, _LOG, 1.0, _COUNTED
    OR = "OR", "odds ratio", *_TABLE, _LOG, 1.0, _COUNTED
    RD = "RD", "risk difference", *_TABLE, _AS_IS, 0.0, _COUNTED, (_LS, _UB, _AV)
    PETO = "PETO", "odds ratio (Peto)", *_TABLE, _LOG, 1.0, _COUNTED
    AS = "AS", "arcsine difference", *_TABLE, _AS_IS, 0.0
    PHI = "PHI", "phi coefficient", *_TABLE, _AS_IS, 0.0, 0.0, (_LS, _ST, _CS)
    YUQ = "YUQ", "Yule's Q", *_TABLE, _AS_IS, 0.0, _COUNTED
    YUY = "YUY", "Yule's Y", *_TABLE, _AS_IS, 0.0, _COUNTED
    RTET = "RTET", "tetrachoric correlation", *_TABLE, _AS_IS, 0.0
    PBIT = "PBIT", "probit difference", *_TABLE, _AS_IS, 0.0, _COUNTED
    OR2D = "OR2D", "standardised difference from odds ratio (logistic)", *_TABLE, _AS_IS, 0.0, _COUNTED
    OR2DL = "OR2DL", "standardised difference from odds ratio (logistic)", *_TABLE, _AS_IS, 0.0, _COUNTED
    OR2DN = "OR2DN", "standardised difference from odds ratio (normal)", *_TABLE, _AS_IS, 0.0, _COUNTED

    MPRD = "MPRD", "matched-pairs risk difference", *_PAIRS, _AS_IS, 0.0, _COUNTED
    MPRR = "MPRR", "matched-pairs risk ratio", *_PAIRS, _LOG, 1.0, _COUNTED
    MPOR = "MPOR", "matched-pairs odds ratio (marginal)", *_PAIRS, _LOG, 1.0, _COUNTED
    MPORC = "MPORC", "matched-pairs odds ratio (conditional)", *_PAIRS, _LOG, 1.0, _COUNTED
    MPPETO = "MPPETO", "matched-pairs odds ratio (Peto)", *_PAIRS, _LOG, 1.0, _COUNTED

    IRR = "IRR", "incidence rate ratio", *_RATES, _LOG, 1.0, _COUNTED
    IRD = "IRD", "incidence rate difference", *_RATES, _AS_IS, 0.0, _COUNTED
    IRSD = "IRSD", "difference of square-root rates", *_RATES, _AS_IS, 0.0

    MD = "MD", "mean difference", *_MEANS, _AS_IS, 0.0, 0.0, (_LS, _UB, _HO)
    SMD = "SMD", "standardised mean difference (Hedges' g)", *_MEANS, _AS_IS, 0.0, 0.0, (_LS, _LS2, _UB, _AV)
    SMDH = "SMDH", "standardised mean difference (unequal SDs)", *_MEANS, _AS_IS, 0.0, 0.0, (_LS, _LS2)
    SMD1 = "SMD1", "mean difference over SD of group 2", *_MEANS_SD2, _AS_IS, 0.0, 0.0, (_LS, _LS2, _UB, _AV)
    SMD1H = "SMD1H", "mean difference over SD of group 2 (unequal SDs)", *_MEANS, _AS_IS, 0.0
    ROM = "ROM", "ratio of means", *_MEANS, _LOG, 1.0, 0.0, (_LS, _HO, _AV, _AVHO)
    CVR = "CVR", "ratio of coefficients of variation", *_MEANS, _LOG, 1.0
    VR = "VR", "ratio of standard deviations", *_SDS, _LOG, 1.0
    RPB = "RPB", "point-biserial correlation", *_MEANS, _AS_IS, 0.0, 0.0, (_LS, _ST, _CS)
    RBIS = "RBIS", "biserial correlation", *_MEANS, _AS_IS, 0.0
    D2OR = "D2OR", "odds ratio from standardised difference (logistic)", *_MEANS, _LOG, 1.0
    D2ORL = "D2ORL", "odds ratio from standardised difference (logistic)", *_MEANS, _LOG, 1.0
    D2ORN = "D2ORN", "odds ratio from standardised difference (normal)", *_MEANS, _LOG, 1.0

    MC = "MC", "mean change", *_CHANGE, _AS_IS, 0.0
    SMCC = "SMCC", "mean change over SD of the change", *_CHANGE, _AS_IS, 0.0, 0.0, (_LS, _LS2)
    SMCR = "SMCR", "mean change over SD of the first measurement", *_CHANGE_SD1, _AS_IS, 0.0, 0.0, (_LS, _LS2)
    SMCRH = "SMCRH", "mean change over SD of the first measurement (unequal SDs)", *_CHANGE, _AS_IS, 0.0
    ROMC = "ROMC", "ratio of means (paired)", *_CHANGE, _LOG, 1.0
    CVRC = "CVRC", "ratio of coefficients of variation (paired)", *_CHANGE, _LOG, 1.0
    VRC = "VRC", "ratio of standard deviations (paired)", *_CHANGE_SDS, _LOG, 1.0

    COR = "COR", "correlation", *_R, _AS_IS, 0.0, 0.0, (_LS, _AV)
    UCOR = "UCOR", "correlation, corrected for bias", *_R, _AS_IS, 0.0, 0.0, (_LS, _AV, _UB)
    ZCOR = "ZCOR", "correlation (Fisher's z)", *_R, _Z, 0.0
    PCOR = "PCOR", "partial correlation", *_PARTIAL, _AS_IS, 0.0, 0.0, (_LS, _AV)
    ZPCOR = "ZPCOR", "partial correlation (Fisher's z)", *_PARTIAL, _Z, 0.0
    SPCOR = "SPCOR", "semi-partial correlation", *_SEMI_PARTIAL, _AS_IS, 0.0, 0.0, (_LS, _AV)

    PR = "PR", "proportion", *_SHARE, _AS_IS, None, _COUNTED, (_LS, _UB, _AV)
    PLN = "PLN", "proportion (logarithm)", *_SHARE, _LOG, None, _COUNTED, (_LS, _AV)
    PLO = "PLO", "proportion (logit)", *_SHARE, Scale.LOGIT, None, _COUNTED, (_LS, _AV)
    PAS = "PAS", "proportion (arcsine)", *_SHARE, Scale.ARCSINE, None
    PFT = "PFT", "proportion (double arcsine)", *_SHARE, Scale.FREEMAN_TUKEY, None

    IR = "IR", "incidence rate", *_RATE, _AS_IS, None, _COUNTED
    IRLN = "IRLN", "incidence rate (logarithm)", *_RATE, _LOG, None, _COUNTED
    IRS = "IRS", "incidence rate (square root)", *_RATE, Scale.SQUARE_ROOT, None
    IRFT = "IRFT", "incidence rate (Freeman-Tukey)", *_RATE, Scale.FREEMAN_TUKEY_RATE, None

    MN = "MN", "mean", *_MEAN, _AS_IS, None
    MNLN = "MNLN", "mean (logarithm)", *_MEAN, _LOG, None
    CVLN = "CVLN", "coefficient of variation (logarithm)", *_MEAN, _LOG, None
    SDLN = "SDLN", "standard deviation (logarithm)", *_SD, _LOG, None
    SMN = "SMN", "standardised mean", *_MEAN, _AS_IS, None

    ARAW = "ARAW", "coefficient alpha", *_ALPHA, _AS_IS, None
    AHW = "AHW", "coefficient alpha (Hakstian-Whalen)", *_ALPHA, Scale.CUBE_ROOT_ALPHA, None
    ABT = "ABT", "coefficient alpha (Bonett)", *_ALPHA, Scale.LOG_ALPHA, None
    REH = "REH", "relative excess heterozygosity", *_GENOTYPES, _LOG, 1.0

    HR = "HR", "hazard ratio", *_PRINTED, _LOG, 1.0
    GEN = "GEN", "generic estimate", *_PRINTED, _AS_IS, 0.0

    @property
    def is_log(self) -> bool:
        """Whether it is pooled as a logarithm."""
        return self.scale is Scale.LOG

    @property
    def is_ratio(self) -> bool:
        """Whether it compares by a ratio, pooled as a logarithm: 1 is no effect, and axes are logarithmic."""
        return self.is_log and self.null == 1

    def natural(self, values: npt.ArrayLike, *, n: npt.ArrayLike | None = None) -> Array:
        """From the scale of analysis to the scale that is shown; see :func:`.scales.natural` for ``n``."""
        return natural(self.scale, values, n=n)
