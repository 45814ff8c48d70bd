"""Correlated outcomes, held against metafor (data/dependent.R), publications and special cases."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from guidewright.metaanalysis.dependent import (
    Means,
    MultivariateFit,
    RandomStructure,
    likelihood_ratio,
    multilevel,
    multivariate,
    profile_intervals,
    sampling_covariance,
)
from guidewright.metaanalysis.notices import CannotPoolError
from guidewright.metaanalysis.options import Interval, Tau2Method

PINNED: dict[str, Any] = json.loads((Path(__file__).parent / "data/dependent.json").read_text(encoding="utf-8"))
CASES = PINNED["multivariate"]
BERKEY, ISHAK, KON = (PINNED["data"][name] for name in ("berkey", "ishak", "konstantopoulos"))


def close(value: Any, rel: float = 1e-8) -> Any:
    return pytest.approx(value, rel=rel, abs=1e-12)


def berkey(**options: Any) -> MultivariateFit:
    pairs = np.column_stack([BERKEY["v1i"], BERKEY["v2i"]])
    blocks = list(pairs.reshape(5, 2, 2))
    return multivariate(BERKEY["yi"], blocks, outcomes=BERKEY["outcome"], studies=BERKEY["trial"], **options)


def ishak(**options: Any) -> MultivariateFit:
    v = sampling_covariance(ISHAK["vi"], ISHAK["study"], correlation=0.97, times=ISHAK["time"])
    return multivariate(ISHAK["yi"], v, outcomes=ISHAK["time"], studies=ISHAK["study"], **options)


def fitted(name: str) -> MultivariateFit:
    case = CASES[name]
    options: dict[str, Any] = {
        "structure": RandomStructure(case["struct"]),
        "method": Tau2Method(case["method"]),
        "interval": Interval.T if case["test"] == "t" else Interval.WALD,
    }
    if "year" in name:
        options["moderators"] = np.array(BERKEY["year"]) - 1983
    return (berkey if name.startswith("berkey") else ishak)(**options)


@pytest.mark.parametrize("name", CASES)
def test_agrees_with_metafor_at_the_exact_optimum(name: str) -> None:
    case, fit = CASES[name], fitted(name)
    assert fit.random_covariance == close(np.array(case["G"]))
    assert [one.name for one in fit.outcomes] == [str(one) for one in case["outcomes"]]
    for field in ("estimate", "se", "statistic", "low", "high"):
        assert [getattr(one, field) for one in fit.coefficients] == close(case[field])
    assert [one.p for one in fit.coefficients] == pytest.approx(case["p"], abs=1e-8)
    assert (fit.q, fit.q_df, fit.q_p) == (close(case["q"]), case["q_df"], pytest.approx(case["q_p"], abs=1e-8))
    joint = {"qm": case["qm"], "p": case["qm_p"]} if case["moderators"] is None else case["moderators"]
    assert (fit.qm, fit.qm_p) == (close(joint["qm"]), pytest.approx(joint["p"], abs=1e-8))
    assert fit.loglik == close(case["loglik"])
    assert fit.loglik >= case["metafor_loglik"] - 1e-9
    for criterion in ("aic", "bic", "aicc"):  # metafor's stand at its own, slightly lower likelihood
        assert getattr(fit, criterion) == pytest.approx(case["criteria"][criterion], abs=1e-6)
    assert fit.gradient < 1e-9


def test_berkey_1998_page_2545_table_ii() -> None:
    fit = fitted("berkey_UN_year_ml")
    assert [round(one.estimate, 4) for one in fit.coefficients] == [-0.3351, 0.3479, -0.0108, 0.0010]
    assert [round(one.se, 4) for one in fit.coefficients] == [0.0787, 0.0520, 0.0243, 0.0154]
    assert np.round(fit.random_covariance, 4).tolist() == [[0.0250, 0.0093], [0.0093, 0.0080]]
    assert [one.name for one in fit.coefficients] == ["AL", "PD", "moderator 1: AL", "moderator 1: PD"]


def test_likelihood_ratio_of_structures() -> None:
    """metafor's worked example of Berkey et al. 1998 (package tests): p = 0.2597 for unequal variances."""
    full, equal = (berkey(structure=one, method=Tau2Method.ML) for one in (RandomStructure.UN, RandomStructure.CS))
    test = likelihood_ratio(full, equal)
    assert (round(test.p, 4), test.df, test.p_boundary) == (0.2597, 1, None)
    alone = berkey(structure=RandomStructure.DIAG, method=Tau2Method.ML)
    assert round(likelihood_ratio(full, alone).p, 4) == 0.2452  # no correlation of the true effects


