"""Tables that ``guidewright pool DATA`` reads, and those that it cannot: every fault is named."""

from __future__ import annotations

import xml.etree.ElementTree as ET
import zipfile
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.cli.pooled_tables import TWO_ROWS, pooled, problems, workbook, written
from tests.cli.running import run

# --- ways to write a table ----------------------------------------------------------------------------------------

CHINESE = "研究,事件1,total1,events2,total2\n张三 2019,3,20,6,21\n李四 2021,4,30,9,28\n"


@pytest.mark.parametrize(
    ("encoding", "name"),
    [("gb18030", "GB18030"), ("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16")],
)
def test_chinese_in_every_encoding(tmp_path: Path, encoding: str, name: str) -> None:
    table = written(tmp_path, CHINESE.encode(encoding))
    data = pooled(table, "--measure", "RR", "--events1", "事件1")
    assert data["data"]["encoding"] == name
    assert [one["study"] for one in data["studies"]] == ["张三 2019", "李四 2021"]
    assert any(one["code"] == "encoding" for one in data["notices"]) == (name == "GB18030")
    lines = run("pool", table, "--measure", "RR", "--events1", "事件1").stdout.split("\n")
    one, other = (next(line for line in lines if name in line) for name in ("李四 2021", "Prediction"))
    assert one.index(" to ") == other.index(" to ") - 2  # two signs are twice as wide as letters


def test_western_names_in_windows_1252(tmp_path: Path) -> None:
    data = pooled(written(tmp_path, TWO_ROWS.replace("A", "Müller").encode("cp1252")), "--measure", "RR")
    assert data["data"]["encoding"] == "Windows-1252"
    assert data["studies"][0]["study"] == "Müller"


def test_semicolons_with_decimal_commas(tmp_path: Path) -> None:
    table = written(
        tmp_path, "Study, year;y;se;alter\nA, 2001;0,25;0,10;51,5\nB, 2002;−0,10;0,2;60\nC, 2003;1;0,2;61\n"
    )
    data = pooled(table, "--measure", "GEN", "--moderator", "alter", "--tau2", "DL")
    assert data["data"]["delimiter"] == "semicolon"
    assert [(one["study"], one["y"]) for one in data["studies"]] == [
        ("A, 2001", 0.25),
        ("B, 2002", -0.1),
        ("C, 2003", 1),
    ]
    assert [one["moderators"]["alter"] for one in data["studies"]] == [51.5, 60, 61]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    text = "sep=;\r\n" * (delimiter == ";") + TWO_ROWS.replace(",", delimiter).replace("\n", "\r\n")
    data = pooled(written(tmp_path, text, "data.tsv"), "--measure", "RR")
    assert data["pooled"]["k"] == 2
    assert [one["line"] for one in data["studies"]] == ([3, 4] if delimiter == ";" else [2, 3])


def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    names = ['=HYPERLINK("http://a")', "+1+2", "-cmd", "@SUM(A1)", "a|b", "<script>", "x\x1b[31m"]
    head, *_ = TWO_ROWS.split("\n")
    lines = [f'"{name.replace(chr(34), chr(34) * 2)}",3,20,{row},21' for row, name in enumerate(names, start=4)]
    table = written(tmp_path, "\n".join([head, *lines]))
    assert [one["study"] for one in pooled(table, "--measure", "RR")["studies"]] == names
    text, page, picture = (run("pool", table, "--measure", "RR", *form).stdout for form in ((), ("--md",), ("--svg",)))
    assert all(name in text for name in names[:6])
    assert "\x1b" not in text + page + picture
    assert "| 5 | a\\|b |" in page
    assert "| 6 | \\<script> |" in page
    ET.fromstring(picture)  # noqa: S314 - our own drawing
    cells = [[name, 3, 20, 6, 21] for name in names[1:4]]
    found = pooled(workbook(tmp_path, [head.split(","), *cells]), "--measure", "RR")["studies"]
    assert [one["study"] for one in found] == names[1:4]


def test_sheets_of_a_workbook(tmp_path: Path) -> None:
    path = tmp_path / "two.xlsx"
    book = Workbook()
    book.worksheets[0].append(["nothing"])
    second = book.create_sheet("Trials")
    for row in ([], *(line.split(",") for line in TWO_ROWS.split())):
        second.append([int(cell) if cell.isdigit() else cell for cell in row])
    book.save(path)
    data = pooled(path, "--measure", "RR", "--sheet", "Trials")
    assert [one["line"] for one in data["studies"]] == [3, 4]
    assert problems(path, "--measure", "RR")[0][2] == "has headings, but no row below them"
    result = run("pool", path, "--measure", "RR", "--sheet", "Trial")
    assert result.exit_code == 2
    assert "did you mean Trials?" in result.stderr
    assert run("pool", written(tmp_path, TWO_ROWS), "--measure", "RR", "--sheet", "Trials").exit_code == 2


# --- bad tables: exit code 1 --------------------------------------------------------------------------------------


