"""Leave-one-out, cumulative, influence, Baujat, shrunken effects and profile, against metafor at its tightest."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guidewright.metaanalysis.notices import CannotPoolError
from guidewright.metaanalysis.options import Interval, Model, Tau2Method
from guidewright.metaanalysis.pooling import pool
from guidewright.metaanalysis.sensitivity.baujat import baujat
from guidewright.metaanalysis.sensitivity.cumulative import cumulative
from guidewright.metaanalysis.sensitivity.gosh import gosh
from guidewright.metaanalysis.sensitivity.influence import influence
from guidewright.metaanalysis.sensitivity.leave_one_out import leave_one_out
from guidewright.metaanalysis.sensitivity.shrinkage import shrunken_effects
from guidewright.metaanalysis.sensitivity.tau2_profile import tau2_profile
from guidewright.metaanalysis.sensitivity.true_effects import true_effects

PINNED: dict[str, Any] = json.loads((Path(__file__).parent / "data" / "sensitivity.json").read_text())
WEIGHTED: dict[str, Any] = json.loads((Path(__file__).parent / "data" / "weighted.json").read_text())
Y, V, YEAR = (np.array(PINNED["bcg"][name]) for name in ("y", "v", "year"))
INTERVAL = {
    "z": Interval.WALD,
    "t": Interval.T,
    "knha": Interval.KNAPP_HARTUNG,
    "adhoc": Interval.KNAPP_HARTUNG_TRUNCATED,
}
#: metafor's names of what a refit holds.
REFIT = {
    "estimate": "estimate",
    "se": "se",
    "zval": "statistic",
    "pval": "p",
    "ci.lb": "low",
    "ci.ub": "high",
    "Q": "q",
    "Qp": "q_p",
    "tau2": "tau2",
    "I2": "i2",
    "H2": "h2",
}
INFLUENCE = {
    "rstudent": "studentised_deleted_residual",
    "dffits": "dffits",
    "cook.d": "cooks_distance",
    "cov.r": "covariance_ratio",
    "tau2.del": "tau2_deleted",
    "QE.del": "q_deleted",
    "hat": "hat",
    "weight": "weight",
    "dfbetas": "dfbetas",
    "influential": "influential",
    "resid": "residual",
    "z": "standardised_residual",
}


def options(fit: dict[str, Any]) -> dict[str, Any]:
    common = fit["method"] == "EE"
    method = Tau2Method.REML if common else Tau2Method(fit["method"])
    model = Model.COMMON if common else Model.RANDOM
    return {"model": model, "tau2_method": method, "interval": INTERVAL[fit["test"]]}


def close(found: Any, expected: list[float]) -> None:
    np.testing.assert_allclose(np.asarray(found, dtype=float), np.array(expected, dtype=float), rtol=1e-8, atol=1e-10)


each_fit = pytest.mark.parametrize("fit", PINNED["fits"], ids=lambda fit: f"{fit['method']}-{fit['test']}")


@each_fit
def test_leave_one_out_is_metafors(fit: dict[str, Any]) -> None:
    found = leave_one_out(Y, V, **options(fit))
    expected = fit["leave_one_out"]
    assert set(expected) <= set(REFIT)
    for name, values in expected.items():
        close(getattr(found.results, REFIT[name]), values)
    assert found.rows == tuple(range(13))


@each_fit
def test_cumulative_is_metafors_with_ties_in_the_order_of_the_rows(fit: dict[str, Any]) -> None:
    found = cumulative(Y, V, YEAR, **options(fit))
    for name, values in fit["cumulative"].items():
        close(getattr(found.results, REFIT[name]), values)


@each_fit
def test_influence_is_metafors(fit: dict[str, Any]) -> None:
    found = influence(Y, V, **options(fit))
    assert set(fit["influence"]) == set(INFLUENCE)
    for name, values in fit["influence"].items():
        close(getattr(found, INFLUENCE[name]), values)


@pytest.mark.parametrize(
    "fit", [fit for fit in PINNED["fits"] if fit["test"] in {"z", "t"}], ids=lambda fit: fit["method"]
)
def test_baujat_is_metafors(fit: dict[str, Any]) -> None:
    chosen = options(fit)
    del chosen["interval"]
    found = baujat(Y, V, **chosen)
    close(found.heterogeneity, fit["baujat"]["x"])
    close(found.influence, fit["baujat"]["y"])


@pytest.mark.parametrize("fit", PINNED["fits"][1:], ids=lambda fit: f"{fit['method']}-{fit['test']}")
def test_shrunken_effects_are_metafors(fit: dict[str, Any]) -> None:
    chosen = options(fit)
    del chosen["model"]
    found = shrunken_effects(Y, V, **chosen)
    for prefix, expected in (("", fit["blup"]), ("random_effect_", fit["ranef"])):
        close(getattr(found, prefix + "se"), expected["se"])
        close(getattr(found, prefix + "low"), expected["pi.lb"])
        close(getattr(found, prefix + "high"), expected["pi.ub"])
    close(found.estimate, fit["blup"]["pred"])
    close(found.random_effect, fit["ranef"]["pred"])


@pytest.mark.parametrize("expected", PINNED["profile"], ids=lambda one: one["method"])
def test_profile_is_the_log_likelihood_of_metafor(expected: dict[str, Any]) -> None:
    for tau2, value in zip(expected["tau2"][1:], expected["loglik"][1:], strict=True):
        found = tau2_profile(Y, V, tau2_method=Tau2Method(expected["method"]), highest=tau2, points=2)
        close(found.log_likelihood[found.tau2 == tau2], [value])
        close(found.log_likelihood[0], expected["loglik"][0])
        assert found.log_likelihood_maximum >= found.log_likelihood.max()


def test_profile_goes_beyond_its_maximum() -> None:
    found = tau2_profile(Y, V)
    assert found.maximum == pytest.approx(0.3132433, abs=1e-7)
    assert found.tau2[0] == 0 and found.tau2[-1] > 4 * found.maximum
    with pytest.raises(CannotPoolError, match="maximises no likelihood"):
        tau2_profile(Y, V, tau2_method=Tau2Method.DL)
    with pytest.raises(CannotPoolError, match="points"):
        tau2_profile(Y, V, points=1)
    with pytest.raises(CannotPoolError, match="highest"):
        tau2_profile(Y, V, highest=0)


def test_ties_may_enter_together() -> None:
    found = cumulative([0.1, 0.2, 0.3, 0.4], [0.1] * 4, [2001, 2000, 2001, 1999], together=True)
    assert found.rows == ((3,), (1,), (0, 2))
    assert found.results.k.tolist() == [1, 2, 4]


def test_rows_without_an_effect_or_an_order_are_left_out() -> None:
    y, order = [0.1, np.nan, 0.3, 0.4], [3, 1, np.nan, 2]
    found = cumulative(y, [0.1] * 4, order)
    assert found.rows == ((3,), (0,))
    assert [notice.code for notice in found.notices] == ["rows-dropped", "rows-dropped"]
    assert "row 2" in found.notices[0].text and "row 3" in found.notices[1].text
    assert leave_one_out(y, [0.1] * 4).rows == (0, 2, 3)
    with pytest.raises(CannotPoolError, match="`order`"):
        cumulative(y, [0.1] * 4, [np.nan] * 4)
    with pytest.raises(CannotPoolError, match="same number of rows"):
        cumulative(y, [0.1] * 4, [1, 2])


def test_one_and_two_studies() -> None:
    for analysis in (leave_one_out, influence, baujat, tau2_profile):
        with pytest.raises(CannotPoolError, match="2 or more"):
            analysis([0.2], [0.1])
    assert cumulative([0.2], [0.1]).results.estimate.tolist() == [0.2]
    two = leave_one_out([0.2, 0.6], [0.1, 0.3], interval=Interval.KNAPP_HARTUNG).results
    assert two.estimate.tolist() == [0.6, 0.2]
    np.testing.assert_allclose(two.se, np.sqrt([0.3, 0.1]))
    assert np.isfinite(influence([0.2, 0.6], [0.1, 0.3]).dffits).all()
    alone = shrunken_effects([0.2], [0.1])
    assert (alone.estimate[0], alone.shrinkage[0]) == (0.2, 1.0)


def test_effects_that_are_all_the_same() -> None:
    found = influence([0.3] * 5, [0.1, 0.2, 0.3, 0.4, 0.5])
    assert not found.influential.any() and not found.residual.any()
    assert shrunken_effects([0.3] * 5, [0.1] * 5).shrinkage.tolist() == [1.0] * 5
    with pytest.raises(CannotPoolError, match="Knapp-Hartung"):
        influence([0.3] * 5, [0.1] * 5, interval=Interval.KNAPP_HARTUNG)
    with pytest.raises(CannotPoolError, match="Knapp-Hartung"):  # without the first study all others agree
        influence([0.9, 0.3, 0.3], [0.1] * 3, interval=Interval.KNAPP_HARTUNG)


def test_options_that_refits_cannot_have() -> None:
    with pytest.raises(CannotPoolError, match="weights"):
        leave_one_out(Y, V, tau2_method=Tau2Method.GENQ)
    with pytest.raises(CannotPoolError, match="level"):
        leave_one_out(Y, V, level=95)
    with pytest.raises(CannotPoolError, match="row 2"):
        leave_one_out([0.1, 0.2, 0.3], [0.1, 0, 0.1])


def test_refits_in_several_blocks_are_those_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    whole, steps, swayed = leave_one_out(Y, V), cumulative(Y, V), influence(Y, V, interval=Interval.KNAPP_HARTUNG)
    monkeypatch.setattr("guidewright.metaanalysis.sensitivity.refits.BLOCK", 30)
    np.testing.assert_allclose(leave_one_out(Y, V).results.estimate, whole.results.estimate, rtol=1e-14)
    np.testing.assert_allclose(cumulative(Y, V).results.estimate, steps.results.estimate, rtol=1e-14)
    again = influence(Y, V, interval=Interval.KNAPP_HARTUNG)
    np.testing.assert_allclose(again.dfbetas, swayed.dfbetas, rtol=1e-12)


def test_share_of_true_effects_beyond_a_threshold() -> None:
    """Mathur & VanderWeele 2019: normal share with its delta-method error."""
    found = true_effects(Y, V, threshold=np.log(0.8))
    whole = pool(Y, V)
    tau = np.sqrt(whole.tau2)
    z = (np.log(0.8) - whole.estimate) / tau
    assert found.below == pytest.approx(0.5 * (1 + math.erf(z / math.sqrt(2))))
    assert found.above + found.below == 1
    by_mean, by_tau2 = whole.se / tau, z * (whole.tau2_se or 0) / (2 * whole.tau2)
    density = np.exp(-z * z / 2) / np.sqrt(2 * np.pi)
    assert found.se == pytest.approx(density * np.sqrt(by_mean**2 + by_tau2**2))
    assert found.calibrated_above == pytest.approx(np.mean(np.array(found.calibrated) > np.log(0.8)))
    # calibrated estimates spread as the true effects are thought to
    assert np.var(found.calibrated, ddof=1) == pytest.approx(whole.tau2, rel=0.2)


def test_share_of_true_effects_without_heterogeneity() -> None:
    found = true_effects([0.3] * 4, [0.1] * 4, threshold=0.1)
    assert (found.above, found.below, found.se, found.above_low) == (1.0, 0.0, None, None)
    assert "share-undefined" in [notice.code for notice in found.notices]
    with pytest.raises(CannotPoolError, match="threshold"):
        true_effects(Y, V, threshold=np.inf)
    assert "share-rough" in [notice.code for notice in true_effects(Y[:5], V[:5], threshold=0).notices]


studies = st.lists(st.tuples(st.floats(-2, 2), st.floats(0.01, 1)), min_size=3, max_size=12)


@settings(max_examples=25, deadline=None)
@given(studies, st.randoms(), st.floats(0.1, 10))
def test_refits_follow_the_rows_and_the_scale(rows: list[tuple[float, float]], random: Any, factor: float) -> None:
    y, v = np.array(rows).T
    order = list(range(len(y)))
    random.shuffle(order)
    plain = leave_one_out(y, v, tau2_method=Tau2Method.DL).results
    other = leave_one_out(factor * y[order], factor**2 * v[order], tau2_method=Tau2Method.DL).results
    np.testing.assert_allclose(other.estimate, factor * plain.estimate[order], rtol=1e-9, atol=1e-12 * factor)
    np.testing.assert_allclose(other.se, factor * plain.se[order], rtol=1e-9)
    turned = influence(-y, v, tau2_method=Tau2Method.DL)
    straight = influence(y, v, tau2_method=Tau2Method.DL)
    np.testing.assert_allclose(turned.dffits, -straight.dffits, rtol=1e-7, atol=1e-10)
    # the last step of a cumulative analysis is the whole
    assert cumulative(y, v, order).results.estimate[-1] == pytest.approx(pool(y, v).estimate, rel=1e-8, abs=1e-10)


@settings(max_examples=15, deadline=None)
@given(studies)
def test_leave_one_out_by_likelihood_is_pool_of_the_others(rows: list[tuple[float, float]]) -> None:
    y, v = np.array(rows).T
    for method in (Tau2Method.REML, Tau2Method.ML):
        found = leave_one_out(y, v, tau2_method=method).results
        for i in range(len(y)):
            other = pool(np.delete(y, i), np.delete(v, i), tau2_method=method)
            assert found.tau2[i] == pytest.approx(other.tau2, rel=1e-8, abs=1e-9)
            assert found.estimate[i] == pytest.approx(other.estimate, rel=1e-8, abs=1e-9)


@pytest.mark.parametrize("method", [Tau2Method.REML, Tau2Method.GENQ, Tau2Method.GENQM])
def test_weights_go_with_their_study_into_every_refit(method: Tau2Method) -> None:
    y, v = np.array([0.1, 0.8, 0.3, 0.5, -0.2]), np.array([0.02, 0.06, 0.03, 0.1, 0.05])
    weights, years = np.array([3.0, 1.0, 2.0, 0.5, 1.5]), np.array([2003.0, 2001.0, 2005.0, 2002.0, 2004.0])
    left = leave_one_out(y, v, tau2_method=method, weights=weights).results
    grown = cumulative(y, v, years, tau2_method=method, weights=weights).results
    for n in range(5):
        others = np.arange(5) != n
        whole = pool(y[others], v[others], tau2_method=method, weights=weights[others])
        assert (left.estimate[n], left.tau2[n]) == pytest.approx((whole.estimate, whole.tau2), rel=1e-10)
        first = np.argsort(years)[: n + 1]
        part = pool(y[first], v[first], tau2_method=method, weights=weights[first])
        assert (grown.estimate[n], grown.se[n]) == pytest.approx((part.estimate, part.se), rel=1e-10)


@pytest.mark.parametrize("fit", WEIGHTED["fits"], ids=lambda fit: f"{fit['method']}-{fit['test']}")
def test_influence_with_weights_is_metafors(fit: dict[str, Any]) -> None:
    found = influence(Y, V, weights=WEIGHTED["weights"], **options(fit))
    assert set(fit["influence"]) == set(INFLUENCE)
    for name, values in fit["influence"].items():
        close(getattr(found, INFLUENCE[name]), values)


@pytest.mark.parametrize("fit", [fit for fit in WEIGHTED["fits"] if fit["test"] == "z"], ids=lambda fit: fit["method"])
def test_baujat_with_weights_is_metafors(fit: dict[str, Any]) -> None:
    chosen = options(fit)
    del chosen["interval"]
    found = baujat(Y, V, weights=WEIGHTED["weights"], **chosen)
    close(found.heterogeneity, fit["baujat"]["x"])
    close(found.influence, fit["baujat"]["y"])


@pytest.mark.parametrize("subsets", WEIGHTED["subsets"], ids=lambda subsets: subsets["method"])
def test_subsets_with_weights_are_metafors(subsets: dict[str, Any]) -> None:
    chosen = options({**subsets, "test": "z"})
    del chosen["interval"]
    found = gosh(Y[:6], V[:6], weights=WEIGHTED["weights"][:6], **chosen)
    place = {tuple(np.flatnonzero([found.holding(i)[n] for i in range(6)])): n for n in range(len(found.k))}
    order = [place[tuple(np.atleast_1d(members))] for members in subsets["members"]]
    assert sorted(order) == list(range(63))
    for name in ("estimate", "q", "tau2"):
        close(getattr(found, name)[order], subsets[name])
    whole = pool(Y[:6], V[:6], weights=WEIGHTED["weights"][:6], **chosen)
    assert found.se[place[0, 1, 2, 3, 4, 5]] == pytest.approx(whole.se, rel=1e-10)


def test_a_refit_without_any_weight_is_refused() -> None:
    with pytest.raises(CannotPoolError, match="no weight above 0"):
        leave_one_out([0.1, 0.2, 0.3], [0.1, 0.1, 0.1], weights=[0, 1, 0])
    with pytest.raises(CannotPoolError, match="needs `weights`, one for each row"):
        leave_one_out([0.1, 0.2, 0.3], [0.1, 0.1, 0.1], tau2_method=Tau2Method.GENQ)
