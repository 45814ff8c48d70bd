"""Meta-regression against metafor (data/regression.R), published analyses, invariances and edges."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from guidewright.metaanalysis.further.moderators import Moderator as Declared
from guidewright.metaanalysis.moderators import (
    Factor,
    Interaction,
    MetaRegression,
    Numeric,
    Polynomial,
    Spline,
    bubble_plot,
    design_matrix,
    fit_mixed_effects,
    meta_regression,
    predict,
)
from guidewright.metaanalysis.moderators.small_matrices import inverse, times, transposed
from guidewright.metaanalysis.notices import CannotPoolError
from guidewright.metaanalysis.options import Interval, Model, Prediction, Tau2Method

PINNED = json.loads((Path(__file__).parent / "data" / "regression.json").read_text())
DATA = {name: np.array(values) for name, values in PINNED["data"].items()}
Y, V = DATA["y"], DATA["v"]
TESTS = {
    "z": Interval.WALD,
    "t": Interval.T,
    "knha": Interval.KNAPP_HARTUNG,
    "adhoc": Interval.KNAPP_HARTUNG_TRUNCATED,
}
FIT = ("log_likelihood", "deviance", "aic", "bic", "aicc")
LATITUDE = {"latitude": DATA["latitude"]}


def columns(*names: str) -> dict[str, np.ndarray]:
    return {name: DATA[name] for name in names}


def options(method: str) -> dict[str, Any]:
    return {"model": Model.COMMON} if method == "FE" else {"tau2_method": Tau2Method(method)}


def agrees(found: MetaRegression, pinned: dict[str, Any]) -> None:
    for name in ("estimate", "se", "statistic", "low", "high"):
        values = [getattr(one, name) for one in found.coefficients]
        np.testing.assert_allclose(values, pinned[name], rtol=1e-8, err_msg=name)
    np.testing.assert_allclose([one.p for one in found.coefficients], pinned["p"], atol=1e-8)
    np.testing.assert_allclose(found.covariance, pinned["covariance"], rtol=1e-8)
    for name in ("tau2", "tau2_se", "qe", "r2", "i2", "h2", "typical_variance"):
        if pinned.get(name) is not None:
            assert getattr(found, name) == pytest.approx(pinned[name], rel=1e-8), name
    assert found.qe_p == pytest.approx(pinned["qe_p"], abs=1e-8)
    assert found.qm is not None
    assert (found.qm.statistic, found.qm.p) == pytest.approx((pinned["qm"], pinned["qm_p"]), rel=1e-8)
    assert [getattr(found.ml, name) for name in FIT] == pytest.approx(pinned["ml"], rel=1e-8)
    assert [getattr(found.reml, name) for name in FIT] == pytest.approx(pinned["reml"], rel=1e-8)


@pytest.mark.parametrize("method", PINNED["by_method"])
def test_every_estimator_agrees_with_metafor(method: str) -> None:
    weights = np.sqrt(DATA["n"]) if method == "GENQ" else None
    found = meta_regression(Y, V, columns("latitude", "year"), weights=weights, **options(method))
    agrees(found, PINNED["by_method"][method])


def test_iterated_sidik_jonkman_has_the_root_of_paule_mandel() -> None:
    roots = [
        meta_regression(Y, V, LATITUDE, tau2_method=m).tau2 for m in (Tau2Method.PM, Tau2Method.EB, Tau2Method.SJIT)
    ]
    assert roots == pytest.approx([roots[0]] * 3, rel=1e-14)


def test_iterated_dersimonian_laird_is_a_fixed_point() -> None:
    tau2 = meta_regression(Y, V, LATITUDE, tau2_method=Tau2Method.DLIT).tau2
    w = np.diag(1 / (V + tau2))
    x = np.column_stack([np.ones(13), DATA["latitude"]])
    p = w - w @ x @ np.linalg.solve(x.T @ w @ x, x.T @ w)
    assert (Y @ p @ Y - 11) / np.trace(p) == pytest.approx(tau2, rel=1e-12)


@pytest.mark.parametrize("test", PINNED["by_test"])
def test_every_interval_its_factor_test_and_predictions_agree_with_metafor(test: str) -> None:
    found = meta_regression(Y, V, columns("latitude", "allocation"), interval=TESTS[test])
    pinned = PINNED["by_test"][test]
    agrees(found, pinned)
    factor = found.terms[1]
    assert factor.columns == ("allocation = random", "allocation = systematic")
    assert (factor.test.statistic, factor.test.p) == pytest.approx(pinned["factor_test"], rel=1e-8)
    assert [term.gvif for term in found.terms] == pytest.approx(pinned["gvif"], rel=1e-8)
    at = {"latitude": [20, 40, 55], "allocation": ["systematic", "random", "alternate"]}
    shown = predict(found, at)
    for name in ("estimate", "se", "low", "high", "prediction_low", "prediction_high"):
        assert getattr(shown, name) == pytest.approx(pinned["prediction"][name], rel=1e-8), name
    if test != "z":  # metafor has no degrees of freedom to take one from
        riley = predict(found, at, prediction=Prediction.PARTLETT_RILEY)
        assert riley.prediction_low == pytest.approx(pinned["prediction"]["riley_low"], rel=1e-8)


def test_weights_and_fixed_tau2_agree_with_metafor() -> None:
    agrees(meta_regression(Y, V, LATITUDE, weights=DATA["n"]), PINNED["weighted"])
    robust = meta_regression(Y, V, LATITUDE, weights=DATA["n"], interval=Interval.KNAPP_HARTUNG)
    agrees(robust, PINNED["weighted_knha"])
    fixed = meta_regression(Y, V, LATITUDE, tau2=0.1)
    agrees(fixed, PINNED["fixed"] | {"r2": None, "tau2_se": None})
    assert (fixed.tau2_method, fixed.tau2_se, fixed.r2) == (None, None, None)


def test_designs_agree_with_metafor() -> None:
    allocation = Factor(column="allocation")
    latitude = Numeric(column="latitude")
    without = design_matrix([Factor(column="allocation", reference="alternate")], columns("allocation"))
    cell_means = meta_regression(Y, V, without)
    predicted = predict(cell_means, {"allocation": ["alternate", "random", "systematic"]})
    assert predicted.estimate == pytest.approx(PINNED["no_intercept"]["estimate"], rel=1e-8)
    assert predicted.se == pytest.approx(PINNED["no_intercept"]["se"], rel=1e-8)
    both = design_matrix([latitude, allocation, Interaction(of=(latitude, allocation))], DATA)
    assert both.names[-2:] == ("latitude × allocation = random", "latitude × allocation = systematic")
    agrees(meta_regression(Y, V, both), PINNED["interaction"])
    curved = design_matrix([Polynomial(column="latitude", centre=33)], DATA)
    assert curved.names == ("intercept", "(latitude - 33)", "(latitude - 33)^2")
    agrees(meta_regression(Y, V, curved), PINNED["polynomial"])


def test_spline_spans_the_curves_of_the_natural_spline() -> None:
    design = design_matrix([Spline(column="latitude")], DATA)
    spline = design.moderators[0]
    assert isinstance(spline, Spline)
    assert spline.knots == pytest.approx(PINNED["spline"]["knots"])
    found = meta_regression(Y, V, design)
    assert found.tau2 == pytest.approx(PINNED["spline"]["tau2"], rel=1e-8)
    assert found.qm is not None
    assert found.qm.statistic == pytest.approx(PINNED["spline"]["qm"], rel=1e-8)
    curve = predict(found, LATITUDE)
    assert curve.estimate == pytest.approx(PINNED["spline"]["estimate"], rel=1e-8)
    assert curve.se == pytest.approx(PINNED["spline"]["se"], rel=1e-8)


def test_interval_of_tau2_agrees_with_metafor() -> None:
    limits = meta_regression(Y, V, LATITUDE).tau2_interval
    pinned = PINNED["tau2_interval"]
    assert limits is not None
    assert (limits.tau2_low, limits.tau2_high) == pytest.approx(pinned["tau2"], rel=1e-8)
    assert (limits.i2_low, limits.i2_high) == pytest.approx(pinned["i2"], rel=1e-8)
    assert (limits.h2_low, limits.h2_high) == pytest.approx(pinned["h2"], rel=1e-8)


@pytest.mark.parametrize("method", PINNED["zero_variance"])
def test_a_variance_of_zero_agrees_with_metafor(method: str) -> None:
    v = V.copy()
    v[3] = 0
    found = meta_regression(Y, v, LATITUDE, tau2_method=Tau2Method(method))
    pinned = PINNED["zero_variance"][method]
    assert found.tau2 == pytest.approx(pinned["tau2"], rel=1e-8)
    assert [c.estimate for c in found.coefficients] == pytest.approx(pinned["estimate"], rel=1e-8)
    assert [c.se for c in found.coefficients] == pytest.approx(pinned["se"], rel=1e-8)
    assert (found.qe, found.i2, found.h2, found.tau2_interval) == (None, None, None, None)
    assert "variance-zero" in [notice.code for notice in found.notices]


# Published analyses of the BCG trials.


def test_viechtbauer_2010_section_3_4_latitude_and_year() -> None:
    """J Stat Softw 36(3), pages 16-17; years as printed, without centring."""
    found = meta_regression(Y, V, {"latitude": DATA["latitude"], "year": DATA["year"] + 1960})
    # the article's intercept comes from a tau2 good to five digits; at the exact one it is -3.54535 (29.09558)
    assert found.coefficients[0].estimate == pytest.approx(-3.5455, abs=2e-4)
    assert [round(c.estimate, 4) for c in found.coefficients[1:]] == [-0.0280, 0.0019]
    assert found.coefficients[0].se == pytest.approx(29.0959, abs=5e-4)
    assert [round(c.se, 4) for c in found.coefficients[1:]] == [0.0102, 0.0147]
    assert [round(c.statistic, 4) for c in found.coefficients[1:]] == [-2.7371, 0.1299]
    assert (round(found.tau2, 4), round(found.tau2_se or 0, 4)) == (0.1108, 0.0845)
    assert (round(found.qe or 0, 4), found.qe_df, round(found.qe_p or 0, 4)) == (28.3251, 10, 0.0016)
    assert found.qm is not None
    assert found.qm.statistic == pytest.approx(12.2043, abs=5e-4)
    assert (found.qm.df, round(found.qm.p, 4)) == (2, 0.0022)
    assert round(found.r2 or 0) == 65
    shown = predict(found, {"latitude": [10, 20, 30, 40, 50, 60], "year": 1970})
    assert np.exp(shown.estimate).round(4).tolist() == [0.9345, 0.7062, 0.5337, 0.4033, 0.3048, 0.2303]
    assert np.exp(shown.low).round(4).tolist() == [0.5833, 0.5149, 0.4196, 0.2956, 0.1916, 0.1209]
    assert shown.prediction_high is not None
    assert np.exp(shown.prediction_high).round(4).tolist() == [2.0899, 1.4579, 1.0697, 0.8306, 0.6787, 0.5761]


def test_viechtbauer_2010_section_3_4_knapp_hartung() -> None:
    """Page 20: allocation and latitude."""
    found = meta_regression(Y, V, columns("allocation", "latitude"), interval=Interval.KNAPP_HARTUNG)
    assert [round(c.estimate, 4) for c in found.coefficients] == [0.2932, -0.2675, 0.0585, -0.0273]
    assert [round(c.se, 4) for c in found.coefficients] == [0.4188, 0.3624, 0.3925, 0.0095]
    assert [round(c.p, 4) for c in found.coefficients] == [0.5016, 0.4793, 0.8849, 0.0186]
    assert found.qm is not None
    assert (round(found.qm.statistic, 4), found.qm.df, found.qm.residual_df) == (3.4471, 3, 9)
    assert round(found.qm.p, 4) == 0.0650


def test_viechtbauer_2010_section_3_5_maximum_likelihood() -> None:
    """Page 34: fit statistics with and without latitude."""
    found = meta_regression(Y, V, LATITUDE, tau2_method=Tau2Method.ML)
    assert [round(value, 4) for value in (found.ml.aic, found.ml.bic, found.ml.log_likelihood)] == [
        21.3713,
        23.0662,
        -7.6857,
    ]
    assert round(found.r2 or 0, 2) == 87.73
    assert round(found.tau2_without or 0, 4) == 0.2800


def test_berkey_1995_page_408() -> None:
    """Stat Med 14:395: empirical Bayes with smoothed variances, latitude about 33.46."""
    smooth = (DATA["tneg"] / DATA["tpos"]).mean() / (DATA["tneg"] + DATA["tpos"])
    smooth += (DATA["cneg"] / DATA["cpos"]).mean() / (DATA["cneg"] + DATA["cpos"])
    design = design_matrix([Numeric(column="latitude", centre=33.46)], DATA)
    found = meta_regression(Y, smooth, design, tau2_method=Tau2Method.EB)
    # the article prints -0.6304 for the intercept
    assert [round(c.estimate, 4) for c in found.coefficients] == [-0.6303, -0.0268]
    assert [round(c.se, 4) for c in found.coefficients] == [0.1591, 0.0110]
    assert (round(found.tau2, 3), round(found.r2 or 0)) == (0.157, 41)
    shown = predict(found, {"latitude": [33.46, 42]})
    assert np.exp(shown.estimate).round(2).tolist() == [0.53, 0.42]
    common = meta_regression(Y, smooth, design, model=Model.COMMON)
    assert [round(c.estimate, 4) for c in common.coefficients] == [-0.5949, -0.0282]


def test_van_houwelingen_2002_pages_608_to_609() -> None:
    """Stat Med 21:589: log odds ratios on latitude, maximum likelihood."""
    cells = [DATA[name] for name in ("tpos", "tneg", "cpos", "cneg")]
    a, b, c, d = cells
    found = meta_regression(
        np.log(a * d / (b * c)), sum(1 / cell for cell in cells), LATITUDE, tau2_method=Tau2Method.ML
    )
    assert [round(c.estimate, 3) for c in found.coefficients] == [0.371, -0.033]
    assert [round(c.se, 3) for c in found.coefficients] == [0.106, 0.003]
    assert (round(found.tau2, 3), round(found.r2 or 0, 1)) == (0.004, 98.7)


# Invariances.

rows = (
    st.integers(4, 12)
    .flatmap(
        lambda k: st.tuples(
            st.lists(st.floats(-3, 3), min_size=k, max_size=k),
            st.lists(st.floats(0.01, 2), min_size=k, max_size=k),
            st.lists(st.floats(-5, 5), min_size=k, max_size=k, unique=True),
            st.permutations(range(k)),
        )
    )
    .filter(lambda drawn: np.ptp(drawn[0]) > 0.1 and np.diff(np.sort(drawn[2])).min() > 1e-3)
)


@settings(max_examples=25, deadline=None)
@given(rows, st.sampled_from([Tau2Method.REML, Tau2Method.ML, Tau2Method.PM, Tau2Method.DL]))
def test_order_sign_and_scale_of_effects_do_not_matter(drawn: Any, method: Tau2Method) -> None:
    y, v, x, order = (np.array(part) for part in drawn)
    first = meta_regression(y, v, {"x": x}, tau2_method=method)
    moved = meta_regression(y[order], v[order], {"x": x[order]}, tau2_method=method)
    scaled = meta_regression(-1e-3 * y, 1e-6 * v, {"x": x}, tau2_method=method)
    size = v.min() + first.tau2
    assert moved.tau2 == pytest.approx(first.tau2, rel=1e-9, abs=1e-9 * size)
    assert scaled.tau2 == pytest.approx(1e-6 * first.tau2, rel=1e-9, abs=1e-15 * size)
    slopes = [found.coefficients[1].estimate for found in (first, moved, scaled)]
    assert slopes[1] == pytest.approx(slopes[0], rel=1e-7, abs=1e-9)
    assert slopes[2] == pytest.approx(-1e-3 * slopes[0], rel=1e-7, abs=1e-12)


@pytest.mark.parametrize(("scale", "origin"), [(1e-9, 0.0), (1e9, 0.0), (1.0, 1e6), (1e-6, 3e-2)])
def test_scale_and_origin_of_a_moderator_do_not_matter(scale: float, origin: float) -> None:
    first = meta_regression(Y, V, LATITUDE)
    other = meta_regression(Y, V, {"x": scale * DATA["latitude"] + origin})
    assert other.tau2 == pytest.approx(first.tau2, rel=1e-8)
    assert other.coefficients[1].statistic == pytest.approx(first.coefficients[1].statistic, rel=1e-8)
    assert other.reml is not None and first.reml is not None
    assert other.reml.log_likelihood == pytest.approx(first.reml.log_likelihood, rel=1e-8)


@pytest.mark.parametrize("method", [method for method in Tau2Method if method is not Tau2Method.GENQM])
@pytest.mark.parametrize("p", [1, 2, 4])
def test_a_batch_gives_the_bits_of_its_members_alone(method: Tau2Method, p: int) -> None:
    rng = np.random.default_rng(p)
    sizes = rng.integers(p + 2, 14, 40)
    total = int(sizes.sum())
    v = np.exp(rng.normal(0, 2, total))
    y = rng.standard_normal(total) * np.sqrt(v + rng.choice([0.0, 1.0, 30.0], total))
    x = np.column_stack([np.ones(total), rng.standard_normal((total, p - 1))])
    weights = rng.uniform(1, 2, total) if method is Tau2Method.GENQ else None
    together = fit_mixed_effects(y, v, x, sizes, tau2_method=method, weights=weights)
    assert together.converged.all()
    for i, (start, size) in enumerate(zip(np.cumsum(sizes) - sizes, sizes, strict=True)):
        part = slice(start, start + size)
        given_weights = None if weights is None else weights[part]
        alone = fit_mixed_effects(y[part], v[part], x[part], [size], tau2_method=method, weights=given_weights)
        for name in ("coefficients", "covariance", "tau2", "tau2_se", "residual_scale", "residual_q", "wald"):
            assert getattr(together, name)[..., i].tobytes() == getattr(alone, name)[..., 0].tobytes(), (name, i)


@pytest.mark.parametrize("restricted", [True, False])
def test_the_likelihood_is_at_its_global_maximum(restricted: bool) -> None:
    rng = np.random.default_rng(7)
    sizes = rng.integers(4, 9, 300)
    total = int(sizes.sum())
    v = np.exp(rng.normal(0, 3, total))
    y = rng.standard_normal(total) * np.sqrt(v) * np.exp(rng.normal(0, 1.5, total))
    x = np.column_stack([np.ones(total), rng.standard_normal(total)])
    method = Tau2Method.REML if restricted else Tau2Method.ML
    found = fit_mixed_effects(y, v, x, sizes, tau2_method=method)
    for i, (start, size) in enumerate(zip(np.cumsum(sizes) - sizes, sizes, strict=True)):
        part = slice(start, start + size)
        grid = np.concatenate(
            [[found.tau2[i], 0.0], np.geomspace(1e-4 * v[part].min(), 1e3 * np.ptp(y[part]) ** 2, 400)]
        )
        variances = v[part] + grid[:, None]
        xs, ys = x[part], y[part]
        gram = np.einsum("gk,ki,kj->gij", 1 / variances, xs, xs)
        b = np.linalg.solve(gram, np.einsum("gk,ki,k->gi", 1 / variances, xs, ys)[..., None])[..., 0]
        value = -np.log(variances).sum(axis=1) - ((ys - b @ xs.T) ** 2 / variances).sum(axis=1)
        if restricted:
            value -= np.linalg.slogdet(gram)[1]
        assert value[0] >= value.max() - 1e-9


# Edges.


def test_columns_that_follow_from_others_are_dropped_and_named() -> None:
    found = meta_regression(Y, V, LATITUDE | {"twice": 2 * DATA["latitude"] + 3, "same": np.full(13, 4.0)})
    assert [c.name for c in found.coefficients] == ["intercept", "latitude"]
    notice = next(notice for notice in found.notices if notice.code == "columns-dropped")
    assert "twice, same" in notice.text
    assert found.qm == meta_regression(Y, V, LATITUDE).qm


def test_rows_with_gaps_are_dropped_and_named() -> None:
    y, latitude = Y.copy(), list(DATA["latitude"])
    y[1] = np.nan
    latitude[4] = None
    found = meta_regression(y, V, {"latitude": latitude})
    kept = [i for i in range(13) if i not in {1, 4}]
    assert found.rows == tuple(kept)
    same = meta_regression(Y[kept], V[kept], {"latitude": DATA["latitude"][kept]})
    assert found.coefficients == same.coefficients
    assert [(n.code, n.text.split(" left")[0]) for n in found.notices] == [
        ("rows-dropped", "row 2"),
        ("rows-dropped", "row 5"),
    ]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"y": [1, np.inf, 2, 3]}, "infinite in row 2"),
        ({"v": [1, 1, -1, 1]}, "below 0 in row 3"),
        ({"v": [1, 0, 1, 1], "tau2_method": Tau2Method.DL}, "variance is 0 in row 2"),
        ({"moderators": {"x": [1, 2, 3]}}, "3 rows and `y` has 4"),
        ({"moderators": {"x": [1, 2, np.inf, 4]}}, "`x` is infinite in row 3"),
        ({"moderators": {"f": ["a", "b", "c", "d"]}}, "4 studies are too few for 4 coefficients and tau2: 5"),
        ({"moderators": {"f": ["a", "b", "c", "d"]}, "model": Model.COMMON, "interval": Interval.T}, "no degrees"),
        ({"moderators": {"x": [None] * 4}}, "no row has an effect, a variance and all moderators"),
        ({"weights": [1, 1, 0, 1]}, "`weights` is 0 in row 3"),
        ({"weights": [1, 1]}, "`weights` has 2 rows"),
        ({"tau2_method": Tau2Method.GENQ}, "GENQ needs `weights`"),
        ({"tau2_method": Tau2Method.GENQM, "weights": [1, 1, 1, 1]}, "GENQM is not offered"),
        ({"level": 95}, "or 0.95; found 95"),
        ({"tau2": -1.0}, "`tau2` must be 0 or more"),
        ({"v": [1, 0, 1, 1], "y": [1, 1, 1, 1.1]}, "variance is 0 in row 2"),
    ],
)
def test_impossible_data_are_refused(changes: dict[str, Any], message: str) -> None:
    call = {"y": [0.1, 0.4, 0.2, 0.9], "v": [1, 1, 1, 1], "moderators": {"x": [1, 2, 3, 5]}} | changes
    with pytest.raises(CannotPoolError, match=message):
        meta_regression(call.pop("y"), call.pop("v"), call.pop("moderators"), **call)


def test_as_many_columns_as_studies_fit_exactly_under_a_common_effect() -> None:
    found = meta_regression([0.1, 0.5, 0.3], [0.1, 0.2, 0.3], {"f": ["a", "b", "c"]}, model=Model.COMMON)
    assert (found.qe, found.qe_df, found.qe_p, found.reml) == (0.0, 0, 1.0, None)


def test_effects_on_a_line_leave_knapp_hartung_without_error() -> None:
    x = np.arange(5.0)
    found = meta_regression(0.1 + 0.2 * x, np.full(5, 0.1), {"x": x}, interval=Interval.KNAPP_HARTUNG)
    assert found.scale == 0
    assert found.coefficients[1].se == 0
    assert "no-residual" in [notice.code for notice in found.notices]
    truncated = meta_regression(0.1 + 0.2 * x, np.full(5, 0.1), {"x": x}, interval=Interval.KNAPP_HARTUNG_TRUNCATED)
    assert truncated.scale == 1


def test_nothing_to_explain_is_said() -> None:
    found = meta_regression([0.1, 0.11, 0.1, 0.12], [1, 1, 1, 1], {"x": [1, 2, 3, 5]})
    assert (found.tau2, found.r2) == (0.0, 0.0)
    assert "r2-nothing-to-explain" in [notice.code for notice in found.notices]


def test_without_moderators_it_is_the_pooled_effect() -> None:
    found = meta_regression(Y, V, design_matrix([], {}))
    assert (found.qm, found.r2, found.terms) == (None, None, ())
    assert found.coefficients[0].estimate == pytest.approx(-0.71453234, abs=1e-8)


# Declared moderators.


def test_moderators_are_read_from_plain_data() -> None:
    declared = TypeAdapter(list[Declared]).validate_python(
        [
            {"kind": "numeric", "column": "year", "centre": 1970, "per": 10},
            {"kind": "factor", "column": "design", "reference": "trial"},
            {
                "kind": "interaction",
                "of": [{"kind": "numeric", "column": "year"}, {"kind": "factor", "column": "design"}],
            },
        ]
    )
    read = [one.moderator() for one in declared]
    data = {"year": [1960, 1970, 1980], "design": ["cohort", "trial", None]}
    design = design_matrix(read, data)
    assert design.names == ("intercept", "(year - 1970) per 10", "design = cohort", "year × design = trial")
    np.testing.assert_array_equal(design.matrix[:, 1], [-1, 0, 1])
    assert np.isnan(design.matrix[2, 2])
    assert design.at({"year": 1990, "design": "trial"}).tolist() == [[1, 2, 0, 1990]]
    lone = design_matrix(read[2:], data)
    assert [notice.code for notice in lone.notices] == ["interaction-alone"]


@pytest.mark.parametrize("p", [1, 2, 3, 5])
def test_small_matrices_are_inverted_side_by_side(p: int) -> None:
    root = np.random.default_rng(p).normal(size=(p, p, 40))
    given = times(root, transposed(root)) + np.eye(p)[..., None]
    inverted, pivots = inverse(given)
    for number in range(40):
        expected = np.linalg.inv(given[..., number])
        np.testing.assert_allclose(inverted[..., number], expected, rtol=1e-9, atol=1e-11)
        assert np.log(pivots[:, number]).sum() == pytest.approx(np.linalg.slogdet(given[..., number])[1], rel=1e-11)


def test_what_a_declaration_cannot_mean_is_refused() -> None:
    with pytest.raises(CannotPoolError, match="ascending"):
        Spline(column="x", knots=(3, 2, 1))
    with pytest.raises(CannotPoolError, match="must be one of its levels"):
        Factor(column="f", levels=("a", "b"), reference="c")
    with pytest.raises(CannotPoolError, match="named once"):
        Factor(column="f", levels=("a", "a"))
    with pytest.raises(CannotPoolError, match="`per` of `x` must be above 0"):
        Numeric(column="x", per=0)
    with pytest.raises(CannotPoolError, match="`degree` of `x` must be a whole number from 2 to 5; found 6"):
        Polynomial(column="x", degree=6)
    with pytest.raises(CannotPoolError, match="`number_of_knots` of `x` must be a whole number from 3 to 7"):
        Spline(column="x", number_of_knots=2)
    with pytest.raises(ValidationError, match="must be one of its levels"):
        TypeAdapter(Declared).validate_python({"kind": "factor", "column": "f", "levels": ["a"], "reference": "c"})
    cases = [
        (Numeric(column="x"), {"z": [1]}, "no column `x`; there are z"),
        (Numeric(column="x"), {"x": [1, "many"]}, "`x` is 'many' in row 2"),
        (Factor(column="x", levels=("a",)), {"x": ["a", "b"]}, "`x` is b in row 2; its levels are a"),
        (Factor(column="x", reference="c"), {"x": ["a", "b"]}, "reference level c of `x` is in no row"),
        (Spline(column="x"), {"x": [1, 1, 1, 2]}, "too many equal values for 4 knots"),
    ]
    for moderator, data, message in cases:
        with pytest.raises(CannotPoolError, match=message):
            design_matrix([moderator], data)
    with pytest.raises(CannotPoolError, match="declare it once"):
        design_matrix([Numeric(column="x"), Spline(column="x")], {"x": range(20)})


def test_predictions_refuse_what_the_regression_does_not_know() -> None:
    found = meta_regression(Y, V, columns("latitude", "allocation"))
    with pytest.raises(CannotPoolError, match="`altitude` is no moderator"):
        predict(found, {"altitude": 3})
    with pytest.raises(CannotPoolError, match="its levels are"):
        predict(found, {"allocation": "tossed"})
    with pytest.raises(CannotPoolError, match="has 2 values where another moderator has 3"):
        predict(found, {"allocation": ["random", "alternate"], "latitude": [1, 2, 3]})
    with pytest.raises(CannotPoolError, match="missing in row 2"):
        predict(found, {"latitude": [1, None]})


def test_bubbles_and_their_line() -> None:
    found = meta_regression(Y, V, columns("latitude", "allocation"))
    plot = bubble_plot(found, "latitude", points=5, holding={"allocation": "random"})
    assert (plot.x[0], plot.x[-1]) == (13, 55)
    assert plot.holding == (("allocation", "random"),)
    along = predict(found, {"latitude": plot.x, "allocation": "random"})
    assert plot.line.prediction_low == along.prediction_low
    assert [point.y for point in plot.points] == Y.tolist()
    assert sum(point.weight for point in plot.points) == pytest.approx(100)
    with pytest.raises(CannotPoolError, match="no numeric moderator of this regression; there are latitude"):
        bubble_plot(found, "allocation")
