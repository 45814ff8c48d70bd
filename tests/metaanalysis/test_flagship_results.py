"""The committed results of the flagship are what its files give, and no number in them can be changed by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import statsmodels.stats.contingency_tables
import statsmodels.stats.meta_analysis

from guidewright.evidence.extraction import Extraction
from guidewright.guideline.analyses import Pooling, pool_project, save_results, seal, sourced_rows, to_json
from guidewright.metaanalysis.computing import _engine, compute, inputs_digest
from guidewright.metaanalysis.crosscheck import TOLERANCE, EnginesDisagreeError
from guidewright.metaanalysis.result import Result
from guidewright.metaanalysis.selection import SourcedRow
from guidewright.project import Project, load
from tests.metaanalysis.pooled_rows import analysis, pooled, sourced, strata

pytestmark = pytest.mark.xdist_group("flagship results")

ROOT = Path(__file__).parents[2]
#: Ten digits are kept; p values amplify the last of them by the square of their z.
ROUNDING = 1e-8


@pytest.fixture(scope="module")
def flagship() -> Project:
    project, problems = load(ROOT)
    assert project is not None, "\n".join(map(str, problems))
    return project


@pytest.fixture(scope="module")
def anew(flagship: Project) -> Pooling:
    return pool_project(flagship, anew=True)


def leaves(data: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield from leaves(value, f"{path}.{key}")
    elif isinstance(data, list):
        for n, value in enumerate(data):
            yield from leaves(value, f"{path}[{n}]")
    else:
        yield path, data


def test_pooled_anew_is_what_is_committed(flagship: Project, anew: Pooling) -> None:
    assert set(flagship.results) == set(flagship.analyses) == set(anew.computed)
    for name, result in anew.results.items():
        ours = dict(leaves(result.model_dump(mode="json")))
        committed = dict(leaves(flagship.results[name].model_dump(mode="json")))
        assert ours.keys() == committed.keys()
        for path, value in ours.items():
            if path in {".seal"} or path.startswith(".checked_with"):
                continue  # the seal of rounded numbers, and a bound, differ with the last digit
            if isinstance(value, float) and path.endswith(".p"):
                assert committed[path] == pytest.approx(value, rel=1e-5, abs=ROUNDING), (name, path)
            elif isinstance(value, float):
                assert committed[path] == pytest.approx(value, rel=ROUNDING), (name, path)
            else:
                assert committed[path] == value, (name, path)


def test_committed_results_are_kept(flagship: Project) -> None:
    pooling = pool_project(flagship)
    assert (pooling.computed, pooling.changed) == ((), ())
    assert pooling.results == flagship.results


def test_committed_files_are_written_as_the_tool_writes_them(flagship: Project) -> None:
    for name, result in flagship.results.items():
        file = ROOT / f"metaanalysis/results/{name}.json"
        assert file.read_text(encoding="utf-8") == to_json(result)
        assert result.seal == seal(result)


def test_results_are_the_same_bytes_each_time(flagship: Project, anew: Pooling) -> None:
    again = pool_project(flagship, anew=True)
    assert {n: to_json(r) for n, r in again.results.items()} == {n: to_json(r) for n, r in anew.results.items()}


# --- a number changed by hand -------------------------------------------------------------------------------------


def with_result(project: Project, name: str, result: Result) -> Project:
    return replace(project, results={**project.results, name: result})


def edited(result: Result, **numbers: Any) -> Result:
    first = result.strata[0]
    changed = first.model_copy(update={"summary": first.summary.model_copy(update=numbers)})
    return result.model_copy(update={"strata": (changed, *result.strata[1:])})


@pytest.mark.parametrize("name", ["q06-pain", "q14-anabolic"])
def test_a_number_changed_by_hand_is_noticed_and_computed_anew(flagship: Project, name: str) -> None:
    committed = flagship.results[name]
    by_hand = edited(committed, estimate=committed.strata[0].summary.estimate + 1e-9)
    pooling = pool_project(with_result(flagship, name, by_hand))
    assert pooling.computed == pooling.changed == (name,)
    right = committed.strata[0].summary.estimate
    assert pooling.results[name].strata[0].summary.estimate == pytest.approx(right, rel=ROUNDING)


def test_a_seal_copied_over_a_changed_number_is_no_seal(flagship: Project) -> None:
    """Whoever changes a number and makes the seal anew is found by computing anew, as CI does."""
    name = "q06-pain"
    by_hand = edited(flagship.results[name], p=0.5)
    resealed = by_hand.model_copy(update={"seal": seal(by_hand)})
    project = with_result(flagship, name, resealed)
    assert pool_project(project).changed == ()
    assert name in pool_project(project, anew=True).changed


def test_a_missing_result_is_computed_and_written(flagship: Project, tmp_path: Path) -> None:
    name = "q07-kaviar"
    results = {other: result for other, result in flagship.results.items() if other != name}
    project = replace(flagship, root=tmp_path, results=results)
    pooling = pool_project(project)
    assert pooling.computed == pooling.changed == (name,)
    assert save_results(project, pooling) == [f"metaanalysis/results/{name}.json"]
    assert save_results(project, pooling) == []
    written = (tmp_path / f"metaanalysis/results/{name}.json").read_text(encoding="utf-8")
    assert written == to_json(pooling.results[name])


# --- what a result depends on -------------------------------------------------------------------------------------


def changed(row: Extraction) -> Extraction:
    """The row with one number changed that decides its effect."""
    for name in ("events1", "mean1", "estimate"):
        value = getattr(row, name)
        if value is not None:
            return row.model_copy(update={name: value + 1})
    return row.model_copy(update={"note": "changed"})


def test_inputs_change_with_a_row_that_is_used_and_with_no_other(flagship: Project) -> None:
    rows = sourced_rows(flagship)
    digests = {name: inputs_digest(one, rows) for name, one in flagship.analyses.items()}
    assert len(set(digests.values())) == len(digests)
    used_somewhere = set()
    for n, source in enumerate(rows):
        others = [*rows[:n], SourcedRow(changed(source.row), source.place, source.label), *rows[n + 1 :]]
        for name, one in flagship.analyses.items():
            in_result = {study.row for part in _parts(flagship.results[name]) for study in part.studies}
            may_be_used = source.row.outcome in one.select.outcomes and source.row.study not in {
                exclusion.study for exclusion in one.exclude if exclusion.time_point == source.row.time_point
            }
            now = inputs_digest(one, others)
            if source.place in in_result:
                assert now != digests[name], (name, source.place)
                used_somewhere.add(name)
            elif not may_be_used:
                assert now == digests[name], (name, source.place)
    assert used_somewhere == set(flagship.analyses)


def _parts(result: Result) -> list[Any]:
    return [
        *strata(result),
        *(part for one in result.sensitivity for part in (*one.strata, *([one.overall] if one.overall else []))),
    ]


def test_inputs_change_with_the_declaration(flagship: Project) -> None:
    rows, one = sourced_rows(flagship), flagship.analyses["q06-pain"]
    other = one.model_copy(update={"model": "common"})
    assert inputs_digest(one, rows) != inputs_digest(other, rows)


def test_inputs_change_with_the_version_of_an_engine(flagship: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    rows, one = sourced_rows(flagship), flagship.analyses["q06-pain"]
    before = inputs_digest(one, rows)
    monkeypatch.setattr("guidewright.metaanalysis.computing.version", lambda name: f"{name} of another day")
    _engine.cache_clear()  # versions do not change while a program runs, so they are looked up once
    try:
        assert inputs_digest(one, rows) != before
    finally:
        _engine.cache_clear()


# --- two engines --------------------------------------------------------------------------------------------------

TABLES = [
    {"events1": 4, "total1": 123, "events2": 11, "total2": 139},
    {"events1": 6, "total1": 306, "events2": 29, "total2": 303},
    {"events1": 33, "total1": 5069, "events2": 47, "total2": 5808},
]


def test_the_second_engine_agrees_to_far_more_than_is_asked() -> None:
    result = compute(analysis("RR"), sourced(TABLES))
    assert set(result.checked_with) == {"pymare", "statsmodels"}
    assert result.checked_with["statsmodels"] == "below 1e-10"
    assert float(result.checked_with["pymare"].removeprefix("below ")) <= 1e-5


@pytest.mark.parametrize("field", ["mean_effect_fe", "q", "tau2"])
@pytest.mark.parametrize("factor", [1 + 1e-6, float("nan")])
def test_engines_that_disagree_are_an_error(field: str, factor: float, monkeypatch: pytest.MonkeyPatch) -> None:
    real = statsmodels.stats.meta_analysis.combine_effects

    def tampered(*arguments: Any, **named: Any) -> Any:
        result = real(*arguments, **named)
        setattr(result, field, getattr(result, field) * factor)
        return result

    monkeypatch.setattr(statsmodels.stats.meta_analysis, "combine_effects", tampered)
    with pytest.raises(EnginesDisagreeError, match="statsmodels"):
        pooled("RR", TABLES)


@pytest.mark.parametrize(("measure", "field"), [("RR", "riskratio_pooled"), ("OR", "oddsratio_pooled")])
def test_mantel_haenszel_is_checked_as_well(measure: str, field: str, monkeypatch: pytest.MonkeyPatch) -> None:
    table = statsmodels.stats.contingency_tables.StratifiedTable
    monkeypatch.setattr(table, field, property(lambda _self: 0.4321))
    with pytest.raises(EnginesDisagreeError, match=r"0\.4321"):
        pooled(measure, TABLES)


@pytest.mark.parametrize(("tau2", "parameter"), [("DL", "tau2"), ("DL", "fe_params"), ("REML", "fe_params")])
def test_pymare_is_compared_as_well(tau2: str, parameter: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from pymare.estimators import DerSimonianLaird, VarianceBasedLikelihoodEstimator

    estimator = DerSimonianLaird if tau2 == "DL" else VarianceBasedLikelihoodEstimator
    fit = estimator.fit_dataset

    def tampered(self: Any, dataset: Any) -> Any:
        fitted = fit(self, dataset)
        self.params_[parameter] = np.asarray(self.params_[parameter]) + 1e-3
        return fitted

    monkeypatch.setattr(estimator, "fit_dataset", tampered)
    with pytest.raises(EnginesDisagreeError, match="pymare"):
        pooled("RR", TABLES, tau2=tau2)


def test_a_difference_below_the_tolerance_is_kept_with_the_result(monkeypatch: pytest.MonkeyPatch) -> None:
    real = statsmodels.stats.meta_analysis.combine_effects

    def slightly_off(*arguments: Any, **named: Any) -> Any:
        result = real(*arguments, **named)
        result.q *= 1 + TOLERANCE / 3
        return result

    monkeypatch.setattr(statsmodels.stats.meta_analysis, "combine_effects", slightly_off)
    assert compute(analysis("RR"), sourced(TABLES)).checked_with["statsmodels"] == "below 1e-08"
