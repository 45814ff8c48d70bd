"""Fragility of one trial against R's ``fisher.test``, of meta-analyses against the same walk with metafor."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from guidewright.metaanalysis.counts.tables import CountMeasure
from guidewright.metaanalysis.notices import CannotPoolError
from guidewright.metaanalysis.options import Interval, Model, Tau2Method
from guidewright.metaanalysis.sensitivity.fragility import ChangedArm, Table, fragility_index
from guidewright.metaanalysis.sensitivity.pooled_fragility import Verdict, pooled_fragility

PINNED: dict[str, Any] = json.loads((Path(__file__).parent / "data" / "sensitivity.json").read_text())


@pytest.mark.parametrize("expected", PINNED["fragile"], ids=lambda one: str(one["table"]))
def test_fragility_index_is_the_walk_with_fishers_test(expected: dict[str, Any]) -> None:
    found = fragility_index(*expected["table"])
    assert found.p == pytest.approx(expected["p"], rel=1e-9)
    assert found.index == expected["index"]
    assert found.significant == (expected["p"] < 0.05)
    if expected["index"] is None:
        assert [notice.code for notice in found.notices] == ["index-undefined"]
    else:
        assert found.p_changed == pytest.approx(expected["p_changed"], rel=1e-9)
        assert found.quotient == expected["index"] / (expected["table"][1] + expected["table"][3])


def test_either_arm_needs_no_more_changes_than_one() -> None:
    for a, n1, c, n2 in (one["table"] for one in PINNED["fragile"]):
        one, either = fragility_index(a, n1, c, n2), fragility_index(a, n1, c, n2, changed_arm=ChangedArm.EITHER)
        if one.index is not None:
            assert either.index is not None and either.index <= one.index


def test_either_arm_is_the_fewest_of_all_changes() -> None:
    """Every table of the margins, one by one."""
    for table in (Table(1, 14, 9, 15), Table(5, 16, 6, 15), Table(0, 9, 2, 9)):
        found = fragility_index(table.events1, table.total1, table.events2, table.total2, changed_arm=ChangedArm.EITHER)
        fewest = min(
            abs(a - table.events1) + abs(c - table.events2)
            for a in range(table.total1 + 1)
            for c in range(table.total2 + 1)
            if (Table(a, table.total1, c, table.total2).p < 0.05) is not found.significant
        )
        assert found.index == fewest


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ((1.5, 10, 2, 10), "whole number"),
        ((-1, 10, 2, 10), "whole number"),
        ((11, 10, 2, 10), "no more"),
        ((0, 0, 2, 10), "has patients"),
        ((float("nan"), 10, 2, 10), "whole number"),
    ],
)
def test_impossible_tables(table: tuple[Any, ...], message: str) -> None:
    with pytest.raises(CannotPoolError, match=message):
        fragility_index(*table)


def test_impossible_error_rate() -> None:
    with pytest.raises(CannotPoolError, match="alpha"):
        fragility_index(1, 10, 2, 10, alpha=5)


arms = st.tuples(st.integers(0, 25), st.integers(1, 25)).filter(lambda arm: arm[0] <= arm[1])


@settings(max_examples=60, deadline=None)
@given(arms, arms)
def test_swapping_the_arms_changes_nothing(one: tuple[int, int], two: tuple[int, int]) -> None:
    assume(one[0] != two[0])
    for changed in ChangedArm:
        straight = fragility_index(*one, *two, changed_arm=changed)
        swapped = fragility_index(*two, *one, changed_arm=changed)
        assert straight.index == swapped.index
        assert straight.p == pytest.approx(swapped.p, rel=1e-10)
        if straight.index is not None and straight.p_changed is not None:
            assert (straight.p_changed < 0.05) is not straight.significant


@pytest.mark.parametrize(
    "expected", PINNED["pooled_fragile"], ids=lambda one: f"{one['name']}-{one['measure']}-{one['method']}"
)
def test_pooled_fragility_is_the_walk_with_metafor(expected: dict[str, Any]) -> None:
    common = expected["method"] == "EE"
    found = pooled_fragility(
        CountMeasure(expected["measure"]),
        expected["events1"],
        expected["total1"],
        expected["events2"],
        expected["total2"],
        model=Model.COMMON if common else Model.RANDOM,
        tau2_method=Tau2Method.REML if common else Tau2Method(expected["method"]),
    )
    assert found.estimate == pytest.approx(expected["estimate"], rel=1e-8)
    assert (found.low, found.high) == pytest.approx((expected["low"], expected["high"]), rel=1e-6)
    assert found.index == len(found.changes) == expected["index"]
    assert (found.low_changed, found.high_changed) == pytest.approx(
        (expected["low_changed"], expected["high_changed"]), rel=1e-5, abs=1e-8
    )
    assert found.quotient == found.index / sum(expected["total1"] + expected["total2"])
    assert found.verdict_changed is not found.verdict


ATAL = ([11, 8, 9, 2], [40, 16, 13, 16], [6, 5, 8, 0], [40, 16, 15, 15])


def test_swapping_the_arms_turns_the_verdict_and_keeps_the_index() -> None:
    events1, total1, events2, total2 = (
        [3, 5, 0, 7, 0],
        [60, 80, 30, 100, 20],
        [10, 14, 5, 15, 0],
        [61, 79, 33, 99, 21],
    )
    straight = pooled_fragility(CountMeasure.OR, events1, total1, events2, total2)
    swapped = pooled_fragility(CountMeasure.OR, events2, total2, events1, total1)
    assert (straight.verdict, swapped.verdict) == (Verdict.BELOW, Verdict.ABOVE)
    assert straight.index == swapped.index
    assert straight.estimate_changed == pytest.approx(-(swapped.estimate_changed or 0), rel=1e-7)
    assert {(change.row, 3 - change.arm) for change in swapped.changes} == {(c.row, c.arm) for c in straight.changes}


def test_changes_name_rows_arms_and_directions() -> None:
    found = pooled_fragility(CountMeasure.RR, *ATAL, model=Model.COMMON)
    assert found.verdict is Verdict.NOT_SIGNIFICANT and found.verdict_changed is Verdict.ABOVE
    for change in found.changes:
        assert change.events == (1 if change.arm == 1 else -1)
    gap = [11, None, 9, 2]
    shifted = pooled_fragility(CountMeasure.RR, gap, *ATAL[1:], model=Model.COMMON)
    assert shifted.notices[0].code == "rows-dropped" and 1 not in {change.row for change in shifted.changes}


def test_a_meta_analysis_that_no_change_turns() -> None:
    found = pooled_fragility(CountMeasure.OR, [1], [2], [1], [2], interval=Interval.WALD)
    assert (found.index, found.quotient, found.estimate_changed, found.changes) == (None, None, None, ())
    assert found.notices[-1].code == "index-undefined"


def test_what_has_no_fragility() -> None:
    with pytest.raises(CannotPoolError, match="no patients"):
        pooled_fragility(CountMeasure.IRR, *ATAL)
    with pytest.raises(CannotPoolError, match="weights"):
        pooled_fragility(CountMeasure.OR, *ATAL, tau2_method=Tau2Method.GENQ)
    with pytest.raises(CannotPoolError, match="no table"):
        pooled_fragility(CountMeasure.OR, [0, 0], [5, 5], [0, 0], [5, 5])
    with pytest.raises(CannotPoolError, match="level"):
        pooled_fragility(CountMeasure.OR, *ATAL, level=95)
