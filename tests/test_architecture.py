"""Who may import whom (DESIGN section 2), read from the source."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src/guidewright"
BASEMENT = {
    "values",
    "problems",
    "words",
    "own_data",
    "writing",
    "reading",
    "agreement",
    "kept",
    "text_cells",
    "meanings",
}
MAY_IMPORT = {
    "values": set(),
    "problems": set(),
    "words": {"own_data"},
    "own_data": set(),
    "writing": set(),
    "kept": set(),
    "meanings": set(),
    "agreement": set(),
    "text_cells": set(),
    "reading": {"problems", "meanings", "guideline.tables"},
    "evidence": BASEMENT,
    "intake": BASEMENT | {"evidence"},
    "review_flow": {"evidence", "found_records", "project"},
    "grading": BASEMENT | {"evidence"},
    "metaanalysis": BASEMENT | {"evidence"},
    "figures": BASEMENT,
    "tables_of_data": BASEMENT | {"metaanalysis", "figures", "publish"},
    "guideline": BASEMENT | {"evidence", "grading", "metaanalysis", "figures", "project"},
    "appraising": BASEMENT | {"evidence", "grading", "project", "tables_of_data"},
    "audit": BASEMENT | {"evidence", "grading", "metaanalysis", "guideline", "project"},
    "crossrefs": BASEMENT | {"evidence", "grading", "metaanalysis", "guideline", "kinds"},
}
#: Only these may read files of a project, and only the command line may print.
READERS = {"project.py", "reading", "writing.py"}


def modules(room: str) -> list[Path]:
    folder = SOURCE / room
    return sorted(folder.rglob("*.py")) if folder.is_dir() else [SOURCE / f"{room}.py"]


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("guidewright"):
            found.add(node.module.removeprefix("guidewright").lstrip("."))
        elif isinstance(node, ast.Import):
            found |= {a.name.removeprefix("guidewright.") for a in node.names if a.name.startswith("guidewright.")}
    return found - {""}


@pytest.mark.parametrize("room", sorted(MAY_IMPORT))
def test_rooms_import_only_what_they_may(room: str) -> None:
    allowed = MAY_IMPORT[room] | {room}
    for path in modules(room):
        for name in imports(path):
            assert any(name == a or name.startswith(a + ".") for a in allowed), f"{path.name} imports {name}"


def test_grading_gets_pooled_results_as_plain_arguments() -> None:
    assert not {n for path in modules("grading") for n in imports(path) if n.startswith("metaanalysis")}


def test_only_the_command_line_prints() -> None:
    for path in SOURCE.rglob("*.py"):
        if path.parent.name == "cli":
            continue
        calls = [n for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.Call)]
        assert not [c for c in calls if isinstance(c.func, ast.Name) and c.func.id == "print"], path


def test_domain_rooms_do_no_input_or_output() -> None:
    words = {"read_text", "read_bytes", "open", "write_text", "write_bytes"}
    for room in ("evidence", "grading", "metaanalysis", "figures"):
        for path in modules(room):
            if path.name == "library.py":  # reads the schemes of the package itself
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call):
                    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                    assert name not in words, f"{path}: {name}"


def test_no_source_file_holds_two_ideas() -> None:
    long = {p.name: n for p in SOURCE.rglob("*.py") if (n := len(p.read_text(encoding="utf-8").splitlines())) > 400}
    assert not long
