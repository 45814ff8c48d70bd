"""Cluster-robust variances, held against metafor and clubSandwich (data/dependent.R) and closed forms."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from guidewright.metaanalysis.dependent import (
    Correction,
    DegreesOfFreedom,
    DependentFit,
    MarginalModel,
    cluster_robust,
    marginal_model,
    multilevel,
    multivariate,
    sampling_covariance,
)
from guidewright.metaanalysis.notices import CannotPoolError

PINNED: dict[str, Any] = json.loads((Path(__file__).parent / "data/dependent.json").read_text(encoding="utf-8"))
DATA = PINNED["data"]
KON, ASSINK, BERKEY, BCG = (DATA[name] for name in ("konstantopoulos", "assink", "berkey", "bcg"))
#: Moderators such as the year 1970 cost R's unscaled normal equations some digits.
CLOSE = 1e-9


def close(value: Any) -> Any:
    return pytest.approx(value, rel=CLOSE)


def listed(value: Any) -> list[float]:
    return value if isinstance(value, list) else [value]


def fits() -> dict[str, tuple[DependentFit | MarginalModel, list[int]]]:
    pairs = np.column_stack([BERKEY["v1i"], BERKEY["v2i"]]).reshape(5, 2, 2)
    kinds = np.array(PINNED["multilevel"]["assink_type"]["columns"])[1:].T
    levels = [ASSINK["study"], ASSINK["esid"]]
    correlated = sampling_covariance(ASSINK["vi"], ASSINK["study"], correlation=0.6)
    moderators = np.column_stack([BCG["ablat"], BCG["year"]])
    return {
        "konstantopoulos": (
            multilevel(KON["yi"], KON["vi"], levels=[KON["district"], KON["school"]]),
            KON["district"],
        ),
        "berkey": (
            multivariate(BERKEY["yi"], list(pairs), outcomes=BERKEY["outcome"], studies=BERKEY["trial"]),
            BERKEY["trial"],
        ),
        "assink_correlated": (multilevel(ASSINK["yi"], correlated, levels=levels), ASSINK["study"]),
        "assink_type": (multilevel(ASSINK["yi"], ASSINK["vi"], levels=levels, moderators=kinds), ASSINK["study"]),
        "bcg": (marginal_model(BCG["yi"], BCG["vi"], tau2=0.3), BCG["trial"]),
        "bcg_abs": (marginal_model(BCG["yi"], BCG["vi"], tau2=0.1, moderators=moderators), BCG["trial"]),
        "assink_pooled": (marginal_model(ASSINK["yi"], ASSINK["vi"], tau2=0.25), ASSINK["study"]),
    }


FITS = fits()


def test_every_pinned_fit_is_compared() -> None:
    assert set(FITS) == set(PINNED["robust"])


@pytest.mark.parametrize("correction", Correction)
@pytest.mark.parametrize("name", FITS)
def test_agrees_with_clubsandwich(name: str, correction: Correction) -> None:
    fit, clusters = FITS[name]
    expected = PINNED["robust"][name][correction]
    found = cluster_robust(fit, clusters, correction=correction, degrees_of_freedom=DegreesOfFreedom.SATTERTHWAITE)
    for field in ("se", "df", "low", "high"):
        assert [getattr(one, field) for one in found.coefficients] == close(listed(expected[field]))
    assert [one.p for one in found.coefficients] == pytest.approx(listed(expected["p"]), abs=1e-8)
    assert found.coefficient_covariance == close(np.array(expected["covariance"]))
    if expected["wald"] is not None:
        assert found.joint is not None
        assert [found.joint.f, found.joint.df2] == close([expected["wald"]["f"], expected["wald"]["df2"]])
        assert found.joint.p == pytest.approx(expected["wald"]["p"], abs=1e-8)


@pytest.mark.parametrize("name", FITS)
def test_agrees_with_metafor(name: str) -> None:
    fit, clusters = FITS[name]
    for correction, key in ((Correction.CR0, "metafor_CR0"), (Correction.CR1P, "metafor_adjusted")):
        expected, found = PINNED["robust"][name][key], cluster_robust(fit, clusters, correction=correction)
        assert [one.se for one in found.coefficients] == close(listed(expected["se"]))
        assert [one.p for one in found.coefficients] == pytest.approx(listed(expected["p"]), abs=1e-8)
        assert {one.df for one in found.coefficients} == set(map(float, listed(expected["df"])))
        if "qm" in expected:
            assert found.joint is not None
            assert found.joint.f == close(expected["qm"])
            assert found.joint.p == pytest.approx(expected["qm_p"], abs=1e-8)


def test_bcg_by_metafor_s_own_test() -> None:
    """The variances that metafor's own test of robust() expects for the REML fit of the BCG trials."""
    tau2 = multilevel(BCG["yi"], BCG["vi"], levels=[BCG["trial"]]).levels[0].sigma2
    model = marginal_model(BCG["yi"], BCG["vi"], tau2=tau2)
    for correction, variance in ((Correction.CR1P, 0.032106), (Correction.CR0, 0.029636)):
        found = cluster_robust(model, BCG["trial"], correction=correction)
        assert round(found.coefficients[0].se ** 2, 6) == variance


