"""Effect sizes against metafor's escalc, published examples, edges and invariances."""

from __future__ import annotations

import json
import math
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from guidewright.metaanalysis.effects import (
    Choices,
    EffectSizes,
    Family,
    Measure,
    PrintedChoices,
    Scale,
    To,
    VarianceType,
    effect_sizes,
    from_estimates,
    harmonic_mean,
)
from guidewright.metaanalysis.effects.columns import COLUMNS
from guidewright.metaanalysis.effects.scales import analysed, natural
from guidewright.metaanalysis.effects.sizes import COMPUTE, SIZES
from guidewright.metaanalysis.notices import CannotPoolError

PINNED: dict[str, Any] = json.loads((Path(__file__).parent / "data" / "escalc.json").read_text(encoding="utf-8"))
CLOSE = 1e-10
#: The witness for these differentiates numerically.
ROUGH = {("RTET", "v"): 1e-7}


def number(values: list[float | None]) -> np.ndarray:
    return np.array([math.nan if value is None else value for value in values])


def options(given_options: dict[str, Any]) -> dict[str, Any]:
    """Options of escalc under our names."""
    ours: dict[str, Any] = {}
    for name, value in (given_options or {}).items():
        match name:
            case "vtype":
                ours["variance"] = VarianceType(value)
            case "to":
                ours["to"] = To(value)
            case "drop00":
                ours["drop_double_zero"] = value
            case _:
                ours[name] = value
    return ours


def case_id(case: dict[str, Any]) -> str:
    return "-".join([case["measure"], *(f"{name}={value}" for name, value in (case["options"] or {}).items())])


def compute(case: dict[str, Any]) -> EffectSizes:
    measure = Measure(case["measure"])
    columns = PINNED["sets"][case["set"]]
    return effect_sizes(measure, **{name: columns[name] for name in measure.columns}, **options(case["options"]))


def codes(sizes: EffectSizes) -> dict[str, str]:
    return {notice.code: notice.text for notice in sizes.notices}


# --- against metafor ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", PINNED["cases"], ids=case_id)
def test_agrees_with_metafor(case: dict[str, Any]) -> None:
    ours = compute(case)
    for name, found in (("y", ours.y), ("v", ours.v)):
        # without an effect metafor may still give a variance
        expected = np.where(np.isnan(number(case["y"])), math.nan, number(case[name]))
        np.testing.assert_array_equal(np.isnan(found), np.isnan(expected))
        np.testing.assert_allclose(found, expected, rtol=ROUGH.get((case["measure"], name), CLOSE), atol=1e-14)
    # what is not defined is never silent
    assert np.isnan(ours.y).any() == bool(codes(ours).keys() & {"effect-undefined", "double-zero-dropped"})


def test_every_measure_and_variance_is_pinned() -> None:
    pinned = {(case["measure"], (case["options"] or {}).get("vtype", "LS")) for case in PINNED["cases"]}
    # these formulas of metafor have two names
    same = {("MD", "UB"), ("PHI", "CS"), ("RPB", "ST")}
    unwitnessed = {("UCOR", "AV")}  # needs the gsl package; the mean as for COR
    declared = {
        (measure.value, variance.value)
        for measure in Measure
        if measure.family is not Family.GENERIC
        for variance in measure.variances
    }
    assert declared - pinned - unwitnessed <= same
    assert pinned <= declared


def test_every_measure_is_whole() -> None:
    for measure in Measure:
        assert measure.label
        assert measure.variances[0] is VarianceType.LS
        assert set(measure.columns) <= set(COLUMNS)
        assert (measure.family in COMPUTE) == bool(measure.columns)
        if measure.columns and measure.family not in {Family.CORRELATION}:
            assert set(measure.columns) & set(SIZES)
    assert Measure("RR") is Measure.RR
    assert pickle.loads(pickle.dumps(Measure.PFT)).scale is Scale.FREEMAN_TUKEY  # noqa: S301
    assert TypeAdapter(Measure).json_schema()["enum"][:3] == ["RR", "OR", "RD"]


def test_ratios_are_logarithms_about_one() -> None:
    ratios = {measure.value for measure in Measure if measure.is_ratio}
    assert {"RR", "OR", "PETO", "IRR", "HR", "ROM", "CVR", "VR", "MPORC", "D2OR"} <= ratios
    assert not ratios & {"RD", "MD", "SMD", "AS", "PLN", "IRLN", "ZCOR", "GEN"}
    assert Measure.PLN.is_log
    assert (Measure.RR.null, Measure.MD.null, Measure.PR.null) == (1, 0, None)


