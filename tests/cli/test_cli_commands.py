"""Every command in real runs: exit codes, what is printed for people, and what for programs."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import pytest

from tests.cli.running import run, run_json, spawn
from tests.loading.project_copy import PROJECT

pytestmark = pytest.mark.xdist_group("commands")

PROBLEM_KEYS = {"file", "line", "column", "rule", "value", "example", "next_step"}
FINDING_KEYS = {
    *(
        "rule",
        "severity",
        "topic",
        "place",
        "file",
        "line",
        "text",
        "sides",
        "why",
        "next_step",
        "fingerprint",
        "answer",
    )
}
ON_A_PROJECT = ("check", "grade", "pool", "build", "serve", "status")


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What ``guidewright new`` writes, pooled once."""
    folder = tmp_path_factory.mktemp("new") / "mine"
    assert run("new", folder).exit_code == 0
    assert run("pool", "-C", folder).exit_code == 0
    return folder


@pytest.fixture
def mine(started: Path, tmp_path: Path) -> Path:
    return copytree(started, tmp_path / "mine")


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A project with faults in two files."""
    root = copytree(PROJECT, tmp_path / "broken")
    study = root / "evidence/studies/adams-2020.yml"
    study.write_text(study.read_text(encoding="utf-8").replace("blinding:", "blindng:"), encoding="utf-8")
    chapter = root / "guideline_src/chapters/background.md"
    chapter.write_text(chapter.read_text(encoding="utf-8").replace("order: 1", "order: 骨"), encoding="utf-8")
    return root


# --- without a project, and with a broken one ---------------------------------------------------------------------


@pytest.mark.parametrize("command", ON_A_PROJECT)
def test_outside_of_a_project_a_sentence_and_exit_code_2(command: str, tmp_path: Path) -> None:
    result = run(command, "-C", tmp_path)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "is not a guideline project: it has neither evidence/ nor guideline_src/" in result.stderr
    assert "--project" in result.stderr
    assert "guidewright new DIR" in result.stderr


@pytest.mark.parametrize("where", ["nowhere", "file"])
def test_a_folder_that_is_none(where: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    done = run("check", "--project", tmp_path / where)
    assert done.exit_code == 2
    assert "is not a guideline project" in done.stderr
    assert isinstance(done.exception, SystemExit)


def test_the_current_folder_is_the_project_unless_one_is_named(broken: Path) -> None:
    done = spawn("check", "--files-only", cwd=broken)
    assert done.returncode == 1
    assert "evidence/studies/adams-2020.yml:8:1: `blindng` is not known here" in done.stdout


@pytest.mark.parametrize("command", ON_A_PROJECT)
def test_problems_of_files_end_every_command(command: str, broken: Path) -> None:
    before = {path: path.read_bytes() for path in broken.rglob("*") if path.is_file()}
    result = run(command, "-C", broken)
    assert result.exit_code == 1
    assert "evidence/studies/adams-2020.yml:8:1: `blindng` is not known here; did you mean blinding?" in result.stdout
    assert "guideline_src/chapters/background.md:4:8: `order` must be a whole number" in result.stdout
    assert "2 problems in 2 files" in result.stdout
    assert {path: path.read_bytes() for path in broken.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("command", ["check", "grade", "pool", "status"])
def test_problems_of_files_as_json(command: str, broken: Path) -> None:
    code, data = run_json(command, "-C", broken)
    assert code == 1
    assert set(data) == {"problems"}
    assert all(set(problem) == PROBLEM_KEYS for problem in data["problems"])
    assert [(p["file"], p["line"], p["column"], p["value"]) for p in data["problems"]] == [
        ("evidence/studies/adams-2020.yml", 8, 1, "blindng"),
        ("guideline_src/chapters/background.md", 4, 8, "骨"),
    ]


def test_a_console_that_cannot_show_chinese_is_no_reason_to_fail(broken: Path) -> None:
    done = spawn("check", "-C", broken, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert done.returncode == 1
    assert "\\u9aa8" in done.stdout
    assert "Traceback" not in done.stderr


def test_a_file_name_that_is_no_text_is_no_reason_to_fail(broken: Path) -> None:
    with open(bytes(broken) + b"/evidence/studies/\xd1\xd0.yml", "wb"):  # noqa: PTH123 - a path of bytes
        pass
    for more in ([], ["--json"]):
        done = spawn("check", "-C", broken, *more)
        assert done.returncode == 1
        assert "udcd1" in done.stdout
        assert "Traceback" not in done.stderr


# --- new ----------------------------------------------------------------------------------------------------------


def test_new_says_what_comes_next(tmp_path: Path) -> None:
    result = run("new", tmp_path / "mine")
    assert result.exit_code == 0
    assert f"cd {tmp_path / 'mine'}" in result.stdout
    assert "guidewright check" in result.stdout
    assert (tmp_path / "mine/.guidewright/schemas/study.json").is_file()


def test_new_takes_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    assert run("new", tmp_path / "mine").exit_code == 0
    assert (tmp_path / "mine/evidence/records.bib").is_file()


def test_new_refuses_a_folder_with_files_in_it(tmp_path: Path) -> None:
    note = tmp_path / "mine/note.txt"
    note.parent.mkdir()
    note.write_text("mine", encoding="utf-8")
    result = run("new", tmp_path / "mine")
    assert result.exit_code == 2
    assert "is not empty" in result.stderr
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["note.txt"]


@pytest.mark.parametrize("where", ["file", "file/inside"])
def test_new_refuses_a_file(where: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    done = spawn("new", tmp_path / where)
    assert done.returncode == 2
    assert re.search("is a file; name a folder|a file is where a folder is needed", done.stderr)
    assert "Traceback" not in done.stderr
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    done = spawn("schema", tmp_path / "file")
    assert done.returncode == 2
    assert f"{tmp_path / 'file'} cannot be used: a file is where a folder is needed" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_in_place_of_a_file_is_named_as_it_was_given(tmp_path: Path) -> None:
    done = spawn("schema", tmp_path / "schemas", "--dictionary", tmp_path)
    assert done.returncode == 2
    assert done.stderr == f"{tmp_path} cannot be used: Is a directory\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux that is always full")
def test_a_full_disk_is_a_sentence() -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [sys.executable, "-m", "guidewright", "explain"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert "No space left" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("after", [0.1, 0.3])
def test_stopped_at_any_moment_a_command_ends_with_130(after: float, mine: Path) -> None:
    code = (
        "import os, signal, sys, threading\n"
        "from guidewright.cli import main\n"
        f"threading.Timer({after}, os.kill, (os.getpid(), signal.SIGINT)).start()\n"
        "sys.argv = ['guidewright', 'check', '--verify', '-C', sys.argv[1]]\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(mine)], capture_output=True, text=True, check=False)
    assert done.returncode == 130
    assert "Traceback" not in done.stderr


def test_a_folder_of_a_project_is_told_where_the_project_is(mine: Path) -> None:
    result = run("check", "-C", mine / "guideline_src/recommendations")
    assert result.exit_code == 2
    assert f"It lies in the project {mine}" in result.stderr


# --- check, grade, pool, status -----------------------------------------------------------------------------------


def test_check_of_sound_files(mine: Path) -> None:
    result = run("check", "--files-only", "-C", mine)
    assert (result.exit_code, result.stdout) == (0, "no problem in the files\n")
    assert run_json("check", "--files-only", "-C", mine) == (0, {"problems": []})


def test_check_of_sound_content(mine: Path) -> None:
    result = run("check", "-C", mine)
    assert result.exit_code == 0
    assert "0 of them errors" in result.stdout
    code, data = run_json("check", "-C", mine)
    assert code == 0
    assert set(data) == {"problems", "findings"}
    assert data["problems"] == []
    assert all(set(finding) == FINDING_KEYS for finding in data["findings"])


def test_a_finding_that_is_an_error_is_exit_code_1(mine: Path) -> None:
    """A stated strength that the rules do not give."""
    path = next((mine / "guideline_src/recommendations").glob("*.md"))
    text = path.read_text(encoding="utf-8")
    stated = '    stated: {strength: "1", source: {url: "https://example.org"}}\n'
    path.write_text(re.sub(r"(    question: \S+\n)", rf"\1{stated}", text, count=1), encoding="utf-8")
    result = run("check", "-C", mine)
    assert result.exit_code == 1
    assert "[strength-differs]" in result.stdout
    assert "do this: " in result.stdout
    code, data = run_json("check", "-C", mine)
    assert code == 1
    (error,) = [finding for finding in data["findings"] if finding["rule"] == "strength-differs"]
    assert error["severity"] == "error"
    assert set(error) == FINDING_KEYS
    assert error["file"] == path.relative_to(mine).as_posix()


def test_a_result_that_is_missing_is_an_error_and_pool_mends_it(mine: Path) -> None:
    committed = next((mine / "metaanalysis/results").glob("*.json"))
    content = committed.read_bytes()
    committed.unlink()
    result = run("check", "-C", mine)
    assert result.exit_code == 1
    assert "result-missing" in result.stdout
    code, data = run_json("pool", "-C", mine)
    assert code == 0
    assert data["written"] == [committed.relative_to(mine).as_posix()]
    assert committed.read_bytes() == content
    assert run("check", "-C", mine).exit_code == 0


def test_check_verify_recomputes_with_the_second_engine(mine: Path) -> None:
    assert run("check", "--verify", "-C", mine).exit_code == 0
    committed = next((mine / "metaanalysis/results").glob("*.json"))
    tampered = re.sub(r'("estimate": )[-\d.]+', r"\g<1>0.123", committed.read_text(encoding="utf-8"), count=1)
    committed.write_text(tampered, encoding="utf-8")
    result = run("check", "--verify", "-C", mine)
    assert result.exit_code == 1
    assert committed.stem in result.stdout


def test_pool_for_people_and_programs(mine: Path) -> None:
    result = run("pool", "-C", mine)
    assert result.exit_code == 0
    assert re.search(r"1 analysis, 0 computed anew, 0 files changed", result.stdout)
    assert "k=5" in result.stdout
    code, data = run_json("pool", "--anew", "-C", mine)
    assert code == 0
    assert set(data) == {"results", "written"}
    assert data["written"] == [], "the same inputs give the same file"
    (pooled,) = data["results"].values()
    assert {"analysis", "inputs", "engine", "measure", "model", "strata", "overall", "checked_with"} <= set(pooled)
    assert [stratum["k"] for stratum in pooled["strata"]] == [5]


def test_grade_for_people_and_programs(mine: Path) -> None:
    result = run("grade", "-C", mine)
    assert result.exit_code == 0
    assert re.search(r"^clause +stated +computed", result.stdout)
    assert re.search(r"^r01a ", result.stdout, re.MULTILINE)
    code, data = run_json("grade", "-C", mine)
    assert code == 0
    assert set(data) == {"scheme", "clauses", "graded_references"}
    assert data["scheme"] == "aaos-2025cn"
    assert [clause["clause"] for clause in data["clauses"]] == ["r01a", "r01b"]
    clause = data["clauses"][0]
    assert {"stated", "computed", "possible", "reasons", "studies", "missing", "rules", "would_change"} <= set(clause)
    assert all({"study", "level", "level_reason", "quality", "finding", "counted"} <= set(s) for s in clause["studies"])
    assert set(data["graded_references"]) == {"distinct", "by_stated_level"}


def test_status_for_people_and_programs(mine: Path) -> None:
    result = run("status", "-C", mine)
    assert result.exit_code == 0
    assert result.stdout.startswith("There is\n")
    assert "\nMissing\n" in result.stdout
    code, data = run_json("status", "-C", mine)
    assert code == 0
    assert set(data) == {
        "counts",
        "not_identified",
        "missing_facts",
        "undetermined",
        "stale_results",
        "untranslated",
        "without_evidence",
    }
    assert data["counts"]["recommendations"] == 1
    assert data["without_evidence"] == ["r01b"]
    assert data["untranslated"] == []


def test_status_names_a_missing_translation(mine: Path) -> None:
    """A language left out is no fault of the file, since drafts begin in one language; it is listed as missing."""
    path = next((mine / "guideline_src/tools").glob("*.yml"))
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"^name: \{zh: ([^,]+), en: [^}]+\}", r"name: {zh: \1}", text, flags=re.M), encoding="utf-8")
    assert run("check", "--files-only", "-C", mine).exit_code == 0
    name = path.relative_to(mine).as_posix()
    assert run_json("status", "-C", mine)[1]["untranslated"] == [[name, "en"]]
    assert f"{name} (en)" in run("status", "-C", mine).stdout


# --- build and serve ----------------------------------------------------------------------------------------------


def test_build_says_where_the_site_is(mine: Path) -> None:
    result = run("build", "-C", mine)
    assert result.exit_code == 0, result.output
    found = re.search(r"(\d+) pages in site/html after \d+ s; open (\S+)", result.stdout)
    assert found
    assert Path(found[2]).is_file()
    assert int(found[1]) == len(list((mine / "site/html").rglob("*.html")))


def test_build_with_a_builder_that_nobody_knows(mine: Path) -> None:
    result = run("build", "--builder", "hugo", "-C", mine)
    assert result.exit_code == 2
    assert "mkdocs, properdocs, zensical" in result.stderr


def test_build_without_the_settings_of_the_site(mine: Path) -> None:
    (mine / "mkdocs.yml").unlink()
    done = spawn("build", "-C", mine)
    assert done.returncode == 1
    assert "mkdocs.yml" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_build_with_a_broken_template_of_the_project(mine: Path) -> None:
    folder = mine / "guideline_src/templates"
    folder.mkdir(exist_ok=True)
    (folder / "methods.md.j2").write_text("one\n{% nonsense %}\n")
    done = spawn("build", "-C", mine)
    assert done.returncode == 1
    assert "a template is broken" in done.stdout
    assert "methods.md.j2, line 2" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


class Serving:
    """``guidewright serve`` as a program of its own, with what it printed."""

    def __init__(self, project: Path, port: int) -> None:
        command = [sys.executable, "-u", "-m", "guidewright", "serve", "-C", str(project), "--port", str(port)]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8"
        )
        self.printed = ""
        self.reader = threading.Thread(target=self._read)
        self.reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                self.printed += line

    def stop(self) -> None:
        self.process.kill()
        self.process.wait(20)
        self.reader.join(20)

    def wait_for(self, words: str, save: Callable[[], object] = lambda: None, seconds: float = 60) -> None:
        """Wait until something is printed, saving a file every other second as an author might."""
        until = time.monotonic() + seconds
        while words not in self.printed:
            assert time.monotonic() < until, self.printed
            assert self.process.poll() is None, self.printed
            save()
            for _ in range(20):
                if words not in self.printed:
                    time.sleep(0.1)


def test_serve_shows_the_site_follows_a_save_and_survives_a_broken_file(mine: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    serving = Serving(mine, port)
    try:
        serving.wait_for(f"http://127.0.0.1:{port}/ shows the site")
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/en/index.html", timeout=10) as page:
            assert b"<title>" in page.read()
        chapter = next((mine / "guideline_src/chapters").glob("*.md"))
        text = chapter.read_text(encoding="utf-8")
        wrong, right = text.replace("order: ", "order: x"), text + "\nA sentence saved while serving.\n"
        serving.wait_for("`order` must be a whole number", lambda: chapter.write_text(wrong, encoding="utf-8"))
        serving.wait_for("the site stays as it was until the files are mended")
        serving.wait_for("read again after", lambda: chapter.write_text(right, encoding="utf-8"))
        address = f"http://127.0.0.1:{port}/en/chapters/{chapter.stem}.html"
        with urllib.request.urlopen(address, timeout=10) as page:
            assert b"A sentence saved while serving." in page.read()
        serving.process.send_signal(signal.SIGINT)
        assert serving.process.wait(20) == 0
        serving.reader.join(20)
        assert "stopped" in serving.printed
        assert "Traceback" not in serving.printed
    finally:
        serving.stop()


def test_serve_on_a_port_that_is_taken(mine: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = spawn("serve", "-C", mine, "--port", str(taken.getsockname()[1]))
    assert done.returncode == 2
    assert "choose another with --port" in done.stderr


def test_python_m_is_the_same_command(mine: Path) -> None:
    script = Path(sys.executable).with_name("guidewright")
    done = subprocess.run(
        [str(script), "status", "--json", "-C", str(mine)], capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == json.loads(spawn("status", "--json", "-C", mine).stdout)
