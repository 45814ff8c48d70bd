"""Estimates adjusted for selection against R (``data/bias.json``, made by ``data/bias.R``), in print, at the edges."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import ndtr

from guidewright.metaanalysis.bias import (
    VEVEA_WOODS,
    VEVEA_WOODS_CUT_POINTS,
    Chosen,
    Favours,
    Missing,
    SelectionFunction,
    Side,
    henmi_copas,
    pet_peese,
    selection_model,
    selection_sensitivity,
    trim_and_fill,
)
from guidewright.metaanalysis.bias.selection_functions import Weights
from guidewright.metaanalysis.bias.selection_likelihood import SelectionLikelihood
from guidewright.metaanalysis.notices import CannotPoolError
from guidewright.metaanalysis.options import Model, Tau2Method
from guidewright.metaanalysis.pooling import pool

SETS: dict[str, Any] = json.loads((Path(__file__).parent / "data/bias.json").read_text(encoding="utf-8"))["sets"]
MODELS: dict[str, Any] = {"FE": {"model": Model.COMMON}, "DL": {"tau2_method": Tau2Method.DL}}
FITS = [(name, i) for name, one in SETS.items() for i in range(len(one["selection"]))]
FUNCTIONS = {"stepfun": SelectionFunction.STEP, "negexp": SelectionFunction.NEGATIVE_EXPONENTIAL}


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("method", MODELS)
@pytest.mark.parametrize("estimator", Missing)
def test_trim_and_fill_is_that_of_metafor(name: str, method: str, estimator: Missing) -> None:
    one = SETS[name]
    theirs = one["trim_and_fill"].get(f"{method}_{estimator}")
    if theirs is None:  # R takes the square root of a negative number
        with pytest.raises(CannotPoolError, match="choose L0 or R0"):
            trim_and_fill(one["y"], one["v"], estimator=estimator, **MODELS[method])
        return
    ours = trim_and_fill(one["y"], one["v"], estimator=estimator, **MODELS[method])
    assert (ours.missing, ours.side) == (theirs["missing"], theirs["side"])
    assert ours.missing_se == pytest.approx(theirs["missing_se"], rel=1e-10)
    assert ours.missing_p == (None if theirs.get("missing_p") is None else pytest.approx(theirs["missing_p"]))
    assert ours.filled.estimate == pytest.approx(theirs["estimate"], rel=1e-10)
    assert ours.filled.se == pytest.approx(theirs["se"], rel=1e-10)
    assert ours.filled.tau2 == pytest.approx(theirs["tau2"], rel=1e-10)
    assert ours.filled.q == pytest.approx(theirs["q"], rel=1e-10)
    assert ours.imputed_y == pytest.approx(theirs["imputed_y"], rel=1e-10)
    assert ours.imputed_v == pytest.approx(theirs["imputed_v"], rel=1e-12)
    assert ours.imputed_v == tuple(np.array(one["v"])[list(ours.mirrored_rows)])


def test_passive_smoking_as_printed() -> None:
    """Takagi et al. 2006 (Lung Cancer 51:245): 7 of 44 studies filled, 1.19 (1.08 to 1.31), from an excess of 24 %."""
    one = SETS["hackshaw1998"]
    ours = trim_and_fill(one["y"], one["v"], tau2_method=Tau2Method.DL)
    assert (ours.missing, ours.filled.k, ours.side) == (7, 44, Side.LEFT)
    printed = np.exp([ours.filled.estimate, ours.filled.low, ours.filled.high, ours.observed.estimate])
    assert printed.round(2).tolist() == [1.19, 1.08, 1.31, 1.24]


def test_bcg_trials_filled_as_metafor_prints_them() -> None:
    """metafor 3.8-1 prints four studies on the right, and -0.2910 with a standard error of 0.0383."""
    ours = trim_and_fill(SETS["bcg"]["y"], SETS["bcg"]["v"], model=Model.COMMON)
    assert (ours.missing, ours.side) == (4, Side.RIGHT)
    assert (ours.filled.estimate, ours.filled.se) == pytest.approx((-0.2910, 0.0383), abs=5e-5)


def test_trimming_about_the_common_effect_is_that_of_meta() -> None:
    """meta 8.3-0 on the BCG odds ratios: 4 studies, -0.35412789 (-0.80831854 to 0.10006275)."""
    a = np.array([4, 6, 3, 62, 33, 180, 8, 505, 29, 17, 186, 5, 27])
    n1 = np.array([123, 306, 231, 13598, 5069, 1541, 2545, 88391, 7499, 1716, 50634, 2498, 16913])
    c = np.array([11, 29, 11, 248, 47, 372, 10, 499, 45, 65, 141, 3, 29])
    n2 = np.array([139, 303, 220, 12867, 5808, 1451, 629, 88391, 7277, 1665, 27338, 2341, 17854])
    y, v = np.log(a / (n1 - a) * (n2 - c) / c), 1 / a + 1 / (n1 - a) + 1 / c + 1 / (n2 - c)
    ours = trim_and_fill(y, v, trimming_model=Model.COMMON)
    assert ours.missing == 4
    found = (ours.filled.estimate, ours.filled.low, ours.filled.high)
    assert found == pytest.approx((-0.3541278946709663, -0.8083185421373277, 0.10006275279539512), abs=1e-7)


def test_edges_of_trim_and_fill() -> None:
    y, v = [-0.3, -0.1, 0.2, 0.25], [0.1, 0.1, 0.1, 0.1]
    with pytest.raises(CannotPoolError, match="`side`"):
        trim_and_fill(y, v)
    ours = trim_and_fill(y, v, side=Side.LEFT)
    assert ours.missing == 0
    assert ours.imputed_y == ()
    assert ours.filled == ours.observed
    with pytest.raises(CannotPoolError, match="at least 3"):
        trim_and_fill([0.1, 0.2], [0.1, 0.2])
    left = trim_and_fill(SETS["bcg"]["y"], SETS["bcg"]["v"], side=Side.LEFT)
    right = trim_and_fill(-np.array(SETS["bcg"]["y"]), SETS["bcg"]["v"], side=Side.RIGHT)
    assert left.filled.estimate == pytest.approx(-right.filled.estimate, rel=1e-12)


@pytest.mark.parametrize("name", SETS)
def test_henmi_copas_is_that_of_metafor(name: str) -> None:
    """R integrates to a tolerance of 1e-4, and comes to 2e-8 of a standard error; a finer rule comes to ours."""
    one = SETS[name]
    ours = henmi_copas(one["y"], one["v"])
    for field, value in one["henmi_copas"].items():
        near = 1e-7 * ours.se if field in {"low", "high"} else 1e-10 * abs(value)
        assert getattr(ours, field) == pytest.approx(value, abs=near), field


def test_henmi_copas_without_heterogeneity_is_near_the_common_effect() -> None:
    y, v = [0.1, 0.11, 0.09, 0.1], [0.1, 0.2, 0.3, 0.1]
    ours, common = henmi_copas(y, v), pool(y, v, model=Model.COMMON)
    assert ours.tau2 == 0
    assert ours.se == pytest.approx(common.se)
    assert ours.low >= common.low - 1e-12
    with pytest.raises(CannotPoolError, match="at least 2"):
        henmi_copas([0.1], [0.1])


def test_pet_peese_takes_peese_only_where_pet_finds_an_effect() -> None:
    smoking = pet_peese(SETS["hackshaw1998"]["y"], SETS["hackshaw1998"]["v"])
    assert smoking.chosen is Chosen.PET
    assert smoking.estimate == smoking.pet.limit
    y, v = [0.5, 0.52, 0.55, 0.7, 0.6, 0.9], [0.001, 0.002, 0.004, 0.05, 0.06, 0.2]
    clear = pet_peese(y, v)
    assert clear.chosen is Chosen.PEESE
    assert (clear.estimate, clear.low, clear.high) == (clear.peese.limit, clear.peese.limit_low, clear.peese.limit_high)
    assert "few-studies" in {notice.code for notice in clear.notices}


@pytest.mark.parametrize(("name", "which"), FITS)
def test_selection_models_reach_metafors_likelihood(name: str, which: int) -> None:
    """R's optimiser stops early: the likelihood must be no lower, and the estimates close."""
    one = SETS[name]
    theirs = one["selection"][which]
    ours = selection_model(
        one["y"],
        one["v"],
        function=FUNCTIONS[theirs["type"]],
        cut_points=theirs["steps"] or (0.025,),
        favours=Favours(theirs["alternative"].replace(".", "-")),
    )
    assert ours.log_likelihood >= theirs["log_likelihood"] - 1e-9
    assert ours.log_likelihood == pytest.approx(theirs["log_likelihood"], abs=1e-6)
    assert ours.lr_statistic == pytest.approx(theirs["lr_statistic"], abs=1e-5)
    assert ours.lr_p == pytest.approx(theirs["lr_p"], abs=1e-5)
    assert (ours.estimate, ours.se, ours.tau2) == pytest.approx(
        (theirs["estimate"], theirs["se"], theirs["tau2"]), rel=1e-4
    )
    assert ours.delta == pytest.approx(theirs["delta"], rel=1e-4)


