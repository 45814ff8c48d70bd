"""``guidewright import`` and ``guidewright export`` in real runs."""

from __future__ import annotations

import json
import re
from pathlib import Path
from shutil import copytree

import pytest

from tests.cli.running import ROOT, run, run_json
from tests.loading.project_copy import PROJECT

RIS = "TY  - JOUR\nTI  - A trial\nAU  - Clark, W.\nDB  - Embase\nZZ  - \x1b[31mred\nER  - \n"
TABLE = "Titel;Verfasser;Jahr\nA trial;Clark, W.;2016\n"
FILE_KEYS = {
    *("file", "state", "format", "encoding", "announced", "read", "differences", "not_understood", "notes"),
    *("columns", "headings", "database", "checksum", "stored"),
}


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    return copytree(PROJECT, tmp_path / "mine")


@pytest.fixture
def ris(tmp_path: Path) -> Path:
    path = tmp_path / "embase.ris"
    path.write_text(RIS, encoding="utf-8")
    return path


def contents(root: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_a_dry_run_reports_and_writes_nothing(ris: Path, tmp_path: Path) -> None:
    before = contents(tmp_path)
    code, data = run_json("import", ris, tmp_path / "none.ris", "--dry-run")
    assert code == 1
    good, bad = data["files"]
    assert set(good) == FILE_KEYS
    assert (good["format"], good["encoding"], good["announced"], good["read"]) == ("RIS", "UTF-8", 1, 1)
    assert good["not_understood"][0]["line"] == 5
    assert bad["problem"]["rule"] == "there is no such file"
    assert contents(tmp_path) == before


def test_records_stand_in_the_json_if_asked_for(ris: Path) -> None:
    code, data = run_json("import", ris, "--dry-run", "--records")
    assert code == 0
    [record] = data["files"][0]["records"]
    assert (record["id"], record["title"], record["authors"]) == (
        "embase/1",
        "A trial",
        [{"family": "Clark", "given": "W."}],
    )
    assert run("import", ris, "--dry-run", "--records").exit_code == 2


def test_what_people_see(ris: Path) -> None:
    shown = run("import", ris, "--dry-run").stdout
    assert "format RIS, encoding UTF-8, database Embase" in shown
    assert "records announced 1, read 1" in shown
    assert "line 5: unknown tag ZZ" in shown
    assert "nothing was written" in shown
    assert "\x1b" not in shown


def test_columns_are_shown_and_can_be_named(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text(TABLE, encoding="utf-8")
    code, data = run_json("import", path, "--dry-run")
    assert (code, data["files"][0]["read"], data["files"][0]["headings"]) == (0, 0, ["Titel", "Verfasser", "Jahr"])
    code, data = run_json(
        "import", path, "--dry-run", "--columns", "title=Titel,authors=Verfasser", "--columns", "year=Jahr"
    )
    assert data["files"][0]["columns"] == {"title": "Titel", "authors": "Verfasser", "year": "Jahr"}
    assert data["files"][0]["read"] == 1
    result = run("import", path, "--dry-run", "--columns", "titel=Titel")
    assert result.exit_code == 2
    assert "Fields are: title" in result.stderr


def test_an_import_and_the_same_again(mine: Path, ris: Path, tmp_path: Path) -> None:
    strategy = tmp_path / "strategy.txt"
    strategy.write_text("'vertebroplasty'/exp\nAND [rct]/lim\n", encoding="utf-8")
    options = ("-C", mine, "--platform", "Embase.com", "--date", "2025-01-31", "--strategy", f"@{strategy}")
    assert run("import", ris, *options).exit_code == 0
    log = (mine / "evidence/searches.yml").read_text("utf-8")
    assert "    strategy: |-\n      'vertebroplasty'/exp\n      AND [rct]/lim\n    hits: 1\n" in log
    assert run("check", "-C", mine, "--files-only").exit_code == 0
    before = contents(mine)
    code, data = run_json("import", ris, *options)
    assert (code, data["files"][0]["state"]) == (0, "already imported")
    assert contents(mine) == before


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--date", "31.1.2025"), "--date must be a day"),
        (("--date", "2025-02-30"), "--date must be a day"),
        (("--database", "a\nb"), "--database must be a name on one line"),
        (("--strategy", "@nowhere.txt"), "cannot be read"),
        (("--columns", "title"), "FIELD=HEADING"),
        (("-C", "nowhere"), "is not a guideline project"),
    ],
)
def test_wrong_use(mine: Path, ris: Path, options: tuple[str, ...], says: str) -> None:
    before = contents(mine)
    result = run("import", ris, "-C", mine, *options)
    assert result.exit_code == 2
    assert says in result.stderr
    assert contents(mine) == before


