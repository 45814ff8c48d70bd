"""Pooling against R's metafor (``data/pooling.json``, made by ``data/pooling.R``), at the edges, and in batches.

metafor's thresholds are absolute, so that its iterated estimators on a small or large scale are not at the optimum:
there the tolerance is that of its threshold, and a test of our own holds the optimum itself.
"""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guidewright.metaanalysis.heterogeneity import heterogeneity_interval
from guidewright.metaanalysis.kernels.distributions import chi2_p, chi2_quantile
from guidewright.metaanalysis.kernels.groups import Groups
from guidewright.metaanalysis.kernels.likelihood import CHUNK, log_likelihood
from guidewright.metaanalysis.kernels.mean import multiplier, two_sided
from guidewright.metaanalysis.kernels.quadratic_form import upper_tail
from guidewright.metaanalysis.notices import CannotPoolError
from guidewright.metaanalysis.options import Interval, Model, Prediction, Tau2Interval, Tau2Method
from guidewright.metaanalysis.pooling import PooledEffect, PooledEffects, pool, pool_many

SETS: dict[str, Any] = json.loads((Path(__file__).parent / "data/pooling.json").read_text(encoding="utf-8"))["sets"]
METHODS = [Tau2Method(name) for name in SETS["bcg"]["fits"] if name not in {"FE", "GENQ"}]
#: Estimators that metafor iterates to an absolute threshold.
ITERATED = {Tau2Method.ML, Tau2Method.REML, Tau2Method.EB, Tau2Method.SJIT, Tau2Method.PM, Tau2Method.PMM}
TESTS = {
    "z": Interval.WALD,
    "t": Interval.T,
    "knha": Interval.KNAPP_HARTUNG,
    "adhoc": Interval.KNAPP_HARTUNG_TRUNCATED,
}


def agree(ours: PooledEffect, theirs: dict[str, float], *, iterated: bool, scale: float) -> None:
    """``scale``: the typical variance; a tau2 of nearly 0 is measured against it."""
    tolerance = 1e-8 if iterated else 1e-10
    for name, expected in theirs.items():
        value = getattr(ours, name)
        if name in {"p", "q_p"}:
            assert value == pytest.approx(expected, abs=1e-8), name
            continue
        if expected is None:
            assert value is None, name
            continue
        size = {"tau2": scale, "i2": 100.0, "estimate": ours.se, "low": ours.se, "high": ours.se}.get(name, 0.0)
        assert abs(value - expected) <= tolerance * max(abs(expected), size), name


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("method", METHODS)
def test_every_estimator_is_that_of_metafor(name: str, method: Tau2Method) -> None:
    one = SETS[name]
    ours = pool(one["y"], one["v"], tau2_method=method)
    theirs = one["fits"][method]
    scale = theirs["typical_variance"]
    agree(ours, theirs, iterated=method in ITERATED, scale=scale if method is not Tau2Method.SJIT else 1e4 * scale)


@pytest.mark.parametrize("name", SETS)
def test_common_effect(name: str) -> None:
    one = SETS[name]
    theirs = {key: value for key, value in one["fits"]["FE"].items() if key != "tau2_se"}
    agree(pool(one["y"], one["v"], model=Model.COMMON), theirs, iterated=False, scale=theirs["typical_variance"])


@pytest.mark.parametrize("name", SETS)
def test_generalised_q_with_weights(name: str) -> None:
    one = SETS[name]
    v = np.array(one["v"])
    ours = pool(one["y"], v, tau2_method=Tau2Method.GENQ, weights=1 / np.sqrt(v))
    agree(ours, one["fits"]["GENQ"], iterated=False, scale=ours.typical_variance)
    assert sum(ours.weights) == pytest.approx(100)


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("test", TESTS)
def test_tests_and_prediction_intervals(name: str, test: str) -> None:
    one = SETS[name]
    ours = pool(one["y"], one["v"], interval=TESTS[test])
    theirs = dict(one["tests"][test])
    for limit in ("prediction_low", "prediction_high"):
        assert getattr(ours, limit) == pytest.approx(theirs.pop(limit), rel=1e-7, abs=1e-8 * ours.se)
    agree(ours, theirs, iterated=True, scale=ours.typical_variance)


