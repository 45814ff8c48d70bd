"""Boundaries against published tables and R's rpact; information sizes and trial sequential analysis."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr

from guidewright.metaanalysis.notices import CannotPoolError
from guidewright.metaanalysis.options import Model, Tau2Method
from guidewright.metaanalysis.pooling import pool
from guidewright.metaanalysis.sensitivity.boundaries import spending_boundaries
from guidewright.metaanalysis.sensitivity.information_size import information_size_means, information_size_risks
from guidewright.metaanalysis.sensitivity.trial_sequential import Evidence, trial_sequential

PINNED: dict[str, Any] = json.loads((Path(__file__).parent / "data" / "sensitivity.json").read_text())
Y, V, YEAR = (np.array(PINNED["bcg"][name]) for name in ("y", "v", "year"))


def test_boundaries_of_five_equal_looks() -> None:
    """DeMets & Lan 1994 (Statistics in Medicine 13:1341): O'Brien-Fleming type, two-sided 0.05."""
    found = spending_boundaries([0.2, 0.4, 0.6, 0.8, 1.0])
    assert found.efficacy == pytest.approx((4.877, 3.357, 2.680, 2.290, 2.031), abs=5e-4)
    assert found.spent[-1] == pytest.approx(0.05)
    assert found.futility == (None,) * 5


@pytest.mark.parametrize("expected", PINNED["designs"], ids=lambda one: str(one["fractions"]))
def test_boundaries_are_those_of_rpact(expected: dict[str, Any]) -> None:
    """To the sixth decimal: rpact integrates by Simpson's rule and may be off in the seventh."""
    found = spending_boundaries(expected["fractions"], power=expected["power"])
    assert found.efficacy == pytest.approx(expected["efficacy"], abs=1e-6)
    if min(expected["futility"]) > 0:
        assert found.futility[:-1] == pytest.approx(expected["futility"], abs=1e-6)
        assert found.inflation == pytest.approx(expected["inflation"], abs=1e-6)
    else:  # futility below 0, which is a boundary of a one-sided design only
        assert found.futility[0] is None
        assert found.inflation == pytest.approx(expected["inflation"], abs=1e-3)


def test_one_look_is_the_plain_test() -> None:
    found = spending_boundaries([1.0], power=0.8)
    assert found.efficacy == pytest.approx((1.959963984540054,))
    assert found.inflation == pytest.approx(1.0)
    assert found.futility == found.efficacy


def test_no_boundary_before_anything_may_be_spent_nor_after_all_is() -> None:
    found = spending_boundaries([0.01, 0.5, 1.2, 1.5], power=0.9)
    assert found.efficacy[0] is None and found.efficacy[3] is None
    assert found.futility[3] is None
    assert found.spent[0] == 0 and found.spent[2] == found.spent[3] == pytest.approx(0.05)


@pytest.mark.parametrize("fractions", [[], [0.5, 0.5], [0.5, 0.3], [0, 1], [0.5, np.nan]])
def test_fractions_must_rise(fractions: list[float]) -> None:
    with pytest.raises(CannotPoolError, match="fractions"):
        spending_boundaries(fractions)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.floats(0.05, 1), min_size=1, max_size=4, unique=True))
def test_all_alpha_is_spent_and_a_look_more_costs_something(times: list[float]) -> None:
    t = np.unique(np.round([*times, 1.0], 2))
    found = spending_boundaries(t)
    assert found.spent[-1] == pytest.approx(0.05, rel=1e-9)
    assert (found.efficacy[-1] or 0) >= 1.959963
    # nothing was crossed before the first boundary, which therefore is a normal quantile
    first = found.efficacy[0]
    if first is not None:
        assert found.spent[0] == pytest.approx(2 * float(ndtr(-first)), rel=1e-6)


def test_error_of_the_boundaries_by_simulation() -> None:
    t = np.array([0.3, 0.5, 0.8, 1.0])
    bounds = np.array(spending_boundaries(t).efficacy, dtype=float)
    steps = np.random.default_rng(4).normal(size=(400_000, 4)) * np.sqrt(np.diff(t, prepend=0))
    z = np.cumsum(steps, axis=1) / np.sqrt(t)
    assert (np.abs(z) >= bounds).any(axis=1).mean() == pytest.approx(0.05, abs=0.0012)


def test_information_size_of_means() -> None:
    """Two arms, standard deviation 1, difference 0.5, 90 %: 2 * 84.06 patients by the formula for one trial."""
    found = information_size_means(0.5, 1.0, alpha=0.05, power=0.9)
    assert found.participants == pytest.approx(2 * 2 * (1.959964 + 1.281552) ** 2 / 0.25, rel=1e-6)
    half = information_size_means(0.5, 1.0, diversity=0.5)
    assert half.participants == pytest.approx(2 * found.participants)
    assert half.participants_unadjusted == pytest.approx(found.participants)


