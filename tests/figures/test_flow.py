"""Boxes and arrows: where they stand, how arrows run, what a reader without eyes is told."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from guidewright.figures.flow import Flow
from guidewright.figures.flow_layout import Cell, in_one_column, in_rows, lanes_for
from tests.figures import examples
from tests.figures.drawn import SVG, read

CELLS = [Cell("a", 0, 0, 40), Cell("b", 1, 0, 60, side=True), Cell("c", 2, 0, 30), Cell("d", 0, 1, 40)]
ARROWS = [("a", "b"), ("a", "d"), ("c", "d")]


def drawing(*, linked: bool, narrow: bool) -> str:
    figure = examples.review(examples.words("en"), "f", linked=linked)
    assert isinstance(figure, Flow)
    return figure.draw(narrow=narrow)


def test_a_row_is_as_high_as_its_highest_box_and_nothing_overlaps() -> None:
    placed = in_rows(CELLS, ARROWS, 700, 10, {1: 20})
    frames = placed.frames
    assert frames["a"].top == frames["b"].top == frames["c"].top == 10
    assert frames["d"].top > max(frames[name].bottom for name in "abc") + 20
    assert frames["a"].right < frames["b"].left < frames["b"].right < frames["c"].left
    assert frames["c"].right <= 700


def test_arrows_end_at_the_edges_of_their_boxes() -> None:
    for placed in (in_rows(CELLS, ARROWS, 700, 0, {}), in_one_column(CELLS, ARROWS, 360, 0, {}, 1)):
        for (_start, end), route in placed.routes.items():
            x, y = route.corners[-1]
            frame = placed.frames[end]
            assert (x in {frame.left, frame.right} and frame.top <= y <= frame.bottom) or (
                y == frame.top and frame.left <= x <= frame.right
            )
            for (x0, y0), (x1, y1) in zip(route.corners, route.corners[1:], strict=False):
                assert x0 == x1 or y0 == y1


def test_an_arrow_that_passes_other_boxes_has_a_lane_of_its_own() -> None:
    assert lanes_for(CELLS, ARROWS) == 1  # from a past c to d
    placed = in_one_column(CELLS, ARROWS, 360, 0, {}, 1)
    lane = min(x for x, _ in placed.routes["a", "d"].corners)
    assert lane < min(frame.left for frame in placed.frames.values())


def test_boxes_open_their_lists_and_the_drawing_is_then_no_image() -> None:
    for narrow in (False, True):
        root = read(drawing(linked=True, narrow=narrow)).root
        links = [one.get("href") for one in root.iter(f"{SVG}a")]
        assert links == ["#found", "#out", "#read", "#off", "#cited", "#end"]
        assert root.get("role") == "group"
        assert read(drawing(linked=False, narrow=narrow)).root.get("role") == "img"


def test_words_of_boxes_cannot_become_markup() -> None:
    figure = examples.review(examples.words("en"), "f", linked=True)
    from dataclasses import replace

    from guidewright.figures.flow import Line

    mean = replace(figure.boxes[0], lines=(Line("<script>&"),), link='#"><script>')
    drawn = replace(figure, boxes=[mean, *figure.boxes[1:]]).draw()
    assert "<script" not in drawn
    ET.fromstring(drawn)  # noqa: S314 - our own drawing


def test_the_table_says_where_each_box_leads() -> None:
    rows = {row[0]: row for row in examples.review(examples.words("en"), "f", linked=False).table.rows}
    assert rows["Records found"][1:] == ("n = 13", "Left out; yes: Read in full text")
    assert rows["Reference lists"][2] == "Included"
    assert rows["Included"][2] == "–"
