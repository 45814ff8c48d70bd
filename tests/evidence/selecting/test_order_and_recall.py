"""The order that is learnt, the recall that is reached, and when there is reason to stop."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import hypergeom

from guidewright.evidence.selecting.priority import NotEnoughError, order, replay
from guidewright.evidence.selecting.recall import curve, stopping, work_saved

TEXTS = {
    f"a/{n}": (
        f"vertebroplasty for osteoporotic fracture cement trial {n}"
        if n % 5 == 0
        else f"knee arthroplasty in athletes registry cohort {n}"
    )
    for n in range(1, 101)
}
RELEVANT = {name: int(name.partition("/")[2]) % 5 == 0 for name in TEXTS}


def test_likely_relevant_ones_come_first() -> None:
    judged = {name: RELEVANT[name] for name in list(TEXTS)[:30]}
    found = order(TEXTS, judged)
    assert set(found.ids) == set(TEXTS) - set(judged)
    assert all(RELEVANT[name] for name in found.ids[:14])
    assert list(found.likely) == sorted(found.likely, reverse=True)
    assert order(TEXTS, judged) == found


def test_nothing_is_learnt_from_too_little() -> None:
    with pytest.raises(NotEnoughError, match="3 relevant"):
        order(TEXTS, {"a/5": True, "a/1": False})
    everything = order(TEXTS, RELEVANT)
    assert everything.ids == ()


def test_chinese_is_read_by_pairs_of_signs() -> None:
    texts = {f"c/{n}": "椎体成形术治疗骨折" if n % 2 else "膝关节置换登记研究" for n in range(1, 21)}
    judged = {f"c/{n}": bool(n % 2) for n in range(1, 9)}
    assert all(int(name[2:]) % 2 for name in order(texts, judged).ids[:6])


def test_a_replay_reads_everything_once_and_finds_early() -> None:
    read = replay(list(TEXTS.values()), list(RELEVANT.values()))
    assert sorted(read) == list(range(100))
    labels = [list(RELEVANT.values())[n] for n in read]
    saved = work_saved(labels)
    assert saved is not None
    assert saved > 0.4
    assert replay(["", ""], [False, False]) == [0, 1]


def test_curves() -> None:
    assert curve([True, False, True, False]) == [0.5, 0.5, 1.0, 1.0]
    assert curve([False]) == []
    assert work_saved([True, False, False, False]) == pytest.approx(0.75 - 0.05)
    assert work_saved([False]) is None


def test_the_stopping_test_is_that_of_its_authors() -> None:
    labels = [True] * 10 + [False] * 60
    report = stopping(labels, total=200)
    # by hand, for every start: H0 that so many relevant ones are left that recall is below 95 %
    chances = []
    for start in range(len(labels)):
        before, found = sum(labels[:start]), sum(labels)
        fewest = int(np.floor(found / 0.95 + 1 - before))
        chances.append(hypergeom.cdf(found - before, 200 - start, fewest, len(labels) - start))
    assert report.p == pytest.approx(min(chances))
    assert report.since == 60
    assert report.recall == 1.0
    longer = stopping(labels + [False] * 100, total=200)
    assert longer.p is not None
    assert report.p is not None
    assert longer.p < report.p


def test_stopping_at_the_ends() -> None:
    nothing = stopping([False] * 20, total=100)
    assert (nothing.p, nothing.recall, nothing.since) == (None, None, 20)
    everything = stopping([True, False], total=2)
    assert (everything.p, everything.recall) == (0.0, 1.0)
    early = stopping([True, False, True], total=1000)
    assert early.recall is not None
    assert early.recall < 0.01
    assert early.p is not None
    assert early.p > 0.5
    with pytest.raises(ValueError, match="at most"):
        stopping([True, True], total=1)
    with pytest.raises(ValueError, match="between 0 and 1"):
        stopping([True], total=1, target=1.0)
