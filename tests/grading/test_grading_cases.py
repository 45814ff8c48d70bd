"""Grading cases that a clinician can read (``cases/*.yml``): what is known, and what the rules make of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from guidewright.evidence.studies import Design
from guidewright.guideline.appraise import ClauseGrade
from guidewright.guideline.clause_studies import ClauseStudy
from guidewright.words import say
from tests.grading.case_project import SCHEME, grade_case

FILES = sorted((Path(__file__).parent / "cases").glob("*.yml"))
CASES = [(file.stem, case) for file in FILES for case in yaml.safe_load(file.read_text(encoding="utf-8"))]
WORDS_OF_A_CASE = {
    *("name", "studies", "others", "claim", "better", "minimal_important_difference", "minimum_studies"),
    *("strength", "possible", "rules", "reasons", "reason"),
}


def outcome(grade: ClauseGrade) -> str:
    computed = grade.computed
    return computed.strength or computed.note


def told(values: frozenset[Any]) -> str:
    return str(next(iter(values))) if len(values) == 1 else "undetermined"


def seen(study: ClauseStudy) -> dict[str, object]:
    """A graded study in the words of `expect`."""
    assert study.left_out is None, study.left_out
    return {
        "level": told(study.level.levels),
        "quality": told(study.quality.qualities) if study.quality else None,
        "finding": told(study.found.findings) if study.found else None,
        "direction": told(study.found.directions) if study.found else None,
        "missing": sorted(missing.fact for missing in study.missing),
    }


@pytest.mark.parametrize(("file", "case"), CASES, ids=[f"{file}: {case['name']}" for file, case in CASES])
def test_case(file: str, case: dict[str, Any]) -> None:
    assert set(case) <= WORDS_OF_A_CASE
    grade = grade_case(case)
    for said, study in zip(case["studies"], grade.studies, strict=True):
        expected = dict(said.get("expect", {}))
        if not expected.pop("counted", True):
            assert study.left_out == say("left-out." + expected.pop("why"), names="whole-trial")
            assert not expected
            continue
        expected |= {"missing": sorted(expected["missing"])} if "missing" in expected else {}
        assert expected == {key: value for key, value in seen(study).items() if key in expected}
    assert outcome(grade) == case["strength"]
    assert grade.computed.rules == tuple(case.get("rules", ()))
    if grade.computed.strength is None:
        none = () if case["strength"] == "no study" else ("none",)
        assert grade.computed.possible == tuple(case.get("possible", none))
    else:
        assert grade.computed.possible == (case["strength"],)
        labels = {rule.id: rule.label["en"] for strength in SCHEME.strengths for rule in strength.rules}
        for rule in case.get("reasons", grade.computed.rules):
            assert f"{labels[rule]} (rule {rule})" in [reason["en"] for reason in grade.reasons]
        assert grade.reasons


def test_cases_cover_the_scheme() -> None:
    """Every rule fires, every design, flaw and outcome occurs in some case."""
    studies = [said for _file, case in CASES for said in case["studies"]]
    fired = {rule for _file, case in CASES for rule in case.get("rules", ())}
    assert fired == {rule.id for strength in SCHEME.strengths for rule in strength.rules}
    assert {said["design"] for said in studies if "design" in said} == {design.value for design in Design}
    grades = [grade_case(case) for _file, case in CASES]
    recorded = {flaw.id for grade in grades for study in grade.studies if study.quality for flaw in study.quality.flaws}
    assert recorded == {flaw.id for flaw in SCHEME.quality.flaws}
    assert {case["strength"] for _file, case in CASES} == {
        *(strength.strength for strength in SCHEME.strengths),
        *("no rule", "not gradable", "no study", "undetermined"),
    }


def test_every_design_has_its_own_case() -> None:
    cases = yaml.safe_load((Path(__file__).parent / "cases/designs.yml").read_text(encoding="utf-8"))
    assert sorted(case["studies"][0]["design"] for case in cases) == sorted(design.value for design in Design)