def test_smoking_cessation_by_the_beta_model() -> None:
    """The example of Citkowicz & Vevea 2017, as metafor 3.8-1 fits it: 0.1148 (se 0.1665), LRT(2) = 7.8469.

    metafor integrates to a tolerance of 1e-4, so that the last digits are not those of the maximum.
    """
    one = SETS["baskerville2012"]
    ours = selection_model(one["y"], one["v"], function=SelectionFunction.BETA, favours=Favours.GREATER)
    assert ours.estimate == pytest.approx(0.1148, abs=1e-4)
    assert ours.se == pytest.approx(0.1665, abs=5e-4)
    assert ours.delta == pytest.approx((0.4731, 4.4613), abs=3e-3)
    assert (ours.lr_statistic, ours.lr_p, ours.lr_df) == pytest.approx((7.8469, 0.0198, 2), abs=2e-3)
    assert ours.unadjusted == pytest.approx(0.5552, abs=5e-5)


@pytest.mark.parametrize("two_sided", [False, True])
@pytest.mark.parametrize(
    ("weights", "delta"),
    [
        (Weights(SelectionFunction.STEP, (0.025, 0.5)), [0.4, 0.2]),
        (Weights(SelectionFunction.NEGATIVE_EXPONENTIAL), [3.0]),
        (Weights(SelectionFunction.BETA), [0.5, 2.0]),
    ],
)
def test_likelihood_by_adaptive_integration_and_its_gradient(
    weights: Weights, delta: list[float], *, two_sided: bool
) -> None:
    y, v = np.array([0.4, 0.1, -0.2, 0.8]), np.array([0.02, 0.04, 0.1, 0.15])
    likelihood = SelectionLikelihood(y, v, weights, two_sided)
    at = np.array([0.15, 0.03, *delta])

    def value(theta: Any) -> float:
        return float(likelihood.value(np.array(theta[0]), np.array(theta[1]), np.array(theta[2:])))

    def selected(i: int) -> float:
        def f(z: float) -> float:
            p = float(2 * ndtr(-abs(z)) if two_sided else ndtr(-z))
            weight = np.exp(weights.log_weight(np.array([p]), at[2:])[0])
            spread = np.sqrt(1 + at[1] / v[i])
            return float(
                weight * np.exp(-(((z - at[0] / np.sqrt(v[i])) / spread) ** 2) / 2) / spread / 2.5066282746310002
            )

        breaks = [-30, -4.5, -4.264890793922825, -2.241402727604947, -0.6744897501960817, 0, 0.6744897501960817]
        breaks += [1.959963984540054, 2.241402727604947, 4.264890793922825, 4.5, 30]
        return sum(quad(f, a, b, epsabs=1e-13, epsrel=1e-12, limit=200)[0] for a, b in zip(breaks, breaks[1:]))  # noqa: B905, RUF007

    total = v + at[1]
    direct = np.sum(
        weights.log_weight(likelihood.p, at[2:]) - (y - at[0]) ** 2 / (2 * total) - np.log(2 * np.pi * total) / 2
    ) - sum(np.log(selected(i)) for i in range(len(y)))
    assert value(at) == pytest.approx(direct, abs=1e-8)
    differences = [(value(at + 1e-6 * e) - value(at - 1e-6 * e)) / 2e-6 for e in np.eye(len(at))]
    assert likelihood.gradient(at[0], at[1], at[2:]) == pytest.approx(differences, rel=1e-6, abs=1e-6)