# --- back to the natural scale ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PINNED["back"])
def test_back_transformation_agrees_with_metafor(name: str) -> None:
    pinned = PINNED["back"][name]
    found = Measure(name).natural(pinned["x"], n=pinned.get("n"))
    np.testing.assert_allclose(found, pinned["natural"], rtol=1e-10, atol=1e-15)


@pytest.mark.parametrize("scale", [scale for scale in Scale if not scale.needs_size])
def test_back_transformation_undoes_the_scale(scale: Scale) -> None:
    values = np.array([0.04, 0.3, 0.77])
    np.testing.assert_allclose(natural(scale, analysed(scale, values)), values, rtol=1e-13)


@pytest.mark.parametrize(("measure", "size"), [(Measure.PFT, "total"), (Measure.IRFT, "time")])
def test_freeman_tukey_returns_the_proportion_of_each_study(measure: Measure, size: str) -> None:
    events, sizes = [0, 4, 9, 16, 20], [10, 10, 15, 20, 20]
    found = effect_sizes(measure, events=events, **{size: sizes})
    np.testing.assert_allclose(found.intervals()[0], np.divide(events, sizes), rtol=1e-12, atol=1e-15)


def test_freeman_tukey_needs_the_sizes() -> None:
    with pytest.raises(ValueError, match="harmonic_mean"):
        Measure.PFT.natural(0.5)
    with pytest.raises(ValueError, match="counts"):
        analysed(Scale.FREEMAN_TUKEY, 0.5)


# --- published examples -------------------------------------------------------------------------------------------


def test_borenstein_2009_means() -> None:
    """Borenstein et al. 2009, Introduction to Meta-Analysis, chapter 4: MD and SMD of two groups of 50."""
    groups = {"mean1": 103, "sd1": 5.5, "n1": 50, "mean2": 100, "sd2": 4.5, "n2": 50}
    md = effect_sizes(Measure.MD, variance=VarianceType.HO, **groups)
    assert (md.y[0], round(md.v[0], 4)) == (3, 1.01)
    g = effect_sizes(Measure.SMD, variance=VarianceType.LS2, **groups)
    assert (round(g.y[0], 4), round(g.v[0], 4)) == (0.5924, 0.0411)


def test_borenstein_2009_counts_and_correlation() -> None:
    """The same, chapters 5 (5 of 100 against 10 of 100) and 6 (r = 0.5, n = 100)."""
    groups = {"events1": 5, "total1": 100, "events2": 10, "total2": 100}
    expected = {Measure.RR: (-0.6931, 0.28), Measure.OR: (-0.7472, 0.3216), Measure.RD: (-0.05, 0.0014)}
    for measure, (y, v) in expected.items():
        found = effect_sizes(measure, **groups)
        assert (round(found.y[0], 4), round(found.v[0], 4)) == (y, v)
    z = effect_sizes(Measure.ZCOR, r=0.5, n=100)
    assert (round(z.y[0], 4), round(z.v[0], 4)) == (0.5493, 0.0103)


def test_viechtbauer_2010_first_bcg_trial() -> None:
    """Viechtbauer 2010 (J Stat Softw 36(3)), section 3.1: log risk ratios of the BCG trials."""
    found = effect_sizes(Measure.RR, events1=[4, 6], total1=[123, 306], events2=[11, 29], total2=[139, 303])
    np.testing.assert_array_equal(found.y.round(4), [-0.8893, -1.5854])
    np.testing.assert_array_equal(found.v.round(4), [0.3256, 0.1946])


def test_miller_1978() -> None:
    """Miller 1978 (Am Stat 32:138): double arcsines (twice ours), weighted mean, and back by the harmonic mean of n."""
    total = [11, 17, 21, 6]
    found = effect_sizes(Measure.PFT, events=[3, 6, 10, 1], total=total)
    np.testing.assert_array_equal((2 * found.y).round(4), [1.1391, 1.2888, 1.5253, 0.9515])
    np.testing.assert_array_equal((4 * found.v).round(4), [0.0870, 0.0571, 0.0465, 0.1538])
    pooled = (found.y / found.v).sum() / (1 / found.v).sum()
    assert (round(2 * pooled, 4), round(float(Measure.PFT.natural(pooled, n=harmonic_mean(total))), 4)) == (
        1.3093,
        0.3595,
    )


