"""Mantel-Haenszel pooling against metafor, a textbook, its edges and what must not change it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guidewright.metaanalysis.counts import mantel_haenszel as module
from guidewright.metaanalysis.counts.mantel_haenszel import (
    MantelHaenszel,
    RiskDifferenceVariance,
    mantel_haenszel,
    mantel_haenszel_leave_one_out,
)
from guidewright.metaanalysis.effects.choices import To
from guidewright.metaanalysis.notices import CannotPoolError

PINNED = json.loads((Path(__file__).parent / "data" / "counts.json").read_text(encoding="utf-8"))
CLOSE, CLOSE_P = 1e-10, 1e-8

CHOICES: dict[str, dict[str, Any]] = {
    "default": {},
    "nocorrect": {"correct": False},
    "both": {"add_pooled": 0.5, "to_pooled": To.ONLY_ZERO},
    "all": {"add": 0.1, "to": To.ALL, "add_pooled": 0.2, "to_pooled": To.IF_ZERO_ALL},
    "if0all": {"to": To.IF_ZERO_ALL},
    "none": {"to": To.NONE},
    "dropped": {"drop_double_zero_pooled": True},
    "kept": {"drop_double_zero": False},
    "level": {"level": 0.9},
}


def columns(name: str) -> list[list[float]]:
    data = PINNED["data"][name]
    return [data["a"], data["n1"], data["c"], data["n2"]]


def codes(result: MantelHaenszel) -> set[str]:
    return {notice.code for notice in result.notices}


def same(ours: float | None, theirs: float | None, what: str) -> None:
    if theirs is None or ours is None:
        assert ours is None, what
        assert theirs is None, what
    elif what.endswith("_p") or what == "p":
        assert ours == pytest.approx(theirs, abs=CLOSE_P), what
    else:
        assert ours == pytest.approx(theirs, rel=CLOSE, abs=1e-13), what


# --- metafor ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pinned", PINNED["pooled"], ids=lambda p: f"{p['set']}-{p['measure']}-{p['choice']}")
def test_every_number_is_metafors(pinned: dict[str, Any]) -> None:
    result = mantel_haenszel(pinned["measure"], *columns(pinned["set"]), **CHOICES[pinned["choice"]])
    for what in pinned.keys() - {"set", "measure", "choice"}:
        same(getattr(result, what), pinned[what], what)


@pytest.mark.parametrize("pinned", PINNED["leave_one_out"], ids=lambda p: f"{p['set']}-{p['measure']}")
def test_leaving_one_out_is_metafors(pinned: dict[str, Any]) -> None:
    options = CHOICES[pinned["choice"]]
    result = mantel_haenszel_leave_one_out(pinned["measure"], *columns(pinned["set"]), **options)
    for what in pinned.keys() - {"set", "measure", "choice"}:
        for ours, theirs in zip(getattr(result, what), pinned[what], strict=True):
            same(float(ours), theirs, what)


def test_leaving_one_out_is_pooling_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    sparse = np.array(columns("sparse"))
    whole = mantel_haenszel_leave_one_out("OR", *sparse, to=To.IF_ZERO_ALL)
    monkeypatch.setattr(module, "BLOCK", 10)  # one analysis in each block
    cut = mantel_haenszel_leave_one_out("OR", *sparse, to=To.IF_ZERO_ALL)
    for i in range(sparse.shape[1]):
        alone = mantel_haenszel("OR", *np.delete(sparse, i, axis=1), to=To.IF_ZERO_ALL)
        for what in ("estimate", "se", "z", "p", "low", "high", "q", "q_p", "i2", "h2"):
            same(float(getattr(whole, what)[i]), getattr(alone, what), what)
            assert getattr(whole, what)[i] == getattr(cut, what)[i], what
    assert not whole.estimate.flags.writeable
    assert whole.rows == tuple(range(1, sparse.shape[1] + 1))


# --- Rothman, Greenland & Lash, Modern Epidemiology, 3rd ed. 2008, chapter 15 ---------------------------------------

TOLBUTAMIDE = ([8, 22], [106, 98], [5, 16], [120, 85])  # table 15-1: deaths and patients by age
DOCTORS = (  # table 15-2: coronary deaths and 10,000 person-years of smokers and others by age
    [32, 104, 206, 186, 102],
    np.array([52407, 43248, 28612, 12663, 5317]) / 1e4,
    [2, 12, 28, 28, 31],
    np.array([18790, 10673, 5710, 2585, 1462]) / 1e4,
)


def test_tolbutamide_trial() -> None:
    """Printed: RD 0.035 (90 % interval -0.018 to 0.087), RR 1.33 (0.87 to 2.0), OR 1.40 (0.84 to 2.3)."""
    rd, rr, odds = (mantel_haenszel(m, *TOLBUTAMIDE, level=0.9, correct=False) for m in ("RD", "RR", "OR"))
    assert [rd.estimate, rd.low, rd.high] == pytest.approx([0.0349, -0.0176, 0.0874], abs=5e-5)
    assert np.exp([rr.estimate, rr.low, rr.high]) == pytest.approx([1.3256, 0.8658, 2.0296], abs=5e-5)
    assert np.exp([odds.estimate, odds.low, odds.high]) == pytest.approx([1.4031, 0.8411, 2.3409], abs=5e-5)
    assert [odds.cochran, odds.mantel_haenszel] == pytest.approx([1.1976, 1.1914], abs=5e-5)
    assert [odds.tarone, odds.tarone_p] == pytest.approx([0.3489, 0.5547], abs=5e-5)


def test_british_doctors() -> None:
    """Printed: IRD 11.4 (90 % interval 6.35 to 16.5) for 10,000 person-years, IRR 1.42 (1.2 to 1.7)."""
    ird, irr = (mantel_haenszel(m, *DOCTORS, level=0.9, correct=False) for m in ("IRD", "IRR"))
    assert [ird.estimate, ird.low, ird.high] == pytest.approx([11.4392, 6.3498, 16.5286], abs=5e-5)
    assert np.exp([irr.estimate, irr.low, irr.high]) == pytest.approx([1.4247, 1.1944, 1.6994], abs=5e-5)
    assert irr.mantel_haenszel == pytest.approx(11.0162, abs=5e-5)


def test_risk_difference_by_greenland_and_robins() -> None:
    """The variance of RevMan and of R's meta (8.3-0), which gives 0.0002845159218969411 for the BCG trials."""
    result = mantel_haenszel("RD", *columns("bcg"), risk_difference_variance=RiskDifferenceVariance.GREENLAND_ROBINS)
    assert result.se == pytest.approx(0.0002845159218969411, rel=CLOSE)


