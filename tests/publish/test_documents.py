"""PDF and Word: tagged, with words and pictures, and the same on a machine without fonts."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest

from guidewright.guideline.analyses import pool_project
from guidewright.project import load
from guidewright.publish.documents import _below, document_html, documents, write_documents
from guidewright.publish.snapshot import Snapshot, take


@pytest.fixture
def snapshot(starter: Path) -> Snapshot:
    project, problems = load(starter)
    assert project is not None, problems
    return take(project, pool_project(project))


def test_every_document_is_written_tagged_and_in_both_languages(snapshot: Snapshot, starter: Path) -> None:
    out = write_documents(snapshot, starter)
    names = {one.name for tag in snapshot.languages for one in documents(snapshot, tag)}
    assert {path.stem for path in out.glob("*.pdf")} == {path.stem for path in out.glob("*.docx")} == names
    for path in out.glob("*.pdf"):
        pdf = path.read_bytes()
        assert pdf.startswith(b"%PDF-")
        assert b"/StructTreeRoot" in pdf
        assert b"NotoSerifCJKsc" in pdf or b"NotoSansCJKsc" in pdf
    for path in out.glob("*.docx"):
        with zipfile.ZipFile(path) as word:
            text = word.read("word/document.xml").decode("utf-8")
            assert any(name.endswith(".png") for name in word.namelist())
        assert "Heading1" in text
        assert "<w:tbl>" in text
        statement = snapshot.recommendations[0].clauses[0].clause.statement["zh" if path.stem.endswith("-zh") else "en"]
        assert statement in re.sub(r"<[^>]+>", "", text)


def test_the_same_snapshot_gives_the_same_bytes(snapshot: Snapshot, starter: Path) -> None:
    first = {path.name: path.read_bytes() for path in write_documents(snapshot, starter).glob("*.pdf")}
    second = {path.name: path.read_bytes() for path in write_documents(snapshot, starter).glob("*.pdf")}
    assert first
    assert first == second


def test_headings_go_below_the_one_they_stand_under_and_none_is_skipped() -> None:
    assert _below("<h2>a</h2><h4>b</h4><h3>c</h3><hr><h2>d</h2>", 1) == "<h2>a</h2><h3>b</h3><h3>c</h3><hr><h2>d</h2>"
    assert _below("<h3>a</h3>", 2) == "<h3>a</h3>"


def test_links_to_other_pages_lose_their_target_and_keep_their_words(snapshot: Snapshot, starter: Path) -> None:
    one = next(documents(snapshot, "en"))
    html = document_html(snapshot, starter, "en", one, starter)
    assert not re.search(r'<a (?![^>]*href="https?:)', html)
