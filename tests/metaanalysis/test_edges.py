"""The edges of pooling: each has a documented value or a named error, and no result ever holds a NaN."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guidewright.metaanalysis.computing import MOST_UNEVEN, NothingToPoolError, UnevenPrecisionError, compute
from guidewright.metaanalysis.effects import Measure
from guidewright.metaanalysis.row_effects import Z95, NoEffectError, effect_of
from guidewright.words import say
from tests.metaanalysis.pooled_rows import analysis, examples, numbers_in, pooled, row, sourced

CLOSE = 1e-9
T1 = 12.706204736174694  # 97.5 % quantile of t with one degree of freedom


def counts(a: int, n1: int, c: int, n2: int) -> dict[str, int]:
    return {"events1": a, "total1": n1, "events2": c, "total2": n2}


def means(mean1: float, mean2: float, sd: float = 2.0, n: int = 50) -> dict[str, float]:
    return {"n1": n, "mean1": mean1, "sd1": sd, "n2": n, "mean2": mean2, "sd2": sd}


def printed(effect: str, estimate: float, low: float, high: float, **more: str) -> dict[str, Any]:
    return {"effect": effect, "estimate": estimate, "ci_low": low, "ci_high": high, **more}


# --- few rows -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", ["random", "common"])
@pytest.mark.parametrize("interval", ["wald", "knapp-hartung"])
@pytest.mark.parametrize("tau2", ["REML", "DL"])
def test_one_row_is_its_own_result(model: str, interval: str, tau2: str) -> None:
    """As metafor: no tau2, a normal interval whatever was asked; what needs two rows is absent, not 0 or NaN."""
    one = pooled("RR", [counts(10, 100, 20, 100)], model=model, interval=interval, tau2=tau2)
    se = math.sqrt(1 / 10 - 1 / 100 + 1 / 20 - 1 / 100)
    assert one.summary.estimate == pytest.approx(0.5, rel=CLOSE)
    assert one.summary.low == pytest.approx(0.5 * math.exp(-Z95 * se), rel=CLOSE)
    assert one.summary.high == pytest.approx(0.5 * math.exp(Z95 * se), rel=CLOSE)
    assert one.summary == one.common
    assert (one.k, one.tau2, one.q, one.q_df) == (1, 0, 0, 0)
    assert (one.q_p, one.i2, one.prediction_low, one.prediction_high) == (None, None, None, None)
    assert one.studies[0].weight == 100


def test_two_rows_have_no_prediction_interval_and_one_degree_of_freedom() -> None:
    two = pooled("MD", [means(0.0, 1.0), means(0.0, 3.0)], tau2="DL", interval="knapp-hartung")
    v = 2 * 2.0**2 / 50
    assert two.q == pytest.approx(2 / v, rel=CLOSE)
    assert two.tau2 == pytest.approx(2 - v, rel=CLOSE)  # equal variances: the variance of the estimates less theirs
    assert two.summary.estimate == pytest.approx(-2, rel=CLOSE)
    assert two.summary.se == pytest.approx(1, rel=CLOSE)
    assert two.summary.high == pytest.approx(-2 + T1, rel=CLOSE)
    assert two.summary.p == pytest.approx(1 - 2 * math.atan(2) / math.pi, rel=CLOSE)
    assert (two.prediction_low, two.prediction_high) == (None, None)


def test_two_equal_variances_have_the_same_tau2_under_reml() -> None:
    dl, reml = (pooled("MD", [means(0.0, 1.0), means(0.0, 3.0)], tau2=tau2) for tau2 in ("DL", "REML"))
    assert reml.tau2 == pytest.approx(dl.tau2, rel=CLOSE)


def test_three_rows_have_a_prediction_interval() -> None:
    three = pooled("MD", [means(0.0, 1.0), means(0.0, 3.0), means(0.0, 2.0)], tau2="DL")
    wide = Z95 * math.sqrt(three.summary.se**2 + three.tau2)
    assert three.prediction_low == pytest.approx(-2 - wide, rel=CLOSE)
    assert three.prediction_high == pytest.approx(-2 + wide, rel=CLOSE)


# --- rows that agree completely -----------------------------------------------------------------------------------


@pytest.mark.parametrize("tau2", ["REML", "DL"])
def test_identical_studies_have_no_heterogeneity(tau2: str) -> None:
    same = pooled("RR", [counts(10, 100, 20, 100)] * 4, tau2=tau2)
    assert (same.q, same.tau2, same.i2, same.q_p) == (pytest.approx(0, abs=1e-12), 0, 0, 1)
    assert same.summary == same.common
    assert same.prediction_low == pytest.approx(same.summary.low, rel=CLOSE)
    assert [study.weight for study in same.studies] == [25] * 4


def test_knapp_hartung_of_identical_studies_has_no_width() -> None:
    """As metafor (no guard): se 0, p 0."""
    same = pooled("MD", [means(1.0, 3.0)] * 3, interval="knapp-hartung")
    assert (same.summary.estimate, same.summary.low, same.summary.high) == (-2, -2, -2)
    assert (same.summary.se, same.summary.p) == (0, 0)


def test_knapp_hartung_of_studies_without_any_effect_is_not_significant() -> None:
    same = pooled("RR", [counts(10, 100, 10, 100)] * 3, interval="knapp-hartung")
    assert (same.summary.estimate, same.summary.se, same.summary.p) == (1, 0, 1)


def test_strata_without_a_standard_error_are_not_tested_against_each_other() -> None:
    rows = [
        *({**means(1.0, 3.0), "intervention": "drug-a"} for _n in range(3)),
        *({**means(1.0, mean2), "intervention": "drug-b"} for mean2 in (2.0, 3.0, 4.0)),
    ]
    choices = {"strata": "intervention", "overall": True}
    with_spread = compute(analysis("MD", **choices), sourced(rows))
    without = compute(analysis("MD", interval="knapp-hartung", **choices), sourced(rows))
    assert with_spread.subgroup_test is not None
    assert with_spread.subgroup_test.df == 1
    assert without.subgroup_test is None


# --- empty cells --------------------------------------------------------------------------------------------------


def test_an_empty_cell_adds_a_half_to_all_four() -> None:
    effect = effect_of(row(**counts(0, 20, 5, 30)), Measure.OR)
    assert effect.y == pytest.approx(math.log((0.5 * 25.5) / (20.5 * 5.5)), rel=CLOSE)
    assert effect.v == pytest.approx(1 / 0.5 + 1 / 20.5 + 1 / 5.5 + 1 / 25.5, rel=CLOSE)
    assert effect_of(row(**counts(1, 20, 5, 30)), Measure.OR).y == pytest.approx(math.log((1 * 25) / (19 * 5)))


def test_no_event_in_either_group() -> None:
    """As metafor's escalc (drop00=FALSE): the half added decides, and groups of one size give no effect."""
    for measure, y in ((Measure.OR, 0.0), (Measure.RR, 0.0), (Measure.RD, 0.0)):
        effect = effect_of(row(**counts(0, 20, 0, 20)), measure)
        assert effect.y == pytest.approx(y, abs=1e-15)
        assert effect.v > 0
    assert effect_of(row(**counts(0, 20, 0, 20)), Measure.OR).v == pytest.approx(2 * (1 / 0.5 + 1 / 20.5), rel=CLOSE)


