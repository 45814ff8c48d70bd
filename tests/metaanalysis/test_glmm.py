"""Mixed models of counts against exact integrals, lme4 through metafor, printed tables, their edges and invariances."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from guidewright.metaanalysis.counts.glmm import Glmm, glmm
from guidewright.metaanalysis.counts.study_counts import GlmmMeasure, GlmmModel
from guidewright.metaanalysis.notices import CannotPoolError
from guidewright.metaanalysis.options import Interval

PINNED = json.loads((Path(__file__).parent / "data" / "counts.json").read_text(encoding="utf-8"))
CLOSE = 1e-8


def columns(name: str) -> list[Any]:
    return [PINNED["data"][name][column] for column in ("a", "n1", "c", "n2") if column in PINNED["data"][name]]


@cache
def fitted(case: str, **options: Any) -> Glmm:
    """``OR UM.FS catheter 7``: measure, model (of two arms), data, points; ``coding 1`` may follow."""
    measure, *rest = case.split()
    model = rest.pop(0) if measure in {"OR", "IRR"} else GlmmModel.UM_FS
    data = columns(rest.pop(0))
    if rest:
        options["points"] = int(rest.pop(0))
    if rest:
        options["coding"] = float(rest[1])
    return glmm(measure, *data[: 2 * GlmmMeasure(measure).arms], model=model, **options)


def codes(result: Glmm) -> set[str]:
    return {notice.code for notice in result.notices}


# --- numbers of others --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", PINNED["exact"])
def test_the_exact_maximum(case: str) -> None:
    """R's integrate() and a maximiser polished by Newton's method; for UM.RS the Laplace approximation written out."""
    result = fitted(case)
    for what, value in PINNED["exact"][case].items():
        assert getattr(result, what) == pytest.approx(value, rel=CLOSE), what


#: lme4 stops before the maximum, in these cases by so much; and glm() leaves infinite effects at some -20.
LOOSE = {
    "OR UM.RS catheter 1": {"se": 3e-5, "tau2": 1e-5, "lrt": 1e-5, "wald": 5e-3, "i2": 1e-5},
    "IRR UM.RS dialysis 1": {
        **{"estimate": 5e-4, "se": 2e-2, "tau2": 2e-3, "sigma2": 3e-4},
        **{"lrt": 1e-5, "wald": 2e-2, "i2": 1e-3, "h2": 3e-4},
    },
    "OR UM.FS bcg 7": {"se": 5e-5},
    "PLO pritz 7": {"estimate": 1e-5, "se": 1e-5, "tau2": 2e-5, "i2": 1e-5, "h2": 2e-5},
}


@pytest.mark.parametrize("case", PINNED["lme4"])
def test_lme4_through_metafor(case: str) -> None:
    result = fitted(case)
    for what, value in PINNED["lme4"][case].items():
        if value is None:
            assert getattr(result, what) is None, what
        else:
            assert getattr(result, what) == pytest.approx(value, rel=LOOSE.get(case, {}).get(what, 5e-6)), what


def test_a_common_effect_and_its_information_criteria() -> None:
    result = fitted("OR UM.FS catheter", common_effect=True)
    for what, value in PINNED["common"].items():
        assert getattr(result, what) == pytest.approx(value, rel=1e-6), what
    assert (result.tau2, result.tau2_se, result.tau2_low, result.tau2_p) == (0, None, None, None)


# --- Stijnen, Hamza & Ozdemir 2010, Statistics in Medicine 29:3046 ------------------------------------------------


def test_odds_ratio_as_printed() -> None:
    """Page 3052, table III."""
    exact, approximate = fitted("OR CM.EL catheter"), fitted("OR CM.AL catheter")
    assert (round(exact.estimate, 3), round(exact.se, 3), round(exact.tau2**0.5, 2)) == (-1.353, 0.351, 0.83)
    assert np.exp([exact.low, exact.high]).round(2).tolist() == [0.13, 0.51]
    assert (round(approximate.estimate, 3), round(approximate.se, 3)) == (-1.303, 0.339)
    assert np.exp([approximate.estimate, approximate.low, approximate.high]).round(2).tolist() == [0.27, 0.14, 0.53]


def test_proportions_as_printed() -> None:
    """Page 3050, table II."""
    a, n1, c, n2 = columns("catheter")
    for events, total, printed in ((c, n2, (-3.50, 0.26, 0.81)), (a, n1, (-4.81, 0.36, 0.83))):
        result = glmm("PLO", events, total)
        assert (round(result.estimate, 2), round(result.se, 2), round(result.tau2, 2)) == printed


def test_rates_as_printed() -> None:
    """Pages 3054 and 3055, tables VII and VIII; events per 1,000 days."""
    x1, t1, x2, t2 = (np.array(column) for column in columns("dialysis"))
    treated, control = glmm("IRLN", x1, t1 / 1000), glmm("IRLN", x2, t2 / 1000)
    assert (round(control.estimate, 3), round(control.se, 3)) == (1.401, 0.231)
    assert np.exp([control.estimate, control.low, control.high]).round(2).tolist() == [4.06, 2.58, 6.38]
    assert (round(treated.se, 3), round(treated.tau2, 3)) == (0.330, 0.654)
    ratio = fitted("IRR CM.EL dialysis")
    assert (round(ratio.estimate, 3), round(ratio.se, 3), round(ratio.tau2**0.5, 2)) == (-0.476, 0.238, 0.35)
    assert np.exp([ratio.estimate, ratio.low, ratio.high]).round(2).tolist() == [0.62, 0.39, 0.99]


def test_conditional_odds_ratio_of_a_textbook() -> None:
    """Rothman, Greenland & Lash 2008, table 15-1: the conditional odds ratio is 1.40.

    More digits from R's uniroot() and the exact variance of the noncentral hypergeometric distribution.
    """
    result = glmm("OR", [8, 22], [106, 98], [5, 16], [120, 85], model="CM.EL", common_effect=True)
    assert round(np.exp(result.estimate), 2) == 1.40
    assert [result.estimate, result.se] == pytest.approx([0.338060772677, 0.310626737214], rel=1e-11)
    assert result.lrt == pytest.approx(0.3502, abs=5e-5)


# --- how it is computed -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", ["OR UM.FS catheter", "OR CM.EL catheter", "IRR CM.EL dialysis", "PLO pritz"])
def test_the_default_points_are_enough(case: str) -> None:
    default, more = fitted(case), fitted(f"{case} 41")
    for what in ("estimate", "se", "tau2", "loglik"):
        assert getattr(default, what) == pytest.approx(getattr(more, what), rel=CLOSE), what


def test_the_limits_of_tau2_lie_where_the_likelihood_has_fallen_far_enough() -> None:
    result = fitted("PLO pritz")
    assert result.tau2_low is not None
    assert result.tau2_high is not None
    assert 0 < result.tau2_low < result.tau2 < result.tau2_high
    narrow = fitted("PLO pritz", level=0.5)
    assert narrow.tau2_low is not None
    assert result.tau2_low < narrow.tau2_low < result.tau2
    assert result.tau2_p is not None
    assert result.tau2_p < 0.05


def test_rates_are_conditional_binomials_either_way() -> None:
    assert fitted("IRR CM.AL dialysis") == fitted("IRR CM.EL dialysis")


def test_a_fixed_or_a_conditioned_level_gives_the_same_common_rate_ratio() -> None:
    """With a common effect the Poisson and the conditional binomial likelihood have the same maximum and curvature."""
    fixed, conditional = (fitted(f"IRR {model} dialysis", common_effect=True) for model in ("UM.FS", "CM.EL"))
    assert [fixed.estimate, fixed.se, fixed.lrt] == pytest.approx(
        [conditional.estimate, conditional.se, conditional.lrt], rel=CLOSE
    )


# --- edges --------------------------------------------------------------------------------------------------------

ALIKE = ([5, 10, 8, 4], [50, 100, 80, 40], [10, 20, 16, 8], [50, 100, 80, 40])


@pytest.mark.parametrize("model", list(GlmmModel))
def test_homogeneous_studies_have_no_tau2(model: GlmmModel) -> None:
    result = glmm("OR", *ALIKE, model=model)
    common = glmm("OR", *ALIKE, model=model, common_effect=True)
    assert (result.tau2, result.tau2_se, result.tau2_low, result.tau2_p) == (0, None, 0, 1)
    assert result.tau2_high is not None
    assert (result.estimate, result.se, result.loglik) == (common.estimate, common.se, common.loglik)
    assert result.lrt == pytest.approx(0, abs=0.3)
    if model is GlmmModel.UM_RS:
        assert result.sigma2 == 0


def test_double_zero_studies_are_dropped_and_named() -> None:
    result = fitted("OR UM.FS catheter")
    assert result.k == 17
    assert next(n.text for n in result.notices if n.code == "double-zero-dropped").endswith(": 15.")
    assert "effect-infinite" in codes(result)
    assert result.lrt_df == 16
    assert result.wald_df == 11


def test_double_zero_studies_can_stay_with_random_levels_only() -> None:
    assert fitted("OR UM.RS catheter", drop_double_zero=False).k == 18
    with pytest.raises(CannotPoolError, match=r"UM\.RS only"):
        fitted("OR UM.FS catheter", drop_double_zero=False)


def test_one_study() -> None:
    result = glmm("OR", [5], [50], [10], [50], interval=Interval.T)
    assert result.estimate == pytest.approx(np.log(5 * 40 / (45 * 10)), rel=CLOSE)
    assert result.se == pytest.approx((1 / 5 + 1 / 45 + 1 / 10 + 1 / 40) ** 0.5, rel=CLOSE)
    assert codes(result) == {"one-study", "interval-changed"}
    assert (result.i2, result.lrt, result.lrt_p, result.wald, result.tau2_high) == (None, None, None, None, None)
    assert glmm("OR", [5], [50], [10], [50], model="UM.RS").estimate == pytest.approx(result.estimate, rel=CLOSE)


def test_two_studies() -> None:
    result = glmm("OR", [5, 2], [50, 60], [10, 9], [50, 70])
    assert np.isfinite([result.estimate, result.se, result.tau2]).all()


def test_the_t_interval_is_wider() -> None:
    wald, t = fitted("IRR CM.EL dialysis"), fitted("IRR CM.EL dialysis", interval=Interval.T)
    assert t.df == 8
    assert (t.high - t.estimate) / t.se == pytest.approx(2.306004135204166, rel=CLOSE)
    assert t.p > wald.p


def test_few_single_events_set_no_upper_limit_to_tau2() -> None:
    result = glmm("PLO", [0, 0, 0, 0, 0, 0, 0, 1, 0, 0], [191, 153, 96, 97, 84, 15, 145, 109, 107, 186])
    assert result.tau2_high is None
    assert codes(result) == {"tau2-unbounded", "effect-infinite"}


@pytest.mark.parametrize("model", list(GlmmModel))
@pytest.mark.parametrize("measure", ["OR", "IRR"])
def test_an_arm_without_events_has_no_finite_estimate(measure: str, model: GlmmModel) -> None:
    with pytest.raises(CannotPoolError, match="arm 1 has no event in any study"):
        glmm(measure, [0, 0], [50, 60], [2, 1], [50, 55], model=model)


def test_one_group_without_events() -> None:
    with pytest.raises(CannotPoolError, match="the group has no event"):
        glmm("IRLN", [0, 0], [5.5, 6])
    with pytest.raises(CannotPoolError, match="the group has nothing but events"):
        glmm("PLO", [5, 6], [5, 6])


def test_events_on_one_side_of_every_table() -> None:
    """Each table has a zero, so that its odds ratio runs to the same end; the arms' totals do not show it."""
    with pytest.raises(CannotPoolError, match="in every table"):
        glmm("OR", [0, 9], [10, 12], [3, 12], [10, 12], model="CM.EL")