def test_cochrane_handbook_cross_over() -> None:
    """Cochrane Handbook 5.1, section 16.4.6.4: difference of 0.5 with a correlation of 0.68, SE 0.583."""
    found = effect_sizes(Measure.MC, mean1=7.0, sd1=2.38, mean2=6.5, sd2=2.21, n=10, r=0.68)
    assert (found.y[0], round(found.se[0], 3)) == (0.5, 0.583)


# --- edges --------------------------------------------------------------------------------------------------------


def test_every_bad_value_is_named_at_once() -> None:
    with pytest.raises(CannotPoolError) as error:
        effect_sizes(Measure.OR, events1=[5, -1, 12], total1=[10, 10, 10], events2=[3, 3, 3], total2=[10, 0, 10])
    text = str(error.value)
    assert "row 2: events1 is -1, but must be 0 or more" in text
    assert "row 2: total2 is 0, but must be above 0" in text
    assert "row 3: events1 is 12, larger than total1 (10)" in text
    assert "row 1" not in text


@pytest.mark.parametrize(
    ("measure", "columns", "message"),
    [
        (Measure.COR, {"r": [0.2, 1.5], "n": [10, 10]}, "row 2: r is 1.5, but must lie between -1 and 1"),
        (Measure.MN, {"mean": [1], "sd": [-1], "n": [5]}, "sd is -1, but must be 0 or more"),
        (Measure.ARAW, {"alpha": [1.1], "items": [1], "n": [5]}, "alpha is 1.1, but must be 1 or less"),
        (Measure.PR, {"events": [math.inf], "total": [5]}, "events is inf"),
        (Measure.IR, {"events": [1], "time": [0]}, "time is 0, but must be above 0"),
        (Measure.PR, {"events": ["two"], "total": [5]}, "must hold numbers"),
        (Measure.PR, {"events": [[1, 2]], "total": [5]}, "one dimension"),
        (Measure.PR, {"events": [1, 2, 3], "total": [5, 6]}, "events 3, total 2"),
        (Measure.PR, {"events": [1]}, "without total"),
        (Measure.PR, {"events": [1], "total": [5], "n": [5]}, "with n"),
        (Measure.PCOR, {"t": [2], "n": [5], "predictors": [4]}, "n - predictors - 1 is 0"),
        (Measure.HR, {}, "from_estimates"),
    ],
)
def test_impossible_input(measure: Measure, columns: dict[str, Any], message: str) -> None:
    with pytest.raises(CannotPoolError, match=message.replace("(", r"\(")):
        effect_sizes(measure, **columns)


def test_many_bad_rows_are_counted() -> None:
    with pytest.raises(CannotPoolError, match="and 980 more"):
        effect_sizes(Measure.PR, events=np.full(1000, -1), total=5)


def test_options_that_a_measure_lacks() -> None:
    with pytest.raises(CannotPoolError, match="has no variance of type AV; it has LS"):
        effect_sizes(Measure.OR, variance=VarianceType.AV)
    with pytest.raises(CannotPoolError, match="two groups"):
        effect_sizes(Measure.PR, drop_double_zero=True, events=1, total=5)
    with pytest.raises(CannotPoolError, match="add is -1"):
        effect_sizes(Measure.PR, add=-1, events=1, total=5)


def test_missing_rows_keep_their_place() -> None:
    found = effect_sizes(
        Measure.RR, events1=[1, None, 3], total1=[10, 10, 10], events2=[2, 2, math.nan], total2=[10, 10, 10]
    )
    np.testing.assert_array_equal(found.defined, [True, False, False])
    assert codes(found)["rows-dropped"] == "rows 2, 3: a value is missing; left out"
    assert found.choices == Choices(add=0.5, to=To.ONLY_ZERO, drop_double_zero=False, variance=VarianceType.LS)
    np.testing.assert_array_equal(found.n, [20, 20, 20])


def test_missing_rows_change_no_other() -> None:
    """Not even where a variance uses the mean of all rows."""
    full = effect_sizes(Measure.PR, events=[1, 5], total=[10, 20], variance=VarianceType.AV)
    gap = effect_sizes(Measure.PR, events=[1, math.nan, 5], total=[10, 10, 20], variance=VarianceType.AV)
    np.testing.assert_array_equal(gap.v[[0, 2]], full.v)


