"""Imports into a project: files whole, log consistent, the same file once, and no moment at which a kill does harm."""

from __future__ import annotations

import hashlib
import os
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from shutil import copytree, rmtree

import pytest

from guidewright import intake, writing
from guidewright.evidence.search_log import searches_in
from guidewright.evidence.searches import Searches
from guidewright.intake import Asked, Outcome, take_in
from guidewright.loading.exports import found_records
from guidewright.project import load
from tests.loading.project_copy import PROJECT

RIS = "TY  - JOUR\nTI  - {}\nDB  - Embase\nER  - \n"


def quiet(_step: str) -> None:
    """No progress."""


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    root = copytree(PROJECT, tmp_path / "mine")
    log = root / intake.LOG
    log.write_text(re.sub(r"(?m)^ +file: .*\n", "", log.read_text("utf-8")), encoding="utf-8")
    rmtree(root / intake.EXPORTS)
    return root


def export(folder: Path, name: str, *titles: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text("".join(map(RIS.format, titles)), encoding="utf-8")
    return path


def bring(root: Path, *paths: Path, **asked: str) -> list[Outcome]:
    return take_in(root, paths, Asked(**asked), quiet)


def searches(root: Path) -> Searches:
    project, problems = load(root)
    assert project is not None, problems
    return project.searches


def test_a_file_is_kept_as_it_came_and_logged(mine: Path, tmp_path: Path) -> None:
    path = export(tmp_path / "down loads", "my export (1).ris", "A trial", "Another")
    before = len(searches(mine).databases)
    [outcome] = bring(mine, path, platform="Embase.com", date="2025-01-31", strategy="a AND b")
    assert (outcome.state, outcome.database) == ("imported", "Embase")
    assert (mine / outcome.stored).read_bytes() == path.read_bytes()
    logged = searches(mine).databases[-1]
    assert (logged.name, logged.platform, str(logged.searched_on), logged.strategy, logged.hits) == (
        "Embase",
        "Embase.com",
        "2025-01-31",
        "a AND b",
        2,
    )
    assert logged.checksum == hashlib.sha256(path.read_bytes()).hexdigest()
    assert len(searches(mine).databases) == before + 1
    records, problems = found_records(mine, searches(mine))
    assert not problems
    assert [(record.id, record.title, record.database) for record in records] == [
        ("my export (1)/1", "A trial", "Embase"),
        ("my export (1)/2", "Another", "Embase"),
    ]
    assert {record.raw for record in found_records(mine, searches(mine), raw=False)[0]} == {""}


def test_the_same_file_again_changes_nothing(mine: Path, tmp_path: Path) -> None:
    path = export(tmp_path, "a.ris", "A trial")
    bring(mine, path)
    state = {file: file.read_bytes() for file in (mine / "evidence").rglob("*") if file.is_file()}
    other = export(tmp_path, "other-name.ris", "A trial")
    assert [one.state for one in bring(mine, path, other)] == ["already imported"] * 2
    assert {file: file.read_bytes() for file in (mine / "evidence").rglob("*") if file.is_file()} == state


@pytest.mark.parametrize("name", ["a.ris", "a.txt", "A.nbib"])
def test_another_file_of_the_same_name_is_refused(mine: Path, tmp_path: Path, name: str) -> None:
    bring(mine, export(tmp_path, "a.ris", "A trial"))
    [outcome] = bring(mine, export(tmp_path / "other", name, "Another"))
    assert outcome.state == "refused"
    assert outcome.problem is not None
    assert "rename the new file" in str(outcome.problem)
    assert len(list((mine / intake.EXPORTS).iterdir())) == 1


def test_files_that_can_be_taken_in_are(mine: Path, tmp_path: Path) -> None:
    pdf = tmp_path / "paper.ris"
    pdf.write_bytes(b"%PDF-1.7")
    unnamed = tmp_path / "b.ris"
    unnamed.write_text("TY  - JOUR\nTI  - A\nER  - \n", encoding="utf-8")
    outcomes = bring(mine, pdf, export(tmp_path, "a.ris", "A trial"), unnamed, tmp_path, tmp_path / "none.ris")
    assert [one.state for one in outcomes] == ["refused", "imported", "refused", "refused", "refused"]
    assert all(one.problem and one.problem.next_step for one in outcomes if one.state == "refused")


def test_a_gigabyte_is_refused_by_its_size(mine: Path, tmp_path: Path) -> None:
    path = tmp_path / "large.ris"
    with path.open("wb") as out:
        out.truncate(1_000_000_000)
    [outcome] = bring(mine, path)
    assert outcome.problem is not None
    assert "1,000 MB" in outcome.problem.rule


def test_a_broken_log_stops_everything(mine: Path, tmp_path: Path) -> None:
    (mine / intake.LOG).write_text("databases: [\n", encoding="utf-8")
    with pytest.raises(intake.NoLogError):
        bring(mine, export(tmp_path, "a.ris", "A trial"))
    assert not (mine / intake.EXPORTS).exists()


def test_a_log_with_the_line_ends_of_windows_keeps_them(mine: Path, tmp_path: Path) -> None:
    log = mine / intake.LOG
    log.write_bytes(b"# note\r\ndatabases:\r\n  - name: CNKI\r\n")
    bring(mine, export(tmp_path, "a.ris", "A trial"))
    assert log.read_bytes().startswith(b"# note\r\ndatabases:\r\n  - name: CNKI\r\n  - name: Embase\r\n")
    assert b"\n" not in log.read_bytes().replace(b"\r\n", b"")


def test_a_changed_lost_or_unlogged_export_is_a_problem(mine: Path, tmp_path: Path) -> None:
    bring(mine, export(tmp_path, "a.ris", "A trial"))
    kept = mine / intake.EXPORTS / "a.ris"
    raw = kept.read_bytes()
    export(kept.parent, "by-hand.ris", "Unlogged")
    kept.write_bytes(raw + b"\n")
    assert {problem.file.rpartition("/")[2] for problem in load(mine)[1]} == {"a.ris", "by-hand.ris"}
    assert "was changed" in str(load(mine)[1][0])
    kept.unlink()
    assert "there is no such file" in str(load(mine)[1])
    (kept.parent / "by-hand.ris").unlink()
    assert [one.state for one in bring(mine, tmp_path / "a.ris")] == ["already imported"]
    assert kept.read_bytes() == raw
    assert load(mine)[1] == []


def test_a_wrong_number_of_hits_is_a_problem(mine: Path, tmp_path: Path) -> None:
    bring(mine, export(tmp_path, "a.ris", "A trial", "Another"))
    log = mine / intake.LOG
    log.write_text(log.read_text("utf-8").replace("hits: 2\n    file", "hits: 3\n    file"), encoding="utf-8")
    [problem] = load(mine)[1]
    assert (problem.file, problem.value, problem.rule) == ("evidence/searches.yml", "3", "the file holds 2 records")


def test_columns_that_a_person_named_are_remembered(mine: Path, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("Was;Wer\nA trial;Clark, W.\n", encoding="utf-8")
    take_in(mine, [path], Asked(database="Embase", columns={"title": "Was", "authors": "Wer"}), quiet)
    [record] = found_records(mine, searches(mine))[0]
    assert (record.title, str(record.authors[0])) == ("A trial", "W. Clark") or str(record.authors[0]) == "Clark W."


# --- killed at any moment -------------------------------------------------------------------------------------------


def whole(root: Path, sources: dict[str, bytes]) -> None:
    """No file is half written; the log names only what is there; another import completes the work."""
    kept = {path.name: path.read_bytes() for path in (root / intake.EXPORTS).glob("[!.]*")}
    assert all(sources[name] == raw for name, raw in kept.items())
    log = (root / intake.LOG).read_text("utf-8")
    named = {Path(str(one["file"])).name for one in searches_in(log) if one.get("checksum")}
    assert named <= set(kept)
    rest = iter(log.splitlines())
    assert all(line in rest for line in ORIGINAL.splitlines())


ORIGINAL = "# kept by hand\n" + re.sub(r"(?m)^ +file: .*\n", "", (PROJECT / intake.LOG).read_text("utf-8"))


def prepared(mine: Path, tmp_path: Path) -> tuple[list[Path], dict[str, bytes]]:
    (mine / intake.LOG).write_text(ORIGINAL, encoding="utf-8")
    paths = [export(tmp_path, f"export-{n}.ris", *(f"Trial {n}-{m}" for m in range(30))) for n in range(3)]
    return paths, {path.name: path.read_bytes() for path in paths}


class KilledError(BaseException):
    """Stands for the end of the program."""


@pytest.mark.parametrize("step", range(18))
def test_the_end_at_every_step_of_writing(
    mine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    paths, sources = prepared(mine, tmp_path)
    steps = 0

    def ends(function: str) -> None:
        original = getattr(os if function != "replace" else Path, function)

        def wrapped(*args: object, **kwargs: object) -> object:
            nonlocal steps
            steps += 1
            if steps == step + 1:
                raise KilledError
            return original(*args, **kwargs)

        monkeypatch.setattr(os if function != "replace" else Path, function, wrapped)

    for function in ("fdopen", "fsync", "replace"):
        ends(function)
    with pytest.raises(KilledError):
        bring(mine, *paths)
    monkeypatch.undo()
    whole(mine, sources)
    bring(mine, *paths)
    assert len(found_records(mine, searches(mine))[0]) == 90


def test_killed_at_random_moments(mine: Path, tmp_path: Path) -> None:
    paths, sources = prepared(mine, tmp_path)
    chance = random.Random(2022)  # noqa: S311 - moments, not secrets
    ready = tmp_path / "ready"
    program = (
        "import sys, pathlib\nfrom guidewright.intake import Asked, take_in\n"
        "pathlib.Path(sys.argv[1]).touch()\n"
        "take_in(pathlib.Path(sys.argv[2]), [pathlib.Path(p) for p in sys.argv[3:]], Asked(), lambda step: None)\n"
    )
    for _ in range(8):
        ready.unlink(missing_ok=True)
        process = subprocess.Popen([sys.executable, "-c", program, str(ready), str(mine), *map(str, paths)])
        while not ready.exists() and process.poll() is None:
            time.sleep(0.001)
        time.sleep(chance.random() * 0.03)
        process.send_signal(signal.SIGKILL)
        process.wait()
        whole(mine, sources)
    assert {one.state for one in bring(mine, *paths)} <= {"imported", "already imported"}
    assert [record.title for record in found_records(mine, searches(mine))[0]].count("Trial 2-29") == 1


def test_writing_leaves_the_old_file_when_it_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    path.write_text("old", encoding="utf-8")
    monkeypatch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(OSError("no space")))
    with pytest.raises(OSError, match="no space"):
        writing.write(path, "new")
    assert path.read_text("utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]
