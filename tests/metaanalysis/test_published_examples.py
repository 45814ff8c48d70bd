"""Published analyses of tests/metaanalysis/examples: ours rounds to what is printed, and the manual shows it."""

from __future__ import annotations

import pytest

from tests.metaanalysis.examples.every import EXAMPLES, PAGE, page
from tests.metaanalysis.examples.example import Example, Number


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one.name)
def test_every_printed_number_is_ours(example: Example) -> None:
    assert [(one.what, one.printed, one.shown) for one in example.numbers if not one.agrees] == []


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one.name)
def test_an_example_says_what_it_is_and_where_it_was_read(example: Example) -> None:
    assert all((example.citation, example.place, example.data, example.read, example.shows))
    assert all(one.remark for one in example.numbers if one.units > 0.5)


def test_there_are_enough_and_no_name_is_used_twice() -> None:
    assert len({one.name for one in EXAMPLES}) == len(EXAMPLES) >= 8
    assert sum(not one.read.startswith("standing") for one in EXAMPLES) >= 8


def test_a_number_that_does_not_round_to_the_printed_one_is_seen() -> None:
    assert Number("x", "0.35", 0.3549).agrees
    assert not Number("x", "0.35", 0.3551).agrees
    assert Number("x", "0.35", 0.3551, "rounded twice", units=1).agrees


def test_the_manual_shows_them_all() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()