@pytest.mark.parametrize("name", SETS)
def test_q_profile_limits(name: str) -> None:
    one = SETS[name]
    ours = heterogeneity_interval(one["y"], one["v"])
    typical = pool(one["y"], one["v"]).typical_variance
    for quantity, size in (("tau2", typical), ("i2", 100.0), ("h2", 1.0)):
        low, high = one["q_profile"][quantity]
        assert getattr(ours, f"{quantity}_low") == pytest.approx(low, rel=1e-7, abs=1e-8 * size)
        assert getattr(ours, f"{quantity}_high") == pytest.approx(high, rel=1e-7, abs=1e-8 * size)


def test_the_upper_limit_of_two_studies_is_the_root_and_not_a_border_of_the_search() -> None:
    y, v = np.array([0.1, 0.9]), np.array([0.02, 0.05])
    high = heterogeneity_interval(y, v).tau2_high
    w = 1 / (v + high)
    q = float((w * (y - (w * y).sum() / w.sum()) ** 2).sum())
    assert chi2_p(q, 1.0) == pytest.approx(0.975, abs=1e-10)
    assert high > 300


# --- other intervals of tau2 --------------------------------------------------------------------------------------


def test_profile_likelihood_limits_are_where_the_likelihood_ratio_is_rejected() -> None:
    one = SETS["bcg"]
    y, v = np.array(one["y"]), np.array(one["v"])
    groups = Groups.of_sizes([len(y)])
    for restricted in (True, False):
        method = Tau2Method.REML if restricted else Tau2Method.ML
        best = np.array([pool(y, v, tau2_method=method).tau2])
        limits = heterogeneity_interval(y, v, method=Tau2Interval.PROFILE_LIKELIHOOD, restricted=restricted)
        top = log_likelihood(y, v, groups, best, restricted=restricted)[0]
        for limit in (limits.tau2_low, limits.tau2_high):
            below = top - log_likelihood(y, v, groups, np.array([limit]), restricted=restricted)[0]
            assert 2 * below == pytest.approx(chi2_quantile(0.95, 1.0), rel=1e-9)
    # metafor 3.8-1, type="PL", ML: its search stops within 1e-4
    ml = heterogeneity_interval(y, v, method=Tau2Interval.PROFILE_LIKELIHOOD, restricted=False)
    assert (ml.tau2_low, ml.tau2_high) == pytest.approx((0.105051360630506, 0.833913570511095), rel=1e-3)


def test_generalised_q_limits_agree_with_q_profile_where_all_variances_are_the_same() -> None:
    y, v = [0.1, 0.9, 0.4, -0.3, 1.2], [0.05] * 5
    exact = heterogeneity_interval(y, v, method=Tau2Interval.GENERALISED_Q)
    profile = heterogeneity_interval(y, v)
    assert exact.tau2_low == pytest.approx(profile.tau2_low, rel=1e-9)
    assert exact.tau2_high == pytest.approx(profile.tau2_high, rel=1e-9)


@pytest.mark.parametrize("n", [1, 2, 3, 10, 40, 200])
@pytest.mark.parametrize("x", [0.01, 0.5, 1.0, 5.0, 30.0, 100.0, 250.0])
def test_a_quadratic_form_with_equal_eigenvalues_is_chi_squared(n: int, x: float) -> None:
    assert upper_tail(3 * x, np.full(n, 3.0)) == pytest.approx(chi2_p(x, float(n)), abs=1e-11)


