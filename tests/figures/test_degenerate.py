"""Figures of little, strange or very much data: still inside the frame, still readable, never an error."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guidewright.figures.baujat import Baujat
from guidewright.figures.effect import Effect
from guidewright.figures.figure import Figure
from guidewright.figures.forest import Forest
from guidewright.figures.gosh import Gosh
from guidewright.figures.points import Study
from guidewright.figures.rows import Column, Kind, Row
from tests.figures.drawn import read
from tests.figures.examples import common, every, words

EN = words("en")
RATIO = Effect("RR", 1.0, True, "favours A", "favours B")
DIFFERENCE = Effect("MD", 0.0, False, "favours A", "favours B")


def plot(rows: list[Row], effect: Effect, **more: Any) -> Forest:
    return Forest(**common("f", EN), rows=rows, effect=effect, label_heading="Study", **more)


def fine(figure: Figure) -> None:
    for narrow in (False, True):
        drawing = figure.draw(narrow=narrow)
        drawn = read(drawing)
        assert not drawn.outside()
        assert not drawn.overlaps()
        assert "nan" not in drawing
        assert 'inf"' not in drawing
    assert all(len(row) == len(figure.table.header) for row in figure.table.rows)


@pytest.mark.parametrize("figure", [pytest.param(f, id=f.identifier) for f in every("en") if hasattr(f, "studies")])
@pytest.mark.parametrize("keep", [1, 2])
def test_one_and_two_studies(figure: Any, keep: int) -> None:
    if figure.kind == "influence":
        panels = [replace(p, values=p.values[:keep], flagged=p.flagged[:keep]) for p in figure.panels]
        fine(replace(figure, panels=panels, studies=figure.studies[:keep]))
    else:
        fine(replace(figure, studies=figure.studies[:keep]))


@pytest.mark.parametrize("figure", [pytest.param(f, id=f.identifier) for f in every("en") if hasattr(f, "studies")])
def test_identical_studies(figure: Any) -> None:
    if figure.kind == "influence":
        panels = [replace(p, values=[0.5] * len(figure.studies), cuts=(), centre=None) for p in figure.panels]
        fine(replace(figure, panels=panels))
    else:
        fine(replace(figure, studies=[replace(figure.studies[0], label=f"s{n}") for n in range(12)]))


@pytest.mark.parametrize(
    "limits",
    [
        (0.5, None, None),
        (None, None, None),
        (0.5, math.nan, 0.9),
        (math.nan, 0.1, 1.0),
        (1e-12, 0.0, math.inf),
        (2, 2, 2),
    ],
)
@pytest.mark.parametrize("kind", [Kind.STUDY, Kind.SUMMARY, Kind.PREDICTION])
def test_missing_and_infinite_limits(limits: tuple[float | None, ...], kind: Kind) -> None:
    for effect in (RATIO, DIFFERENCE):
        fine(plot([Row(kind, "A", (), *limits), Row(Kind.STUDY, "B", (), 0.7, 0.5, 0.9, 3.0)], effect))
        fine(plot([Row(kind, "A", (), *limits)], effect))


def test_a_huge_interval_leaves_the_others_readable() -> None:
    usual = [Row(Kind.STUDY, f"s{n}", (), 0.8, 0.5, 1.3, 1.0) for n in range(6)]
    drawn = read(plot([*usual, Row(Kind.STUDY, "huge", (), 1.0, 1e-9, 1e9, 0.1)], RATIO).draw())
    lines = [e for e in drawn.root.iter() if e.get("class") == "gw-interval"]
    lengths = [float(e.get("x2", 0)) - float(e.get("x1", 0)) for e in lines]
    assert drawn.count("gw-arrow") == 2
    assert min(lengths) > max(lengths) / 8


def test_long_words_and_many_columns() -> None:
    label = "经皮椎体强化术治疗急性疼痛性骨质疏松性椎体压缩骨折的多中心随机双盲假手术对照试验（第二期）" * 2
    columns = tuple(Column(f"Heading number {n}", f"Group {n % 3}", n < 3, n == 4) for n in range(6))
    rows = [Row(Kind.STUDY, label, ("1234/5678",) * 6, 0.5, 0.2, 0.9, 1.0) for _ in range(3)]
    fine(plot(rows, RATIO, columns=columns, notes=("word " * 60, label)))


def test_two_hundred_rows() -> None:
    rows = [Row(Kind.STUDY, f"Study {n}", ("x",), math.exp(n / 100 - 1), 0.2, 4.0, n) for n in range(200)]
    figure = plot(rows, RATIO, columns=(Column("RR", main=True),))
    fine(figure)
    drawn = read(figure.draw())
    assert drawn.count("gw-mark") == 200
    assert drawn.height < 200 * 20 + 120
    assert len([w for w in drawn.words() if w == "1"]) == 2  # the axis stands above and below
    assert len(figure.table.rows) == 200


def test_a_cloud_of_many_subsets_is_a_small_file() -> None:
    n = range(200_000)
    x, y = [math.exp(math.sin(i) / 3) for i in n], [50 + 40 * math.cos(i * 1.7) for i in n]
    figure = Gosh(
        **common("g", EN), estimates=x, heterogeneity=y, effect=RATIO, heterogeneity_title="I²",
        quantile_heading="Percentile", subsets_words="Subsets",
    )  # fmt: skip
    assert len(figure.draw()) < 60_000
    assert figure.table.rows[3][0] == "50%"
    fine(figure)


def test_a_cloud_of_one_subset() -> None:
    figure = next(f for f in every("en") if isinstance(f, Gosh))
    fine(replace(figure, estimates=[0.5], heterogeneity=[0.0]))
    fine(replace(figure, estimates=[0.5, math.nan, -1.0], heterogeneity=[0.0, 1.0, 2.0]))


numbers = st.floats(-1e6, 1e6, allow_subnormal=False)


@given(st.lists(st.tuples(numbers, numbers, st.floats(0, 100)), min_size=1, max_size=25))
def test_any_points(points: list[tuple[float, float, float]]) -> None:
    studies = [Study(f"study {n}", *point) for n, point in enumerate(points)]
    fine(Baujat(**common("b", EN), studies=studies, x_title="x", y_title="y", label_heading="Study"))


@given(
    st.lists(st.tuples(st.floats(-8, 8), st.floats(0, 30), st.floats(0, 100)), min_size=1, max_size=8),
    st.booleans(),
)
def test_any_forest(rows: list[tuple[float, float, float]], log: bool) -> None:
    lines = []
    for n, (value, half, weight) in enumerate(rows):
        ends = [(math.exp if log else float)(value + sign * half) for sign in (0, -1, 1)]
        lines.append(Row(Kind.STUDY, f"s{n}", ("x",), *ends, weight))
    fine(plot(lines, RATIO if log else DIFFERENCE, columns=(Column("x", main=True),)))