@pytest.mark.parametrize("model", ["CM.EL", "CM.AL"])
def test_studies_that_contradict_each_other_without_end(model: str) -> None:
    """All events in arm 1, then all in arm 2: tau2 grows without bound, and no number is returned."""
    with pytest.raises(CannotPoolError, match="no finite maximum"):
        glmm("OR", [9, 0, 9, 0], [50] * 4, [0, 9, 0, 9], [50] * 4, model=model)


def test_large_counts_and_rare_events_converge() -> None:
    big = glmm("OR", [5000, 300, 90000], [10**5, 10**4, 10**6], [6000, 250, 95000], [10**5, 10**4, 10**6])
    assert 0 < big.tau2 < 0.1
    rates = glmm("IRR", [1, 0, 2, 4000], [1e6, 2e6, 3e6, 5e9], [3, 1, 0, 5000], [1e6, 2e6, 3e6, 5e9])
    assert rates.estimate == pytest.approx(np.log(4003 / 5004), abs=0.05)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: glmm("SMD", [1], [2]), "measure is SMD"),
        (lambda: glmm("OR", [1], [2], [1], [2], model="FE"), "model is FE"),
        (lambda: glmm("OR", [1], [2]), "compares two arms"),
        (lambda: glmm("PLO", [1], [2], [1], [2]), "pools one group"),
        (lambda: glmm("PLO", [1], [2], interval=Interval.KNAPP_HARTUNG), "use wald or t"),
        (lambda: glmm("OR", [1], [2], [1], [2], coding=2), "coding is 2"),
        (lambda: glmm("OR", [1], [2], [1], [2], points=0), "points is 0"),
        (lambda: glmm("PLO", [3, 1], [2, 2]), "row 1: events1 is 3, and must not exceed total1"),
        (lambda: glmm("OR", [1.5, 2], [9, 9], [1, 2], [9, 9], model="CM.EL"), "row 1: events must be whole numbers"),
        (lambda: glmm("OR", [0], [9], [0], [9]), "nothing to compare"),
    ],
)
def test_impossible_input(call: Any, said: str) -> None:
    with pytest.raises(CannotPoolError, match=said):
        call()


