"""Tests of funnel plot asymmetry against R (``data/bias.json``, made by ``data/bias.R``), in print, at the edges."""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guidewright.metaanalysis.bias import (
    Form,
    Predictor,
    RankDistribution,
    begg,
    debray,
    debray_by_arm,
    deeks,
    egger,
    harbord,
    macaskill,
    peters,
    pustejovsky,
    regression_test,
    schwarzer,
    thompson_sharp,
)
from guidewright.metaanalysis.notices import CannotPoolError, Notice
from guidewright.metaanalysis.options import Interval, Tau2Method

PINNED: dict[str, Any] = json.loads((Path(__file__).parent / "data/bias.json").read_text(encoding="utf-8"))
SETS = PINNED["sets"]
LINES = [(name, predictor) for name, one in SETS.items() for predictor in one["regression"]]


def codes(notices: tuple[Notice, ...]) -> set[str]:
    return {notice.code for notice in notices}


@pytest.mark.parametrize(("name", "predictor"), LINES)
@pytest.mark.parametrize("form", Form)
def test_regression_tests_are_those_of_metafor(name: str, predictor: str, form: Form) -> None:
    one = SETS[name]
    theirs = one["regression"][predictor][form]
    ours = regression_test(one["y"], one["v"], n=one.get("n"), predictor=Predictor(predictor), form=form)
    near = 1e-10 if form is Form.MULTIPLICATIVE else 1e-8
    assert ours.statistic == pytest.approx(theirs["statistic"], rel=near)
    assert ours.p == pytest.approx(theirs["p"], abs=1e-8)
    assert ours.df == theirs.get("df")
    for field in ("limit", "limit_low", "limit_high"):
        if field in theirs and theirs[field] is not None:
            assert getattr(ours, field) == pytest.approx(theirs[field], rel=near, abs=near * ours.slope_se), field
        else:
            assert getattr(ours, field) is None


def test_bcg_trials_as_metafor_prints_them() -> None:
    """metafor 3.8-1 prints z = -0.8033, p = 0.4218 (``regtest``) and tau = 0.0256, p = 0.9524 (``ranktest``)."""
    one = SETS["bcg"]
    mixed = regression_test(one["y"], one["v"], form=Form.ADDITIVE)
    assert mixed.statistic == pytest.approx(-0.8033, abs=5e-5)
    assert mixed.p == pytest.approx(0.4218, abs=5e-5)
    rank = begg(one["y"], one["v"])
    assert rank.tau == pytest.approx(0.0256, abs=5e-5)
    assert rank.p == pytest.approx(0.9524, abs=5e-5)


def test_egger_is_the_regression_of_egger_1997() -> None:
    """Egger et al. 1997: y / se on 1 / se, without weights; its intercept is our slope, its slope our limit."""
    y, se = np.array(SETS["bcg"]["y"]), np.sqrt(SETS["bcg"]["v"])
    design = np.column_stack([np.ones_like(se), 1 / se])
    intercept, slope = np.linalg.lstsq(design, y / se, rcond=None)[0]
    ours = egger(y, se=se)
    assert ours.slope == pytest.approx(intercept, rel=1e-10)
    assert ours.limit == pytest.approx(slope, rel=1e-10)


@pytest.mark.parametrize("name", ["bcg", "hackshaw1998"])
def test_rank_test_is_that_of_metafor(name: str) -> None:
    one = SETS[name]
    ours = begg(one["y"], one["v"])
    assert ours.distribution is RankDistribution.EXACT
    assert (ours.tau, ours.p) == pytest.approx((one["rank"]["tau"], one["rank"]["p"]), abs=1e-12)


def test_exact_rank_p_counts_orders() -> None:
    """All 120 orders of five studies, counted."""
    y, v = np.array([0.3, -0.2, 0.9, 0.1, 0.5]), np.array([0.1, 0.2, 0.3, 0.4, 0.6])
    ours = begg(y, v)
    counts = [
        sum(np.sign(b - a) for i, a in enumerate(order) for b in order[i + 1 :]) for order in permutations(range(5))
    ]
    assert ours.p == pytest.approx(min(1.0, np.mean(np.abs(counts) >= abs(ours.s))), rel=1e-12)