def test_a_quadratic_form_of_two_pairs_has_a_closed_form() -> None:
    # with eigenvalues in pairs the sum is one of exponentials: a/(a-b) exp(-x/2a) - b/(a-b) exp(-x/2b)
    a, b = 2.0, 0.3
    for x in (0.1, 1.0, 4.0, 20.0):
        closed = (a * np.exp(-x / (2 * a)) - b * np.exp(-x / (2 * b))) / (a - b)
        assert upper_tail(x, np.array([a, a, b, b])) == pytest.approx(closed, abs=1e-12)


# --- edges --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", list(Tau2Method))
def test_a_single_study_is_its_own_result(method: Tau2Method) -> None:
    found = pool([0.4], [0.09], tau2_method=method, interval=Interval.KNAPP_HARTUNG, weights=[1.0])
    assert (found.k, found.estimate, found.tau2, found.i2, found.h2, found.q, found.q_p) == (1, 0.4, 0, 0, 1, 0, 1)
    assert found.se == pytest.approx(0.3)
    assert found.tau2_se is None
    assert "single-study" in {notice.code for notice in found.notices}


def test_effects_that_are_all_the_same_have_no_width_under_knapp_hartung() -> None:
    found = pool([0.2, 0.2, 0.2], [0.1, 0.2, 0.3], interval=Interval.KNAPP_HARTUNG)
    assert (found.se, found.p, found.low, found.high) == (0, 0, pytest.approx(0.2), pytest.approx(0.2))
    truncated = pool([0.2, 0.2, 0.2], [0.1, 0.2, 0.3], interval=Interval.KNAPP_HARTUNG_TRUNCATED)
    assert truncated.se == pytest.approx(pool([0.2] * 3, [0.1, 0.2, 0.3]).se)


@pytest.mark.parametrize(
    ("y", "v", "words"),
    [
        ([0.1, 0.2], [0.1, 0.0], "variance is 0 in row 2"),
        ([0.1, 0.2], [0.1, -0.1], "below 0 in row 2"),
        ([0.1, np.inf, 0.3], [0.1, 0.1, 0.1], "infinite in row 2"),
        ([0.1, 0.2], [0.1], "same number of rows"),
        ([np.nan], [0.1], "no row has both"),
        ([], [], "no row has both"),
        (["a", 0.2], [0.1, 0.1], "numbers only"),
        ([[0.1, 0.2]], [[0.1, 0.2]], "one column"),
    ],
)
def test_what_cannot_be_pooled_is_named(y: Any, v: Any, words: str) -> None:
    with pytest.raises(CannotPoolError, match=words):
        pool(y, v, tau2_method=Tau2Method.DL)


def test_variances_of_zero_are_pooled_by_the_methods_that_can() -> None:
    found = pool([0.1, 0.5, -0.2, 0.4], [0.0, 0.05, 0.0, 0.1])
    assert found.tau2 > 0
    assert (found.q, found.i2, found.h2) == (None, None, None)
    assert "variance-zero" in {notice.code for notice in found.notices}
    with pytest.raises(CannotPoolError, match="take all the weight"):
        pool([0.1, 0.1001], [0.0, 5.0])


def test_all_variances_zero_is_ordinary_least_squares() -> None:
    y = np.array([0.1, 0.5, -0.2, 0.4])
    found = pool(y, np.zeros(4))
    assert found.tau2 == pytest.approx(y.var(ddof=1), rel=1e-9)
    assert found.se == pytest.approx(np.sqrt(y.var(ddof=1) / 4), rel=1e-9)


@pytest.mark.parametrize(("df", "quantile"), [(np.inf, 1.959963984540054), (4.0, 2.7764451051977987)])
def test_a_single_number_of_degrees_of_freedom_is_as_good_as_a_column(df: float, quantile: float) -> None:
    """Quantiles and p = 0.05 as ``qnorm`` and ``qt`` of R give them."""
    one, column = multiplier(0.95, np.array(df)), multiplier(0.95, np.array([df, df, np.inf]))
    assert one.shape == ()
    assert float(one) == pytest.approx(quantile, rel=1e-14)
    assert column.tolist() == [float(one), float(one), pytest.approx(1.959963984540054, rel=1e-14)]
    assert float(two_sided(np.array(-quantile), np.array(df))) == pytest.approx(0.05, rel=1e-13)


