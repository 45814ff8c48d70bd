"""``guidewright screen`` as people run it."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from guidewright.cli.app import app
from guidewright.cli.screen_terminal import Desk, Matter, record_text, session
from guidewright.evidence.screening import ScreeningDecision
from guidewright.evidence.selecting.terms import terms_of
from tests.cli.running import RUNNER, run, run_json
from tests.evidence.intake_project import PEOPLE, intake_project
from tests.evidence.selecting.made import publication
from tests.evidence.selecting.test_terms_and_others import QUESTION

ONE, TWO = PEOPLE


@pytest.fixture
def root(tmp_path: Path) -> Path:
    project = intake_project(tmp_path)
    assert run("dedupe", "-C", project).exit_code == 0
    for old in (project / "evidence/screening").glob("*.csv"):
        old.unlink()
    return project


def screen(root: Path, who: str, keys: str, *options: str) -> str:
    result = RUNNER.invoke(app, ["screen", "-C", str(root), "--by", who, *options], input=keys)
    assert result.exit_code == 0, result.output
    return result.output


def rows(root: Path, who: str) -> list[str]:
    path = root / f"evidence/screening/{who}.csv"
    return path.read_text(encoding="utf-8").splitlines()[1:] if path.exists() else []


def status(root: Path) -> Any:
    code, data = run_json("screen", "-C", root)
    assert code == 0
    return data


def test_one_record_at_a_time_and_on_from_where_one_stopped(root: Path) -> None:
    shown = screen(root, ONE, "i\nq\n")
    assert "0 of 4 decided (0%), 4 to go" in shown
    assert "embase/1, pubmed/1" in shown
    assert "1 decision kept" in shown
    assert [row.split(",")[:3] for row in rows(root, ONE)] == [["embase/1", "title-abstract", "include"]]
    again = screen(root, ONE, "e\n1\nm\n")
    assert "1 of 4 decided (25%), 3 to go" in again
    assert [row.split(",")[2:4] for row in rows(root, ONE)] == [
        ["include", ""],
        ["exclude", "population"],
        ["unsure", ""],
    ]
    assert status(root)["stages"]["title-abstract"]["judged"] == {ONE: 3}
    assert run("check", "-C", root, "--files-only").exit_code == 0


def test_undo_notes_words_and_passing_over(root: Path) -> None:
    screen(root, ONE, "i\nu\nt\nlooks odd\ne\nw\nanimals only\nn\nq\n")
    assert len(rows(root, ONE)) == 1
    assert rows(root, ONE)[0].startswith("embase/1,title-abstract,exclude,animals only,")
    assert "looks odd" in rows(root, ONE)[0]


def test_full_texts_need_a_reason(root: Path) -> None:
    screen(root, ONE, "i\ni\ni\ni\n")
    shown = screen(root, ONE, "e\nx\ne\n5\nq\n", "--stage", "full-text")
    assert "any other key: back" in shown
    assert [row.split(",")[1:4] for row in rows(root, ONE)][-1] == ["full-text", "exclude", "study-design"]


def test_two_reviewers_conflicts_consensus(root: Path) -> None:
    screen(root, ONE, "i\ni\ne\n1\ne\n")
    shown = screen(root, TWO, "i\ne\n1\ne\n1\ne\n")
    assert ONE not in shown
    code, data = run_json("screen", "-C", root, "--conflicts")
    assert code == 0
    assert [one["publication"] for one in data["conflicts"]] == ["embase/2"]
    code, data = run_json("screen", "-C", root, "--agreement")
    decision = next(one for one in data["agreement"] if one["about"] == "decision")
    assert decision["n"] == 4
    assert decision["percent"]["estimate"] == 0.75
    settled = screen(root, ONE, "t\nwe read it together\ni\n", "--reconcile")
    assert f"{TWO}: exclude (population)" in settled
    consensus = rows(root, "consensus")
    assert consensus[0].startswith("embase/2,title-abstract,include,")
    assert consensus[0].endswith(f"we read it together,{ONE}")
    assert run_json("screen", "-C", root, "--conflicts")[1]["conflicts"] == []
    assert status(root)["stages"]["full-text"]["asked"] == 2
    assert run("check", "-C", root, "--files-only").exit_code == 0


@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
def test_a_spreadsheet_goes_out_and_comes_back(root: Path, tmp_path: Path, suffix: str) -> None:
    screen(root, ONE, "i\nq\n")
    table = tmp_path / f"mine.{suffix}"
    assert run("screen", "-C", root, "--by", ONE, "--to", table).exit_code == 0
    if suffix == "xlsx":
        book = load_workbook(table)
        sheet = book.worksheets[0]
        names = [cell.value for cell in sheet[1]]
        assert len(sheet.data_validations.dataValidation) == 2
        cells = {(row, name): sheet.cell(row, n) for row in range(2, 6) for n, name in enumerate(names, 1)}
        assert cells[2, "decision"].value == "include"
        abstracts = [cells[row, "abstract"] for row in range(2, 6)]
        formula = next(cell for cell in abstracts if str(cell.value).startswith("=HYPERLINK"))
        assert formula.data_type == "s"
        assert "\x1b" not in formula.value
        for row in range(3, 6):
            cells[row, "decision"].value = "exclude"
            cells[row, "reason"].value = "language"
        book.save(table)
    else:
        text = table.read_text(encoding="utf-8-sig")
        assert "'=HYPERLINK" in text
        head, first, *others = text.splitlines()
        table.write_text(
            "\n".join([head, first, *(f"exclude,language{line[1:]}" for line in others)]), encoding="utf-8"
        )
    assert run("screen", "-C", root, "--by", ONE, "--from", table).exit_code == 0
    assert [row.split(",")[2] for row in rows(root, ONE)] == ["include", "exclude", "exclude", "exclude"]
    assert run("check", "-C", root, "--files-only").exit_code == 0


def test_a_table_with_faults_changes_nothing(root: Path, tmp_path: Path) -> None:
    table = tmp_path / "bad.csv"
    table.write_text("decision,record\nperhaps,pubmed/2\ninclude,other/9\ninclude,pubmed/3\n", encoding="utf-8")
    code, data = run_json("screen", "-C", root, "--by", ONE, "--from", table)
    assert code == 1
    assert [problem["line"] for problem in data["problems"]] == [2, 3]
    assert rows(root, ONE) == []


def test_decisions_of_rayyan_asreview_and_lists(root: Path, tmp_path: Path) -> None:
    table = tmp_path / "rayyan.csv"
    notes = '"RAYYAN-INCLUSION: {""Li""=>""Included"", ""Wu""=>""Excluded""} | RAYYAN-EXCLUSION-REASONS: wrong drug"'
    table.write_text(f"key,title,notes\nr1,Bracing after burst fracture: a cohort study,{notes}\n", encoding="utf-8")
    assert run("screen", "-C", root, "--by", ONE, "--from", table).exit_code == 2
    assert run("screen", "-C", root, "--by", ONE, "--from", table, "--as", "Wu").exit_code == 0
    assert rows(root, ONE)[0].startswith("pubmed/3,title-abstract,exclude,wrong drug,")
    labels = tmp_path / "asreview.csv"
    labels.write_text("title,doi,included\nx,10.1136/bmj.k1551,1\ny,10.5555/unknown,0\n", encoding="utf-8")
    result = run("screen", "-C", root, "--by", TWO, "--from", labels)
    assert "1 records of the file are none of this project" in result.output
    assert rows(root, TWO)[0].startswith("embase/1,title-abstract,include,")
    listed = root / "evidence/searches/exports/pubmed.bib"
    copy = tmp_path / "covidence.bib"
    copy.write_text(listed.read_text(encoding="utf-8"), encoding="utf-8")
    assert run("screen", "-C", root, "--by", TWO, "--from", copy).exit_code == 2
    assert run("screen", "-C", root, "--by", TWO, "--from", copy, "--as", "include").exit_code == 0
    assert len(rows(root, TWO)) == 3


def test_an_order_that_is_learnt_and_a_report_on_stopping(tmp_path: Path) -> None:
    bib = "\n".join(
        f"@article{{k{n}, title={{{'Vertebroplasty for fracture' if n % 4 == 0 else 'Knee replacement in athletes'}, "
        f"cohort number {n} of many}}, author={{A{n}, B}}, year={{2000}}, pages={{{n}01-{n}09}}}}"
        for n in range(1, 41)
    )
    root = intake_project(tmp_path, {"one": bib})
    for old in (root / "evidence/screening").glob("*.csv"):
        old.unlink()
    keys = "".join("i\n" if n % 4 == 0 else "e\nx\n" for n in range(1, 21))
    screen(root, ONE, keys + "q\n")
    shown = screen(root, ONE, "i\nq\n", "--order", "priority")
    assert "Vertebroplasty" in shown
    assert rows(root, ONE)[-1].startswith("one/24,")
    code, data = run_json("screen", "-C", root, "--by", ONE, "--stopping")
    assert code == 0
    assert data["stopping"]["found"] == 6
    assert data["stopping"]["total"] == 40
    assert data["curve"][-1] == 1.0
    early = intake_project(tmp_path / "early", {"one": bib})
    assert "cannot be learnt yet" in RUNNER.invoke(
        app, ["screen", "-C", str(early), "--by", ONE, "--order", "priority"], input="q\n"
    ).output  # fmt: skip


def test_references_are_screened_where_there_are_no_exports(tmp_path: Path) -> None:
    root = tmp_path / "plain"
    assert run("new", root).exit_code == 0
    data = status(root)
    assert data["publications"] > 0
    assert data["stages"]["title-abstract"]["judged"]


@pytest.mark.parametrize(
    "options",
    [
        ("--by", "nobody"),
        ("--stage", "abstract"),
        ("--order", "random"),
        ("--question", "q99"),
        ("--to", "x.xlsx"),
        ("--by", ONE, "--to", "x.doc"),
        ("--by", ONE, "--from", "missing.csv"),
        ("--stopping",),
        ("--conflicts", "--to", "x.xlsx"),
        ("--reconcile",),
        ("--agreement", "--conflicts"),
        ("--by", ONE, "--to", "x.xlsx", "--from", "x.xlsx"),
    ],
)
def test_wrong_use(root: Path, options: tuple[str, ...]) -> None:
    result = run("screen", "-C", root, *options)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_a_broken_file_of_decisions_is_named_and_kept(root: Path) -> None:
    path = root / f"evidence/screening/{ONE}.csv"
    path.parent.mkdir(exist_ok=True)
    path.write_text("record,stage,decision\npubmed/3,title-abstract,perhaps\n", encoding="utf-8")
    result = RUNNER.invoke(app, ["screen", "-C", str(root), "--by", ONE], input="i\n")
    assert result.exit_code == 1
    assert "perhaps" in path.read_text(encoding="utf-8")


def test_reasons_are_printed() -> None:
    code, data = run_json("screen", "--reasons")
    assert code == 0
    assert all(set(label) == {"zh", "en"} for label in data.values())


def test_terms_are_coloured_and_a_record_cannot_steer_the_terminal() -> None:
    unit = publication("a/1", title="Vertebroplasty \x1b[2J of fractures", abstract="Pain \u202e was less.")
    matter = Matter({"a/1": unit}, [QUESTION], terms_of([QUESTION]), ["in: adults"], "en", {"a/1": "li: \x07"}, 1)
    text = record_text(unit, matter, colour=True)
    assert "\x1b[1;33mVertebroplasty\x1b[0m" in text
    assert "\\x1b[2J" in text
    assert "\u202e" not in text
    assert "\x07" not in text
    assert "\x1b" not in record_text(unit, matter, colour=False)
    shown: list[str] = []
    desk = Desk(lambda: "q", lambda _: "", shown.append, lambda *_: None, lambda _: None, colour=True)
    assert session(lambda: ["a/1"], matter, desk, reason_needed=False) == 0
    assert "Vertebroplasty" in shown[0]
    assert "in: adults" in shown[0]


#: Screens everything, a key at a time, as a person would, until somebody kills it.
SESSION = "import sys; from guidewright.cli import main; sys.argv = ['guidewright', *sys.argv[1:]]; main()"


def test_killed_at_any_moment_no_decision_is_lost(tmp_path: Path) -> None:
    bib = "\n".join(f"@article{{k{n}, title={{Study of matter number {n}}}, pages={{{n}}}}}" for n in range(1, 400))
    root = intake_project(tmp_path, {"one": bib})
    path = root / f"evidence/screening/{ONE}.csv"
    path.unlink(missing_ok=True)
    rnd = random.Random(6)  # noqa: S311 - no secret
    kept = 0
    for _ in range(6):
        command = [sys.executable, "-u", "-c", SESSION, "screen", "-C", str(root), "--by", ONE]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=os.environ
        ) as running:
            assert running.stdin is not None
            assert running.stdout is not None
            for line in running.stdout:
                if "to go" in line:
                    break
            running.stdin.write("i\n" * 40)
            running.stdin.flush()
            time.sleep(rnd.uniform(0.0, 0.4))
            running.kill()
            said = [line for line in running.stdout.read().splitlines() if "to go" in line]
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        decisions = [ScreeningDecision.model_validate(dict(zip(lines[0].split(","), row.split(","), strict=True)) | {
            "reason": None, "note": None, "by": None}) for row in lines[1:]]  # fmt: skip
        assert len({one.record for one in decisions}) == len(decisions)
        shown = int(said[-1].split()[1]) if said else kept
        assert len(decisions) >= max(shown, kept)
        kept = len(decisions)
    assert kept
    leftovers = [one.name for one in path.parent.iterdir() if one.suffix not in {".csv", ".lock"}]
    assert all(name.startswith(".") for name in leftovers)
