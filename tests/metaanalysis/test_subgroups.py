"""Subgroups against metafor (data/regression.R), a textbook, invariances and edges."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from guidewright.metaanalysis.moderators import Subgroups, subgroups
from guidewright.metaanalysis.notices import CannotPoolError
from guidewright.metaanalysis.options import Interval, Model, Tau2Method

PINNED = json.loads((Path(__file__).parent / "data" / "regression.json").read_text())
Y, V = np.array(PINNED["data"]["y"]), np.array(PINNED["data"]["v"])
ALLOCATION = PINNED["data"]["allocation"]
LEVELS = ["alternate", "random", "systematic"]


def column(found: Subgroups, name: str) -> list[Any]:
    return [getattr(one, name) for one in found.subgroups]


@pytest.mark.parametrize(
    ("key", "options"),
    [
        ("REML", {}),
        ("DL", {"tau2_method": Tau2Method.DL}),
        ("FE", {"model": Model.COMMON}),
        ("knha", {"interval": Interval.KNAPP_HARTUNG}),
    ],
)
def test_levels_alone_agree_with_metafor(key: str, options: dict[str, Any]) -> None:
    found, pinned = subgroups(Y, V, ALLOCATION, **options), PINNED["subgroups"][key]
    assert column(found, "name") == LEVELS
    for name in ("estimate", "se", "tau2"):
        np.testing.assert_allclose(column(found, name), pinned[name], rtol=1e-8, atol=1e-12, err_msg=name)
    assert found.interaction is not None
    if key != "knha":  # there the test is Welch's, which metafor does not have
        assert (found.interaction.statistic, found.interaction.p) == pytest.approx((pinned["q"], pinned["p"]), rel=1e-8)


@pytest.mark.parametrize(("key", "interval"), [("common", Interval.WALD), ("common_knha", Interval.KNAPP_HARTUNG)])
def test_common_tau2_agrees_with_metafor(key: str, interval: Interval) -> None:
    found, pinned = subgroups(Y, V, ALLOCATION, common_tau2=True, interval=interval), PINNED["subgroups"][key]
    assert found.interaction is not None
    assert (found.interaction.statistic, found.interaction.p) == pytest.approx((pinned["qm"], pinned["qm_p"]), rel=1e-8)
    assert column(found, "tau2") == pytest.approx([pinned["tau2"]] * 3, rel=1e-8)
    first, *rest = pinned["estimate"]
    assert column(found, "estimate") == pytest.approx([first, *(first + one for one in rest)], rel=1e-8)
    assert [one.se for one in found.differences] == pytest.approx(pinned["se"][1:], rel=1e-8)
    assert [one.p for one in found.differences] == pytest.approx(pinned["p"][1:], abs=1e-8)


def test_viechtbauer_2010_section_3_4_allocation() -> None:
    """J Stat Softw 36(3), pages 19-20."""
    found = subgroups(Y, V, ALLOCATION, common_tau2=True, order=("random", "alternate", "systematic"))
    assert [round(one, 4) for one in column(found, "estimate")] == [-0.9658, -0.5180, -0.4289]
    assert [round(one, 4) for one in column(found, "se")] == [0.2672, 0.4412, 0.3449]
    assert [round(one, 4) for one in column(found, "p")] == [0.0003, 0.2404, 0.2137]
    assert [round(one.estimate, 4) for one in found.differences] == [0.4478, 0.5369]
    assert [round(one.statistic, 4) for one in found.differences] == [0.8682, 1.2303]
    assert found.interaction is not None
    assert (round(found.interaction.statistic, 4), round(found.interaction.p, 4)) == (1.7675, 0.4132)


#: Borenstein et al. 2009, Introduction to Meta-Analysis, chapter 19: the fictional tutoring studies.
TUTORING_Y = np.array([0.110, 0.224, 0.338, 0.451, 0.480, 0.440, 0.492, 0.651, 0.710, 0.740])
TUTORING_V = np.array([0.01, 0.03, 0.02, 0.015, 0.01, 0.015, 0.02, 0.015, 0.025, 0.012])
TUTORING_GROUPS = ["A"] * 5 + ["B"] * 5


def test_borenstein_2009_chapter_19_fixed_effect() -> None:
    found = subgroups(TUTORING_Y, TUTORING_V, TUTORING_GROUPS, model=Model.COMMON)
    assert [round(one, 4) for one in column(found, "estimate")] == [0.3241, 0.6111]
    assert [round(one, 4) for one in column(found, "q")] == [8.4316, 4.5429]
    assert round(found.overall.q or 0, 4) == 26.4371
    assert found.interaction is not None
    assert round(found.interaction.statistic, 4) == 13.4626


def test_borenstein_2009_chapter_19_pools_tau2_within_groups() -> None:
    """T2 within is (sum of Q - sum of df) / sum of C, which is DerSimonian-Laird with the groups as a factor."""
    found = subgroups(TUTORING_Y, TUTORING_V, TUTORING_GROUPS, common_tau2=True, tau2_method=Tau2Method.DL)
    w = 1 / TUTORING_V.reshape(2, 5)
    c = w.sum(axis=1) - (w**2).sum(axis=1) / w.sum(axis=1)
    assert found.subgroups[0].tau2 == pytest.approx((found.q_within - 8) / c.sum(), rel=1e-12)


def test_under_a_common_effect_q_divides_into_within_and_between() -> None:
    found = subgroups(Y, V, ALLOCATION, model=Model.COMMON)
    common = subgroups(Y, V, ALLOCATION, model=Model.COMMON, common_tau2=True)
    assert found.interaction is not None and common.interaction is not None
    assert found.interaction.statistic + found.q_within == pytest.approx(found.overall.q, rel=1e-12)
    assert common.interaction.statistic == pytest.approx(found.interaction.statistic, rel=1e-10)
    assert found.i2_between == pytest.approx(100 * (1 - 2 / found.interaction.statistic), rel=1e-12)


def test_welch_with_two_levels_is_the_t_test_of_the_difference() -> None:
    found = subgroups(TUTORING_Y, TUTORING_V, TUTORING_GROUPS, interval=Interval.KNAPP_HARTUNG)
    difference = found.differences[0]
    assert found.interaction is not None
    assert difference.statistic**2 == pytest.approx(found.interaction.statistic, rel=1e-12)
    assert difference.df == pytest.approx(found.interaction.residual_df, rel=1e-12)
    assert difference.p == pytest.approx(found.interaction.p, rel=1e-9)


def test_welch_with_equal_standard_errors_of_raw_means() -> None:
    """Welch's F of three samples, worked by hand: equal variances of the mean make the weights equal."""
    y = np.array([1.0, 2, 3, 2, 3, 4, 5, 6, 7])
    groups = np.repeat(["a", "b", "c"], 3)
    found = subgroups(y, np.full(9, 1e-9), groups, interval=Interval.KNAPP_HARTUNG)
    between, within = 3 * np.var([2.0, 3, 6], ddof=1), 1.0
    correction = 1 + 2 * (3 - 2) / (9 - 1) * 3 * (2 / 3) ** 2 / 2
    assert found.interaction is not None
    assert found.interaction.statistic == pytest.approx(between / within / correction, rel=1e-6)
    assert found.interaction.residual_df == pytest.approx(8 / (3 * 3 * (2 / 3) ** 2 / 2), rel=1e-6)


