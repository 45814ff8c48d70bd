"""Effects that depend on one another: several effects of a study, with spread within and between studies."""

from __future__ import annotations

from collections.abc import Callable

from guidewright.metaanalysis.dependent import MultilevelFit, multilevel
from guidewright.metaanalysis.options import Interval, Tau2Method
from tests.metaanalysis.grid_rules.reference import Place
from tests.metaanalysis.grid_rules.rules import (
    Answer,
    Block,
    Skip,
    closed,
    exact_p,
    iterated,
    limit,
    p_value,
    percent,
)


def fitted(place: Place) -> Answer:
    method, test = place.name.split("_")
    studies, raw = place.studies, place.file.raw
    found = multilevel(
        studies.y,
        studies.v,
        levels=[[raw["study"][row] for row in studies.rows], list(range(len(studies.y)))],
        method=Tau2Method(method),
        interval=Interval.T if test == "t" else Interval.WALD,
    )
    return Answer(found, se=found.coefficients[0].se)


def has_a_maximum(_place: Place, answer: Answer | Exception) -> str | None:
    """metafor's optimiser gave up, or Fisher scoring from where it stopped did."""
    return None if isinstance(answer, Answer) else f"raises {answer}"


def of_mean(name: str) -> Callable[[MultilevelFit], float]:
    """A number of the only coefficient."""
    return lambda found: float(getattr(found.coefficients[0], name))


BLOCKS = (
    Block(
        "analyses/*/multilevel/*",
        fitted,
        {
            "estimate": iterated(of_mean("estimate")),
            "se": iterated(of_mean("se")),
            "stat": iterated(of_mean("statistic")),
            "pval": p_value(of_mean("p")),
            "ci_lb": limit(of_mean("low")),
            "ci_ub": limit(of_mean("high")),
            "sigma2": iterated(lambda found: [one.sigma2 for one in found.levels]),
            "ll": iterated("loglik"),
            "QE": closed("q"),
            "QEp": exact_p("q_p"),
            "I2": percent(lambda found: [one.i2 for one in found.levels]),
            "pi_lb": limit("prediction_low"),
            "pi_ub": limit("prediction_high"),
            "warnings": Skip("metafor's own messages"),
        },
        has_a_maximum,
    ),
)
