"""What holds for every figure: described, inside its frame, readable, whole as a table, the same bytes every time."""

from __future__ import annotations

import re
from dataclasses import replace
from importlib.resources import files
from itertools import chain
from typing import Any

import pytest

from guidewright.figures.figure import Figure
from tests.figures.drawn import SVG, read
from tests.figures.examples import every

EXAMPLES = [
    pytest.param(figure, narrow, id=f"{language}-{figure.identifier}-{'narrow' if narrow else 'wide'}")
    for language in ("en", "zh")
    for figure in every(language)
    for narrow in (False, True)
]
FIGURES = [pytest.param(figure, id=figure.identifier) for figure in every("en")]


@pytest.mark.parametrize(("figure", "narrow"), EXAMPLES)
def test_it_is_named_described_and_on_one_line(figure: Figure, narrow: bool) -> None:
    drawing = figure.draw(narrow=narrow)
    drawn = read(drawing)
    assert "\n" not in drawing
    assert drawn.root.get("role") == "img"
    name = f"{figure.identifier}-{'narrow' if narrow else 'wide'}"
    assert drawn.root.get("aria-labelledby") == f"{name}-title {name}-desc"
    assert drawn.root.findtext(f"{SVG}title") == figure.title
    assert drawn.root.findtext(f"{SVG}desc") == figure.description
    assert drawn.width == 360 if narrow else 760 <= drawn.width <= 860


@pytest.mark.parametrize(("figure", "narrow"), EXAMPLES)
def test_everything_is_inside_and_no_words_cover_others(figure: Figure, narrow: bool) -> None:
    drawn = read(figure.draw(narrow=narrow))
    assert not drawn.outside()
    assert not drawn.overlaps()
    assert len(drawn.texts) > 5


@pytest.mark.parametrize(("figure", "narrow"), EXAMPLES)
def test_names_keep_clear_of_the_points(figure: Figure, narrow: bool) -> None:
    drawn = read(figure.draw(narrow=narrow))
    labels = [e.text for e in drawn.root.iter(f"{SVG}text") if e.get("class") == "gw-label"]
    covered = [words for words, box in drawn.texts if words in labels and any(box.meets(dot) for dot in drawn.dots)]
    assert not covered


@pytest.mark.parametrize("figure", FIGURES)
def test_the_same_data_give_the_same_bytes(figure: Figure) -> None:
    again = next(other for other in every("en") if other.identifier == figure.identifier)
    assert again is not figure
    for narrow in (False, True):
        assert again.draw(narrow=narrow) == figure.draw(narrow=narrow)
    assert again.table == figure.table


@pytest.mark.parametrize("figure", FIGURES)
def test_its_names_are_its_own(figure: Figure) -> None:
    """Several drawings stand on one page: no name may be used twice, and each drawing uses only its own."""
    drawings = [figure.draw(), figure.draw(narrow=True), replace(figure, identifier="other").draw()]
    found = [re.findall(r' id="([^"]+)"', drawing) for drawing in drawings]
    names = list(chain(*found))
    assert len(names) == len(set(names))
    for drawing, own in zip(drawings, found, strict=True):
        assert set(re.findall(r"url\(#([^)]+)\)", drawing)) <= set(own)


@pytest.mark.parametrize("figure", FIGURES)
def test_words_are_escaped(figure: Figure) -> None:
    mean = "<script>\"&'</script>"
    changed: dict[str, Any] = {"title": mean, "description": f"{mean}\n\nnext"}
    for name in ("label_heading", "x_title", "y_title", "precision_title", "moderator_title", "heterogeneity_title"):
        if hasattr(figure, name):
            changed[name] = mean
    for narrow in (False, True):
        drawing = replace(figure, **changed).draw(narrow=narrow)
        assert "<script" not in drawing
        assert "\n" not in drawing
        assert read(drawing).root.findtext(f"{SVG}title") == mean


@pytest.mark.parametrize("figure", FIGURES)
def test_its_table_has_a_heading_over_every_column(figure: Figure) -> None:
    table = figure.table
    assert len(table.rows) >= 5
    assert all(table.header)
    assert all(len(row) == len(table.header) for row in table.rows)
    assert all(row[0] for row in table.rows)


@pytest.mark.parametrize("figure", FIGURES)
def test_the_style_sheet_knows_every_class(figure: Figure) -> None:
    sheet = files("guidewright.publish").joinpath("assets/guidewright.css").read_text(encoding="utf-8")
    styled = set(re.findall(r"\.(gw-[a-z0-9-]+)", sheet))
    drawing = figure.draw()
    used = {name for names in re.findall(r'<(?!svg)\w+[^>]* class="([^"]+)"', drawing) for name in names.split()}
    # solid lines and the densest class are what the rule of their kind says; "none" and "open" are plain
    assert used - styled <= {"gw-solid", "gw-d6", "gw-risk-none", "gw-sign-none"}


@pytest.mark.parametrize("figure", FIGURES)
def test_without_data_there_is_a_sentence(figure: Figure) -> None:
    lists = (
        "rows",
        "studies",
        "specifications",
        "looks",
        "points",
        "drapes",
        "estimates",
        "heterogeneity",
        "panels",
        "bars",
        "boxes",
    )
    empty = replace(figure, **{name: () for name in lists if hasattr(figure, name)})
    for narrow in (False, True):
        assert read(empty.draw(narrow=narrow)).words() == ["There are no studies to draw."]
    assert not [row for row in empty.table.rows if len(row) != len(empty.table.header)]
