"""Terms to highlight, and decisions from other programs."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guidewright.evidence.found import Found
from guidewright.evidence.questions import Question
from guidewright.evidence.selecting.others import from_labels, from_list, from_rayyan, in_rayyan_notes
from guidewright.evidence.selecting.terms import marks, terms_of
from tests.evidence.dedupe.made import found
from tests.evidence.selecting.made import publication

QUESTION = Question.model_validate(
    {
        "id": "q01",
        "number": 1,
        "title": {"en": "Does it help?"},
        "type": "therapeutic",
        "population": {"zh": "骨质疏松性椎体骨折患者", "en": "Adults with vertebral fractures"},
        "intervention": {"zh": "椎体成形术", "en": "Vertebroplasty"},
        "comparator": {"en": "A sham procedure"},
        "outcomes": [{"id": "pain", "name": {"en": "Pain"}, "better": "lower"}],
        "study_designs": {"en": "Randomised trials"},
        "origin": {"kind": "stated"},
    }
)


def test_terms_know_their_part_of_the_question() -> None:
    terms = terms_of([QUESTION])
    assert terms["vertebroplasty"] == "I"
    assert terms["fractur"] if "fractur" in terms else terms["fracture"] == "P"
    assert terms["椎体成形术"] == "I"
    assert "adults" not in terms
    assert terms_of([]) == {}


def test_terms_begin_words_and_know_their_forms() -> None:
    text = "Vertebroplasty of a fracture (fractured), 椎体成形术后; a painful shamrock"
    found = [(text[mark.start : mark.end], mark.part) for mark in marks(text, terms_of([QUESTION]))]
    assert ("Vertebroplasty", "I") in found
    assert ("fractured", "P") in found
    assert ("椎体成形术", "I") in found
    assert not [word for word, _ in found if word == "brock"]


@given(st.text(max_size=200))
def test_marks_do_not_overlap(text: str) -> None:
    found = marks(text, terms_of([QUESTION]))
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert all(mark.part in set("PICOS") for mark in found)


NOTES = (
    'RAYYAN-INCLUSION: {"Zbys"=>"Excluded", "m.el-gohary"=>"Included", "k"=>"Maybe"} | RAYYAN-LABELS: see full text '
    "| RAYYAN-EXCLUSION-REASONS: wrong population,background article | USER-NOTES: x"
)


def test_notes_of_rayyan() -> None:
    assert list(in_rayyan_notes(NOTES)) == [
        ("Zbys", "exclude", "wrong population, background article"),
        ("m.el-gohary", "include", ""),
        ("k", "unsure", ""),
    ]
    assert list(in_rayyan_notes("nothing of that kind")) == []


UNITS = [
    publication("a/1", "b/7", title="Vertebroplasty or sham procedure for fracture", year=2018, doi="10.5555/1"),
    publication("a/2", title="Kyphoplasty or usual care for vertebral fracture", year=2009),
    publication("a/3", title="Kyphoplasty or usual care for vertebral fracture", year=2010),
]


def test_records_of_others_are_found_by_the_surest_sign() -> None:
    theirs = [
        Found(id="rayyan/1", title="Something else", doi="10.5555/1", raw=NOTES),
        found("rayyan/2", title="KYPHOPLASTY OR USUAL CARE FOR VERTEBRAL FRACTURE.", year=2009, raw=NOTES),
        found("rayyan/3", title="Kyphoplasty or usual care for vertebral fracture", raw=NOTES),
        found("rayyan/4", title="Not one of ours at all, really", raw=NOTES),
        found("rayyan/5", title="Not one of ours, without a decision", raw=""),
    ]
    decisions, strange = from_rayyan(theirs, UNITS)
    assert {one.publication for one in decisions} == {"a/1", "a/2"}
    assert strange == 2


@pytest.mark.parametrize(
    ("line", "decision"),
    [
        ({"included": "1", "doi": "https://doi.org/10.5555/1"}, "include"),
        (
            {"label_included": "0", "title": "Kyphoplasty or usual care for vertebral fracture", "year": "2010"},
            "exclude",
        ),
        ({"asreview_label": "1", "record": "b/7"}, "include"),
        ({"included": "", "record": "a/2"}, None),
        ({"included": "-1", "record": "a/2"}, None),
    ],
)
def test_tables_with_labels(line: dict[str, str], decision: str | None) -> None:
    decisions, strange = from_labels([line], UNITS)
    assert [one.decision for one in decisions] == ([decision] if decision else [])
    assert strange == 0


def test_a_list_of_one_outcome() -> None:
    decisions, strange = from_list(
        [found("x/1", doi="10.5555/1"), found("x/2", title="Unknown paper here")], "include", UNITS
    )
    assert [(one.publication, one.decision) for one in decisions] == [("a/1", "include")]
    assert strange == 1
