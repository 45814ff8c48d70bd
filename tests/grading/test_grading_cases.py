"""Grading cases that a clinician can read (``grading/cases/*.yml``): what is known, and what the rules make of it."""

from __future__ import annotations

from typing import Any

import pytest

from guidewright.evidence.studies import Design
from guidewright.grading.cases import Case
from guidewright.grading.library import built_in_cases, built_in_schemes
from guidewright.guideline.appraise import ClauseGrade
from guidewright.guideline.clause_studies import ClauseStudy
from guidewright.words import say
from tests.grading.case_project import SCHEME, grade_case

SCHEMES = built_in_schemes()
CASES = [(name, case) for name, cases in built_in_cases().items() for case in cases]
OURS = [case for name, case in CASES if name == SCHEME.id]


def graded(name: str, case: Case) -> ClauseGrade:
    return grade_case(case.model_dump(mode="json", exclude_unset=True), SCHEMES[name])


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


@pytest.mark.parametrize(("name", "case"), CASES, ids=[f"{name}: {case.name['en']}" for name, case in CASES])
def test_case(name: str, case: Case) -> None:
    grade = graded(name, case)
    for said, study in zip(case.studies, grade.studies, strict=True):
        expected = dict(said.expect)
        if not expected.pop("counted", True):
            assert study.left_out == say("left-out." + expected.pop("why"), names="whole-trial")
            assert not expected
            continue
        expected |= {"missing": sorted(expected["missing"])} if "missing" in expected else {}
        assert expected == {key: value for key, value in seen(study).items() if key in expected}
    assert outcome(grade) == case.strength
    assert grade.computed.rules == case.rules
    assert grade.reasons
    if grade.computed.strength is None:
        none = () if case.strength in {"no study", "levels only"} or not SCHEMES[name].strengths else ("none",)
        assert grade.computed.possible == (case.possible or none)
    else:
        assert grade.computed.possible == (case.strength,)
        labels = {rule.id: rule.label["en"] for _strength, rule in SCHEMES[name].rules}
        for rule in case.reasons or grade.computed.rules:
            assert f"{labels[rule]} (rule {rule})." in [reason["en"] for reason in grade.reasons]


@pytest.mark.parametrize("name", SCHEMES)
def test_cases_cover_every_scheme(name: str) -> None:
    """Every rule fires and every strength occurs in some case; so does a level of every table."""
    cases = [case for scheme, case in CASES if scheme == name]
    scheme = SCHEMES[name]
    assert {rule for case in cases for rule in case.rules} == {rule.id for _strength, rule in scheme.rules}
    assert {case.strength for case in cases} >= {strength.strength for strength in scheme.strengths}
    if scheme.tables and scheme.levels_from is None:
        asked = {question for table in scheme.tables for question in table.questions}
        shown = {
            case.question
            for case in cases
            if any(said.expect.get("level") in scheme.level_names for said in case.studies)
        }
        assert asked - shown <= {"harm", "economic", "diagnostic"}


def test_cases_cover_the_scheme_of_the_example() -> None:
    """Every design, flaw and outcome occurs in some case."""
    studies = [said for case in OURS for said in case.studies]
    assert {said.design for said in studies if said.design} == set(Design)
    grades = [graded(SCHEME.id, case) for case in OURS]
    recorded = {flaw.id for grade in grades for study in grade.studies if study.quality for flaw in study.quality.flaws}
    assert SCHEME.quality is not None
    assert recorded == {flaw.id for flaw in SCHEME.quality.flaws}
    assert {case.strength for case in OURS} == {
        *(strength.strength for strength in SCHEME.strengths),
        *("no rule", "not gradable", "no study", "undetermined"),
    }


def test_every_case_speaks_both_languages() -> None:
    assert not [case.name for _name, case in CASES if {*case.name} != {"zh", "en"} or {*case.reason} != {"zh", "en"}]
