"""Copies of the tiny project of this folder, with a fault."""

from __future__ import annotations

import re
from pathlib import Path
from shutil import copytree
from typing import Any

import yaml

from guidewright.problems import Problem

HERE = Path(__file__).parent
PROJECT = HERE / "project"
FILES = sorted(p.relative_to(PROJECT).as_posix() for p in PROJECT.rglob("*") if p.is_file() and p.parent != PROJECT)

Case = dict[str, Any]


def cases() -> dict[str, Case]:
    """All cases of ``cases/*.yml`` by name."""
    return {
        f"{path.stem}: {case['case']}": case
        for path in sorted((HERE / "cases").glob("*.yml"))
        for case in yaml.safe_load(path.read_text(encoding="utf-8"))
    }


def edits(case: Case) -> list[dict[str, str]]:
    return [*([case] if "in" in case else []), *case.get("and", [])]


def touched(case: Case) -> set[str]:
    """Files that a case changes."""
    renamed = [name for pair in case.get("rename", {}).items() for name in pair]
    return {edit["in"] for edit in edits(case)} | {*case.get("delete", []), *renamed, *case.get("write", {})}


def copy(root: Path) -> Path:
    copytree(PROJECT, root, dirs_exist_ok=True)
    return root


def apply(case: Case, root: Path) -> Path:
    """Do what a case does to a copy of the project."""
    for edit in edits(case):
        path = root / edit["in"]
        text = path.read_text(encoding="utf-8")
        assert edit["replace"] in text, f"{edit['in']} does not hold {edit['replace']!r}"
        path.write_text(text.replace(edit["replace"], edit["by"], 1), encoding="utf-8")
    for name in case.get("delete", []):
        (root / name).unlink()
    for old, new in case.get("rename", {}).items():
        (root / new).parent.mkdir(parents=True, exist_ok=True)
        (root / old).rename(root / new)
    for name, text in case.get("write", {}).items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


def place(problem: Problem) -> str:
    return f"{problem.file}:{problem.line}:{problem.column}"


def wanted_place(wanted: dict[str, Any], case: Case) -> str:
    """``2:7`` stands in the file that the case changes; otherwise the file is named."""
    return wanted["at"] if re.search(r"[/.]", wanted["at"]) else f"{case['in']}:{wanted['at']}"