def test_ties_take_the_normal_approximation_and_say_so() -> None:
    y, v = [0.1, 0.2, 0.3, 0.4, 0.5, 0.9], [0.1, 0.1, 0.2, 0.3, 0.3, 0.5]
    ours = begg(y, v)
    assert ours.distribution is RankDistribution.NORMAL
    assert {"ties", "few-studies"} <= codes(ours.notices)
    with pytest.raises(CannotPoolError, match="tied"):
        begg(y, v, distribution=RankDistribution.EXACT)
    corrected = begg(y, v, continuity_correction=True)
    assert corrected.p is not None
    assert ours.p is not None
    assert corrected.p > ours.p


def test_rank_test_without_variation_has_no_p() -> None:
    ours = begg([0.1, 0.2, 0.4, 0.3], [0.1, 0.1, 0.1, 0.1])
    assert (ours.tau, ours.p, ours.statistic) == (None, None, None)
    assert "no-variation" in codes(ours.notices)


@pytest.mark.parametrize("test", ["harbord", "peters", "macaskill", "macaskill_pooled", "deeks"])
def test_tests_for_tables(test: str) -> None:
    """R's ``lm``; meta 8.3-0 has the same numbers for these trials (``macaskill_pooled`` aside, which it lacks)."""
    tables = PINNED["tables"]
    counts = [tables[name] for name in ("events1", "total1", "events2", "total2")]
    found = {
        "harbord": lambda: harbord(*counts),
        "peters": lambda: peters(*counts),
        "macaskill": lambda: macaskill(*counts),
        "macaskill_pooled": lambda: macaskill(*counts, pooled_variance=True),
        "deeks": lambda: deeks(*counts),
    }[test]()
    for field, value in tables["tests"][test].items():
        assert getattr(found, field) == pytest.approx(value, rel=1e-9), field
    assert found.df == 11


def test_schwarzer_and_thompson_on_bcg_odds_ratios() -> None:
    """meta 8.3-0, ``metabias``; its REML stops at an absolute 1e-5."""
    tables = PINNED["tables"]
    a, n1, c, n2 = (np.array(tables[name]) for name in ("events1", "total1", "events2", "total2"))
    rank = schwarzer(a, n1, c, n2)
    assert (rank.s, rank.s_se) == pytest.approx((6, 16.391054470858993), rel=1e-12)
    assert rank.p == pytest.approx(0.7143252846662896, abs=1e-10)
    y, v = np.log(a / (n1 - a) * (n2 - c) / c), 1 / a + 1 / (n1 - a) + 1 / c + 1 / (n2 - c)
    line = thompson_sharp(y, v)
    assert (line.slope, line.slope_se) == pytest.approx((-0.7489589943623723, 0.9672844753330326), rel=2e-6)
    assert line.p == pytest.approx(0.4550796827493607, abs=1e-6)


def test_standardised_mean_differences() -> None:
    means = PINNED["means"]
    sizes = {"n1": means["n1"], "n2": means["n2"]}
    for ours, name in (
        (pustejovsky(means["y"], means["v"], **sizes), "weighted"),
        (pustejovsky(means["y"], **sizes), "modified"),
    ):
        for field, value in means[name].items():
            assert getattr(ours, field) == pytest.approx(value, rel=1e-9), (name, field)


def test_debray_is_weighted_least_squares_on_inverse_events() -> None:
    y, v, events = SETS["bcg"]["y"], SETS["bcg"]["v"], np.array(SETS["bcg"]["n"]) // 20
    x, w = 1 / events, 1 / np.sqrt(v)
    design = np.column_stack([np.ones_like(x), x]) * w[:, None]
    slope = np.linalg.lstsq(design, y * w, rcond=None)[0][1]
    assert debray(y, v, events=events).slope == pytest.approx(slope, rel=1e-9)
    d1, d2 = events // 2, events - events // 2
    by_arm = debray_by_arm(y, events1=d1, events2=d2)
    assert by_arm.slope == pytest.approx(debray(y, 1 / d1 + 1 / d2, events=events).slope, rel=1e-12)
    assert debray_by_arm([0.1, 0.2, 0.5], events1=[0, 4, 6], events2=[3, 5, 2]).p is not None
    with pytest.raises(CannotPoolError, match="row 2"):
        debray_by_arm([0.1, 0.2, 0.5], events1=[1, -4, 6], events2=[3, 5, 2])


