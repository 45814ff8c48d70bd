"""Every further method that an analysis file may ask for: it runs, it is kept as plain data, and a page can show it."""

from __future__ import annotations

import json
from typing import Any, get_args

import pytest
from pydantic import TypeAdapter

from guidewright.metaanalysis.computing import compute
from guidewright.metaanalysis.further import Method
from guidewright.metaanalysis.result import Result
from guidewright.metaanalysis.selection import SourcedRow
from guidewright.publish.further_sections import SHOWN
from guidewright.words import all_words
from tests.metaanalysis.pooled_rows import analysis, row

pytestmark = pytest.mark.xdist_group("further")

#: BCG (Colditz et al. 1994, as in metafor's dat.bcg): events and totals of both groups, year, latitude, allocation.
BCG = [
    (4, 123, 11, 139, 1948, 44, "random"),
    (6, 306, 29, 303, 1949, 55, "random"),
    (3, 231, 11, 220, 1960, 42, "random"),
    (62, 13598, 248, 12867, 1977, 52, "random"),
    (33, 5069, 47, 5808, 1973, 13, "alternate"),
    (180, 1541, 372, 1451, 1953, 44, "alternate"),
    (8, 2545, 10, 629, 1973, 19, "random"),
    (505, 88391, 499, 88391, 1980, 13, "random"),
    (29, 7499, 45, 7277, 1968, 27, "random"),
    (17, 1716, 65, 1665, 1961, 42, "systematic"),
    (186, 50634, 141, 27338, 1974, 18, "systematic"),
    (5, 2498, 3, 2341, 1969, 33, "systematic"),
    (27, 16913, 29, 17854, 1976, 33, "systematic"),
]
LATITUDE = {"kind": "numeric", "column": "latitude"}
ASKED: list[dict[str, Any]] = [
    *({"method": name} for name in ("egger", "begg", "thompson-sharp", "harbord", "peters", "macaskill", "deeks")),
    *({"method": name} for name in ("schwarzer", "debray", "doi", "excess-significance", "leave-one-out", "baujat")),
    *({"method": name} for name in ("cumulative", "influence", "shrunken-effects", "fragility", "multiverse")),
    *({"method": name} for name in ("mantel-haenszel", "peto", "glmm", "cluster-robust", "pet-peese")),
    {"method": "regression-test", "predictor": "inverse-size", "form": "additive"},
    {"method": "trim-and-fill", "estimator": "R0"},
    {"method": "selection-model", "favours": "low"},
    {"method": "fail-safe-n", "kind": "rosenberg"},
    {"method": "gosh", "subsets": 50},
    {"method": "true-effects", "threshold": 0.8},
    {"method": "trial-sequential", "risk": 0.05, "relative_reduction": 0.3},
    {"method": "subgroups", "by": "allocation"},
    {"method": "meta-regression", "moderators": [LATITUDE], "permutations": 50},
    {"method": "multilevel", "levels": ["allocation", "row"]},
]


def sources() -> list[SourcedRow]:
    return [
        SourcedRow(
            row(f"s{n}", events1=a, total1=n1, events2=c, total2=n2),
            f"e.csv:{n + 1}",
            f"Study {n}",
            year,
            {"latitude": float(latitude), "allocation": allocation},
        )
        for n, (a, n1, c, n2, year, latitude, allocation) in enumerate(BCG, 1)
    ]


@pytest.fixture(scope="module")
def found() -> Result:
    one = analysis("RR", further=ASKED)
    result = compute(one, sources(), verified=False)
    return Result.model_validate_json(result.model_dump_json())


def test_all_methods_are_asked_for_here() -> None:
    union = get_args(get_args(Method)[0])
    declared = {name for one in union for name in get_args(one.model_fields["method"].annotation)}
    assert declared == {one["method"] for one in ASKED}
    assert declared == set(SHOWN)
    assert {key.removeprefix("further.name.") for key in all_words() if key.startswith("further.name.")} == declared


@pytest.mark.parametrize("number", range(len(ASKED)), ids=[one["method"] for one in ASKED])
def test_a_method_gives_plain_numbers(found: Result, number: int) -> None:
    one = found.strata[0].further[number]
    assert one.method == ASKED[number]["method"]
    assert one.problem is None
    text = json.dumps(one.result, allow_nan=False)
    assert len(one.result) > 1
    assert len(text) < 60_000


def of(found: Result, method: str) -> dict[str, Any]:
    return next(one.result for one in found.strata[0].further if one.method == method)


def test_numbers_are_those_of_published_examples(found: Result) -> None:
    """metafor's documentation of dat.bcg: meta-regression on latitude (REML), Mantel-Haenszel, and the subgroups."""
    regression = of(found, "meta-regression")["regression"]
    slope = next(one for one in regression["coefficients"] if one["name"] == "latitude")
    assert slope["estimate"] == pytest.approx(-0.0291, abs=5e-5)
    assert slope["se"] == pytest.approx(0.0072, abs=5e-5)
    assert regression["r2"] == pytest.approx(75.62, abs=0.01)
    assert of(found, "mantel-haenszel")["estimate"] == pytest.approx(-0.4537, abs=5e-5)
    assert of(found, "leave-one-out")["results"]["estimate"][0] == pytest.approx(-0.7071, abs=5e-5)


def test_what_cannot_be_computed_says_why() -> None:
    asked = [
        {"method": "egger"},
        {"method": "meta-regression", "moderators": [{"kind": "numeric", "column": "altitude"}]},
        {"method": "trial-sequential"},
        {"method": "subgroups", "by": "subgroup"},
    ]
    result = compute(analysis("RR", further=asked), sources()[:2], verified=False)
    problems = [one.problem or "" for one in result.strata[0].further]
    for problem, words in zip(
        problems, ("stud", "no column `altitude`", "`relative_reduction`", "not known"), strict=True
    ):
        assert words in problem, problem


def test_an_option_that_does_not_exist_is_refused() -> None:
    adapter: TypeAdapter[Any] = TypeAdapter(Method)
    with pytest.raises(ValueError, match="method"):
        adapter.validate_python({"method": "eggers"})
    with pytest.raises(ValueError, match="subsets"):
        adapter.validate_python({"method": "gosh", "subsets": 10**7})


def test_the_overall_result_gets_them_where_there_is_one() -> None:
    rows = [*sources()[:6], *(s for s in sources()[6:])]
    changed = [
        SourcedRow(
            one.row.model_copy(update={"time_point": "1 month" if n % 2 else "3 months"}),
            one.place,
            one.label,
            one.year,
        )
        for n, one in enumerate(rows)
    ]
    asked = analysis("RR", strata="time_point", overall=True, further=[{"method": "baujat"}])
    result = compute(asked, changed, verified=False)
    assert [one.further for one in result.strata] == [(), ()]
    assert result.overall is not None
    assert [one.method for one in result.overall.further] == ["baujat"]
