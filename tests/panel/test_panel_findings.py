"""Findings about the panel: none in the starter project, and one for each seeded fault (``findings.yml``)."""

from __future__ import annotations

import re
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
import yaml

from guidewright.audit.panel import earlier, panel_findings
from guidewright.guideline.panel import panel_of
from guidewright.project import Project, load

STARTER = Path(__file__).parents[2] / "src/guidewright/starter"
SOURCE = Path(__file__).parents[2] / "src/guidewright/audit/panel.py"
CASES = yaml.safe_load((Path(__file__).parent / "findings.yml").read_text(encoding="utf-8"))


def changed(root: Path, case: dict[str, Any]) -> Project:
    copytree(STARTER, root)
    for change in case["change"]:
        path = root / change["in"]
        text = path.read_text(encoding="utf-8")
        assert change["replace"] in text
        path.write_text(text.replace(change["replace"], change["by"], 1), encoding="utf-8")
    project, problems = load(root)
    assert project is not None, "\n".join(map(str, problems))
    return project


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_seeded_fault_is_found_and_nothing_else(tmp_path: Path, case: dict[str, Any]) -> None:
    found = list(panel_findings(changed(tmp_path / "project", case)))
    assert [[one.rule, one.severity, one.place] for one in found] == case["finds"]
    for one in found:
        assert set(one.text) == set(one.next_step) == {"zh", "en"}
        assert (tmp_path / "project" / one.file).is_file()


def test_the_starter_project_is_clean(tmp_path: Path) -> None:
    assert not list(panel_findings(changed(tmp_path / "project", {"change": []})))


def test_a_guideline_without_any_round_is_told_so_once(tmp_path: Path) -> None:
    copytree(STARTER, tmp_path / "project")
    for votes in (tmp_path / "project/guideline_src/votes").iterdir():
        votes.unlink()
    path = tmp_path / "project/guideline_src/guideline.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.index("rounds:\n")], encoding="utf-8")
    project, problems = load(tmp_path / "project")
    assert project is not None, problems
    assert [one.rule for one in panel_findings(project)] == ["no-round"]
    assert panel_of(project).rounds == ()


def test_every_rule_has_a_case() -> None:
    rules = set(re.findall(r'"([a-z]+(?:-[a-z]+)+)",?\s*(?:"error"|"warning")', SOURCE.read_text(encoding="utf-8")))
    seeded = {one[0] for case in CASES for one in case["finds"]} | {"no-round"}
    assert rules - seeded == set()
    assert len(seeded) == 14


@pytest.mark.parametrize(
    ("one", "other", "before"),
    [
        ("2026-01-01", "2026-01-02", True),
        ("2026-01-02", "2026-01-02", False),
        ("2026-01", "2026-01-02", None),
        ("2026", "2026-01-02", None),
        ("2025-12", "2026-01-02", True),
        ("2026-02", "2026-01-02", False),
    ],
)
def test_dates_without_a_day_leave_the_order_open(one: str, other: str, before: bool | None) -> None:
    assert earlier(one, other) is before


def test_the_course_of_a_clause_keeps_every_round(tmp_path: Path) -> None:
    project = changed(tmp_path / "project", {"change": []})
    course = panel_of(project).course["r01a"]
    assert [(one.round, one.outcome) for one in course] == [
        ("delphi-1", "not-adopted"),
        ("round-1", "adopted"),
        ("grid-1", "adopted"),
    ]
    assert [one.voter for one in course[0].recusals] == ["example-member-three"]
    assert course[0].recusals[0].interests[0].kind == "financial"
