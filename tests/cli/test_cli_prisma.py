"""``guidewright prisma``: numbers from files, declared numbers, clashes, wrong use."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests.cli.running import run, run_json
from tests.evidence.intake_project import PEOPLE, intake_project

DECLARED = """  - id: all-found
    label: {zh: 全部, en: All}
    number: %d
    box: %s
    source: {cite: datbcg, where: page 1}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Two databases with five records, one copy, and one person's decisions on three publications."""
    root = intake_project(tmp_path)
    log = root / "evidence/searches.yml"
    text = log.read_text(encoding="utf-8")
    log.write_text("".join(line for line in text.splitlines(True) if not _of_the_example(line)), encoding="utf-8")
    for old in (root / "evidence/screening").glob("*.csv"):
        old.unlink()
    assert run("dedupe", "-C", root).exit_code == 0
    lines = "embase/1,title-abstract,include\nembase/2,title-abstract,exclude\npubmed/2,title-abstract,include\n"
    lines += "embase/1,full-text,include\n"
    (root / f"evidence/screening/{PEOPLE[0]}.csv").write_text("record,stage,decision\n" + lines, encoding="utf-8")
    return root


def _of_the_example(line: str) -> bool:
    return any(sign in line for sign in ("name: metadat", "hits: 13", "questions: "))


def declare(root: Path, number: int, box: str = "identified") -> None:
    log = root / "evidence/searches.yml"
    text = log.read_text(encoding="utf-8")
    log.write_text(text.replace("counts:\n", "counts:\n" + DECLARED % (number, box), 1), encoding="utf-8")


def test_the_numbers_are_those_of_the_files(root: Path) -> None:
    code, data = run_json("prisma", "-C", root)
    assert code == 0
    shown = {name: box["number"] for name, box in data["boxes"].items() if box["number"]}
    assert shown == {
        "identified": 5,
        "duplicates": 1,
        "screened": 4,
        "excluded": 1,
        "undecided": 1,
        "sought": 2,
        "assessed": 2,
        "undecided-reports": 1,
        "new-reports": 1,
    }
    assert data["boxes"]["excluded"]["records"] == ["embase/2"]
    assert data["boxes"]["new-studies"]["number"] is None


def test_it_is_told_in_both_languages_and_as_a_table(root: Path) -> None:
    english = run("prisma", "-C", root, "--lists")
    assert "Records found" in english.stdout
    assert "Not decided yet" in english.stdout
    assert "embase/2: Neurological involvement" in english.stdout
    assert "检出的记录" in run("prisma", "-C", root, "--lang", "zh").stdout
    table = run("prisma", "-C", root, "--md").stdout
    assert "| Records found (Databases and registers) | 5 | computed |" in table


def test_the_drawing_stands_alone(root: Path, tmp_path: Path) -> None:
    path = tmp_path / "flow.svg"
    assert run("prisma", "-C", root, "--svg", path).exit_code == 0
    root_element = ET.parse(path).getroot()  # noqa: S314 - our own drawing
    texts = ["".join(one.itertext()) for one in root_element.iter("{http://www.w3.org/2000/svg}text")]
    assert {"n = 5", "n = 4", "Not decided yet"} <= set(texts)
    assert not list(root_element.iter("{http://www.w3.org/2000/svg}a"))


def test_a_declared_number_that_the_files_contradict_is_shown_and_is_a_finding(root: Path) -> None:
    declare(root, 7)
    result = run("prisma", "-C", root)
    assert result.exit_code == 1
    assert "declared as 7, but the files give 5" in result.stdout
    code, data = run_json("check", "-C", root)
    assert code == 1
    finding = next(one for one in data["findings"] if one["rule"] == "flow-declared")
    assert finding["file"] == "evidence/searches.yml"
    assert finding["severity"] == "error"
    assert [side["file"] for side in finding["sides"]] == ["evidence/searches.yml"] * 2
    assert any(one["rule"] == "flow-unlinked" for one in data["findings"])


def test_a_box_has_one_number(root: Path) -> None:
    declare(root, 5)
    declare(root, 5)
    result = run("check", "-C", root, "--files-only")
    assert result.exit_code == 1
    assert "the number of this box is declared already" in result.stdout


def test_a_question_that_is_not_there_is_a_problem_of_the_log(root: Path) -> None:
    log = root / "evidence/searches.yml"
    text = log.read_text(encoding="utf-8")
    log.write_text(text.replace("{name: Pubmed,", "{name: Pubmed, questions: [q99],", 1), encoding="utf-8")
    result = run("prisma", "-C", root)
    assert result.exit_code == 1
    assert "q99" in result.stdout


@pytest.mark.parametrize(
    "options",
    [["--lang", "fr"], ["--md", "--json"], ["--svg", "flow.png"], ["--question", "q99"]],
    ids=" ".join,
)
def test_wrong_use(root: Path, options: list[str]) -> None:
    assert run("prisma", "-C", root, *options).exit_code == 2


def test_import_says_what_was_searched(root: Path, tmp_path: Path) -> None:
    lists = tmp_path / "lists.csv"
    lists.write_text("title,year\nA trial that a reference list named,1999\n", encoding="utf-8")
    more = ("--database", "Reference lists", "--kind", "citations", "--question", "q01")
    assert run("import", lists, "-C", root, *more).exit_code == 0
    log = (root / "evidence/searches.yml").read_text(encoding="utf-8")
    assert "kind: citations" in log
    _, data = run_json("prisma", "-C", root)
    assert data["boxes"]["other-identified"]["number"] == 1
    assert run("import", lists, "-C", root, "--kind", "book").exit_code == 2


def test_a_new_project_has_a_flow(tmp_path: Path) -> None:
    assert run("new", tmp_path / "p").exit_code == 0
    code, data = run_json("prisma", "-C", tmp_path / "p")
    assert code == 0
    assert data["boxes"]["identified"] == {
        "number": 13,
        "parts": [
            {
                "id": "metadat (R package), dat.bcg",
                "label": {"en": "metadat (R package), dat.bcg", "zh": "metadat (R package), dat.bcg"},
                "number": 13,
                "standing": "logged",
            }
        ],
        "records": data["boxes"]["screened"]["records"],
        "standing": "logged",
    }
    assert data["boxes"]["screened"]["number"] == 5
