"""Forest plots: true to the numbers, with everything a reader of meta-analyses looks for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from guidewright.figures.forest import Forest
from guidewright.figures.rows import Kind, Row
from tests.figures.drawn import SVG, read
from tests.figures.examples import cumulative, forest, words

EN = words("en")


@pytest.fixture
def example() -> Forest:
    return forest(EN)


@pytest.mark.parametrize("narrow", [False, True])
def test_every_row_has_its_mark(example: Forest, narrow: bool) -> None:
    drawn = read(example.draw(narrow=narrow))
    kinds = [row.kind for row in example.rows]
    assert drawn.count("gw-interval") == kinds.count(Kind.STUDY) == 13
    assert drawn.count("gw-hollow") == 1  # the second summary
    assert drawn.count("gw-prediction") == 3  # a line and its two caps
    assert drawn.count("gw-mark") == 13 + 4


def test_the_prediction_interval_lies_under_the_diamond(example: Forest) -> None:
    root = read(example.draw()).root
    last = [e for e in root.iter(f"{SVG}polygon") if e.get("class") == "gw-mark"][-1]
    bar = next(e for e in root.iter(f"{SVG}line") if e.get("class") == "gw-prediction")
    corners = [tuple(map(float, pair.split(","))) for pair in last.get("points", "").split()]
    assert float(bar.get("y1", 0)) > corners[0][1]
    assert float(bar.get("x1", 0)) < corners[0][0] < corners[2][0] < float(bar.get("x2", 0))


@pytest.mark.parametrize("narrow", [False, True])
def test_judgements_have_a_sign_and_a_key(example: Forest, narrow: bool) -> None:
    drawn = read(example.draw(narrow=narrow))
    assert drawn.words().count("+") == 7 + 1  # seven random trials, and the key
    assert drawn.words().count("?") == 13 + 1
    assert {"Low risk", "Unclear", "High risk", "Random sequence", "Blinding"} <= set(drawn.words())


@pytest.mark.parametrize("narrow", [False, True])
def test_all_words_are_there(example: Forest, narrow: bool) -> None:
    text = " ".join(read(example.draw(narrow=narrow)).words())
    for words_ in (
        "← favours BCG",
        "favours no BCG →",
        "earlier review",
        "Test between groups: p = 0.39",
        "4/123",
        "0.41",
    ):
        assert words_ in text


def test_band_and_lines_stop_at_the_notes(example: Forest) -> None:
    notes = sum(row.kind is Kind.NOTE for row in example.rows)
    drawn = read(example.draw())
    assert drawn.count("gw-null") == notes + 1
    assert drawn.count("gw-band") == notes + 1 + 1  # and its sample in the legend


def test_the_table_has_every_row_number_and_judgement(example: Forest) -> None:
    table = example.table
    assert table.header == (
        "Study", "BCG: Events/total", "Control: Events/total", "RR (95% CI)", "Weight", "Random sequence", "Blinding",
    )  # fmt: skip
    assert len(table.rows) == len(example.rows) + len(example.notes)
    assert table.rows[1] == ("Aronson 1948", "4/123", "11/139", "0.41 (0.13 to 1.26)", "5.1%", "Low risk", "Unclear")


def test_a_row_with_too_few_cells_is_named(example: Forest) -> None:
    with pytest.raises(ValueError, match=r"row 1 \(Lost\) has 1 cells, the plot has 4"):
        replace(example, rows=[Row(Kind.STUDY, "Lost", ("one",))])
    with pytest.raises(ValueError, match="no judgement has the sign 'x'"):
        replace(example, rows=[Row(Kind.STUDY, "A", (), risks=("x", ""))])


def test_squares_of_heavier_studies_are_larger(example: Forest) -> None:
    root = read(example.draw()).root
    sides = [float(e.get("width", 0)) for e in root.iter(f"{SVG}rect") if e.get("class") == "gw-mark"]
    weights = [row.weight or 0.0 for row in example.rows if row.kind is Kind.STUDY]
    assert sides[weights.index(max(weights))] == max(sides)
    assert sides[weights.index(min(weights))] == min(sides)
    assert min(sides) < max(sides) <= 13


def test_results_of_steps_have_equal_marks_and_a_line() -> None:
    root = read(cumulative(EN).draw()).root
    sides = {e.get("width") for e in root.iter(f"{SVG}rect") if e.get("class") == "gw-mark"}
    assert len(sides) == 1
    assert sum(e.get("class") == "gw-reference" for e in root.iter()) == 2