# --- edges --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("measure", ["OR", "RR", "IRR"])
def test_a_ratio_without_events_in_an_arm_is_undefined_and_says_so(measure: str) -> None:
    result = mantel_haenszel(measure, [0, 0], [50, 60], [2, 1], [50, 55])
    assert (result.estimate, result.se, result.p, result.low, result.q) == (None, None, None, None, None)
    assert "estimate-undefined" in codes(result)
    if measure == "OR":
        assert result.k_informative == 0
        assert result.breslow_day is None
        assert result.mantel_haenszel is not None  # the test needs no estimate


def test_a_difference_without_events_in_an_arm_is_defined() -> None:
    result = mantel_haenszel("RD", [0, 0], [50, 60], [2, 1], [50, 55])
    assert result.estimate is not None
    assert result.estimate < 0
    assert result.p is not None


def test_no_events_at_all() -> None:
    zero = ([0, 0], [50, 60], [0, 0], [50, 55])
    odds, rd = mantel_haenszel("OR", *zero), mantel_haenszel("RD", *zero)
    assert odds.estimate is odds.mantel_haenszel is odds.cochran is None
    assert (rd.estimate, rd.se, rd.p, rd.low, rd.high) == (0, 0, None, None, None)
    assert codes(rd) == {"interval-undefined", "double-zero"}
    assert (rd.q, rd.q_p, rd.i2, rd.h2, rd.k_effects) == (0, 1, 0, 1, 0)
    with pytest.raises(CannotPoolError, match="nothing to compare"):
        mantel_haenszel("RD", *zero, drop_double_zero_pooled=True)


def test_double_zero_tables_are_named() -> None:
    result = mantel_haenszel("OR", *columns("sparse"))
    assert next(n.text for n in result.notices if n.code == "double-zero").endswith(": 3, 6.")
    assert (result.k, result.k_effects, result.k_informative) == (7, 5, 5)


def test_tables_without_an_effect_of_their_own_are_named() -> None:
    result = mantel_haenszel("OR", *columns("sparse"), to=To.NONE)
    assert next(n.text for n in result.notices if n.code == "effect-undefined").endswith(": 1, 2, 5.")


def test_one_table_is_its_own_estimate() -> None:
    one = mantel_haenszel("OR", [10], [100], [20], [100])
    assert one.estimate == pytest.approx(np.log(10 * 80 / (90 * 20)), rel=CLOSE)
    assert (one.q, one.q_df, one.q_p, one.i2, one.h2) == (0, 0, 1, 0, 1)
    assert one.breslow_day_p is None
    with pytest.raises(CannotPoolError, match="one table only"):
        mantel_haenszel_leave_one_out("OR", [10], [100], [20], [100])


def test_the_continuity_correction_never_turns_a_difference_round() -> None:
    """Equal arms: metafor's statistic would be (0 - 1/2)**2 / V, larger than without correction."""
    equal = mantel_haenszel("OR", [10, 5], [100, 50], [10, 5], [100, 50])
    assert (equal.mantel_haenszel, equal.mantel_haenszel_p, equal.cochran, equal.cochran_p) == (0, 1, 0, 1)


