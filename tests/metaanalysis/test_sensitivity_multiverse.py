"""Every specification is what pooling it alone gives; conclusions and their share."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from guidewright.metaanalysis.notices import CannotPoolError
from guidewright.metaanalysis.options import Interval, Model, Tau2Method
from guidewright.metaanalysis.pooling import pool
from guidewright.metaanalysis.sensitivity.multiverse import Conclusion, Specification, multiverse

PINNED: dict[str, Any] = json.loads((Path(__file__).parent / "data" / "sensitivity.json").read_text())
Y, V = (np.array(PINNED["bcg"][name]) for name in ("y", "v"))


def every_choice() -> list[Specification]:
    return [
        Specification(Y, V, "RR", model=model, tau2_method=method, interval=interval, excluded=frozenset(excluded))
        for model, method, interval, excluded in itertools.product(
            Model, (Tau2Method.REML, Tau2Method.DL), Interval, ((), (3, 7), range(9))
        )
    ]


def test_each_is_what_it_is_alone() -> None:
    given = every_choice()
    found = multiverse(given)
    assert len(found.results) == len(given) == 48
    assert [one.estimate for one in found.results] == sorted(one.estimate for one in found.results)
    for one in found.results:
        what = given[one.number]
        kept = [row for row in range(13) if row not in what.excluded]
        alone = pool(Y[kept], V[kept], model=what.model, tau2_method=what.tau2_method, interval=what.interval)
        assert one.k == alone.k
        for name in ("estimate", "se", "low", "high", "p", "tau2"):
            assert getattr(one, name) == pytest.approx(getattr(alone, name), rel=1e-9, abs=1e-12)
        assert one.keeps == (alone.high < 0)
    assert found.conclusion is Conclusion.BELOW
    assert found.share_keeping == np.mean([one.high < 0 for one in found.results])
    assert sum(found.conclusions.values()) == 48
    assert found.median == np.median([one.estimate for one in found.results])


def test_order_does_not_matter() -> None:
    given = every_choice()
    straight, turned = multiverse(given), multiverse(given[::-1], main=47)
    assert straight.share_keeping == turned.share_keeping
    assert [one.estimate for one in straight.results] == [one.estimate for one in turned.results]


def test_conclusions() -> None:
    def one(estimate: float, mid: float | None = None, null: float = 0.0) -> Conclusion:
        return multiverse([Specification([estimate], [0.01], "MD", mid=mid, null=null)]).conclusion

    assert one(-1) is Conclusion.BELOW
    assert one(1) is Conclusion.ABOVE
    assert one(0.1) is Conclusion.OPEN
    assert one(0.1, mid=0.5) is Conclusion.WITHIN_MID
    assert one(0.1, mid=0.2) is Conclusion.OPEN
    assert one(1, mid=5) is Conclusion.ABOVE  # a small effect is an effect
    assert one(1, null=2) is Conclusion.BELOW
    assert one(2.1, null=2, mid=0.5) is Conclusion.WITHIN_MID


def test_what_cannot_be_pooled_does_not_count() -> None:
    good = Specification([0.5, 0.7], [0.01, 0.02], "SMD")
    bad = [
        Specification([0.5, 0.7], [0.01, 0.0], "SMD"),
        Specification([0.5, 0.7], [0.01, 0.02], "SMD", excluded=frozenset({0, 1})),
        Specification([0.5, 0.7], [0.01, 0.02], "SMD", excluded=frozenset({7})),
        Specification([0.5, 0.7], [0.01, 0.02], "SMD", tau2_method=Tau2Method.GENQ),
        Specification([0.5, 0.7], [0.01, 0.02], "SMD", mid=0),
        Specification([0.5, 0.7], [0.01, 0.02], "SMD", level=95),
        Specification([0.5, 0.7], [0.01], "SMD"),
    ]
    found = multiverse([good, *bad, Specification([0.5, np.nan], [0.01, 0.02], "SMD")])
    assert [one.number for one in found.failed] == list(range(1, 8))
    for one, words in zip(
        found.failed, ("row 2", "no rows", "row 8", "weights", "mid", "level", "same number"), strict=True
    ):
        assert words in one.reason
    assert found.share_keeping == 1.0 and len(found.results) == 2
    assert [notice.code for notice in found.notices] == ["rows-dropped", "specifications-failed"]
    with pytest.raises(CannotPoolError, match="specification 1"):
        multiverse([bad[0], good])
    with pytest.raises(CannotPoolError, match="0 specifications"):
        multiverse([])
