"""The edges of docs/edges.md, in its order: each answer or message that stands there is what the library gives."""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from guidewright.metaanalysis import (
    begg,
    cluster_robust,
    cumulative,
    effect_sizes,
    glmm,
    heterogeneity_interval,
    leave_one_out,
    mantel_haenszel,
    meta_regression,
    permutation_test,
    peto,
    pool,
    trim_and_fill,
)
from guidewright.metaanalysis.bias import Favours, SelectionFunction, fail_safe_n, regression_test, selection_model
from guidewright.metaanalysis.dependent import marginal_model
from guidewright.metaanalysis.effects import Measure
from guidewright.metaanalysis.notices import CannotPoolError
from guidewright.metaanalysis.options import Interval, Model, Prediction, Tau2Method

MANUAL = Path(__file__).parents[2] / "docs/edges.md"
#: Estimators that need no weights of their own.
METHODS = [method for method in Tau2Method if not method.startswith("GENQ")]
ALIKE = [0.31, 0.29, 0.35, 0.3, 0.27, 0.33], [0.02, 0.05, 0.04, 0.11, 0.03, 0.08]
CERTAIN = [0.1, 0.5, 0.4, 0.3], [0.0, 0.04, 0.05, 0.03]
FOUR = [0.1, 0.4, 0.2, 0.5], [0.1, 0.2, 0.15, 0.05]
#: One table without any event, and two with.
DOUBLE_ZERO = [0, 3, 2], [10, 20, 30], [0, 4, 5], [11, 22, 33]
NO_EVENTS = [0, 0], [10, 20], [0, 0], [11, 22]


def codes(found: Any) -> list[str]:
    return [notice.code for notice in found.notices]


def said(call: Callable[[], Any]) -> str:
    with pytest.raises(CannotPoolError) as caught:
        call()
    return str(caught.value)


def test_01_one_study_is_its_own_result() -> None:
    for method in METHODS:
        one = pool([0.3], [0.04], tau2_method=method, interval=Interval.KNAPP_HARTUNG)
        assert (one.tau2, one.i2, one.h2, one.q, one.q_p) == (0, 0, 1, 0, 1)
        assert (one.estimate, one.se, one.df) == (0.3, pytest.approx(0.2, rel=1e-15), None)
        assert one.tau2_method is method
        assert codes(one) == ["single-study"]


def test_02_no_study_is_refused() -> None:
    assert (
        said(lambda: pool([], []))
        == said(lambda: pool([math.nan], [1.0]))
        == "no row has both an effect and a variance"
    )


def test_03_two_studies_have_one_degree_of_freedom() -> None:
    for method in METHODS:
        two = pool([0.1, 0.9], [0.04, 0.09], tau2_method=method, interval=Interval.T)
        assert two.df == 1
        assert two.high - two.estimate == pytest.approx(12.706204736174694 * two.se, rel=1e-12)
    same = pool([0.3, 0.3], [0.04, 0.09], interval=Interval.KNAPP_HARTUNG)
    assert (same.se, same.statistic, same.p) == (0, math.inf, 0)
    assert "no-residual" in codes(same)


def test_04_studies_that_agree_have_no_tau2() -> None:
    for method in set(METHODS) - {Tau2Method.SJ}:
        found = pool(*ALIKE, tau2_method=method)
        assert (found.tau2, found.i2, found.h2) == (0, 0, 1)
        assert codes(found) == ["tau2-zero"]
    assert 0 < pool(*ALIKE, tau2_method=Tau2Method.SJ).tau2 < 1e-4
    common = pool(*ALIKE, model=Model.COMMON)
    assert common.i2 == 0
    assert common.q is not None
    assert common.h2 == common.q / 5 < 1


def test_05_knapp_hartung_may_be_narrower_and_says_so() -> None:
    wald, hartung, truncated = (
        pool(*ALIKE, interval=one) for one in (Interval.WALD, Interval.KNAPP_HARTUNG, Interval.KNAPP_HARTUNG_TRUNCATED)
    )
    assert hartung.se < wald.se == truncated.se
    assert "knapp-hartung-narrow" in codes(hartung)
    assert "knapp-hartung-narrow" not in codes(truncated)