def test_rows_with_missing_values_are_dropped_and_named() -> None:
    full = mantel_haenszel("RR", [1, 2], [20, 30], [3, 4], [25, 35])
    holes = mantel_haenszel("RR", [1, np.nan, 2], [20, 20, 30], [3, 3, 4], [25, 25, 35])
    assert holes.estimate == full.estimate
    assert holes.k == 2
    assert [n.text for n in holes.notices] == ["A value is missing in these rows, which were left out: 2."]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (([1, 9], [5, 8], [1, 1], [5, 5]), "row 2: events1 is 9, and must not exceed total1"),
        (([1, 1], [5, 5], [-1, 1], [5, 5]), "row 1: events2 is -1, and must not be negative"),
        (([1, 0], [5, 0], [1, 1], [5, 5]), "row 2: total1 is 0, and must be 1 or more"),
        (([1, 1], [5, 5], [1, 1], [5, np.inf]), "row 2: total2 is inf, and must be finite"),
        (([1], [5, 5], [1, 1], [5, 5]), "differ in length"),
        ((["a"], [5], [1], [5]), "not a number"),
        (([[1]], [5], [1], [5]), "dimensions"),
        (([np.nan], [5], [1], [5]), "no row has all its values"),
        (([], [], [], []), "no row has all its values"),
    ],
)
def test_impossible_tables(table: tuple[list[Any], ...], said: str) -> None:
    with pytest.raises(CannotPoolError, match=said):
        mantel_haenszel("OR", *table)


def test_the_row_named_is_the_row_given() -> None:
    with pytest.raises(CannotPoolError, match="row 3: events1 is 9"):
        mantel_haenszel("OR", [np.nan, 1, 9], [5, 5, 8], [1, 1, 1], [5, 5, 5])
    with pytest.raises(CannotPoolError, match="row 2: time2 is 0"):
        mantel_haenszel("IRR", [1, 1], [5, 5], [1, 1], [5, 0])


def test_impossible_options() -> None:
    table = ([1], [5], [1], [5])
    with pytest.raises(CannotPoolError, match="level is 95"):
        mantel_haenszel("OR", *table, level=95)
    with pytest.raises(CannotPoolError, match="measure is SMD"):
        mantel_haenszel("SMD", *table)
    with pytest.raises(CannotPoolError, match="addition"):
        mantel_haenszel("OR", *table, add=-1)


# --- what must not change it --------------------------------------------------------------------------------------

TABLES = st.lists(
    st.tuples(st.integers(1, 20), st.integers(21, 90), st.integers(1, 20), st.integers(21, 90)), min_size=2, max_size=8
)


def numbers(result: MantelHaenszel, *names: str) -> list[float]:
    return [getattr(result, name) for name in names]


@settings(max_examples=40)
@given(tables=TABLES, measure=st.sampled_from(["OR", "RR", "RD", "IRR", "IRD"]), seed=st.randoms())
def test_order_and_side(tables: list[tuple[int, ...]], measure: str, seed: Any) -> None:
    a, n1, c, n2 = np.array(tables, dtype=float).T
    here = mantel_haenszel(measure, a, n1, c, n2)
    order = list(range(len(a)))
    seed.shuffle(order)
    again = mantel_haenszel(measure, a[order], n1[order], c[order], n2[order])
    other = mantel_haenszel(measure, c, n2, a, n1)
    spread = numbers(here, "se", "q", "i2", "h2")
    assert numbers(again, "estimate", "se", "q", "i2") == pytest.approx(
        numbers(here, "estimate", "se", "q", "i2"), rel=1e-9, abs=1e-11
    )
    assert numbers(other, "se", "q", "i2", "h2") == pytest.approx(spread, rel=1e-9, abs=1e-9)
    assert other.estimate == pytest.approx(-(here.estimate or 0), rel=1e-9, abs=1e-12)


@settings(max_examples=30)
@given(tables=TABLES)
def test_events_or_non_events(tables: list[tuple[int, ...]]) -> None:
    a, n1, c, n2 = np.array(tables, dtype=float).T
    odds, mirror = mantel_haenszel("OR", a, n1, c, n2), mantel_haenszel("OR", n1 - a, n1, n2 - c, n2)
    assert mirror.estimate == pytest.approx(-(odds.estimate or 0), rel=1e-9, abs=1e-12)
    tests = ("se", "q", "mantel_haenszel", "cochran", "breslow_day", "tarone")
    assert numbers(mirror, *tests) == pytest.approx(numbers(odds, *tests), rel=1e-7, abs=1e-9)


@settings(max_examples=20)
@given(tables=TABLES, unit=st.floats(1e-3, 1e3))
def test_unit_of_time(tables: list[tuple[int, ...]], unit: float) -> None:
    a, n1, c, n2 = np.array(tables, dtype=float).T
    ratio, difference = mantel_haenszel("IRR", a, n1, c, n2), mantel_haenszel("IRD", a, n1, c, n2)
    ratio2, difference2 = (mantel_haenszel(m, a, n1 * unit, c, n2 * unit) for m in ("IRR", "IRD"))
    names = ("estimate", "se", "q", "mantel_haenszel")
    assert numbers(ratio2, *names) == pytest.approx(numbers(ratio, *names), rel=1e-9, abs=1e-11)
    scaled = [x * unit for x in numbers(difference2, "estimate", "se")]
    assert scaled == pytest.approx(numbers(difference, "estimate", "se"), rel=1e-9, abs=1e-11)
