"""``guidewright serve``: pages made when they are looked at, news of a save, and what follows it."""

from __future__ import annotations

import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from guidewright.guideline.analyses import pool_project
from guidewright.project import load
from guidewright.publish.on_demand import SiteOnDemand
from guidewright.publish.policy import with_policy
from guidewright.publish.preview import Preview
from guidewright.publish.site import BuilderError
from guidewright.publish.snapshot import Snapshot, to_json
from guidewright.publish.taking import take, unfolding
from tests.publish.conftest import build


def get(address: str) -> str:
    with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 - our own server
        return str(answer.read().decode())


def refused(address: str) -> tuple[int, str]:
    with pytest.raises(urllib.error.HTTPError) as fault, urllib.request.urlopen(address, timeout=5):  # noqa: S310
        pass
    with fault.value as answer:
        return answer.code, answer.read().decode()


def wait_until(true: Callable[[], bool], seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.05)
    return False


class Words:
    """A source of one page with some words, which counts how often it was told to read them again."""

    def __init__(self, words: str) -> None:
        self.words, self.next, self.calls = words, words, 0

    def file(self, path: str) -> bytes | None:
        if path == "broken.html":
            raise BuilderError("a template is <broken>")
        head = '<head><meta charset="utf-8"></head>'
        html = with_policy(f'<html lang="en">{head}<body><p>{self.words}</p></body></html>')
        return html.encode() if path == "index.html" else None

    def version(self, path: str) -> str:
        return self.words if path == "index.html" else "other"

    def reload(self) -> None:
        self.calls += 1
        self.words = self.next


def started(root: Path, words: Words) -> Preview:
    (root / "evidence").mkdir()
    (root / "evidence/searches.yml").write_text("a: 1\n")
    (root / "html").mkdir()
    (root / "html/guideline.pdf").write_text("finished before")
    preview = Preview(root, root / "html", words, words.reload, 0)
    threading.Thread(target=preview.run, daemon=True).start()
    assert wait_until(lambda: words.words in get(preview.address + "index.html"))
    time.sleep(0.5)
    return preview


def test_a_save_is_followed_and_pages_learn_of_it(tmp_path: Path) -> None:
    words = Words("one")
    preview = started(tmp_path, words)
    assert get(preview.address + "_guidewright/version?page=%2Findex.html") == "one"
    words.next = "two"
    (tmp_path / "evidence/searches.yml").write_text("a: 2\n")
    assert wait_until(lambda: get(preview.address + "_guidewright/version?page=%2Findex.html") == "two")
    assert get(preview.address + "_guidewright/version?page=%2Fen%2Felse.html") == "other"
    assert "<p>two</p>" in get(preview.address + "index.html")
    assert words.calls


def test_the_question_for_news_is_served_and_not_in_the_page(tmp_path: Path) -> None:
    words = Words("one")
    preview = started(tmp_path, words)
    assert "_guidewright/reload.js" in get(preview.address + "index.html")
    assert "_guidewright/version" in get(preview.address + "_guidewright/reload.js")
    assert b"_guidewright" not in (words.file("index.html") or b"")


def test_what_is_not_made_on_demand_comes_from_the_finished_site(tmp_path: Path) -> None:
    preview = started(tmp_path, Words("one"))
    assert get(preview.address + "guideline.pdf") == "finished before"
    for path in ("nowhere.html", "../evidence/searches.yml", "%2e%2e/evidence/searches.yml"):
        assert refused(preview.address + path)[0] == 404


def test_a_page_that_cannot_be_made_says_why(tmp_path: Path) -> None:
    preview = started(tmp_path, Words("one"))
    status, words = refused(preview.address + "broken.html")
    assert status == 500
    assert "a template is &lt;broken&gt;" in words


def test_a_page_in_the_browser_shows_what_is_new_in_spite_of_its_policy(tmp_path: Path, browser: Browser) -> None:
    words = Words("one")
    preview = started(tmp_path, words)
    page = browser.new_page()
    with page.expect_response("**/_guidewright/version**"):
        page.goto(preview.address + "index.html")
    words.next = "two"
    (tmp_path / "evidence/searches.yml").write_text("a: 2\n")
    page.get_by_text("two").wait_for(timeout=10_000)
    assert page.locator("p").inner_text() == "two"
    page.close()


# --- the pages of a project ---------------------------------------------------------------------------------------


def states(root: Path) -> tuple[Snapshot, Callable[[], str]]:
    project, problems = load(root)
    assert project is not None, problems
    pooling = pool_project(project)
    return unfolding(project, pooling), lambda: to_json(take(project, pooling))


def test_pages_made_on_demand_are_those_of_a_build(starter: Path) -> None:
    html = build(starter).html
    site = SiteOnDemand(starter)
    site.show(*states(starter))
    names = [path.relative_to(html).as_posix() for path in sorted(html.rglob("*")) if path.is_file()]
    # the search knows the words of a page that was looked at
    names.sort(key=lambda name: "/search/" in name)
    made = {name: site.file(name) for name in names}
    assert {name for name, data in made.items() if data is None} <= {
        *(f"{tag}/{name}" for tag in ("zh", "en") for name in ("404.html", "sitemap.xml", "sitemap.xml.gz")),
        "data/snapshot.schema.json",
        "sitemap.xml",
    }
    # a build leaves out of the style sheets what no page of the whole site uses
    pages = [name for name in names if not name.endswith((".css", ".css.map"))]
    assert not [name for name in pages if made[name] not in (None, (html / name).read_bytes())]


def test_an_edit_changes_the_pages_that_show_it_and_no_other(starter: Path) -> None:
    site = SiteOnDemand(starter)
    site.show(*states(starter))
    looked_at = ("en/recommendations/r01.html", "zh/recommendations/r01.html", "en/methods.html")
    before = {name: site.version(name) for name in looked_at}
    assert all(b"Edited." not in (site.file(name) or b"") for name in looked_at)
    file = starter / "guideline_src/recommendations/r01-vaccination.md"
    file.write_text(file.read_text(encoding="utf-8").replace("## Rationale\n", "## Rationale\n\nEdited.\n"))
    site.show(*states(starter))
    assert [name for name in looked_at if site.version(name) != before[name]] == ["en/recommendations/r01.html"]
    assert b"Edited." in (site.file("en/recommendations/r01.html") or b"")
    assert b"Edited." in (site.file("en/search/search_index.js") or b"")
    assert b"Edited." not in (site.file("en/methods.html") or b"")


def test_a_broken_template_of_the_project_is_named(starter: Path) -> None:
    folder = starter / "guideline_src/templates"
    folder.mkdir(exist_ok=True)
    (folder / "methods.md.j2").write_text("{% nonsense %}")
    site = SiteOnDemand(starter)
    site.show(*states(starter))
    with pytest.raises(BuilderError, match=r"en/methods\.html cannot be made: .*nonsense"):
        site.file("en/methods.html")
    assert site.file("en/index.html") is not None


def test_a_project_without_settings_of_the_site_is_told(starter: Path) -> None:
    (starter / "mkdocs.yml").unlink()
    with pytest.raises(BuilderError, match=r"mkdocs\.yml"):
        SiteOnDemand(starter).show(*states(starter))