def test_zero_cells() -> None:
    rows = {"events1": [0, 0, 5], "total1": [20, 20, 20], "events2": [4, 0, 5], "total2": [20, 20, 20]}
    only = effect_sizes(Measure.OR, **rows)
    assert codes(only)["zero-cells-corrected"].startswith("rows 1, 2: 0.5 was added to the counts")
    dropped = effect_sizes(Measure.OR, drop_double_zero=True, **rows)
    np.testing.assert_array_equal(dropped.defined, [True, False, True])
    assert codes(dropped)["double-zero-dropped"].startswith("row 2:")
    none = effect_sizes(Measure.OR, to=To.NONE, **rows)
    assert codes(none)["effect-undefined"].startswith("rows 1, 2:")
    every = effect_sizes(Measure.OR, to=To.IF_ZERO_ALL, **rows)
    assert codes(every)["zero-cells-corrected"].startswith("rows 1, 2, 3:")
    exact = effect_sizes(Measure.AS, **rows)
    assert not exact.notices


def test_matched_pairs_are_double_zero_in_both_conditions_only() -> None:
    """One condition without events says something of the other: metafor's drop00 drops row 1, ours does not."""
    pairs = {"both": [0, 0], "only1": [5, 0], "only2": [0, 0], "neither": [15, 20]}
    found = effect_sizes(Measure.MPRD, drop_double_zero=True, **pairs)
    np.testing.assert_array_equal(found.defined, [True, False])


@pytest.mark.parametrize(
    ("measure", "columns"),
    [
        (Measure.SMDH, {"mean1": 1, "sd1": 1, "n1": 1, "mean2": 2, "sd2": 1, "n2": 10}),
        (Measure.SMD, {"mean1": 1, "sd1": 1, "n1": 1, "mean2": 2, "sd2": 1, "n2": 2}),
        (Measure.SMD, {"mean1": 1, "sd1": 0, "n1": 5, "mean2": 2, "sd2": 0, "n2": 5}),
        (Measure.ROM, {"mean1": -1, "sd1": 1, "n1": 5, "mean2": 2, "sd2": 1, "n2": 5}),
        (Measure.MNLN, {"mean": -1, "sd": 1, "n": 5}),
        (Measure.ZCOR, {"r": 0.5, "n": 3}),
        (Measure.ZCOR, {"r": 1, "n": 30}),
        (Measure.UCOR, {"r": 0.5, "n": 4}),
        (Measure.ABT, {"alpha": 1, "items": 5, "n": 30}),
        (Measure.REH, {"homozygotes1": 0, "heterozygotes": 5, "homozygotes2": 5}),
        (Measure.RTET, {"events1": 0, "total1": 10, "events2": 5, "total2": 10}),
        (Measure.MD, {"mean1": 1e300, "sd1": 1e300, "n1": 5, "mean2": 1, "sd2": 1, "n2": 5}),
    ],
)
def test_undefined_effects_are_named(measure: Measure, columns: dict[str, float]) -> None:
    found = effect_sizes(measure, **columns)
    assert np.isnan(found.y[0])
    assert np.isnan(found.v[0])
    assert codes(found)["effect-undefined"].startswith("row 1: these numbers do not define")


def test_zero_variance_is_named() -> None:
    found = effect_sizes(Measure.RD, to=To.NONE, events1=0, total1=10, events2=10, total2=10)
    assert (found.y[0], found.v[0]) == (-1, 0)
    assert "zero-variance" in codes(found)
    perfect = effect_sizes(Measure.PHI, events1=4, total1=4, events2=0, total2=9)
    assert (perfect.y[0], perfect.v[0]) == (1, 0)


def test_no_rows() -> None:
    found = effect_sizes(Measure.MD, mean1=[], sd1=[], n1=[], mean2=[], sd2=[], n2=[])
    assert found.y.size == 0
    assert found.notices == ()


def test_results_are_read_only() -> None:
    found = effect_sizes(Measure.PR, events=[1], total=[5])
    with pytest.raises(ValueError, match="read-only"):
        found.y[0] = 1


def test_ucor_av_uses_the_mean_of_the_corrected() -> None:
    found = effect_sizes(Measure.UCOR, r=[0.2, 0.6], n=[20, 60], variance=VarianceType.AV)
    mean = (found.y * [20, 60]).sum() / 80
    np.testing.assert_allclose(found.v, (1 - mean**2) ** 2 / np.array([19, 59]), rtol=1e-14)


# --- invariances --------------------------------------------------------------------------------------------------

cell = st.integers(1, 60)
tables = st.lists(st.tuples(cell, cell, cell, cell), min_size=1, max_size=6)