def test_06_knapp_hartung_of_a_common_effect_is_said() -> None:
    assert "knapp-hartung-common" in codes(pool(*ALIKE, model=Model.COMMON, interval=Interval.KNAPP_HARTUNG))


def test_07_a_variance_of_0_is_pooled_where_that_is_defined_and_refused_elsewhere() -> None:
    for method in (Tau2Method.SJ, Tau2Method.ML, Tau2Method.REML):
        found = pool(*CERTAIN, tau2_method=method)
        assert (found.q, found.q_p, found.i2, found.h2) == (None, None, None, None)
        assert codes(found) == ["variance-zero"]
    for method in ("DL", "DLIT", "HS", "HSk", "SJIT", "EB", "PM", "PMM"):
        assert "the variance is 0 in row 1" in said(lambda m=method: pool(*CERTAIN, tau2_method=m))
    assert "the variance is 0 in row 1" in said(lambda: pool(*CERTAIN, model=Model.COMMON))


@pytest.mark.parametrize("method", ["REML", "ML", "HE"])
@pytest.mark.parametrize(
    ("y", "v"),
    [
        ([0.3, 0.32, 0.28, 0.31], [0, 0.04, 0.05, 0.03]),
        ([0.3, 0.3, 0.28, 0.31], [0, 0, 0.05, 0.03]),
        ([0.3, 0.3], [0, 0]),
        ([0.3], [0]),
    ],
)
def test_07_a_row_that_takes_all_the_weight_is_named_as_such(method: str, y: list[float], v: list[float]) -> None:
    """No warning of a division by zero on the way there (warnings are errors in these tests)."""
    assert "take all the weight" in said(lambda: pool(y, v, tau2_method=method))


@pytest.mark.parametrize("method", ["REML", "HE", "SJ"])
def test_07_all_variances_0_is_ordinary_least_squares(method: str) -> None:
    for y in ([0.3, 0.5], [0.3, 0.32, 0.28, 0.31]):
        found = pool(y, [0] * len(y), tau2_method=method)
        assert found.tau2 == pytest.approx(np.var(y, ddof=1), rel=1e-12)
        assert found.se == pytest.approx(np.std(y, ddof=1) / math.sqrt(len(y)), rel=1e-12)


def test_08_a_negative_variance_is_refused() -> None:
    assert said(lambda: pool([0.1, 0.2], [-0.01, 0.1])) == "`v` is below 0 in row 1; no variance is"


def test_09_variances_out_of_proportion_are_said() -> None:
    assert "variances-uneven" in codes(pool([0.1, 0.2, 0.3], [1e-9, 0.1, 0.1]))


def test_10_gaps_are_dropped_and_named_and_infinities_refused() -> None:
    found = pool([0.1, math.nan, 0.3], [0.1, 0.1, math.nan])
    assert (found.k, found.rows, codes(found)) == (1, (0,), ["rows-dropped"])
    assert "rows 2, 3" in found.notices[0].text
    assert said(lambda: pool([0.1, math.inf], [0.1, 0.1])) == "`y` is infinite in row 2"
    assert said(lambda: pool([0.1, 0.2], [0.1, math.inf])) == "`v` is infinite in row 2"


def test_11_wrong_arguments_are_named() -> None:
    assert "`y` has 2, `v` has 1" in said(lambda: pool([0.1, 0.2], [0.1]))
    assert "either variances `v` or standard errors `se`" in said(lambda: pool([0.1]))
    assert said(lambda: pool(["a"], [0.1])) == "`y` must hold numbers only"
    assert "`tau2_method` is 'XX', and must be one of DL, DLIT" in said(
        lambda: pool([0.1, 0.2], [0.1, 0.1], tau2_method="XX")
    )


