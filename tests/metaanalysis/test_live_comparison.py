"""The live comparison with R's metafor, as far as it can be tested without R: what it asks for, and what it says."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from guidewright.metaanalysis.effects import Family, Measure, effect_sizes
from guidewright.metaanalysis.options import Tau2Method
from guidewright.metaanalysis.pooling import pool
from tests.metaanalysis.grid_rules.reference import columns_of
from tests.metaanalysis.live.__main__ import AGREES, CANNOT_RUN, DIFFERS, compared, main
from tests.metaanalysis.live.analyses import FOUND_ROUGHLY, MEASURES, random_analyses
from tests.metaanalysis.reference_grid import table

GRID = Path(__file__).parent / "data/grid"
TWO_HUNDRED = random_analyses(200, 20250801)


def test_the_same_seed_gives_the_same_analyses() -> None:
    assert json.dumps(TWO_HUNDRED) == json.dumps(random_analyses(200, 20250801))
    assert json.dumps(TWO_HUNDRED[:5]) != json.dumps(random_analyses(5, 1))


def test_two_hundred_analyses_ask_for_everything() -> None:
    assert {one["measure"] for one in TWO_HUNDRED} == set(MEASURES) == set(Measure) - {Measure.HR}
    asked = {method for one in TWO_HUNDRED for method in [*one["pool"], *one["weighted"]]}
    assert asked == {"FE", *Tau2Method}
    for part in ("small_sample", "prediction"):
        tests = {name.split("_")[1] for one in TWO_HUNDRED for name in one[part]}
        assert tests == ({"t", "knha", "adhoc"} if part == "small_sample" else {"z", "t", "knha", "adhoc"})
    assert any(name.endswith("_Riley") for one in TWO_HUNDRED for name in one["prediction"])
    assert {kind for one in TWO_HUNDRED for kind in one["tau2_limits"]} == {"GENQ", "PL_ML", "PL_REML"}
    models = {(one["measure"], model) for one in TWO_HUNDRED for model in one["glmm"]}
    assert models >= {("OR", "UM.FS"), ("OR", "UM.RS"), ("OR", "CM.EL"), ("OR", "CM.AL"), ("IRR", "CM.EL"), ("PLO", "")}
    for part in (
        "leave1out",
        "influence",
        "cumul_by_year",
        "bias",
        "selmodel",
        "metareg",
        "subgroup",
        "multilevel",
        "mh",
    ):
        assert sum(bool(one[part]) for one in TWO_HUNDRED) >= 5, part


@pytest.mark.parametrize("one", TWO_HUNDRED[::7], ids=lambda one: one["name"])
def test_the_studies_are_such_as_can_be_pooled(one: dict) -> None:  # type: ignore[type-arg]
    measure = Measure(one["measure"])
    if measure.family is Family.GENERIC:
        y, v = np.array(one["raw"]["yi"]), np.array(one["raw"]["vi"])
    else:
        found = effect_sizes(measure, **columns_of(measure, one["raw"]))
        y, v = found.y, found.v
    usable = np.isfinite(y) & np.isfinite(v)
    assert usable.sum() >= (1 if measure in FOUND_ROUGHLY else 2)
    assert pool(y[usable], v[usable]).se > 0


def test_without_r_it_says_so_and_compares_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main([]) == CANNOT_RUN
    said = capsys.readouterr()
    assert "R is not installed" in said.err
    assert "Nothing was compared." in said.err
    assert said.out == ""


def test_a_number_that_differs_is_a_fault_with_its_analysis(tmp_path: Path) -> None:
    file = json.loads((GRID / "syn_k3.json").read_text(encoding="utf-8"))
    file["analyses"]["GEN"]["pool"]["DL"]["tight"]["se"] *= 1 + 1e-8
    (tmp_path / "007-GEN.json").write_text(json.dumps(file), encoding="utf-8")
    found = compared(tmp_path)
    assert [fault.where for fault in found.faults] == ["007-GEN: analyses/GEN/pool/DL/tight/se [0] off by 1.0e-08"]
    assert table(found)[-2] == "faults: 1"
    assert {AGREES, DIFFERS, CANNOT_RUN} == {0, 1, 2}
