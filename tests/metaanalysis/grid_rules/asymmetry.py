"""Small-study effects: regression and rank tests, trim and fill, fail-safe N, Henmi-Copas, excess significance."""

from __future__ import annotations

import numpy as np

from guidewright.metaanalysis.bias import (
    ExcessTest,
    FailSafe,
    Form,
    Missing,
    Predictor,
    Side,
    begg,
    excess_significance,
    fail_safe_n,
    henmi_copas,
    regression_test,
    trim_and_fill,
)
from guidewright.metaanalysis.notices import CannotPoolError
from tests.metaanalysis.grid_rules.definitions import misses_definition
from tests.metaanalysis.grid_rules.pooled import COMMON, REFITS, estimator, stopped
from tests.metaanalysis.grid_rules.reference import Place
from tests.metaanalysis.grid_rules.rules import (
    Answer,
    Block,
    Leaves,
    Number,
    Skip,
    Tolerance,
    closed,
    in_closed_form,
    iterated,
    limit,
    p_value,
    percent,
    same,
    tau2,
)

PREDICTORS = {
    "sei": Predictor.SE,
    "vi": Predictor.VARIANCE,
    "ni": Predictor.SIZE,
    "ninv": Predictor.INVERSE_SIZE,
    "sqrtni": Predictor.ROOT_SIZE,
    "sqrtninv": Predictor.INVERSE_ROOT_SIZE,
}
FORMS = {"lm": Form.MULTIPLICATIVE, "rma": Form.ADDITIVE}


def regression(place: Place) -> Answer:
    _, form, predictor = place.name.split("_")
    studies = place.studies
    found = regression_test(studies.y, studies.v, n=studies.n, predictor=PREDICTORS[predictor], form=FORMS[form])
    return stopped(found, studies.v, found.tau2 or 0.0, REFITS, found.limit_se or 0.0)


def ranks(place: Place) -> Answer:
    return Answer(begg(place.studies.y, place.studies.v))


def filled(place: Place) -> Answer:
    _, method, kind, *side = place.name.split("_")
    studies = place.studies
    found = trim_and_fill(
        studies.y,
        studies.v,
        estimator=Missing(kind),
        side=Side(side[1]) if side else None,
        **estimator(method),
    )
    threshold = 0.0 if method in COMMON | {"DL"} else REFITS
    return stopped(found, studies.v, found.filled.tau2, threshold, found.filled.se)


def fail_safe(place: Place) -> Answer:
    method = FailSafe(place.name.removeprefix("fsn_").lower())
    return Answer(fail_safe_n(place.studies.y, place.studies.v, method=method))


def excess(place: Place) -> Answer:
    found = excess_significance(place.studies.y, place.studies.v, test=ExcessTest(place.there["test"]))
    return stopped(found, place.studies.v, found.tau2, REFITS)


def copas(place: Place) -> Answer:
    found = henmi_copas(place.studies.y, place.studies.v)
    return Answer(found, se=found.se)


def also_refuses(place: Place, answer: Answer | Exception) -> str | None:
    """Q0 is the root of a negative number: both stop. Where metafor's refit did not converge, ours must be optimal."""
    if "did not converge" in place.there.get("error", ""):
        if not isinstance(answer, Answer):
            return f"raises {answer}"
        (y, v), found = place.data, answer.value
        filled = np.append(y, found.imputed_y), np.append(v, found.imputed_v)
        return misses_definition(place.name.split("_")[1], *filled, found.filled.tau2)
    return None if isinstance(answer, CannotPoolError) else "we have an answer where none is defined"


def has_an_answer(_place: Place, answer: Answer | Exception) -> str | None:
    """metafor fails on the scale of a predictor, which is no reason for us."""
    return None if isinstance(answer, Answer) and answer.value.p is not None else f"no answer: {answer}"


REGRESSION: Leaves = {
    "stat": iterated("statistic"),
    "pval": p_value("p"),
    "dfs": same("df"),
    "limit_est": iterated("limit"),
    "limit_ci_lb": limit("limit_low"),
    "limit_ci_ub": limit("limit_high"),
    "predictor": Skip("name of the predictor"),
    "model": Skip("name of the model"),
    "warnings": Skip("metafor's own messages"),
}
FILLED: Leaves = {
    "k0": same("missing"),
    "se_k0": closed("missing_se"),
    "p_k0": p_value("missing_p"),
    "side": same(lambda found: found.side.value),
    "k": same(lambda found: found.filled.k),
    "estimate": iterated(lambda found: found.filled.estimate),
    "se": iterated(lambda found: found.filled.se),
    "ci_lb": limit(lambda found: found.filled.low),
    "ci_ub": limit(lambda found: found.filled.high),
    "tau2": tau2(lambda found: found.filled.tau2),
    "QE": iterated(lambda found: found.filled.q),
    "I2": percent(lambda found: found.filled.i2),
    "filled_yi": iterated("imputed_y"),
    "filled_vi": closed("imputed_v"),
    "warnings": Skip("metafor's own messages"),
}
#: Found by R's uniroot with a tolerance of 1.2e-4, and by integrals of 1e-4.
ROUGH = Tolerance(relative=2e-4, limit=True)
#: By integrate() with a relative error of 1.2e-4, and the default-control tau2.
SOUGHT = Tolerance(relative=1e-4, absolute=1.3e-4)
INTEGRATED = Tolerance(relative=1e-4, absolute=1e-4)
BLOCKS = (
    Block("analyses/*/bias/regtest_lm_*", regression, in_closed_form(REGRESSION), has_an_answer),
    Block("analyses/*/bias/regtest_rma_*", regression, REGRESSION, has_an_answer),
    Block(
        "analyses/*/bias/ranktest",
        ranks,
        {"tau": closed("tau"), "pval": p_value("p"), "warnings": Skip("metafor's own messages")},
    ),
    Block("analyses/*/bias/trimfill_FE_*|trimfill_DL_*", filled, in_closed_form(FILLED), also_refuses),
    Block("analyses/*/bias/trimfill_*", filled, FILLED, also_refuses),
    Block(
        "analyses/*/bias/fsn_*",
        fail_safe,
        {"fsnum": same("number"), "pval": p_value("p"), "meanes": closed("mean"), "target": closed("target")},
    ),
    Block(
        "analyses/*/bias/hc",
        copas,
        {
            "estimate": closed("estimate"),
            "se": closed("se"),
            "tau2": closed("tau2"),
            "ci_lb": Number("low", ROUGH),
            "ci_ub": Number("high", ROUGH),
        },
    ),
    Block(
        "analyses/*/bias/tes",
        excess,
        {
            "O": same("observed"),
            "E": Number("expected", INTEGRATED),
            "OEratio": Number("ratio", INTEGRATED),
            "X2": Number("statistic", INTEGRATED),
            "pval": Number("p", Tolerance(absolute=1e-4)),
            "test": same(lambda found: found.test.value),
            "theta": iterated("estimate"),
            "theta_lim": Number("limit", SOUGHT),
        },
    ),
    Block(
        "analyses/*/bias",
        lambda _place: Answer(None),
        {"note_fsn_v": Skip("a remark on the version")},
    ),
)
