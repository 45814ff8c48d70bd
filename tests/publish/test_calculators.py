"""The script in the page and Python give the same for every combination of answers, of every tool with a calculator."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from guidewright.guideline.calculators import Answer, Asked, Calculator, Input, as_data, evaluate
from guidewright.guideline.tools import Tool
from guidewright.project import load
from tests.publish.conftest import Site
from tests.publish.looks import Look, opened

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "src/guidewright/publish/assets/calculator.js"
PROJECT = load(ROOT)[0]
assert PROJECT is not None
CALCULATED = {tool.id: tool.calculated for tool in PROJECT.tools.values() if tool.calculated}


def answers_of(calculator: Calculator) -> Iterator[dict[str, Answer]]:
    """Every combination of answers, of numbers all sides of every limit, and each left out."""

    def of(one: Input) -> list[Answer | None]:
        if one.kind == "choice":
            return [None, "no-option", *(option.id for option in one.options)]
        if one.kind == "checks":
            names = [option.id for option in one.options]
            return [frozenset(some) for size in range(len(names) + 1) for some in combinations(names, size)]
        limits = {
            value
            for reading in calculator.readings
            for name, asked in reading.when.items()
            if name == one.id
            for value in asked.model_dump(exclude_defaults=True).values()
        } | {value for value in (one.minimum, one.maximum) if value is not None}
        return [None, *sorted({limit + aside for limit in limits for aside in (-0.1, 0.0, 0.1)})]

    for values in product(*(of(one) for one in calculator.inputs)):
        yield {one.id: value for one, value in zip(calculator.inputs, values, strict=True) if value is not None}


def plain(answers: dict[str, Answer]) -> dict[str, object]:
    return {name: sorted(value) if isinstance(value, frozenset) else value for name, value in answers.items()}


@pytest.mark.parametrize("tool", sorted(CALCULATED))
def test_python_and_script_agree_on_every_combination(browser: Browser, tool: str) -> None:
    calculator = CALCULATED[tool]
    assert calculator is not None
    cases = list(answers_of(calculator))
    opened = browser.new_page()
    opened.add_script_tag(content=SCRIPT.read_text(encoding="utf-8"))
    got = opened.evaluate(
        "([rules, cases]) => cases.map(answers => guidewrightCalculator(rules, answers))",
        [as_data(calculator, "en"), [plain(answers) for answers in cases]],
    )
    opened.close()
    for answers, said in zip(cases, got, strict=True):
        here = evaluate(calculator, answers)
        assert (list(here.missing), here.total, list(here.readings)) == (
            said["missing"], said["total"], said["readings"],
        ), answers  # fmt: skip


def test_otlics_gives_a_total_and_one_advice_for_each_complete_answer() -> None:
    calculator = CALCULATED["otlics"]
    assert calculator is not None
    complete = [one for a in answers_of(calculator) if not (one := evaluate(calculator, a)).missing]
    assert len(complete) == 3**4
    assert {one.total for one in complete} == set(range(9))
    assert all(len(one.readings) == 1 for one in complete)


def test_scores_without_points_have_no_calculator() -> None:
    assert PROJECT is not None
    for name in ("of-score", "morse-fall-scale", "ovcf-score"):
        assert PROJECT.tools[name].calculated is None


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"inputs": [{"id": "a", "name": {"en": "A"}, "kind": "choice"}]}, "need `options`"),
        ({"readings": [{"when": {"b": {"above": 1}}, "text": {"en": "x"}}]}, "is no input"),
        ({"readings": [{"when": {"a": {}}, "text": {"en": "x"}}]}, "say what is asked"),
    ],
)
def test_a_broken_calculator_is_refused_in_words(change: dict[str, object], words: str) -> None:
    good = {
        "inputs": [{"id": "a", "name": {"en": "A"}, "kind": "number"}],
        "readings": [{"when": {"a": {"above": 1}}, "text": {"en": "x"}}],
    }
    assert Calculator.model_validate(good)
    with pytest.raises(ValueError, match=words):
        Calculator.model_validate({**good, **change})


def test_a_number_that_cannot_be_meant_is_no_answer() -> None:
    one = Calculator(
        inputs=(Input(id="t", name={"en": "T"}, kind="number", minimum=-10, maximum=10),),
        readings=({"when": {"t": Asked(at_most=-2.5)}, "text": {"en": "low"}},),  # type: ignore[arg-type]
    )
    assert evaluate(one, {"t": -25.0}).missing == ("t",)
    assert evaluate(one, {"t": float("nan")}).missing == ("t",)
    assert evaluate(one, {"t": -2.5}).readings == (0,)


@pytest.mark.xdist_group("flagship")
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_clinician_works_out_otlics_by_keyboard(flagship: Site, browser: Browser, language: str) -> None:
    base = flagship.html.as_uri()
    tool: Tool = flagship.project.tools["otlics"]
    with opened(browser, base, Look("narrow")) as page:
        page.goto(f"{base}/{language}/tools/otlics.html")
        form = page.locator(".gw-calculator form")
        for component in tool.components:
            form.locator(f'input[name="{component.id}"]').first.focus()
            page.keyboard.press("Space")
            page.keyboard.press("ArrowDown")
            page.keyboard.press("ArrowDown")
        assert form.locator("[data-total]").inner_text() == "8"
        shown = form.locator(".gw-reading:visible")
        assert shown.count() == 1
        assert tool.bands[-1].action[language] in shown.inner_text()
        shown.get_by_role("link").first.click()
        assert "/recommendations/r04.html" in page.url
    with opened(browser, base, script=False) as page:
        page.goto(f"{base}/{language}/tools/otlics.html")
        assert not page.locator(".gw-calculator").is_visible()
