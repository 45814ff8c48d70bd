"""No violation of WCAG 2.2 AA on any kind of page, in both languages, light and dark, wide and narrow."""

from __future__ import annotations

import os

import pytest
from playwright.sync_api import Browser

from guidewright.publish.pages import pages
from tests.publish.accessibility import FEW, OF_COLOURS, OF_SIZES, start_axe, violations
from tests.publish.conftest import Site
from tests.publish.looks import LOOKS, Look, opened, page_kinds, show

#: One group for each language, since these tests take long: whoever is free takes one.
LANGUAGES = [pytest.param(tag, marks=pytest.mark.xdist_group(f"accessibility in {tag}")) for tag in ("zh", "en")]

#: At night every page in every look with every rule and every row, as Hypothesis then tries more examples.
HEAVY = os.environ.get("HYPOTHESIS_PROFILE") == "heavy"
EVERY_RULE: tuple[str, ...] = ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_has_a_violation(flagship: Site, browser: Browser, language: str) -> None:
    """Every rule wide and light; the rules that depend on it in the other colours and at the other size."""
    base = flagship.html.as_uri()
    asked = {Look(): EVERY_RULE, Look("wide", "dark"): OF_COLOURS, Look("narrow", "dark"): OF_SIZES}
    names = list(page_kinds(flagship, language).values())
    if HEAVY:
        asked = dict.fromkeys(LOOKS, EVERY_RULE)
        names = [page.address for page in pages(flagship.snapshot, language)]
    found = []
    with opened(browser, base, bypass=True) as page:
        for name in names:
            page.goto(f"{base}/{language}/{name}")
            start_axe(page, rows=None if HEAVY else FEW)
            for look, rules in asked.items():
                show(page, look)
                found += [f"{language}/{name} {look}: {one}" for one in violations(page, rules)]
            show(page, Look())
    assert not found, "\n".join(found)


def test_a_fault_is_found(browser: Browser) -> None:
    """So that silence means something."""
    page = browser.new_page()
    page.set_content(
        "<html lang=en><title>x</title><main><h1>x</h1><img src='data:,'><p style='color:#ccc'>faint</p></main>"
    )
    start_axe(page)
    assert {one.partition(" ")[0] for one in violations(page)} == {"image-alt", "color-contrast"}
    page.close()