def test_information_size_of_risks() -> None:
    found = information_size_risks(0.1, 0.2, power=0.8)
    assert (found.difference, found.variance) == pytest.approx((0.02, 0.09 * 0.91))
    assert found.participants == pytest.approx(4 * (1.959964 + 0.841621) ** 2 * 0.0819 / 0.0004, rel=1e-6)
    assert information_size_risks(0.1, -0.2).difference == pytest.approx(-0.02)


def test_impossible_information_sizes() -> None:
    for call, message in (
        (lambda: information_size_means(0, 1), "difference"),
        (lambda: information_size_means(0.5, 0), "sd"),
        (lambda: information_size_means(0.5, 1, alpha=5), "alpha"),
        (lambda: information_size_means(0.5, 1, power=90), "power"),
        (lambda: information_size_means(0.5, 1, diversity=1), "diversity"),
        (lambda: information_size_risks(0.5, -1.5), "risks must be"),
        (lambda: information_size_risks(0.5, 0), "difference"),
    ):
        with pytest.raises(CannotPoolError, match=message):
            call()


#: Participants of the thirteen BCG trials (Colditz et al. 1994, table 1).
BCG_PARTICIPANTS = [262, 609, 451, 26465, 10877, 2992, 3174, 176782, 14776, 3381, 77972, 4839, 34767]


def test_bcg_vaccine() -> None:
    required = information_size_risks(0.01, 0.3, power=0.9)
    found = trial_sequential(Y, V, BCG_PARTICIPANTS, required=required, order=YEAR)
    assert [look.row for look in found.looks][:3] == [0, 1, 5]
    whole, common = pool(Y, V, tau2_method=Tau2Method.DL), pool(Y, V, model=Model.COMMON)
    last = found.looks[-1]
    assert (last.estimate, last.se) == pytest.approx((whole.estimate, whole.se))
    assert last.z == pytest.approx(whole.estimate / whole.se)
    assert found.required.diversity == pytest.approx(1 - (common.se / whole.se) ** 2)
    assert found.required.participants == pytest.approx(
        required.participants_unadjusted / (1 - found.required.diversity)
    )
    assert last.participants == sum(BCG_PARTICIPANTS)
    assert last.fraction == pytest.approx(last.participants / found.required.participants)
    first = next(i for i, look in enumerate(found.looks) if look.boundary and abs(look.z) >= look.boundary)
    assert (found.evidence, found.crossed_at) == (Evidence.FIRM, first)
    assert found.adjusted_low is not None and found.adjusted_low < whole.low


def small(z: float, share: float, **options: Any) -> Any:
    """Two equal trials with this z and this share of the required patients."""
    required = information_size_means(0.5, 1.0)
    each = share * required.participants / 2
    y = z * np.sqrt(0.05)
    return trial_sequential([y, y], [0.1, 0.1], [each, each], required=required, model=Model.COMMON, **options)


def test_what_the_looks_say() -> None:
    assert small(2.1, 0.5).evidence is Evidence.INCONCLUSIVE  # a plain test would call it significant
    assert small(3.2, 0.5).evidence is Evidence.FIRM
    assert small(0.1, 0.8).evidence is Evidence.FUTILE
    assert small(0.1, 0.8, futility=False).evidence is Evidence.INCONCLUSIVE
    assert small(0.1, 1.3).evidence is Evidence.REQUIRED_SIZE_REACHED
    assert small(2.5, 1.3).evidence is Evidence.FIRM


def test_given_diversity_counts() -> None:
    assert small(1, 0.5, diversity=0.5).looks[-1].fraction == pytest.approx(0.25)
    assert small(1, 0.5).required.diversity == 0
    with pytest.raises(CannotPoolError, match="diversity"):
        small(1, 0.5, diversity=1)


def test_looks_beyond_the_required_size_and_tiny_ones() -> None:
    required = information_size_means(0.5, 1.0)
    n = required.participants
    found = trial_sequential(
        [0.1] * 4, [0.1] * 4, [0.5 * n, 1e-6 * n, 0.6 * n, 0.2 * n], required=required, model=Model.COMMON
    )
    assert [look.boundary is None for look in found.looks] == [True, False, False, True]
    assert [notice.code for notice in found.notices] == ["looks-not-tested", "required-size-reached"]
    assert found.adjusted_low is None
    with pytest.raises(CannotPoolError, match="less than"):
        trial_sequential([0.1], [0.1], [1e-9], required=required)


def test_participants_must_be_numbers_of_people() -> None:
    required = information_size_means(0.5, 1.0)
    with pytest.raises(CannotPoolError, match="row 2"):
        trial_sequential([0.1, 0.2], [0.1, 0.1], [10, 0], required=required)
    with pytest.raises(CannotPoolError, match="same number of rows"):
        trial_sequential([0.1, 0.2], [0.1, 0.1], [10], required=required)
    with pytest.raises(CannotPoolError, match="participants"):
        trial_sequential([0.1, 0.2], [0.1, 0.1], [np.nan] * 2, required=required)
    found = trial_sequential([0.1, 0.2], [0.1, 0.1], [10, np.nan], required=required)
    assert [look.row for look in found.looks] == [0] and "row 2" in found.notices[0].text
