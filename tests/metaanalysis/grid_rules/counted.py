"""Counts pooled as counts: Mantel-Haenszel, Peto, and generalised linear mixed models."""

from __future__ import annotations

from typing import Any

from guidewright.metaanalysis.counts.glmm import LAPLACE, glmm
from guidewright.metaanalysis.counts.mantel_haenszel import mantel_haenszel, mantel_haenszel_leave_one_out
from guidewright.metaanalysis.counts.peto import peto
from guidewright.metaanalysis.counts.study_counts import GlmmMeasure
from guidewright.metaanalysis.effects import Measure
from guidewright.metaanalysis.effects.choices import To
from guidewright.metaanalysis.notices import CannotPoolError
from tests.metaanalysis.grid_rules.reference import Array, Place, columns_of, numbers
from tests.metaanalysis.grid_rules.rules import (
    Answer,
    Block,
    Leaves,
    Number,
    Skip,
    Tolerance,
    closed,
    exact_limit,
    p_value,
    same,
)

#: What the suffixes of the file mean for our function.
CHOICES: dict[str, dict[str, Any]] = {
    "addonly0_both": {"add_pooled": 0.5, "to_pooled": To.ONLY_ZERO},
    "nocorrect": {"correct": False},
}
#: Points of quadrature that metafor takes with one random effect.
METAFOR_POINTS = 7


def tables(place: Place, measure: str) -> list[Array]:
    """Events and sizes of both arms."""
    return list(columns_of(Measure(measure), place.file.raw).values())


def pooled(place: Place) -> Answer:
    _, measure, *rest = place.name.split("_")
    choice = CHOICES["_".join(rest)] if rest else {}
    found = mantel_haenszel(measure, *tables(place, measure), **choice)
    return Answer(found, se=found.se or 0.0)


def without_each(place: Place) -> Answer:
    measure = place.name.removeprefix("leave1out_MH_")
    return Answer(mantel_haenszel_leave_one_out(measure, *tables(place, measure)))


def one_step(place: Place) -> Answer:
    found = peto(*tables(place, "PETO"))
    return Answer(found, se=found.se)


def mixed(place: Place) -> Answer:
    _, measure, *model = place.name.split("_")
    columns = (
        tables(place, measure)
        if GlmmMeasure(measure).arms == 2
        else [numbers(place.file.raw[name]) for name in ("xi", "ni" if measure == "PLO" else "ti")]
    )
    points = LAPLACE if model == ["UM.RS"] else METAFOR_POINTS
    found = glmm(measure, *columns, points=points, **({"model": model[0]} if model else {}))
    return Answer(found, se=found.se)


def refused_too(_place: Place, answer: Answer | Exception) -> str | None:
    """lme4 gave up or refused: our maximum has a positive curvature, or we refuse as well."""
    if isinstance(answer, CannotPoolError):
        return None
    return None if isinstance(answer, Answer) and answer.value.se > 0 else f"no answer: {answer}"


POOLED: Leaves = {
    "k": same("k"),
    "k_pos": same("k_informative"),
    "estimate": closed("estimate"),
    "se": closed("se"),
    "stat": closed("z"),
    "pval": p_value("p"),
    "ci_lb": exact_limit("low"),
    "ci_ub": exact_limit("high"),
    "QE": closed("q"),
    "QEp": p_value("q_p"),
    "I2": closed("i2"),
    "H2": closed("h2"),
    "warnings": Skip("metafor's own messages"),
}
TESTS: Leaves = {
    "MH": closed("mantel_haenszel"),
    "MHp": p_value("mantel_haenszel_p"),
    "CO": closed("cochran"),
    "COp": p_value("cochran_p"),
    "BD": closed("breslow_day"),
    "BDp": p_value("breslow_day_p"),
    "TA": closed("tarone"),
    "TAp": p_value("tarone_p"),
}
#: lme4 stops at relative changes of 1e-3 to 1e-6 and takes its second derivatives by differences.
FITTED = Tolerance(relative=1e-4, limit=True)
#: Two random effects, by the Laplace approximation, whose maximum is flat; what it is exactly, data/counts.R finds.
LAPLACED = Tolerance(relative=1e-3, limit=True)
BY_DIFFERENCES = Tolerance(relative=2e-2, limit=True)
BLOCKS = (
    Block(
        "mh/leave1out_*",
        without_each,
        {
            "estimate": closed("estimate"),
            "se": closed("se"),
            "Q": closed("q"),
            "warnings": Skip("metafor's own messages"),
        },
    ),
    Block("mh/Peto", one_step, POOLED),
    Block("mh/MH_*", pooled, {**POOLED, **TESTS}),
    Block(
        "special/glmm_*_UM.RS",
        mixed,
        {
            "estimate": Number("estimate", LAPLACED),
            "se": Number("se", BY_DIFFERENCES),
            "ci_lb": Number("low", BY_DIFFERENCES),
            "ci_ub": Number("high", BY_DIFFERENCES),
            "tau2": Number("tau2", LAPLACED),
            "LRT": Number("lrt", LAPLACED),
            "Wld": Number("wald", BY_DIFFERENCES),
            "warnings": Skip("metafor's own messages"),
        },
        refused_too,
    ),
    Block(
        "special/glmm_*",
        mixed,
        {
            "estimate": Number("estimate", FITTED),
            "se": Number("se", FITTED),
            "ci_lb": Number("low", FITTED),
            "ci_ub": Number("high", FITTED),
            "tau2": Number("tau2", FITTED),
            "LRT": Number("lrt", Tolerance(relative=1e-8)),
            "Wld": Number("wald", Tolerance(relative=1e-5)),
            "warnings": Skip("metafor's own messages"),
        },
        refused_too,
    ),
)
