"""Meta-regression and subgroups: the BCG trials."""

from __future__ import annotations

from typing import Any

import numpy as np

from guidewright.metaanalysis import effect_sizes, meta_regression, permutation_test, pool, subgroups
from guidewright.metaanalysis.effects import Measure
from guidewright.metaanalysis.moderators import Numeric, design_matrix, predict
from guidewright.metaanalysis.options import Interval, Model, Tau2Method
from tests.metaanalysis.examples.example import DATA, METAFOR_TESTS, Example, Number, column, printed

BCG = "tuberculosis vaccine (metadat::dat.bcg; Colditz et al. 1994)"
VIGNETTE = "the article as it comes with metafor 3.8-1 (doc/metafor.pdf)"
VIECHTBAUER = "Viechtbauer W. Conducting meta-analyses in R with the metafor package. J Stat Softw 2010;36(3):1-48"


def cells() -> tuple[np.ndarray, ...]:
    return tuple(column("dat.bcg", name) for name in ("tpos", "tneg", "cpos", "cneg"))


def effects(measure: Measure) -> tuple[np.ndarray, np.ndarray]:
    a, b, c, d = cells()
    found = effect_sizes(measure, events1=a, total1=a + b, events2=c, total2=c + d)
    return found.y, found.v


def each(found: Any, name: str) -> list[float]:
    return [getattr(one, name) for one in found.coefficients]


def _viechtbauer_2010_mean() -> list[Number]:
    y, v = effects(Measure.RR)
    found = pool(y, v)
    numbers = printed("first two log risk ratios", "-0.8893 -1.5854", y[:2])
    numbers += printed("their variances", "0.3256 0.1946", v[:2])
    numbers += printed("mean, se, z", "-0.7145 0.1798 -3.9744", [found.estimate, found.se, found.statistic], **EARLY)
    numbers += printed("limits", "-1.0669 -0.3622", [found.low, found.high], **EARLY)
    return [*numbers, *printed("tau2, I2, Q", "0.3132 92.22 152.2330", [found.tau2, found.i2, found.q], **EARLY)]


def _viechtbauer_2010_regression() -> list[Number]:
    y, v = effects(Measure.RR)
    years = {"latitude": column("dat.bcg", "ablat"), "year": column("dat.bcg", "year")}
    found = meta_regression(y, v, years)
    numbers = printed("latitude and year: coefficients", "-0.0280 0.0019", each(found, "estimate")[1:])
    numbers += printed("their standard errors", "0.0102 0.0147", each(found, "se")[1:])
    numbers += printed("their z", "-2.7371 0.1299", each(found, "statistic")[1:])
    numbers += printed("tau2 and its se", "0.1108 0.0845", [found.tau2, found.tau2_se])
    numbers += printed("QE and p", "28.3251 0.0016", [found.qe, found.qe_p])
    assert found.qm is not None
    numbers += printed("QM and p", "12.2043 0.0022", [found.qm.statistic, found.qm.p], **EARLY)
    shown = predict(found, {"latitude": [10, 20, 30, 40, 50, 60], "year": 1970})
    at = "risk ratio in 1970 at 10 to 60 degrees"
    numbers += printed(at, "0.9345 0.7062 0.5337 0.4033 0.3048 0.2303", np.exp(shown.estimate))
    numbers += printed(f"{at}: lower limit", "0.5833 0.5149 0.4196 0.2956 0.1916 0.1209", np.exp(shown.low))
    data = {"alloc": DATA["dat.bcg"]["alloc"], "latitude": column("dat.bcg", "ablat")}
    hartung = meta_regression(y, v, data, interval=Interval.KNAPP_HARTUNG)
    numbers += printed("allocation and latitude, Knapp-Hartung: se", "0.4188 0.3624 0.3925 0.0095", each(hartung, "se"))
    assert hartung.qm is not None
    numbers += printed("F and p", "3.4471 0.0650", [hartung.qm.statistic, hartung.qm.p])
    by = subgroups(y, v, data["alloc"], common_tau2=True, order=("random", "alternate", "systematic"))
    numbers += printed("by allocation: means", "-0.9658 -0.5180 -0.4289", [one.estimate for one in by.subgroups])
    assert by.interaction is not None
    return [
        *numbers,
        *printed("test between allocations", "1.7675 0.4132", [by.interaction.statistic, by.interaction.p]),
    ]


