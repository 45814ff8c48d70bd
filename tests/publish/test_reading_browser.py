"""The reader's pages in a real browser: choosing, sorting, walking, explaining, copying, printing; by keyboard too."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from tests.publish.conftest import Site
from tests.publish.looks import Look
from tests.publish.looks import opened as page

pytestmark = pytest.mark.xdist_group("flagship")

SHOWN = ".gw-facets [role=status]"


def visible(opened: Page) -> list[str]:
    return opened.locator("[data-recommendation]:visible").evaluate_all("all => all.map(x => x.dataset.recommendation)")


@pytest.mark.parametrize(("language", "said"), [("en", "of 18 shown"), ("zh", "共18条")])
def test_the_summary_is_filtered_by_keyboard_and_says_how_many_are_shown(
    flagship: Site, browser: Browser, language: str, said: str
) -> None:
    base = flagship.html.as_uri()
    with page(browser, base, Look("narrow")) as opened:
        opened.goto(f"{base}/{language}/recommendations/index.html")
        assert said in opened.locator(SHOWN).inner_text()
        every = visible(opened)
        opened.locator("#facet-strength").focus()
        opened.keyboard.press("ArrowDown")
        strong = visible(opened)
        assert 0 < len(strong) < len(every)
        assert str(len(strong)) in opened.locator(SHOWN).inner_text()
        assert "#strength=1" in opened.url
        assert set(opened.locator("[data-recommendation]:visible").evaluate_all(
            "all => all.map(x => x.dataset.strength)")) == {"1"}  # fmt: skip
        opened.reload()
        assert visible(opened) == strong
        opened.locator("#facet-topic").select_option("osteoporosis")
        assert visible(opened) == ["r14a"]
        assert opened.locator(".gw-topic:visible").count() == 1
        opened.locator(".gw-facets button").press("Enter")
        opened.wait_for_function("!location.href.includes('#')")  # the page acts when the form has been reset
        assert visible(opened) == every
        assert "#" not in opened.url


def test_the_choice_is_kept_when_the_language_is_switched(flagship: Site, browser: Browser) -> None:
    base = flagship.html.as_uri()
    with page(browser, base) as opened:
        opened.goto(f"{base}/en/recommendations/index.html#topic=pain")
        chosen = visible(opened)
        opened.locator(".md-select").hover()
        opened.locator(".md-select__link[hreflang=zh]").click()
        opened.wait_for_url("**/zh/recommendations/index.html#topic=pain")
        assert visible(opened) == chosen == ["r03a"]


def test_the_same_place_is_kept_when_the_language_is_switched(flagship: Site, browser: Browser) -> None:
    base = flagship.html.as_uri()
    with page(browser, base) as opened:
        opened.goto(f"{base}/zh/recommendations/r07.html#r07b-trace")
        opened.locator(".md-select").hover()
        opened.locator(".md-select__link[hreflang=en]").click()
        opened.wait_for_url("**/en/recommendations/r07.html#r07b-trace")
        assert opened.locator("#r07b-trace").count() == 1


def test_from_home_a_situation_leads_to_the_recommendation_in_two_clicks(flagship: Site, browser: Browser) -> None:
    """Also without script, and on a phone."""
    base = flagship.html.as_uri()
    for script in (True, False):
        with page(browser, base, Look("narrow"), script=script) as opened:
            opened.goto(f"{base}/en/index.html")
            opened.locator(".gw-situations a[href='#treatment']").click()
            opened.locator(".gw-cards a", has_text="burst fractures without neurological symptoms").click()
            opened.wait_for_url("**/recommendations/r07.html#r07b")
            assert opened.locator("#r07b .gw-statement").is_visible()


def test_a_table_is_sorted_and_filtered_by_keyboard(flagship: Site, browser: Browser) -> None:
    base = flagship.html.as_uri()
    with page(browser, base) as opened:
        opened.goto(f"{base}/en/studies/index.html")
        head = opened.locator("#table-studies thead th").nth(2)

        def numbers() -> list[int]:
            found = opened.locator("#table-studies tbody tr:visible td:nth-child(3)").all_inner_texts()
            return [int(text.replace(",", "")) for text in found if text.strip("– ")]

        head.locator("button").press("Enter")
        assert head.get_attribute("aria-sort") == "ascending"
        assert numbers() == sorted(numbers())
        head.locator("button").press("Enter")
        assert head.get_attribute("aria-sort") == "descending"
        assert numbers() == sorted(numbers(), reverse=True)
        opened.locator("#table-studies-find").fill("vertos")
        rows = opened.locator("#table-studies tbody tr:visible")
        assert 0 < rows.count() < 20
        assert all("vertos" in text.lower() for text in rows.all_inner_texts())
        assert opened.locator(".gw-find [role=status]").inner_text().startswith(f"{rows.count()} of ")


@pytest.mark.parametrize("address", ["studies/index.html", "evidence/index.html", "tables/drugs.html"])
def test_a_table_is_read_on_a_phone_without_scrolling_sideways(flagship: Site, browser: Browser, address: str) -> None:
    base = flagship.html.as_uri()
    with page(browser, base, Look("narrow")) as opened:
        opened.goto(f"{base}/zh/{address}")
        wide = opened.locator("table.gw-stack").first.evaluate(
            "t => [t.parentNode.scrollWidth, t.parentNode.clientWidth]"
        )
        assert wide[0] <= wide[1] + 1
        assert opened.evaluate("document.documentElement.scrollWidth <= innerWidth + 1")


def test_a_pathway_is_walked_one_step_at_a_time(flagship: Site, browser: Browser) -> None:
    base = flagship.html.as_uri()
    with page(browser, base, Look("narrow")) as opened:
        opened.goto(f"{base}/en/pathways/treatment-2021.html")
        steps = opened.locator("ol.gw-steps > li:visible")
        every = steps.count()
        opened.locator("[data-walk]").press("Enter")
        assert steps.count() == 1
        for _step in range(2):
            opened.locator("ol.gw-steps > li:visible .gw-next a").first.press("Enter")
        opened.locator("#step-needs-open-surgery:focus").wait_for()
        assert opened.locator(".gw-walk nav li").count() == 2
        opened.locator(".gw-next a", has_text="4.").first.press("Enter")
        opened.locator("#step-open-surgery:focus").wait_for()
        opened.locator(".gw-walk nav a").first.click()
        opened.locator("#step-diagnosed:focus").wait_for()
        opened.locator("[data-all]").click()
        assert steps.count() == every


def test_all_steps_of_a_pathway_are_read_without_script(flagship: Site, browser: Browser) -> None:
    base = flagship.html.as_uri()
    with page(browser, base, script=False) as opened:
        opened.goto(f"{base}/zh/pathways/diagnosis-2021.html")
        pathway = next(one for one in flagship.snapshot.pathways if one.id == "diagnosis-2021")
        assert opened.locator("ol.gw-steps > li:visible").count() == len(pathway.steps)
        assert opened.locator(".gw-algorithm.gw-wide").is_visible()
        assert not opened.locator(".gw-walk").is_visible()


@pytest.mark.parametrize("script", [True, False])
def test_a_term_is_explained_and_closed_by_keyboard(flagship: Site, browser: Browser, script: bool) -> None:
    base = flagship.html.as_uri()
    with page(browser, base, script=script) as opened:
        opened.goto(f"{base}/en/recommendations/r07.html")
        term = opened.locator(".gw-term").first
        note = opened.locator(str(term.get_attribute("href")))
        assert not note.is_visible()
        term.press("Enter")
        assert note.is_visible()
        assert "Glossary" in note.inner_text()
        if script:
            assert term.get_attribute("aria-expanded") == "true"
            opened.keyboard.press("Escape")
            assert term.evaluate("term => term === document.activeElement")
        else:
            note.locator(".gw-close").press("Enter")
        assert not note.is_visible()


def test_a_citation_is_copied_and_the_code_to_embed_names_a_whole_address(flagship: Site, browser: Browser) -> None:
    base = flagship.html.as_uri()
    with page(browser, base) as opened:
        opened.goto(f"{base}/en/recommendations/r07.html")
        assert opened.locator("#embed-code").input_value().startswith(f'<iframe src="{base}/en/embed/r07.html"')
        opened.locator("[data-copy=cite-words]").press("Enter")
        opened.locator("#cite-words ~ p [role=status]", has_text="Copied").wait_for()
        assert opened.locator("#share-address").inner_text() == f"{base}/en/recommendations/r07.html"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_summary_prints_on_two_sides(flagship: Site, browser: Browser, language: str) -> None:
    base = flagship.html.as_uri()
    with page(browser, base) as opened:
        opened.goto(f"{base}/{language}/recommendations/index.html")
        printed = opened.pdf(prefer_css_page_size=True)
        assert 1 <= printed.count(b"/Type /Page\n") + printed.count(b"/Type /Page ") <= 2
