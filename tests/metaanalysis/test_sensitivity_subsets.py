"""GOSH: all subsets against metafor, and random ones against pooling each alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from guidewright.metaanalysis.kernels.groups import Groups
from guidewright.metaanalysis.kernels.likelihood import maximise
from guidewright.metaanalysis.notices import CannotPoolError
from guidewright.metaanalysis.options import Model, Tau2Method
from guidewright.metaanalysis.pooling import pool
from guidewright.metaanalysis.sensitivity.gosh import gosh
from guidewright.metaanalysis.sensitivity.subset_likelihood import SubsetLikelihood

PINNED: dict[str, Any] = json.loads((Path(__file__).parent / "data" / "sensitivity.json").read_text())
Y, V = (np.array(PINNED["bcg"][name]) for name in ("y", "v"))


@pytest.mark.parametrize("expected", PINNED["subsets"], ids=lambda one: one["method"])
def test_all_subsets_are_metafors(expected: dict[str, Any]) -> None:
    common = expected["method"] == "EE"
    method = Tau2Method.REML if common else Tau2Method(expected["method"])
    found = gosh(Y[:6], V[:6], model=Model.COMMON if common else Model.RANDOM, tau2_method=method)
    assert len(found.k) == len(expected["k"]) == 63
    number = {tuple(i for i in range(6) if found.holding(i)[b]): b for b in range(63)}
    members = [(m,) if isinstance(m, int) else tuple(m) for m in expected["members"]]
    at = [number[m] for m in members]
    for name in ("k", "estimate", "q", "i2", "h2", "tau2"):
        theirs = np.array(expected[name], dtype=float)
        if name == "h2" and not common:  # there it is Q / df under DL, here what it is for all the studies
            theirs = np.maximum(theirs, 1)
        np.testing.assert_allclose(getattr(found, name)[at], theirs, rtol=1e-8, atol=1e-9, err_msg=name)


@pytest.mark.parametrize("method", [Tau2Method.REML, Tau2Method.ML, Tau2Method.DL, Tau2Method.PM, Tau2Method.SJ])
def test_random_subsets_are_pooled_as_alone(method: Tau2Method) -> None:
    found = gosh(Y, V, subsets=60, seed=3, tau2_method=method)
    assert (len(found.k), found.seed) == (60, 3)
    for b in range(60):
        held = [i for i in range(13) if found.holding(i)[b]]
        alone = pool(Y[held], V[held], tau2_method=method)
        assert found.k[b] == len(held)
        for name in ("estimate", "se", "tau2", "q", "i2", "h2"):
            assert getattr(found, name)[b] == pytest.approx(getattr(alone, name), rel=1e-8, abs=1e-9), name


def test_random_subsets_differ_and_are_reproducible() -> None:
    found, again = gosh(Y, V, subsets=1000, seed=5), gosh(Y, V, subsets=1000, seed=5)
    assert len(np.unique(found.members, axis=0)) == 1000
    assert (found.members == again.members).all() and (found.estimate == again.estimate).all()
    assert (found.members != gosh(Y, V, subsets=1000, seed=6).members).any()
    # each study is in about half of them
    assert all(400 < found.holding(i).sum() < 600 for i in range(13))


def test_more_studies_than_fit_into_a_number() -> None:
    random = np.random.default_rng(1)
    v = random.uniform(0.01, 0.2, 70)
    y = random.normal(0.3, np.sqrt(v + 0.05))
    found = gosh(y, v, subsets=50)
    b = 17
    held = [i for i in range(70) if found.holding(i)[b]]
    assert found.k[b] == len(held)
    assert found.estimate[b] == pytest.approx(pool(y[held], v[held]).estimate, rel=1e-9)


def test_how_many_subsets(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(gosh([0.3], [0.1]).k) == 1
    assert len(gosh(Y[:3], V[:3], subsets=100).k) == 7
    monkeypatch.setattr("guidewright.metaanalysis.sensitivity.gosh.ALL_UP_TO", 5)
    monkeypatch.setattr("guidewright.metaanalysis.sensitivity.gosh.DRAWN", 20)
    drawn = gosh(Y[:6], V[:6])
    assert len(drawn.k) == 20 and drawn.notices[0].code == "subsets-drawn"
    with pytest.raises(CannotPoolError, match="subsets"):
        gosh(Y, V, subsets=0)
    with pytest.raises(CannotPoolError, match="row 2"):
        gosh([0.1, 0.2], [0.1, 0.0])


def test_rows_left_out_keep_their_numbers() -> None:
    found = gosh([0.1, np.nan, 0.4], [0.1, 0.1, 0.2])
    assert found.rows == (0, 2) and len(found.k) == 3 and found.notices[0].code == "rows-dropped"


@pytest.mark.parametrize("restricted", [True, False])
def test_subsets_with_several_maxima_get_the_global_one(restricted: bool) -> None:
    """Precise studies that agree and rough ones that do not: the likelihood has a maximum at 0 and another one."""
    random = np.random.default_rng(2)
    several = 0
    for _set in range(25):
        v = 10 ** random.uniform(-4, 0, 10)
        y = random.normal(0, np.sqrt(v)) + random.choice([0, 1], 10) * random.normal(0, 1, 10)
        likelihood = SubsetLikelihood.of(y, v, restricted=restricted)
        included = (random.random((10, 100)) < 0.5).astype(float)
        included[0, included.sum(axis=0) == 0] = 1
        several += int(likelihood._scan_and_close_in(included)[1].sum())
        found = likelihood.maximise(included)
        owner, study = np.nonzero(included.T)
        general = maximise(y[study] - y.mean(), v[study], Groups.of_sizes(np.bincount(owner)), restricted=restricted)
        assert found.converged.all()
        np.testing.assert_allclose(found.tau2, general.tau2, rtol=1e-8, atol=1e-8 * v.min())
    assert several > 3


def test_effects_that_are_all_the_same() -> None:
    found = gosh([0.3] * 5, [0.1, 0.2, 0.3, 0.4, 0.5])
    np.testing.assert_allclose(found.estimate, 0.3)
    assert not found.tau2.any() and not found.i2.any()
