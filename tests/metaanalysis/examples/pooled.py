"""Pooling: estimators of tau2, tests, intervals, shrunken effects."""

from __future__ import annotations

import math

import numpy as np

from guidewright.metaanalysis import effect_sizes, heterogeneity_interval, meta_regression, pool
from guidewright.metaanalysis.effects import Measure
from guidewright.metaanalysis.options import Interval, Model, Tau2Interval, Tau2Method
from guidewright.metaanalysis.sensitivity.shrinkage import shrunken_effects
from tests.metaanalysis.examples.example import (
    DATA,
    KNOWLEDGE,
    METAFOR_TESTS,
    MORE_DIGITS,
    Example,
    Number,
    column,
    printed,
    row,
)

#: The two sets of Viechtbauer 2005, effects and variances; tau2 and I2 as printed.
VIECHTBAUER_2005 = (
    (
        row("-0.581 0.530 0.771 1.031 0.553 0.295 0.078 0.573 -0.176 -0.232"),
        row("0.023 0.052 0.060 0.115 0.095 0.203 0.200 0.211 0.051 0.040"),
        "0.228 0.148 0.277 0.197 0.223 0.192 0.199",
        "77.23 68.80 80.44 74.51 76.84 74.05 74.75",
    ),
    (
        row(
            "0.100 -0.162 -0.090 -0.049 -0.046 -0.010 -0.431 -0.261 0.134 "
            "0.019 0.175 0.056 0.045 0.103 0.121 -0.482 0.290 0.342"
        ),
        row(
            "0.016 0.015 0.050 0.050 0.032 0.052 0.036 0.024 0.034 "
            "0.033 0.031 0.034 0.039 0.167 0.134 0.096 0.016 0.035"
        ),
        "0.010 0.000 0.013 0.013 0.016 0.010 0.025",
        "22.93 0.00 27.53 28.45 32.02 23.72 42.67",
    ),
)
SEVEN = ("HS", "HE", "DL", "ML", "REML", "EB", "SJ")
#: metafor stops at 1e-5, so that I2 to two decimals may be off by a few units of the last.
STOPPED = {"remark": "printed at a tau2 good to 1e-5", "units": 3.0}


def _viechtbauer_2005() -> list[Number]:
    found: list[Number] = []
    for number, (y, v, tau2, i2) in enumerate(VIECHTBAUER_2005, 1):
        fits = [pool(y, v, tau2_method=Tau2Method(name)) for name in SEVEN]
        said = f"example {number}, {', '.join(SEVEN)}"
        found += printed(f"tau2, {said}", tau2, [one.tau2 for one in fits])
        found += printed(f"I2, {said}", i2, [one.i2 for one in fits], **STOPPED)
    return found


def _normand_1999() -> list[Number]:
    stroke = DATA["dat.normand1999"]
    n1, n2, sd1, sd2 = (column("dat.normand1999", name) for name in ("n1i", "n2i", "sd1i", "sd2i"))
    sd = np.sqrt(((n1 - 1) * sd1**2 + (n2 - 1) * sd2**2) / (n1 + n2 - 2))
    y, v = column("dat.normand1999", "m1i") - column("dat.normand1999", "m2i"), sd**2 * (1 / n1 + 1 / n2)
    found = printed("variances, pooled SD", "40.59 2.05 15.28 150.22 20.19 1.22 95.38 8.03 20.69", v)
    common, dl, reml = (
        pool(y, v, model=Model.COMMON),
        pool(y, v, tau2_method=Tau2Method.DL),
        pool(y, v),
    )
    for name, one, numbers in (
        ("common effect", common, "-3.49 -5.03 -1.96"),
        ("DL", dl, "-14.10 -24.45 -3.75"),
        ("REML", reml, "-15.12 -32.67 2.43"),
    ):
        found += printed(f"mean and 95 % interval, {name}", numbers, [one.estimate, one.low, one.high])
    found += printed("tau2, DL and REML", "218.72 685.20", [dl.tau2, reml.tau2])
    assert len(stroke["n1i"]) == 9
    lidocaine = {
        n: column("dat.hine1989", a) for n, a in zip(Measure.RD.columns, ("ai", "n1i", "ci", "n2i"), strict=True)
    }
    rd = effect_sizes(Measure.RD, **lidocaine)
    pooled = pool(100 * rd.y, 1e4 * rd.v)
    found += printed(
        "lidocaine, risk difference in percent", "2.94 0.4 5.5", [pooled.estimate, pooled.low, pooled.high]
    )
    return [*found, *printed("lidocaine, tau2 by REML", "0.000", pooled.tau2)]


