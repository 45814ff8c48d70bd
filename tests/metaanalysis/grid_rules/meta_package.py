"""R's meta: pooled counts, means and proportions. It calls metafor with the default control: tau2 is its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.special import expit

from guidewright.metaanalysis.counts.glmm import glmm
from guidewright.metaanalysis.counts.mantel_haenszel import RiskDifferenceVariance, mantel_haenszel
from guidewright.metaanalysis.counts.peto import peto
from guidewright.metaanalysis.effects import Measure, VarianceType, effect_sizes, harmonic_mean
from guidewright.metaanalysis.heterogeneity import heterogeneity_interval
from guidewright.metaanalysis.moderators import subgroups
from guidewright.metaanalysis.options import Interval, Model, Prediction, Tau2Interval, Tau2Method
from guidewright.metaanalysis.pooling import pool
from tests.metaanalysis.grid_rules.counted import FITTED, METAFOR_POINTS
from tests.metaanalysis.grid_rules.pooled import stopped
from tests.metaanalysis.grid_rules.reference import Array, Place, numbers
from tests.metaanalysis.grid_rules.rules import (
    Answer,
    Block,
    Leaves,
    Number,
    Skip,
    Tolerance,
    closed,
    exact_limit,
    iterated,
    p_value,
    same,
    tau2,
)

#: Absolute change of tau2 at which metafor stops by default: Fisher scoring, and a root search.
SCORING, ROOT = 1e-5, 1.2e-4
#: How the subgroups of the BCG trials were allocated; the file names the levels only.
ALLOCATION = ["random"] * 4 + ["alternate"] * 2 + ["random"] * 3 + ["systematic"] * 4
PROPORTIONS = {"PLOGIT": "PLO", "PFT": "PFT", "PRAW": "PR", "PAS": "PAS", "PLN": "PLN"}
TABLE = ("event_e", "n_e", "event_c", "n_c")
MEANS = {"mean1": "m1i", "sd1": "sd1i", "n1": "n1i", "mean2": "m2i", "sd2": "sd2i", "n2": "n2i"}


def table(place: Place) -> list[Array]:
    return [numbers(place.file.raw[name]) for name in TABLE]


def of_tables(place: Place) -> Answer:
    """Effects: Peto's where it pools by Peto."""
    measure, method, *_ = place.name.split("_")
    names = ("events1", "total1", "events2", "total2")
    chosen = Measure("PETO" if method == "Peto" else measure)
    return Answer(effect_sizes(chosen, **dict(zip(names, table(place), strict=True))))


def of_means(place: Place) -> Answer:
    """meta's exact standardised difference has the unbiased variance."""
    measure = Measure(place.name.split("_")[0])
    variance = VarianceType.UB if measure is Measure.SMD else VarianceType.LS
    return Answer(effect_sizes(measure, variance=variance, **{o: numbers(place.file.raw[t]) for o, t in MEANS.items()}))


def of_proportions(place: Place) -> Answer:
    measure = Measure(PROPORTIONS[place.name.split("_")[0]])
    return Answer(effect_sizes(measure, events=place.file.raw["event"], total=place.file.raw["n"]))


class FromEffects:
    """Everything that meta makes of effects, at its own tau2 where that was iterated."""

    def __init__(self, place: Place) -> None:
        there, words = place.there, place.name.split("_")
        self.y, self.v = numbers(there["TE"]), numbers(there["seTE"]) ** 2
        method = next((word for word in words if word in {"DL", "PM"}), "REML")
        interval = Interval.KNAPP_HARTUNG if words[-1] == "HK" else Interval.WALD
        if words[-2:] == ["adhoc", "se"]:
            interval = Interval.KNAPP_HARTUNG_TRUNCATED
        at: dict[str, Any] = {"tau2": there["tau2"]}
        self.common = pool(self.y, self.v, model=Model.COMMON)
        self.exact = pool(self.y, self.v, tau2_method=Tau2Method(method))
        self.random = pool(self.y, self.v, interval=interval, **at)
        self.predicted = pool(self.y, self.v, prediction=Prediction.T, **at)
        self.weights = {
            name: np.array(one.weights) / 100 * sum(there.get(name) or [])
            for name, one in (("w.common", self.common), ("w.random", self.random))
        }
        self.threshold = {"DL": 0.0, "PM": ROOT}.get(method, SCORING)
        jackson: dict[str, Any] = {"method": Tau2Interval.GENERALISED_Q, "weights": 1 / np.sqrt(self.v)}
        self.limits = heterogeneity_interval(self.y, self.v, **(jackson if method == "DL" else {}))


def pooled(place: Place) -> Answer:
    found = FromEffects(place)
    return stopped(found, found.v, found.exact.tau2, found.threshold, found.common.se)


def tau2_limits(place: Place) -> Answer:
    found = FromEffects(place)
    return stopped(found.limits, found.v, found.limits.tau2_low, ROOT)


