"""What holds of every vote, and shares against published intervals."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from guidewright.guideline.panel import count_votes, rate, wilson
from guidewright.guideline.rounds import Round
from guidewright.guideline.voting import Vote
from guidewright.reading.validation import validate

SIMPLE = ("for", "against", "abstain", "recused")
GRID = ("strong-for", "weak-for", "neutral", "weak-against", "strong-against", "abstain", "recused")


def held(**rule: object) -> Round:
    common = {
        "id": "round-1",
        "method": "nominal-group",
        "threshold_percent": 75,
        "quorum": 1,
        "declared": "2026-01-01",
    }
    return Round.model_validate(common | rule)


def grid(direction: float = 50, opposite: float = 20, strong: float = 70) -> Round:
    rule = {"direction_percent": direction, "opposite_below_percent": opposite, "strong_percent": strong}
    return held(method="grade-grid", threshold_percent=None, grid=rule)


def cast(words: list[str]) -> list[Vote]:
    return [Vote.model_validate({"voter": f"m{n}", "clause": "r01a", "vote": word}) for n, word in enumerate(words)]


def rated(ratings: list[int]) -> list[Vote]:
    return [Vote(voter=f"m{n}", clause="r01a", rating=one) for n, one in enumerate(ratings)]


simple = st.lists(st.sampled_from(SIMPLE), min_size=1, max_size=30)
grids = st.lists(st.sampled_from(GRID), min_size=1, max_size=30)
ratings = st.lists(st.integers(1, 9), min_size=1, max_size=30)


@given(simple)
def test_everybody_is_counted_once(words: list[str]) -> None:
    result = count_votes(held(), "r01a", cast(words))
    assert sum(result.counts.values()) == result.cast
    assert result.cast + result.abstained + result.recused == len(words)
    if result.cast:
        in_favour, against = wilson(words.count("for"), result.cast), wilson(words.count("against"), result.cast)
        assert in_favour.percent + against.percent == pytest.approx(100)


@given(simple, st.integers(1, 10))
def test_who_steps_back_changes_nothing(words: list[str], more: int) -> None:
    before = count_votes(held(), "r01a", cast(words))
    after = count_votes(held(), "r01a", cast(words + ["recused"] * more))
    assume(before.outcome != "no-votes")
    assert (after.share, after.quorum, after.outcome, after.counts) == (
        before.share, before.quorum, before.outcome, before.counts,
    )  # fmt: skip


@given(simple, st.floats(1, 100), st.floats(1, 100))
def test_a_lower_threshold_never_rejects_what_a_higher_one_adopts(words: list[str], one: float, other: float) -> None:
    low, high = sorted((one, other))
    if count_votes(held(threshold_percent=high), "r01a", cast(words)).outcome == "adopted":
        assert count_votes(held(threshold_percent=low), "r01a", cast(words)).outcome == "adopted"


@given(simple, st.integers(1, 20), st.integers(1, 20))
def test_a_smaller_quorum_never_rejects_what_a_larger_one_adopts(words: list[str], one: int, other: int) -> None:
    low, high = sorted((one, other))
    if count_votes(held(quorum=high), "r01a", cast(words)).outcome == "adopted":
        assert count_votes(held(quorum=low), "r01a", cast(words)).outcome == "adopted"


@given(grids)
def test_a_grid_turned_round_gives_the_opposite(words: list[str]) -> None:
    turn = {"strong-for": "strong-against", "weak-for": "weak-against"}
    turn |= {other: one for one, other in turn.items()}
    before = count_votes(grid(), "r01a", cast(words))
    after = count_votes(grid(), "r01a", cast([turn.get(word, word) for word in words]))
    assert after.outcome == before.outcome
    assert (after.grid and turn[after.grid]) == before.grid


@given(grids, st.floats(1, 100), st.floats(1, 100))
def test_a_grid_with_a_lower_bar_never_gives_less(words: list[str], one: float, other: float) -> None:
    low, high = sorted((one, other))
    strict, lenient = (count_votes(grid(direction=bar), "r01a", cast(words)) for bar in (high, low))
    assert strict.grid in {None, lenient.grid}


@given(ratings, st.randoms())
def test_ratings_do_not_depend_on_their_order(values: list[int], random: st.DataObject) -> None:
    shuffled = sorted(values, key=lambda _one: random.random())  # type: ignore[attr-defined]
    assert rate(shuffled) == rate(values)


@given(ratings)
def test_ratings_read_from_the_other_end_disagree_as_much(values: list[int]) -> None:
    here, there = rate(values), rate([10 - one for one in values])
    assert there.median == pytest.approx(10 - here.median)
    assert there.spread == pytest.approx(here.spread)
    assert there.spread_allowed == pytest.approx(here.spread_allowed)


@given(ratings)
def test_ratings_are_all_counted(values: list[int]) -> None:
    rule = held(method="delphi", rating={"agree_from": 7, "disagree_to": 3})
    result = count_votes(rule, "r01a", rated(values))
    assert sum(result.counts.values()) == result.cast == len(values)
    assert result.share is not None
    assert result.share.votes == sum(one >= 7 for one in values)


@pytest.mark.parametrize(
    ("votes", "of", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_intervals_of_newcombe_1998(votes: int, of: int, low: float, high: float) -> None:
    """Newcombe 1998 (Statistics in Medicine 17:857-872), table I, score method without continuity correction."""
    found = wilson(votes, of)
    assert (found.low / 100, found.high / 100) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


@given(st.integers(0, 40), st.integers(1, 40))
def test_wilson_intervals_hold_their_share(votes: int, of: int) -> None:
    assume(votes <= of)
    found = wilson(votes, of)
    assert 0 <= found.low <= found.percent <= found.high <= 100


@pytest.mark.parametrize(("votes", "of"), [(1, 0), (-1, 3), (4, 3)])
def test_no_share_of_nothing(votes: int, of: int) -> None:
    with pytest.raises(ValueError, match="share"):
        wilson(votes, of)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"method": "grade-grid"}, "needs `grid`"),
        ({"grid": {"direction_percent": 50, "opposite_below_percent": 20, "strong_percent": 70}}, "needs `grid`"),
        ({"threshold_percent": None}, "`threshold_percent` is missing"),
        ({"method": "open-vote", "rating": {}}, "`rating` is for"),
        ({"follows": "round-1"}, "cannot follow itself"),
        ({"method": "delphi", "rating": {"agree_from": 3, "disagree_to": 3}}, "must be below"),
    ],
)
def test_a_round_without_a_clear_rule_is_refused(change: dict[str, object], says: str) -> None:
    common: dict[str, object] = {"id": "round-1", "method": "nominal-group", "threshold_percent": 75, "quorum": 1}
    from guidewright.reading.text import Place

    value, problems = validate(Round, common | {"declared": "2026-01-01"} | change, "x.yml", lambda _path: Place(1, 1))
    assert value is None
    assert says in problems[0].rule