def test_structures_agree_where_they_are_the_same_model() -> None:
    two, heteroscedastic = fitted("berkey_UN"), fitted("berkey_HCS")
    assert heteroscedastic.random_covariance == close(two.random_covariance)
    # compound symmetry of schools within districts is the three-level model in other words
    common = multivariate(
        KON["yi"], KON["vi"], outcomes=KON["school"], studies=KON["district"], structure=RandomStructure.CS,
        means=Means.COMMON,
    )  # fmt: skip
    levels = multilevel(KON["yi"], KON["vi"], levels=[KON["district"], KON["school"]]).levels
    assert common.outcomes[0].tau2 == close(sum(one.sigma2 for one in levels))
    assert common.correlations[0][1] == close(levels[0].sigma2 / sum(one.sigma2 for one in levels))


def test_uncorrelated_outcomes_are_pooled_as_if_alone() -> None:
    fit = multivariate(
        BERKEY["yi"], BERKEY["vi"], outcomes=BERKEY["outcome"], studies=BERKEY["trial"], structure=RandomStructure.DIAG
    )
    for number, name in enumerate(("AL", "PD")):
        mine = np.array(BERKEY["outcome"]) == name
        alone = multilevel(np.array(BERKEY["yi"])[mine], np.array(BERKEY["vi"])[mine], levels=[range(5)])
        assert fit.outcomes[number].tau2 == close(alone.levels[0].sigma2)
        assert fit.outcomes[number].i2 == close(alone.levels[0].i2)
        assert fit.outcomes[number].prediction_low == close(alone.prediction_low)
        assert fit.coefficients[number].se == close(alone.coefficients[0].se)
        assert profile_intervals(fit)[number].high == close(profile_intervals(alone)[0].high)


def test_a_fixed_correlation_of_one_half_is_a_network_of_contrasts() -> None:
    """Two contrasts with a shared control: the difference of the arms has the same tau2 as each contrast."""
    y, v = [0.2, 0.9, -0.4, 0.5, 1.2, 0.3], [np.array([[0.1, 0.05], [0.05, 0.1]])] * 3
    study, arm = [1, 1, 2, 2, 3, 3], np.array(["b", "c"] * 3)
    design = np.column_stack([arm == "b", arm == "c"]).astype(float)
    options: Any = {"studies": study, "structure": RandomStructure.CS, "correlation": 0.5, "means": Means.NONE}
    fit = multivariate(y, v, outcomes=arm, moderators=design, slope_per_outcome=False, **options)
    b, c = np.array(y[::2]), np.array(y[1::2])
    turned = multivariate(
        np.column_stack([c - b, -b]).ravel(), v, outcomes=arm, slope_per_outcome=False, **options,
        moderators=np.tile([[-1.0, 1.0], [-1.0, 0.0]], (3, 1)),
    )  # fmt: skip
    assert (fit.components, fit.correlations[0][1]) == (1, close(0.5))
    assert turned.outcomes[0].tau2 == close(fit.outcomes[0].tau2)
    assert [one.estimate for one in turned.coefficients] == close([one.estimate for one in fit.coefficients])


def test_a_correlation_on_the_boundary_is_exactly_1() -> None:
    truth = np.array([0.1, 0.9, -0.5, 1.4, 0.4, -0.2])
    noise = np.array([0.05, -0.04, 0.06, 0.01, -0.06, -0.02])
    y = np.column_stack([truth + noise, 2 * truth - noise]).ravel()
    fit = multivariate(y, np.full(12, 0.05), outcomes=["a", "b"] * 6, studies=np.repeat(range(6), 2))
    assert fit.correlations == ((1.0, 1.0), (1.0, 1.0))
    a, b = (one.tau2 for one in fit.outcomes)
    assert fit.random_covariance[0, 1] == close(float(np.sqrt(a * b)))
    assert fit.gradient < 1e-9


def test_a_variance_of_0_leaves_its_correlation_undefined() -> None:
    y = np.column_stack([[0.5, 0.5, 0.51, 0.49, 0.5], [0.1, 1.9, -0.8, 0.9, 2.5]]).ravel()
    options: Any = {"outcomes": ["a", "b"] * 5, "studies": np.repeat(range(5), 2)}
    fit = multivariate(y, np.full(10, 0.1), structure=RandomStructure.DIAG, **options)
    assert (fit.outcomes[0].tau2, fit.correlations[0][1]) == (0.0, None)
    assert [one.code for one in fit.notices] == ["correlation-undefined"]