def test_everybody_has_the_event() -> None:
    one = effect_of(row(**counts(20, 20, 10, 20)), Measure.RR)
    assert one.y == pytest.approx(math.log((20.5 / 21) / (10.5 / 21)), rel=CLOSE)
    both = effect_of(row(**counts(20, 20, 20, 20)), Measure.OR)
    assert both.y == pytest.approx(0, abs=1e-15)
    assert both.v > 0


def test_mantel_haenszel_takes_no_correction_and_leaves_out_what_says_nothing() -> None:
    informative = [counts(5, 50, 10, 50), counts(8, 60, 9, 60)]
    for measure in ("OR", "RR"):
        with_empty = pooled(measure, [*informative, counts(0, 30, 0, 30)]).mantel_haenszel
        assert with_empty == pooled(measure, informative).mantel_haenszel
        assert with_empty is not None


@pytest.mark.parametrize(
    ("measure", "table"),
    [
        ("OR", counts(0, 20, 0, 20)),
        ("RR", counts(0, 20, 0, 20)),
        ("RR", counts(0, 20, 5, 20)),
        ("OR", counts(20, 20, 5, 20)),
        ("RR", counts(20, 20, 20, 20)),
    ],
)
def test_mantel_haenszel_is_absent_where_it_cannot_be_computed(measure: str, table: dict[str, int]) -> None:
    result = pooled(measure, [table, table])
    assert result.mantel_haenszel is None
    assert result.summary.se > 0


