"""Permutation tests against metafor's exact ones (data/regression.R), a published one, and their own rules."""

from __future__ import annotations

import json
from itertools import permutations, product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from guidewright.metaanalysis.moderators import meta_regression, permutation_test
from guidewright.metaanalysis.notices import CannotPoolError
from guidewright.metaanalysis.options import Interval, Model, Tau2Method

PINNED = json.loads((Path(__file__).parent / "data" / "regression.json").read_text())
DATA = {name: np.array(values) for name, values in PINNED["data"].items()}
Y, V = DATA["y"], DATA["v"]
FEW = np.arange(6)
MIXED = np.array([0, 1, 4, 5, 9, 10])


@pytest.mark.parametrize(
    ("key", "rows", "column", "options"),
    [
        ("latitude", FEW, "latitude", {}),
        (
            "latitude_dl_knha",
            FEW,
            "latitude",
            {"tau2_method": Tau2Method.DL, "interval": Interval.KNAPP_HARTUNG},
        ),
        ("factor", MIXED, "allocation", {}),
        ("signs", FEW, None, {}),
        ("signs_fe", FEW, None, {"model": Model.COMMON}),
    ],
)
def test_exact_tests_agree_with_metafor(key: str, rows: Any, column: str | None, options: dict[str, Any]) -> None:
    moderators = None if column is None else {column: DATA[column][rows]}
    found = permutation_test(Y[rows], V[rows], moderators, seed=1, **options)
    pinned = PINNED["permutations"][key]
    assert (found.exact, found.seed, found.permutations) == (True, None, pinned["count"])
    assert [one.p for one in found.coefficients] == pytest.approx(np.atleast_1d(pinned["p"]), abs=1e-12)
    if moderators is not None:
        assert found.qm_p == pytest.approx(pinned["qm_p"], abs=1e-12)


def test_viechtbauer_2010_section_3_5_signs() -> None:
    """J Stat Softw 36(3), page 35: 8192 sign patterns, p = 0.0015."""
    found = permutation_test(Y, V, seed=1, exact=True)
    assert found.permutations == 8192
    assert round(found.coefficients[0].p, 4) == 0.0015
    assert found.qm is None


def test_viechtbauer_2010_section_3_5_latitude_and_year() -> None:
    """Page 36: p of the omnibus test 0.0232 and of latitude 0.0224 with 10,000 random permutations."""
    data = {"latitude": DATA["latitude"], "year": DATA["year"]}
    found = permutation_test(Y, V, data, seed=3, permutations=4000)
    assert found.qm_p == pytest.approx(0.0232, abs=0.008)
    assert found.coefficients[1].p == pytest.approx(0.0224, abs=0.008)
    assert found.coefficients[2].p == pytest.approx(0.8950, abs=0.02)


def test_each_permutation_is_the_meta_regression_of_the_exchanged_rows() -> None:
    y, v, x = Y[:4], V[:4], DATA["latitude"][[0, 1, 4, 6]]
    found = permutation_test(y, v, {"x": x}, seed=1)
    by_hand = [meta_regression(y, v, {"x": x[list(order)]}) for order in permutations(range(4))]
    slopes = sorted(one.coefficients[1].statistic for one in by_hand)
    np.testing.assert_allclose(np.sort(found.statistics[1]), slopes, rtol=1e-7, atol=1e-9)
    flipped = permutation_test(y, v, seed=1)
    signs = [np.array(one) for one in product([1, -1], repeat=4)]
    means = sorted(meta_regression(s * y, v, {"x": np.ones(4)}).coefficients[0].statistic for s in signs)
    np.testing.assert_allclose(np.sort(flipped.statistics[0]), means, rtol=1e-7, atol=1e-9)


def test_the_seed_decides_what_is_drawn() -> None:
    data = {"latitude": DATA["latitude"]}
    first, again, other = (permutation_test(Y, V, data, permutations=60, seed=seed) for seed in (1, 1, 2))
    assert first.statistics.tobytes() == again.statistics.tobytes()
    assert first.statistics.tobytes() != other.statistics.tobytes()
    observed = meta_regression(Y, V, data)
    assert first.statistics[:, 0] == pytest.approx([c.statistic for c in observed.coefficients], rel=1e-9)
    assert (first.seed, first.exact, first.permutations) == (1, False, 60)
    assert observed.qm is not None
    assert first.qm == pytest.approx(observed.qm.statistic, rel=1e-9)
    signs = permutation_test(Y, V, permutations=60, seed=1)
    assert signs.statistics[0, 0] == pytest.approx(-3.9744483, rel=1e-7)


def test_parts_of_a_long_run_give_what_one_run_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    data = {"allocation": DATA["allocation"]}
    whole = permutation_test(Y, V, data, permutations=50, seed=5)
    monkeypatch.setattr("guidewright.metaanalysis.moderators.permutation.ROWS_AT_ONCE", 100)
    parts = permutation_test(Y, V, data, permutations=50, seed=5)
    np.testing.assert_allclose(parts.statistics, whole.statistics, rtol=1e-10)


def test_weights_go_with_their_study() -> None:
    data = {"latitude": DATA["latitude"]}
    found = permutation_test(Y, V, data, permutations=20, seed=1, weights=DATA["n"])
    observed = meta_regression(Y, V, data, weights=DATA["n"])
    assert found.statistics[:, 0] == pytest.approx([c.statistic for c in observed.coefficients], rel=1e-9)
    again = permutation_test(Y, V, data, permutations=20, seed=1, weights=1000 * DATA["n"])
    np.testing.assert_allclose(again.statistics, found.statistics, rtol=1e-9)


def test_a_true_slope_is_found_and_gaps_are_said() -> None:
    rng = np.random.default_rng(0)
    x = np.arange(15.0)
    y = 0.5 * x + rng.standard_normal(15) * 0.3
    y[3] = np.nan
    found = permutation_test(y, np.full(15, 0.05), {"x": x}, permutations=400, seed=9)
    assert found.coefficients[1].p == pytest.approx(1 / 400)
    assert [notice.code for notice in found.notices] == ["rows-dropped"]


def test_what_cannot_be_permuted_is_refused() -> None:
    with pytest.raises(CannotPoolError, match="6,227,020,800 fits"):
        permutation_test(Y, V, {"x": np.arange(13.0)}, seed=1, exact=True)
    with pytest.raises(CannotPoolError, match="2 or more; found 1"):
        permutation_test(Y, V, seed=1, permutations=1)
    with pytest.raises(CannotPoolError, match="nothing to permute"):
        permutation_test(Y, V, {"x": np.ones(13)}, seed=1)
