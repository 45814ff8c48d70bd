"""R's meta: tests of asymmetry, trim and fill, and refits of odds ratios, on the effects that its file pools."""

from __future__ import annotations

from typing import Any

from guidewright.metaanalysis.bias import (
    RankDistribution,
    RankTest,
    begg,
    deeks,
    egger,
    harbord,
    macaskill,
    peters,
    pustejovsky,
    schwarzer,
    thompson_sharp,
    trim_and_fill,
)
from guidewright.metaanalysis.options import Model
from guidewright.metaanalysis.sensitivity.cumulative import cumulative
from guidewright.metaanalysis.sensitivity.leave_one_out import leave_one_out
from tests.metaanalysis.grid_rules.meta_package import SCORING, of, table
from tests.metaanalysis.grid_rules.pooled import stopped
from tests.metaanalysis.grid_rules.reference import Array, Place, numbers
from tests.metaanalysis.grid_rules.rules import Answer, Block, iterated, limit, p_value, same


def asymmetry(place: Place) -> Answer:
    """meta's tests, on the effects of the first pooled block."""
    binary = "metabin" in place.file.content
    if not binary:
        there = place.file.content["metacont"]["SMD_REML_classic"]
    elif place.path[0] == "metabias_OR":
        there = place.file.content["metabin"]["OR_Inverse_REML_classic"]
    else:
        there = place.file.content["metabin"]["RR_Inverse_REML_classic"]
    y, v = numbers(there["TE"]), numbers(there["seTE"]) ** 2
    tests: dict[str, Any] = {
        "Begg": lambda: begg(y, v, distribution=RankDistribution.NORMAL),
        "Egger": lambda: egger(y, v),
        "Thompson": lambda: thompson_sharp(y, v),
        "Schwarzer": lambda: schwarzer(*table(place)),
        "Harbord": lambda: harbord(*table(place)),
        "Peters": lambda: peters(*table(place)),
        "Deeks": lambda: deeks(*table(place)),
        "Macaskill": lambda: macaskill(*table(place)),
        "Pustejovsky": lambda: pustejovsky(y, v, n1=place.file.raw["n1i"], n2=place.file.raw["n2i"]),
    }
    found = tests[place.name]()
    if place.name == "Thompson":
        return stopped(found, v, found.tau2, SCORING)
    return Answer(found)


def _estimate(found: Any) -> list[float]:
    return [found.s, found.s_se] if isinstance(found, RankTest) else [found.slope, found.slope_se]


def odds_ratios(place: Place) -> tuple[Array, Array]:
    there = place.file.content["metabin"]["OR_Inverse_REML_classic"]
    return numbers(there["TE"]), numbers(there["seTE"]) ** 2


def filled(place: Place) -> Answer:
    y, v = odds_ratios(place)
    found = trim_and_fill(y, v, trimming_model=Model.COMMON)
    return stopped(found, v, found.filled.tau2, SCORING, found.filled.se)


def refitted(place: Place) -> Answer:
    y, v = odds_ratios(place)
    found = (leave_one_out if place.name.startswith("metainf") else cumulative)(y, v).results
    return stopped(found, v, float(found.tau2.min()), SCORING, float(found.se.max()))


BLOCKS = (
    Block(
        "metabias_*/*",
        asymmetry,
        {
            "statistic": iterated("statistic"),
            "pval": p_value("p"),
            "df": same(lambda found: getattr(found, "df", None)),
            "estimate": iterated(_estimate),
        },
    ),
    Block(
        "trimfill_OR",
        filled,
        {
            "k0": same("missing"),
            "TE_random": iterated(of("filled", "estimate")),
            "lower": limit(of("filled", "low")),
            "upper": limit(of("filled", "high")),
        },
    ),
    Block("metainf_OR_random|metacum_OR_random", refitted, {"TE": iterated("estimate"), "seTE": iterated("se")}),
)
