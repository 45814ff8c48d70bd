"""What must not matter: the order of rows, the names of studies, which group is called the first, the unit."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guidewright.metaanalysis.result import Estimate, Pooled
from tests.metaanalysis.pooled_rows import examples, pooled

SAME = 1e-8

tables = st.lists(
    st.tuples(st.integers(0, 30), st.integers(1, 60), st.integers(0, 30), st.integers(1, 60)).map(
        lambda n: {"events1": n[0], "total1": n[0] + n[1], "events2": n[2], "total2": n[2] + n[3]}
    ),
    min_size=2,
    max_size=6,
)
tenths = st.integers(-50, 50).map(lambda n: n / 10)
spreads = st.integers(5, 50).map(lambda n: n / 10)
sizes = st.integers(5, 200)
groups = st.lists(
    st.fixed_dictionaries({"n1": sizes, "mean1": tenths, "sd1": spreads, "n2": sizes, "mean2": tenths, "sd2": spreads}),
    min_size=2,
    max_size=6,
)
choices = st.fixed_dictionaries(
    {
        "tau2": st.sampled_from(["REML", "DL"]),
        "interval": st.sampled_from(["wald", "knapp-hartung"]),
        "model": st.sampled_from(["random", "random", "common"]),
    }
)
Rows = list[dict[str, Any]]


def swapped(one: dict[str, Any]) -> dict[str, Any]:
    """The row with its groups exchanged."""
    return {name[:-1] + ("2" if name[-1] == "1" else "1"): number for name, number in one.items()}


def near(number: float, scale: float = 1.0) -> Any:
    """What is near 0 is measured by the scale of the data."""
    return pytest.approx(number, rel=SAME, abs=SAME * scale)


def same_spread(a: Pooled, b: Pooled, factor: float = 1.0) -> None:
    assert (a.k, a.q_df, a.participants) == (b.k, b.q_df, b.participants)
    assert b.q == near(a.q)
    assert b.tau2 == near(a.tau2 * factor**2, factor**2)
    assert b.i2 == near(a.i2 or 0, 100)
    assert b.summary.se == near(a.summary.se * factor, factor)
    assert b.summary.p == near(a.summary.p)


def same_estimate(a: Estimate, b: Estimate) -> None:
    assert (b.estimate, b.low, b.high) == (near(a.estimate), near(a.low), near(a.high))


@examples(30)
@given(rows=tables, chosen=choices, measure=st.sampled_from(["RR", "OR", "RD"]), data=st.data())
def test_order_of_rows_does_not_matter(rows: Rows, chosen: dict[str, Any], measure: str, data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(len(rows))))
    a, b = pooled(measure, rows, **chosen), pooled(measure, [rows[n] for n in order], **chosen)
    same_spread(a, b)
    same_estimate(a.summary, b.summary)
    same_estimate(a.common, b.common)
    for n, study in zip(order, b.studies, strict=True):
        assert study.weight == near(a.studies[n].weight)
    assert (a.mantel_haenszel is None) == (b.mantel_haenszel is None)
    if a.mantel_haenszel and b.mantel_haenszel:
        same_estimate(a.mantel_haenszel, b.mantel_haenszel)


@examples(15)
@given(rows=tables, chosen=choices, names=st.permutations([f"study-{n}" for n in range(6)]))
def test_names_of_studies_do_not_matter(rows: Rows, chosen: dict[str, Any], names: list[str]) -> None:
    a = pooled("RR", rows, **chosen)
    b = pooled("RR", [{**one, "study": name} for one, name in zip(rows, names, strict=False)], **chosen)
    assert a.model_copy(update={"studies": ()}) == b.model_copy(update={"studies": ()})
    for x, y in zip(a.studies, b.studies, strict=True):
        assert (x.estimate, x.low, x.high, x.weight) == (y.estimate, y.low, y.high, y.weight)


@examples(25)
@given(rows=tables, chosen=choices, measure=st.sampled_from(["RR", "OR"]))
def test_swapping_the_groups_inverts_a_ratio(rows: Rows, chosen: dict[str, Any], measure: str) -> None:
    a, b = pooled(measure, rows, **chosen), pooled(measure, [swapped(one) for one in rows], **chosen)
    same_spread(a, b)
    for x, y in ((a.summary, b.summary), (a.common, b.common), (a.mantel_haenszel, b.mantel_haenszel)):
        assert (x is None) == (y is None)
        if x and y:
            assert (y.estimate, y.low, y.high) == (near(1 / x.estimate), near(1 / x.high), near(1 / x.low))
    if a.prediction_low and a.prediction_high:
        assert (b.prediction_low, b.prediction_high) == (near(1 / a.prediction_high), near(1 / a.prediction_low))


@examples(25)
@given(rows=st.one_of(groups, tables), chosen=choices, standardised=st.booleans())
def test_swapping_the_groups_turns_a_difference(rows: Rows, chosen: dict[str, Any], standardised: bool) -> None:
    measure = "RD" if "events1" in rows[0] else "SMD" if standardised else "MD"
    a, b = pooled(measure, rows, **chosen), pooled(measure, [swapped(one) for one in rows], **chosen)
    same_spread(a, b)
    for x, y in ((a.summary, b.summary), (a.common, b.common)):
        assert (y.estimate, y.low, y.high) == (near(-x.estimate), near(-x.high), near(-x.low))


@examples(25)
@given(rows=groups, chosen=choices)
def test_a_scale_ten_times_as_long_gives_ten_times_the_difference(rows: Rows, chosen: dict[str, Any]) -> None:
    longer = [{name: n if name[0] == "n" else n * 10 for name, n in one.items()} for one in rows]
    a, b = pooled("MD", rows, **chosen), pooled("MD", longer, **chosen)
    same_spread(a, b, factor=10)
    for x, y in ((a.summary, b.summary), (a.common, b.common)):
        assert (y.estimate, y.low, y.high) == (near(10 * x.estimate, 10), near(10 * x.low, 10), near(10 * x.high, 10))
    for study, other in zip(a.studies, b.studies, strict=True):
        assert other.weight == near(study.weight)


@examples(15)
@given(rows=groups, chosen=choices)
def test_a_standardised_difference_knows_no_scale(rows: Rows, chosen: dict[str, Any]) -> None:
    longer = [{name: n if name[0] == "n" else n * 10 for name, n in one.items()} for one in rows]
    a, b = pooled("SMD", rows, **chosen), pooled("SMD", longer, **chosen)
    same_spread(a, b)
    same_estimate(a.summary, b.summary)
