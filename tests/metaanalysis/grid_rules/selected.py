"""Selection models. The file says of itself that they are as good as an optimiser: 1e-4, and the likelihood counts."""

from __future__ import annotations

from guidewright.metaanalysis.bias import Favours, SelectionFunction, SelectionModel, selection_model
from tests.metaanalysis.grid_rules.reference import Place
from tests.metaanalysis.grid_rules.rules import Answer, Block, Number, Skip, Tolerance

FUNCTIONS = {
    "stepfun": SelectionFunction.STEP,
    "negexp": SelectionFunction.NEGATIVE_EXPONENTIAL,
    "beta": SelectionFunction.BETA,
}
OPTIMISED = Tolerance(relative=1e-4, limit=True)
#: By numerical second derivatives.
DIFFERENCED = Tolerance(relative=1e-3)
#: Log-likelihoods agree far better than the place of the maximum.
LIKELIHOOD = Tolerance(absolute=1e-6)


def fitted(place: Place) -> Answer:
    function, favours, *cuts = place.name.split("_")
    found = selection_model(
        place.studies.y,
        place.studies.v,
        function=FUNCTIONS[function],
        favours=Favours(favours),
        **({"cut_points": tuple(float(cut) for cut in cuts)} if cuts else {}),
    )
    return Answer(found, se=found.se or 0.0)


def converged(_place: Place, answer: Answer | Exception) -> str | None:
    """metafor's optimiser gave up; ours has a maximum, no lower than without selection."""
    if not isinstance(answer, Answer):
        return f"raises {answer}"
    found: SelectionModel = answer.value
    lower = found.log_likelihood < found.log_likelihood_without
    return "the likelihood is below that without selection" if lower else None


BLOCKS = (
    Block(
        "analyses/*/selmodel/*",
        fitted,
        {
            "estimate": Number("estimate", OPTIMISED),
            "se": Number("se", DIFFERENCED),
            "ci_lb": Number("low", Tolerance(relative=1e-3, limit=True)),
            "ci_ub": Number("high", Tolerance(relative=1e-3, limit=True)),
            "tau2": Number("tau2", OPTIMISED),
            "se_tau2": Number("tau2_se", DIFFERENCED),
            "delta": Number("delta", OPTIMISED),
            "se_delta": Number("delta_se", DIFFERENCED),
            "LRT": Number("lr_statistic", LIKELIHOOD),
            "LRTp": Number("lr_p", LIKELIHOOD),
            "ll": Number("log_likelihood", LIKELIHOOD),
            "warnings": Skip("metafor's own messages"),
        },
        peer_failed=converged,
    ),
    Block("analyses/*/selmodel", lambda _place: Answer(None), {"note": Skip("a remark on the tolerance")}),
)
