"""Voting cases that a panel can read (``cases/*.yml``)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from guidewright.guideline.panel import ClauseResult, count_votes
from guidewright.guideline.rounds import Round
from guidewright.guideline.voting import Vote

FILES = sorted((Path(__file__).parent / "cases").glob("*.yml"))
CASES = [case for file in FILES for case in yaml.safe_load(file.read_text(encoding="utf-8"))]


def votes_of(said: list[Any]) -> list[Vote]:
    kind = {int: "rating", str: "vote"}
    return [
        Vote.model_validate({"voter": f"m{n}", "clause": "r01a", kind[type(one)]: one}) for n, one in enumerate(said)
    ]


def seen(result: ClauseResult) -> dict[str, Any]:
    share, ratings = result.share, result.ratings
    return {
        "outcome": result.outcome,
        "grid": result.grid,
        "votes": share.votes if share else 0,
        "of": result.cast,
        "percent": share.percent if share else None,
        "abstained": result.abstained,
        "recused": result.recused,
        "present": result.present,
        "dissent": len(result.dissent),
        "median": ratings.median if ratings else None,
        "spread": ratings.spread if ratings else None,
        "spread_allowed": ratings.spread_allowed if ratings else None,
        "disagreement": ratings.disagreement if ratings else None,
    }


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    assert case["reason"]
    rule = Round.model_validate({"id": "round-1", "declared": "2026-01-01", **case["round"]})
    found = seen(count_votes(rule, "r01a", votes_of(case["votes"])))
    assert set(case["expect"]) <= set(found)
    for name, expected in case["expect"].items():
        assert found[name] == (pytest.approx(expected) if isinstance(expected, float) else expected), name