class Counted:
    """The common effect of counts, with the Q about it."""

    def __init__(self, place: Place) -> None:
        measure, method, *_ = place.name.split("_")
        columns = table(place)
        variance = RiskDifferenceVariance.GREENLAND_ROBINS
        self.common: Any = (
            peto(*columns)
            if method == "Peto"
            else mantel_haenszel(measure, *columns, risk_difference_variance=variance)
        )


def counted(place: Place) -> Answer:
    found = Counted(place)
    return Answer(found, se=found.common.se)


def predicted(place: Place) -> Answer:
    """The intervals of meta's ``method.predict``, about the fit that stands beside them."""
    beside = place.file.content["metabin"]["OR_Inverse_REML_classic"]
    y, v, between = numbers(beside["TE"]), numbers(beside["seTE"]) ** 2, beside["tau2"]
    kinds: dict[str, dict[str, Any]] = {
        "HTS": {"prediction": Prediction.PARTLETT_RILEY},
        "V": {"prediction": Prediction.T},
        "S": {"prediction": Prediction.NORMAL},
        "HK": {"interval": Interval.KNAPP_HARTUNG},
    }
    kind = place.name.rsplit("_", 1)[1]
    return Answer((pool(y, v, tau2=between, **kinds[kind]), {"HTS": len(y) - 2, "S": np.inf}.get(kind, len(y) - 1)))


def in_groups(place: Place) -> Answer:
    """Subgroups in meta's order of levels."""
    y, v = numbers(place.there["TE"]), numbers(place.there["seTE"]) ** 2
    options: dict[str, Any] = {"order": tuple(place.there["levels"]), "common_tau2": place.name.endswith("TRUE")}
    random = subgroups(y, v, ALLOCATION, **options)
    common = subgroups(y, v, ALLOCATION, order=options["order"], model=Model.COMMON)
    return stopped((random, common), v, min(one.tau2 for one in random.subgroups), SCORING)


def back_transformed(place: Place) -> Answer:
    measure = Measure(PROPORTIONS[place.name.split("_")[0]])
    size = harmonic_mean(place.file.raw["n"])
    return Answer([measure.natural(place.there[name], n=size) for name in ("TE.common", "TE.random")])


def mixed(place: Place) -> Answer:
    columns = [numbers(place.file.raw[name]) for name in ("event", "n")]
    both = [glmm("PLO", *columns, points=METAFOR_POINTS, common_effect=common) for common in (True, False)]
    return Answer(both, se=both[1].se)


def of(part: str, name: str) -> Callable[[Any], Any]:
    """One number of a part of the answer."""
    return lambda found: getattr(getattr(found, part), name)


def each(part: int, name: str) -> Callable[[Any], Any]:
    """One number of every subgroup."""
    return lambda found: [getattr(one, name) for one in found[part].subgroups]


def at(place: int, name: str) -> Callable[[Any], Any]:
    """One number of the common (0) or random (1) model."""
    return lambda found: getattr(found[place], name)


