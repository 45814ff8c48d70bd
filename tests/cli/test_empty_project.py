"""A project that has only been begun: nothing in it yet, or only one kind of thing. No command may fail on it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from guidewright.cli.app import app

STARTER = Path(__file__).parents[2] / "src/guidewright/starter"
KEPT = ("mkdocs.yml", "grading/scheme.yml", "grading/schemes", "guideline_src/glossary.yml")
RECOMMENDATION = """---
id: r01
number: 1
title: {zh: 接种, en: Vaccination}
aspect: prevention
population: {zh: 成人, en: Adults}
change: new
clauses:
  - id: a
    statement: {zh: 接种。, en: Vaccinate.}
    about: {zh: 接种, en: Vaccination}
    direction: for
    question: q01
    evidence: []
---

# 中文

理由。

# English

Why.
"""


def begun(root: Path, *things: str) -> Path:
    """The starter without anything that may be left out, but with a question or a recommendation if named."""
    for name in (*KEPT, *(("evidence/questions",) if things else ())):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if (STARTER / name).is_dir() else shutil.copy
        copy(STARTER / name, root / name)
    guideline = yaml.safe_load((STARTER / "guideline_src/guideline.yml").read_text(encoding="utf-8"))
    for field in ("rounds", "people", "process"):
        del guideline[field]
    texts = {
        "guideline_src/guideline.yml": yaml.safe_dump(guideline | {"date": "2026-11-22"}, allow_unicode=True),
        "evidence/searches.yml": "databases: []\n",
        "evidence/records.bib": "@article{datbcg,\n  title = {A data set},\n  year = {2000},\n}\n",
    }
    if "recommendation" in things:
        texts["guideline_src/recommendations/r01-vaccination.md"] = RECOMMENDATION
    for name, text in texts.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    for folder in ("evidence/studies", "evidence/questions", "guideline_src/recommendations"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    return root


@pytest.mark.parametrize("things", [(), ("question",), ("question", "recommendation")], ids=" ".join)
@pytest.mark.parametrize("command", [("check", "--audit"), ("pool",), ("grade",), ("build",)], ids=" ".join)
def test_no_command_fails_on_a_project_that_has_only_been_begun(
    tmp_path: Path, command: tuple[str, ...], things: tuple[str, ...]
) -> None:
    done = CliRunner().invoke(app, [*command, "--project", str(begun(tmp_path / "new", *things))])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    assert done.exit_code == 0, done.output