def of_tables(measure: Measure, rows: list[tuple[int, int, int, int]]) -> EffectSizes:
    a, b, c, d = np.array(rows, dtype=float).T
    return effect_sizes(measure, events1=a, total1=a + b, events2=c, total2=c + d)


@given(st.sampled_from([measure for measure in Measure if measure.family is Family.TWO_BY_TWO]), tables)
def test_swapping_groups_changes_the_sign(measure: Measure, rows: list[tuple[int, int, int, int]]) -> None:
    one, other = of_tables(measure, rows), of_tables(measure, [(c, d, a, b) for a, b, c, d in rows])
    np.testing.assert_allclose(other.y, -one.y, rtol=1e-9, atol=1e-11)
    np.testing.assert_allclose(other.v, one.v, rtol=1e-9)


@given(st.sampled_from([Measure.OR, Measure.RD, Measure.PETO, Measure.AS, Measure.YUQ, Measure.RTET]), tables)
def test_swapping_event_and_no_event_changes_the_sign(measure: Measure, rows: list[tuple[int, int, int, int]]) -> None:
    one, other = of_tables(measure, rows), of_tables(measure, [(b, a, d, c) for a, b, c, d in rows])
    np.testing.assert_allclose(other.y, -one.y, rtol=1e-9, atol=1e-11)
    np.testing.assert_allclose(other.v, one.v, rtol=1e-9)


@given(tables, st.randoms())
def test_order_of_rows(rows: list[tuple[int, int, int, int]], random: Any) -> None:
    order = list(range(len(rows)))
    random.shuffle(order)
    one, other = of_tables(Measure.OR, rows), of_tables(Measure.OR, [rows[i] for i in order])
    np.testing.assert_array_equal(other.y, one.y[order])
    np.testing.assert_array_equal(other.v, one.v[order])


positive = st.floats(0.5, 50)
groups = st.tuples(positive, positive, st.integers(3, 90), positive, positive, st.integers(3, 90))


def of_groups(measure: Measure, group: tuple[float, ...]) -> EffectSizes:
    named = dict(zip(("mean1", "sd1", "n1", "mean2", "sd2", "n2"), group, strict=True))
    return effect_sizes(measure, **{name: named[name] for name in measure.columns})