def _expectancy() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    y, v, weeks = (column("dat.raudenbush1985", name) for name in ("yi", "vi", "weeks"))
    return y, v, np.minimum(weeks, 3)


def _raudenbush_1985() -> list[Number]:
    y, v, weeks = _expectancy()
    mean, regression = pool(y, v), meta_regression(y, v, {"weeks": weeks})
    shrunken = shrunken_effects(y, v)
    found = printed("mean and z", "0.0837 1.6208", [mean.estimate, mean.statistic])
    found += printed("tau2", "0.0188", mean.tau2)
    found += printed("Q", "35.85", mean.q, remark="metafor has 35.83 of the rounded data too", units=3)
    found += printed(
        "largest shrunken effects (studies 4 and 10)", "0.2144 0.2485", shrunken.estimate[[3, 9]], **STOPPED
    )
    found += printed("weeks: coefficients", "0.4072 -0.1572", [one.estimate for one in regression.coefficients])
    found += printed("weeks: tau2", "0.0000", regression.tau2)
    return [*found, *printed("weeks: residual Q", "16.58", regression.qe, remark="16.57 of the rounded data", units=1)]


#: Table 16.3 of Raudenbush 2009: tau2, mean; then se, z, low, high by the usual and by the Knapp-Hartung variance.
TABLE_16_3 = {
    "FE": ("0.000 0.060", "0.036 1.655 -0.011 0.132", "0.051 1.173 -0.048 0.168"),
    "ML": ("0.013 0.078", "0.047 1.637 -0.015 0.171", "0.059 1.311 -0.047 0.202"),
    "REML": ("0.019 0.084", "0.052 1.621 -0.018 0.185", "0.062 1.359 -0.046 0.213"),
    "DL": ("0.026 0.089", "0.056 1.601 -0.020 0.199", "0.064 1.405 -0.044 0.223"),
    "HE": ("0.080 0.114", "0.079 1.443 -0.041 0.270", "0.071 1.608 -0.035 0.264"),
}


def _raudenbush_2009() -> list[Number]:
    y, v, _ = _expectancy()
    found: list[Number] = []
    for name, (first, *rest) in TABLE_16_3.items():
        for interval, numbers in zip((Interval.WALD, Interval.KNAPP_HARTUNG), rest, strict=True):
            if name == "FE":
                one = pool(y, v, model=Model.COMMON, interval=interval)
            else:
                one = pool(y, v, tau2_method=Tau2Method(name), interval=interval)
            if interval is Interval.WALD:
                found += printed(f"{name}: tau2 and mean", first, [one.tau2, one.estimate])
            found += printed(
                f"{name}, {interval}: se, z or t, limits", numbers, [one.se, one.statistic, one.low, one.high]
            )
    return found


def _viechtbauer_2007() -> list[Number]:
    tables = [column("dat.collins1985b", name) for name in ("ai", "n1i", "ci", "n2i")]
    found = effect_sizes(Measure.OR, **dict(zip(Measure.OR.columns, tables, strict=True)))
    y, v = found.y, found.v
    numbers = printed(
        "tau2 by DL, ML, REML, SJ",
        "0.230 0.239 0.301 0.456",
        [pool(y, v, tau2_method=Tau2Method(name)).tau2 for name in ("DL", "ML", "REML", "SJ")],
    )
    for name, limits, options in (
        ("Q-profile", "0.072 2.203", {}),
        ("profile likelihood, ML", "0.027 1.131", {"method": Tau2Interval.PROFILE_LIKELIHOOD, "restricted": False}),
        ("profile likelihood, REML", "0.043 1.475", {"method": Tau2Interval.PROFILE_LIKELIHOOD}),
    ):
        interval = heterogeneity_interval(y, v, **options)  # type: ignore[arg-type]
        numbers += printed(f"limits of tau2, {name}", limits, [interval.tau2_low, interval.tau2_high])
    return numbers