NOT_OURS = Skip("meta has it and we do not: R_b of Crippa, intervals of I2 and H by Higgins & Thompson, Kenward-Roger")
NULL = Skip("meta has none either")
SMD_EXACT = "SMD_DL_*|SMD_REML_*|SMD_Hedges_exact_TRUE"
EFFECTS: Leaves = {"TE": closed("y"), "seTE": closed("se")}
#: Counts give estimates without ``w.*`` of ours: the weights are those of the method.
COMMON: Leaves = {
    "TE.common": closed(of("common", "estimate")),
    "seTE.common": closed(of("common", "se")),
    "lower.common": exact_limit(of("common", "low")),
    "upper.common": exact_limit(of("common", "high")),
}
TESTED: Leaves = {
    "statistic.common": closed(of("common", "statistic")),
    "pval.common": p_value(of("common", "p")),
    "statistic.random": closed(of("random", "statistic")),
    "pval.random": p_value(of("random", "p")),
}
RANDOM: Leaves = {
    "TE.random": closed(of("random", "estimate")),
    "seTE.random": closed(of("random", "se")),
    "lower.random": exact_limit(of("random", "low")),
    "upper.random": exact_limit(of("random", "high")),
    "lower.predict": exact_limit(of("predicted", "prediction_low")),
    "upper.predict": exact_limit(of("predicted", "prediction_high")),
    "df.predict": same(lambda found: found.common.k - 1),
    "w.random": closed(lambda found: found.weights["w.random"]),
    "k": same(of("common", "k")),
}
SPREAD: Leaves = {
    "Q": closed(of("common", "q")),
    "df.Q": same(of("common", "q_df")),
    "pval.Q": p_value(of("common", "q_p")),
    "I2": closed(lambda found: found.common.i2 / 100),
    "H": closed(lambda found: max(1.0, found.common.h2**0.5)),
}
TAU2: Leaves = {"tau2": tau2(of("exact", "tau2")), "se.tau2": iterated(of("exact", "tau2_se"))}
REST: Leaves = {
    **dict.fromkeys(("Rb", "lower.I2", "upper.I2", "lower.H", "upper.H"), NOT_OURS),
    "warnings": Skip("meta's own messages"),
    "levels": Skip("names of the subgroups"),
}
LIMITS: Leaves = {"lower.tau2": tau2("tau2_low"), "upper.tau2": tau2("tau2_high")}
INVERSE: Leaves = {**COMMON, "w.common": closed(lambda found: found.weights["w.common"])}
COUNTED = "*_MH_*|*_Peto_*"
MH_DL = "*_MH_DL_*"
KENWARD_ROGER = (
    "seTE.random lower.random upper.random statistic.random pval.random lower.predict upper.predict df.predict"
)
BLOCKS = (
    Block(
        "metabin/OR_Inverse_REML_predict_*",
        predicted,
        {
            "lower": exact_limit(lambda found: found[0].prediction_low),
            "upper": exact_limit(lambda found: found[0].prediction_high),
            "df": same(lambda found: found[1]),
            "error": NOT_OURS,
            "warnings": Skip("meta's own messages"),
        },
    ),
    Block(
        "metabin/*_KR",
        pooled,
        dict.fromkeys(KENWARD_ROGER.split(), NOT_OURS),
    ),
    Block("metabin/*", of_tables, EFFECTS),
    Block(
        f"metabin/{COUNTED}",
        counted,
        {
            **COMMON,
            "statistic.common": closed(of("common", "z")),
            "pval.common": p_value(of("common", "p")),
            "w.common": Skip(
                "weights of Mantel-Haenszel and Peto as sums; ours are shares, compared with metafor in tests/cli"
            ),
        },
    ),
    Block(
        f"metabin/{MH_DL}",
        counted,
        {**SPREAD, "tau2": Skip("DerSimonian-Laird from the Mantel-Haenszel Q, as in RevMan 5: not offered")},
    ),
    Block("metabin/*", pooled, {**INVERSE, **TESTED, **RANDOM, **SPREAD, **TAU2, **REST}),
    Block("metabin/*", tau2_limits, LIMITS),
    Block(
        "metabin/*_subgroup_*",
        in_groups,
        {
            "TE.common.w": closed(each(1, "estimate")),
            "TE.random.w": iterated(each(0, "estimate")),
            "tau2.w": tau2(each(0, "tau2")),
            "Q.b.common": closed(lambda found: found[1].interaction.statistic),
            "Q.w.common": closed(at(1, "q_within")),
            "Q.b.random": iterated(lambda found: found[0].interaction.statistic),
            "pval.Q.b.random": p_value(lambda found: found[0].interaction.p),
        },
    ),
    Block(f"metacont/{SMD_EXACT}|MD_*|ROM_*", of_means, EFFECTS),
    Block(
        "metacont/SMD_*",
        pooled,
        dict.fromkeys(EFFECTS, Skip("Cohen's and Glass's difference, and approximate corrections: not offered")),
    ),
    Block("metacont/*", pooled, {**INVERSE, **TESTED, **RANDOM, **SPREAD, **TAU2, **REST}),
    Block("metacont/*", tau2_limits, LIMITS),
    Block(
        "metaprop/*_GLMM",
        mixed,
        {
            **{
                f"{theirs}.{model}": Number(at(n, ours), FITTED)
                for n, model in enumerate(("common", "random"))
                for theirs, ours in (("TE", "estimate"), ("seTE", "se"), ("lower", "low"), ("upper", "high"))
            },
            "tau2": Number(at(1, "tau2"), FITTED),
            "k": same(at(1, "k")),
            "Q": Number(lambda found: [found[1].wald, found[1].lrt], Tolerance(relative=1e-5)),
            "df.Q": same(lambda found: [found[1].wald_df, found[1].lrt_df]),
            "pval.Q": p_value(lambda found: [found[1].wald_p, found[1].lrt_p]),
            "back_common": Number(lambda found: expit(found[0].estimate), FITTED),
            "back_random": Number(lambda found: expit(found[1].estimate), FITTED),
            **dict.fromkeys(
                ("lower.predict", "upper.predict", "df.predict", "I2", "H"),
                Skip("of a mixed model meta gives a prediction interval, and I2 and H by Wald's Q: not offered"),
            ),
        },
    ),
    Block("metaprop/*", of_proportions, EFFECTS),
    Block(
        "metaprop/*",
        back_transformed,
        {"back_common": closed(lambda found: found[0]), "back_random": closed(lambda found: found[1])},
    ),
    Block(
        "metaprop/*",
        pooled,
        {
            **INVERSE,
            **RANDOM,
            **SPREAD,
            **TAU2,
            **REST,
            **dict.fromkeys(TESTED, NULL),
            **dict.fromkeys(
                ("study_ci_lower", "study_ci_upper"),
                Skip("intervals of single proportions by Clopper & Pearson: not offered"),
            ),
        },
    ),
    Block("metaprop/*", tau2_limits, LIMITS),
)
