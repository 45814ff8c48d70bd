"""Conversions against R, the worked examples of the Cochrane Handbook, and raw data described in two ways."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guidewright.metaanalysis.effects import Measure, effect_sizes, from_estimates
from guidewright.metaanalysis.effects.conversions import (
    Converted,
    Distribution,
    combine_events,
    combine_means,
    correlation_of_change,
    design_effect,
    effective_counts,
    from_five_numbers,
    from_quartiles,
    from_range,
    inflated_se,
    log_hazard_ratio,
    sd_from_difference_se,
    sd_from_interval,
    sd_from_se,
    sd_of_change,
    se_from_interval,
    se_from_p,
    se_from_t,
    smd_from_t,
    split_shared_group,
)
from guidewright.metaanalysis.notices import CannotPoolError

PINNED: dict[str, Any] = json.loads((Path(__file__).parent / "data" / "escalc.json").read_text(encoding="utf-8"))[
    "conversions"
]
FIVE: dict[str, float] = PINNED["five"]
CLOSE = 1e-10


def codes(converted: Converted[Any]) -> dict[str, str]:
    return {notice.code: notice.text for notice in converted.notices}


# --- worked examples of the Cochrane Handbook, version 6 -----------------------------------------------------------


def test_handbook_6_5_2_2_divisor_of_a_small_sample() -> None:
    """A group of 25: the divisor 3.92 of a 95 % interval becomes 2 * 2.0639 = 4.128."""
    assert sd_from_interval(0, 4.128, 25).value[0] == pytest.approx(5, rel=1e-4)
    assert sd_from_interval(0, 3.92, 25, distribution=Distribution.NORMAL).value[0] == pytest.approx(5, rel=1e-4)


def test_handbook_6_5_2_3_from_p_to_sd() -> None:
    """A difference of 3.8, P = 0.008, 25 and 22 participants: t = 2.78, SE = 1.37, SD = 4.69."""
    se = se_from_p(3.8, 0.008, df=45)
    assert round(3.8 / se.value[0], 2) == 2.78
    assert round(se.value[0], 2) == 1.37
    assert round(se_from_t(3.8, 2.78).value[0], 2) == 1.37
    assert round(sd_from_difference_se(1.37, 25, 22).value[0], 2) == 4.69


def test_handbook_6_5_2_8_correlation_of_changes() -> None:
    """SDs of 6.4, 7.1 and 4.5 imply 0.78, those of 7.0, 6.9 and 4.2 imply 0.82."""
    found = correlation_of_change([6.4, 7.0], [7.1, 6.9], [4.5, 4.2])
    np.testing.assert_array_equal(found.value.round(2), [0.78, 0.82])


def test_handbook_23_1_5_cluster_trial() -> None:
    """10 classes of 295 children against 11 of 330, ICC 0.02: 63/295, 84/330 become 40.0/187.2, 53.3/209.4."""
    size = (295 + 330) / (10 + 11)
    assert round(design_effect(size, icc=0.02).value[0], 2) == 1.58
    found = effective_counts([63, 295, 84, 330], round(size, 1), icc=0.02)
    np.testing.assert_array_equal(found.value.round(1), [40.0, 187.2, 53.3, 209.4])
    inflated = inflated_se(0.2, size, icc=0.02).value[0]
    assert inflated == pytest.approx(0.2 * math.sqrt(design_effect(size, icc=0.02).value[0]), rel=CLOSE)


def test_handbook_5_1_16_4_6_4_differences_of_a_cross_over() -> None:
    """SDs of 2.38 and 2.21 with correlation 0.68: the SE of the difference of ten participants is 0.583."""
    sd = sd_of_change(2.38, 2.21, r=0.68).value[0]
    assert round(sd / math.sqrt(10), 3) == 0.583


# --- against R ----------------------------------------------------------------------------------------------------


def test_spread_agrees_with_r() -> None:
    assert sd_from_interval(30, 34.2, 25).value[0] == pytest.approx(PINNED["sd_from_interval_t"], rel=CLOSE)
    normal = sd_from_interval(30, 34.2, 25, level=0.9, distribution=Distribution.NORMAL)
    assert normal.value[0] == pytest.approx(PINNED["sd_from_interval_normal_90"], rel=CLOSE)
    assert se_from_p(3.8, 0.008, df=45).value[0] == pytest.approx(PINNED["se_from_p"], rel=CLOSE)
    assert se_from_interval(0, 4.2, df=45).value[0] == pytest.approx(PINNED["se_from_interval_t"], rel=CLOSE)


def test_quantiles_agree_with_r() -> None:
    minimum, q1, median, q3, maximum, n = FIVE.values()
    for found, name in (
        (from_range(minimum, median, maximum, n), "range"),
        (from_quartiles(q1, median, q3, n), "quartiles"),
        (from_five_numbers(minimum, q1, median, q3, maximum, n), "five_numbers"),
    ):
        np.testing.assert_allclose((found.value.mean[0], found.value.sd[0]), PINNED[name], rtol=CLOSE)
        assert "Luo et al. 2018" in found.source


def test_combined_arms_are_their_participants_together() -> None:
    """Table 6.5.2.a of the Handbook is exact: three arms give what R says of all their values."""
    arms = PINNED["arms"]
    group = combine_means(arms["n"], arms["mean"], arms["sd"]).value
    np.testing.assert_allclose((group.n, group.mean, group.sd), arms["joint"], rtol=CLOSE)


# --- consistency --------------------------------------------------------------------------------------------------


@given(st.floats(-50, 50), st.floats(0.1, 30), st.integers(5, 5000))
def test_quantiles_of_normal_data_are_undone(mean: float, sd: float, n: int) -> None:
    """Quartiles and range at their expectation give the mean and SD they came from, and are not called skewed."""
    half = from_range(-1, 0, 1, n).value.sd[0]  # one over the expected half range
    quarter = from_quartiles(-1, 0, 1, n).value.sd[0]
    five = (mean - sd / half, mean - sd / quarter, mean, mean + sd / quarter, mean + sd / half)
    for found in (
        from_range(five[0], five[2], five[4], n),
        from_quartiles(five[1], five[2], five[3], n),
        from_five_numbers(*five, n),
    ):
        assert found.value.mean[0] == pytest.approx(mean, rel=1e-9, abs=1e-9)
        assert found.value.sd[0] == pytest.approx(sd, rel=1e-9)
        assert not found.notices


@given(st.floats(0.1, 30), st.floats(0.1, 30), st.floats(-0.99, 0.99))
def test_correlation_and_sd_of_change_undo_each_other(first: float, last: float, r: float) -> None:
    change = sd_of_change(first, last, r=r).value
    found = correlation_of_change(first, last, change).value[0]
    assert found == pytest.approx(r, abs=1e-10 * max(first / last, last / first))


def test_spread_undoes_itself() -> None:
    assert sd_from_se(2, 25).value[0] == 10
    se = se_from_interval(math.log(0.56), math.log(0.93))
    assert se.value[0] ** 2 == pytest.approx(from_estimates(0.72, low=0.56, high=0.93, measure=Measure.HR).v[0])


def test_smd_from_t_is_the_smd() -> None:
    groups = {"mean1": 103, "sd1": 5.5, "n1": 50, "mean2": 100, "sd2": 4.5, "n2": 40}
    pooled = math.sqrt((49 * 5.5**2 + 39 * 4.5**2) / 88)
    t = 3 / (pooled * math.sqrt(1 / 50 + 1 / 40))
    d = smd_from_t(t, 50, 40).value
    via_t = effect_sizes(Measure.SMD, mean1=d, sd1=1, n1=50, mean2=0, sd2=1, n2=40)
    assert via_t.y[0] == pytest.approx(effect_sizes(Measure.SMD, **groups).y[0], rel=1e-12)


def test_arms_of_events() -> None:
    group = combine_events([3, 5], [20, 30]).value
    assert (group.events, group.total) == (8, 50)
    np.testing.assert_array_equal(split_shared_group([8, 50], comparisons=2).value, [4, 25])


def test_log_hazard_ratio() -> None:
    """O - E = -6, V = 12: HR = exp(-0.5), the standard error of its logarithm 1 / sqrt(12)."""
    found = log_hazard_ratio(-6, 12)
    hr = from_estimates(found.value.y, se=found.value.se, measure=Measure.HR, log_scale=True)
    assert hr.intervals()[0][0] == pytest.approx(math.exp(-0.5))
    assert hr.v[0] == pytest.approx(1 / 12)


def test_every_conversion_says_how_and_by_whom() -> None:
    made = [
        sd_from_se(1, 5),
        sd_from_interval(0, 1, 5),
        se_from_interval(0, 1),
        se_from_t(1, 2),
        se_from_p(1, 0.5, df=8),
        sd_from_difference_se(1, 5, 5),
        smd_from_t(1, 5, 5),
        from_range(0, 1, 2, 9),
        from_quartiles(0, 1, 2, 9),
        from_five_numbers(0, 1, 2, 3, 4, 9),
        sd_of_change(1, 1, r=0.5),
        correlation_of_change(1, 1, 1),
        combine_means([5, 5], [1, 2], [1, 1]),
        combine_events([1, 2], [5, 5]),
        split_shared_group(10, comparisons=2),
        design_effect(20, icc=0.02),
        effective_counts(10, 20, icc=0.02),
        inflated_se(1, 20, icc=0.02),
        log_hazard_ratio(1, 2),
    ]
    assert all(one.method and one.formula and one.source for one in made)
    assert len({(one.method, one.formula) for one in made}) == len(made)
    assert not any(one.notices for one in made)


# --- edges --------------------------------------------------------------------------------------------------------


def test_skewed_quantiles_are_named() -> None:
    found = from_quartiles([10, 10], [15, 10.5], [20, 20], [100, 100])
    assert codes(found)["skewed"].startswith("row 2: too skewed")
    assert "skewed" in codes(from_range(0, 1, 10, 200))
    assert "skewed" in codes(from_five_numbers(0, 0.5, 1, 4, 10, 200))


def test_missing_and_undefined_values_are_named() -> None:
    assert codes(sd_from_se([1, None], 5))["rows-dropped"].startswith("row 2:")
    assert codes(se_from_p([1, 0, 2], [1, 0.5, 0.5], df=9))["rows-dropped"].startswith("rows 1, 2:")
    assert codes(se_from_p([1, 2], 0.5, df=[9, None]))["rows-dropped"].startswith("row 2:")
    assert codes(se_from_interval([1, 2], 5, df=[9, None]))["rows-dropped"].startswith("row 2:")
    assert codes(se_from_t(0, 0))["rows-dropped"].startswith("row 1:")
    assert codes(from_range(0, [1, None], 2, 9))["rows-dropped"].startswith("row 2:")
    found = correlation_of_change([1, None, 0], [1, 1, 1], [3, 1, 1])
    assert codes(found)["no-correlation"].startswith("rows 1, 3:")
    assert codes(found)["rows-dropped"].startswith("row 2:")
    assert np.isnan(found.value).all()


@pytest.mark.parametrize(
    ("convert", "message"),
    [
        (lambda: sd_from_se(-1, 5), "se is -1"),
        (lambda: sd_from_interval(2, 1, 5), r"low is 2, above high \(1\)"),
        (lambda: sd_from_interval(1, 2, 1), "n is 1, but an SD needs 2 or more"),
        (lambda: sd_from_interval(1, 2, 9, level=95), "`level` is a share .* found 95"),
        (lambda: se_from_p(1, 0, df=5), "p is 0"),
        (lambda: from_range(3, 2, 4, 9), r"minimum is 3, above median \(2\)"),
        (lambda: from_quartiles(1, 2, 3, 4), "n is 4, but these methods need 5 or more"),
        (lambda: sd_of_change(1, 1, r=1.2), "r is 1.2"),
        (lambda: combine_means([5, None], [1, 2], [1, 1]), "arm 2 lacks a value"),
        (lambda: combine_means([1], [1], [0]), "one participant"),
        (lambda: combine_events([6], [5]), "larger than total"),
        (lambda: split_shared_group(5, comparisons=0), "comparisons is 0"),
        (lambda: design_effect(0.5, icc=0.1), "cluster_size is 0.5"),
        (lambda: design_effect(5, icc=1.1), "icc is 1.1"),
        (lambda: log_hazard_ratio(1, 0), "log_rank_variance is 0"),
    ],
)
def test_impossible_values(convert: Any, message: str) -> None:
    with pytest.raises(CannotPoolError, match=message):
        convert()
