"""Pooled effects: every estimator of tau2, tests and intervals, prediction intervals, and the interval of tau2."""

from __future__ import annotations

from typing import Any

import numpy as np

from guidewright.metaanalysis.heterogeneity import heterogeneity_interval
from guidewright.metaanalysis.moderators import fit_mixed_effects
from guidewright.metaanalysis.moderators.batch import ragged_batch
from guidewright.metaanalysis.moderators.fit_statistics import FitStatistics, fit_statistics
from guidewright.metaanalysis.notices import CannotPoolError
from guidewright.metaanalysis.options import Interval, Model, Prediction, Tau2Interval, Tau2Method
from guidewright.metaanalysis.pooling import PooledEffect, pool
from tests.metaanalysis.grid_rules.definitions import misses_definition
from tests.metaanalysis.grid_rules.reference import Array, Place, Studies, numbers
from tests.metaanalysis.grid_rules.rules import (
    Answer,
    Block,
    Kind,
    Leaves,
    Number,
    Skip,
    Tolerance,
    closed,
    exact_p,
    in_closed_form,
    iterated,
    limit,
    p_value,
    percent,
    same,
    tau,
    tau2,
)

COMMON = frozenset({"FE", "EE", "CE"})
CLOSED = "FE|EE|CE|DL|HE|HS|HSk|SJ"
ITERATED = "SJIT|DLIT|ML|REML|EB|PM|PMM"
INTERVALS = {
    "z": Interval.WALD,
    "t": Interval.T,
    "knha": Interval.KNAPP_HARTUNG,
    "adhoc": Interval.KNAPP_HARTUNG_TRUNCATED,
}
#: Absolute change of tau2 at which metafor stopped: in `tight` blocks and what goes with them, and in refits.
TIGHT, REFITS = 1e-13, 1e-10
#: metafor's last change of tau2 is smaller than its error where Fisher scoring converges slowly.
ERROR_PER_CHANGE = 10


def estimator(name: str) -> dict[str, Any]:
    """Options of our functions for metafor's ``method``."""
    return {"model": Model.COMMON} if name in COMMON else {"tau2_method": Tau2Method(name)}


def stopped(value: Any, v: Array, between: float, threshold: float, se: float = 0.0) -> Answer:
    """An answer to a number whose tau2 metafor sought until it changed by less than ``threshold``.

    An error of tau2 moves a weight 1 / (v + tau2), and all that weights make, by its share of v + tau2.
    """
    error = ERROR_PER_CHANGE * threshold
    return Answer(value, error, error / float(v.min() + between), se)


def answered(found: PooledEffect, studies: Studies, threshold: float = TIGHT) -> Answer:
    return stopped(found, studies.v, found.tau2, threshold, found.se)


def tight(place: Place) -> Answer:
    studies = place.studies
    return answered(pool(studies.y, studies.v, **estimator(place.path[3])), studies)


def as_it_stopped(place: Place) -> Answer:
    """metafor's default control stops at a tau2 of its own: everything else must follow from that tau2."""
    studies, name = place.studies, place.name
    options = estimator(name)
    if name in ITERATED.split("|"):
        options["tau2"] = place.there["tau2"]
    found = pool(studies.y, studies.v, **options)
    ones = np.ones((len(studies.y), 1))
    return Answer(
        Default(found, likelihoods(studies.y, studies.v, ones, found.tau2, random=name not in COMMON)), se=found.se
    )


class Default:
    """A pooled effect with its likelihoods."""

    def __init__(self, pooled: PooledEffect, by: tuple[FitStatistics, FitStatistics | None]) -> None:
        self.pooled, (self.ml, self.reml) = pooled, by

    def __getattr__(self, name: str) -> Any:
        return getattr(self.pooled, name)


def likelihoods(
    y: Array, v: Array, x: Array, tau2: float, *, random: bool
) -> tuple[FitStatistics, FitStatistics | None]:
    """Fit statistics at a given tau2."""
    fits = fit_mixed_effects(y, v, x, [len(y)], tau2_method=None, tau2=np.array([tau2]))
    by_ml, by_reml = fit_statistics(ragged_batch(y, v, x, [len(y)]), fits, tau2_estimated=random)
    return by_ml[0], by_reml[0]


def criteria(found: FitStatistics | None) -> list[float | None]:
    """In metafor's order."""
    if found is None:
        return [None] * 5
    return [found.log_likelihood, found.deviance, found.aic, found.bic, found.aicc]


def small_sample(place: Place) -> Answer:
    method, test = place.name.split("_")
    studies = place.studies
    return answered(pool(studies.y, studies.v, interval=INTERVALS[test], **estimator(method)), studies)


def prediction(place: Place) -> Answer:
    method, test, *riley = place.name.split("_")
    studies = place.studies
    kind = Prediction.PARTLETT_RILEY if riley else Prediction.AS_INTERVAL
    return answered(pool(studies.y, studies.v, interval=INTERVALS[test], prediction=kind, **estimator(method)), studies)


def q_profile(place: Place) -> Answer:
    studies = place.studies
    found = pool(studies.y, studies.v, **estimator(place.path[3]))
    limits = heterogeneity_interval(studies.y, studies.v)
    return stopped(TauInterval(found, limits), studies.v, min(found.tau2, limits.tau2_low), TIGHT)


