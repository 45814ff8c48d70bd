"""The head of a page: its content policy, and what it says of itself to programs."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Browser

from guidewright.publish.machine_readable import site_map
from guidewright.publish.policy import with_policy
from tests.publish.conftest import Site

PAGE = '<html><head><meta charset="utf-8"><script>{}</script></head><body>{}</body></html>'


#: As an inline script of the theme begins.
THEME = '__md_scope=new URL("..","https://example.org/a/b");'


def test_only_the_scripts_of_the_theme_run(browser: Browser) -> None:
    opened = browser.new_page()
    opened.set_content(with_policy(PAGE.format(THEME + "window.ours = 1", "<script>window.theirs = 1</script>")))
    opened.evaluate(
        """() => {
            const script = document.createElement("script");
            script.textContent = "window.theirs = 1";
            document.body.append(script);
            const image = document.createElement("div");
            image.innerHTML = "<img src=x onerror='window.theirs = 1'>";
            document.body.append(image);
        }"""
    )
    opened.wait_for_timeout(200)
    assert opened.evaluate("[window.ours, window.theirs]") == [1, None]
    opened.close()


def test_the_policy_names_no_other_place() -> None:
    html = with_policy(PAGE.format(THEME, '<script type="application/json">{}</script>'))
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html)
    assert policy is not None
    assert policy[1].count("sha256-") == 1
    assert not re.search(r"https?:|\*|unsafe-eval", policy[1])
    assert "script-src 'self' file: 'sha256-" in policy[1]


@pytest.mark.xdist_group("flagship")
def test_a_recommendation_says_its_clauses_and_strengths_to_programs(flagship: Site) -> None:
    html = (flagship.html / "en/recommendations/r06.html").read_text(encoding="utf-8")
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert block is not None
    data = json.loads(block[1])
    stated = {c.id: c.grade.stated for v in flagship.snapshot.recommendations for c in v.clauses}
    labels = {s.strength: s.label["en"] for s in flagship.snapshot.scheme.strengths}
    assert {one["identifier"] for one in data["mainEntity"]} == {"r06a", "r06b"}
    for one in data["mainEntity"]:
        assert one["recommendationStrength"] == labels[stated[one["identifier"]] or ""]
    assert (
        f'<meta name="citation_publication_date" content="{flagship.snapshot.guideline.date.replace("-", "/")}">'
        in html
    )


@pytest.mark.xdist_group("flagship")
def test_a_site_map_needs_an_address_and_names_every_language(flagship: Site) -> None:
    pages = {"zh": frozenset({"index.html", "a.html"}), "en": frozenset({"index.html"})}
    snapshot = flagship.snapshot
    assert site_map(snapshot, pages) is None
    guideline = snapshot.guideline.model_copy(update={"site_url": "https://example.org/g/"})
    from dataclasses import replace

    found = site_map(replace(snapshot, guideline=guideline), pages)
    assert found is not None
    assert found.count("<loc>") == 3
    assert 'hreflang="en" href="https://example.org/g/en/index.html"' in found
    assert 'hreflang="en" href="https://example.org/g/en/a.html"' not in found