def test_mantel_haenszel_needs_counts_of_every_row() -> None:
    assert pooled("RR", [counts(5, 50, 10, 50), printed("RR", 0.5, 0.25, 1.0)]).mantel_haenszel is None


# --- printed effects ----------------------------------------------------------------------------------------------


def test_a_printed_ratio_is_taken_on_the_log_scale() -> None:
    effect = effect_of(row(**printed("HR", 0.5, 0.25, 1.0)), Measure.HR)
    assert effect.y == pytest.approx(math.log(0.5), rel=CLOSE)
    assert math.sqrt(effect.v) == pytest.approx(math.log(4) / (2 * Z95), rel=CLOSE)
    assert (effect.estimate, effect.low, effect.high) == pytest.approx((0.5, 0.25, 1.0), rel=CLOSE)


@pytest.mark.parametrize("measure", ["MD", "SMD", "RD"])
def test_a_difference_printed_the_other_way_round_changes_its_sign(measure: str) -> None:
    as_is = effect_of(row(**printed(measure, 2.0, 1.0, 3.0)), Measure(measure))
    turned = effect_of(row(**printed(measure, 2.0, 1.0, 3.0, difference="2-1")), Measure(measure))
    assert (turned.y, turned.v) == (-as_is.y, as_is.v)
    twice = effect_of(row(**printed(measure, 2.0, 1.0, 3.0, difference="2-1")), Measure(measure), reverse=True)
    assert (twice.y, twice.v) == (as_is.y, as_is.v)


@pytest.mark.parametrize("measure", ["RR", "OR", "HR"])
def test_ratios_are_never_turned(measure: str) -> None:
    """``difference`` is about differences: which ratio is meant, the columns say."""
    numbers = printed(measure, 0.5, 0.25, 1.0, difference="2-1")
    assert effect_of(row(**numbers), Measure(measure)).estimate == pytest.approx(0.5, rel=CLOSE)
    assert effect_of(row(**numbers), Measure(measure), reverse=True).estimate == pytest.approx(0.5, rel=CLOSE)


def test_what_is_computed_from_means_is_never_turned() -> None:
    numbers = {**means(1.0, 3.0), **printed("MD", 2.0, 1.0, 3.0, difference="2-1")}
    assert effect_of(row(**numbers), Measure.MD, reverse=True).y == -2


@pytest.mark.parametrize(
    ("measure", "numbers", "said"),
    [
        ("MD", printed("MD", 1.0, 1.0, 1.0), "no width"),
        ("HR", printed("HR", 0.5, 0.5, 0.5), "no width"),
        ("MD", {"effect": "MD", "estimate": 1.0}, "printed MD"),
        ("RR", printed("OR", 0.5, 0.25, 1.0), "events1, total1, events2, total2"),
        ("HR", counts(5, 50, 10, 50), "printed HR"),
        ("MD", {"n1": 50, "mean1": 1.0, "n2": 50, "mean2": 2.0}, "missing: sd1, sd2"),
        ("MD", printed("MD", 1.0, 1.0 - 1e-13, 1.0 + 1e-13), "out of all proportion"),
        ("MD", means(1.0, 3.0, sd=1e200), "do not define"),
        ("MD", means(1.0, 3.0, sd=1e-200), "out of all proportion"),
        ("MD", means(1e300, -1e300), "out of all proportion"),
        ("SMD", means(1.0, 3.0, sd=1e-200), "do not define"),
        ("OR", printed("OR", 1e15, 1e14, 1e16), "out of all proportion"),
        ("OR", printed("OR", 1.0, 1e-60, 1e60), "out of all proportion"),
        ("RR", counts(0, 0, 5, 20), "total1 is 0"),
        ("RD", counts(3, 20, 0, 0), "total2 is 0"),
        ("MD", means(1.0, 2.0, n=0), "n1 is 0"),
        ("SMD", means(1.0, 2.0, n=1), "do not define"),
        ("SMD", {**means(1.0, 2.0, n=1), "n2": 2}, "do not define"),
    ],
)
def test_a_row_that_lacks_something_is_a_named_error(measure: str, numbers: dict[str, Any], said: str) -> None:
    with pytest.raises(NoEffectError, match=said):
        effect_of(row(**numbers), Measure(measure))


