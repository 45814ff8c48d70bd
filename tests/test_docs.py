"""The manual and the README say what the tool does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from guidewright.cli.app import app
from guidewright.grading.library import built_in_instruments
from guidewright.guideline.bindings import FUNCTIONS
from guidewright.kinds import KINDS
from guidewright.schemas import dictionary

ROOT = Path(__file__).parents[1]
COMMANDS = sorted(c.name or c.callback.__name__ for c in app.registered_commands if c.callback)


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_in_the_manual_and_the_readme(command: str) -> None:
    assert f"## guidewright {command}" in read("docs/commands.md")
    assert f"`{command}`" in read("README.md")


def test_every_option_is_in_the_manual() -> None:
    text = read("docs/commands.md")
    source = read("src/guidewright/cli/app.py")
    options = set(re.findall(r'"(--[a-z-]+)"', source)) | {"--builder", "--port", "--dictionary"}
    assert not {option for option in options if option not in text}


def test_what_the_appraisal_page_shows_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = read("docs/appraisal.md")
    runner = CliRunner()
    assert runner.invoke(app, ["new", str(tmp_path / "my-guideline")]).exit_code == 0
    monkeypatch.chdir(tmp_path / "my-guideline")
    own = re.search(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert own is not None
    instrument = Path("grading/instruments/two-checks.yml")
    instrument.parent.mkdir()
    instrument.write_text(own[1], encoding="utf-8")
    commands = [line for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) for line in block.splitlines()]
    assert len(commands) == 7
    for line in [*commands, "guidewright check --files-only"]:
        done = runner.invoke(app, line.split()[1:])
        assert done.exit_code == 0, f"{line}: {done.output}"


def test_every_instrument_is_in_the_manual() -> None:
    text = read("docs/appraisal.md")
    assert not [name for name in built_in_instruments() if f"`{name}`" not in text]


def test_every_binding_is_in_the_manual() -> None:
    text = read("docs/files.md")
    for name, (_kind, fields) in FUNCTIONS.items():
        assert f"`{name}(" in text
        assert not [field for field in fields if field not in text], name


def test_the_data_dictionary_is_what_the_models_say() -> None:
    assert read("docs/data-dictionary.md") == dictionary()


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS])
def test_every_kind_of_file_is_in_the_data_dictionary(kind: str) -> None:
    assert f"\n## {kind}\n" in read("docs/data-dictionary.md")


def test_the_two_commands_of_the_readme_are_tasks() -> None:
    commands = re.findall(r"^make (\w+)", read("README.md"), re.MULTILINE)
    assert commands == ["site", "test"]
    for command in commands:
        assert re.search(rf"^{command}:", read("Makefile"), re.MULTILINE)
    assert "make test" in read(".ci/run")


def test_links_within_the_manual_lead_somewhere() -> None:
    for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), *ROOT.glob("*/README.md")]:
        if ".venv" in page.parts:
            continue
        for target in re.findall(r"\]\((?![a-z]+:)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.relative_to(ROOT)}: {target}"


@pytest.mark.parametrize("folder", ["evidence", "grading", "metaanalysis", "guideline_src", "site"])
def test_each_folder_names_its_twin_room(folder: str) -> None:
    rooms = re.findall(r"`(src/guidewright/\w+)/`", read(f"{folder}/README.md"))
    assert rooms
    assert all((ROOT / room).is_dir() for room in rooms)
