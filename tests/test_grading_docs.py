"""The manual's page on grading: its commands run, its example loads, its table says what the scheme files say."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from guidewright.cli.app import app
from guidewright.grading.library import built_in_schemes
from guidewright.grading.scheme import Scheme
from guidewright.project import load
from guidewright.reading.validation import validate_document
from guidewright.reading.yaml_file import read_yaml
from tests.loading.project_copy import copy

RUN = CliRunner()
TEXT = (Path(__file__).parents[1] / "docs/grading.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^guidewright (grade.*)$", TEXT, re.MULTILINE)
SCHEMES = built_in_schemes()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    copy(tmp_path / "project")
    return tmp_path / "project"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_of_the_page_runs(project: Path, command: str) -> None:
    done = RUN.invoke(app, [*shlex.split(command), "-C", str(project)])
    assert done.exit_code == 0, done.output
    assert "r01a" in done.output


def test_the_example_scheme_loads_and_can_be_used(project: Path) -> None:
    block = next(one for one in re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL) if one.startswith("id: house"))
    document, problems = read_yaml(block, "house.yml")
    assert document is not None
    assert not problems
    scheme, problems = validate_document(Scheme, document, "house.yml")
    assert scheme is not None, problems
    (project / "grading/schemes/house.yml").write_text(block, encoding="utf-8")
    loaded, problems = load(project)
    assert loaded is not None, problems
    done = RUN.invoke(app, ["grade", "--scheme", "house", "--json", "-C", str(project)])
    assert json.loads(done.stdout)["scheme"] == "house"


def test_the_table_lists_every_scheme_with_its_standing() -> None:
    rows = dict(re.findall(r"^\| `([a-z0-9-]+)` \| ([a-z ]+?) \|", TEXT, re.MULTILINE))
    said = {"verified": "yes", "partial": "in part", "knowledge": "no"}
    assert rows == {name: said[scheme.standing] for name, scheme in SCHEMES.items()}


def test_all_schemes_side_by_side(project: Path) -> None:
    done = RUN.invoke(app, ["grade", "--all-schemes", "--json", "-C", str(project)])
    read = json.loads(done.stdout)["schemes"]
    assert {one["scheme"] for one in read} == {*SCHEMES, "house", "two-levels"}
    assert len({len(one["clauses"]) for one in read}) == 1
    stated = {one["scheme"] for one in read if any(clause["stated"] for clause in one["clauses"])}
    assert stated == {"aaos-2025cn"}  # what an edition states is in words of the scheme in force


def test_wrong_use_of_schemes_ends_with_2(project: Path) -> None:
    for options, said in ((["--scheme", "hause"], "known are"), (["--scheme", "sign", "--all-schemes"], "one of them")):
        done = RUN.invoke(app, ["grade", *options, "-C", str(project)])
        assert done.exit_code == 2
        assert said in done.output