def test_equal_weights_make_cr2_the_ordinary_t_test() -> None:
    """One effect per cluster and equal variances: CR2 is s / sqrt(k) with k - 1 degrees of freedom."""
    y = np.array([0.3, 0.9, -0.2, 0.4, 0.6])
    one = cluster_robust(marginal_model(y, np.full(5, 0.2)), range(5)).coefficients[0]
    assert (one.estimate, one.se, one.df) == (close(y.mean()), close(y.std(ddof=1) / np.sqrt(5)), close(4.0))


def test_a_fit_with_dropped_rows_takes_the_clusters_of_all_rows_or_of_the_used() -> None:
    y, v, cluster = [*BCG["yi"], np.nan], [*BCG["vi"], 0.1], [*BCG["trial"], 99]
    model = marginal_model(y, v, tau2=0.3)
    expected = cluster_robust(*FITS["bcg"]).coefficients
    assert cluster_robust(model, cluster).coefficients == expected
    assert cluster_robust(model, cluster[:-1]).coefficients == expected
    assert [one.code for one in cluster_robust(model, cluster).notices] == ["rows-dropped"]


def test_order_and_labels_do_not_matter() -> None:
    order = np.random.default_rng(5).permutation(len(ASSINK["yi"]))
    y, v, study = (np.array(ASSINK[name])[order] for name in ("yi", "vi", "study"))
    found = cluster_robust(marginal_model(y, v, tau2=0.25), [f"study {100 - one}" for one in study])
    expected = cluster_robust(*FITS["assink_pooled"]).coefficients[0]
    for field in ("estimate", "se", "df", "p"):
        assert getattr(found.coefficients[0], field) == close(getattr(expected, field))


def test_few_degrees_of_freedom_are_said() -> None:
    found = cluster_robust(*FITS["berkey"])
    assert [one.code for one in found.notices] == ["few-degrees-of-freedom"]


def test_impossible_clusters_are_named() -> None:
    fit, district = FITS["konstantopoulos"]
    with pytest.raises(CannotPoolError, match="lets them be correlated"):
        cluster_robust(fit, KON["study"])
    with pytest.raises(CannotPoolError, match="1 clusters cannot give the variance of 1 coefficients"):
        cluster_robust(fit, [1] * len(district))
    with pytest.raises(CannotPoolError, match="one label for each"):
        cluster_robust(fit, district[:-2])
    with pytest.raises(CannotPoolError, match="row 3: the cluster is missing"):
        cluster_robust(FITS["bcg"][0], ["a", "b", None, *range(10)])
    with pytest.raises(CannotPoolError, match="tau2 is -1"):
        marginal_model(BCG["yi"], BCG["vi"], tau2=-1)
    with pytest.raises(CannotPoolError, match="satterthwaite or clusters"):
        cluster_robust(fit, district, degrees_of_freedom=DegreesOfFreedom.RESIDUAL)
