"""The flagship as a finished site: complete, linked, in both languages, without another host, and always the same."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import jsonschema
import pytest

from guidewright.publish.site import Builder, build_site
from guidewright.publish.snapshot import json_schema, to_json
from tests.publish.conftest import Site

pytestmark = pytest.mark.xdist_group("flagship")

#: Elements and attributes by which a page loads something at once.
LOADS = {("script", "src"), ("img", "src"), ("iframe", "src"), ("source", "src"), ("use", "href"), ("object", "data")}


class Links(HTMLParser):
    """What a page links to, loads, and which anchors it has."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.anchors: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.handlers: list[str] = []
        self.language: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.handlers += [name for name in found if name.startswith("on")]
        if tag == "html":
            self.language = found.get("lang")
        if found.get("id"):
            self.anchors.append(found["id"])
        for name in ("href", "src", "data"):
            if name in found:
                style = tag == "link" and "stylesheet" in found.get("rel", "")
                (self.loads if (tag, name) in LOADS or style else self.links).append(found[name])


def pages(html: Path) -> Iterator[tuple[Path, Links]]:
    """Every page, read again only where it was written since."""
    for path in sorted(html.rglob("*.html")):
        if path.name != "404.html":  # its addresses start at the root of the server
            yield path, _links(path, path.stat().st_mtime_ns)


@cache
def _links(path: Path, _written: int) -> Links:
    return Links(path.read_text(encoding="utf-8"))


def test_every_link_leads_somewhere(flagship: Site) -> None:
    parsed = dict(pages(flagship.html))
    anchors = {path: frozenset(page.anchors) for path, page in parsed.items()}
    files = frozenset(flagship.html.rglob("*"))
    broken, looked = [], 0
    for path, page in parsed.items():
        for address in page.links + page.loads:
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                continue
            looked += 1
            # by name alone: the folder of a test run holds no symbolic link that a page could lead through
            target = path if not parts.path else Path(os.path.normpath(path.parent / unquote(parts.path)))
            if target not in files:
                broken.append(f"{path.name}: {address}")
            elif parts.fragment and target in anchors and unquote(parts.fragment) not in anchors[target]:
                broken.append(f"{path.name}: no anchor {address}")
    assert not broken
    assert looked > 10_000


def test_nothing_is_loaded_from_another_host(flagship: Site) -> None:
    for path, page in pages(flagship.html):
        assert not [a for a in page.loads if urlsplit(a).netloc], path
    for style in flagship.html.rglob("*.css"):
        text = style.read_text(encoding="utf-8", errors="ignore")
        assert not re.findall(r"(?:@import\s+|url\()\s*['\"]?(?:https?:)?//", text), style


def test_no_anchor_stands_twice_and_no_attribute_runs_script(flagship: Site) -> None:
    for path, page in pages(flagship.html):
        assert not {a for a in page.anchors if page.anchors.count(a) > 1}, path
        assert not page.handlers, path


def test_both_languages_have_the_same_pages(flagship: Site) -> None:
    zh, en = (
        {p.relative_to(flagship.html / tag) for p in (flagship.html / tag).rglob("*.html")} for tag in ("zh", "en")
    )
    assert zh == en
    assert len(zh) > 100
    assert {page.language for path, page in pages(flagship.html / "zh")} == {"zh"}
    assert {page.language for path, page in pages(flagship.html / "en")} == {"en"}


def test_each_page_links_to_its_twin(flagship: Site) -> None:
    for path, page in pages(flagship.html / "en"):
        twin = flagship.html / "zh" / path.relative_to(flagship.html / "en")
        assert twin.resolve() in {(path.parent / unquote(urlsplit(a).path)).resolve() for a in page.links}, path


def test_english_pages_hold_no_chinese_but_names_and_sources(flagship: Site) -> None:
    """Labels and sentences are English; titles of Chinese works and quoted Chinese labels may stand."""
    text = (flagship.html / "en/recommendations/r06.html").read_text(encoding="utf-8")
    article = text[text.index("<article") : text.index("</article>")]
    assert not re.findall(r"<(?:h1|h2|h3|dt|summary|caption)[^>]*>[^<]*[\u4e00-\u9fff]", article)


def test_the_content_of_the_flagship_is_all_there(flagship: Site) -> None:
    snapshot = flagship.snapshot
    graded = [r for r in snapshot.references if r.graded_in]
    assert len(snapshot.questions) == len(snapshot.recommendations) == 15
    assert sum(len(view.clauses) for view in snapshot.recommendations) == 18
    assert len(graded) == 92
    levels = [reference.graded_in[0][1] for reference in graded]
    assert {level: levels.count(level) for level in set(levels)} == {"I": 9, "II": 12, "III": 58, "IV": 13}
    assert [r.number for r in snapshot.references[:111]] == [r.record.sourcenumber for r in snapshot.references[:111]]