@pytest.mark.parametrize("method", [Tau2Method.REML, Tau2Method.ML, Tau2Method.PM, Tau2Method.DL])
def test_a_batch_of_many_chunks_gives_the_bits_of_its_analyses(method: Tau2Method) -> None:
    """Small analyses that fill several chunks, among them one that is larger than a chunk."""
    sizes = np.array([3, CHUNK + 7, 2, 1, *([11, 40, 200] * 150)])
    rng = np.random.default_rng(3)
    v = np.exp(rng.normal(-2.5, 0.9, sizes.sum()))
    y = rng.normal(size=sizes.sum()) * np.sqrt(v + np.repeat(rng.choice([0.0, 0.05, 0.5], len(sizes)), sizes))
    groups = Groups.of_sizes(sizes)
    together = pool_many(y, v, groups, tau2_method=method)
    assert together.converged.all()
    for number in (0, 1, 2, 3, 4, 5, 6, 223, 452, 453):
        rows, alone = groups.rows_of(np.array([number]))
        one = pool_many(y[rows], v[rows], alone, tau2_method=method)
        for field in fields(PooledEffects):
            expected, found = getattr(one, field.name)[0], getattr(together, field.name)[number]
            assert found == expected or (np.isnan(found) and np.isnan(expected)), (number, field.name)


def test_rows_with_gaps_are_left_out_and_named() -> None:
    found = pool([0.1, np.nan, 0.3, 0.5], [0.1, 0.1, np.nan, 0.2])
    assert (found.k, found.rows) == (2, (0, 3))
    assert any("rows 2, 3" in notice.text for notice in found.notices)


def test_uneven_variances_are_said() -> None:
    codes = {notice.code for notice in pool([0.1, 0.2, 0.4], [1e-8, 1.0, 0.5]).notices}
    assert "variances-uneven" in codes


def test_wrong_options_are_named() -> None:
    with pytest.raises(CannotPoolError, match="`level`"):
        pool([0.1, 0.2], [0.1, 0.1], level=95)
    for weights, words in (
        ([1, 2], "`weights` has 2 rows and `y` has 3"),
        ([1, -2, 1], "`weights` is -2 in row 2; weights are 0 or more and finite"),
        ([1, 1, np.inf], "`weights` is inf in row 3"),
        ([0, 0, 0], "`weights` is 0 in every row"),
    ):
        with pytest.raises(CannotPoolError, match=words):
            pool([0.1, 0.2, 0.3], [0.1, 0.1, 0.2], weights=weights)
    with pytest.raises(CannotPoolError, match="needs `weights`"):
        pool([0.1, 0.2], [0.1, 0.1], tau2_method=Tau2Method.GENQ)
    with pytest.raises(CannotPoolError, match="either"):
        pool([0.1, 0.2])
    with pytest.raises(CannotPoolError, match="`tau2`"):
        pool([0.1, 0.2], [0.1, 0.1], tau2=-1.0)


def test_of_several_maxima_of_the_likelihood_the_highest_is_taken() -> None:
    """Precise studies that agree, and imprecise ones far away: one maximum near 0 and one far from it."""
    y = np.array([0.0, 0.01, -0.01, 0.02, 6.0, -6.0, 7.0])
    v = np.array([1e-4, 1e-4, 1e-4, 1e-4, 9.0, 9.0, 9.0])
    groups = Groups.of_sizes([len(y)])
    grid = np.concatenate(([0.0], np.geomspace(1e-7, 60, 20_000)))
    for method, restricted in ((Tau2Method.REML, True), (Tau2Method.ML, False)):
        curve = [log_likelihood(y, v, groups, np.array([t]), restricted=restricted)[0] for t in grid]
        found = pool(y, v, tau2_method=method).tau2
        reached = log_likelihood(y, v, groups, np.array([found]), restricted=restricted)[0]
        assert reached >= max(curve) - 1e-9


