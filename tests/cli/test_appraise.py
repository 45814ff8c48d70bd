"""``guidewright appraise`` and ``guidewright agreement``: what a reviewer may see, and sheets that do no harm."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from guidewright.cli.app import app

RUN = CliRunner()
ONE = "example-member-one"
TO = ("--to", "a.xlsx")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "mine"
    assert RUN.invoke(app, ["new", str(folder)]).exit_code == 0
    return folder


def run(project: Path, *words: str, code: int = 0) -> str:
    done = RUN.invoke(app, [*words, "-C", str(project)])
    assert done.exit_code == code, done.output
    return done.output


def test_a_reviewer_sees_own_answers_only(project: Path) -> None:
    said = run(project, "appraise", "example-member-two")
    assert "stein-1953 (quality-facts): 1 of 3 answered" in said
    assert "still to answer: randomisation, follow-up" in said
    assert "member-one" not in said
    (hart,) = (
        one for one in json.loads(run(project, "appraise", "example-member-two", "--json"))["appraisals"]
        if one["study"] == "hart-1977"
    )  # fmt: skip
    assert dict(hart["judgements"])["d1"] == "unclear", "the other member, and the consensus, say open"


def test_a_sheet_holds_the_questions_and_own_answers_only(project: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "two.xlsx"
    run(project, "appraise", "example-member-two", "--to", str(sheet), "--instrument", "quality-facts")
    book = load_workbook(sheet).active
    assert book is not None
    cells = [[cell.value for cell in row] for row in book.iter_rows()]
    heads = cells[0]
    assert len(cells) == 1 + 3 * 3, "three randomised trials with three questions"
    text = json.dumps(cells)
    assert "No report at hand." in text
    assert "Alternate allocation." not in text, "the answer of the other member"
    lists = {str(v.sqref): v.formula1 for v in book.data_validations.dataValidation}
    assert '"blinded,open,unclear"' in lists.values()
    assert heads[:4] == ["study", "instrument", "outcome", "item"]


def test_a_sheet_goes_there_and_back(project: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "two.xlsx"
    run(project, "appraise", "example-member-two", "--to", str(sheet), "--instrument", "quality-facts")
    path = project / "grading/appraisals/example-member-two.csv"
    before = path.read_text(encoding="utf-8")
    assert "nothing changed" in run(project, "appraise", "example-member-two", "--from", str(sheet))
    assert path.read_text(encoding="utf-8") == before
    book = load_workbook(sheet)
    table = book.active
    assert table is not None
    place = {cell.value: cell.column for cell in table[1]}
    for row in range(2, table.max_row + 1):
        if (table.cell(row, place["study"]).value, table.cell(row, place["item"]).value) == ("stein-1953", "follow-up"):
            table.cell(row, place["answer"]).value = 85.5
            table.cell(row, place["reason"]).value = '=HYPERLINK("x")'
    book.save(sheet)
    run(project, "appraise", "example-member-two", "--from", str(sheet))
    text = path.read_text(encoding="utf-8")
    assert "stein-1953,quality-facts,follow-up,85.5," in text
    run(project, "check", "--files-only")
    again = tmp_path / "again.xlsx"
    run(project, "appraise", "example-member-two", "--to", str(again), "--instrument", "quality-facts")
    written = [cell for row in load_workbook(again).active.iter_rows() for cell in row]  # type: ignore[union-attr]
    assert not [cell for cell in written if cell.data_type == "f"], "a text is never taken for a formula"
    assert [cell.value for cell in written if str(cell.value).startswith("=HYPERLINK")]


def test_wrong_answers_in_a_sheet_are_named_and_nothing_is_written(project: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "two.xlsx"
    run(project, "appraise", "example-member-two", "--to", str(sheet), "--instrument", "quality-facts")
    book = load_workbook(sheet)
    table = book.active
    assert table is not None
    place = {cell.value: cell.column for cell in table[1]}
    table.cell(2, place["answer"]).value = "perhaps"
    table.cell(3, place["item"]).value = "blindness"
    book.save(sheet)
    path = project / "grading/appraisals/example-member-two.csv"
    before = path.read_bytes()
    said = run(project, "appraise", "example-member-two", "--from", str(sheet), code=1)
    assert "two.xlsx:2:7: must be an answer to `blinding`: blinded, open, unclear" in said
    assert "two.xlsx:3:4: `quality-facts` has no item `blindness`" in said
    assert path.read_bytes() == before


def test_a_consensus_sheet_shows_differences_of_completed_appraisals_only(project: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "agree.xlsx"
    run(project, "appraise", "consensus", "--to", str(sheet), "--instrument", "quality-facts")
    cells = [[cell.value for cell in row] for row in load_workbook(io.BytesIO(sheet.read_bytes())).active.iter_rows()]  # type: ignore[union-attr]
    assert [row[0] for row in cells[1:]] == ["hart-1977"]
    assert "example-member-one: open" in json.dumps(cells)
    assert "nothing changed" in run(project, "appraise", "consensus", "--from", str(sheet))


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["nobody"], "there is no person nobody"),
        ([ONE, "--to", "a.xlsx"], "--to needs --instrument"),
        ([ONE, *TO, "--instrument", "rob3"], "did you mean rob2?"),
        ([ONE, "--to", "a.csv", "--instrument", "rob2"], "must end in .xlsx"),
        ([ONE, *TO, "--instrument", "rob2", "--study", "hart"], "did you mean hart-1977?"),
        ([ONE, *TO, "--instrument", "nos-cohort", "--outcome", "tuberculosis"], "as a whole"),
        ([ONE, "--from", "none.xlsx"], "there is no file"),
        ([ONE, "--from", "a.xlsx", "--to", "b.xlsx"], "not both"),
    ],
)  # fmt: skip
def test_wrong_use_ends_with_2(project: Path, words: list[str], says: str) -> None:
    assert says in run(project, "appraise", *words, code=2)


def test_a_file_that_is_no_workbook_is_a_problem(project: Path, tmp_path: Path) -> None:
    path = tmp_path / "bad.xlsx"
    path.write_bytes(b"not a workbook")
    assert "cannot be read as a workbook" in run(project, "appraise", "example-member-one", "--from", str(path), code=1)


def test_agreement_counts_what_two_have_completed(project: Path) -> None:
    said = run(project, "agreement")
    assert "all answers: 6 judged by example-member-one and example-member-two" in said
    assert "agreement                   83% (95% CI 44 to 97)" in said
    assert "1 appraisal is still open" in said
    plain = json.loads(run(project, "agreement", "--json"))
    assert plain["still_open"] == 1
    overall = next(one for one in plain["agreement"] if one["part"] == "overall")
    assert overall["agreement"]["percent"]["estimate"] == 0.5
    assert "stein" not in run(project, "agreement", "--json")


def test_agreement_of_nobody(project: Path) -> None:
    for path in (project / "grading/appraisals").glob("*.csv"):
        path.unlink()
    assert "Nothing to compare" in run(project, "agreement")
