"""What ``guidewright new`` writes works at once, and its own site is sound."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from guidewright.cli.app import app
from guidewright.kinds import KINDS
from guidewright.project import load

RUN = CliRunner()
ROOT = Path(__file__).parents[1]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    made = RUN.invoke(app, ["new", str(tmp_path / "mine")])
    assert made.exit_code == 0, made.output
    return tmp_path / "mine"


def test_a_new_project_is_sound(project: Path) -> None:
    done = RUN.invoke(app, ["check", "--verify", "-C", str(project)])
    assert done.exit_code == 0, done.output


def test_a_new_project_shows_every_kind_of_file(project: Path) -> None:
    optional = {"as-published", "duplicates", "instrument"}  # no search, so no copies; instruments come with the tool
    missing = [k.name for k in KINDS if k.name not in optional and not list(project.glob(k.pattern))]
    assert not missing


def test_a_new_project_builds_and_grades(project: Path) -> None:
    built = RUN.invoke(app, ["build", "-C", str(project)])
    assert built.exit_code == 0, built.output
    assert (project / "site/html/en/recommendations/r01.html").is_file()
    text = (project / "site/html/en/index.html").read_text(encoding="utf-8")
    assert "re-encoding" not in text


def test_a_new_project_keeps_generated_files_out_of_git(project: Path) -> None:
    assert "site/*" in (project / ".gitignore").read_text(encoding="utf-8")
    assert not (project / "gitignore").exists()


def test_its_site_settings_are_those_of_this_repository(project: Path) -> None:
    assert (project / "mkdocs.yml").read_bytes() == (ROOT / "mkdocs.yml").read_bytes()


def test_one_language_is_enough(project: Path) -> None:
    """A group that writes in one language only declares that one; words in another are then problems."""
    guideline = project / "guideline_src/guideline.yml"
    text = guideline.read_text(encoding="utf-8")
    assert "languages: {zh: 中文, en: English}" in text
    guideline.write_text(
        text.replace("languages: {zh: 中文, en: English}", "languages: {en: English}"), encoding="utf-8"
    )
    value, problems = load(project)
    assert value is None
    assert any(p.rule == "`zh` is no language of this guideline" for p in problems)
