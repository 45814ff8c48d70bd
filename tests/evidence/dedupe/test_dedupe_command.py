"""``guidewright dedupe`` as people run it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.cli.running import RUNNER, run, run_json
from tests.evidence.intake_project import PEOPLE, intake_project

FILE = "evidence/duplicates.csv"


def dedupe(root: Path, *options: str | Path) -> dict[str, Any]:
    code, data = run_json("dedupe", "-C", root, *options)
    assert code == 0
    assert isinstance(data, dict)
    return data


def test_copies_are_kept_as_decisions_and_a_second_run_changes_nothing(tmp_path: Path) -> None:
    root = intake_project(tmp_path)
    data = dedupe(root)
    assert data["groups"] == [["embase/1", "pubmed/1"]]
    assert [(pair["record"], pair["same_as"]) for pair in data["ask"]] == [("embase/2", "pubmed/2")]
    lines = (root / FILE).read_text(encoding="utf-8").splitlines()
    assert lines[0] == "record,same_as,decision,by,date,reason"
    assert lines[1].startswith("embase/1,pubmed/1,same,automatic,2")
    assert "title=identical" in lines[1]
    before = (root / FILE).stat().st_mtime_ns
    dedupe(root)
    assert (root / FILE).stat().st_mtime_ns == before
    assert run("check", "-C", root, "--files-only").exit_code == 0


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    root = intake_project(tmp_path)
    assert dedupe(root, "--dry-run")["written"] is None
    assert not (root / FILE).exists()


def test_files_without_a_project(tmp_path: Path) -> None:
    exports = intake_project(tmp_path) / "evidence/searches/exports"
    code, data = run_json("dedupe", exports / "pubmed.bib", exports / "embase.bib")
    assert code == 0
    assert data["records"] == 5
    assert data["groups"] == [["embase/1", "pubmed/1"]]
    assert run("dedupe", exports / "missing.bib").exit_code == 1


def review(root: Path, keys: str) -> str:
    arguments = ["dedupe", "-C", str(root), "--review", "--by", PEOPLE[0]]
    from guidewright.cli.app import app

    result = RUNNER.invoke(app, arguments, input=keys)
    assert result.exit_code == 0, result.output
    return result.output


def test_a_person_answers_takes_back_and_answers_again(tmp_path: Path) -> None:
    root = intake_project(tmp_path)
    shown = review(root, "s\nq\n")
    assert "1 of 1" in shown
    assert "* place" in shown
    assert "the pages differ" in shown or "页码不同" in shown
    assert dedupe(root)["groups"] == [["embase/1", "pubmed/1"], ["embase/2", "pubmed/2"]]
    (root / FILE).unlink()
    review(root, "n\n")
    assert len(dedupe(root)["ask"]) == 1
    review(root, "r\n")
    assert dedupe(root)["ask"] == []
    assert f"embase/2,pubmed/2,related,{PEOPLE[0]}" in (root / FILE).read_text(encoding="utf-8")


def test_undo_goes_back_to_the_last_answer(tmp_path: Path) -> None:
    bib = "\n".join(
        f"@article{{k{n}{side}, title={{Neurological involvement in case {n} of vertebral fracture}},"
        f" author={{Koehl, B}}, journal={{Spine}}, year={{2010}}, volume={{25}}, pages={{{n}{page}}}}}"
        for n in (1, 2)
        for side, page in (("a", "01"), ("b", "77"))
    )
    root = intake_project(tmp_path, {"one": bib})
    assert len(dedupe(root)["ask"]) == 2
    review(root, "s\nu\nd\nd\n")
    text = (root / FILE).read_text(encoding="utf-8")
    assert text.count(",different,") == 2
    assert ",same," not in text


def test_a_decision_can_be_reversed_by_hand(tmp_path: Path) -> None:
    root = intake_project(tmp_path)
    dedupe(root)
    text = (root / FILE).read_text(encoding="utf-8")
    changed = [line for line in text.splitlines() if not line.startswith("embase/1")]
    (root / FILE).write_text("\n".join([*changed, f"pubmed/1,embase/1,different,{PEOPLE[1]},,read both"]) + "\n")
    assert dedupe(root)["groups"] == []
    assert "read both" in (root / FILE).read_text(encoding="utf-8")


@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
def test_questions_go_out_as_a_table_and_answers_come_back(tmp_path: Path, suffix: str) -> None:
    root = intake_project(tmp_path)
    table = tmp_path / f"questions.{suffix}"
    dedupe(root, "--to", table)
    if suffix == "xlsx":
        book = load_workbook(table)
        sheet = book.worksheets[0]
        assert [str(rule.formula1) for rule in sheet.data_validations.dataValidation] == ['"same,different,related"']
        sheet["A2"] = "Same"
        sheet["B2"] = "one child"
        book.save(table)
    else:
        lines = table.read_text(encoding="utf-8-sig").splitlines()
        table.write_text("\n".join([lines[0], "same" + lines[1]]), encoding="utf-8")
    data = dedupe(root, "--from", table, "--by", PEOPLE[0])
    assert ["embase/2", "pubmed/2"] in data["groups"]
    assert f"same,{PEOPLE[0]}" in (root / FILE).read_text(encoding="utf-8")


def test_a_table_with_faults_is_refused_whole(tmp_path: Path) -> None:
    root = intake_project(tmp_path)
    table = tmp_path / "answers.csv"
    table.write_text(
        "decision,record 1,record 2\nsame,embase/2,pubmed/2\nmaybe,embase/2,pubmed/2\nsame,embase/9,pubmed/2\n"
        "same,pubmed/1,pubmed/1\ndifferent,pubmed/2,embase/2\n",
        encoding="utf-8",
    )
    code, data = run_json("dedupe", "-C", root, "--from", table, "--by", PEOPLE[0])
    assert code == 1
    assert [problem["line"] for problem in data["problems"]] == [3, 4, 5, 6]
    assert not (root / FILE).exists()


@pytest.mark.parametrize(
    "options",
    [
        ("--review",),
        ("--review", "--by", "nobody"),
        ("--engine", "abacus"),
        ("--from", "missing.csv", "--by", PEOPLE[0]),
        ("--to", "table.doc"),
        ("--review", "--by", PEOPLE[0], "--json"),
    ],
)
def test_wrong_use(tmp_path: Path, options: tuple[str, ...]) -> None:
    result = run("dedupe", "-C", intake_project(tmp_path), *options)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_every_rule_is_printed_in_words() -> None:
    code, data = run_json("dedupe", "--rules")
    assert code == 0
    assert set(data["zh"]) == set(data["en"])
    assert data["en"]["!notice"].startswith("one is a correction")


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ("embase/1,other/1,same,automatic,,", "there is no export `other`"),
        ("embase/1,pubmed/1,same,nobody,,", "there is no person `nobody`"),
        ("embase/1,embase/1,same,automatic,,", "a record cannot be a duplicate of itself"),
        ("embase/1,pubmed/1,equal,automatic,,", "`decision`"),
    ],
)
def test_faults_in_the_file_are_named(tmp_path: Path, row: str, rule: str) -> None:
    root = intake_project(tmp_path)
    (root / FILE).write_text(f"record,same_as,decision,by,date,reason\n{row}\n", encoding="utf-8")
    code, data = run_json("check", "-C", root)
    assert code == 1
    assert any(rule in problem["rule"] and problem["file"] == FILE for problem in data["problems"])


def test_a_title_cannot_steer_the_terminal(tmp_path: Path) -> None:
    bib = (
        "@article{a, title={Evil \x1b[2J title of a paper about bones}, author={X, Y}, year={2000}, pages={1-9}}\n"
        "@article{b, title={Evil \x1b[2J title of a paper about bones}, author={X, Y}, year={2000}, pages={31-39}}\n"
    )
    root = intake_project(tmp_path, {"evil": bib})
    result = run("dedupe", "-C", root)
    assert result.exit_code == 0
    assert "\x1b" not in result.output
    assert "\x1b" not in review(root, "d\n")
