"""The search in a real browser, from disk and from a server. A page stays open for all that is asked of it: before it
can answer at all, it makes the index of the whole site, which takes longer than any answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.publish.conftest import Site
from tests.publish.looks import opened

pytestmark = pytest.mark.xdist_group("flagship")

#: An open page by language, from disk or served.
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def home(flagship: Site, browser: Browser, address: str) -> Iterator[Open]:
    """The home page of a language, opened once; errors and requests to other places fail when all are closed."""
    pages: dict[tuple[str, bool], Page] = {}
    with ExitStack() as closing:

        def of(language: str, *, served: bool = False) -> Page:
            if (language, served) not in pages:
                base = address if served else flagship.html.as_uri()
                page = closing.enter_context(opened(browser, base))
                page.goto(f"{base}/{language}/index.html")
                pages[language, served] = page
            return pages[language, served]

        yield of


def search(page: Page, term: str) -> list[str]:
    """Addresses of the results. The theme does not see what is typed before it listens, so a key follows until it
    answers; what was found before is cleared first, so that no answer to another question is taken for this one."""
    field, links = page.locator("input.md-search__input"), page.locator("a.md-search-result__link")
    field.fill("")
    field.press("End")
    expect(links).to_have_count(0)
    field.fill(term)
    for tenth in range(300):
        if tenth % 10 == 0:
            field.press("End")
        if links.count():
            return [str(one) for one in links.evaluate_all("all => all.map(a => a.getAttribute('href'))")]
        page.wait_for_timeout(100)
    raise AssertionError(f"the search for {term!r} gave no result")


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
def test_search_finds_words_inside_sentences(home: Open, language: str, term: str, expected: str, served: bool) -> None:
    assert any(expected in href for href in search(home(language, served=served), term))


@pytest.mark.parametrize(
    ("language", "term", "first"),
    [
        ("en", "kyphoplasty", "recommendations/r0"), ("en", "OVCFs", "recommendations/r"),
        ("zh", "PKP", "recommendations/r0"), ("en", "vertos", "studies/vertos"),
        ("en", "kyphoplasties", "recommendations/"), ("zh", "vertebroplasties", "recommendations/"),
    ],
)  # fmt: skip
def test_the_recommendation_comes_before_the_study(home: Open, language: str, term: str, first: str) -> None:
    assert first in search(home(language), term)[0]


@pytest.mark.parametrize(
    ("language", "term", "expected"),
    [
        ("zh", "骨水泥外渗", "recommendations/r12"),  # a synonym that the text does not use
        ("zh", "狄诺塞麦", "recommendations/r14"),  # a form to avoid, as misspellings are
        ("zh", "denosumab", "recommendations/r14"),  # the name in the other language
        ("en", "extravasation", "recommendations/r"),
        ("en", "diphosphonate", "tables/drugs"),
        ("en", "BKP", "recommendations/r07"),  # an abbreviation among the synonyms
        ("en", "ASTOCF", "recommendations/r"),
        ("en", "diphosphonates", "tables/drugs"),  # forms of names that the text does not have
        ("zh", "diphosphonates", "tables/drugs"),
        ("en", "balloon-kyphoplasties", "recommendations/r07"),
        ("en", "OSTEOPOROTIC", "recommendations/r"),
        ("zh", "osteoporotic", "recommendations/r"),
        ("en", "edema", "pathways/"),
        ("en", "oedema", "pathways/"),
        ("en", "Kummell", "tools/nonunion"),
    ],
)
def test_the_recommendation_is_found_by_every_name_of_a_term(
    home: Open, language: str, term: str, expected: str
) -> None:
    found = search(home(language), term)[:20]
    assert any(expected in href for href in found), found


def test_a_word_that_stands_nowhere_is_not_found(home: Open) -> None:
    page = home("en")
    assert search(page, "leakage")
    page.locator("input.md-search__input").fill("qqqxyz")
    page.locator("input.md-search__input").press("End")
    expect(page.locator("a.md-search-result__link")).to_have_count(0)
