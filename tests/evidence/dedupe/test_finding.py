"""Finding duplicates among many records: order, groups, what people decided, keys that everybody shares."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guidewright.evidence.dedupe.blocking import BUCKET, candidates
from guidewright.evidence.dedupe.columns import columns_of
from guidewright.evidence.dedupe.decide import find_duplicates
from guidewright.evidence.dedupe.keys import keys_of
from guidewright.evidence.duplicates import DuplicateDecision
from guidewright.evidence.found import Found
from tests.evidence.dedupe.made import paper

TOPICS = ("bone cement", "bracing", "denosumab", "teriparatide", "kyphoplasty", "physiotherapy", "vitamin D", "falls")


def shelf(seed: int, size: int = 30) -> list[Found]:
    """Papers that differ, and copies of some as databases make them."""
    rnd = random.Random(seed)  # noqa: S311 - no secret
    records: list[Found] = []
    for n in range(size):
        topic, page = rnd.choice(TOPICS), rnd.randrange(1, 900)
        one = paper(
            f"pubmed/{n + 1}",
            title=f"{topic.capitalize()} and outcome {n} of vertebral fracture in cohort {rnd.randrange(99)}",
            authors=f"Author{n}, A; Second{n}, B",
            volume=str(rnd.randrange(1, 60)),
            pages=f"{page}-{page + 8}",
        )
        records.append(one)
        if rnd.random() < 0.5:
            changed = rnd.choice(
                [
                    {"title": one.title.upper()},
                    {"pages": one.pages.partition("-")[0]},
                    {"journal": "J Bone Miner Res"},
                    {"title": f"[{one.title}]. [Chinese]"},
                    {"issue": ""},
                ]
            )
            records.append(replace(one, id=f"embase/{n + 1}", **changed))
    return records


@given(st.integers(0, 10_000))
def test_copies_are_found_and_papers_stay_apart_in_any_order(seed: int) -> None:
    records = shelf(seed)
    expected = tuple(
        sorted((f"embase/{n}", f"pubmed/{n}") for n in (int(r.id.partition("/")[2]) for r in records) if any(
            r.id == f"embase/{n}" for r in records
        ))
    )  # fmt: skip
    first = find_duplicates(records)
    assert first.groups == tuple(sorted(set(expected)))
    random.Random(seed + 1).shuffle(records)  # noqa: S311 - no secret
    assert find_duplicates(records) == first


def test_nothing_comes_of_nothing() -> None:
    empty = find_duplicates([])
    assert (empty.groups, empty.ask, empty.records) == ((), (), 0)
    alone = find_duplicates([paper("a/1")])
    assert (alone.groups, alone.ask, alone.records) == ((), (), 1)
    bare = find_duplicates([Found(id="a/1"), Found(id="a/2"), Found(id="b/1", title="-")])
    assert bare.groups == ()


def test_two_records_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="a/1"):
        find_duplicates([paper("a/1"), paper("a/1")])


def test_a_group_is_never_joined_through_a_pair_that_contradicts_itself() -> None:
    whole = paper("a/1", pages="10-18")
    later = paper("b/1", pages="210-219")
    without_place = paper("c/1", volume="", issue="", pages="")
    found = find_duplicates([whole, later, without_place])
    assert not any({"a/1", "b/1"} <= set(group) for group in found.groups)


def test_what_a_person_decided_counts() -> None:
    records = [paper("a/1"), paper("b/1"), paper("c/1", pages="900-910")]

    def line(one: str, other: str, decision: str) -> DuplicateDecision:
        return DuplicateDecision.model_validate({"record": one, "same_as": other, "decision": decision, "by": "li-na"})

    assert find_duplicates(records).groups == (("a/1", "b/1"),)
    apart = find_duplicates(records, [line("b/1", "a/1", "different")])
    assert apart.groups == ()
    assert not [pair for pair in apart.ask if {pair.record, pair.same_as} == {"a/1", "b/1"}]
    joined = find_duplicates(records, [line("c/1", "a/1", "same")])
    assert joined.groups == (("a/1", "b/1", "c/1"),)
    assert joined.ask == ()
    nobody = find_duplicates(records, [line("z/1", "a/1", "same")])
    assert nobody.groups == (("a/1", "b/1"),)


def test_automatic_lines_are_found_anew() -> None:
    automatic = DuplicateDecision(record="a/1", same_as="c/1", decision="same", by="automatic")
    records = [paper("a/1"), paper("c/1", pages="900-910")]
    assert find_duplicates(records, [automatic]).groups == ()


def test_one_question_for_two_groups() -> None:
    early = [paper(f"{name}/1", pages="10-18") for name in "abc"]
    late = [paper(f"{name}/1", pages="510-518") for name in "xyz"]
    found = find_duplicates([*early, *late])
    assert len(found.groups) == 2
    assert len(found.ask) == 1


def test_a_key_that_everybody_shares_gives_no_square_of_pairs() -> None:
    editorials = [paper(f"a/{n}", title="Editorial", authors="", pages=str(n), volume=str(n)) for n in range(1, 1501)]
    left, right = candidates(columns_of(editorials))
    assert len(left) < 1500 * BUCKET
    assert (left < right).all()
    assert len(np.unique(left * 1500 + right)) == len(left)


def test_keys_depend_on_their_record_alone() -> None:
    records = shelf(7)
    together = keys_of(columns_of(records))
    for n in (0, 5, len(records) - 1):
        alone = keys_of(columns_of([records[n]]))
        assert set(together[1][together[0] == n]) == set(alone[1])
