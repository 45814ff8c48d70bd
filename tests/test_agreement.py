"""Agreement statistics against R, to the last digits that R prints.

Values of R: version 4.2.2, packages vcd 1.4.11 and psych 2.2.9 of Debian 12, printed with ``digits=15`` by::

    m <- matrix(c(13,0,0, 0,20,7, 0,4,56), 3, byrow=TRUE)      # and the other tables below
    vcd::Kappa(as.table(m), weights="Equal-Spacing"); vcd::Kappa(as.table(m), weights="Fleiss-Cohen")
    confint(vcd::Kappa(as.table(m), weights=...)); psych::cohen.kappa(m)
    prop.test(sum(diag(m)), sum(m), correct=FALSE)$conf.int   # Wilson's interval
    q <- nrow(m); (q * c(p, limits) - 1) / (q - 1)             # PABAK

Gwet's coefficients: R's irrCAC 1.0 is not in Debian. Its vignette "overview" prints for the data set
``cont3x3abstractors`` AC1 0.8493305 with standard error 0.04321747 from the table, which is 0.04343519 from the raw
ratings (a factor of the root of 99/100). All digits below are those of
irrCAC 0.4.4, the port to Python, on raw ratings.
"""

from __future__ import annotations

import math

import pytest

from guidewright.agreement import Agreement, Coefficient, agreement, wilson

Row = tuple[float, float, float]
TABLES = {
    # pregnancies by type and abstractor, the data set cont3x3abstractors of irrCAC
    "abstractors": [[13, 0, 0], [0, 20, 7], [0, 4, 56]],
    "two": [[40, 3], [5, 12]],
    "skew": [[118, 5], [2, 0]],
    "four": [[22, 2, 2, 0], [5, 7, 14, 0], [0, 2, 36, 0], [0, 1, 17, 10]],
}
#: Cohen's kappa, linear and quadratic weighted kappa of vcd: estimate, lower and upper limit.
VCD: dict[str, tuple[Row, Row, Row]] = {
    "abstractors": (
        (0.796409402183972, 0.680946515961469, 0.911872288406475),
        (0.842902027992002, 0.749074393811414, 0.936729662172591),
        (0.892156862745098, 0.822869181097612, 0.961444544392585),
    ),
    "two": ((0.659574468085107, 0.443775760854415, 0.875373175315798),) * 3,
    "skew": ((-0.0233918128654961, -0.04747341343108, 0.000689787700087801),) * 3,
    "four": (
        (0.493005595523581, 0.381791064354492, 0.604220126692671),
        (0.648809523809524, 0.555412492214914, 0.742206555404134),
        (0.783821871476888, 0.708029405378007, 0.859614337575769),
    ),
}
#: Standard errors of the unweighted kappa by vcd (the root of psych's variance).
SE = {
    "abstractors": 0.0589107183260814,
    "two": 0.110103404416043,
    "skew": 0.0122867566728453,
    "four": 0.0567431504080358,
}
#: Share of agreement with Wilson's limits, and PABAK with its limits.
SHARES: dict[str, tuple[Row, Row]] = {
    "abstractors": ((0.89, 0.813687034969197, 0.937458036429354), (0.835, 0.720530552453795, 0.906187054644031)),
    "two": ((52 / 60, 0.758348403235004, 0.93085890519413), (0.733333333333333, 0.516696806470008, 0.861717810388261)),
    "skew": ((0.944, 0.888912155892444, 0.972611774494562), (0.888, 0.777824311784888, 0.945223548989124)),
    "four": (
        (0.635593220338983, 0.545757127295205, 0.716879255342762),
        (0.514124293785311, 0.394342836393607, 0.62250567379035),
    ),
}
#: AC1, AC2 linear, AC2 quadratic of irrCAC: estimate and standard error.
GWET = {
    "abstractors": (
        (0.849330548231346, 0.043435189139909),
        (0.900022722108612, 0.029423086693916),
        (0.940236879278496, 0.018010467102438),
    ),
    "two": ((0.781021897810219, 0.078574411196899),) * 3,
    "skew": ((0.940776337608718, 0.02305696430239),) * 3,
    "four": (
        (0.526303505578117, 0.058588324776374),
        (0.718530425989786, 0.038422496605651),
        (0.853174128400849, 0.025373264089863),
    ),
}
#: Four raters, twelve things, some not judged: the data set cac.raw4raters of irrCAC (Gwet 2014).
FOUR_RATERS = "111 2232 3333 3333 2222 1234 4444 1121 2222 -555 --11 --3-".replace("111 ", "11-1 ", 1).split()


def of_table(table: list[list[int]]) -> Agreement:
    names = [str(n) for n in range(len(table))]
    rows = [(a, b) for a in names for b in names for _ in range(table[int(a)][int(b)])]
    return agreement(rows, names, ordered=True)


def close(found: Coefficient | None, row: Row, tolerance: float = 1e-12) -> None:
    assert found is not None
    assert (found.estimate, found.low, found.high) == pytest.approx(row, abs=tolerance)


