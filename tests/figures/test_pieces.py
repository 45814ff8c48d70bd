"""The drawing pieces: numbers, lettering, scales, clipping, labels, legends, tables."""

from __future__ import annotations

import math
import re
import xml.etree.ElementTree as ET
from importlib.resources import files
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guidewright.figures import clipping, lettering, svg
from guidewright.figures.clipping import Box
from guidewright.figures.labelling import Name, place
from guidewright.figures.legend import box_entry, legend, line_entry
from guidewright.figures.marks import side
from guidewright.figures.numerals import said, tick
from guidewright.figures.scales import Scale, span, ticks
from guidewright.figures.standalone import standalone
from guidewright.figures.table import Table
from tests.figures.examples import every


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "–"), (math.nan, "–"), (math.inf, "∞"), (-math.inf, "−∞"), (0.0, "0"), (-0.41, "−0.410"), (1.0, "1"),
        (12.345, "12.3"), (1234.5, "1234"), (176782.0, "176,782"), (0.0000021, "2.1×10⁻⁶"), (-3e9, "−3×10⁹"),
    ],
)  # fmt: skip
def test_numbers_as_people_read_them(value: float | None, words: str) -> None:
    assert said(value) == words


def test_ticks_of_one_axis_have_the_same_decimals() -> None:
    assert [tick(v, 0.5) for v in (-0.5, 0.0, 1.0, 1.5)] == ["−0.5", "0", "1.0", "1.5"]
    assert [tick(v) for v in (0.01, 0.5, 2.0, 1e-6, 100000.0)] == ["0.01", "0.5", "2", "10⁻⁶", "100,000"]


def test_chinese_characters_are_as_wide_as_high() -> None:
    assert lettering.width("椎体压缩骨折", 10) == 60
    assert lettering.width("（95%）", 10) > lettering.width("(95%)", 10)
    assert lettering.width("e\u0301", 10) == lettering.width("e", 10)


@given(st.text(alphabet="ab ，。（）研究-", max_size=60), st.floats(20, 200))
def test_wrapped_lines_fit_and_lose_nothing(words: str, room: float) -> None:
    lines = lettering.wrap(words, room)
    assert all(lettering.width(line) <= room or len(line) == 1 for line in lines)
    assert "".join(lines).replace(" ", "") == words.replace(" ", "")


def test_punctuation_stays_with_its_words() -> None:
    for line in lettering.wrap("权重（随机），权重（共同）。权重（随机）", 60):
        assert line[0] not in "，。）"
        assert line[-1] != "（"
    assert lettering.wrap("Pooled (k = 2, I² = 10%)", 90) == ["Pooled", "(k = 2,", "I² = 10%)"]


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=6), st.booleans())
def test_every_range_has_an_extent_and_ticks_within(values: list[float], log: bool) -> None:
    values = [v for v in values if not math.isfinite(v) or abs(v) < 1e100]
    low, high = span(values, log=log)
    assert low < high
    scale = Scale(low, high, 0.0, 300.0, log)
    marks = ticks(scale)
    places = [scale.at(value) for value, _ in marks]
    assert 1 <= len(marks) <= 9
    assert all(0 <= place <= 300 for place in places)
    assert all(a < b for a, b in pairwise(places))


@pytest.mark.parametrize(
    ("low", "high", "log", "words"),
    [
        (0.1, 12, True, ["0.1", "0.2", "0.5", "1", "2", "5", "10"]),
        (0.9, 1.12, True, ["0.90", "0.95", "1.00", "1.05", "1.10"]),
        (1e-6, 1e6, True, ["10⁻⁶", "0.0001", "0.01", "1", "100", "10,000", "10⁶"]),
        (-1.2, 0.6, False, ["−1.0", "−0.5", "0", "0.5"]),
        (0, 420000, False, ["0", "100,000", "200,000", "300,000", "400,000"]),
    ],
)
def test_round_ticks(low: float, high: float, log: bool, words: list[str]) -> None:
    assert [w for _, w in ticks(Scale(low, high, 0.0, 420.0, log))] == words


def test_the_area_of_a_mark_follows_its_weight() -> None:
    sizes = [side(w, 100.0, small=0.0, large=10.0) ** 2 for w in (25.0, 50.0, 100.0)]
    assert sizes == pytest.approx([25.0, 50.0, 100.0])
    assert side(None, 100.0) == side(math.nan, 100.0)


points = st.lists(st.tuples(st.floats(-50, 50), st.floats(-50, 50)), min_size=2, max_size=12)


@given(points)
def test_what_is_cut_lies_within(corners: list[tuple[float, float]]) -> None:
    box = Box(-10.0, -10.0, 10.0, 10.0)
    pieces = [*clipping.line(corners, box), clipping.area(corners, box)]
    assert all(abs(v) <= 10 + 1e-9 for piece in pieces for point in piece for v in point)


def test_a_line_that_leaves_and_returns_is_in_two_pieces() -> None:
    box = Box(0, 0, 10, 10)
    assert clipping.line([(1, 5), (5, 15), (9, 5)], box) == [[(1, 5), (3.0, 10)], [(7.0, 10), (9, 5)]]
    assert clipping.area([(-5, 2), (5, 2), (5, 4), (-5, 4)], box) == [(0, 2.0), (5, 2), (5, 4), (0, 4.0)]


def test_a_name_without_room_is_left_out() -> None:
    names = [Name(f"name {n}", 50.0 + n % 3, 50.0, 4.0) for n in range(60)]
    within = Box(0, 0, 160, 100)
    words = [part for part in place(names, within) if part.startswith("<text")]
    assert 0 < len(words) < 60


def test_a_legend_skips_what_has_no_words_and_breaks_into_rows() -> None:
    entries = [line_entry("gw-null", ""), line_entry("gw-curve", "a" * 20), box_entry("gw-area", "b" * 20)]
    parts, y = legend(entries, 0, 0, 200)
    assert "gw-null" not in "".join(parts)
    assert y > 30
    assert legend([], 0, 7, 200) == ([], 7)


def test_a_table_has_as_many_cells_as_headings() -> None:
    with pytest.raises(ValueError, match="row 2 has 1 cells, the header has 2"):
        Table(("a", "b"), (("1", "2"), ("3",)))


def test_coordinates_have_one_decimal_and_no_minus_zero() -> None:
    assert [svg.number(v) for v in (1.04, -0.04, 2.0, 1 / 3)] == ["1", "0", "2", "0.3"]


def test_a_drawing_can_be_a_file_of_its_own() -> None:
    sheet = files("guidewright.publish").joinpath("assets/guidewright.css").read_text(encoding="utf-8")
    for figure in every("en")[:3]:
        alone = standalone(figure.draw(), sheet)
        root = ET.fromstring(alone)  # noqa: S314 - our own drawing
        style = root.findtext("{http://www.w3.org/2000/svg}style") or ""
        assert float(root.get("width", 0)) >= 760
        assert set(re.findall(r"var\((--[a-z-]+)", style)) <= set(re.findall(r"(--[a-z-]+):", style))
        assert ".gw-drawing .gw-mark" in style or ":is(.gw-mark" in style
        assert "prefers-color-scheme:dark" in style