def test_11_plain_words_are_the_options_of_that_name() -> None:
    words: dict[str, Any] = {"tau2_method": "DL", "interval": "knapp-hartung", "prediction": "partlett-riley"}
    kinds = {"tau2_method": Tau2Method.DL, "interval": Interval.KNAPP_HARTUNG, "prediction": Prediction.PARTLETT_RILEY}
    assert pool(*FOUR, **words) == pool(*FOUR, **kinds)
    assert pool(*FOUR, model="common") == pool(*FOUR, model=Model.COMMON)


def test_12_redundant_columns_are_dropped_and_too_many_refused() -> None:
    found = meta_regression(*FOUR, {"same": [1, 1, 1, 1], "x": [1, 2, 3, 5]})
    assert [one.name for one in found.coefficients] == ["intercept", "x"]
    assert "same" in found.notices[0].text
    assert "3 are needed" in said(lambda: meta_regression(FOUR[0][:2], FOUR[1][:2], {"x": [1, 2]}))
    tiny, plain = (meta_regression(*FOUR, {"x": [one * scale for one in (1, 2, 4, 3)]}) for scale in (1e-9, 1))
    assert tiny.coefficients[1].p == pytest.approx(plain.coefficients[1].p, rel=1e-9)


def test_13_14_tau2_is_exact_on_every_scale() -> None:
    """metafor stops at 1e-5 or 1.2e-4 whatever the scale, and PM beyond ``tau2.max`` is an error there."""
    y, v = np.array([0.1, 0.9, -0.4, 0.5]), np.array([0.04, 0.09, 0.05, 0.03])
    for method in METHODS:
        usual = pool(y, v, tau2_method=method)
        for scale in (1e-4, 1e4):
            found = pool(scale * y, scale**2 * v, tau2_method=method)
            assert found.tau2 == pytest.approx(scale**2 * usual.tau2, rel=1e-8)


def test_13_the_highest_of_several_maxima_is_taken() -> None:
    found = pool([-1.25, -0.39, -0.42, -0.02], [0.073, 0.008, 0.002, 1.347])
    assert found.tau2 == pytest.approx(0.141, abs=5e-4)


def test_15_weights_change_the_mean_and_not_tau2() -> None:
    weighted, plain = pool(*FOUR, weights=[1, 1, 1, 1]), pool(*FOUR)
    assert weighted.tau2 == plain.tau2
    assert weighted.estimate == pytest.approx(np.mean(FOUR[0]), rel=1e-15)
    assert "0 or more" in said(lambda: pool(*FOUR, weights=[1, -1, 1, 1]))


def test_16_a_level_is_a_share() -> None:
    assert "such as 0.05 or 0.95; found 90" in said(lambda: pool(*FOUR, level=90))


def test_17_an_interval_of_tau2_needs_two_studies_and_variances() -> None:
    assert "two studies or more" in said(lambda: heterogeneity_interval([0.3], [0.1]))
    assert "the variance is 0 in row 2" in said(lambda: heterogeneity_interval([0.3, 0.4], [0.1, 0]))


def test_18_an_interval_of_tau2_ends_at_its_root() -> None:
    none = heterogeneity_interval(*ALIKE)
    assert (none.tau2_low, none.tau2_high, codes(none)) == (0, 0, ["tau2-interval-null"])
    assert heterogeneity_interval([0.1, 0.9], [0.04, 0.09]).tau2_high == pytest.approx(325.7776463, rel=1e-9)


def test_19_limits_of_i2_and_h2_are_those_of_tau2() -> None:
    found, typical = (
        heterogeneity_interval([0.1, 0.9, 0.4], [0.04, 0.09, 0.02]),
        pool([0.1, 0.9, 0.4], [0.04, 0.09, 0.02]),
    )
    assert found.i2_high == pytest.approx(100 * found.tau2_high / (found.tau2_high + typical.typical_variance))
    assert found.h2_high == pytest.approx(found.tau2_high / typical.typical_variance + 1)