def test_every_bad_cell_is_named_at_once(tmp_path: Path) -> None:
    table = written(
        tmp_path,
        "study,events1,total1,events2,N2\n"
        'A,3,20,1,x\nB,25,20,"1,5",20\nC,-1,0,=1+1,20\nD,2024-03-04,12 kg,#DIV/0!,1e999\n',
    )
    arguments = (table, "--measure", "RR", "--total2", "N2")
    assert problems(*arguments) == [
        (2, 5, "`N2` (total2) must be a number", "x"),
        (3, 2, "`events1` must not be larger than `total1`, 20", "25"),
        (3, 4, "`events2` must be a number", "1,5"),
        (4, 2, "`events1` must be 0 or more", "-1"),
        (4, 3, "`total1` must be above 0", "0"),
        (4, 4, "`events2` must be a number", "=1+1"),
        (5, 2, "`events1` must be a number", "2024-03-04"),
        (5, 3, "`total1` must be a number", "12 kg"),
        (5, 4, "`events2` must be a number", "#DIV/0!"),
        (5, 5, "`N2` (total2) must be a number", "1e999"),
    ]
    shown = run("pool", *arguments)
    assert "data.csv:2:5: `N2` (total2) must be a number\n    found:   x\n    do this: " in shown.stdout
    assert "    example: 12\n" in shown.stdout
    assert "write the number alone (12)" in shown.stdout
    document = run("pool", *arguments, "--md")
    assert (document.exit_code, document.stdout) == (1, "")
    assert "10 problems in 1 file" in document.stderr


def test_impossible_estimates(tmp_path: Path) -> None:
    table = written(tmp_path, "estimate,low,high\n0.8,0.6,1.1\n0,0,1\n0.9,1,2\n")
    assert [one[:2] for one in problems(table, "--measure", "HR")] == [(3, 1), (3, 2), (4, 1)]
    assert problems(written(tmp_path, "y,v\n0.1,0.1\n0.2,0\n"), "--measure", "GEN")[0][2] == "`v` must be above 0"


def test_a_mixed_decimal_sign_and_a_mixed_moderator(tmp_path: Path) -> None:
    table = written(tmp_path, "y;se;dose\n0,25;0.10;5\n0,30;0,2;6\n0,1;0,2;low\n")
    found = problems(table, "--measure", "GEN", "--moderator", "dose")
    assert found == [(2, 2, "`se` must be a number", "0.10"), (4, 3, "`dose` (moderator) must be a number", "low")]


@pytest.mark.parametrize(
    ("content", "line", "rule"),
    [
        ("", 1, "is empty"),
        ("study,events1\n\n", 1, "has headings, but no row below them"),
        (TWO_ROWS + "C,1,2\n", 4, "has 3 cells, fewer than the 5 headings"),
        (TWO_ROWS + "C,1,20,2,20,7\n", 4, "has 6 cells, more than the 5 headings"),
        (TWO_ROWS + '"C,1,2,3,4\n', 4, "a quote in this row is not closed"),
        (b"a,b\n\x00\x01", 1, "is neither a workbook nor a text"),
        (b"\x81\x00\xff\xff", 1, "is neither a workbook nor a text"),
        (b"PK\x03\x04 broken", 1, "cannot be read as a workbook (BadZipFile)"),
        (b"\xd0\xcf\x11\xe0 old", 1, "is a workbook of the old format (.xls)"),
    ],
)
def test_tables_that_cannot_be_read(tmp_path: Path, content: str | bytes, line: int, rule: str) -> None:
    [found] = problems(written(tmp_path, content), "--measure", "RR")
    assert found[0] == line
    assert found[2].startswith(rule)


def test_a_formula_without_a_value_is_a_fault(tmp_path: Path) -> None:
    head, *rows = (line.split(",") for line in TWO_ROWS.split())
    rows[1][3] = "=B2+1"  # written by a program, never computed by a spreadsheet
    assert problems(workbook(tmp_path, [head, *rows]), "--measure", "RR") == [
        (3, 4, "`events2` must be a number", "=B2+1")
    ]


def test_of_a_formula_the_stored_value_counts(tmp_path: Path) -> None:
    head, *rows = (line.split(",") for line in TWO_ROWS.split())
    plain = workbook(tmp_path, [head, *([row[0], *map(int, row[1:])] for row in rows)])
    computed = tmp_path / "computed.xlsx"
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(computed, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content.replace(b"<v>9</v>", b"<f>6+3</f><v>9</v>"))
            assert (b"<v>9</v>" in content) == name.endswith("sheet1.xml")
    one, other = (pooled(path, "--measure", "RR")["pooled"] for path in (plain, computed))
    assert one == other


def test_dates_and_truths_of_a_workbook_are_no_numbers(tmp_path: Path) -> None:
    head, *rows = (line.split(",") for line in TWO_ROWS.split())
    found = problems(workbook(tmp_path, [head, ["A", date(2026, 4, 3), 20, True, 20], *rows]), "--measure", "RR")
    assert [one[3] for one in found] == ["2026-04-03", "TRUE"]


def test_what_cannot_be_pooled_is_said(tmp_path: Path) -> None:
    table = written(tmp_path, "study,events1,total1,events2,total2\nA,0,20,0,21\n")
    [found] = problems(table, "--measure", "RR", "--zero-cells", "none")
    assert found[2].startswith("cannot be pooled: no row has both an effect and a variance")


@pytest.mark.parametrize("cut", [30, 700, 3000, -30])
def test_a_damaged_workbook_is_no_traceback(tmp_path: Path, cut: int) -> None:
    whole = workbook(tmp_path, [line.split(",") for line in TWO_ROWS.split()]).read_bytes()
    [found] = problems(written(tmp_path, whole[:cut], "cut.xlsx"), "--measure", "RR")
    assert found[2].startswith("cannot be read as a workbook")
