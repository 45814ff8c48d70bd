"""Extracted rows and analyses made from a few numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from hypothesis import settings
from pydantic import BaseModel

from guidewright.evidence.extraction import Extraction
from guidewright.metaanalysis.analysis import Analysis
from guidewright.metaanalysis.computing import compute
from guidewright.metaanalysis.result import Pooled, Result
from guidewright.metaanalysis.selection import SourcedRow

WORDS = {"en": "words"}


def row(study: str = "s1", **numbers: Any) -> Extraction:
    """One extracted row about pain at one month, unless said otherwise."""
    said = {"intervention": "new", "comparator": "old", "outcome": "pain", "time_point": "1 month", **numbers}
    return Extraction(study=study, report=study, **said)


def sourced(rows: Iterable[dict[str, Any]]) -> list[SourcedRow]:
    """Rows of studies s1, s2, ... as they stand in a file."""
    return [
        SourcedRow(row(**{"study": f"s{n}", **one}), f"e.csv:{n + 1}", one.get("study", f"s{n}"))
        for n, one in enumerate(rows, start=1)
    ]


def analysis(measure: str, **choices: Any) -> Analysis:
    overall = {"pooled": choices.pop("overall", False), "reason": WORDS}
    select = {"outcomes": ["pain"], **choices.pop("select", {})}
    favours = {"low": WORDS, "high": WORDS}
    parts = {"select": select, "overall": overall, "favours": favours}
    return Analysis(id="a", title=WORDS, question="q01", measure=measure, **parts, **choices)


def pooled(measure: str, rows: Iterable[dict[str, Any]], **choices: Any) -> Pooled:
    """The only stratum of an analysis of these rows."""
    (stratum,) = compute(analysis(measure, **choices), sourced(rows)).strata
    return stratum


def numbers_in(value: object) -> Iterator[float]:
    """Every number of a result."""
    if isinstance(value, bool):
        return
    if isinstance(value, int | float):
        yield float(value)
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from numbers_in(getattr(value, name))
    elif isinstance(value, tuple):
        for item in value:
            yield from numbers_in(item)


def strata(result: Result) -> list[Pooled]:
    return [*result.strata, *([result.overall] if result.overall else [])]


def examples(number: int) -> settings:
    """So many examples in CI, and as many times more as the profile of ``tests/conftest.py`` asks for."""
    return settings(max_examples=number * settings.default.max_examples // 100)
