"""Whatever a file holds, loading ends with a project or with problems that can be shown, and never with a traceback.

``HYPOTHESIS_PROFILE=heavy`` runs thirty times as many examples, new ones each time.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guidewright.kinds import KINDS
from guidewright.problems import Problem
from guidewright.project import load
from guidewright.reading.bibtex_file import keys_in, read_bibtex
from guidewright.reading.csv_file import read_csv
from guidewright.reading.markdown_file import read_markdown
from guidewright.reading.text import decode
from guidewright.reading.yaml_file import read_yaml
from tests.loading.project_copy import FILES, PROJECT, copy

#: One file of each kind, and the table of a schema.
KIND_FILES = sorted({next(n for n in FILES if (PROJECT / n).match(k.pattern)) for k in KINDS if k.name != "result"})
KIND_FILES += ["guideline_src/tables/drugs.csv", "metaanalysis/results/q01-pain.json"]
SIGNS = (
    *"\n\n\n  \t:-#'\"[]{},&*!|>%@`\\;=()<>~?$^_+./",
    *("\r\n", "---\n", "```", "{{", "}}", "[@", "](", "：", "，", "“", "”", "　", "\u00a0", "\u200b", "\ufeff"),
    *("\u2028", "\x85", "\x00", "\x07", "\x0b", "\x1c", "\ud7ff", "\U0001f600", "é", "骨", "١", "0", "-1", "1e999"),
    *("nan", "true", "null", "id", "zh", "en", "<b>", "<!--", "javascript:", "@article{x,", "9" * 400),
)
TEXT = st.lists(st.one_of(st.sampled_from(SIGNS), st.text(max_size=8)), max_size=60).map("".join)
RESULT = '{"analysis": "q01-pain", "inputs": "x", "engine": {}, "measure": "MD", "model": "random",\n "strata": []}\n'


def some(examples: int) -> int:
    """A number of examples, in proportion to the profile."""
    return max(examples * settings.default.max_examples // 100, 1) if settings.default else examples


@st.composite
def mutated(draw: st.DrawFn, text: str) -> str:
    """A file after a few slips of its author: lines deleted, doubled, swapped, indented; signs put in; the end lost."""
    lines = text.split("\n")
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(lines) - 1))
        slip = draw(st.sampled_from(("delete", "double", "swap", "indent", "outdent", "sign", "cut", "word", "end")))
        line = lines[at]
        inside = draw(st.integers(0, len(line)))
        if slip == "delete":
            lines[at : at + 1] = []
        elif slip == "double":
            lines.insert(at, line)
        elif slip == "swap":
            other = draw(st.integers(0, len(lines) - 1))
            lines[at], lines[other] = lines[other], lines[at]
        elif slip == "indent":
            lines[at] = draw(st.sampled_from((" ", "  ", "\t", "　"))) + line
        elif slip == "outdent":
            lines[at] = line.removeprefix(draw(st.sampled_from((" ", "  ", "    "))))
        elif slip == "sign":
            lines[at] = line[:inside] + draw(st.one_of(st.sampled_from(SIGNS), st.characters())) + line[inside:]
        elif slip == "cut":
            lines[at] = line[:inside] + line[inside + draw(st.integers(1, 6)) :]
        elif slip == "word":
            words = draw(st.sampled_from(lines)).split() or [""]
            lines[at] = line[:inside] + draw(st.sampled_from(words)) + line[inside:]
        else:
            lines = lines[: at + 1]
            lines[at] = lines[at][:inside]
        lines = lines or [""]
    return "\n".join(lines)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One copy of the tiny project; each example breaks one file of it and mends it again."""
    root = copy(tmp_path_factory.mktemp("fuzz"))
    (root / "metaanalysis/results").mkdir()
    (root / "metaanalysis/results/q01-pain.json").write_text(RESULT, encoding="utf-8")
    return root


def original(name: str) -> str:
    return (PROJECT / name).read_text(encoding="utf-8") if (PROJECT / name).exists() else RESULT


def holds(root: Path, name: str, content: bytes) -> None:
    """The promise of the loader, with one file holding this."""
    path = root / name
    path.write_bytes(content)
    try:
        project, problems = load(root)
        assert (project is None) == bool(problems)
        for problem in problems:
            assert (root / problem.file).exists(), problem
            fits(problem, (root / problem.file).read_bytes())
    finally:
        path.write_bytes(original(name).encode())


def fits(problem: Problem, content: bytes) -> None:
    """A problem that can be shown, within its file."""
    assert problem.rule
    assert problem.column >= 1, problem
    assert 1 <= problem.line <= content.count(b"\n") + content.count(b"\r") + 1, problem
    assert json.loads(json.dumps(problem.as_dict()))["line"] == problem.line
    assert str(problem).startswith(f"{problem.file}:{problem.line}:{problem.column}: ")
    assert all(len(line) < 5000 for line in str(problem).split("\n")), "a message and not a copy of the file"


@pytest.mark.parametrize("name", KIND_FILES)
def test_any_bytes(root: Path, name: str) -> None:
    @settings(max_examples=some(4))
    @given(st.binary(max_size=300))
    def run(content: bytes) -> None:
        holds(root, name, content)

    run()


@pytest.mark.parametrize("name", KIND_FILES)
def test_any_text(root: Path, name: str) -> None:
    @settings(max_examples=some(6))
    @given(TEXT)
    def run(text: str) -> None:
        holds(root, name, text.encode("utf-8", "surrogatepass"))

    run()


@pytest.mark.parametrize("name", KIND_FILES)
def test_any_slips(root: Path, name: str) -> None:
    @settings(max_examples=some(25))
    @given(mutated(original(name)))
    def run(text: str) -> None:
        holds(root, name, text.encode("utf-8", "surrogatepass"))

    run()


def _csv(text: str) -> Any:
    return read_csv(text, "f.csv", ("id", "zh", "en"), ("id",))


def _markdown(text: str) -> Any:
    return read_markdown(text, "f.md", {"zh": "中文", "en": "English"})


READERS = {
    "yaml": lambda text: read_yaml(text, "f.yml"),
    "csv": _csv,
    "bibtex": lambda text: read_bibtex(text, "f.bib"),
    "markdown": _markdown,
}


def seeds(reader: str) -> Iterator[str]:
    endings = {"yaml": ".yml", "csv": ".csv", "bibtex": ".bib", "markdown": ".md"}
    yield from (original(name) for name in FILES if name.endswith(endings[reader]))


@pytest.mark.parametrize("reader", READERS)
def test_any_reader_with_any_text(reader: str) -> None:
    @settings(max_examples=some(300))
    @given(st.one_of(TEXT, *(mutated(text) for text in seeds(reader))))
    def run(text: str) -> None:
        decoded, problems = decode(text.encode("utf-8", "surrogatepass"), "f")
        if decoded is None:
            assert len(problems) == 1
            return
        value, problems = READERS[reader](decoded)
        assert value is not None or problems
        for problem in problems:
            fits(problem, decoded.encode())
        for key in keys_in(decoded)[0]:
            assert key in decoded

    run()
