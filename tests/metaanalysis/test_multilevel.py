"""Random effects at several levels, held against metafor (data/dependent.R), publications and special cases."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guidewright.metaanalysis.dependent import (
    DegreesOfFreedom,
    MultilevelFit,
    likelihood_ratio,
    multilevel,
    profile_intervals,
    sampling_covariance,
)
from guidewright.metaanalysis.notices import CannotPoolError
from guidewright.metaanalysis.options import Interval, Tau2Method

PINNED: dict[str, Any] = json.loads((Path(__file__).parent / "data/dependent.json").read_text(encoding="utf-8"))
CASES = PINNED["multilevel"]
KON = PINNED["data"]["konstantopoulos"]


def close(value: Any, rel: float = 1e-8) -> Any:
    return pytest.approx(value, rel=rel, abs=1e-12)


def listed(value: Any) -> list[float]:
    return value if isinstance(value, list) else [value]


def fitted(name: str) -> MultilevelFit:
    case, data = CASES[name], PINNED["data"][name.split("_", maxsplit=1)[0]]
    v: Any = data["vi"]
    if name == "assink_correlated":
        v = sampling_covariance(v, data["study"], correlation=0.6)
    columns = np.array(case["columns"], dtype=float).reshape(-1, len(data["yi"])).T
    return multilevel(
        data["yi"],
        v,
        levels=[data[level] for level in listed(case["levels"])],
        nested=case["nested"],
        moderators=columns[:, 1:] if columns.shape[1] > 1 else None,
        method=Tau2Method(case["method"]),
        interval=Interval.T if case["test"] == "t" else Interval.WALD,
        degrees_of_freedom=DegreesOfFreedom.CONTAINMENT if name.endswith("year_t") else DegreesOfFreedom.RESIDUAL,
    )


def konstantopoulos(**options: Any) -> MultilevelFit:
    return multilevel(KON["yi"], KON["vi"], levels=[KON["district"], KON["school"]], **options)


@pytest.mark.parametrize("name", CASES)
def test_agrees_with_metafor_at_the_exact_optimum(name: str) -> None:
    case, fit = CASES[name], fitted(name)
    assert [one.sigma2 for one in fit.levels] == close(listed(case["sigma2"]))
    assert [one.groups for one in fit.levels] == listed(case["groups"])
    assert [one.i2 for one in fit.levels] == close(listed(case["i2"]))
    for field in ("estimate", "se", "statistic", "low", "high"):
        assert [getattr(one, field) for one in fit.coefficients] == close(listed(case[field]))
    assert [one.p for one in fit.coefficients] == pytest.approx(listed(case["p"]), abs=1e-8)
    if case["test"] == "t":
        assert [one.df for one in fit.coefficients] == listed(case["df"])
    assert (fit.q, fit.q_df, fit.q_p) == (close(case["q"]), case["q_df"], pytest.approx(case["q_p"], abs=1e-8))
    assert (fit.qm, fit.qm_p) == (close(case["qm"]), pytest.approx(case["qm_p"], abs=1e-8))
    assert fit.loglik == close(case["loglik"])
    assert fit.loglik >= case["metafor_loglik"] - 1e-9
    for criterion in ("aic", "bic", "aicc"):  # metafor's stand at its own, slightly lower likelihood
        assert getattr(fit, criterion) == pytest.approx(case["criteria"][criterion], abs=1e-6)
    if fit.prediction_low is not None:
        assert [fit.prediction_low, fit.prediction_high] == close([case["first_row"][b] for b in ("pi_low", "pi_high")])
    assert fit.gradient < 1e-9


def test_a_component_on_the_boundary_is_exactly_0() -> None:
    assert [one.sigma2 for one in fitted("flat").levels] == [0.0, 0.0]
    outer, inner = fitted("part").levels
    assert outer.sigma2 == 0.0 < inner.sigma2


def test_konstantopoulos_2011_page_71_table_5() -> None:
    """Printed to three or four digits; the intercept with year is a misprint there (0.183) and so not compared."""
    fit = konstantopoulos(method=Tau2Method.ML)
    mean = fit.coefficients[0]
    assert (round(mean.estimate, 4), round(mean.se, 4)) == (0.1845, 0.0805)
    assert [round(one.sigma2, 4) for one in fit.levels] == [0.0577, 0.0329]
    year = np.array(KON["year"], dtype=float)
    fit = konstantopoulos(method=Tau2Method.ML, moderators=year - year.mean(), moderator_names=["year"])
    slope = fit.coefficients[1]
    assert (slope.name, round(slope.estimate, 4), round(slope.se, 4)) == ("year", 0.0051, 0.0085)
    assert [round(one.sigma2, 4) for one in fit.levels] == [0.0565, 0.0329]


def test_konstantopoulos_2011_page_70_table_4() -> None:
    fit = multilevel(KON["yi"], KON["vi"], levels=[KON["study"]])
    mean = fit.coefficients[0]
    assert (round(mean.estimate, 4), round(mean.se, 4), round(fit.levels[0].sigma2, 4)) == (0.1279, 0.0439, 0.0884)


def test_one_level_solves_the_equation_of_ordinary_reml() -> None:
    y, v = np.array(KON["yi"]), np.array(KON["vi"])
    w = 1 / (v + multilevel(y, v, levels=[KON["study"]]).levels[0].sigma2)
    r = y - (w @ y) / w.sum()
    assert float(w**2 @ r**2) == close(float(w.sum() - (w**2).sum() / w.sum()))


def test_equal_variances_in_balanced_groups_have_a_closed_form() -> None:
    """Analysis of variance: between the means of m effects the variance is sigma2 of groups + (sigma2 + v) / m."""
    y = np.array([[0.1, 0.5, 0.9], [1.2, 1.5, 2.4], [-0.6, 0.2, 0.1], [2.0, 2.9, 2.6]])
    within, between = float(y.var(axis=1, ddof=1).mean()), float(y.mean(axis=1).var(ddof=1))
    group = np.repeat(np.arange(4), 3)
    fit = multilevel(y.ravel(), np.full(12, 0.05), levels=[group, np.arange(12)])
    assert [one.sigma2 for one in fit.levels] == close([between - within / 3, within - 0.05])
    assert fit.coefficients[0].se == close(float(np.sqrt(between / 4)))


def test_no_level_is_the_common_effect_model() -> None:
    y, v = np.array([0.1, 0.4, 0.3]), np.array([0.1, 0.2, 0.05])
    fit = multilevel(y, v, levels=[])
    assert fit.coefficients[0].estimate == close(float((y / v).sum() / (1 / v).sum()))
    assert fit.q == close(float(((y - fit.coefficients[0].estimate) ** 2 / v).sum()))


def test_profile_intervals_agree_with_metafor_and_with_their_definition() -> None:
    fit = konstantopoulos()
    limits = profile_intervals(fit)
    pinned = PINNED["profile"]["konstantopoulos_reml"]
    for one, expected in zip(limits, (pinned["1"], pinned["2"]), strict=True):
        assert [one.low, one.high] == pytest.approx(expected, rel=1e-5)  # metafor's own optimiser is the limit
    # a single level: the profile is the likelihood itself
    single = multilevel(KON["yi"], KON["vi"], levels=[KON["study"]])
    (interval,) = profile_intervals(single, level=0.9)
    for limit in (interval.low, interval.high):
        there = single.likelihood.solve(np.array([limit]) / single.likelihood.unit**2)
        assert there is not None
        assert 2 * (single.loglik - there.loglik) == close(2.705543454095404)


def test_likelihood_ratio_against_fewer_levels() -> None:
    full = konstantopoulos()
    for reduced, name in ((KON["district"], "konstantopoulos_district"), (KON["study"], "konstantopoulos_two")):
        test = likelihood_ratio(full, multilevel(KON["yi"], KON["vi"], levels=[reduced]))
        assert test.statistic == close(2 * (CASES["konstantopoulos_reml"]["loglik"] - CASES[name]["loglik"]))
        assert (test.df, test.p_boundary) == (1, test.p / 2)
    with pytest.raises(CannotPoolError, match="exchange"):
        likelihood_ratio(full, full)
    year = konstantopoulos(moderators=KON["year"])
    with pytest.raises(CannotPoolError, match="fit both by ML"):
        likelihood_ratio(year, full)


def test_missing_values_drop_their_rows_and_say_so() -> None:
    y = [*KON["yi"], np.nan, 0.3]
    fit = multilevel(y, [*KON["vi"], 0.1, np.nan], levels=[[*KON["district"], 1, 1], [*KON["school"], 1, 2]])
    assert [one.sigma2 for one in fit.levels] == [one.sigma2 for one in konstantopoulos().levels]
    assert [one.code for one in fit.notices] == ["rows-dropped"]
    assert "57, 58" in fit.notices[0].text


def test_a_single_group_has_variance_0() -> None:
    fit = multilevel(KON["yi"], KON["vi"], levels=[["all"] * 56, KON["study"]])
    assert (fit.levels[0].sigma2, fit.notices[0].code, fit.components) == (0.0, "one-group-level", 1)
    assert fit.levels[1].sigma2 == close(CASES["konstantopoulos_two"]["sigma2"])


def test_a_sampling_variance_of_0_leaves_q_and_i2_undefined() -> None:
    fit = multilevel([0.1, 0.5, 0.2, 0.9], [0.0, 0.1, 0.1, 0.1], levels=[["a", "a", "b", "b"], [1, 2, 3, 4]])
    assert (fit.q, fit.q_p, fit.i2, fit.levels[0].i2) == (None, None, None, None)
    assert [one.code for one in fit.notices] == ["q-undefined"]


Y, V, GROUP = [0.1, 0.5, 0.2, 0.9], [0.1, 0.2, 0.1, 0.1], ["a", "a", "b", "b"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"y": [0.1, np.inf, 0.2, 0.9]}, "row 2: the effect is inf"),
        ({"v": [0.1, 0.2, -0.3, 0.1]}, r"row 3: the sampling variance -0\.3"),
        ({"v": [0.1, 0.2]}, "4 effects need as many"),
        ({"v": np.array([[1, 0.9], [0.1, 1]])}, "4 effects need"),
        ({"v": np.eye(4) + np.diag([0.5, 0, 0], 1)}, "not symmetric"),
        ({"v": [np.eye(2), np.array([[1.0, 2.0], [2.0, 1.0]])]}, "used rows 3, 4 is impossible"),
        ({"levels": [["a", "a", None, "b"]]}, "row 3: the label of level 1 is missing"),
        ({"levels": [GROUP, GROUP]}, "cannot determine the variance of level 1 and the variance of level 2"),
        ({"levels": [GROUP, [1, 2]]}, "one label for each"),
        ({"moderators": [1, 1, 1, 1]}, "'moderator 1' is constant"),
        ({"moderators": np.eye(4)[:, :3]}, "4 effects cannot estimate 4 coefficients"),
        ({"method": Tau2Method.DL}, "REML or ML"),
        ({"interval": Interval.KNAPP_HARTUNG}, "wald or t"),
        ({"level": 95}, "between 0 and 1"),
        ({"y": [np.nan] * 4}, "every row lacks"),
    ],
)
def test_impossible_data_are_named(change: dict[str, Any], message: str) -> None:
    with pytest.raises(CannotPoolError, match=message):
        multilevel(**{"y": Y, "v": V, "levels": [GROUP, [1, 2, 3, 4]]} | change)


tables = st.lists(
    st.tuples(st.integers(-30, 30), st.integers(1, 40), st.integers(0, 3)), min_size=6, max_size=14
).filter(lambda rows: 1 < len({row[2] for row in rows}) < len(rows))


@settings(deadline=None, max_examples=10)
@given(rows=tables, seed=st.integers(0, 9), exponent=st.integers(-6, 6), shift=st.integers(-9, 9))
def test_order_labels_and_unit_do_not_matter(
    rows: list[tuple[int, int, int]], seed: int, exponent: int, shift: int
) -> None:
    y, v, study = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    y, v = y / 10, v / 50
    effect = np.arange(len(y))
    order, unit = np.random.default_rng(seed).permutation(len(y)), 10.0**exponent
    fit = multilevel(y, v, levels=[study, effect])
    labels = np.array(["z", "y", "x", "w"])[study.astype(int)]
    other = multilevel((y[order] + shift) * unit, v[order] * unit**2, levels=[labels[order], -effect[order]])
    spread = float(np.var(y) + v.mean())
    for a, b in zip(fit.levels, other.levels, strict=True):
        assert b.sigma2 / unit**2 == pytest.approx(a.sigma2, rel=1e-6, abs=1e-9 * spread)
    mean, moved = fit.coefficients[0], other.coefficients[0]
    assert moved.estimate / unit - shift == pytest.approx(mean.estimate, abs=1e-8 * (1 + abs(shift)))
    assert moved.se / unit == pytest.approx(mean.se, rel=1e-7)
