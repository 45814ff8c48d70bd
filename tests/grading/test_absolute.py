"""Absolute effects against published summary-of-findings tables."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guidewright.grading.absolute import MEASURES_OF_EVENTS, absolute_effect, intervention_risk

#: Measure, per 1,000 without, estimate, limits; per 1,000 with, limits.
PUBLISHED = [
    # Cochrane Handbook 5.1, figure 11.5.a: compression stockings for long flights
    ("RR", 10, (0.10, 0.04, 0.26), (1, 0, 3)),
    ("RR", 30, (0.10, 0.04, 0.26), (3, 1, 8)),
    ("RR", 13, (0.45, 0.18, 1.13), (6, 2, 15)),
    # the later version of the same review with odds ratios (Cochrane CD004002, as tabulated in EBM Guidelines)
    ("OR", 10, (0.10, 0.04, 0.25), (1, 0, 3)),
    ("OR", 30, (0.10, 0.04, 0.25), (3, 1, 8)),
    ("OR", 13, (0.45, 0.18, 1.13), (6, 2, 15)),
    # Cochrane Handbook 5.1, section 11.5.5: a risk ratio of 0.75 at risks of 80 % and 20 %
    ("RR", 800, (0.75, 0.75, 0.75), (600, 600, 600)),
    ("RR", 200, (0.75, 0.75, 0.75), (150, 150, 150)),
]


@pytest.mark.parametrize(("measure", "without", "effect", "expected"), PUBLISHED)
def test_published_tables(
    measure: str, without: int, effect: tuple[float, float, float], expected: tuple[int, int, int]
) -> None:
    estimate, low, high = effect
    found = absolute_effect(measure, without / 1000, estimate=estimate, low=low, high=high)
    assert tuple(round(1000 * one) for one in (found.risk, found.low, found.high)) == expected


def test_a_hazard_ratio_works_on_survival() -> None:
    assert intervention_risk("HR", 2.0, 0.5) == pytest.approx(0.75)
    assert intervention_risk("HR", 0.5, 0.19) == pytest.approx(1 - math.sqrt(0.81))
    assert intervention_risk("HR", 0.5, 1.0) == 1.0


@given(st.sampled_from(["RR", "OR", "PETO", "HR"]), st.floats(0, 1), st.floats(0.01, 50))
def test_risks_stay_risks_and_a_ratio_of_one_changes_nothing(measure: str, assumed: float, ratio: float) -> None:
    assert 0 <= intervention_risk(measure, ratio, assumed) <= 1
    assert intervention_risk(measure, 1.0, assumed) == pytest.approx(assumed)


@given(st.sampled_from(MEASURES_OF_EVENTS), st.floats(0.001, 0.999), st.floats(0.05, 0.9), st.floats(0.91, 3))
def test_a_larger_effect_gives_a_larger_risk(measure: str, assumed: float, small: float, large: float) -> None:
    found = absolute_effect(measure, assumed, estimate=small, low=small, high=large)
    assert found.low <= found.high
    assert found.difference_low <= found.difference_high


@pytest.mark.parametrize(("measure", "assumed"), [("MD", 0.2), ("RR", 1.2), ("RR", -0.1)])
def test_what_makes_no_sense_is_refused(measure: str, assumed: float) -> None:
    with pytest.raises(ValueError, match="risk"):
        absolute_effect(measure, assumed, estimate=1, low=1, high=1)
