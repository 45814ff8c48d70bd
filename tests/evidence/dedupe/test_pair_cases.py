"""What becomes of two records, case by case; clinicians can read and add to ``cases.yml``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from guidewright.evidence.dedupe.decide import Duplicates, find_duplicates
from guidewright.evidence.dedupe.library import rule_data
from tests.evidence.dedupe.made import found

CASES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "cases.yml").read_text(encoding="utf-8"))


def outcome_of(duplicates: Duplicates) -> tuple[str, tuple[str, ...]]:
    for outcome, pairs in (("same", duplicates.same), ("related", duplicates.related), ("ask", duplicates.ask)):
        if pairs:
            return outcome, pairs[0].reasons
    return "apart", ()


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_pair(case: dict[str, Any]) -> None:
    one, other = found("a/1", **case["one"]), found("b/1", **case["other"])
    outcome, reasons = outcome_of(find_duplicates([one, other]))
    assert outcome == case["outcome"], reasons
    if "because" in case:
        assert f"!{case['because']}" in reasons or f"?{case['because']}" in reasons
    assert outcome_of(find_duplicates([other, one])) == (outcome, reasons)


@pytest.mark.parametrize("kind", ["contradictions", "doubts"])
def test_every_rule_that_asks_has_a_case_or_is_rare(kind: str) -> None:
    cased = {case.get("because") for case in CASES}
    rare = {
        "contradictions": {"pmid", "authors", "volume", "year", "title-differs"},
        "doubts": set(rule_data()["doubts"]) - {"no-title"},
    }
    assert set(rule_data()[kind]) - rare[kind] <= cased