def test_weights_of_one_are_maximum_likelihood() -> None:
    one = SETS["bcg"]
    flat = selection_sensitivity(one["y"], one["v"], weights=[1.0] * len(VEVEA_WOODS_CUT_POINTS), favours=Favours.LESS)
    plain = pool(one["y"], one["v"], tau2_method=Tau2Method.ML)
    assert (flat.estimate, flat.tau2) == pytest.approx((plain.estimate, plain.tau2), rel=1e-8)
    assert flat.lr_p is None
    assert flat.log_likelihood == pytest.approx(flat.log_likelihood_without, abs=1e-10)


def test_severe_selection_moves_the_estimate_further() -> None:
    one = SETS["baskerville2012"]
    moderate, severe = (
        selection_sensitivity(one["y"], one["v"], weights=VEVEA_WOODS[name].weights, favours=Favours.GREATER)
        for name in ("moderate-one-sided", "severe-one-sided")
    )
    assert severe.estimate < moderate.estimate < moderate.unadjusted


def test_sides_of_selection_mirror_each_other() -> None:
    y, v = np.array(SETS["bcg"]["y"]), SETS["bcg"]["v"]
    a, b = (selection_model(one, v, favours=side) for one, side in ((y, Favours.LESS), (-y, Favours.GREATER)))
    assert b.estimate == pytest.approx(-a.estimate, rel=1e-8)
    assert (b.low, b.high) == pytest.approx((-a.high, -a.low), rel=1e-7)  # type: ignore[operator]


