"""The flagship in a real browser: wide and narrow, light and dark, Chinese and English, from disk and from a server."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.publish.conftest import Site
from tests.publish.looks import SIZES, Look, opened

pytestmark = pytest.mark.xdist_group("flagship")


@pytest.mark.parametrize("width", list(SIZES))
def test_one_of_the_two_drawings_of_a_plot_is_shown(flagship: Site, browser: Browser, width: str) -> None:
    base = flagship.html.as_uri()
    with opened(browser, base, Look(width)) as page:
        page.goto(f"{base}/en/recommendations/r06.html")
        plots = page.locator("#figure-q06-pain svg")
        shown = [plots.nth(n).is_visible() for n in range(plots.count())]
        assert shown == ([True, False] if width == "wide" else [False, True])


def test_a_page_can_be_read_without_script(flagship: Site, browser: Browser) -> None:
    base = flagship.html.as_uri()
    with opened(browser, base, script=False) as page:
        page.goto(f"{base}/zh/recommendations/r06.html")
        assert page.locator(".gw-statement").first.is_visible()
        page.locator("details summary").first.click()
        assert page.locator("details table").first.is_visible()


@pytest.mark.parametrize(("language", "other"), [("zh", "en"), ("en", "zh")])
def test_the_switcher_leads_to_the_same_page(flagship: Site, browser: Browser, language: str, other: str) -> None:
    base = flagship.html.as_uri()
    with opened(browser, base) as page:
        page.goto(f"{base}/{language}/recommendations/r07.html")
        page.locator(".md-select").hover()
        page.locator(f".md-select__link[hreflang={other}]").click()
        page.wait_for_url(f"**/{other}/recommendations/r07.html")
        assert page.locator("html").get_attribute("lang") == other


def test_a_badge_leads_to_the_study_and_its_source(flagship: Site, browser: Browser) -> None:
    """The way of an auditor: clause, how its strength was reached, the study, the fact, the place where it was seen."""
    base = flagship.html.as_uri()
    with opened(browser, base) as page:
        page.goto(f"{base}/en/index.html")
        page.locator("a[href$='r06.html#r06a']").first.click()
        page.locator(".gw-meaning a[href='#r06a-trace']").click()
        assert page.locator("#r06a-trace").is_visible()
        page.locator("a[href$='studies/vertos-ii.html']").first.click()
        facts = page.locator(".gw-scroll").first
        row = facts.locator("tr", has=page.locator("th", has_text="blinding"))
        assert "open" in row.inner_text()
        assert row.locator("a").first.get_attribute("href") == "../references.html#ref-klazen2010"


def test_tables_are_reached_by_keyboard_and_named(flagship: Site, browser: Browser) -> None:
    base = flagship.html.as_uri()
    with opened(browser, base, Look("narrow")) as page:
        page.goto(f"{base}/en/evidence/index.html")
        frames = page.locator(".gw-scroll")
        names = frames.evaluate_all(
            "all => all.map(f => [f.tabIndex, f.getAttribute('role'), f.getAttribute('aria-label')])"
        )
        assert names
        assert all(tab == 0 and role == "region" and label for tab, role, label in names)
        assert len({label for _tab, _role, label in names}) == len(names)
