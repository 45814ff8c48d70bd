"""Fail-safe N, excess significance, Doi and funnel plots, against R (``data/bias.json``) and at the edges."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from guidewright.metaanalysis.bias import (
    Alternative,
    Asymmetry,
    ExcessTest,
    FailSafe,
    doi_plot,
    excess_significance,
    fail_safe_n,
    funnel_plot,
)
from guidewright.metaanalysis.notices import CannotPoolError
from guidewright.metaanalysis.options import Model
from guidewright.metaanalysis.pooling import pool

SETS: dict[str, Any] = json.loads((Path(__file__).parent / "data/bias.json").read_text(encoding="utf-8"))["sets"]
TESTS = {"exact": ExcessTest.EXACT, "binom": ExcessTest.BINOMIAL, "chi2": ExcessTest.CHI2}


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("method", FailSafe)
def test_fail_safe_n_is_that_of_metafor(name: str, method: FailSafe) -> None:
    one = SETS[name]
    assert fail_safe_n(one["y"], one["v"], method=method).number == one["fail_safe"][method]


def test_fail_safe_n_of_nothing_is_0() -> None:
    y, v = [0.1, -0.1, 0.05], [0.1, 0.1, 0.2]
    assert fail_safe_n(y, v).number == 0
    assert fail_safe_n(y, v, method=FailSafe.ROSENBERG).number == 0
    assert fail_safe_n(y, v, method=FailSafe.ORWIN, target=0.5).number == 0
    weighted = fail_safe_n(y, v, method=FailSafe.ORWIN, target=-0.001, weighted=True)
    assert weighted.mean == pytest.approx(0.025 / 2.5 * 1.0)
    assert weighted.target == 0.001
    with pytest.raises(CannotPoolError, match="target"):
        fail_safe_n(y, v, method=FailSafe.ORWIN, target=0)


@pytest.mark.parametrize(("name", "test"), [(n, t) for n, one in SETS.items() for t in one["excess_significance"]])
def test_excess_significance_is_that_of_metafor(name: str, test: str) -> None:
    """Under a common effect; with tau2 metafor integrates the power to about 1e-4, and we in closed form."""
    one = SETS[name]
    theirs = one["excess_significance"][test]
    ours = excess_significance(one["y"], one["v"], model=Model.COMMON, test=TESTS[test])
    assert ours.observed == theirs["observed"]
    assert ours.expected == pytest.approx(theirs["expected"], rel=1e-10)
    assert ours.p == pytest.approx(theirs["p"], abs=1e-8)
    if theirs.get("statistic") is not None:
        assert ours.statistic == pytest.approx(theirs["statistic"], rel=1e-9)
    assert ours.limit == pytest.approx(theirs["limit"], rel=1e-3)  # R's root has an absolute tolerance of 1e-4


def test_excess_limit_is_a_root_and_exact_test_counts_outcomes() -> None:
    one = SETS["bcg"]
    y, v = one["y"][:6], one["v"][:6]
    ours = excess_significance(y, v, limit_alpha=0.1)
    chance = 0.0
    for outcome in product([0, 1], repeat=6):
        if sum(outcome) >= ours.observed:
            chance += float(np.prod([p if hit else 1 - p for hit, p in zip(outcome, ours.power, strict=True)]))
    assert ours.p == pytest.approx(chance, rel=1e-12)
    assert ours.limit is not None
    at = excess_significance(y, v, estimate=ours.limit, tau2=ours.tau2)
    assert at.p == pytest.approx(0.1, abs=1e-9)


def test_power_under_heterogeneity_by_simulation() -> None:
    one = SETS["bcg"]
    ours = excess_significance(one["y"], one["v"])
    random = np.random.default_rng(1)
    drawn = random.normal(ours.estimate, np.sqrt(np.array(one["v"]) + ours.tau2), (200_000, ours.k))
    hits = np.mean(np.abs(drawn) / np.sqrt(one["v"]) > 1.959963984540054, axis=0)
    assert ours.power == pytest.approx(hits.tolist(), abs=0.005)


def test_no_significant_study_is_no_excess() -> None:
    ours = excess_significance([0.1, -0.1, 0.05], [0.1, 0.1, 0.2])
    assert (ours.observed, ours.p, ours.limit) == (0, 1.0, None)
    one_sided = excess_significance(SETS["bcg"]["y"], SETS["bcg"]["v"], alternative=Alternative.LESS)
    assert one_sided.observed >= 8
    other = excess_significance(SETS["bcg"]["y"], SETS["bcg"]["v"], alternative=Alternative.GREATER)
    assert other.observed == 0


def test_doi_plot_of_an_asymmetrical_set() -> None:
    """The example of Furuya-Kanamori et al. 2018, five trials of pain; recomputed step by step."""
    ours = doi_plot([-4.27, -1.71, -0.58, -0.19, 0.0], [0.158, 0.076, 0.018, 0.022, 0.040])
    assert ours.asymmetry is Asymmetry.MAJOR
    assert ours.tip == -0.19
    assert ours.lfk == pytest.approx(-3.3101115386, abs=1e-9)
    assert "lfk-depends-on-k" in {notice.code for notice in ours.notices}


def test_doi_plot_of_a_symmetrical_set() -> None:
    ours = doi_plot([-0.4, -0.2, 0.0, 0.2, 0.4], [0.3, 0.1, 0.02, 0.1, 0.3])
    assert ours.asymmetry is Asymmetry.NONE
    assert abs(ours.lfk) < 0.02
    with pytest.raises(CannotPoolError, match="same"):
        doi_plot([0.1] * 4, [0.1, 0.2, 0.3, 0.4])
    with pytest.raises(CannotPoolError, match="at least 3"):
        doi_plot([0.1, 0.2], [0.1, 0.2])


def test_funnel_plot_holds_studies_cone_and_contours() -> None:
    one = SETS["bcg"]
    ours = funnel_plot(one["y"], one["v"], contours=(0.99, 0.9))
    centre = pool(one["y"], one["v"], model=Model.COMMON).estimate
    assert ours.centre == centre
    assert ours.standard_errors[0] == 0
    assert ours.standard_errors[-1] == pytest.approx(max(ours.se))
    assert ours.pseudo_limits.low[0] == ours.pseudo_limits.high[0] == centre
    assert ours.pseudo_limits.high[-1] - centre == pytest.approx(1.959963984540054 * max(ours.se))
    assert [cone.level for cone in ours.contours] == [0.9, 0.99]
    for y, se, p in zip(ours.y, ours.se, ours.p, strict=True):
        inside = abs(y) < 2.5758293035489004 * se
        assert inside == (p > 0.01)
    wide = funnel_plot(one["y"], one["v"], model=Model.RANDOM, add_tau2=True)
    assert wide.pseudo_limits.high[0] > wide.centre
    with pytest.raises(CannotPoolError, match="points"):
        funnel_plot(one["y"], one["v"], points=1)
    with pytest.raises(CannotPoolError, match="contours"):
        funnel_plot(one["y"], one["v"], contours=(95,))


def test_missing_rows_are_dropped_and_said() -> None:
    ours = funnel_plot([0.1, np.nan, 0.3], [0.1, 0.2, 0.3])
    assert ours.rows == (0, 2)
    assert "rows-dropped" in {notice.code for notice in ours.notices}
