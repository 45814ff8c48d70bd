"""Templates and theme of a project hold nothing of elsewhere, and no drawing with a script."""

from __future__ import annotations

from pathlib import Path

import pytest

from guidewright.loading.theme import theme_problems

PLAIN = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0" style="color:one"/></svg>'


@pytest.fixture
def theme(tmp_path: Path) -> Path:
    folder = tmp_path / "project/guideline_src/theme"
    folder.mkdir(parents=True)
    return folder


def test_files_of_its_own_are_fine(tmp_path: Path, theme: Path) -> None:
    (theme / "own.css").write_text("p { color: red }")
    (theme / "logo.svg").write_text(PLAIN)
    (theme / "again.svg").symlink_to("logo.svg")
    assert theme_problems(tmp_path / "project") == []


def test_a_link_that_leads_out_is_named(tmp_path: Path, theme: Path) -> None:
    (tmp_path / "secret.css").write_text("x")
    (theme / "own.css").symlink_to(tmp_path / "secret.css")
    (problem,) = theme_problems(tmp_path / "project")
    assert (problem.file, problem.rule) == ("guideline_src/theme/own.css", "is a link that leads out of the project")


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<SVG:script>alert(1)</SVG:script>",
        '<path onload = "alert(1)"/>',
        '<a href="JavaScript:alert(1)"><path/></a>',
        "<foreignObject><p/></foreignObject>",
    ],
)
def test_a_drawing_with_a_script_is_named_with_its_place(tmp_path: Path, theme: Path, hostile: str) -> None:
    (theme / "logo.svg").write_text(PLAIN.replace("</svg>", f"\n  {hostile}</svg>"))
    (problem,) = theme_problems(tmp_path / "project")
    assert (problem.file, problem.line, problem.rule) == (
        "guideline_src/theme/logo.svg",
        2,
        "a drawing must not hold a script",
    )
    assert problem.value
    assert problem.value in hostile
