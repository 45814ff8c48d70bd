"""Effect sizes and pooled results against R's metafor (``data/metafor.json``, made by ``data/pin.py``).

Results keep ten significant digits, so a closed form agrees to 1e-9 relative. REML is compared with metafor's fit at
tight tolerance, whose own tau2 is known to about 1e-9: 1e-8 relative. Between-study variances are measured against the
larger of themselves and the typical sampling variance, so that a tau2 of nearly 0 does not ask for the impossible.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from guidewright.metaanalysis.effects import Measure
from guidewright.metaanalysis.result import Estimate, Pooled
from guidewright.metaanalysis.row_effects import effect_of
from tests.metaanalysis.pooled_rows import pooled, row

PINNED = json.loads((Path(__file__).parent / "data/metafor.json").read_text(encoding="utf-8"))
SETS = PINNED["sets"]
IDS = [f"{one['set']}-{one['measure']}" for one in SETS]
EFFECT = 1e-12
CLOSED = 1e-9
ITERATED = 1e-8
P_ABSOLUTE, P_RELATIVE = 1e-8, 1e-6


def natural(measure: str, value: float) -> float:
    return math.exp(value) if Measure(measure).is_ratio else value


def agree(ours: Estimate, theirs: dict[str, float], measure: str, tolerance: float) -> None:
    """Estimate and limits on the natural scale, standard error on the scale of analysis."""
    for name, expected in (("estimate", "estimate"), ("low", "ci_lb"), ("high", "ci_ub")):
        # a difference may be near 0, where what is small is measured by its standard error
        allowed = tolerance * (1 if Measure(measure).is_ratio else theirs["se"])
        assert getattr(ours, name) == pytest.approx(natural(measure, theirs[expected]), rel=tolerance, abs=allowed)
    assert ours.se == pytest.approx(theirs["se"], rel=tolerance)
    assert abs(ours.p - theirs["pval"]) <= min(P_ABSOLUTE, P_RELATIVE * theirs["pval"])


def heterogeneity_agrees(ours: Pooled, one: dict[str, Any], fit: dict[str, float], tolerance: float) -> None:
    typical = sum(one["vi"]) / len(one["vi"])
    assert abs(ours.tau2 - fit["tau2"]) <= tolerance * max(fit["tau2"], typical)
    assert ours.i2 == pytest.approx(fit["I2"], rel=tolerance, abs=100 * tolerance)
    assert ours.q == pytest.approx(one["FE"]["QE"], rel=CLOSED)
    assert ours.q_p is not None
    assert abs(ours.q_p - one["FE"]["QEp"]) <= min(P_ABSOLUTE, P_RELATIVE * one["FE"]["QEp"])
    assert (ours.k, ours.q_df) == (len(one["yi"]), len(one["yi"]) - 1)


@pytest.mark.parametrize("measure", PINNED["escalc"])
def test_effect_sizes(measure: str) -> None:
    one = PINNED["escalc"][measure]
    assert len(one["rows"]) == 8
    for numbers, y, v in zip(one["rows"], one["yi"], one["vi"], strict=True):
        effect = effect_of(row(**numbers), Measure(measure))
        assert effect.y == pytest.approx(y, rel=EFFECT, abs=EFFECT)
        assert effect.v == pytest.approx(v, rel=EFFECT)


@pytest.mark.parametrize("one", SETS, ids=IDS)
def test_effect_sizes_of_each_set(one: dict[str, Any]) -> None:
    for numbers, y, v in zip(one["rows"], one["yi"], one["vi"], strict=True):
        effect = effect_of(row(**numbers), Measure(one["measure"]))
        assert effect.y == pytest.approx(y, rel=EFFECT, abs=EFFECT)
        assert effect.v == pytest.approx(v, rel=EFFECT)


@pytest.mark.parametrize("one", SETS, ids=IDS)
def test_common_effect(one: dict[str, Any]) -> None:
    ours = pooled(one["measure"], one["rows"], model="common")
    agree(ours.summary, one["FE"], one["measure"], CLOSED)
    heterogeneity_agrees(ours, one, one["FE"], CLOSED)
    assert ours.common == ours.summary
    assert (ours.prediction_low, ours.prediction_high) == (None, None)


@pytest.mark.parametrize("interval", ["wald", "knapp-hartung"])
@pytest.mark.parametrize(("method", "tolerance"), [("DL", CLOSED), ("REML", ITERATED)])
@pytest.mark.parametrize("one", SETS, ids=IDS)
def test_random_effects(one: dict[str, Any], method: str, tolerance: float, interval: str) -> None:
    fit, measure = one[method], one["measure"]
    ours = pooled(measure, one["rows"], tau2=method, interval=interval)
    agree(ours.summary, fit if interval == "wald" else fit["knha"], measure, tolerance)
    agree(ours.common, one["FE"], measure, CLOSED)
    heterogeneity_agrees(ours, one, fit, tolerance)
    predicted = fit["prediction" if interval == "wald" else "prediction_knha"]
    for limit, expected in ((ours.prediction_low, predicted["pi_lb"]), (ours.prediction_high, predicted["pi_ub"])):
        assert limit == pytest.approx(natural(measure, expected), rel=tolerance)
    weights = [1 / (v + fit["tau2"]) for v in one["vi"]]
    for study, weight in zip(ours.studies, weights, strict=True):
        assert study.weight == pytest.approx(100 * weight / sum(weights), rel=tolerance)


@pytest.mark.parametrize("one", SETS, ids=IDS)
def test_mantel_haenszel(one: dict[str, Any]) -> None:
    """Without correction of zero cells, as metafor pools by default; only for ratios of counts."""
    ours = pooled(one["measure"], one["rows"]).mantel_haenszel
    if one["MH"] is None:
        assert ours is None
    else:
        assert ours is not None
        agree(ours, one["MH"], one["measure"], CLOSED)


def test_the_pinned_grid_is_complete() -> None:
    """Binary sets with and without zero cells, a continuous set, and both a tau2 of 0 and one above it."""
    assert {one["measure"] for one in SETS} == {"RR", "OR", "RD", "MD", "SMD"}
    zero = {one["set"]: any(r.get("events1") == 0 or r.get("events2") == 0 for r in one["rows"]) for one in SETS}
    assert set(zero.values()) == {True, False}
    assert {one["REML"]["tau2"] > 0 for one in SETS} == {True, False}
    assert {one["MH"] is None for one in SETS} == {True, False}
    assert PINNED["metafor"] == "3.8.1"