def test_unidentified_references_are_marked_and_candidates_are_no_titles(flagship: Site) -> None:
    text = (flagship.html / "en/references.html").read_text(encoding="utf-8")
    for view in flagship.snapshot.references:
        if not view.record.identified:
            item = re.search(rf'<li id="ref-{view.key}".*?</li>', text, re.DOTALL)
            assert item, view.key
            assert "not identified" in item[0]
            assert view.record.title is None


def test_the_standing_of_the_site_is_said_on_every_page(flagship: Site) -> None:
    for tag, words in (("zh", "不构成医疗建议"), ("en", "medical advice")):
        for path in (flagship.html / tag).rglob("*.html"):
            assert words in path.read_text(encoding="utf-8"), path


def test_the_snapshot_is_valid_and_published(flagship: Site) -> None:
    published = json.loads((flagship.html / "data/snapshot.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(json_schema())
    jsonschema.validate(published, json_schema())
    assert published == json.loads(to_json(flagship.snapshot))


def test_no_page_names_this_machine(flagship: Site) -> None:
    here = str(flagship.project.root)
    for path in flagship.html.rglob("*"):
        if path.suffix in {".html", ".json", ".js", ".xml"}:
            assert here not in path.read_text(encoding="utf-8", errors="ignore"), path


def digest(folder: Path) -> dict[str, str]:
    return {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(folder.rglob("*")) if p.is_file()
    }  # fmt: skip


def test_building_again_gives_the_same_bytes(flagship: Site) -> None:
    """In another process, with another seed for hashing and at another time of day."""
    before = digest(flagship.html)
    root = flagship.project.root
    shutil.rmtree(root / "site")
    done = subprocess.run(
        [sys.executable, "-m", "guidewright", "build"], cwd=root, capture_output=True, text=True, check=False,
        env={"PATH": "/usr/bin:/bin", "PYTHONHASHSEED": "4711", "TZ": "Asia/Shanghai", "HOME": str(root)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert digest(flagship.html) == before


def test_a_plain_mkdocs_build_of_the_tree_works_too(flagship: Site, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "--site-dir", str(tmp_path / "plain")]
    done = subprocess.run(command, cwd=flagship.project.root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    page = tmp_path / "plain/en/recommendations/r06.html"
    styles = [a for a in Links(page.read_text(encoding="utf-8")).loads if "guidewright.css" in a]
    assert styles
    assert (page.parent / styles[0]).resolve().is_file()
    assert (tmp_path / "plain/index.html").is_file()


def articles(html: Path) -> dict[str, tuple[list[str], str]]:
    """Anchors and words of the content of every page. Zensical gives each one more anchor, past its navigation."""
    found = {}
    for path in sorted(html.rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        article = re.search(r"<article\b[^>]*>(.*)</article>", text, re.DOTALL)
        content = article[1] if article else text
        anchors = sorted(set(re.findall(r'\bid="([^"]*)"', content)) - {"__skip"})
        found[path.relative_to(html).as_posix()] = (anchors, " ".join(re.sub(r"<[^>]+>", " ", content).split()))
    return found


def searched(html: Path) -> dict[str, dict[str, tuple[str, str]]]:
    """Title and text of every entry of the search index, by language and place."""
    found = {}
    for tag in ("zh", "en"):
        index = next(p for name in ("search.json", "search/search_index.json") if (p := html / tag / name).is_file())
        data = json.loads(index.read_text(encoding="utf-8"))
        found[tag] = {one["location"]: (one["title"], one["text"]) for one in data.get("items") or data["docs"]}
    return found


@pytest.mark.parametrize("builder", [Builder.PROPERDOCS, Builder.ZENSICAL])
def test_other_builders_build_the_same_pages(flagship: Site, builder: Builder, tmp_path: Path) -> None:
    """With the same content, anchors and entries of the search."""
    content, index = articles(flagship.html), searched(flagship.html)
    kept = tmp_path / "html"
    shutil.copytree(flagship.html, kept)
    try:
        shutil.rmtree(flagship.html)
        build_site(flagship.snapshot, flagship.project.root, builder=builder)
        assert articles(flagship.html) == content
        assert searched(flagship.html) == index
        test_every_link_leads_somewhere(flagship)
        test_nothing_is_loaded_from_another_host(flagship)
    finally:
        shutil.rmtree(flagship.html, ignore_errors=True)
        shutil.copytree(kept, flagship.html)