def test_four_participants_are_enough_for_a_standardised_difference() -> None:
    effect = effect_of(row(**means(1.0, 2.0, n=2)), Measure.SMD)
    exact = math.gamma(1) / (math.gamma(0.5) * 1)  # Hedges' correction for 2 degrees of freedom
    assert effect.y == pytest.approx(exact * (1.0 - 2.0) / 2.0, rel=CLOSE)


def test_a_row_without_an_effect_is_left_out_with_its_reason() -> None:
    result = compute(analysis("MD"), sourced([means(1.0, 3.0), printed("MD", 1.0, 1.0, 1.0)]))
    assert result.strata[0].k == 1
    assert [(one.study, one.row, one.reason) for one in result.left_out] == [
        ("s2", "e.csv:3", say("row-left-out.no-effect"))
    ]


@pytest.mark.parametrize("rows", [[], [printed("MD", 1.0, 1.0, 1.0)], [{**means(1.0, 3.0), "outcome": "death"}]])
def test_nothing_to_pool_is_a_named_error(rows: list[dict[str, Any]]) -> None:
    with pytest.raises(NothingToPoolError, match="no extracted result"):
        compute(analysis("MD"), sourced(rows))


def test_a_mistyped_interval_is_a_named_error() -> None:
    """Otherwise it would decide everything, with sums that have no digits left for the other results."""
    rows = [printed("MD", 1.0, 0.5, 1.5), printed("MD", 1.0, 1.0, 1.0000001), printed("MD", 1.0, -4.0, 6.0)]
    with pytest.raises(UnevenPrecisionError, match=r"e\.csv:3 is 1e\+08 times as precise as that in e\.csv:4"):
        pooled("MD", rows)


def test_a_large_effect_with_a_small_error_is_no_disagreement_of_engines() -> None:
    """Squares of 100 in units of a standard error of 0.005 leave no digits for Q, unless effects are centred first."""
    rows = [printed("MD", 100 + n / 100, 99.99 + n / 100, 100.01 + n / 100) for n in (0, 1, 3)]
    result = pooled("MD", rows)
    se = 0.01 / Z95
    assert result.q == pytest.approx(sum((n / 100 - 4 / 300) ** 2 for n in (0, 1, 3)) / se**2, rel=1e-9)
    shifted = pooled("MD", [printed("MD", n / 100, -0.01 + n / 100, 0.01 + n / 100) for n in (0, 1, 3)])
    assert (result.tau2, result.i2) == (pytest.approx(shifted.tau2, rel=1e-8), pytest.approx(shifted.i2, rel=1e-8))


# --- which rows ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("verified", "partly", "k"), [("yes", False, 2), ("partly", False, 1), ("partly", True, 2)])
def test_partly_verified_rows_are_taken_when_asked(verified: str, partly: bool, k: int) -> None:
    rows = [means(1.0, 3.0), {**means(1.0, 2.0), "verified": verified}]
    assert pooled("MD", rows, partly_verified=partly).k == k


@pytest.mark.parametrize("partly", [False, True])
def test_rows_that_are_not_verified_are_never_pooled(partly: bool) -> None:
    rows = [means(1.0, 3.0), {**means(1.0, 2.0), "verified": "no"}]
    assert pooled("MD", rows, partly_verified=partly).k == 1


def test_patients_are_counted_once() -> None:
    rows = [counts(5, 50, 10, 50), counts(8, 60, 9, 60)]
    assert pooled("RR", rows).participants == 220
    assert pooled("RR", [{**one, "study": "s1"} for one in rows]).participants is None
    parts = [{**one, "study": "s1", "subgroup": name} for one, name in zip(rows, ("men", "women"), strict=True)]
    assert pooled("RR", parts, select={"subgroups": ["men", "women"]}).participants == 220
    assert pooled("RR", [{**rows[0], "unit": "vertebrae"}]).participants is None
    assert pooled("RR", [printed("RR", 0.5, 0.25, 1.0)]).participants is None