@pytest.mark.parametrize("name", TABLES)
def test_kappas_are_those_of_r(name: str) -> None:
    found = of_table(TABLES[name])
    plain, linear, quadratic = VCD[name]
    close(found.kappa, plain)
    assert found.kappa is not None
    assert found.kappa.se == pytest.approx(SE[name], abs=1e-12)
    if len(TABLES[name]) > 2:
        close(found.linear_kappa, linear)
        close(found.quadratic_kappa, quadratic)
    else:
        assert found.linear_kappa is None, "two categories have no distances to weigh"


@pytest.mark.parametrize("name", TABLES)
def test_shares_and_pabak_are_those_of_r(name: str) -> None:
    found = of_table(TABLES[name])
    close(found.percent, SHARES[name][0])
    close(found.pabak, SHARES[name][1])


@pytest.mark.parametrize("name", TABLES)
def test_gwets_coefficients_are_those_of_irrcac(name: str) -> None:
    found = of_table(TABLES[name])
    pairs = [found.ac1, found.ac2_linear, found.ac2_quadratic][: 3 if len(TABLES[name]) > 2 else 1]
    for one, (estimate, se) in zip(pairs, GWET[name], strict=False):
        assert one is not None
        assert (one.estimate, one.se) == pytest.approx((estimate, se), abs=1e-12)


def test_ac1_is_what_the_vignette_of_irrcac_prints() -> None:
    found = of_table(TABLES["abstractors"]).ac1
    assert found is not None
    assert found.se is not None
    assert found.estimate == pytest.approx(0.8493305, abs=5e-8)
    assert found.se * math.sqrt(99 / 100) == pytest.approx(0.04321747, abs=5e-9)


def test_several_raters_with_missing_ratings() -> None:
    rows = [[None if sign == "-" else sign for sign in row] for row in FOUR_RATERS]
    found = agreement(rows, "12345", ordered=True)
    assert (found.n, found.raters) == (11, 4)
    close(found.ac1, (0.775444068127, 0.460813348132, 1.0), 1e-9)
    close(found.ac2_linear, (0.858739136433, 0.600499700425, 1.0), 1e-9)
    close(found.ac2_quadratic, (0.914000723552, 0.685181365879, 1.0), 1e-9)
    assert found.percent == Coefficient(pytest.approx(0.818181818182, abs=1e-12))
    assert found.kappa is None


def test_perfect_agreement_has_no_spread_but_an_interval_of_its_share() -> None:
    found = agreement([("a", "a"), ("b", "b"), ("a", "a")], "ab", ordered=False)
    assert found.kappa == Coefficient(1.0, 0.0, 1.0, 1.0)
    assert found.percent is not None
    assert found.percent.high == 1.0
    assert found.percent.low == pytest.approx(0.4385, abs=5e-5)


def test_one_category_only_has_no_kappa() -> None:
    """Chance alone would agree always; Gwet's coefficient is defined."""
    found = agreement([("a", "a")] * 5, "ab", ordered=False)
    assert found.kappa is None
    assert found.ac1 is not None
    assert found.ac1.estimate == 1.0


def test_nothing_to_compare_gives_nothing() -> None:
    for rows in ([], [("a", None)], [(None, None)]):
        found = agreement(rows, "ab", ordered=True)
        assert (found.n, found.percent, found.kappa, found.ac1) == (0, None, None, None)


def test_coefficients_do_not_depend_on_names_or_order() -> None:
    rows = [("a", "a"), ("a", "b"), ("b", "b"), ("c", "a"), ("c", "c"), ("b", "c")]
    renamed = [tuple({"a": "x", "b": "y", "c": "z"}[one] for one in row) for row in reversed(rows)]
    first, second = agreement(rows, "abc", ordered=True), agreement(renamed, "xyz", ordered=True)
    mirrored = agreement([(b, a) for a, b in rows], "abc", ordered=True)
    for name in ("percent", "kappa", "linear_kappa", "quadratic_kappa", "pabak", "ac1", "ac2_linear"):
        wanted = getattr(first, name)
        for other in (second, mirrored):
            close(getattr(other, name), (wanted.estimate, wanted.low, wanted.high), 1e-14)


def test_without_an_order_nothing_is_weighted() -> None:
    found = agreement([("a", "c"), ("b", "b")], "abc", ordered=False)
    assert (found.linear_kappa, found.quadratic_kappa, found.ac2_linear, found.ac2_quadratic) == (None,) * 4


def test_wilson_stays_within_the_scale() -> None:
    assert wilson(0.0, 5)[0] == 0.0
    assert wilson(1.0, 5)[1] == 1.0
    assert math.isclose(sum(wilson(0.5, 10)), 1.0)


def test_unknown_categories_are_refused() -> None:
    with pytest.raises(ValueError, match="no such category: d"):
        agreement([("a", "d")], "abc", ordered=True)
    with pytest.raises(ValueError, match="every row needs a rating"):
        agreement([("a", "b"), ("a",)], "abc", ordered=True)
