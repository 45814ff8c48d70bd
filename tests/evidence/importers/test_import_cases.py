"""Small export files with the quirks of real ones, and what must be read from them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from guidewright.evidence.found import Found
from guidewright.evidence.importers.formats import NAMES
from guidewright.evidence.importers.names import written
from guidewright.evidence.importers.reading import count_records, read_export

CASES: list[dict[str, Any]] = [
    case
    for file in sorted((Path(__file__).parent / "cases").glob("*.yml"))
    for case in yaml.safe_load(file.read_text(encoding="utf-8"))
]
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "gb18030")


def plain(record: Found, name: str) -> Any:
    value = getattr(record, name)
    if name == "authors":
        return [written(one) for one in value]
    return list(value) if isinstance(value, tuple) else value


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_what_is_read(case: dict[str, Any]) -> None:
    raw = case["text"].encode("utf-8-sig" if case.get("bom") else "utf-8")
    export = read_export(raw, "a-file.misleading.xml")
    reading = export.reading
    assert export.format == case["format"]
    assert reading.announced == case["announced"]
    assert len(reading.records) == len(case["records"])
    assert [odd.line for odd in reading.odd] == case.get("odd", []), reading.odd
    assert [[one.line, one.records] for one in reading.differences] == case.get("differences", [])
    assert reading.accounted
    for number, (record, expected) in enumerate(zip(reading.records, case["records"], strict=True), start=1):
        assert record.id == f"a-file.misleading/{number}"
        assert {name: plain(record, name) for name in expected} == expected


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_encoding_makes_no_difference(case: dict[str, Any], encoding: str) -> None:
    if encoding == "gb18030" and not re.search(r"[\u4e00-\u9fff]{3}", case["text"]):
        encoding = "utf-8"  # one sign of it alone could be anything
    expected = read_export(case["text"].encode("utf-8"), "x")
    found = read_export(case["text"].encode(encoding), "x")
    assert found.format == expected.format
    assert found.records == expected.records


@pytest.mark.parametrize("end", ["\r\n", "\r"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_line_ends_make_no_difference(case: dict[str, Any], end: str) -> None:
    text = case["text"].replace("\r\n", "\n").replace("\r", "\n")
    expected = read_export(text.encode("utf-8"), "x")
    assert read_export(text.replace("\n", end).encode("utf-8"), "x").reading == expected.reading


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_raw_record_stands_in_the_file(case: dict[str, Any]) -> None:
    text = case["text"].replace("\r\n", "\n").replace("\r", "\n")
    for record in read_export(case["text"].encode("utf-8"), "x").records:
        assert record.raw.strip() in text
        assert text.split("\n")[record.line - 1].strip() in record.raw or record.raw.split("\n")[0] in text


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_counting_without_reading(case: dict[str, Any]) -> None:
    assert count_records(case["text"].encode("utf-8"), "x") in {case["announced"], len(case["records"])}


def test_every_format_has_a_case() -> None:
    tried = {case["format"] for case in CASES}
    assert {name for name in NAMES if not name.startswith("Table") and name != "VIP XML"} <= tried
