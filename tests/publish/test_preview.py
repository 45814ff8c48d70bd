"""``guidewright serve``: the finished pages, news of a save, and a rebuild that follows it."""

from __future__ import annotations

import threading
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser

from guidewright.guideline.analyses import pool_project
from guidewright.project import load
from guidewright.publish.policy import with_policy
from guidewright.publish.preview import Preview
from guidewright.publish.site import Kept, build_site, write_pages
from guidewright.publish.taking import take


def get(address: str) -> str:
    with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 - our own server
        return str(answer.read().decode())


def wait_until(true: Callable[[], bool], seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.05)
    return False


def started(root: Path, rebuild: Callable[[], bool]) -> Preview:
    (root / "evidence").mkdir()
    (root / "evidence/searches.yml").write_text("a: 1\n")
    (root / "html").mkdir()
    (root / "html/index.html").write_text("<html><body><p>one</p></body></html>")
    preview = Preview(root, root / "html", rebuild, 0)
    threading.Thread(target=preview.run, daemon=True).start()
    assert wait_until(lambda: "one" in get(preview.address + "index.html"))
    return preview


def test_a_save_is_followed_and_pages_learn_of_it(tmp_path: Path) -> None:
    calls: list[int] = []

    def rebuild() -> bool:
        calls.append(1)
        (tmp_path / "html/index.html").write_text("<html><body><p>two</p></body></html>")
        return True

    preview = started(tmp_path, rebuild)
    assert get(preview.address + "_guidewright/version") == "0"
    time.sleep(0.5)
    (tmp_path / "evidence/searches.yml").write_text("a: 2\n")
    assert wait_until(lambda: get(preview.address + "_guidewright/version") == "1")
    assert "two" in get(preview.address + "index.html")
    assert calls


def test_the_question_for_news_is_served_and_not_in_the_file(tmp_path: Path) -> None:
    preview = started(tmp_path, lambda: True)
    assert "_guidewright/reload.js" in get(preview.address + "index.html")
    assert "_guidewright/version" in get(preview.address + "_guidewright/reload.js")
    assert "_guidewright" not in (tmp_path / "html/index.html").read_text()


def test_a_page_in_the_browser_shows_what_is_new_in_spite_of_its_policy(tmp_path: Path, browser: Browser) -> None:
    def page_of(words: str) -> str:
        return with_policy(f'<html lang="en"><head><meta charset="utf-8"></head><body><p>{words}</p></body></html>')

    def rebuild() -> bool:
        (tmp_path / "html/index.html").write_text(page_of("two"))
        return True

    preview = started(tmp_path, rebuild)
    (tmp_path / "html/index.html").write_text(page_of("one"))
    page = browser.new_page()
    with page.expect_response("**/_guidewright/version"):
        page.goto(preview.address + "index.html")
    time.sleep(0.5)
    (tmp_path / "evidence/searches.yml").write_text("a: 2\n")
    page.get_by_text("two").wait_for(timeout=10_000)
    assert page.locator("p").inner_text() == "two"
    page.close()


def test_a_failed_rebuild_leaves_the_pages_as_they_are(tmp_path: Path) -> None:
    seen = threading.Event()

    def rebuild() -> bool:
        seen.set()
        return False

    preview = started(tmp_path, rebuild)
    time.sleep(0.5)
    (tmp_path / "evidence/searches.yml").write_text("a: [\n")
    assert seen.wait(10)
    assert get(preview.address + "_guidewright/version") == "0"


def test_building_what_changed_gives_the_same_site_as_building_all(starter: Path) -> None:
    kept = Kept()

    def rebuilt(kept: Kept | None) -> dict[str, bytes]:
        project, problems = load(starter)
        assert project is not None, problems
        snapshot = take(project, pool_project(project))
        write_pages(snapshot, starter, kept)
        html = build_site(snapshot, starter, kept=kept)
        return {path.relative_to(html).as_posix(): path.read_bytes() for path in html.rglob("*") if path.is_file()}

    rebuilt(kept)
    time.sleep(1.1)  # builders compare times of files, which some file systems keep in seconds
    file = starter / "guideline_src/recommendations/r01-vaccination.md"
    file.write_text(file.read_text(encoding="utf-8").replace("## Rationale\n", "## Rationale\n\nEdited.\n"))
    part = rebuilt(kept)
    assert kept.anew["en"] >= {"recommendations/r01.html"}
    assert len(kept.anew["en"]) < 5
    assert not kept.anew["zh"]
    assert b"Edited." in part["en/recommendations/r01.html"]
    assert b"Edited." in part["en/search/search_index.js"]
    whole = rebuilt(None)
    assert part.keys() == whole.keys()
    assert not [
        name for name, data in part.items() if whole[name] != data and not name.endswith((".gz", "sitemap.xml"))
    ]


def test_a_new_page_is_built_with_all_others(starter: Path) -> None:
    kept = Kept({"zh": {}, "en": {}})
    project, problems = load(starter)
    assert project is not None, problems
    write_pages(take(project, pool_project(project)), starter, kept)
    assert not kept.anew  # the settings were written for the first time
