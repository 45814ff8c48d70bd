"""What ``guidewright check`` prints for programs, its exit codes, and answers to findings."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path
from shutil import copytree

import jsonschema
import pytest

from guidewright.audit.findings import Finding
from guidewright.audit.junit import junit
from guidewright.audit.rules import rules
from guidewright.audit.sarif import sarif
from guidewright.problems import Problem
from tests.audit.mutations import Bench
from tests.cli.running import run, run_json
from tests.loading.project_copy import PROJECT

SCHEMA = json.loads(Path(__file__).with_name("sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
PROBLEM = Problem("evidence/a b&<c>.yml", 3, 7, "must be \x07 a <word>", "x", None, None)


def test_sarif_is_valid_and_points_at_lines(clean: tuple[Finding, ...]) -> None:
    log = json.loads(json.dumps(sarif([PROBLEM], clean)))
    validator = jsonschema.Draft4Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
    assert not list(validator.iter_errors(log))
    results = log["runs"][0]["results"]
    assert len(results) == 1 + len(clean)
    for result, finding in zip(results[1:], clean, strict=True):
        place = result["locations"][0]["physicalLocation"]
        assert (place["artifactLocation"]["uri"], place["region"]["startLine"]) == (finding.file, finding.line)
    assert {rule["id"] for rule in log["runs"][0]["tool"]["driver"]["rules"]} == {*rules(), "file-problem"}
    assert results[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "evidence/a%20b%26%3Cc%3E.yml"


def test_junit_is_well_formed_and_fails_where_something_is_wrong(clean: tuple[Finding, ...]) -> None:
    suites = ET.fromstring(junit([PROBLEM], clean, "error"))  # noqa: S314 - our own
    failed = {case.get("name") for case in suites.iter("testcase") if case.find("failure") is not None}
    assert failed == {"file-problem", *(finding.rule for finding in clean if finding.severity == "error")}
    assert {case.get("name") for case in suites.iter("testcase")} == {"file-problem", *rules()}


# --- exit codes ---------------------------------------------------------------------------------------------------


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A tiny project with one error, one warning and notes, perhaps."""
    return copytree(PROJECT, tmp_path / "small")


def severities(root: Path) -> dict[str, int]:
    _, data = run_json("check", "--format", "json", "-C", root)
    counts: dict[str, int] = {}
    for finding in data["findings"]:
        if finding["answer"] is None:
            counts[finding["severity"]] = counts.get(finding["severity"], 0) + 1
    return counts


def test_exit_codes_follow_the_severity_that_is_asked_for(small: Path) -> None:
    counts = severities(small)
    for fail_on, those in (("error", ["error"]), ("warning", ["error", "warning"])):
        expected = 1 if any(counts.get(one) for one in those) else 0
        for style in ("text", "json", "sarif", "junit"):
            assert run("check", "--format", style, "--fail-on", fail_on, "-C", small).exit_code == expected


def test_wrong_use_is_exit_code_2(small: Path) -> None:
    assert run("check", "--format", "xml", "-C", small).exit_code == 2
    assert run("check", "--json", "--format", "sarif", "-C", small).exit_code == 2
    assert run("explain", "no-such-rule").exit_code == 2


def test_problems_of_files_come_in_every_format(small: Path) -> None:
    study = small / "evidence/studies/adams-2020.yml"
    study.write_text(study.read_text(encoding="utf-8").replace("blinding:", "blindng:"), encoding="utf-8")
    for style in ("text", "json", "sarif", "junit"):
        result = run("check", "--format", style, "-C", small)
        assert result.exit_code == 1
        assert "blindng" in result.stdout


def test_json_is_an_alias(small: Path) -> None:
    assert run("check", "--json", "-C", small).stdout == run("check", "--format", "json", "-C", small).stdout


# --- explain ------------------------------------------------------------------------------------------------------


def test_explain_lists_and_explains() -> None:
    listed = run("explain")
    assert listed.exit_code == 0
    assert all(name in listed.stdout for name in rules())
    told = run("explain", "printed-blinding")
    assert rules()["printed-blinding"].why["zh"] in told.stdout
    code, data = run_json("explain", "printed-blinding")
    assert (code, data["id"]) == (0, "printed-blinding")


# --- answers ------------------------------------------------------------------------------------------------------

ANSWER = """answers:
  - rule: {rule}
    place: {place}
    fingerprint: {fingerprint}
    accepted: true
    reason: {{zh: 已知, en: known}}
    by: encoding-team
    date: 2026-11-22
"""


def test_an_answered_finding_shows_the_answer_and_no_longer_fails(clean: tuple[Finding, ...], work: Bench) -> None:
    finding = next(one for one in clean if one.rule == "printed-blinding")
    path = work.root / "grading/audit.yml"
    text = ANSWER.format(rule=finding.rule, place=finding.place, fingerprint=finding.fingerprint)
    path.write_text(text, encoding="utf-8")
    try:
        found = work.findings(work.reread(["grading/audit.yml"]))
    finally:
        path.unlink()
    assert len(found) == len(clean)
    (same,) = [one for one in found if (one.rule, one.place) == (finding.rule, finding.place)]
    assert same.answer is not None
    assert same.answer.reason["en"] == "known"
    assert "answered: encoding-team" in str(same)
    (result,) = [
        one
        for one in sarif([], found)["runs"][0]["results"]
        if one["partialFingerprints"]["guidewright/v1"] == same.fingerprint
    ]
    assert result["suppressions"][0]["status"] == "accepted"
    suites = ET.fromstring(junit([], found, "error"))  # noqa: S314 - our own
    case = next(one for one in suites.iter("testcase") if one.get("name") == finding.rule)
    assert case.find("failure") is None
    assert "answered" in (case.findtext("system-out") or "")
