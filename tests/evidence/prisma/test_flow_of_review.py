"""Numbers of the flow: records, reports and studies apart, every publication in one place, sums that hold."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guidewright.evidence.prisma.checking import clashes
from guidewright.evidence.prisma.flow import Fate
from guidewright.evidence.prisma.library import box_kinds, box_sums
from guidewright.evidence.screening import ScreeningDecision
from guidewright.evidence.searches import FlowBox, Searches
from tests.evidence.prisma.made import SOURCE, flow, numbers, records, said, same, searches

#: pubmed/1 = embase/1, pubmed/2 = lists/1: eight publications, seven of databases.
COPIES = same(("pubmed/1", "embase/1"), ("pubmed/2", "lists/1"))
FIRST = said(
    "title-abstract",
    "embase/1 include; lists/1 include; pubmed/3 exclude; pubmed/4 unsure; pubmed/5 include; embase/2 include; "
    "embase/3 include; lists/2 include",
)
SECOND = said(
    "full-text",
    "embase/1 include; lists/1 include; pubmed/4 exclude population; pubmed/5 exclude not-retrieved; "
    "embase/2 exclude population; embase/3 exclude study-design; lists/2 include",
)
CITES = {"embase/1": "a2001", "lists/1": "b2002", "lists/2": "c2003"}
STUDIES = {"a2001": "alpha", "b2002": "alpha", "c2003": "gamma"}


def test_every_box_of_a_finished_review() -> None:
    made = flow(searches(), COPIES, [*FIRST, *SECOND], cites=CITES, studies=STUDIES)
    assert numbers(made) == {
        "identified": 8,
        "duplicates": 1,
        "automation": 0,
        "removed-other": 0,
        "screened": 7,
        "excluded": 1,
        "undecided": 0,
        "sought": 6,
        "not-retrieved": 1,
        "assessed": 5,
        "excluded-reports": 3,
        "undecided-reports": 0,
        "other-identified": 2,
        "other-removed": 1,
        "other-undecided": 0,
        "other-sought": 1,
        "other-not-retrieved": 0,
        "other-assessed": 1,
        "other-excluded-reports": 0,
        "other-undecided-reports": 0,
        "new-studies": 2,
        "new-reports": 3,
    }
    assert [(part.id, part.number) for part in made.boxes["identified"].parts] == [("PubMed", 5), ("Embase", 3)]
    reasons = [(part.id, part.number) for part in made.boxes["excluded-reports"].parts]
    assert reasons == [("population", 2), ("study-design", 1)]
    assert {box.standing for box in made.boxes.values() if box.number is not None} == {"computed"}
    assert not list(clashes(made, searches()))


def test_each_box_opens_its_publications() -> None:
    made = flow(searches(), COPIES, [*FIRST, *SECOND], cites=CITES, studies=STUDIES)
    behind = {name: [one.records for one in made.behind(name)] for name in made.boxes}
    assert behind["excluded"] == [("pubmed/3",)]
    assert behind["duplicates"] == [("embase/1", "pubmed/1"), ("lists/1", "pubmed/2")]
    assert behind["other-sought"] == [("lists/2",)]
    reasons = sorted(one.reason for one in made.behind("excluded-reports"))
    assert reasons == ["population", "population", "study-design"]
    for name, box in made.boxes.items():
        if box.number and name not in {"identified", "duplicates", "other-identified", "other-removed", "new-studies"}:
            assert len(behind[name]) == box.number, name


def test_before_anybody_screens_there_are_records_and_copies_only() -> None:
    made = flow(searches(), COPIES)
    shown = {name: n for name, n in numbers(made).items() if n}
    assert shown == {"identified": 8, "duplicates": 1, "other-identified": 2}
    assert {one.fate for one in made.followed} == {Fate.UNDECIDED}


def test_what_is_not_decided_yet_is_counted() -> None:
    made = flow(searches(), COPIES, [*said("title-abstract", "pubmed/3 exclude; pubmed/4 include")])
    assert made.boxes["undecided"].number == 5
    assert made.boxes["assessed"].number is None
    assert not list(clashes(made, searches()))


def test_a_report_without_a_study_leaves_the_number_of_studies_open() -> None:
    made = flow(searches(), COPIES, [*FIRST, *SECOND], cites=CITES, studies={"a2001": "alpha", "b2002": "alpha"})
    box = made.boxes["new-studies"]
    assert box.number is None
    assert [(part.id, part.number) for part in box.parts] == [("linked", 1), ("unlinked", 1)]
    assert [one.records for one in made.unlinked] == [("lists/2",)]


def test_an_update_begins_with_the_earlier_review_and_ends_with_totals() -> None:
    log = searches(previous={"studies": ["alpha", "old"]})
    studies = STUDIES | {"old1999": "old", "old2000": "old"}
    made = flow(log, COPIES, [*FIRST, *SECOND], cites=CITES, studies=studies)
    shown = numbers(made)
    assert made.updates
    assert (shown["previous-studies"], shown["previous-reports"]) == (2, 2)
    assert (shown["new-studies"], shown["new-reports"]) == (1, 3)  # two of the reports are of alpha
    assert (shown["total-studies"], shown["total-reports"]) == (3, 5)
    assert not list(clashes(made, log))


def test_a_question_has_its_own_searches_only() -> None:
    made = flow(searches(), COPIES, FIRST, question="q01")
    assert [part.id for part in made.boxes["identified"].parts] == ["PubMed"]
    assert made.boxes["identified"].number == 5
    assert made.boxes["screened"].number == 5
    assert flow(searches(), COPIES, FIRST, question="q02").boxes["identified"].number == 8


def test_hits_of_the_log_count_where_nothing_was_exported() -> None:
    log = Searches.model_validate({"databases": [{"name": "A", "hits": 10}, {"name": "B", "hits": 4}]})
    box = flow(log, found=[]).boxes["identified"]
    assert (box.number, box.standing) == (14, "logged")
    open_ = Searches.model_validate({"databases": [{"name": "A", "hits": 10}, {"name": "B"}]})
    assert flow(open_, found=[]).boxes["identified"].number is None


def declared(*counts: tuple[str, int, str, bool]) -> Searches:
    made = [
        {"id": name, "number": n, "box": box, "part": part, "label": {"en": name}, "source": SOURCE}
        for name, n, box, part in counts
    ]
    return Searches.model_validate({"counts": made})


def test_declared_numbers_fill_what_cannot_be_computed_and_say_so() -> None:
    log = declared(("all", 7, "identified", False), ("english", 3, "identified", True), ("in", 2, "new-reports", False))
    made = flow(log, found=[])
    box = made.boxes["identified"]
    assert (box.number, box.standing, box.count) == (7, "declared", "all")
    assert [(part.number, part.standing) for part in box.parts] == [(3, "declared")]
    assert not list(flow(log, found=[]).followed)
    assert [(one.kind, one.box, one.whole, one.added) for one in clashes(made, log)] == [("parts", "identified", 7, 3)]


A, B, C = "screened", "excluded", "sought"


@pytest.mark.parametrize(
    ("counts", "kind", "box", "whole", "added"),
    [
        ([("a", 10, A, False), ("b", 8, B, False), ("c", 3, C, False)], "sum", A, 10, 11),
        ([("a", 10, A, False), ("b", 4, B, False), ("c", 3, C, False)], "sum", A, 10, 7),
        ([("a", 5, "identified", False), ("b", 6, "screened", False)], "sum", "identified", 5, 6),
        ([("a", 5, "assessed", False), ("b", 6, "new-reports", False)], "sum", "assessed", 5, 6),
        ([("a", 5, "excluded-reports", False), ("b", 6, "excluded-reports", True)], "parts", "excluded-reports", 5, 6),
    ],
)  # fmt: skip
def test_numbers_that_cannot_be_right(
    counts: list[tuple[str, int, str, bool]], kind: str, box: str, whole: int, added: int
) -> None:
    log = declared(*counts)
    assert [(one.kind, one.box, one.whole, one.added) for one in clashes(flow(log, found=[]), log)] == [
        (kind, box, whole, added)
    ]


def test_parts_that_nobody_counted_may_be_anything() -> None:
    log = declared(("a", 100, "identified", False), ("b", 60, "screened", False), ("c", 20, "assessed", False))
    assert not list(clashes(flow(log, found=[]), log))


def test_a_declared_number_that_the_files_contradict() -> None:
    log = searches(counts=declared(("all", 9, "identified", False)).model_dump()["counts"])
    made = flow(log, COPIES, FIRST)
    assert made.boxes["identified"].standing == "computed"
    assert [(one.kind, one.box, one.whole, one.added) for one in clashes(made, log)] == [
        ("declared", "identified", 8, 9)
    ]


def test_files_may_name_every_box_but_those_of_what_is_undecided() -> None:
    named = [name for name in box_kinds() if "undecided" not in name]
    assert list(FlowBox.__args__) == named  # type: ignore[attr-defined]
    for one in box_sums():
        assert {*one.wholes, *one.parts} <= set(box_kinds())


WORDS = st.sampled_from(["include", "exclude", "unsure"])
IDS = [record.id for record in records()]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(IDS), st.sampled_from(IDS)), max_size=6),
    st.lists(st.tuples(st.sampled_from(IDS), st.sampled_from(["title-abstract", "full-text"]), WORDS), max_size=30),
)
def test_whatever_happens_everything_adds_up(pairs: list[tuple[str, str]], decided: list[tuple[str, str, str]]) -> None:
    """No publication is lost between boxes, for any duplicates and any decisions."""
    lines = {
        (record, stage): ScreeningDecision.model_validate({"record": record, "stage": stage, "decision": word})
        for record, stage, word in decided
    }
    made = flow(searches(), same(*(pair for pair in pairs if pair[0] != pair[1])), list(lines.values()))
    assert not list(clashes(made, searches()))
    assert made.boxes["identified"].number == 8
    fates = [one.fate for one in made.followed]
    assert sum(fates.count(fate) for fate in Fate) == len(made.followed)
    assert {one for made_of in made.followed for one in made_of.records} == set(IDS)
