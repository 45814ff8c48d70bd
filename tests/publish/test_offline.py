"""Every page of the site in a browser: none asks another host for anything, errs, or is wider than a phone."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from playwright.sync_api import Browser

from tests.publish.conftest import Site
from tests.publish.looks import Look, opened, page_kinds

#: One group for each language, since these tests take long: whoever is free takes one.
LANGUAGES = [pytest.param(tag, marks=pytest.mark.xdist_group(f"offline in {tag}")) for tag in ("zh", "en")]

TOO_WIDE = "document.documentElement.scrollWidth - innerWidth"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_opens_from_disk_on_a_phone(flagship: Site, browser: Browser, language: str) -> None:
    """Errors of the console and requests to other places fail in ``opened``; the content policy reports there too."""
    base = flagship.html.as_uri()
    names = [path.relative_to(flagship.html).as_posix() for path in sorted((flagship.html / language).rglob("*.html"))]
    names.remove(f"{language}/404.html")  # its addresses start at the root of a server
    assert len(names) > 150
    wide, silent = [], []
    with opened(browser, base, Look("narrow", "dark")) as page:
        for name in names:
            page.goto(f"{base}/{quote(name)}")
            if page.evaluate(TOO_WIDE) > 0:
                wide.append(name)
            if not page.locator("h1").first.inner_text().strip():
                silent.append(name)
    assert not wide
    assert not silent


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_page_opens_from_a_server_on_a_desk(
    flagship: Site, browser: Browser, address: str, language: str
) -> None:
    with opened(browser, address) as page:
        for kind, name in page_kinds(flagship, language).items():
            page.goto(f"{address}/{language}/{name}")
            assert page.evaluate(TOO_WIDE) <= 0, kind
            assert page.locator("h1").first.inner_text().strip(), kind