def test_order_and_names_do_not_matter() -> None:
    first = subgroups(Y, V, ALLOCATION)
    back = slice(None, None, -1)
    renamed = {"alternate": "z", "random": "y", "systematic": "x"}
    other = subgroups(Y[back], V[back], [renamed[one] for one in ALLOCATION[back]])
    assert column(other, "name") == ["x", "y", "z"]
    np.testing.assert_allclose(column(other, "estimate")[back], column(first, "estimate"), rtol=1e-10)
    assert first.interaction is not None and other.interaction is not None
    assert other.interaction.statistic == pytest.approx(first.interaction.statistic, rel=1e-9)
    assert sorted(12 - row for row in other.subgroups[1].rows) == list(first.subgroups[1].rows)


def test_a_level_with_one_study_keeps_its_own_interval() -> None:
    groups = ["a", "a", "a", "b"]
    found = subgroups([0.1, 0.5, 0.3, 0.9], [0.1, 0.2, 0.3, 0.1], groups, interval=Interval.KNAPP_HARTUNG)
    lone = found.subgroups[1]
    assert (lone.k, lone.tau2, lone.q, lone.df, lone.reml) == (1, 0.0, 0.0, None, None)
    assert lone.se == pytest.approx(np.sqrt(0.1))
    assert [notice.code for notice in found.notices] == ["single-study"]


def test_gaps_empty_and_single_levels_are_said() -> None:
    found = subgroups([0.1, 0.5, 0.3, np.nan], [0.1] * 4, ["a", None, "a", "a"], order=("a", "b"))
    assert [notice.code for notice in found.notices] == [
        "rows-dropped",
        "rows-dropped",
        "subgroups-empty",
        "subgroups-one",
    ]
    assert (found.interaction, found.i2_between, found.differences) == (None, None, ())
    common = subgroups([0.1, 0.5, 0.3], [0.1] * 3, ["a"] * 3, common_tau2=True)
    assert common.subgroups[0].estimate == pytest.approx(common.overall.estimate)


def test_impossible_groups_are_refused() -> None:
    with pytest.raises(CannotPoolError, match="`groups` has 2 rows and `y` has 3"):
        subgroups([1, 2, 3], [1, 1, 1], ["a", "b"])
    with pytest.raises(CannotPoolError, match="no level in any row"):
        subgroups([1, 2], [1, 1], [None, None])
    with pytest.raises(CannotPoolError, match="its levels are a, b"):
        subgroups([1, 2], [1, 1], ["a", "c"], order=("a", "b"))
    with pytest.raises(CannotPoolError, match="3 studies are too few for 3 coefficients"):
        subgroups([1, 2, 3], [1, 1, 1], ["a", "b", "c"], common_tau2=True)