# --- what must not change it --------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", list(GlmmModel))
def test_order_and_side(model: GlmmModel) -> None:
    a, n1, c, n2 = np.array([[1, 4, 0, 7], [40, 30, 25, 60], [5, 3, 2, 20], [35, 30, 28, 61]], dtype=float)
    order = [2, 0, 3, 1]
    here = glmm("OR", a, n1, c, n2, model=model)
    there = glmm("OR", a[order], n1[order], c[order], n2[order], model=model)
    other = glmm("OR", c, n2, a, n1, model=model)
    for sign, result in ((1, there), (-1, other)):
        assert sign * result.estimate == pytest.approx(here.estimate, rel=CLOSE)
        assert [result.se, result.tau2, result.loglik] == pytest.approx([here.se, here.tau2, here.loglik], rel=1e-7)


def test_the_unit_of_time_changes_nothing_of_a_ratio() -> None:
    x1, t1, x2, t2 = (np.array(column) for column in columns("dialysis"))
    days, years = fitted("IRR UM.FS dialysis"), glmm("IRR", x1, t1 / 365, x2, t2 / 365)
    names = ("estimate", "se", "tau2", "loglik", "lrt")
    assert [getattr(years, n) for n in names] == pytest.approx([getattr(days, n) for n in names], rel=CLOSE)
