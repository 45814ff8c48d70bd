"""Dates of project files exist in the calendar."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from guidewright.values import ISODate

DATES: TypeAdapter[str] = TypeAdapter(ISODate)


@pytest.mark.parametrize("text", ["2025", "2025-06", "2024-02-29", "2025-12-31"])
def test_a_date_a_month_and_a_year(text: str) -> None:
    assert DATES.validate_python(text) == text


@pytest.mark.parametrize("text", ["2025-13", "2025-02-29", "2025-13-45", "0000", "25-01-01", "2025-1-1"])
def test_no_other(text: str) -> None:
    with pytest.raises(ValidationError):
        DATES.validate_python(text)