def _borenstein_2009() -> list[Number]:
    groups = {"mean1": 103, "sd1": 5.5, "n1": 50, "mean2": 100, "sd2": 4.5, "n2": 50}
    md, g = effect_sizes(Measure.MD, variance="HO", **groups), effect_sizes(Measure.SMD, variance="LS2", **groups)  # type: ignore[arg-type]
    found = printed("chapter 4: mean difference and variance", "3.0000 1.0100", [md.y[0], md.v[0]])
    found += printed("chapter 4: Hedges' g and variance", "0.5924 0.0411", [g.y[0], g.v[0]])
    for measure, numbers in (("RR", "-0.6931 0.2800"), ("OR", "-0.7472 0.3216"), ("RD", "-0.0500 0.0014")):
        one = effect_sizes(Measure(measure), events1=5, total1=100, events2=10, total2=100)
        found += printed(f"chapter 5: {measure} and variance, on the scale of analysis", numbers, [one.y[0], one.v[0]])
    z = effect_sizes(Measure.ZCOR, r=0.5, n=100)
    return [*found, *printed("chapter 6: Fisher's z and variance", "0.5493 0.0103", [z.y[0], z.v[0]])]


def _cochrane_cross_over() -> list[Number]:
    found = effect_sizes(Measure.MC, mean1=7.0, sd1=2.38, mean2=6.5, sd2=2.21, n=10, r=0.68)
    return printed("difference and standard error", "0.5 0.583", [found.y[0], math.sqrt(found.v[0])])


EXAMPLES = (
    Example(
        "viechtbauer-2005",
        "Viechtbauer W. Bias and efficiency of meta-analytic variance estimators in the random-effects model. "
        "J Educ Behav Stat 2005;30:261-293",
        "pages 271 and 272",
        "two sets of effects, given in the article",
        METAFOR_TESTS.format("viechtbauer2005"),
        "seven estimators of tau2 and their I2, on ten and on eighteen studies",
        _viechtbauer_2005,
    ),
    Example(
        "normand-1999",
        "Normand SLT. Meta-analysis: formulating, evaluating, combining, and reporting. Stat Med 1999;18:321-359",
        "tables VII to IX, pages 349 to 352",
        "length of stay after stroke (metadat::dat.normand1999); lidocaine after infarction (metadat::dat.hine1989)",
        METAFOR_TESTS.format("normand1999"),
        "mean differences and risk differences under a common effect, DerSimonian-Laird and REML",
        _normand_1999,
    ),
    Example(
        "raudenbush-1985",
        "Raudenbush SW, Bryk AS. Empirical Bayes meta-analysis. J Educ Stat 1985;10:75-98",
        "pages 83, 85, 86, 90 and 92",
        "teachers' expectations and pupils' IQ (metadat::dat.raudenbush1985)",
        MORE_DIGITS.format("raudenbush1985"),
        "REML, shrunken effects, and a meta-regression that explains all heterogeneity",
        _raudenbush_1985,
    ),
    Example(
        "raudenbush-2009",
        "Raudenbush SW. Analyzing effect sizes: random-effects models. In: Cooper H, Hedges LV, Valentine JC, editors. "
        "The handbook of research synthesis and meta-analysis. 2nd ed. New York: Russell Sage; 2009",
        "table 16.3, page 309",
        "the same studies (metadat::dat.raudenbush1985)",
        MORE_DIGITS.format("raudenbush2009"),
        "five estimators with the usual and with the Knapp-Hartung variance: 50 numbers",
        _raudenbush_2009,
    ),
    Example(
        "viechtbauer-2007",
        "Viechtbauer W. Confidence intervals for the amount of heterogeneity in meta-analysis. Stat Med 2007;26:37-52",
        "table II, page 44",
        "diuretics in pregnancy, any pre-eclampsia (metadat::dat.collins1985b; Collins, Yusuf & Peto 1985)",
        MORE_DIGITS.format("viechtbauer2007a"),
        "estimators of tau2 and its intervals by Q-profile and by profile likelihood",
        _viechtbauer_2007,
    ),
    Example(
        "borenstein-2009",
        "Borenstein M, Hedges LV, Higgins JPT, Rothstein HR. Introduction to meta-analysis. Chichester: Wiley; 2009",
        "worked examples of chapters 4, 5 and 6",
        "summary numbers given in the book",
        KNOWLEDGE,
        "effect sizes from means, counts and a correlation",
        _borenstein_2009,
    ),
    Example(
        "cochrane-cross-over",
        "Higgins JPT, Deeks JJ, Altman DG. Special topics in statistics. In: Cochrane Handbook for Systematic Reviews "
        "of Interventions 5.1. 2011",
        "section 16.4.6.4",
        "summary numbers of a cross-over trial, given there",
        "the section, at handbook-5-1.cochrane.org",
        "a mean change with an imputed correlation",
        _cochrane_cross_over,
    ),
)