def test_20_prediction_intervals() -> None:
    """Partlett-Riley has k - 2 degrees of freedom and one at least; a common effect has no interval."""
    two = pool([0.1, 0.9], [0.04, 0.09], prediction=Prediction.PARTLETT_RILEY)
    half = 12.706204736174694 * math.sqrt(two.se**2 + two.tau2)
    assert two.prediction_high == pytest.approx(two.estimate + half, rel=1e-12)
    assert pool(*ALIKE, model=Model.COMMON).prediction_low is None
    alike = pool(*ALIKE)
    assert (alike.prediction_low, alike.prediction_high) == (alike.low, alike.high)


def test_21_empty_cells_take_a_half_in_all_four_and_are_named() -> None:
    table = {"events1": [0, 5], "total1": [10, 20], "events2": [3, 6], "total2": [12, 20]}
    for measure in (Measure.OR, Measure.RR, Measure.RD, Measure.PETO, Measure.YUQ, Measure.YUY):
        found = effect_sizes(measure, **table)
        corrected = {**table, "events1": [0.5, 5], "total1": [11, 20], "events2": [3.5, 6], "total2": [13, 20]}
        assert found.y.tolist() == effect_sizes(measure, **corrected).y.tolist()
        assert codes(found) == ["zero-cells-corrected"]
    for measure in (Measure.AS, Measure.PHI):
        assert codes(effect_sizes(measure, **table)) == []


def test_22_tables_without_any_event_stay_unless_asked() -> None:
    table = {"events1": [0, 1], "total1": [10, 9], "events2": [0, 2], "total2": [12, 9]}
    assert effect_sizes(Measure.OR, **table).y[0] == pytest.approx(math.log((0.5 * 12.5) / (10.5 * 0.5)))
    dropped = effect_sizes(Measure.OR, drop_double_zero=True, **table)
    assert math.isnan(dropped.y[0])
    assert codes(dropped) == ["double-zero-dropped"]


def test_23_undefined_effects_are_named_and_impossible_counts_refused() -> None:
    table = {"total1": [10], "events2": [3], "total2": [12]}
    none = effect_sizes(Measure.OR, events1=[0], **table, to="none")
    assert (math.isnan(none.y[0]), codes(none)) == (True, ["effect-undefined"])
    assert "row 1: events1 is 11, larger than total1 (10)" in said(
        lambda: effect_sizes(Measure.OR, events1=[11], **table)
    )
    assert "row 1: events1 is -1" in said(lambda: effect_sizes(Measure.OR, events1=[-1], **table))
    assert "between -1 and 1" in said(lambda: effect_sizes(Measure.ZCOR, r=[1.2], n=[10]))
    assert np.isfinite(effect_sizes(Measure.OR, events1=[1.5], **table).y[0])


def test_24_the_correction_of_the_standardised_difference_is_exact() -> None:
    found = effect_sizes(Measure.SMD, mean1=6, sd1=2, n1=8, mean2=4.2, sd2=2, n2=9)
    assert found.y[0] == pytest.approx(
        0.9 * math.exp(math.lgamma(7.5) - 0.5 * math.log(7.5) - math.lgamma(7)), rel=1e-12
    )


def test_25_means_that_define_no_effect_are_named() -> None:
    two = {"sd1": [1], "n1": [10], "mean2": [2], "sd2": [1], "n2": [10]}
    assert codes(effect_sizes(Measure.ROM, mean1=[-1], **two)) == ["effect-undefined"]
    single = {**two, "n1": [1]}
    assert np.isfinite(effect_sizes(Measure.SMD, mean1=[1], **single).y[0])
    assert codes(effect_sizes(Measure.SMDH, mean1=[1], **single)) == ["effect-undefined"]


def test_26_versions_of_metafor_that_changed_a_number() -> None:
    """Ratios of means have no correction for bias (as before metafor 5.0-1), SMDH the variance since 4.6-0."""
    two = {"mean1": 12.0, "sd1": 3.0, "n1": 10, "mean2": 10.0, "sd2": 2.0, "n2": 12}
    assert effect_sizes(Measure.ROM, **two).y[0] == pytest.approx(math.log(1.2), rel=1e-15)


