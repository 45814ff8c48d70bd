"""Stated beside computed, overrides, and the scheme file itself."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from guidewright.evidence.studies import Design
from guidewright.grading.scheme import Scheme
from tests.grading.case_project import SCHEME, grade_case

GOOD: dict[str, Any] = {
    **{"design": "randomised", "blinding": "blinded", "randomisation": "adequate", "follow_up_percent": 90},
    "result": {"effect": "MD", "estimate": -2.0, "ci_low": -2.6, "ci_high": -1.4},
}


@pytest.mark.parametrize(
    ("stated", "studies", "agreement"),
    [
        ("1", [GOOD], "agree"),
        ("2", [GOOD], "differ"),
        (None, [GOOD], "not stated"),
        ("1", [{**GOOD, "blinding": "unclear"}], "undetermined"),
        (None, [], "undetermined"),
    ],
)
def test_stated_and_computed_are_held_against_each_other(
    stated: str | None, studies: list[dict[str, Any]], agreement: str
) -> None:
    case = {"studies": studies} | ({"stated": stated} if stated else {})
    grade = grade_case(case)
    assert (grade.stated, grade.agreement) == (stated, agreement)


def test_an_override_is_in_force_and_the_rule_stays_visible() -> None:
    grade = grade_case({"studies": [GOOD], "stated": "1", "override": "2"})
    assert grade.strength == "2"
    assert grade.computed.strength == "1"
    assert grade.override is not None
    assert grade.override.by == "group"
    assert grade.agreement == "agree"


def test_without_an_override_the_rule_is_in_force() -> None:
    assert grade_case({"studies": [GOOD]}).strength == "1"


@pytest.mark.parametrize(
    ("levels", "stated", "possible", "compatible"),
    [
        (["I"], "1", ("1", "2"), True),
        (["I", "II"], "3", ("1", "2"), False),
        (["II", "III"], "2", ("2",), True),
        (["IV"], None, ("3",), None),
        ([None], "1", (), None),
    ],
)
def test_what_the_stated_levels_alone_would_give(
    levels: list[str | None], stated: str | None, possible: tuple[str, ...], compatible: bool | None
) -> None:
    """Whatever the studies themselves are: here none is identified."""
    case: dict[str, Any] = {"studies": [{"identified": False, "stated_level": level} for level in levels]}
    reading = grade_case(case | ({"stated": stated} if stated else {})).by_stated_levels
    assert (reading.possible, reading.compatible) == (possible, compatible)


def test_reasons_name_what_was_not_counted() -> None:
    protocol = {"name": "planned-trial", "design": "randomised", "report": "protocol"}
    reasons = [reason["en"] for reason in grade_case({"studies": [GOOD, protocol]}).reasons]
    assert reasons == [
        "High-quality level I study, significant difference (rule 1.1).",
        "Not counted: planned-trial.",
    ]


def test_missing_facts_say_how_many_references_are_not_identified() -> None:
    (reason,) = grade_case({"studies": [GOOD, {"identified": False}]}).reasons
    assert reason["en"].startswith("References not identified: 1 of 2.")


def test_the_trace_names_every_rule_once_and_in_order() -> None:
    rules = [rule.id for strength in SCHEME.strengths for rule in strength.rules]
    assert [trace.rule for trace in grade_case({"studies": [GOOD]}).trace] == rules


def test_the_trace_says_what_each_study_of_the_highest_level_lacked() -> None:
    flawed = {**GOOD, "name": "flawed", "blinding": "open"}
    series = {"name": "series", "design": "case-series"}
    by_rule = {trace.rule: trace for trace in grade_case({"studies": [flawed, series]}).trace}
    assert [(lack.study, lack.fact, lack.has, lack.needs) for lack in by_rule["1.1"].lacks] == [
        ("flawed", "quality", ("lesser",), "high")
    ]
    assert (by_rule["2.1"].outcome, by_rule["2.1"].studies) == ("fired", ("flawed",))
    assert (by_rule["3.2"].outcome, by_rule["3.2"].studies) == ("not fired", ())


def test_the_values_that_decide_homogeneity_are_kept() -> None:
    review = {
        "design": "meta-analysis",
        "review": {"included_levels": ["I"]},
        "pooled": {"measure": "MD", "estimates": [-2.0, -4.0], "i2": 80, "prediction": [-6.5, -1.6]},
    }
    (study,) = grade_case({"minimal_important_difference": 1.5, "studies": [review]}).studies
    assert study.homogeneity is not None
    assert study.homogeneity.why == (
        "directions agree, I2 80 % (cut 50 %), prediction interval -6.50 to -1.60 against margin 1.5"
    )


def test_every_design_has_one_place_in_the_scheme() -> None:
    assert SCHEME.reviews is not None
    places = [design for rule in SCHEME.levels for cell in rule.ways for design in cell.designs]
    places += [*SCHEME.reviews.designs, *(design for none in SCHEME.not_gradable for design in none.designs)]
    assert sorted(places) == sorted(Design)


def test_a_scheme_that_says_two_things_about_a_design_is_refused() -> None:
    data = SCHEME.model_dump(mode="json")
    data["levels"][1]["designs"].append("case-series")
    with pytest.raises(ValidationError, match="case-series"):
        Scheme.model_validate(data)


def test_what_is_ours_in_the_scheme_says_so() -> None:
    """Rows that table 1 does not print carry our reading, with the reason."""
    readings = {rule.id for strength in SCHEME.strengths for rule in strength.rules if rule.reading is not None}
    assert readings == {"1.2", "2.5", "2.6", "3.1", "3.2"}
    assert SCHEME.standing == "verified"