def _viechtbauer_2010_permutations() -> list[Number]:
    return printed(
        "p of 8192 sign patterns",
        "0.0015",
        permutation_test(*effects(Measure.RR), seed=1, exact=True).coefficients[0].p,
    )


def _van_houwelingen_2002() -> list[Number]:
    y, v = effects(Measure.OR)
    common, ml = pool(y, v, model=Model.COMMON), pool(y, v, tau2_method=Tau2Method.ML)
    numbers = printed("odds ratio, common effect", "0.647 0.595", np.exp([common.estimate, common.low]))
    numbers += printed("its upper limit", "0.703", np.exp(common.high), remark="0.702 to more digits", units=1)
    numbers += printed("odds ratio, ML", "0.476 0.336 0.675", np.exp([ml.estimate, ml.low, ml.high]))
    numbers += printed("tau2, ML", "0.302", ml.tau2)
    found = meta_regression(y, v, {"latitude": column("dat.bcg", "ablat")}, tau2_method=Tau2Method.ML)
    numbers += printed("latitude: coefficients", "0.371 -0.033", each(found, "estimate"))
    numbers += printed("latitude: standard errors", "0.106 0.003", each(found, "se"))
    return [*numbers, *printed("latitude: tau2 and R2", "0.004 98.7", [found.tau2, found.r2])]


def _berkey_1995() -> list[Number]:
    a, b, c, d = cells()
    smooth = (b / a).mean() / (a + b) + (d / c).mean() / (c + d)
    y, _ = effects(Measure.RR)
    design = design_matrix([Numeric(column="latitude", centre=33.46)], {"latitude": column("dat.bcg", "ablat")})
    found = meta_regression(y, smooth, design, tau2_method=Tau2Method.EB)
    numbers = printed("intercept", "-0.6304", each(found, "estimate")[0], remark="-0.6303 to more digits", units=1)
    numbers += printed("latitude", "-0.0268", each(found, "estimate")[1])
    numbers += printed("standard errors", "0.1591 0.0110", each(found, "se"))
    numbers += printed("tau2", "0.157", found.tau2)
    common = meta_regression(y, smooth, design, model=Model.COMMON)
    first, slope = each(common, "estimate")
    numbers += printed("common effect: intercept", "-0.5950", first, remark="-0.5949 to more digits", units=1)
    numbers += printed("common effect: latitude", "-0.0282", slope)
    alone = pool(y, smooth, tau2_method=Tau2Method.EB)
    return [*numbers, *printed("without latitude", "-0.5429 0.1842", [alone.estimate, alone.se])]


#: The article fits until tau2 changes by less than 1e-5.
EARLY = {"remark": "printed at a tau2 good to 1e-5", "units": 3.0}
EXAMPLES = (
    Example(
        "viechtbauer-2010",
        VIECHTBAUER,
        "sections 3.1 to 3.3",
        BCG,
        VIGNETTE,
        "risk ratios and their REML mean",
        _viechtbauer_2010_mean,
    ),
    Example(
        "viechtbauer-2010-regression",
        VIECHTBAUER,
        "section 3.4",
        BCG,
        VIGNETTE,
        "meta-regression on latitude, year and allocation; predicted risk ratios; Knapp-Hartung",
        _viechtbauer_2010_regression,
    ),
    Example(
        "viechtbauer-2010-permutations",
        VIECHTBAUER,
        "section 3.5",
        BCG,
        VIGNETTE,
        "the exact permutation test of the mean",
        _viechtbauer_2010_permutations,
    ),
    Example(
        "van-houwelingen-2002",
        "van Houwelingen HC, Arends LR, Stijnen T. Advanced methods in meta-analysis: multivariate approach and "
        "meta-regression. Stat Med 2002;21:589-624",
        "pages 596, 597, 608 and 609",
        "the same trials (metadat::dat.bcg; in the article dat.colditz1994)",
        METAFOR_TESTS.format("vanhouwelingen2002"),
        "odds ratios by maximum likelihood, and on latitude",
        _van_houwelingen_2002,
    ),
    Example(
        "berkey-1995",
        "Berkey CS, Hoaglin DC, Mosteller F, Colditz GA. A random-effects regression model for meta-analysis. "
        "Stat Med 1995;14:395-411",
        "page 408",
        BCG,
        METAFOR_TESTS.format("berkey1995"),
        "empirical Bayes regression with smoothed variances",
        _berkey_1995,
    ),
)