def test_27_tables_without_events_in_mantel_haenszel_and_peto() -> None:
    found = mantel_haenszel("OR", *DOUBLE_ZERO)
    assert (found.k, found.k_effects, found.k_informative, codes(found)) == (3, 2, 2, ["double-zero"])
    for measure in ("OR", "RR"):
        assert mantel_haenszel(measure, *NO_EVENTS).estimate is None
        assert mantel_haenszel(measure, [0, 0], [10, 20], [3, 4], [11, 22]).estimate is None
    none = mantel_haenszel("RD", *NO_EVENTS)
    assert (none.estimate, none.se, none.p) == (0, 0, None)
    assert "Peto's odds ratio cannot be computed" in said(lambda: peto(*NO_EVENTS))


def test_28_a_test_of_asymmetry_needs_three_studies_and_a_predictor_that_varies() -> None:
    for form in ("multiplicative", "additive"):
        assert "at least 3 studies" in said(lambda f=form: regression_test(FOUR[0][:2], FOUR[1][:2], form=f))
    assert "the same in all studies" in said(lambda: regression_test(FOUR[0], [0.1] * 4))


def test_29_ties_take_the_normal_approximation_and_say_so() -> None:
    assert "ties" in codes(begg([0.1, 0.4, 0.2, 0.5], [0.1, 0.2, 0.1, 0.1]))
    assert "ties" not in codes(begg(*FOUR))


def test_30_trim_and_fill() -> None:
    assert "at least 3 studies" in said(lambda: trim_and_fill([0.1], [0.1]))
    assert trim_and_fill(*FOUR, estimator="R0").missing_p is not None
    assert "choose L0 or R0" in said(
        lambda: trim_and_fill([0.1, 0.4, 0.2, 0.5], [0.1, 0.2, 0.15, 0.05], estimator="Q0")
    )


def test_31_refits_of_one_and_two_studies() -> None:
    assert "2 or more are needed" in said(lambda: leave_one_out([0.1], [0.1]))
    assert leave_one_out([0.1, 0.4], [0.1, 0.2]).results.estimate.tolist() == pytest.approx([0.4, 0.1])
    assert cumulative([0.1], [0.1], [1990]).results.estimate.tolist() == pytest.approx([0.1])
    gap = cumulative(*FOUR, [1990, math.nan, 1980, 1980])
    assert (gap.rows, codes(gap)) == (((2,), (3,), (0,)), ["rows-dropped"])


def test_32_fail_safe_n_of_nothing_is_0_and_few_permutations_are_exact() -> None:
    assert fail_safe_n([0.1, -0.1], [0.1, 0.1]).number == 0
    assert permutation_test(*FOUR, {"x": [1, 2, 3, 5]}, seed=1).exact


def test_33_there_must_be_more_clusters_than_coefficients() -> None:
    model = marginal_model(*FOUR, tau2=0.1)
    assert "1 clusters cannot give the variance of 1 coefficients" in said(lambda: cluster_robust(model, ["a"] * 4))


def test_34_mixed_models_drop_tables_without_events_and_empty_steps_are_said() -> None:
    assert "double-zero-dropped" in codes(glmm("OR", *DOUBLE_ZERO))
    found = selection_model(*FOUR, function=SelectionFunction.STEP, favours=Favours.GREATER, cut_points=(1e-4, 0.9))
    assert "interval-empty" in codes(found) or any("no study has a p value" in one.text for one in found.notices)


def test_the_manual_and_these_tests_have_the_same_edges() -> None:
    there = {int(number) for number in re.findall(r"^\| (\d+) \|", MANUAL.read_text(encoding="utf-8"), re.MULTILINE)}
    names = [name for name in vars(sys.modules[__name__]) if name.startswith("test_")]
    here = {int(number) for name in names for number in re.findall(r"_(\d\d)(?=_)", name)}
    assert there == here == set(range(1, 35))
