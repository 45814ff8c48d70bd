"""PDF and Word: tagged, with words and pictures, and the same on a machine without fonts."""

from __future__ import annotations

import re
import shutil
import zipfile
import zlib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from guidewright.cli.app import app
from guidewright.guideline.analyses import pool_project
from guidewright.project import load
from guidewright.publish import fonts
from guidewright.publish.document_files import documents_outdated
from guidewright.publish.documents import _below, document_html, documents, write_documents
from guidewright.publish.site import write_pages
from guidewright.publish.snapshot import Snapshot
from guidewright.publish.taking import take

pytestmark = pytest.mark.xdist_group("documents")


@pytest.fixture
def snapshot(starter: Path) -> Snapshot:
    return snapshot_of(starter)


def snapshot_of(root: Path) -> Snapshot:
    project, problems = load(root)
    assert project is not None, problems
    return take(project, pool_project(project))


@dataclass(frozen=True)
class Written:
    """A starter whose documents were written once, and the folder that holds them."""

    root: Path
    snapshot: Snapshot
    out: Path


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    root = tmp_path_factory.mktemp("written") / "starter"
    assert CliRunner().invoke(app, ["new", str(root)]).exit_code == 0
    snapshot = snapshot_of(root)
    return Written(root, snapshot, write_documents(snapshot, root))


def test_every_document_is_written_tagged_and_in_both_languages(written: Written) -> None:
    snapshot, out = written.snapshot, written.out
    names = {one.name for tag in snapshot.languages for one in documents(snapshot, tag)}
    assert {path.stem for path in out.glob("*.pdf")} == {path.stem for path in out.glob("*.docx")} == names
    for path in out.glob("*.pdf"):
        pdf = path.read_bytes()
        assert pdf.startswith(b"%PDF-")
        assert b"/StructTreeRoot" in pdf
        assert b"/Outlines" in pdf
        assert b"NotoSansCJKsc" in pdf
        name = snapshot.recommendations[0].recommendation.title["zh" if path.stem.endswith("-zh") else "en"]
        assert set(name) - {" "} <= characters_of(pdf)
    for path in out.glob("*.docx"):
        with zipfile.ZipFile(path) as word:
            text = word.read("word/document.xml").decode("utf-8")
            assert any(name.endswith(".png") for name in word.namelist())
        assert "Heading1" in text
        assert "<w:tbl>" in text
        statement = snapshot.recommendations[0].clauses[0].clause.statement["zh" if path.stem.endswith("-zh") else "en"]
        assert statement in re.sub(r"<[^>]+>", "", text)


def characters_of(pdf: bytes) -> set[str]:
    """Every character that text of a PDF can be copied as: what its fonts say that their glyphs stand for."""
    found = set()
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        with suppress(zlib.error):
            for codes in re.findall(rb"^<[0-9A-F]+> <([0-9A-F]+)>$", zlib.decompress(stream), re.MULTILINE):
                found |= set(bytes.fromhex(codes.decode()).decode("utf-16-be"))
    return found


def test_word_has_styles_and_bookmarks_of_its_own(written: Written) -> None:
    for path in written.out.glob("*.docx"):
        with zipfile.ZipFile(path) as word:
            text = word.read("word/document.xml").decode("utf-8")
            styles = set(re.findall(r'w:styleId="([^"]+)"', word.read("word/styles.xml").decode("utf-8")))
        used = set(re.findall(r'<w:(?:pStyle|rStyle|tblStyle) w:val="([^"]+)"', text))
        assert {"Title", "Heading1", "Table"} <= used <= styles
        assert "<w:bookmarkStart" in text


def test_pages_link_the_documents_of_their_own_content_and_no_others(
    written: Written, snapshot: Snapshot, starter: Path
) -> None:
    def linked() -> set[str]:
        write_pages(snapshot, starter)
        pages = [starter / f"site/pages/{tag}/{page}.md" for tag in ("zh", "en") for page in ("index", "methods")]
        return {name for page in pages for name in re.findall(r'documents/([^"]+)"', page.read_text(encoding="utf-8"))}

    assert not linked()
    shutil.copytree(written.out, starter / "site/exports/documents")  # of a project with the same content
    assert linked() == {f"example-0.1-{tag}.{kind}" for tag in ("zh", "en") for kind in ("pdf", "docx")}
    page = (starter / "site/pages/en/recommendations/r01.md").read_text(encoding="utf-8")
    assert 'href="../../documents/r01-0.1-en.pdf"' in page
    mark = starter / "site/exports/documents/made-of.txt"
    mark.write_text("another state\n")
    assert documents_outdated(snapshot, starter)
    assert not linked()


def test_what_is_missing_is_named_before_anything_is_done(monkeypatch: pytest.MonkeyPatch, starter: Path) -> None:
    monkeypatch.setattr(fonts, "find_spec", lambda name: None)
    for command in (["documents"], ["build", "--documents"]):
        done = CliRunner().invoke(app, [*command, "--project", str(starter)])
        assert done.exit_code == 2
        assert "typst and manimgx-fonts-cjk" in done.output
        assert "guidewright[documents]" in done.output
    assert not (starter / "site/html").exists()


def test_the_same_snapshot_gives_the_same_bytes(written: Written, snapshot: Snapshot, starter: Path) -> None:
    """In another folder too."""
    first = {path.name: path.read_bytes() for path in written.out.glob("*.pdf")}
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
