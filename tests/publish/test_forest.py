"""Forest plots: well-formed, described, true to the numbers, and drawn for wide and narrow pages."""

from __future__ import annotations

import math
import xml.etree.ElementTree as ET
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guidewright.evidence.questions import Question
from guidewright.figures.effect import Effect
from guidewright.figures.forest import Forest
from guidewright.figures.forest_marks import axis
from guidewright.figures.rows import Column, Kind, Row
from guidewright.publish.forest_figures import declared_mid
from tests.metaanalysis.pooled_rows import analysis

SVG = "{http://www.w3.org/2000/svg}"


def plot(rows: list[Row], *, log: bool = False) -> Forest:
    return Forest(
        identifier="forest-x",
        title="Title <b>",
        description="What it shows & more",
        nothing="Nothing.",
        rows=rows,
        effect=Effect("MD", 1.0 if log else 0.0, log, "favours A", "favours B"),
        label_heading="Study",
        columns=(Column("MD (95% CI)", main=True), Column("Weight")),
    )


def draw(forest: Forest, *, narrow: bool = False) -> str:
    return forest.draw(narrow=narrow)


LINES = [
    Row(Kind.HEADING, "1 month"),
    Row(Kind.STUDY, "VERTOS <IV>", ("-0.41", "64%"), -0.41, -1.15, 0.33, 64.6),
    Row(Kind.STUDY, "INVEST", ("-0.70", "35%"), -0.70, -1.70, 0.30, 35.4),
    Row(Kind.SUMMARY, "Pooled", ("-0.51", ""), -0.51, -1.11, 0.08),
]


@pytest.mark.parametrize("narrow", [False, True])
def test_a_plot_is_well_formed_and_says_what_it_shows(narrow: bool) -> None:
    root = ET.fromstring(draw(plot(LINES), narrow=narrow))  # noqa: S314
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == " ".join(ids)
    assert root.findtext(f"{SVG}title") == "Title <b>"
    assert root.findtext(f"{SVG}desc") == "What it shows & more"
    texts = [element.text for element in root.iter(f"{SVG}text")]
    assert {"VERTOS <IV>", "INVEST", "Pooled", "-0.41"} <= set(texts)


def test_the_two_drawings_have_different_ids() -> None:
    def ids(narrow: bool) -> set[str | None]:
        return {e.get("id") for e in ET.fromstring(draw(plot(LINES), narrow=narrow)).iter() if e.get("id")}  # noqa: S314

    assert not ids(False) & ids(True)


def test_marks_stand_where_the_numbers_are() -> None:
    root = ET.fromstring(draw(plot(LINES), narrow=True))  # noqa: S314
    scale = axis(plot(LINES), 12.0, 348.0)
    squares = list(root.iter(f"{SVG}rect"))
    centres = [float(r.get("x", 0)) + float(r.get("width", 0)) / 2 for r in squares]
    assert centres == pytest.approx([scale.at(-0.41), scale.at(-0.70)], abs=0.11)
    assert float(squares[0].get("width", 0)) > float(squares[1].get("width", 0))


def test_an_interval_beyond_the_plot_ends_in_an_arrow() -> None:
    wide = [
        Row(Kind.STUDY, "A", ("", ""), 1.0, 1e-9, 1e9, 50),
        Row(Kind.STUDY, "B", ("", ""), 0.5, 0.4, 0.6, 50),
    ]
    root = ET.fromstring(draw(plot(wide, log=True)))  # noqa: S314
    assert len(list(root.iter(f"{SVG}polygon"))) == 2


@given(
    st.lists(st.tuples(st.floats(0.01, 50), st.floats(0.01, 3), st.floats(0, 100)), min_size=1, max_size=8),
    st.booleans(),
)
def test_everything_stays_within_the_drawing(rows: list[tuple[float, float, float]], log: bool) -> None:
    lines = []
    for number, (value, half, weight) in enumerate(rows):
        middle = math.log(value)
        ends = [f(middle + sign * half) for f in [math.exp if log else float] for sign in (0, -1, 1)]
        lines.append(Row(Kind.STUDY, f"s{number}", ("x", "y"), *ends, weight))
    for narrow in (False, True):
        root = ET.fromstring(draw(plot(lines, log=log), narrow=narrow))  # noqa: S314
        _x, _y, width, height = map(float, root.get("viewBox", "").split())
        for element in root.iter():
            for name, limit in (
                ("x", width),
                ("x1", width),
                ("x2", width),
                ("y", height),
                ("y1", height),
                ("y2", height),
            ):
                if element.get(name) is not None:
                    assert -0.1 <= float(element.get(name, 0)) <= limit + 0.1
        ticks = [e for e in root.iter(f"{SVG}line") if float(e.get("y2", 0)) - float(e.get("y1", 0)) == 5]
        assert 1 <= len(ticks) <= 9


# --- the minimal important difference ----------------------------------------------------------------------------


def question(**outcome: Any) -> Question:
    text = {"en": "x", "zh": "x"}
    pain = {"id": "pain", "name": text, "better": "lower", **outcome}
    parts = dict.fromkeys(("title", "population", "intervention", "comparator", "study_designs"), text)
    return Question.model_validate(
        {"id": "q01", "number": 1, "type": "therapeutic", "outcomes": [pain], "origin": {"kind": "stated"}, **parts}
    )


MID = {"minimal_important_difference": {"value": 1.5, "source": {"cite": "a2020"}}}


@pytest.mark.parametrize(
    ("given", "measure", "outcomes", "expected"),
    [
        (MID, "MD", ["pain"], 1.5),
        ({}, "MD", ["pain"], None),
        (MID, "SMD", ["pain"], None),
        (MID, "RR", ["pain"], None),
        (MID, "MD", ["pain", "disability"], None),
        (MID, "MD", ["disability"], None),
    ],
)
def test_the_band_is_what_the_question_declares_for_the_one_outcome(
    given: dict[str, Any], measure: str, outcomes: list[str], expected: float | None
) -> None:
    one = analysis(measure, select={"outcomes": outcomes})
    snapshot: Any = SimpleNamespace(questions=(question(**given),))
    assert declared_mid(snapshot, one) == expected


def test_the_band_is_drawn_behind_and_named() -> None:
    drawing = draw(replace(plot(LINES), mid=(-1.5, 1.5), mid_words="smaller than the minimal important difference"))
    root = ET.fromstring(drawing)  # noqa: S314
    assert "smaller than the minimal important difference" in [e.text for e in root.iter(f"{SVG}text")]
    assert drawing.index("gw-band") < drawing.index("gw-mark")
