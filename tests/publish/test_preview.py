"""``guidewright serve``: the finished pages, news of a save, and a rebuild that follows it."""

from __future__ import annotations

import threading
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser

from guidewright.publish.policy import with_policy
from guidewright.publish.preview import Preview


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
