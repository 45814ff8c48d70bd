"""Every text of a project tries to break out at once; none does, in the site, PDF, Word or workbooks."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page
from typer.testing import CliRunner

from guidewright.cli.app import app
from guidewright.guideline.analyses import pool_project
from guidewright.project import load
from guidewright.publish.documents import write_documents
from guidewright.publish.taking import take
from tests.publish.conftest import Site, build
from tests.publish.hostile import FORMULA, HOSTILE, edition, spoil

pytestmark = pytest.mark.xdist_group("hostile")

#: What a page did that it must not, and the ways in which it might still.
_DONE = """() => [window.pwned, ...window.refused,
  ...[...document.querySelectorAll('*')].flatMap(e => [...e.attributes].filter(a => a.name.startsWith('on'))
    .map(a => `${e.tagName} ${a.name}`)),
  ...[...document.querySelectorAll('[href], [src], [action], [formaction], [srcdoc], [data]')].flatMap(e =>
    ['href', 'src', 'action', 'formaction', 'srcdoc', 'data'].map(n => e.getAttribute(n)))
    .filter(a => a && /^\\s*(javascript|vbscript|data):/i.test(a))].filter(Boolean)"""
_WATCH = """window.refused = [];
document.addEventListener('securitypolicyviolation', e =>
  window.refused.push(`refused ${e.violatedDirective} ${e.blockedURI}`));"""


@dataclass(frozen=True)
class Hostile:
    """The finished site of a hostile project, its documents, and how many texts of each kind of file are hostile."""

    site: Site
    documents: Path
    texts: dict[str, int]


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Hostile:
    root = tmp_path_factory.mktemp("hostile") / "project"
    assert CliRunner().invoke(app, ["new", str(root)]).exit_code == 0
    texts = spoil(root)
    project, problems = load(root)
    assert project is not None, problems
    editions = root / "guideline_src/editions"
    editions.mkdir()
    (editions / "2000.json").write_text(edition(take(project, pool_project(project)), "2000"), encoding="utf-8")
    site = build(root)
    return Hostile(site, write_documents(site.snapshot, root), texts)


def test_every_kind_of_file_is_hostile(hostile: Hostile) -> None:
    least = {".yml": 250, ".csv": 30, ".bib": 20, ".md": 15}
    assert {kind: hostile.texts[kind] >= few for kind, few in least.items()} == dict.fromkeys(least, True), (
        hostile.texts
    )


@pytest.mark.parametrize(("policy", "language"), [(True, "zh"), (False, "en")], ids=["policy", "no policy"])
def test_nothing_runs_and_nothing_is_fetched(hostile: Hostile, browser: Browser, policy: bool, language: str) -> None:
    """With the content policy nothing is even refused; without it escaping alone holds."""
    base = hostile.site.html.as_uri()
    context = browser.new_context(bypass_csp=not policy)
    context.add_init_script(_WATCH)
    page = context.new_page()
    troubles: list[str] = []
    page.on("dialog", lambda dialog: (troubles.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    page.on("pageerror", lambda error: troubles.append(f"script: {error}"))
    page.on(
        "request", lambda one: None if one.url.startswith((base, "blob:", "data:image")) else troubles.append(one.url)
    )
    earlier = sorted((hostile.site.html / "editions/2000" / language).rglob("*.html"))
    names = [*sorted((hostile.site.html / language).rglob("*.html")), *earlier]
    names = [one for one in names if one.name != "404.html"]  # its addresses start at the root of a server
    assert min(len(names) - len(earlier), len(earlier)) > 30
    for path in names:
        page.goto(path.as_uri())
        troubles += [f"{path.name}: {one}" for one in page.evaluate(_DONE)]
    seen = list(_found(page, f"{base}/{language}/index.html", "onmouseover"))
    assert seen
    troubles += [f"search: {one}" for one in page.evaluate(_DONE)]
    context.close()
    assert not troubles, "\n".join(troubles)


def _found(page: Page, start: str, term: str) -> Iterator[str]:
    page.goto(start)
    field, results = page.locator("input.md-search__input"), page.locator("a.md-search-result__link")
    field.fill(term)
    for _second in range(30):
        if results.count():
            break
        page.wait_for_timeout(500)
        field.press("End")
    yield from results.evaluate_all("all => all.map(a => a.innerText)")


def test_readers_see_the_hostile_text_as_it_was_written(hostile: Hostile, browser: Browser) -> None:
    title = hostile.site.project.guideline.title["en"]
    assert title.endswith(HOSTILE.strip())
    page = browser.new_page()
    page.goto((hostile.site.html / "en/index.html").as_uri())
    assert " ".join(title.split()) in " ".join(page.locator("h1").inner_text().replace("\u200b", "").split())
    page.close()


def test_word_holds_the_text_and_no_field_macro_or_foreign_part(hostile: Hostile) -> None:
    paths = sorted(hostile.documents.glob("*.docx"))
    assert paths
    for path in paths:
        with zipfile.ZipFile(path) as word:
            parts = {name: word.read(name) for name in word.namelist()}
        assert not [name for name in parts if re.search(r"vba|macro|activeX|embeddings|\.bin$|\.js$", name)]
        document = ElementTree.fromstring(parts["word/document.xml"])  # noqa: S314 - written by our own build
        words = "".join(document.itertext())
        assert "<script>window.pwned=1;alert(1)</script>" in words
        # a field computes when it is opened; the only ones are those of the table of contents
        fields = [one.text or "" for one in document.iter() if one.tag.endswith("}instrText")]
        assert all(one.strip().startswith("TOC ") for one in fields), fields
        linked = re.findall(r'Target="([^"]*)" TargetMode="External"', parts["word/_rels/document.xml.rels"].decode())
        assert not [one for one in linked if not one.startswith("https://")]
        # a picture of another place would be fetched when the document is opened
        assert b"foreign.example/b" not in b"".join(data for name, data in parts.items() if name.endswith(".rels"))


def test_pdf_holds_no_script_and_starts_nothing(hostile: Hostile) -> None:
    paths = sorted(hostile.documents.glob("*.pdf"))
    assert paths
    for path in paths:
        inside = _unpacked(path.read_bytes())
        assert b"/StructTreeRoot" in inside
        forbidden = (
            b"/JavaScript",
            b"/JS",
            b"/Launch",
            b"/OpenAction",
            b"/AA",
            b"/EmbeddedFile",
            b"/SubmitForm",
            b"/RichMedia",
        )
        assert not [one for one in forbidden if re.search(re.escape(one) + rb"[\s/(<\[]", inside)], path.name
        targets = re.findall(rb"/URI\s*\((.*?)(?<!\\)\)", inside)
        assert not [one for one in targets if not one.startswith(b"https://")], path.name


def _unpacked(pdf: bytes) -> bytes:
    """A PDF with its streams unpacked; most of its objects stand in them. Streams of text and fonts are left out."""
    out = [pdf]
    for found in re.finditer(rb"/Type\s*/ObjStm.*?stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        out.append(zlib.decompressobj().decompress(found[1]))
    return b"\n".join(out)


def test_workbooks_hold_no_formula_and_no_link(hostile: Hostile, tmp_path: Path) -> None:
    records = str(hostile.site.project.root / "evidence/records.bib")
    done = CliRunner().invoke(app, ["export", records, "--format", "xlsx", "--to", str(tmp_path / "records.xlsx")])
    assert done.exit_code == 0, done.output
    paths = [tmp_path / "records.xlsx", *hostile.site.html.rglob("*.xlsx")]
    hostile_cells = 0
    for path in paths:
        with zipfile.ZipFile(path) as book:
            assert not [name for name in book.namelist() if "vba" in name or "externalLink" in name]
            assert not [name for name in book.namelist() if b'TargetMode="External"' in book.read(name)]
        for row in load_workbook(path).active.iter_rows():
            for cell in row:
                assert cell.data_type != "f", cell.value
                hostile_cells += "<script>" in str(cell.value)
    assert hostile_cells


def test_tables_to_download_hold_no_formula(hostile: Hostile) -> None:
    for path in hostile.site.html.rglob("*.csv"):
        text = path.read_text(encoding="utf-8-sig")
        assert not re.search(r'(^|,)"?' + re.escape(FORMULA[:10].replace('"', '""')), text, re.MULTILINE), path
