"""The flagship in a real browser: wide and narrow, light and dark, Chinese and English, from disk and from a server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page

from tests.publish.conftest import Site

pytestmark = pytest.mark.xdist_group("flagship")

PAGES = [
    "index.html", "recommendations/r06.html", "studies/vertos-ii.html", "analyses/q14-antiresorptive.html",
    "audit/r06a.html", "evidence/levels.html", "findings.html", "checklists.html", "votes.html", "tools/otlics.html",
    "audit.html", "references.html", "methods.html", "pathways/treatment-2021.html", "evidence/prisma.html",
]  # fmt: skip
WIDTHS = {"wide": (1280, 900), "narrow": (390, 844)}


@contextmanager
def page(
    browser: Browser, base: str, *, width: str = "wide", scheme: str = "light", script: bool = True
) -> Iterator[Page]:
    """A page that records every error of the console and every request to another place."""
    wide, high = WIDTHS[width]
    context = browser.new_context(
        viewport={"width": wide, "height": high},
        color_scheme=scheme,
        java_script_enabled=script,  # type: ignore[arg-type]
    )
    opened = context.new_page()
    troubles: list[str] = []
    opened.on("console", lambda m: troubles.append(f"console: {m.text}") if m.type == "error" else None)
    opened.on("pageerror", lambda e: troubles.append(f"script: {e}"))
    opened.on(
        "request",
        lambda r: None if r.url.startswith((base, "data:", "blob:")) else troubles.append(f"request: {r.url}"),
    )
    yield opened
    context.close()
    assert not troubles


def search(opened: Page, term: str, *, found: bool = True) -> None:
    """Search for a term. The theme does not see what is typed before it listens, so a key follows until it answers."""
    field, links = opened.locator("input.md-search__input"), opened.locator("a.md-search-result__link")
    field.fill(term)
    for _second in range(30):
        if (links.count() > 0) == found:
            return
        opened.wait_for_timeout(1000)
        field.press("End")
    raise AssertionError(f"the search for {term!r} gave {links.count()} results")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", list(WIDTHS))
@pytest.mark.parametrize("language", ["zh", "en"])
def test_pages_show_without_trouble(flagship: Site, browser: Browser, language: str, width: str, scheme: str) -> None:
    base = flagship.html.as_uri()
    with page(browser, base, width=width, scheme=scheme) as opened:
        for name in PAGES:
            opened.goto(f"{base}/{language}/{name}")
            opened.wait_for_timeout(150)
            overflow = opened.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert overflow <= 0, f"{name} is {overflow} px too wide"
            assert opened.locator("article h1").inner_text().strip()


@pytest.mark.parametrize("width", list(WIDTHS))
def test_one_of_the_two_drawings_of_a_plot_is_shown(flagship: Site, browser: Browser, width: str) -> None:
    base = flagship.html.as_uri()
    with page(browser, base, width=width) as opened:
        opened.goto(f"{base}/en/recommendations/r06.html")
        plots = opened.locator("#figure-q06-pain svg")
        shown = [plots.nth(n).is_visible() for n in range(plots.count())]
        assert shown == ([True, False] if width == "wide" else [False, True])


def test_a_page_can_be_read_without_script(flagship: Site, browser: Browser) -> None:
    base = flagship.html.as_uri()
    with page(browser, base, script=False) as opened:
        opened.goto(f"{base}/zh/recommendations/r06.html")
        assert opened.locator(".gw-statement").first.is_visible()
        opened.locator("details summary").first.click()
        assert opened.locator("details table").first.is_visible()


@pytest.mark.parametrize(("language", "other"), [("zh", "en"), ("en", "zh")])
def test_the_switcher_leads_to_the_same_page(flagship: Site, browser: Browser, language: str, other: str) -> None:
    base = flagship.html.as_uri()
    with page(browser, base) as opened:
        opened.goto(f"{base}/{language}/recommendations/r07.html")
        opened.locator(".md-select").hover()
        opened.locator(f".md-select__link[hreflang={other}]").click()
        opened.wait_for_url(f"**/{other}/recommendations/r07.html")
        assert opened.locator("html").get_attribute("lang") == other


@pytest.mark.parametrize(
    ("language", "term", "expected"),
    [
        ("zh", "骨水泥", "r09"),
        ("zh", "渗漏", "r12"),
        ("zh", "降钙素", "r03"),
        ("en", "leakage", "r12"),
        ("en", "OTLICS", "otlics"),
    ],
)
@pytest.mark.parametrize("served", [False, True], ids=["file", "http"])
def test_search_finds_words_inside_sentences(
    flagship: Site, browser: Browser, address: str, language: str, term: str, expected: str, served: bool
) -> None:
    base = address if served else flagship.html.as_uri()
    with page(browser, base) as opened:
        opened.goto(f"{base}/{language}/index.html")
        search(opened, term)
        found = opened.locator("a.md-search-result__link").evaluate_all("all => all.map(a => a.getAttribute('href'))")
        assert any(expected in href for href in found)


@pytest.mark.parametrize(
    ("language", "term", "first"),
    [
        ("en", "kyphoplasty", "recommendations/r0"), ("en", "OVCFs", "recommendations/r"),
        ("zh", "PKP", "recommendations/r0"), ("en", "vertos", "studies/vertos"),
    ],
)  # fmt: skip
def test_the_recommendation_comes_before_the_study(
    flagship: Site, browser: Browser, language: str, term: str, first: str
) -> None:
    base = flagship.html.as_uri()
    with page(browser, base) as opened:
        opened.goto(f"{base}/{language}/index.html")
        search(opened, term)
        assert first in str(opened.locator("a.md-search-result__link").first.get_attribute("href"))


def test_a_word_that_stands_nowhere_is_not_found(flagship: Site, browser: Browser) -> None:
    base = flagship.html.as_uri()
    with page(browser, base) as opened:
        opened.goto(f"{base}/en/index.html")
        search(opened, "leakage")
        search(opened, "qqqxyz", found=False)
        assert opened.locator("a.md-search-result__link").count() == 0


def test_a_badge_leads_to_the_study_and_its_source(flagship: Site, browser: Browser) -> None:
    """The way of an auditor: clause, how its strength was reached, the study, the fact, the place where it was seen."""
    base = flagship.html.as_uri()
    with page(browser, base) as opened:
        opened.goto(f"{base}/en/index.html")
        opened.locator("a[href$='r06.html#r06a']").first.click()
        opened.locator(".gw-meaning a[href='#r06a-trace']").click()
        assert opened.locator("#r06a-trace").is_visible()
        opened.locator("a[href$='studies/vertos-ii.html']").first.click()
        facts = opened.locator(".gw-scroll").first
        row = facts.locator("tr", has=opened.locator("th", has_text="blinding"))
        assert "open" in row.inner_text()
        assert row.locator("a").first.get_attribute("href") == "../references.html#ref-klazen2010"


def test_tables_are_reached_by_keyboard_and_named(flagship: Site, browser: Browser) -> None:
    base = flagship.html.as_uri()
    with page(browser, base, width="narrow") as opened:
        opened.goto(f"{base}/en/evidence/index.html")
        frames = opened.locator(".gw-scroll")
        names = frames.evaluate_all(
            "all => all.map(f => [f.tabIndex, f.getAttribute('role'), f.getAttribute('aria-label')])"
        )
        assert names
        assert all(tab == 0 and role == "region" and label for tab, role, label in names)
        assert len({label for _tab, _role, label in names}) == len(names)
