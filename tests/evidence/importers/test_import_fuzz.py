"""No file makes a reader fail without a message, and every announced record is accounted for, whatever it holds."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from guidewright.evidence.importers.export import Export, UnreadableError
from guidewright.evidence.importers.formats import FORMATS
from guidewright.evidence.importers.reading import count_records, read_export

TEXTS: list[str] = [
    case["text"]
    for file in sorted((Path(__file__).parent / "cases").glob("*.yml"))
    for case in yaml.safe_load(file.read_text(encoding="utf-8"))
]
SIGNS = "".join(sorted({sign for text in TEXTS for sign in text}))


def read(raw: bytes) -> Export | None:
    try:
        export = read_export(raw, "x.txt")
    except UnreadableError as error:
        assert error.rule
        assert error.next_step
        return None
    assert export.reading.accounted
    assert [record.id for record in export.records] == [f"x/{n}" for n in range(1, len(export.records) + 1)]
    assert all(odd.line >= 1 for odd in export.reading.odd)
    lines = [record.line for record in export.records]
    assert lines == sorted(lines)
    assert count_records(raw, "x.txt") >= 0
    return export


@given(st.binary(max_size=400))
def test_random_bytes(raw: bytes) -> None:
    read(raw)


@given(st.text(alphabet=SIGNS, max_size=400), st.sampled_from(["utf-8", "utf-16", "gb18030"]))
def test_random_text_of_the_signs_of_exports(text: str, encoding: str) -> None:
    read(text.encode(encoding))


@given(st.sampled_from(TEXTS), st.floats(0, 1), st.floats(0, 1))
def test_files_cut_at_both_ends(text: str, start: float, end: float) -> None:
    raw = text.encode("utf-8")
    read(raw[int(start * len(raw)) : int(end * len(raw))])
    read(raw[: int(end * len(raw))])


@given(st.sampled_from(TEXTS), st.randoms(use_true_random=False))
def test_shuffled_lines(text: str, chance: random.Random) -> None:
    lines = text.split("\n")
    chance.shuffle(lines)
    read("\n".join(lines).encode("utf-8"))


@given(st.lists(st.sampled_from([line for text in TEXTS for line in text.split("\n")]), max_size=30))
def test_lines_of_all_formats_mixed(lines: list[str]) -> None:
    read("\n".join(lines).encode("utf-8"))


@given(st.sampled_from(TEXTS), st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=3)), max_size=5))
def test_bytes_put_in(text: str, changes: list[tuple[float, bytes]]) -> None:
    raw = text.encode("utf-8")
    for place, new in changes:
        at = int(place * len(raw))
        raw = raw[:at] + new + raw[at + 1 :]
    read(raw)


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
@given(text=st.sampled_from(TEXTS))
def test_every_reader_reads_every_text(form: Any, text: str) -> None:
    reading = form.read(text, "x")
    form.announced(text)
    assert len({record.id for record in reading.records}) == len(reading.records)


@pytest.mark.parametrize("text", TEXTS)
def test_two_files_one_behind_the_other(text: str) -> None:
    one, both = read(text.encode("utf-8")), read((text.rstrip("\n") + "\n\n" + text).encode("utf-8"))
    assert one is not None
    assert both is not None
    if not one.format.startswith(("Table", "CSL", "EndNote XML")) and one.reading.announced == len(one.records):
        assert len(both.records) == 2 * len(one.records)


LONG = {
    "brackets": "[" * 100_000,
    "braces of JSON": '[{"a":' * 50_000,
    "braces of BibTeX": "@article{a, title={" + "{" * 50_000,
    "elements": "<record><ref-type/>" + "<a>" * 100_000,
    "one long line": "TY  - JOUR\nTI  - " + "x " * 500_000,
    "starts": "TY  - JOUR\n" * 20_000,
    "quotes": '"title","authors","year"\n' + '"' * 100_001,
    "commas": "title,authors,year\n" + "," * 200_000,
    "labels": "题名：一\n" * 20_000,
    "names": "TY  - JOUR\nAU  - " + "张三," * 50_000 + "\nTI  - x\nER  - ",
    "spaces": "TY  - JOUR\nTI  - a" + " " * 200_000 + "b\nSP  - 1" + "-" * 50_000 + "\nER  - ",
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG.keys())
def test_long_and_deep_files_end(text: str) -> None:
    read(text.encode("utf-8"))
