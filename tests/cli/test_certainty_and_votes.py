"""``guidewright certainty`` and ``guidewright votes`` as the manual shows them."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree

from tests.cli.running import ROOT, run, run_json

STARTER = ROOT / "src/guidewright/starter"
PROJECT = ROOT / "tests/loading/project"


def test_certainty_names_what_is_missing() -> None:
    result = run("certainty", "--project", STARTER)
    assert result.exit_code == 0
    assert "q01-tuberculosis, all: very-low, not decided" in result.stdout
    assert "risk-of-bias: -2 or -1 or 0 (missing: risk-of-bias)" in result.stdout
    assert result.stdout.endswith("1 body of evidence, 0 of them decided\n")


def test_certainty_of_the_flagship_as_json() -> None:
    code, found = run_json("certainty", "--project", ROOT)
    assert code == 0
    bodies = {(one["analysis"], body["stratum"]): body for one in found["analyses"] for body in one["bodies"]}
    pain = bodies["q06-pain", "12 months"]
    assert pain["message"] == "trivial"
    assert {one["reason"]: one["levels"] for one in pain["reasons"]}["imprecision"] == [0]
    assert all(body["decided"] is None for body in bodies.values())
    overall = bodies["q14-antiresorptive", "overall"]
    inconsistency = next(one for one in overall["reasons"] if one["reason"] == "inconsistency")
    assert inconsistency["rules"] == ["substantial"]
    assert round(inconsistency["values"]["i2"]) == 79


def test_votes_are_counted_by_the_rule_of_their_round() -> None:
    result = run("votes", "--project", STARTER)
    assert result.exit_code == 0
    assert "r01a    not adopted; 1 of 2 in favour, 50 % (9 to 91); median 7; 1 recused" in result.stdout
    assert "r01a    adopted; weak for; 2 of 2 in favour" in result.stdout
    code, found = run_json("votes", "--project", STARTER)
    assert code == 0
    assert [one["round"] for one in found["rounds"]] == ["delphi-1", "round-1", "grid-1"]
    assert found["rounds"][0]["clauses"][0]["recusals"] == ["example-member-three"]


def test_a_guideline_without_rounds_has_no_results() -> None:
    assert run("votes", "--project", ROOT).stdout == "0 rounds, 0 clauses voted on\n"
    assert run_json("votes", "--project", ROOT) == (0, {"rounds": []})


def test_the_overall_certainty_is_that_of_the_critical_outcomes() -> None:
    code, found = run_json("certainty", "--project", PROJECT)
    (question,) = found["questions"]
    (one,) = question["comparisons"]
    assert code == 0 and question["question"] == "q01"
    assert (one["critical"], one["lowest"], one["not_pooled"]) == (["pain"], ["pain"], ["infection"])
    bodies = [set(body["suggested"]) for body in found["analyses"][0]["bodies"]]
    assert set(one["possible"]) <= set.union(*bodies)


def test_without_importance_the_overall_certainty_is_not_told() -> None:
    result = run("certainty", "--project", ROOT)
    assert "overall, q06: cannot be told, since no outcome has an `importance`" in result.stdout


def test_a_standardised_difference_is_shown_on_a_familiar_scale(tmp_path: Path) -> None:
    copytree(PROJECT, tmp_path / "project")
    analysis = tmp_path / "project/metaanalysis/analyses/q01-pain.yml"
    text = analysis.read_text(encoding="utf-8")
    analysis.write_text(text.replace("measure: MD\nselect", "measure: SMD\nselect"), encoding="utf-8")
    record = tmp_path / "project/grading/certainty/q01-pain.yml"
    scale = "familiar_scale:\n  name: {zh: 视觉模拟评分, en: VAS}\n"
    scale += "  standard_deviation: {value: 2, source: {cite: adams2020}}\n"
    record.write_text(record.read_text(encoding="utf-8") + scale, encoding="utf-8")
    code, found = run_json("certainty", "--project", tmp_path / "project")
    assert code == 0, found
    body = found["analyses"][0]["bodies"][0]
    assert body["measure"] == "SMD" and body["familiar_scale"]["scale"]["en"] == "VAS"
    for name in ("estimate", "low", "high"):
        assert body["familiar_scale"][name] == 2 * body[name]
