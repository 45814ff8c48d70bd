"""Numbers as people read them."""

from __future__ import annotations

import pytest

from guidewright.publish.numbers import decimal, estimate_with_interval, grouped, interval, p_value, p_words, percent


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.5, "0.50"), (-0.5, "\u22120.50"), (-0.001, "0.00"), (None, "–"), (12.345, "12.35"), (-12.0, "\u221212.00")],
)
def test_decimals(value: float | None, text: str) -> None:
    assert decimal(value) == text


@pytest.mark.parametrize(
    ("p", "text"), [(0.0001, "<0.001"), (0.001, "0.001"), (0.0499, "0.050"), (0.2, "0.20"), (1.0, "1.00"), (None, "–")]
)
def test_p_values(p: float | None, text: str) -> None:
    assert p_value(p) == text


@pytest.mark.parametrize(
    ("p", "text"),
    [(0.0001, "p < 0.001"), (0.2, "p = 0.20"), ("NS", "p NS"), ("<0.0001", "p < 0.0001"), ("0.04", "p = 0.04")],
)
def test_p_values_in_words(p: float | str, text: str) -> None:
    assert p_words(p) == text


def test_intervals_in_each_language() -> None:
    assert interval(-1.15, 0.05, "en") == "\u22121.15 to 0.05"
    assert interval(-1.15, 0.05, "zh") == "\u22121.15～0.05"
    assert estimate_with_interval("RR", 0.55, 0.45, 0.67, "en") == "RR 0.55 (95% CI 0.45 to 0.67)"
    assert estimate_with_interval("RR", 0.55, None, 0.67, "en") == "RR 0.55"


def test_counts_and_percentages() -> None:
    assert [grouped(n) for n in (9999, 10000, 176782, None)] == ["9999", "10,000", "176,782", "–"]
    assert [percent(n) for n in (0.0, 78.6, None)] == ["0%", "79%", "–"]