def other_interval(place: Place) -> Answer:
    """Limits of tau2 by generalised Q, or by the profile of a likelihood."""
    studies = place.studies
    method = Tau2Interval.GENERALISED_Q if place.name == "GENQ" else Tau2Interval.PROFILE_LIKELIHOOD
    found = heterogeneity_interval(studies.y, studies.v, method=method, restricted=place.name == "PL_REML")
    return stopped([found.tau2_low, found.tau2_high], studies.v, found.tau2_low, TIGHT)


def weighted(place: Place) -> Answer:
    studies, weights = place.studies, numbers(place.file.raw["w"])[place.studies.rows]
    found = pool(studies.y, studies.v, weights=weights, tau2_method=Tau2Method(place.name))
    return answered(found, studies)


class TauInterval:
    """Estimate, lower and upper limit of each, in metafor's order."""

    def __init__(self, found: Any, limits: Any) -> None:
        self.tau2 = [found.tau2, limits.tau2_low, limits.tau2_high]
        self.tau = np.sqrt(self.tau2)
        self.i2 = [found.i2, limits.i2_low, limits.i2_high]
        self.h2 = [found.h2, limits.h2_low, limits.h2_high]
        self.null = limits.tau2_high == 0


def by_definition(place: Place, answer: Answer | Exception) -> str | None:
    """Where metafor did not converge: does our tau2 satisfy what defines the estimator?"""
    if isinstance(answer, CannotPoolError):
        return f"raises {answer}"
    assert isinstance(answer, Answer)
    return misses_definition(place.path[3], *place.data, answer.value.tau2)


def defined(place: Place, answer: Answer | Exception) -> str | None:
    """The same for a method with a test; of a prediction interval our tau2 is that of the method alone."""
    if isinstance(answer, CannotPoolError):
        return f"raises {answer}"
    method, _, *_ = place.name.split("_")
    return misses_definition(method, *place.data, pool(*place.data, **estimator(method)).tau2)


ESTIMATES: Leaves = {
    "estimate": iterated("estimate"),
    "se": iterated("se"),
    "stat": iterated("statistic"),
    "pval": p_value("p"),
    "ci_lb": limit("low"),
    "ci_ub": limit("high"),
    "tau2": tau2("tau2"),
}
FIT: Leaves = {
    **ESTIMATES,
    "se_tau2": iterated("tau2_se"),
    "I2": percent("i2"),
    "H2": iterated("h2"),
    "warnings": Skip("metafor's own messages"),
}
WHOLE: Leaves = {
    **in_closed_form(FIT),
    "k": same("k"),
    "p": same(lambda _found: 1),
    "coef_names": Skip("R's names of the columns"),
    "QE": closed("q"),
    "QEp": exact_p("q_p"),
    "vt": closed("typical_variance"),
    "ddf": same("df"),
    "fit_stats/rows": Skip("names of the five statistics"),
    "fit_stats/ML": closed(lambda found: criteria(found.ml)),
    "fit_stats/REML": closed(lambda found: criteria(found.reml)),
}
#: Roots that R's uniroot seeks to 1e-15, of probabilities that are themselves integrated to about 1e-6.
SOUGHT = Tolerance(relative=1e-6, kind=Kind.TAU2)
TAU2_LIMITS: Leaves = {"tau2": Number(lambda found: found, SOUGHT), "warnings": Skip("metafor's own messages")}
STOPPED_EARLY = Skip("metafor's default control stops early; the exact optimum is in `tight`")
TAU_INTERVAL: Leaves = {
    "tau2": tau2("tau2"),
    "tau": tau("tau"),
    "I2": percent("i2"),
    "H2": iterated("h2"),
    "ci_null": same("null"),
    "order": Skip("names of the three numbers"),
}
SMALL_SAMPLE: Leaves = {**ESTIMATES, "ddf": same("df"), "warnings": Skip("metafor's own messages")}
PREDICTION: Leaves = {
    "pred": iterated("estimate"),
    "se": iterated("se"),
    "ci_lb": limit("low"),
    "ci_ub": limit("high"),
    "pi_lb": limit("prediction_low"),
    "pi_ub": limit("prediction_high"),
    "warnings": Skip("metafor's own messages"),
}
BLOCKS = (
    Block(f"analyses/*/pool/{CLOSED}/tight/tau2_ci_qprofile", q_profile, TAU_INTERVAL),
    Block(f"analyses/*/pool/{ITERATED}/tight/tau2_ci_qprofile", q_profile, TAU_INTERVAL),
    Block(f"analyses/*/pool/{CLOSED}/tight", tight, in_closed_form(FIT), by_definition),
    Block(f"analyses/*/pool/{ITERATED}/tight", tight, FIT, by_definition),
    Block(f"analyses/*/pool/{CLOSED}", as_it_stopped, WHOLE),
    Block(
        f"analyses/*/pool/{ITERATED}",
        as_it_stopped,
        {**WHOLE, "tau2": STOPPED_EARLY, "se_tau2": STOPPED_EARLY, "error": STOPPED_EARLY},
    ),
    Block("analyses/*/small_sample/*", small_sample, SMALL_SAMPLE, defined),
    Block("analyses/*/tau2_limits/*", other_interval, TAU2_LIMITS),
    Block("analyses/*/weighted/GENQ", weighted, in_closed_form(ESTIMATES)),
    Block("analyses/*/weighted/GENQM", weighted, {**ESTIMATES, "warnings": Skip("metafor's own messages")}),
    Block("analyses/*/prediction/*", prediction, PREDICTION, defined),
)