# --- prediction ---------------------------------------------------------------------------------------------------


def test_prediction_intervals_by_distribution() -> None:
    one = SETS["bcg"]
    widths = {}
    for prediction in Prediction:
        found = pool(one["y"], one["v"], prediction=prediction)
        assert found.prediction_low is not None
        assert found.prediction_high is not None
        widths[prediction] = found.prediction_high - found.prediction_low
    assert widths[Prediction.AS_INTERVAL] == widths[Prediction.NORMAL] < widths[Prediction.T]
    assert widths[Prediction.T] < widths[Prediction.PARTLETT_RILEY]
    spread = np.sqrt(found.se**2 + found.tau2)
    assert widths[Prediction.PARTLETT_RILEY] == pytest.approx(2 * 2.200985160082949 * spread)  # t with 11 df
    assert pool(one["y"], one["v"], model=Model.COMMON).prediction_low is None


# --- batches and invariances --------------------------------------------------------------------------------------

effects = st.floats(-3, 3, allow_subnormal=False)
variances = st.floats(0.001, 2)
analyses = st.lists(st.tuples(effects, variances), min_size=1, max_size=12)


@settings(max_examples=60, deadline=None)
@given(batch=st.lists(analyses, min_size=1, max_size=8), method=st.sampled_from(METHODS))
def test_a_batch_is_the_same_as_its_analyses_one_by_one_bit_for_bit(
    batch: list[list[tuple[float, float]]], method: Tau2Method
) -> None:
    sizes = [len(one) for one in batch]
    y, v = (np.array([row[n] for one in batch for row in one]) for n in (0, 1))
    options: Any = {"tau2_method": method, "interval": Interval.KNAPP_HARTUNG}
    together = pool_many(y, v, Groups.of_sizes(sizes), **options)
    start = 0
    for number, size in enumerate(sizes):
        part = slice(start, start + size)
        alone = pool_many(y[part], v[part], Groups.of_sizes([size]), **options)
        start += size
        for one in fields(PooledEffects):
            ours, theirs = getattr(together, one.name)[number], getattr(alone, one.name)[0]
            assert ours == theirs or (np.isnan(ours) and np.isnan(theirs)), one.name


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(st.tuples(effects, variances), min_size=2, max_size=10), factor=st.sampled_from([1e-3, 0.5, 200.0])
)
def test_rescaling_swapping_and_order_change_what_they_must(rows: list[tuple[float, float]], factor: float) -> None:
    y, v = np.array([r[0] for r in rows]), np.array([r[1] for r in rows])
    found = pool(y, v)
    scaled = pool(factor * y, factor**2 * v)
    swapped = pool(-y, v)
    turned = pool(y[::-1], v[::-1])
    size = found.tau2 + v.mean()
    assert scaled.tau2 == pytest.approx(factor**2 * found.tau2, abs=1e-7 * factor**2 * size)
    assert scaled.estimate == pytest.approx(factor * found.estimate, abs=1e-7 * factor * found.se)
    assert swapped.estimate == pytest.approx(-found.estimate, abs=1e-7 * found.se)
    assert swapped.tau2 == pytest.approx(found.tau2, abs=1e-7 * size)
    assert turned.estimate == pytest.approx(found.estimate, abs=1e-7 * found.se)


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.tuples(effects, variances), min_size=2, max_size=10))
def test_reml_is_at_the_top_of_the_likelihood(rows: list[tuple[float, float]]) -> None:
    y, v = np.array([r[0] for r in rows]), np.array([r[1] for r in rows])
    groups = Groups.of_sizes([len(y)])
    found = pool(y, v).tau2
    reached = log_likelihood(y, v, groups, np.array([found]), restricted=True)[0]
    for tau2 in (0.0, *np.geomspace(1e-6, 20, 200)):
        assert log_likelihood(y, v, groups, np.array([tau2]), restricted=True)[0] <= reached + 1e-9
