"""Cases of the suggested certainty that a methodologist can read (``certainty_cases/*.yml``)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from guidewright.evidence.studies import Design
from guidewright.grading.certainty.body import Body, WeightedStudy
from guidewright.grading.certainty.library import certainty_rules
from guidewright.grading.certainty.suggestion import suggest
from guidewright.guideline.certainty import message_of

FILES = sorted((Path(__file__).parent / "certainty_cases").glob("*.yml"))
CASES = [case for file in FILES for case in yaml.safe_load(file.read_text(encoding="utf-8"))]
WORDS = {
    "name",
    "body",
    "studies",
    "designs",
    "appraised",
    "expect",
    "missing",
    "message",
    "starts",
    "certainty",
    "reason",
}


def studies_of(case: dict[str, Any]) -> tuple[WeightedStudy, ...]:
    said = case.get("studies", 1)
    if isinstance(said, list):
        return tuple(
            WeightedStudy(f"s{n}", one["weight"], 1.0, Design(one.get("design", "randomised")), one.get("risk_of_bias"))
            for n, one in enumerate(said)
        )
    design = None if case.get("designs") == "unknown" else Design(case.get("designs", "randomised"))
    return tuple(WeightedStudy(f"s{n}", 100 / said, 1.0, design, case.get("appraised")) for n in range(said))


def body_of(case: dict[str, Any]) -> Body:
    said = {"better": "lower", **case["body"]}
    said["prediction"] = tuple(said["prediction"]) if "prediction" in said else None
    return Body(studies=studies_of(case), null=0.0 if said["measure"] in {"MD", "RD"} else 1.0, **said)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    assert set(case) <= WORDS
    assert case["reason"]
    body = body_of(case)
    suggested = suggest(body, certainty_rules())
    by_reason = {one.reason: one for one in suggested.reasons}
    for reason, expected in case.get("expect", {}).items():
        if expected == "not asked":
            assert not by_reason[reason].asked
            continue
        assert list(by_reason[reason].levels) == (expected if isinstance(expected, list) else [expected]), reason
    for reason, facts in case.get("missing", {}).items():
        assert sorted({one.fact for one in by_reason[reason].missing}) == sorted(facts)
    if "message" in case:
        assert message_of(body, suggested) == case["message"]
    if "starts" in case:
        assert list(suggested.starts) == case["starts"]
    if "certainty" in case:
        assert list(suggested.possible) == case["certainty"]


def test_every_rule_is_reached_by_a_case() -> None:
    rules = certainty_rules()
    given = {
        (one.reason, one.rules[0])
        for case in CASES
        for one in suggest(body_of(case), rules).reasons
        if one.determined is not None and one.rules
    }
    every = {(reason.id, rule.id) for reason in rules.reasons for rule in reason.rules}
    assert every == given