@given(
    st.sampled_from([measure for measure in Measure if measure.family is Family.TWO_MEANS and measure != Measure.MD]),
    groups,
    st.floats(0.01, 100),
)
def test_other_units_change_nothing(measure: Measure, group: tuple[float, ...], unit: float) -> None:
    mean1, sd1, n1, mean2, sd2, n2 = group
    one = of_groups(measure, group)
    other = of_groups(measure, (mean1 * unit, sd1 * unit, n1, mean2 * unit, sd2 * unit, n2))
    np.testing.assert_allclose(other.y, one.y, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(other.v, one.v, rtol=1e-9)


@given(groups, st.floats(0.01, 100))
def test_other_units_scale_a_mean_difference(group: tuple[float, ...], unit: float) -> None:
    mean1, sd1, n1, mean2, sd2, n2 = group
    one = of_groups(Measure.MD, group)
    other = of_groups(Measure.MD, (mean1 * unit, sd1 * unit, n1, mean2 * unit, sd2 * unit, n2))
    np.testing.assert_allclose(other.y, unit * one.y, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(other.v, unit**2 * one.v, rtol=1e-9)


def test_rtet_finds_the_correlation_that_made_the_table() -> None:
    """With both cuts at the median the share of each concordant cell is 1/4 + asin(rho) / (2 pi) (Sheppard 1899)."""
    for rho in (-0.9, -0.3, 0.0, 0.5, 0.99):
        a = 1000 * (1 / 4 + math.asin(rho) / (2 * math.pi))
        found = effect_sizes(Measure.RTET, events1=a, total1=500, events2=500 - a, total2=500)
        assert found.y[0] == pytest.approx(rho, rel=1e-12, abs=1e-12)


# --- printed estimates --------------------------------------------------------------------------------------------


def test_printed_estimates_agree_with_r() -> None:
    pinned = PINNED["conversions"]["printed"]
    found = from_estimates(
        pinned["estimate"],
        low=number(pinned["low"]),
        high=number(pinned["high"]),
        p=number(pinned["p"]),
        measure=Measure.HR,
    )
    np.testing.assert_allclose(found.y, pinned["y"], rtol=CLOSE)
    np.testing.assert_allclose(found.se, pinned["se"], rtol=CLOSE)
    assert codes(found) == {"from-p-value": "row 3: the standard error comes from the p value"}
    assert found.choices == PrintedChoices(level=0.95, log_scale=False)


def test_printed_and_logarithms_are_the_same() -> None:
    natural_scale = from_estimates([0.72], low=[0.56], high=[0.93], measure=Measure.HR)
    logs = from_estimates(np.log([0.72]), low=np.log([0.56]), high=np.log([0.93]), measure=Measure.HR, log_scale=True)
    np.testing.assert_allclose(logs.y, natural_scale.y, rtol=1e-15)
    np.testing.assert_allclose(logs.v, natural_scale.v, rtol=1e-13)


def test_interval_of_t() -> None:
    """The standard error that a two-sample t interval was made of."""
    se, pinned = 4.2 / (2 * 2.0141033888808462), PINNED["conversions"]["se_from_interval_t"]
    found = from_estimates(30, low=27.9, high=32.1, df=45, measure=Measure.MD)
    assert found.se[0] == pytest.approx(se, rel=CLOSE) == pytest.approx(pinned, rel=CLOSE)


def test_intervals_return_what_was_read() -> None:
    found = from_estimates([0.8, 1.5], low=[0.5, 1.2], high=[1.28, 1.875], measure=Measure.RR, level=0.9)
    estimate, low, high = found.intervals(level=0.9)
    np.testing.assert_allclose((estimate, low, high), ([0.8, 1.5], [0.5, 1.2], [1.28, 1.875]), rtol=1e-12)
    with pytest.raises(CannotPoolError, match=r"`level` is a share .* found 95"):
        found.intervals(level=95)


def test_rows_take_the_first_way_they_have() -> None:
    found = from_estimates([1, 1, 1], se=[0.5, None, None], low=[0, 0, None], high=[2, 2, None], p=[0.1, 0.1, 0.1])
    np.testing.assert_allclose(found.se, [0.5, 1 / 1.959963984540054, 1 / 1.6448536269514722], rtol=1e-12)


@pytest.mark.parametrize(
    ("numbers", "warned"),
    [
        ((2.0, 1.0, 4.0), False),  # exactly in the middle of the logarithms
        ((0.97, 0.95, 1.0), False),  # off only by rounding to two decimals
        ((2.5, 1.0, 4.0), True),  # in the middle of the natural scale
        ((1.2, 0.4, 1.3), True),
    ],
)
def test_intervals_off_centre_are_named(numbers: tuple[float, float, float], warned: bool) -> None:
    estimate, low, high = numbers
    found = from_estimates(estimate, low=low, high=high, measure=Measure.RR)
    assert ("interval-off-centre" in codes(found)) == warned


def test_what_gives_no_precision_is_left_out() -> None:
    found = from_estimates(
        [1.0, 1.0, 2.0, None], low=[1.0, None, None, 1], high=[1.0, None, None, 2], p=[None, 1, None, 1]
    )
    assert not found.defined.any()
    assert codes(found)["rows-dropped"].startswith("rows 3, 4:")
    assert codes(found)["effect-undefined"].startswith("rows 1, 2:")


@pytest.mark.parametrize(
    ("given_numbers", "message"),
    [
        ({"low": [-0.5], "high": [2]}, r"low is -0.5, which a hazard ratio cannot be \(it must be above 0"),
        ({"low": [1.2], "high": [2]}, "estimate 1 is not between its limits 1.2 and 2"),
        ({"low": [0.5]}, "both low and high"),
        ({}, "standard error"),
        ({"p": [0]}, "p is 0, but must be above 0 and at most 1"),
        ({"se": [0.1], "level": 95}, "`level` is a share .* found 95"),
    ],
)
def test_impossible_estimates(given_numbers: dict[str, Any], message: str) -> None:
    with pytest.raises(CannotPoolError, match=message):
        from_estimates([1.0], measure=Measure.HR, **given_numbers)


def test_estimates_of_one_group() -> None:
    logit = from_estimates(0.2, low=0.1, high=0.36, measure=Measure.PLO)
    assert logit.y[0] == pytest.approx(math.log(0.25))
    with pytest.raises(CannotPoolError, match="says nothing of the precision"):
        from_estimates(0.2, p=0.03, measure=Measure.PLO)
    with pytest.raises(CannotPoolError, match="starts from counts"):
        from_estimates(0.2, se=0.03, measure=Measure.PFT)
    with pytest.raises(CannotPoolError, match="must lie between -1 and 1"):
        from_estimates(1.2, se=0.03, measure=Measure.ZCOR)