def test_no_significant_study_leaves_the_weight_at_its_bound() -> None:
    y, v = [0.1, 0.2, -0.1, 0.15, 0.05, 0.3], [0.1, 0.2, 0.15, 0.3, 0.25, 0.12]
    ours = selection_model(y, v, favours=Favours.GREATER)
    assert ours.studies_per_interval == (0, 6)
    assert {"empty-interval", "selection-at-bound", "few-studies"} <= {notice.code for notice in ours.notices}
    assert ours.delta[1] == pytest.approx(100)
    assert ours.delta_se == (None, None)
    common = selection_model(y, v, favours=Favours.GREATER, model=Model.COMMON)
    assert (common.tau2, common.tau2_se) == (0, None)


def test_what_a_selection_model_cannot_do() -> None:
    with pytest.raises(CannotPoolError, match="at least 3 studies"):
        selection_model([0.1, 0.2], [0.1, 0.2], favours=Favours.GREATER)
    with pytest.raises(CannotPoolError, match="cut points"):
        selection_model([0.1, 0.2, 0.3, 0.4], [0.1] * 4, cut_points=(0.5, 0.025), favours=Favours.GREATER)
    with pytest.raises(CannotPoolError, match="2 numbers above 0"):
        selection_sensitivity([0.1, 0.2], [0.1] * 2, cut_points=(0.05,), weights=[1.0], favours=Favours.LESS)
