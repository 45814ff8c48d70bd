"""The gallery: every kind of figure drawn from computed results, and what a browser's accessibility tree says of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser

from guidewright.figures.figure import Figure
from tests.figures import examples
from tests.figures.computed import every, fits
from tests.figures.drawn import read
from tests.figures.gallery import LANGUAGES, page

DRAWN = [
    pytest.param(figure, narrow, id=f"{language}-{figure.identifier}-{'narrow' if narrow else 'wide'}")
    for language in LANGUAGES
    for figure in every(language)
    for narrow in (False, True)
]


@pytest.mark.parametrize(("figure", "narrow"), DRAWN)
def test_real_results_stay_inside_and_do_not_cover_one_another(figure: Figure, narrow: bool) -> None:
    drawn = read(figure.draw(narrow=narrow))
    assert not drawn.outside()
    assert not drawn.overlaps()


def test_every_kind_is_in_the_gallery() -> None:
    """Those of the examples, which hold every class of figure."""
    assert {type(one) for one in every("en")} == {type(one) for one in examples.every("en")}
    kinds = {kind.__name__ for kind in _concrete(Figure)}
    assert kinds == {type(one).__name__ for one in every("en")}


def _concrete(kind: type[Figure]) -> set[type[Figure]]:
    below = {one for child in kind.__subclasses__() for one in _concrete(child)}
    return below or {kind}


def test_a_profile_shows_its_interval_and_not_the_abyss() -> None:
    """The curve falls by 57 within the first percent of the range; the interval is 1.92 deep."""
    profile = next(one for one in every("en") if one.identifier == "profile")
    ticks = [float(text.replace("−", "-")) for text in read(profile.draw()).words() if re.fullmatch(r"−\d+", text)]
    assert min(ticks) > fits()["profile"].log_likelihood_maximum - 6 * 1.92 - 2


@pytest.mark.xdist_group("browser")
@pytest.mark.parametrize("width", [1280, 390])
def test_readers_hear_title_and_description_of_the_drawing_that_is_shown(
    browser: Browser,
    tmp_path: Path,
    width: int,
) -> None:
    (tmp_path / "gallery.html").write_text(page("en"), encoding="utf-8")
    view = browser.new_page(viewport={"width": width, "height": 900})
    view.goto((tmp_path / "gallery.html").as_uri())
    for one in every("en"):
        figure = view.locator(f"#{one.identifier}")
        role: Literal["img", "group"] = "group" if "<a " in one.draw() else "img"
        drawing = figure.get_by_role(role, name=f"{one.title} {one.description}")
        assert drawing.count() == 1, one.identifier
        figure.locator("summary").click()
        table = figure.get_by_role("table")
        assert table.get_by_role("columnheader").all_inner_texts() == list(one.table.header)
        box = drawing.bounding_box()
        assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= width
    view.close()
