"""What readers come for, on a phone (390 px) and by keyboard alone, in Chinese and English, from disk.

Nothing here uses a mouse: a reader reaches what has the focus with the Tab key, reads its words, and presses Enter.
Wherever that happens, the focus must be seen and not be covered.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.publish.conftest import Site
from tests.publish.keyboard import FOCUS, MOST, PHONE, follow, go_to
from tests.publish.looks import opened

pytestmark = [pytest.mark.xdist_group("flagship"), pytest.mark.parametrize("language", ["zh", "en"])]

_SCROLLS = "(e => e.checkVisibility() && e.scrollWidth > e.clientWidth + 1)"

BURST = {"zh": "爆裂骨折", "en": "burst"}
KYPHOPLASTY = {"zh": "PKP", "en": "Kyphoplasty"}


def answered(page: Page, language: str) -> bool:
    said = page.locator(".gw-statement").all_inner_texts()
    return any(BURST[language] in one and KYPHOPLASTY[language] in one for one in said)


def test_a_clinician_finds_whether_to_use_pkp_in_a_burst_fracture(
    flagship: Site, browser: Browser, language: str
) -> None:
    """From the home page with three activations at most."""
    base = flagship.html.as_uri()
    with opened(browser, base, PHONE) as page:
        page.goto(f"{base}/{language}/index.html")
        activations = 0
        while not answered(page, language):
            follow(page, lambda focus: BURST[language] in focus["words"])
            activations += 1
            assert activations <= 3
        assert activations > 0
        statement = page.locator(".gw-statement", has_text=BURST[language])
        expect(statement.first).to_be_in_viewport()


def test_a_clinician_finds_it_by_search(flagship: Site, browser: Browser, language: str) -> None:
    base = flagship.html.as_uri()
    with opened(browser, base, PHONE) as page:
        page.goto(f"{base}/{language}/index.html")
        go_to(page, lambda focus: "query" in focus["words"])
        results = page.locator("a.md-search-result__link")
        page.keyboard.type(f"PKP {BURST[language]}")
        before = -1
        for _half_second in range(60):  # results come for what is typed first, and change until the last letter
            page.wait_for_timeout(500)
            if results.count() == before > 0:
                break
            before = results.count()
            page.keyboard.press("End")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url("**/recommendations/**")
        assert answered(page, language)


def test_a_clinician_computes_otlics_and_lands_on_the_recommendation(
    flagship: Site, browser: Browser, language: str
) -> None:
    base = flagship.html.as_uri()
    with opened(browser, base, PHONE) as page:
        page.goto(f"{base}/{language}/index.html")
        follow(page, lambda focus: "OTLICS" in focus["words"] and "otlics" in focus["href"])
        for component in flagship.project.tools["otlics"].components:
            go_to(page, lambda focus, name=component.id: focus["kind"] == "input" and name in focus["words"])  # type: ignore[misc]
            page.keyboard.press("Space")
            page.keyboard.press("ArrowDown")
            page.keyboard.press("ArrowDown")
        assert page.locator("[data-total]").inner_text() == "8"
        follow(page, lambda focus: "recommendations/" in focus["href"])
        assert page.locator("article a[href*='tools/otlics.html']").count() > 0


def test_an_auditor_goes_from_a_badge_to_the_fact_of_a_study_and_its_source(
    flagship: Site, browser: Browser, language: str
) -> None:
    base = flagship.html.as_uri()
    study = flagship.project.studies["vertos-ii"]
    assert study.blinding is not None
    key = study.blinding.source.cite
    with opened(browser, base, PHONE) as page:
        page.goto(f"{base}/{language}/recommendations/r06.html")
        follow(page, lambda focus: "audit/" in focus["href"])
        follow(page, lambda focus: focus["href"].endswith("studies/vertos-ii.html"))
        row = page.locator(f".gw-table tr:has(a[href$='#ref-{key}'])").first
        assert row.inner_text().strip()
        follow(page, lambda focus: focus["href"].endswith(f"references.html#ref-{key}"))
        expect(page.locator(f"#ref-{key}")).to_be_in_viewport()


def test_the_first_stop_of_the_keyboard_leads_past_the_navigation(
    flagship: Site, browser: Browser, language: str
) -> None:
    base = flagship.html.as_uri()
    with opened(browser, base, PHONE) as page:
        page.goto(f"{base}/{language}/recommendations/r06.html")
        go_to(page, lambda focus: focus["href"].startswith("#"))
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate(FOCUS)["part"] == "article"


def test_the_keyboard_comes_round_and_meets_every_scrolling_table(
    flagship: Site, browser: Browser, language: str
) -> None:
    """No trap: the focus goes on until it leaves the page, and has then been on every table that scrolls."""
    base = flagship.html.as_uri()
    with opened(browser, base, PHONE) as page:
        page.goto(f"{base}/{language}/studies/vertos-ii.html")
        scrolling = page.evaluate(f"[...document.querySelectorAll('.gw-scroll')].filter{_SCROLLS}.length")
        page.evaluate("document.addEventListener('focusin', e => { (window.met ||= new Set()).add(e.target); })")
        for _press in range(MOST):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement === document.body"):
                break
        else:
            raise AssertionError("the focus never leaves the page")
        met = page.evaluate(f"[...window.met].filter(e => e.matches('.gw-scroll')).filter{_SCROLLS}.length")
        assert met == scrolling > 0


def test_every_kind_of_reading_works_without_script(flagship: Site, browser: Browser, language: str) -> None:
    """The answer, its reasons, tables and drawings, and the way to them; only search and calculators need script."""
    base = flagship.html.as_uri()
    with opened(browser, base, PHONE, script=False) as page:
        page.goto(f"{base}/{language}/index.html")
        page.locator("article a[href*='recommendations/r06.html']").first.click()
        expect(page.locator(".gw-statement").first).to_be_visible()
        page.locator("article details summary").first.click()
        expect(page.locator("article details table").first).to_be_visible()
        expect(page.locator("article figure svg:visible").first).to_be_visible()
        page.goto(f"{base}/{language}/tools/otlics.html")
        expect(page.locator("article table").first).to_be_visible()
        page.goto(f"{base}/{language}/pathways/treatment-2021.html")
        expect(page.locator(".gw-steps").first).to_be_visible()
