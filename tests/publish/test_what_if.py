"""The what-if of the audit pages: its script agrees with Python on every combination of facts, and its form works."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import combinations_with_replacement, product
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

import guidewright.publish
from guidewright.grading.body import Claim, Rules, State, states_of
from guidewright.grading.facts import (
    DIRECTIONS_OF,
    EITHER,
    EVERY_DIRECTION,
    EVERY_FINDING,
    EVERY_KIND,
    EVERY_QUALITY,
    NOT_GRADABLE,
    Direction,
    Finding,
    Graded,
)
from guidewright.grading.library import built_in_schemes
from guidewright.grading.scheme import Scheme
from guidewright.grading.strength import strength_of
from guidewright.publish.what_if import scheme_data, study_data
from tests.grading.other_tables import every_judgement, every_study, known
from tests.publish.conftest import Site

pytestmark = pytest.mark.xdist_group("flagship")

SCHEMES = built_in_schemes()
IN_FORCE = SCHEMES["aaos-2025cn"]
SCRIPT = Path(guidewright.publish.__file__).parent / "assets/what-if.js"


@pytest.fixture(scope="module")
def script(browser: Browser) -> Iterator[Page]:
    """A blank page with the script."""
    page = browser.new_page()
    page.goto("about:blank")
    page.add_script_tag(path=str(SCRIPT))
    yield page
    page.close()


def each(values: Sequence[Any], whole: frozenset[Any]) -> list[frozenset[Any]]:
    """A fact known to be each of its values, and not known at all."""
    return [*(frozenset({value}) for value in values), whole]


def every_study_of(scheme: Scheme) -> list[Graded]:
    """Every combination of facts of one study, each of them known or not."""
    levels = (*scheme.level_names, NOT_GRADABLE)
    results = [(frozenset({f}), frozenset({d})) for f in Finding for d in sorted(DIRECTIONS_OF[f])]
    results.append((EVERY_FINDING, EVERY_DIRECTION))
    return [
        Graded("s", level, kind, quality, finding, direction, same)
        for level, kind, quality, (finding, direction), same in product(
            each(levels, frozenset(levels)),
            each(sorted(EVERY_KIND), EVERY_KIND),
            each(sorted(EVERY_QUALITY), EVERY_QUALITY),
            results,
            each((True, False), EITHER),
        )
    ]


def in_page(page: Page, scheme: dict[str, Any], bodies: Sequence[Any], judged: dict[str, str]) -> list[dict[str, Any]]:
    code = "([scheme, bodies, judged]) => bodies.map((body) => guidewright.strengthOf(scheme, body, judged))"
    found: list[dict[str, Any]] = page.evaluate(code, [scheme, bodies, judged])
    return found


def in_python(
    scheme: Scheme, body: Sequence[Graded], claim: Claim, minimum: int, judged: dict[str, str]
) -> dict[str, Any]:
    computed = strength_of(body, scheme, claim=claim, minimum_studies=minimum, judged=judged)
    return {
        "strength": computed.strength,
        "possible": list(computed.possible),
        "rules": list(computed.rules),
        "highest": list(computed.highest),
    }


def without_trace(states: frozenset[State], rules: Rules) -> tuple[set[str], set[str]]:
    """The possible strengths and the rules that fire in every case; the trace would take most of the time."""
    decided = [rules.decide(state) for state in states]
    return {name for name, _fired in decided}, set(frozenset.intersection(*(fired for _name, fired in decided)))


def states_in_page(page: Page, scheme: dict[str, Any], bodies: Sequence[Any]) -> list[set[str]]:
    code = "([scheme, bodies]) => bodies.map((body) => guidewright.statesOf(scheme, body, {}))"
    sides = page.evaluate(code, [scheme, bodies])
    return [{json.dumps(state, sort_keys=True) for state in states} for states in sides]


def as_in_page(state: State) -> str:
    parts = {
        "rank": state.rank,
        "met": dict(state.met),
        "directions": sorted(state.directions),
        "studies": state.studies,
        "lower": state.lower,
        "judged": dict(state.judged),
    }
    return json.dumps(parts, sort_keys=True)


@pytest.mark.parametrize("minimum", [1, 2])
@pytest.mark.parametrize("claim", ["effect", "equivalence"])
def test_page_and_python_agree_on_every_one_and_two_studies_of_the_scheme_in_force(
    script: Page, claim: Claim, minimum: int
) -> None:
    """One study: every combination of facts, each known or not. Two studies: every pair of what they can contribute,
    which is all that the second step sees of them, so no pair of combinations is left out."""
    rules = Rules(IN_FORCE, claim, minimum)
    data = scheme_data(IN_FORCE, None, claim, minimum, "en")
    studies = every_study_of(IN_FORCE)
    assert len(studies) == 6 * 3 * 3 * 5 * 3
    bodies = [[study_data(one)] for one in studies]
    ours = [{as_in_page(state) for state in states_of([one], rules, {})} for one in studies]
    assert states_in_page(script, data, bodies) == ours
    expected = [in_python(IN_FORCE, [one], claim, minimum, {}) for one in studies]
    assert in_page(script, data, bodies, {}) == expected

    unlike = {rules.contributions(one): one for one in studies}
    pairs = list(combinations_with_replacement(unlike.values(), 2))
    found = in_page(script, data, [[study_data(a), study_data(b)] for a, b in pairs], {})
    for (a, b), one in zip(pairs, found, strict=True):
        names, fired = without_trace(states_of([a, b], rules, {}), rules)
        assert set(one["possible"]) == names, (a, b)
        assert set(one["rules"]) == (fired if one["strength"] is not None else set()), (a, b)
        assert one["strength"] == (next(iter(names)) if len(names) == 1 and names != {"none"} else None)


@pytest.mark.parametrize("name", sorted({*SCHEMES} - {IN_FORCE.id}))
def test_page_and_python_agree_on_the_other_schemes(script: Page, name: str) -> None:
    """Every one and two known studies with every decision, known or not; and studies of which things are not known."""
    scheme = SCHEMES[name]
    data = scheme_data(scheme, None, "effect", 1, "en")
    studies = [known(f"s{n}", one) for n, one in enumerate(every_study(scheme))]
    open_ = [Graded("o", frozenset({a, b})) for a, b in product((*scheme.level_names, NOT_GRADABLE), repeat=2)]
    open_ += [
        Graded("o", frozenset({level}), directions=frozenset({way}))
        for level in scheme.level_names
        for way in Direction
    ]
    bodies: list[list[Graded]] = [[], *([one] for one in (*studies, *open_))]
    bodies += [[*pair] for pair in combinations_with_replacement(studies, 2)]
    bodies += [[one, *pair] for one in open_[:4] for pair in combinations_with_replacement(studies[:6], 2)]
    for judged in [{}, *every_judgement(scheme)]:
        found = in_page(script, data, [[study_data(one) for one in body] for body in bodies], judged)
        for body, one in zip(bodies, found, strict=True):
            expected = in_python(scheme, body, "effect", 1, judged)
            if not body and not expected["possible"] and scheme.strengths:
                continue  # no study at all: Python says so, the page says that no rule applies
            assert one == expected, (body, judged)


# --- the form -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "strength"), [("en", "Strength"), ("zh", "级")])
def test_changing_a_fact_changes_strength_and_rule_at_once(
    flagship: Site, browser: Browser, language: str, strength: str
) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.goto(f"{flagship.html.as_uri()}/{language}/audit/r06a.html")
    result = page.locator("#what-if-form output")
    assert result.get_attribute("aria-live") == "polite"
    before = result.inner_text()
    assert strength in before
    assert "2.5" in before
    # by keyboard alone: one trial after the other is taken to be a case series
    first = page.locator("#what-if-form fieldset select").first
    first.focus()
    first.press("End")
    for box in page.locator("#what-if-form fieldset").all():
        box.locator("select").first.select_option("IV")
    after = result.inner_text()
    assert "3.2" in after
    assert before.splitlines()[0] in after  # what it was by the recorded facts stays in view
    page.locator("#what-if-form button").click()
    assert result.inner_text() == before
    names = page.locator("#what-if-form select").evaluate_all("all => all.map(s => s.labels.length)")
    assert set(names) == {1}
    assert page.locator("#what-if-form select option:empty").count() == 0
    assert not page.locator("#what-if-without-script").is_visible()
    assert not troubles
    context.close()


def test_every_scheme_side_by_side_can_be_chosen(flagship: Site, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(f"{flagship.html.as_uri()}/en/audit/r06a.html")
    pick = page.locator("#what-if-form select").first
    assert pick.locator("option").count() == 1 + len(flagship.project.scheme_choice.beside)
    for number in range(pick.locator("option").count()):
        pick.select_option(str(number))
        assert page.locator("#what-if-form output strong").inner_text().strip()
    page.locator("#what-if-form select").last.select_option("conditional")  # GRADE is the last, a panel decides
    assert page.locator("#what-if-form output strong").inner_text() == "Conditional"
    page.close()


def test_without_script_the_page_reads_in_full_and_shows_no_form(flagship: Site, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{flagship.html.as_uri()}/en/audit/r06a.html")
    assert not page.locator("#what-if-form").is_visible()
    assert page.locator("#what-if-without-script").is_visible()
    for heading in ("studies", "rules", "changes", "schemes"):
        assert page.locator(f"#{heading}").is_visible()
    assert not page.locator("#what-if-data").is_visible()
    context.close()


def test_the_what_if_works_under_a_strict_policy(flagship: Site, browser: Browser) -> None:
    """No script but files of the site itself; the theme's own inline script is refused, ours is a file."""

    class Strict(SimpleHTTPRequestHandler):
        def end_headers(self) -> None:
            self.send_header("Content-Security-Policy", "default-src 'self'; script-src 'self'; object-src 'none'")
            super().end_headers()

        def log_message(self, *_arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Strict, directory=str(flagship.html)))
    Thread(target=server.serve_forever, daemon=True).start()
    page = browser.new_page()
    page.goto(f"http://127.0.0.1:{server.server_address[1]}/en/audit/r06a.html")
    assert page.locator("#what-if-form").is_visible()
    assert "2.5" in page.locator("#what-if-form output").inner_text()
    page.close()
    server.shutdown()
    server.server_close()


def test_names_of_studies_cannot_leave_the_data(flagship: Site) -> None:
    """Content is untrusted: what a study is called stays a text of the JSON."""
    from dataclasses import replace

    from guidewright.publish.what_if import what_if

    bad = "</script><script>window.pwned=1</script>"
    snapshot = flagship.snapshot
    view = next(c for r in snapshot.recommendations for c in r.clauses if c.id == "r06a")
    study = next(one for one in snapshot.studies if one.study.id == "vertos-ii")
    renamed = replace(study, study=study.study.model_copy(update={"name": bad}))
    others = tuple(renamed if one is study else one for one in snapshot.studies)
    text = str(what_if(replace(snapshot, studies=others), view, "en"))
    assert text.count("<") == 2
    inner = text.partition(">")[2].rpartition("<")[0]
    assert bad in {one["name"] for one in json.loads(inner)["schemes"][0]["studies"]}
