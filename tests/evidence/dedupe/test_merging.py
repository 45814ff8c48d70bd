"""One record out of copies."""

from __future__ import annotations

import random

import pytest

from guidewright.evidence.dedupe.merging import groups_decided, merged, publications
from guidewright.evidence.duplicates import DuplicateDecision
from tests.evidence.dedupe.made import found, paper


def line(one: str, other: str, decision: str = "same", by: str = "automatic") -> DuplicateDecision:
    return DuplicateDecision.model_validate({"record": one, "same_as": other, "decision": decision, "by": by})


def test_the_best_of_each_field_and_where_it_is_from() -> None:
    copies = [
        paper("pubmed/10", title="A TITLE IN CAPITALS", pages="1123-7", database="PubMed", doi="10.5555/1"),
        paper(
            "embase/2",
            title="A title in capitals. [Review] [3 refs]",
            pages="1123",
            database="Embase",
            abstract="Long.",
        ),
        paper(
            "cochrane/1",
            title="A title in capitals",
            authors="Firanescu, C",
            pages="1123-1127",
            abstract="L.",
            year=2017,
        ),
    ]
    whole = merged(copies)
    assert whole.found.id == "cochrane/1"
    assert whole.found.title == "A title in capitals"
    assert whole.sources["title"] == "cochrane/1"
    assert whole.found.pages == "1123-1127"
    assert whole.found.doi == "10.5555/1"
    assert whole.sources["doi"] == "pubmed/10"
    assert whole.found.abstract == "Long."
    assert len(whole.found.authors) == 3
    assert whole.found.year == 2018
    assert whole.databases == ("Embase", "PubMed")
    random.Random(3).shuffle(copies)  # noqa: S311 - no secret
    assert merged(copies) == whole


def test_merging_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing"):
        merged([])


def test_publications_know_all_their_records() -> None:
    records = [found("a/1"), found("a/2"), found("a/10"), found("b/1")]
    units = publications(records, [line("a/10", "b/1"), line("a/1", "zzz/1")])
    assert [unit.ids for unit in units] == [("a/1",), ("a/2",), ("a/10", "b/1")]


def test_what_people_keep_apart_is_in_no_group() -> None:
    lines = [line("a/1", "b/1"), line("b/1", "c/1"), line("a/1", "c/1", "different", "li-na")]
    assert groups_decided(lines) == [["a/1", "b/1"]]
    again = [line("a/1", "b/1"), line("b/1", "a/1", "different", "li-na")]
    assert groups_decided(again) == []
    over = [line("a/1", "b/1", "related"), line("b/1", "a/1", "same", "li-na")]
    assert groups_decided(over) == [["a/1", "b/1"]]
    assert groups_decided(reversed(lines)) == groups_decided(lines)
