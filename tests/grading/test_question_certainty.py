"""The certainty of a question: the lowest of its critical outcomes, and never guessed."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from guidewright.grading.certainty.library import certainty_rules
from guidewright.grading.certainty.suggestion import lowest_of

RULES = certainty_rules()
NAMES = [one.id for one in RULES.levels]
HEIGHT = {one.id: one.points for one in RULES.levels}


def test_the_lowest_decides() -> None:
    assert lowest_of([["high"], ["low"], ["moderate"]], RULES) == ("low",)


def test_what_is_open_stays_open_as_far_as_it_matters() -> None:
    assert lowest_of([["high", "moderate", "low"], ["moderate"]], RULES) == ("moderate", "low")
    assert lowest_of([["high", "moderate"], ["very-low"]], RULES) == ("very-low",)


@given(st.lists(st.sets(st.sampled_from(NAMES), min_size=1), min_size=1, max_size=4))
def test_it_is_what_every_choice_of_the_possible_levels_gives(levels: list[set[str]]) -> None:
    every = {min(choice, key=HEIGHT.__getitem__) for choice in product(*levels)}
    assert lowest_of([sorted(one) for one in levels], RULES) == tuple(name for name in NAMES if name in every)
