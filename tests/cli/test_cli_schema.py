"""JSON Schemas by which editors complete and check the files, and the data dictionary."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from guidewright.kinds import KINDS, Kind
from tests.cli.running import ROOT, run
from tests.loading.project_copy import PROJECT

pytestmark = pytest.mark.xdist_group("schema")

STARTER = ROOT / "src/guidewright/starter"


class Yaml12(yaml.CSafeLoader):
    """YAML 1.2 as editors read it: ``no`` and ``2025-01-31`` are text, ``true`` and ``12`` are not."""


Yaml12.yaml_implicit_resolvers = {}
for tag, pattern, first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", r"~|null|Null|NULL|", "~nN\0"),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+.0123456789"),
):
    Yaml12.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"), [*first, ""])


def read(path: Path) -> Any:
    """A YAML file, or the front matter of a Markdown file."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        text = text.split("\n---\n")[0].removeprefix("---\n")
    return yaml.load(text, Loader=Yaml12)  # noqa: S506 - a safe loader


def files(root: Path) -> Iterator[tuple[Kind, Path]]:
    for kind in KINDS:
        if kind.format in {"yaml", "markdown"}:
            yield from ((kind, p) for p in sorted(root.glob(kind.pattern)) if p.name != "README.md")


@pytest.fixture(scope="module")
def schemas(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("schemas")
    result = run("schema", folder)
    assert result.exit_code == 0
    assert result.stdout == f"{len(KINDS)} schemas in {folder}\n"
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*.json")}


def test_there_is_a_valid_schema_for_every_kind_of_file(schemas: dict[str, Any]) -> None:
    assert set(schemas) == {kind.name for kind in KINDS}
    for schema in schemas.values():
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS])
def test_the_committed_schemas_are_what_the_command_writes_now(kind: str, schemas: dict[str, Any]) -> None:
    committed = ROOT / f".guidewright/schemas/{kind}.json"
    assert json.loads(committed.read_text(encoding="utf-8")) == schemas[kind], "run `guidewright schema` and commit"


def test_the_data_dictionary_is_what_the_command_writes_now(tmp_path: Path) -> None:
    result = run("schema", tmp_path / "schemas", "--dictionary", tmp_path / "dictionary.md")
    assert result.exit_code == 0
    written = (tmp_path / "dictionary.md").read_text(encoding="utf-8")
    committed = (ROOT / "docs/data-dictionary.md").read_text(encoding="utf-8")
    assert written == committed, "run `guidewright schema --dictionary docs/data-dictionary.md` and commit"


def test_schemas_go_where_the_files_look_for_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("schema").exit_code == 0
    assert (tmp_path / ".guidewright/schemas/study.json").is_file()


@pytest.mark.parametrize("root", [ROOT, STARTER, PROJECT], ids=["flagship", "starter", "tiny"])
def test_every_file_is_valid_by_its_schema(root: Path, schemas: dict[str, Any]) -> None:
    """An editor underlines nothing in a file that the loader accepts."""
    count = 0
    for kind, path in files(root):
        errors = [
            f"{path.relative_to(root)}: {'/'.join(map(str, error.path))}: {error.message[:200]}"
            for error in Draft202012Validator(schemas[kind.name]).iter_errors(read(path))
        ]
        assert errors == []
        count += 1
    assert count >= 10


@pytest.mark.parametrize("root", [ROOT, STARTER], ids=["flagship", "starter"])
def test_every_yaml_file_names_its_schema(root: Path, tmp_path: Path) -> None:
    """The modeline by which editors find the schema is right as seen from the file."""
    wrong = []
    for kind, path in files(root):
        text = path.read_text(encoding="utf-8")
        found = re.search(r"^# yaml-language-server: \$schema=(\S+)$", text, re.MULTILINE)
        if found is None:
            wrong += [] if path.suffix in {".md", ".json"} else [f"{path.relative_to(root)}: no modeline"]
            continue
        target = (path.parent / found[1]).resolve().relative_to(root.resolve()).as_posix()
        if target != f".guidewright/schemas/{kind.name}.json" or not (ROOT / target).is_file():
            wrong.append(f"{path.relative_to(root)}: {found[1]}")
    assert wrong == []


REFUSED = {
    "an unknown key": ("evidence/studies/adams-2020.yml", ("blindng",), "open"),
    "a required field without a value": ("evidence/studies/adams-2020.yml", ("reports",), None),
    "an empty list": ("evidence/studies/adams-2020.yml", ("reports",), []),
    "a word that is not in the list": ("evidence/studies/adams-2020.yml", ("design", "value"), "randomized"),
    "a number out of its range": ("evidence/studies/adams-2020.yml", ("follow_up_percent", "value"), 920),
    "an identifier with a space": ("evidence/studies/adams-2020.yml", ("id",), "Adams 2020"),
    "words without a language": ("evidence/questions/q01-cast.yml", ("title",), "Cast?"),
    "a language by its name": ("evidence/questions/q01-cast.yml", ("title",), {"English": "Cast?"}),
    "front matter": ("guideline_src/recommendations/r01-cast.md", ("clauses", 0, "direction"), "perhaps"),
    "one item for a list": ("guideline_src/tools/fracture-score.yml", ("used_by",), "r01"),
    "more than all of it": ("grading/scheme.yml", ("i_squared_below",), 120),
}


@pytest.mark.parametrize("what", REFUSED)
def test_an_editor_underlines_what_the_loader_refuses(what: str, schemas: dict[str, Any]) -> None:
    name, path, value = REFUSED[what]
    kind = next(kind for kind in KINDS if (PROJECT / name).match(kind.pattern))
    validator = Draft202012Validator(schemas[kind.name])
    data = read(PROJECT / name)
    assert validator.is_valid(data)
    changed = copy.deepcopy(data)
    within = changed
    for part in path[:-1]:
        within = within[part]
    within[path[-1]] = value
    assert not validator.is_valid(changed)


def test_the_yaml_of_these_tests_is_read_as_editors_do() -> None:
    read_as = yaml.load("{a: no, b: 2025-01-31, c: true, d: 12, e: 1.5, f: , g: '1'}", Loader=Yaml12)  # noqa: S506
    assert read_as == {"a": "no", "b": "2025-01-31", "c": True, "d": 12, "e": 1.5, "f": None, "g": "1"}
