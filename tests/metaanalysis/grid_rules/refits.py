"""The studies pooled again: leave-one-out, cumulative, influence and Baujat's coordinates, shrunken effects."""

from __future__ import annotations

import numpy as np

from guidewright.metaanalysis.pooling import pool
from guidewright.metaanalysis.sensitivity.baujat import baujat
from guidewright.metaanalysis.sensitivity.cumulative import Cumulative, cumulative
from guidewright.metaanalysis.sensitivity.influence import influence
from guidewright.metaanalysis.sensitivity.leave_one_out import leave_one_out
from guidewright.metaanalysis.sensitivity.shrinkage import shrunken_effects
from tests.metaanalysis.grid_rules.pooled import COMMON, REFITS, estimator, stopped
from tests.metaanalysis.grid_rules.reference import Place, numbers
from tests.metaanalysis.grid_rules.rules import (
    Answer,
    Block,
    Leaves,
    Skip,
    closed,
    exact_p,
    in_closed_form,
    iterated,
    limit,
    p_value,
    percent,
    same,
    tau2,
)

CLOSED = "FE|EE|CE|DL|HE|HS|HSk|SJ"
ITERATED = "ML|REML|EB|PM"


def without_each(place: Place) -> Answer:
    studies = place.studies
    found = leave_one_out(studies.y, studies.v, **estimator(place.name)).results
    return stopped(found, studies.v, float(found.tau2.min()), REFITS, float(found.se.max()))


def by_year(place: Place) -> Answer:
    found = _cumulative(place, place.name)
    results = found.results
    return stopped(results, place.studies.v, float(results.tau2.min()), REFITS, float(results.se.max()))


def order(place: Place) -> Answer:
    return Answer([row + 1 for step in _cumulative(place, "FE").rows for row in step])


def _cumulative(place: Place, method: str) -> Cumulative:
    studies, year = place.studies, numbers(place.analysis["cumul_by_year"]["year"])
    if len(year) != len(studies.y):
        year = year[studies.rows]
    return cumulative(studies.y, studies.v, year, **estimator(method))


class Diagnostics:
    """Influence, and shrunken effects under random effects."""

    def __init__(self, place: Place) -> None:
        studies, options = place.studies, estimator(place.name)
        self.influence = influence(studies.y, studies.v, **options)
        self.shrunken = None if place.name in COMMON else shrunken_effects(studies.y, studies.v, **options)

    def __getattr__(self, name: str) -> object:
        return getattr(self.influence, name)


def diagnostics(place: Place) -> Answer:
    studies = place.studies
    pooled = pool(studies.y, studies.v, **estimator(place.name))
    found = Diagnostics(place)
    return stopped(found, studies.v, float(np.min(found.tau2_deleted)), REFITS, pooled.se)


def plotted(place: Place) -> Answer:
    return Answer(baujat(place.studies.y, place.studies.v, **estimator(place.name.removeprefix("baujat_"))))


RESULTS: Leaves = {
    "estimate": iterated("estimate"),
    "se": iterated("se"),
    "zval": iterated("statistic"),
    "pval": p_value("p"),
    "ci.lb": limit("low"),
    "ci.ub": limit("high"),
    "Q": closed("q"),
    "Qp": exact_p("q_p"),
    "tau2": tau2("tau2"),
    "I2": percent("i2"),
    "H2": iterated("h2"),
}
INFLUENCE: Leaves = {
    "rstudent": iterated("studentised_deleted_residual"),
    "dffits": iterated("dffits"),
    "cook.d": iterated("cooks_distance"),
    "cov.r": iterated("covariance_ratio"),
    "tau2.del": tau2("tau2_deleted"),
    "QE.del": closed("q_deleted"),
    "hat": iterated("hat"),
    "weight": iterated("weight"),
    "weights_pct": iterated("weight"),
    "dfbetas_intercept": iterated("dfbetas"),
    "is_influential": same("influential"),
    "rstandard_resid": iterated("residual"),
    "rstandard_z": iterated("standardised_residual"),
    "blup": iterated(lambda found: found.shrunken.estimate),
    "blup_se": iterated(lambda found: found.shrunken.se),
    "blup_pi_lb": limit(lambda found: found.shrunken.low),
    "blup_pi_ub": limit(lambda found: found.shrunken.high),
}
BLOCKS = (
    Block(f"analyses/*/leave1out/{CLOSED}", without_each, in_closed_form(RESULTS)),
    Block(f"analyses/*/leave1out/{ITERATED}", without_each, RESULTS),
    Block(f"analyses/*/cumul_by_year/{CLOSED}", by_year, in_closed_form(RESULTS)),
    Block(f"analyses/*/cumul_by_year/{ITERATED}", by_year, RESULTS),
    Block(
        "analyses/*/cumul_by_year",
        order,
        {"order_1based": same(lambda found: found), "year": Skip("the years that went in")},
    ),
    Block(f"analyses/*/influence/{CLOSED}", diagnostics, in_closed_form(INFLUENCE)),
    Block(f"analyses/*/influence/{ITERATED}", diagnostics, INFLUENCE),
    Block("analyses/*/influence/baujat_FE", plotted, {"x": closed("heterogeneity"), "y": closed("influence")}),
)
