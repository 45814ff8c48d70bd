"""Counts: Mantel-Haenszel, Peto, mixed models."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from guidewright.metaanalysis import glmm, mantel_haenszel, peto
from tests.metaanalysis.examples.example import METAFOR_TESTS, MORE_DIGITS, Example, Number, column, printed

#: Table 15-1: events and totals by age, tolbutamide and placebo.
TOLBUTAMIDE = ([8, 22], [106, 98], [5, 16], [120, 85])
#: Table 15-2: deaths and person-years (in 10,000) by age, smokers and others.
DOCTORS = (
    [32, 104, 206, 186, 102],
    [5.2407, 4.3248, 2.8612, 1.2663, 0.5317],
    [2, 12, 28, 28, 31],
    [1.8790, 1.0673, 0.5710, 0.2585, 0.1462],
)
ROTHMAN = "Rothman KJ, Greenland S, Lash TL. Modern epidemiology. 3rd ed. Philadelphia: Lippincott; 2008"


def limits(found: Any) -> list[float]:
    return [found.estimate, found.low, found.high]


def _tolbutamide() -> list[Number]:
    rd, rr, odds = (mantel_haenszel(m, *TOLBUTAMIDE, level=0.9, correct=False) for m in ("RD", "RR", "OR"))
    numbers = printed("risk difference and 90 % interval", "0.0349 -0.0176 0.0874", limits(rd))
    numbers += printed("risk ratio and 90 % interval", "1.3256 0.8658 2.0296", np.exp(limits(rr)))
    numbers += printed("odds ratio and 90 % interval", "1.4031 0.8411 2.3409", np.exp(limits(odds)))
    numbers += printed("Cochran's and Mantel-Haenszel's test", "1.1976 1.1914", [odds.cochran, odds.mantel_haenszel])
    numbers += printed("Tarone's test and p", "0.3489 0.5547", [odds.tarone, odds.tarone_p])
    exact = glmm("OR", *TOLBUTAMIDE, model="CM.EL", common_effect=True)
    return [*numbers, *printed("conditional odds ratio", "1.4022", math.exp(exact.estimate))]


def _doctors() -> list[Number]:
    ird, irr = (mantel_haenszel(m, *DOCTORS, level=0.9, correct=False) for m in ("IRD", "IRR"))
    numbers = printed("rate difference in 10,000 years and 90 % interval", "11.4392 6.3498 16.5286", limits(ird))
    numbers += printed("rate ratio and 90 % interval", "1.4247 1.1944 1.6994", np.exp(limits(irr)))
    numbers += printed("Mantel-Haenszel's test", "11.0162", irr.mantel_haenszel)
    model = glmm("IRR", *DOCTORS, model="CM.EL", common_effect=True, level=0.9)
    return [
        *numbers,
        *printed("conditional rate ratio and 90 % interval", "1.4255 1.1947 1.7009", np.exp(limits(model))),
    ]


def _yusuf_1985() -> list[Number]:
    found = peto(*(column("dat.yusuf1985, table 6", name) for name in ("ai", "n1i", "ci", "n2i")))
    return printed("odds ratio and 95 % interval", "0.93 0.74 1.18", np.exp(limits(found)))


def _stijnen_2010() -> list[Number]:
    tables = [column("dat.nielweise2007", name) for name in ("ai", "n1i", "ci", "n2i")]
    a, n1, c, n2 = tables
    numbers: list[Number] = []
    for name, events, total, said in (("controls", c, n2, "-3.50 0.26 0.81"), ("treated", a, n1, "-4.81 0.36 0.83")):
        one = glmm("PLO", events, total)
        numbers += printed(f"logit of the proportion, {name}: mean, se, tau2", said, [one.estimate, one.se, one.tau2])
    exact, nearly = glmm("OR", *tables, model="CM.EL"), glmm("OR", *tables, model="CM.AL")
    numbers += printed("exact conditional model: log odds ratio, se", "-1.353 0.351", [exact.estimate, exact.se])
    numbers += printed(
        "its tau and limits", "0.83 0.13 0.51", [math.sqrt(exact.tau2), *np.exp([exact.low, exact.high])]
    )
    numbers += printed("approximate one: log odds ratio, se", "-1.303 0.339", [nearly.estimate, nearly.se])
    numbers += printed("its odds ratio and limits", "0.27 0.14 0.53", np.exp(limits(nearly)))
    x1, t1, x2, t2 = (column("dat.nielweise2008", name) for name in ("x1i", "t1i", "x2i", "t2i"))
    control = glmm("IRLN", x2, t2 / 1000)
    numbers += printed("log rate of controls, se", "1.401 0.231", [control.estimate, control.se])
    numbers += printed("rate in 1,000 days and limits", "4.06 2.58 6.38", np.exp(limits(control)))
    ratio = glmm("IRR", x1, t1, x2, t2, model="CM.EL")
    numbers += printed("log rate ratio, se", "-0.476 0.238", [ratio.estimate, ratio.se])
    return [*numbers, *printed("rate ratio and limits", "0.62 0.39 0.99", np.exp(limits(ratio)))]


EXAMPLES = (
    Example(
        "rothman-2008-tolbutamide",
        ROTHMAN,
        "chapter 15, table 15-1",
        "mortality with tolbutamide by age, given there",
        MORE_DIGITS.format("rothman2008"),
        "Mantel-Haenszel differences and ratios, tests of no effect and of homogeneity, the conditional odds ratio",
        _tolbutamide,
    ),
    Example(
        "rothman-2008-doctors",
        ROTHMAN,
        "chapter 15, table 15-2",
        "coronary deaths of British doctors by smoking, given there",
        MORE_DIGITS.format("rothman2008"),
        "Mantel-Haenszel rates, and the conditional rate ratio",
        _doctors,
    ),
    Example(
        "yusuf-1985",
        "Yusuf S, Peto R, Lewis J, Collins R, Sleight P. Beta blockade during and after myocardial infarction: an "
        "overview of the randomized trials. Prog Cardiovasc Dis 1985;27:335-371",
        "table 6",
        "oral beta blockers, early deaths (metadat::dat.yusuf1985)",
        METAFOR_TESTS.format("yusuf1985"),
        "Peto's odds ratio",
        _yusuf_1985,
    ),
    Example(
        "stijnen-2010",
        "Stijnen T, Hamza TH, Ozdemir P. Random effects meta-analysis of event outcome in the framework of the "
        "generalized linear mixed model with applications in sparse data. Stat Med 2010;29:3046-3067",
        "tables II, III, VII and VIII",
        "catheter infections (metadat::dat.nielweise2007, dat.nielweise2008)",
        METAFOR_TESTS.format("stijnen2010"),
        "mixed models of proportions, odds ratios, rates and rate ratios",
        _stijnen_2010,
    ),
)