def test_double_zero_tables_are_left_out_and_named() -> None:
    ours = harbord([0, 4, 6, 8, 3], [50, 60, 70, 80, 90], [0, 8, 9, 9, 10], [50, 61, 75, 85, 95])
    assert ours.k == 4
    assert "double-zero-dropped" in codes(ours.notices)
    one_zero = peters([0, 4, 6, 8], [50, 60, 70, 80], [3, 8, 9, 9], [50, 61, 75, 85])
    assert one_zero.k == 4
    with pytest.raises(CannotPoolError, match="odds ratio"):
        schwarzer([0, 0, 0], [50, 60, 70], [3, 8, 9], [50, 61, 75])


def test_edges_of_the_regression_test() -> None:
    with pytest.raises(CannotPoolError, match="at least 3 studies; there are 2"):
        egger([0.1, 0.2], [0.1, 0.2])
    with pytest.raises(CannotPoolError, match="same in all studies"):
        egger([0.1, 0.2, 0.3], [0.1, 0.1, 0.1])
    with pytest.raises(CannotPoolError, match="needs `n`"):
        regression_test([0.1, 0.2, 0.3], [0.1, 0.2, 0.3], predictor=Predictor.SIZE)
    with pytest.raises(CannotPoolError, match="row 2"):
        regression_test([0.1, 0.2, 0.3], [0.1, 0.2, 0.3], n=[10, 0, 30], predictor=Predictor.SIZE)
    dropped = regression_test(
        [0.1, 0.2, 0.5, 0.3], [0.1, 0.2, 0.3, 0.5], n=[10, 20, np.nan, 30], predictor=Predictor.SIZE
    )
    assert dropped.k == 3
    assert {"rows-dropped", "few-studies"} <= codes(dropped.notices)
    three = egger([0.1, 0.4, 0.3], [0.1, 0.2, 0.3])
    assert three.df == 1
    same = egger([0.3] * 5, [0.1, 0.2, 0.3, 0.4, 0.5])
    assert (same.statistic, same.p, same.limit_p) == (None, None, None)
    assert "no-residual" in codes(same.notices)
    assert not codes(egger(SETS["bcg"]["y"], SETS["bcg"]["v"]).notices)


@pytest.mark.parametrize("scale", [1e-6, 1e6])
@pytest.mark.parametrize("form", Form)
def test_badly_scaled_predictors_do_not_fail(scale: float, form: Form) -> None:
    """metafor finds no full rank where predictors are tiny."""
    y, v = np.array(SETS["bcg"]["y"]), np.array(SETS["bcg"]["v"])
    plain = regression_test(y, v, predictor=Predictor.VARIANCE, form=form)
    scaled = regression_test(y * scale, v * scale**2, predictor=Predictor.VARIANCE, form=form)
    assert scaled.statistic == pytest.approx(plain.statistic, rel=1e-8)
    assert scaled.limit == pytest.approx(plain.limit * scale, rel=1e-8)  # type: ignore[operator]


numbers = st.floats(-3, 3).map(lambda x: round(x, 3))
variances = st.floats(0.01, 2).map(lambda x: round(x, 3))
studies = st.lists(st.tuples(numbers, variances), min_size=5, max_size=25, unique_by=(lambda s: s[0], lambda s: s[1]))


@settings(max_examples=40, deadline=None)
@given(studies, st.randoms(use_true_random=False))
def test_order_and_sign_of_studies(rows: list[tuple[float, float]], random: Any) -> None:
    y, v = np.array(rows).T
    shuffled = list(range(len(y)))
    random.shuffle(shuffled)
    a, b = egger(y, v), egger(-y[shuffled], v[shuffled])
    assert b.slope == pytest.approx(-a.slope, rel=1e-7, abs=1e-7)
    assert b.p == pytest.approx(a.p, abs=1e-7)
    mixed = {"form": Form.ADDITIVE, "tau2_method": Tau2Method.DL, "interval": Interval.KNAPP_HARTUNG}
    c, d = regression_test(y, v, **mixed), regression_test(-y[shuffled], v[shuffled], **mixed)  # type: ignore[arg-type]
    assert d.p == pytest.approx(c.p, abs=1e-7)
    e, f = begg(y, v), begg(-y, v)
    assert f.s == -e.s
    assert f.p == e.p
