"""Every fault is named with its place, the rule it breaks, and what to do; the cases are in ``cases/*.yml``."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

import pytest

from guidewright.kinds import KINDS
from guidewright.problems import Problem
from guidewright.project import load
from tests.loading.project_copy import PROJECT, Case, apply, cases, copy, place, touched, wanted_place

CASES = cases()
#: Words of the programs behind the tool that would tell a clinician nothing.
JARGON = re.compile(
    r"Input should|NoneType|Traceback|Exception|\bint\b|\bfloat\b|\bstr\b|\bdict\b|tuple|regex|pydantic|\w+Error\b"
)


def test_the_tiny_project_is_sound_and_has_every_kind_of_file() -> None:
    project, problems = load(PROJECT)
    assert problems == []
    assert project is not None
    assert len(project.extraction) == 3
    computed = {"result"}
    assert [k.name for k in KINDS if k.name not in computed and not list(PROJECT.glob(k.pattern))] == []


@pytest.mark.parametrize("name", CASES)
def test_fault(name: str, tmp_path: Path) -> None:
    """Exactly the faults of the case are reported, each in its place and with the words that help."""
    case = CASES[name]
    project, problems = load(apply(case, copy(tmp_path)))
    assert project is None
    assert sorted(map(place, problems)) == sorted(wanted_place(one, case) for one in case["problems"])
    for wanted in case["problems"]:
        here = [problem for problem in problems if place(problem) == wanted_place(wanted, case)]
        assert any(_fits(problem, wanted) for problem in here), "\n".join(map(str, here))
    for problem in problems:
        assert not JARGON.search(problem.rule + (problem.next_step or "")), problem
        assert _points_at_its_value(tmp_path, problem), problem


def _fits(problem: Problem, wanted: dict[str, Any]) -> bool:
    says = wanted["says"] if isinstance(wanted["says"], list) else [wanted["says"]]
    return (
        all(words in problem.rule for words in says)
        and wanted.get("do", "") in (problem.next_step or "")
        and wanted.get("example", "") in (problem.example or "")
    )


def _points_at_its_value(root: Path, problem: Problem) -> bool:
    """Where a problem quotes what it found, and that stands in the line, the column points at it."""
    path = root / problem.file
    if problem.value is None or not path.is_file() or path.suffix == ".bib":
        return True
    lines = path.read_text(encoding="utf-8").split("\n")
    line = lines[problem.line - 1]
    if path.suffix == ".csv":
        cells = next(csv.reader([line]))
        whole = problem.column == 1 or problem.value in {line, ",".join(cells)}
        return whole or problem.value in cells[problem.column - 1]
    if problem.value not in line:
        return True
    return 0 <= line.find(problem.value, problem.column - 1) - (problem.column - 1) <= len("{{ ")


def test_all_files_are_reported_at_once(tmp_path: Path) -> None:
    """One case for each file, all in the same project: no fault hides another."""
    root = copy(tmp_path)
    chosen: list[Case] = []
    taken: set[str] = set()
    for case in CASES.values():
        files = {wanted_place(one, case).rsplit(":", 2)[0] for one in case["problems"]}
        alone = "in" in case and files == touched(case) == {case["in"]}
        # what a broken declaration would say about other files is left open on purpose
        declares = case.get("in", "").endswith(("guideline.yml", "glossary.yml", "searches.yml", "scheme.yml", ".bib"))
        if alone and not declares and not files & taken:
            apply(case, root)
            chosen.append(case)
            taken |= files
    assert len(chosen) >= 10
    _project, problems = load(root)
    reported = set(map(place, problems))
    for case in chosen:
        assert {wanted_place(one, case) for one in case["problems"]} <= reported, case["case"]
    assert {problem.file for problem in problems} == taken


def test_problems_are_in_order_and_each_is_said_once(tmp_path: Path) -> None:
    root = copy(tmp_path)
    for name in ("fields: several faults in one file", "prose: several faults in one text"):
        apply(CASES[name], root)
    problems = load(root)[1]
    places = [(problem.file, problem.line, problem.column) for problem in problems]
    assert places == sorted(places)
    assert len(set(problems)) == len(problems)
    assert load(root)[1] == problems