def test_a_broken_log_is_named_and_nothing_changed(mine: Path, ris: Path) -> None:
    (mine / "evidence/searches.yml").write_text("databases: [\n", encoding="utf-8")
    before = contents(mine)
    result = run("import", ris, "-C", mine)
    assert result.exit_code == 1
    assert "evidence/searches.yml:" in result.stdout
    assert contents(mine) == before


def test_a_folder_among_the_files_is_called_one(tmp_path: Path) -> None:
    result = run("import", tmp_path, "--dry-run")
    assert result.exit_code == 1
    assert "is a folder, not a file" in result.stdout
    assert "1 file, 0 records; nothing was written; 1 refused" in result.stdout


def test_export_without_found_records_says_so_beside_the_document(tmp_path: Path) -> None:
    assert run("new", tmp_path / "mine").exit_code == 0
    result = run("export", "-C", tmp_path / "mine", "--format", "csl-json")
    assert (result.exit_code, json.loads(result.stdout)) == (0, [])
    assert "there are no found records" in result.stderr


def test_export_converts_files_and_projects(mine: Path, ris: Path, tmp_path: Path) -> None:
    assert run("export", ris, "--format", "ris").stdout.startswith("TY  - JOUR")
    assert "@article{embase-1.1," in run("export", ris, "--format", "bibtex").stdout
    [item] = json.loads(run("export", ris, "--format", "csl-json").stdout)
    assert item["title"] == "A trial"
    log = mine / "evidence/searches.yml"
    log.write_text(re.sub(r"(?m)^ +file: .*\n", "", log.read_text("utf-8")), encoding="utf-8")
    (mine / "evidence/searches/exports/pubmed.nbib").unlink()
    run("import", ris, "-C", mine)
    book = tmp_path / "records.xlsx"
    assert run("export", "-C", mine, "--format", "xlsx", "--to", book).exit_code == 0
    code, data = run_json("import", book, "--dry-run", "--records")
    assert (code, data["files"][0]["records"][0]["title"]) == (0, "A trial")


@pytest.mark.parametrize(
    ("options", "code"),
    [(("--format", "doc"), 2), (("--format", "xlsx"), 2), (("--to", "."), 2)],
)
def test_export_used_wrongly(ris: Path, options: tuple[str, ...], code: int) -> None:
    assert run("export", ris, *options).exit_code == code


def test_export_of_what_is_no_export(tmp_path: Path) -> None:
    (tmp_path / "a.ris").write_bytes(b"%PDF-1.7")
    result = run("export", tmp_path / "a.ris")
    assert result.exit_code == 1
    assert "is a PDF" in result.stdout


def test_the_commands_of_the_manual(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command of docs/intake.md, in its order, in a new project."""
    text = (ROOT / "docs/intake.md").read_text("utf-8")
    files = dict(re.findall(r"`([\w.-]+)`:\n\n```text\n(.*?)```", text, re.DOTALL))
    assert run("new", tmp_path / "mine").exit_code == 0
    for name, content in files.items():
        (tmp_path / "mine" / name).write_text(content, encoding="utf-8")
    commands = [line for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) for line in block.splitlines()]
    assert len(commands) > 4
    monkeypatch.chdir(tmp_path / "mine")
    for command in commands:
        words = [word.strip('"') for word in re.findall(r'"[^"]*"|\S+', command)]
        assert words[0] == "guidewright"
        done = run(*words[1:])
        assert done.exit_code == 0, (command, done.output, done.exception)
