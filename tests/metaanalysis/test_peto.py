"""Peto's odds ratio against metafor, the paper that introduced it, its edges and what must not change it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guidewright.metaanalysis.counts.mantel_haenszel import mantel_haenszel
from guidewright.metaanalysis.counts.peto import peto, peto_leave_one_out
from guidewright.metaanalysis.effects.choices import To
from guidewright.metaanalysis.notices import CannotPoolError

PINNED = json.loads((Path(__file__).parent / "data" / "counts.json").read_text(encoding="utf-8"))
CLOSE, CLOSE_P = 1e-10, 1e-8

#: Yusuf et al. 1985, table 6: deaths and patients in short-term trials of oral beta blockers. The counts of trial 1.8
#: are missing there.
ORAL_BETA_BLOCKERS = np.array(
    [
        [14, 18, 15, 10, 21, 3, 2, np.nan, 19, 15, 5, 0, 8, 3, 0, 1, 0, 14, 0, 8, 6, 3],
        [56, 66, 100, 52, 226, 38, 20, np.nan, 76, 106, 62, 9, 133, 48, 16, 42, 25, 221, 11, 259, 157, 177],
        [15, 19, 12, 12, 24, 6, 3, np.nan, 15, 9, 4, 0, 11, 3, 0, 1, 3, 15, 0, 7, 4, 2],
        [58, 64, 95, 47, 228, 31, 20, np.nan, 67, 114, 57, 8, 127, 49, 13, 46, 25, 228, 11, 129, 158, 136],
    ]
)


def columns(name: str) -> list[list[float]]:
    data = PINNED["data"][name]
    return [data["a"], data["n1"], data["c"], data["n2"]]


def tolerance(what: str) -> dict[str, float]:
    return {"abs": CLOSE_P} if what in {"p", "q_p"} else {"rel": CLOSE, "abs": 1e-12}


@pytest.mark.parametrize("pinned", PINNED["peto"], ids=lambda p: str(p["set"]))
def test_every_number_is_metafors(pinned: dict[str, Any]) -> None:
    result = peto(*columns(pinned["set"]))
    for what, value in pinned["fit"].items():
        assert getattr(result, what) == pytest.approx(value, **tolerance(what)), what
    one_out = peto_leave_one_out(*columns(pinned["set"]))
    for what, values in pinned["leave_one_out"].items():
        assert getattr(one_out, what) == pytest.approx(np.array(values), **tolerance(what)), what


def test_beta_blockers_as_printed() -> None:
    """Yusuf et al. 1985, table 6 (page 343): odds ratio 0.93 (0.74 to 1.18)."""
    result = peto(*ORAL_BETA_BLOCKERS)
    assert np.exp([result.estimate, result.low, result.high]).round(2).tolist() == [0.93, 0.74, 1.18]
    assert (result.k, result.k_informative) == (21, 18)
    assert [notice.code for notice in result.notices] == ["rows-dropped", "double-zero"]
    assert result.notices[1].text.endswith(": 12, 15, 19.")


def test_the_test_of_no_effect_is_that_of_mantel_and_haenszel() -> None:
    z = peto(*columns("beta")).z
    assert z**2 == pytest.approx(mantel_haenszel("OR", *columns("beta"), correct=False).mantel_haenszel, rel=CLOSE)


def test_without_any_event_there_is_nothing_to_compute() -> None:
    with pytest.raises(CannotPoolError, match="both events and non-events"):
        peto([0, 0], [20, 30], [0, 0], [20, 30])
    with pytest.raises(CannotPoolError, match="both events and non-events"):
        peto([20], [20], [10], [10])


def test_an_arm_without_events_is_no_obstacle() -> None:
    result = peto([0, 0], [20, 30], [2, 1], [20, 30])
    assert result.estimate < 0
    assert np.isfinite([result.se, result.low, result.high]).all()


def test_one_informative_table() -> None:
    result = peto([1, 0], [20, 30], [4, 0], [20, 30])
    assert (result.k, result.k_informative, result.q_df, result.q_p, result.i2, result.h2) == (2, 1, 0, 1, 0, 1)
    one_out = peto_leave_one_out([1, 0], [20, 30], [4, 0], [20, 30])
    assert np.isnan(one_out.estimate).tolist() == [True, False]
    assert [notice.code for notice in one_out.notices] == ["estimate-undefined"]


def test_an_addition_if_asked_for() -> None:
    a, n1, c, n2 = (np.array(column) for column in columns("sparse"))
    empty = (a == 0) | (c == 0) | (a == n1) | (c == n2)
    by_hand = peto(a + 0.5 * empty, n1 + empty, c + 0.5 * empty, n2 + empty)
    assert peto(a, n1, c, n2, add=0.5, to=To.ONLY_ZERO).estimate == pytest.approx(by_hand.estimate, rel=CLOSE)


def test_impossible_input() -> None:
    with pytest.raises(CannotPoolError, match="row 1: events1 is 9"):
        peto([9], [5], [1], [5])
    with pytest.raises(CannotPoolError, match="level"):
        peto([1], [5], [1], [5], level=1)
    with pytest.raises(CannotPoolError, match="one table only"):
        peto_leave_one_out([1], [5], [1], [5])


@settings(max_examples=40)
@given(
    tables=st.lists(
        st.tuples(st.integers(0, 20), st.integers(21, 90), st.integers(1, 20), st.integers(21, 90)),
        min_size=2,
        max_size=8,
    ),
    seed=st.randoms(),
)
def test_order_and_side(tables: list[tuple[int, ...]], seed: Any) -> None:
    a, n1, c, n2 = np.array(tables, dtype=float).T
    here = peto(a, n1, c, n2)
    order = list(range(len(a)))
    seed.shuffle(order)
    for there, sign in (
        (peto(a[order], n1[order], c[order], n2[order]), 1),
        (peto(c, n2, a, n1), -1),
        (peto(n1 - a, n1, n2 - c, n2), -1),
    ):
        assert sign * there.estimate == pytest.approx(here.estimate, rel=1e-9, abs=1e-12)
        assert [there.se, there.q, there.q_p] == pytest.approx([here.se, here.q, here.q_p], rel=1e-8, abs=1e-10)
