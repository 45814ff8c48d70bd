"""Realistic mistakes in the files of the flagship: what a clinician reads, and that nothing else is reported."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
import yaml

from guidewright.problems import Problem
from guidewright.project import load

pytestmark = pytest.mark.xdist_group("clinician mistakes")

FLAGSHIP = Path(__file__).parents[2]
MISTAKES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "clinician_mistakes.yml").read_text(encoding="utf-8")
)
#: A record that is deleted although a clause rests on it and its rationale cites it.
DELETED = "ref041"
MARK = "‸"


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, str], list[Problem]]:
    """Where each message must point, and all problems of a flagship with all mistakes at once."""
    root = tmp_path_factory.mktemp("flagship")
    for room in ("evidence", "grading", "metaanalysis", "guideline_src"):
        copytree(FLAGSHIP / room, root / room)
    places: dict[str, str] = {}
    for one in MISTAKES:
        path = root / one["in"]
        text = path.read_text(encoding="utf-8")
        assert one["replace"] in text, f"{one['in']} does not hold {one['replace']!r}"
        text = text.replace(one["replace"], one["by"], 1)
        if MARK in text:
            places[one["mistake"]] = f"{one['in']}:{_marked(text, path.suffix)}"
        path.write_text(text.replace(MARK, ""), encoding="utf-8")
    records = root / "evidence/records.bib"
    text = records.read_text(encoding="utf-8")
    records.write_text(re.sub(rf"@misc\{{{DELETED},.*?\n\}}\n", "", text, flags=re.DOTALL), encoding="utf-8")
    project, problems = load(root)
    assert project is None
    return places, problems


def _marked(text: str, ending: str) -> str:
    before = text[: text.index(MARK)]
    line = before.count("\n")
    column = len(before) - (before.rfind("\n") + 1)
    if ending == ".csv":
        cells = next(csv.reader([text.split("\n")[line]]))
        column = next(number for number, cell in enumerate(cells) if MARK in cell)
    return f"{line + 1}:{column + 1}"


@pytest.mark.parametrize("one", MISTAKES, ids=[one["mistake"] for one in MISTAKES])
def test_a_clinician_reads_what_to_do(one: dict[str, Any], broken: tuple[dict[str, str], list[Problem]]) -> None:
    places, problems = broken
    mine = [problem for problem in problems if problem.file == one["in"] and one["says"] in problem.rule]
    assert len(mine) == 1, "\n".join(str(p) for p in problems if p.file == one["in"])
    (problem,) = mine
    if one["mistake"] in places:
        assert f"{problem.file}:{problem.line}:{problem.column}" == places[one["mistake"]]
    assert one.get("do", "") in (problem.next_step or "")
    assert one.get("example", "") in (problem.example or "")
    if "and_says" in one:
        assert any(one["and_says"] in other.rule for other in problems if other.file == one["in"])


def test_a_deleted_record_is_missed_wherever_it_is_named(broken: tuple[dict[str, str], list[Problem]]) -> None:
    _places, problems = broken
    missed = [problem for problem in problems if problem.value == DELETED]
    mentions = list(_mentions(DELETED))
    assert len(mentions) >= 3
    assert [problem.file for problem in missed] == mentions
    assert {problem.rule.partition(";")[0] for problem in missed} == {f"there is no record `{DELETED}`"}
    assert {problem.next_step for problem in missed} == {"correct the name, or add it to evidence/records.bib"}


def _mentions(key: str) -> Iterator[str]:
    for path in sorted([*FLAGSHIP.glob("guideline_src/**/*"), *FLAGSHIP.glob("evidence/**/*")]):
        if path.is_file() and path.suffix in {".yml", ".md", ".csv"}:
            for _ in re.finditer(rf"\b{key}\b", path.read_text(encoding="utf-8")):
                yield path.relative_to(FLAGSHIP).as_posix()


def test_nothing_else_is_reported(broken: tuple[dict[str, str], list[Problem]]) -> None:
    """No file that nobody touched is blamed, but for the record that it names."""
    _places, problems = broken
    touched = {one["in"] for one in MISTAKES}
    assert {p.file for p in problems if p.value != DELETED} == touched
    assert len([p for p in problems if p.value != DELETED]) <= len(MISTAKES) + 2