def test_sensitivity_analyses_change_one_choice() -> None:
    rows = [means(1.0, 3.0), printed("MD", 1.0, 0.5, 1.5), {**means(0.0, 3.0), "verified": "partly"}]
    others = [
        {"id": "turned", "title": {"en": "t"}, "reverse": ["s2"]},
        {"id": "common", "title": {"en": "t"}, "model": "common"},
        {"id": "all", "title": {"en": "t"}, "partly_verified": True},
        {"id": "knha", "title": {"en": "t"}, "interval": "knapp-hartung"},
        {"id": "dl", "title": {"en": "t"}, "tau2": "DL"},
    ]
    result = compute(analysis("MD", sensitivity=others), sourced(rows))
    found = {one.id: one.strata[0] for one in result.sensitivity}
    assert set(found) == {"turned", "common", "all", "knha", "dl"}
    assert [study.estimate for study in found["turned"].studies] == [-2, -1]
    assert found["common"] == pooled("MD", rows, model="common")
    assert found["all"].k == 3
    assert found["knha"] == pooled("MD", rows, interval="knapp-hartung")
    assert found["dl"] == pooled("MD", rows, tau2="DL")


# --- whatever a file may hold -------------------------------------------------------------------------------------

small = st.integers(0, 6)
count_rows = st.tuples(small, small, small, small).map(lambda n: counts(n[0], n[0] + n[1], n[2], n[2] + n[3]))
value = st.one_of(st.floats(-100, 100), st.floats(allow_nan=False, allow_infinity=False))
spread = st.one_of(st.floats(0.1, 100), st.floats(0, allow_infinity=False, exclude_min=True))
mean_rows = st.fixed_dictionaries(
    {"n1": small, "mean1": value, "sd1": spread, "n2": small, "mean2": value, "sd2": spread}
)
ratio_limits = st.lists(spread, min_size=3, max_size=3).map(sorted)
limits = st.lists(value, min_size=3, max_size=3).map(sorted)


def printed_rows(measure: str) -> st.SearchStrategy[dict[str, Any]]:
    three = ratio_limits if Measure(measure).is_ratio else limits
    return three.map(lambda one: printed(measure, one[1], one[0], one[2]))


def has_effect(numbers: dict[str, Any], measure: Measure) -> bool:
    try:
        effect_of(row(**numbers), measure)
    except NoEffectError:
        return False
    return True


@examples(120)
@given(
    measure=st.sampled_from([Measure[name] for name in ("RR", "OR", "RD", "MD", "SMD", "HR")]),
    data=st.data(),
    tau2=st.sampled_from(["REML", "DL", "DL"]),
    interval=st.sampled_from(["wald", "knapp-hartung"]),
)
def test_no_result_holds_anything_but_numbers(measure: Measure, data: st.DataObject, tau2: str, interval: str) -> None:
    """Either a result with finite numbers and limits in order, or the named error; no warning, no other error."""
    one_row = st.one_of(count_rows, mean_rows, printed_rows(measure.value))
    rows = data.draw(st.lists(one_row, min_size=1, max_size=5))
    choices: dict[str, Any] = {"tau2": tau2, "interval": interval}
    try:
        result = compute(analysis(measure.value, **choices), sourced(rows))
    except UnevenPrecisionError:
        variances = [effect_of(row(**numbers), measure).v for numbers in rows if has_effect(numbers, measure)]
        assert max(variances) > MOST_UNEVEN * min(variances)
        return
    except NothingToPoolError:
        assert not any(has_effect(numbers, measure) for numbers in rows)
        return
    assert all(math.isfinite(number) for number in numbers_in(result))
    (stratum,) = result.strata
    assert stratum.k + len(result.left_out) == len(rows)
    assert stratum.summary.low <= stratum.summary.estimate <= stratum.summary.high
    assert 0 <= stratum.summary.p <= 1
    assert stratum.tau2 >= 0
    assert stratum.i2 is None or 0 <= stratum.i2 <= 100
    assert sum(study.weight for study in stratum.studies) == pytest.approx(100)
