"""Bars of votes: every vote is drawn once, to scale, and told apart without colour."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import pytest

from guidewright.figures.votes import Bar, Votes
from tests.figures.examples import votes, words

FIGURE: Votes = votes(words("en"))


def boxes(drawing: str) -> list[tuple[float, float, str]]:
    found = re.findall(r'<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)" height="22"[^>]*><title>([^<]*)', drawing)
    return [(float(x), float(width), words) for x, width, words in found]


@pytest.mark.parametrize("narrow", [False, True])
def test_parts_are_to_scale_and_meet(narrow: bool) -> None:
    found = boxes(FIGURE.draw(narrow=narrow))
    counts = [count for bar in FIGURE.bars for count in bar.counts if count]
    assert len(found) == len(counts)
    unit = found[-2][1] / 40
    for (_x, width, words_), count in zip(found, counts, strict=True):
        assert width == pytest.approx(unit * count, abs=0.1)
        assert words_.endswith(f": {count}")
    for one, after in pairwise(found):
        assert after[0] == pytest.approx(one[0] + one[1], abs=0.1) or after[0] == 1


def test_each_option_has_a_look_of_its_own() -> None:
    drawing = FIGURE.draw()
    looks = set(re.findall(r'height="22" (class="[^"]*"(?: fill="[^"]*")?)', drawing))
    assert len(looks) == 7


def test_the_table_has_every_number() -> None:
    rows = FIGURE.table.rows
    assert [row[1:-1] for row in rows] == [tuple(map(str, bar.counts)) for bar in FIGURE.bars]


def test_a_round_without_votes_says_so() -> None:
    empty = replace(FIGURE, bars=[Bar("r01a", (0,) * 7, "no votes")])
    assert FIGURE.nothing in empty.draw()
    assert FIGURE.nothing in replace(FIGURE, bars=[]).draw()