def test_relabelling_order_and_scale_of_one_outcome_do_not_matter() -> None:
    fit = fitted("berkey_UN")
    order = np.random.default_rng(3).permutation(10)
    factor = np.where(np.array(BERKEY["outcome"]) == "PD", 1000.0, 1.0)
    v = np.zeros((10, 10))
    for n in range(0, 10, 2):
        v[n : n + 2, n : n + 2] = np.column_stack([BERKEY["v1i"], BERKEY["v2i"]])[n : n + 2]
    v = (v * np.outer(factor, factor))[np.ix_(order, order)]
    renamed = np.where(np.array(BERKEY["outcome"]) == "PD", "A", "B")[order]
    trial = np.array(list("vwxyz"))[np.array(BERKEY["trial"]) - 1][order]
    other = multivariate((np.array(BERKEY["yi"]) * factor)[order], v, outcomes=renamed, studies=trial)
    assert other.random_covariance[::-1, ::-1] == close(fit.random_covariance * np.outer([1, 1000], [1, 1000]))
    assert other.correlations[0][1] == close(fit.correlations[0][1])


def test_borenstein_2009_chapter_24_a_mean_of_correlated_outcomes() -> None:
    """The mean of two outcomes with variances v has variance (v1 + v2 + 2 r sqrt(v1 v2)) / 4."""
    v = sampling_covariance([0.05, 0.05], ["study", "study"], correlation=0.5)
    assert float(np.full(2, 0.5) @ v @ np.full(2, 0.5)) == close((0.05 + 0.05 + 2 * 0.5 * 0.05) / 4)


def test_sampling_covariance_agrees_with_metafor() -> None:
    given = PINNED["sampling"]
    v = sampling_covariance(ISHAK["vi"], ISHAK["study"], correlation=0.97, times=ISHAK["time"])
    assert v[:4, :4] == close(np.array(given["ishak_row1"]), rel=1e-12)
    assink = PINNED["data"]["assink"]
    assert sampling_covariance(assink["vi"], assink["study"], correlation=0.6)[:3, :3] == close(
        np.array(given["assink_1"]), rel=1e-12
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"correlation": 1.2}, "between -1 and 1"),
        ({"correlation": -0.6}, "cannot all be correlated below -0.5"),
        ({"correlation": -0.1, "times": [1, 2, 3]}, "between 0 and 1"),
        ({"correlation": 0.5, "times": [1, 2, np.nan]}, "one finite number"),
    ],
)
def test_impossible_sampling_correlations_are_named(options: dict[str, Any], message: str) -> None:
    with pytest.raises(CannotPoolError, match=message):
        sampling_covariance([0.1, 0.2, 0.3], ["a", "a", "a"], **options)


def test_what_the_data_cannot_determine_is_named() -> None:
    with pytest.raises(CannotPoolError, match="the correlation of a and b"):
        multivariate([0.1, 0.5, 0.2, 0.9], [0.1] * 4, outcomes=["a", "a", "b", "b"], studies=[1, 2, 3, 4])
    with pytest.raises(CannotPoolError, match="the variance of c"):
        multivariate(
            [0.1, 0.5, 0.2, 0.9, 0.3], [0.1] * 5, outcomes=[*"ababc"], studies=[1, 1, 2, 2, 2],
            structure=RandomStructure.DIAG,
        )  # fmt: skip
    with pytest.raises(CannotPoolError, match="structure CS only"):
        berkey(correlation=0.5)
    with pytest.raises(CannotPoolError, match="between -1 and 1"):
        berkey(correlation=-1.5, structure=RandomStructure.CS)
    with pytest.raises(CannotPoolError, match="variances only"):
        profile_intervals(fitted("berkey_UN"))


def test_an_outcome_twice_in_a_study_is_said() -> None:
    fit = multivariate(
        [0.1, 0.5, 0.2, 0.9, 0.3, 0.8, 0.0], [0.1] * 7, outcomes=[*"abababa"], studies=[1, 1, 2, 2, 3, 3, 3],
        structure=RandomStructure.ID,
    )  # fmt: skip
    assert "outcome-repeated" in [one.code for one in fit.notices]
