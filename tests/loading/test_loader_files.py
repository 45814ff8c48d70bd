"""Files that are not what they seem: other encodings, links, sizes, and what they do to the rest of the project."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path
from shutil import copytree

import pytest

from guidewright.project import NotAProjectError, load
from guidewright.reading.text import LARGEST
from tests.loading.project_copy import FILES, PROJECT, apply, copy, place

STUDY = "evidence/studies/adams-2020.yml"
TEXT = "id: adams-2020\nname: 亚当斯 2020\nreports: []\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return copy(tmp_path)


@pytest.mark.parametrize(
    ("encoding", "at", "looks_like"),
    [
        ("gb18030", "2:7", "it looks like GB18030 / GBK"),
        ("utf-16", "1:1", "it looks like UTF-16"),
        ("utf-16-be", "1:1", "it looks like UTF-16"),
    ],
)
def test_other_encodings_are_named(root: Path, encoding: str, at: str, looks_like: str) -> None:
    (root / STUDY).write_bytes(TEXT.encode(encoding))
    (problem,) = load(root)[1]
    assert place(problem) == f"{STUDY}:{at}"
    assert looks_like in str(problem.next_step)
    assert "UTF-8" in str(problem.next_step)


def test_western_letters_are_not_taken_for_chinese(root: Path) -> None:
    (root / STUDY).write_bytes("id: adams-2020\nname: Müller und Søren\n".encode("cp1252"))
    (problem,) = load(root)[1]
    assert place(problem) == f"{STUDY}:2:8"
    assert problem.rule == "is not UTF-8 text"
    assert "Windows-1252" in str(problem.next_step)


def test_columns_count_characters_and_not_bytes(root: Path) -> None:
    (root / STUDY).write_bytes("name: 亚当斯".encode() + b"\xff")
    assert place(load(root)[1][0]) == f"{STUDY}:1:10"


def test_a_byte_order_mark_is_no_fault_and_moves_no_column(root: Path) -> None:
    (root / STUDY).write_bytes(b"\xef\xbb\xbf" + (root / STUDY).read_bytes())
    (root / "evidence/extraction/pain.csv").write_bytes(
        b"\xef\xbb\xbf" + (root / "evidence/extraction/pain.csv").read_bytes()
    )
    assert load(root)[1] == []
    (root / STUDY).write_bytes(b"\xef\xbb\xbfidd: adams-2020\xff")
    assert place(load(root)[1][0]) == f"{STUDY}:1:16"


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_of_other_systems_move_no_line(root: Path, end: str) -> None:
    for name in FILES:
        path = root / name
        path.write_bytes(path.read_bytes().replace(b"\n", end.encode()))
    assert load(root)[1] == []
    text = (root / STUDY).read_bytes().decode().replace("value: open", "value: opn")
    (root / STUDY).write_bytes(text.encode())
    assert [place(problem) for problem in load(root)[1]] == [f"{STUDY}:9:10"]


def test_nul_characters(root: Path) -> None:
    (root / STUDY).write_text("id: adams-2020\nname: A\x00dams\n", encoding="utf-8")
    (problem,) = load(root)[1]
    assert place(problem) == f"{STUDY}:2:8"
    assert "NUL" in problem.rule


def test_a_huge_file_is_not_read(root: Path) -> None:
    with (root / "evidence/records.bib").open("wb") as out:
        out.truncate(LARGEST + 1)  # takes no space on the disk
    (problem,) = load(root)[1]
    assert place(problem) == "evidence/records.bib:1:1"
    assert "larger than 20 MB" in problem.rule
    assert "right file" in str(problem.next_step)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (STUDY, "note: " + "[" * 200_000),
        (STUDY, "note: " + "{a: " * 50_000),
        (STUDY, "- " * 100_000),
        (STUDY, "".join(" " * n + "a:\n" for n in range(1500))),
        (STUDY, "a: &a [x]\n" + "".join(f"b{n}: &b{n} [*a, *a, *a]\n" for n in range(3000))),
        ("evidence/records.bib", "@article{a, title = " + "{" * 200_000),
        ("evidence/extraction/pain.csv", "study,report\n" + '"' * 200_001),
        ("evidence/extraction/pain.csv", "," * 200_000 + "\n"),
        ("guideline_src/chapters/background.md", "---\nid: background\n---\n# English\n" + "> " * 20_000 + "x"),
        ("guideline_src/chapters/background.md", "---\nid: background\n---\n# English\n" + "[" * 20_000 + "x"),
    ],
)
def test_nesting_without_an_end_is_a_problem_and_soon(root: Path, name: str, text: str) -> None:
    """Neither a crash of the interpreter (the C parser would) nor minutes of work."""
    before = (root / name).read_text(encoding="utf-8") if name.endswith(".bib") else ""
    (root / name).write_text(before + text, encoding="utf-8")
    started = time.process_time()
    project, problems = load(root)
    assert project is None
    assert {problem.file for problem in problems} == {name}
    assert time.process_time() - started < 5


def test_latex_nested_without_an_end_stays_as_it_is_written(root: Path) -> None:
    with (root / "evidence/records.bib").open("a", encoding="utf-8") as out:
        out.write("@article{a, title = {" + "\\textbf{" * 2000 + "x" + "}" * 2000 + "}}")
    project, problems = load(root)
    assert problems == []
    assert project is not None
    assert "x" in str(project.records["a"].title)


def test_a_cell_as_long_as_a_book(root: Path) -> None:
    name = "evidence/extraction/pain.csv"
    text = (root / name).read_text(encoding="utf-8").replace("invented\n", "x" * 200_000 + "\n", 1)
    (root / name).write_text(text, encoding="utf-8")
    (problem,) = load(root)[1]
    assert place(problem) == f"{name}:2:1"
    assert problem.rule == "a cell of this row is too long for a table"


def test_a_file_that_the_system_does_not_let_us_read(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> bytes:
        if path.name == "adams-2020.yml":
            raise PermissionError(13, "Permission denied", str(path))
        return original(path)

    original = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", refuse)
    (problem,) = load(root)[1]
    assert place(problem) == f"{STUDY}:1:1"
    assert problem.rule == "cannot be read: Permission denied"


def test_a_fault_of_the_bibtex_parser_is_a_problem_of_the_file(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object, **_options: object) -> None:
        raise IndexError("list index out of range")

    monkeypatch.setattr("bibtexparser.parse_string", fail)
    records = root / "evidence/records.bib"
    records.write_text(records.read_text(encoding="utf-8") + "\n% not read before\n", encoding="utf-8")
    (problem,) = load(root)[1]
    assert place(problem) == "evidence/records.bib:1:1"
    assert "is no BibTeX that can be read" in problem.rule


def test_a_link_out_of_the_project_is_not_followed(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    secret = tmp_path_factory.mktemp("elsewhere") / "adams-2020.yml"
    secret.write_bytes((root / STUDY).read_bytes())
    (root / STUDY).unlink()
    (root / STUDY).symlink_to(secret)
    (problem,) = load(root)[1]
    assert place(problem) == f"{STUDY}:1:1"
    assert problem.rule == "is a link that leads out of the project"


def test_a_table_that_is_a_link_out_of_the_project_is_not_published(
    root: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    name = "guideline_src/tables/drugs.csv"
    secret = tmp_path_factory.mktemp("elsewhere") / "secret.csv"
    secret.write_bytes((root / name).read_bytes())
    (root / name).unlink()
    (root / name).symlink_to(secret)
    assert [str(problem.rule) for problem in load(root)[1]] == ["is a link that leads out of the project"]


def test_a_link_within_the_project_is_fine(root: Path) -> None:
    (root / "evidence/searches/adams.yml").write_bytes((root / STUDY).read_bytes())
    (root / STUDY).unlink()
    (root / STUDY).symlink_to(root / "evidence/searches/adams.yml")
    assert load(root)[1] == []


@pytest.mark.parametrize("target", ["nowhere.yml", "adams-2021.yml"])
def test_a_link_to_nowhere_or_to_itself(root: Path, target: str) -> None:
    (root / "evidence/studies/adams-2021.yml").symlink_to(target)
    (problem,) = load(root)[1]
    assert place(problem) == "evidence/studies/adams-2021.yml:1:1"
    assert problem.rule == "is a link that leads nowhere"


def test_a_folder_called_like_a_file(root: Path) -> None:
    (root / "evidence/studies/clark-2016.yml").mkdir()
    (problem,) = load(root)[1]
    assert problem.file == "evidence/studies/clark-2016.yml"
    assert "would not be read" in problem.rule


def test_what_programs_leave_behind_is_no_fault(root: Path) -> None:
    for name in (".DS_Store", "Thumbs.db", "desktop.ini", "~$pain.xlsx", ".adams-2020.yml.swp", "adams-2020.yml~"):
        (root / "evidence/studies" / name).write_bytes(b"\x00\x01")
    (root / "evidence/studies/._adams-2020.yml").write_bytes(b"\x00\x05\x16\x07")
    (root / "evidence/studies/README.md").write_text("# Studies\n", encoding="utf-8")
    assert load(root)[1] == []


def test_a_file_name_that_is_no_text(root: Path) -> None:
    """As a zip archive of a Chinese Windows leaves them on Linux."""
    name = os.fsencode(root / "evidence/studies") + "/研究.yml".encode("gb18030")
    with open(name, "wb") as out:  # noqa: PTH123 - a path of bytes
        out.write(b"id: x\n")
    problems = load(root)[1]
    assert len({problem.file for problem in problems}) == 1
    assert all(str(problem).encode("utf-8", "backslashreplace") for problem in problems)


def test_what_is_no_project_says_so(tmp_path: Path) -> None:
    with pytest.raises(NotAProjectError, match="neither evidence/ nor guideline_src/"):
        load(tmp_path)
    with pytest.raises(NotAProjectError):
        load(tmp_path / "nowhere")
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(NotAProjectError):
        load(tmp_path / "file")


def test_an_almost_empty_project_names_all_that_is_missing(tmp_path: Path) -> None:
    (tmp_path / "evidence").mkdir()
    assert {problem.file for problem in load(tmp_path)[1]} == {
        "evidence/questions",
        "evidence/records.bib",
        "grading/scheme.yml",
        "guideline_src/glossary.yml",
        "guideline_src/guideline.yml",
        "guideline_src/recommendations",
    }


@pytest.mark.parametrize("name", [name for name in FILES if not name.endswith(".nbib")])
@pytest.mark.parametrize("broken", [b"\xff\xfe\xfd", b"]]: [[\n", b""], ids=["not UTF-8", "not of its format", "empty"])
def test_a_broken_file_is_blamed_and_nobody_else(root: Path, name: str, broken: bytes) -> None:
    """What it would have defined is not reported as missing wherever it is named."""
    (root / name).write_bytes(broken)
    problems = load(root)[1]
    assert {problem.file for problem in problems} == {name}


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith((".yml", ".md"))])
def test_a_fault_in_one_field_is_blamed_and_nobody_else(root: Path, name: str) -> None:
    text = (root / name).read_text(encoding="utf-8")
    start = text.index("\n") + 1 if name.endswith(".md") else 0
    (root / name).write_text(text[:start] + "nonsense: 1\n" + text[start:], encoding="utf-8")
    (problem,) = load(root)[1]
    assert place(problem) == f"{name}:{2 if start else 1}:1"
    assert problem.rule.startswith("`nonsense` is not known here")


def test_other_languages_survive_a_fault_in_the_guideline(root: Path) -> None:
    """A French group with a slip in ``guideline.yml`` is not told that French is no language."""
    for name in FILES:
        path = root / name
        if path.suffix in {".yml", ".md", ".csv"}:
            text = path.read_text(encoding="utf-8")
            text = text.replace("en: English", "fr: Français").replace("# English", "# Français")
            path.write_text(re.sub(r"\ben: ", "fr: ", text).replace("_en", "_fr"), encoding="utf-8")
    assert load(root)[1] == []
    apply({"in": "guideline_src/guideline.yml", "replace": "quorum: 2", "by": "quorum: two"}, root)
    assert [place(problem) for problem in load(root)[1]] == ["guideline_src/guideline.yml:24:13"]
    apply({"in": "guideline_src/guideline.yml", "replace": "languages: {", "by": "languages: [{"}, root)
    assert [place(problem) for problem in load(root)[1]] == ["guideline_src/guideline.yml:2:12"]


def test_loading_changes_nothing(root: Path) -> None:
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    copytree(root, root.parent / "other")
    load(root)
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before
    assert PROJECT.is_dir()
