"""Random analyses: for each a measure, studies, and what both programs shall make of them."""

from __future__ import annotations

from typing import Any

import numpy as np

from guidewright.metaanalysis.effects import Family, Measure
from tests.metaanalysis.grid_rules.reference import ARGUMENTS
from tests.metaanalysis.live.studies import random_studies

#: Compared by their studies' effects and by pooling these: hazard ratios are generic estimates on a log scale.
MEASURES = tuple(measure for measure in Measure if measure is not Measure.HR)
#: Drawn more often, since groups use them more often.
COMMON = tuple(Measure(name) for name in ("RR", "OR", "RD", "MD", "SMD", "IRR", "ROM", "ZCOR", "PLO", "GEN"))
#: ``escalc`` finds their effects by a rough search, which would show in everything that is made of them.
FOUND_ROUGHLY = frozenset({Measure.RTET})
METHODS = ("FE", "DL", "HE", "HS", "HSk", "SJ", "SJIT", "DLIT", "ML", "REML", "EB", "PM", "PMM")
REFITTED = ("FE", "DL", "HE", "SJ", "ML", "REML", "EB", "PM")
TESTS = ("z", "t", "knha", "adhoc")
TAU2_LIMITS = ("GENQ", "PL_ML", "PL_REML")
SELECTION = ("stepfun_less_0.025", "stepfun_greater_0.05", "negexp_greater", "beta_less")
FORMULAS = ("~x", "~alloc", "~x + alloc")
COUNTED = frozenset({"OR", "RR", "RD", "PETO", "IRR", "IRD"})
GLMM = {"OR": ("UM.FS", "UM.RS", "CM.EL", "CM.AL"), "IRR": ("UM.FS", "UM.RS", "CM.EL"), "PLO": ("",), "IRLN": ("",)}
ZERO_CELLS = frozenset({Family.TWO_BY_TWO, Family.MATCHED_PAIRS, Family.TWO_RATES, Family.PROPORTION, Family.RATE})
Analysis = dict[str, Any]


def random_analyses(count: int, seed: int) -> list[Analysis]:
    """``count`` analyses, the same for the same seed; every measure comes before any comes twice."""
    rng = np.random.default_rng(seed)
    order = [MEASURES[int(n)] for n in rng.permutation(len(MEASURES))]
    more = [COMMON[int(n)] for n in rng.integers(len(COMMON), size=max(0, count - len(order)))]
    return [_analysis(number, measure, seed, rng) for number, measure in enumerate([*order, *more][:count], 1)]


def _analysis(number: int, measure: Measure, seed: int, rng: np.random.Generator) -> Analysis:
    k = int(rng.choice([2, 3, 4, 6, 8, 10, 13, 17, 25]))
    raw: dict[str, Any] = dict(random_studies(measure, k, rng))
    arguments = list(raw)
    raw |= {
        "x": [float(f"{value:.4g}") for value in rng.normal(0, 1, k)],
        "alloc": [("alternate", "random", "systematic")[n % 3] for n in rng.permutation(k)],
        "year": [1980 + int(n) for n in rng.permutation(40)[:k]],
        "study": [f"s{int(n)}" for n in rng.integers(max(2, k // 2), size=k)],
        "w": [float(f"{value:.4g}") for value in rng.uniform(0.5, 3, k)],
    }
    at_random = _Draw(rng)
    return {
        "name": f"{number:03d}-{measure.value}",
        "about": f"random analysis {number} of seed {seed}",
        "measure": measure.value,
        "arguments": [ARGUMENTS[measure.family].get(name, name) for name in measure.columns] or arguments,
        "raw": raw,
        "effects_only": measure in FOUND_ROUGHLY,
        "options": _options(measure, rng) if measure.family is not Family.GENERIC else [],
        "pool": at_random.some(METHODS, 4),
        "small_sample": [f"{method}_{test}" for method, test in at_random.pairs(METHODS, TESTS[1:], 2)],
        "prediction": [
            f"{method}_{test}" + ("_Riley" if rng.random() < 0.3 else "")
            for method, test in at_random.pairs(METHODS[1:], TESTS, 2)
        ],
        "tau2_limits": at_random.some(TAU2_LIMITS, 1),
        "weighted": at_random.some(("GENQ", "GENQM"), 1) if rng.random() < 0.3 else [],
        "leave1out": at_random.some(REFITTED, 1) if k >= 3 and rng.random() < 0.5 else [],
        "influence": at_random.some(REFITTED, 1) if k >= 4 and rng.random() < 0.3 else [],
        "cumul_by_year": at_random.some(REFITTED, 1) if k >= 3 and rng.random() < 0.3 else [],
        "bias": bool(k >= 4 and rng.random() < 0.2),
        "selmodel": at_random.some(SELECTION, 1) if k >= 8 and rng.random() < 0.2 else [],
        "metareg": at_random.some(FORMULAS, 1) if k >= 8 and rng.random() < 0.4 else [],
        "subgroup": bool(k >= 6 and rng.random() < 0.3),
        "multilevel": bool(k >= 8 and rng.random() < 0.3),
        "mh": measure.value in COUNTED,
        "glmm": at_random.some(GLMM[measure.value], 1) if measure.value in GLMM and k >= 4 else [],
    }


def _options(measure: Measure, rng: np.random.Generator) -> list[dict[str, Any]]:
    """Options of ``escalc``: the variance, and what is done about empty cells."""
    found: list[dict[str, Any]] = [{"vtype": str(rng.choice([one.value for one in measure.variances]))}]
    if measure.family in ZERO_CELLS:
        to, add = str(rng.choice(["all", "only0", "if0all", "none"])), float(rng.choice([0.1, 0.25, 0.5, 1.0]))
        found.append({"to": to, "add": add})
        if measure.family in {Family.TWO_BY_TWO, Family.TWO_RATES}:
            found.append({"to": to, "add": add, "drop00": True})
    return found


class _Draw:
    """Choices without repetition."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng

    def some(self, names: tuple[str, ...], count: int) -> list[str]:
        return [names[int(n)] for n in self.rng.permutation(len(names))[:count]]

    def pairs(self, names: tuple[str, ...], others: tuple[str, ...], count: int) -> list[tuple[str, str]]:
        return list(zip(self.some(names, count), (str(self.rng.choice(others)) for _ in range(count)), strict=True))
