"""Meta-regression and subgroups."""

from __future__ import annotations

from typing import Any

import numpy as np

from guidewright.metaanalysis.moderators import (
    DesignMatrix,
    Factor,
    MetaRegression,
    Numeric,
    Subgroup,
    design_matrix,
    meta_regression,
    subgroups,
)
from guidewright.metaanalysis.options import Interval
from tests.metaanalysis.grid_rules.pooled import INTERVALS, TIGHT, TauInterval, criteria, estimator, stopped
from tests.metaanalysis.grid_rules.reference import Place
from tests.metaanalysis.grid_rules.rules import (
    Answer,
    Block,
    Leaves,
    Skip,
    closed,
    exact_p,
    in_closed_form,
    iterated,
    limit,
    p_value,
    percent,
    same,
    tau,
    tau2,
)

CLOSED = "FE|DL|HE|HS|HSk|SJ|FE_knha|DL_knha|HE_knha|SJ_knha"
ITERATED = "ML|REML|EB|PM|PMM|REML_knha|ML_knha|PM_knha|EB_knha"


def design(place: Place) -> DesignMatrix:
    """Columns of a formula such as ``~ablat + year``; the levels of a factor in R's order."""
    raw, rows = place.file.raw, place.studies.rows
    formula = place.analysis["metareg"][place.path[3]]["formula"]
    names = [name.strip() for name in formula.removeprefix("~").split("+")]
    data = {name: [raw[name][row] for row in rows] for name in names}
    return design_matrix([_moderator(name, values) for name, values in data.items()], data)


def _moderator(name: str, values: list[Any]) -> Numeric | Factor:
    if any(isinstance(value, str) for value in values):
        return Factor(column=name, levels=tuple(sorted({v for v in values if v is not None}, key=str.casefold)))
    return Numeric(column=name)


def regression(place: Place) -> Answer:
    method, *test = place.name.split("_")
    interval = INTERVALS[test[0]] if test else Interval.WALD
    found = meta_regression(place.studies.y, place.studies.v, design(place), interval=interval, **estimator(method))
    return _answered(place, found)


def as_it_stopped(place: Place) -> Answer:
    """metafor's default control: all that follows from its own tau2."""
    found = meta_regression(place.studies.y, place.studies.v, design(place), tau2=place.there["tau2"])
    return Answer(found, se=max(one.se for one in found.coefficients))


def _answered(place: Place, found: MetaRegression) -> Answer:
    return stopped(found, place.studies.v, found.tau2, TIGHT, max(one.se for one in found.coefficients))


def tau2_interval(place: Place) -> Answer:
    found = meta_regression(place.studies.y, place.studies.v, design(place))
    assert found.tau2_interval is not None
    return stopped(
        TauInterval(found, found.tau2_interval), place.studies.v, min(found.tau2, found.tau2_interval.tau2_low), TIGHT
    )


def inflation(place: Place) -> Answer:
    """metafor gives one factor for each coefficient, and 1 where there is one only."""
    return _answered(place, meta_regression(place.studies.y, place.studies.v, design(place)))


def levels(place: Place) -> tuple[Any, dict[str, Any]]:
    """The factor of each study, and options."""
    there = place.analysis["subgroup"]
    factor = [level if level is None else str(level) for level in there["factor"]]
    if len(factor) != len(place.studies.y):
        factor = [factor[row] for row in place.studies.rows]
    return factor, {"order": tuple(map(str, there["levels"])), **estimator(place.path[3])}


def one_level(place: Place) -> Answer:
    factor, options = levels(place)
    all_of_them = subgroups(place.studies.y, place.studies.v, factor, **options)
    found: Subgroup = next(one for one in all_of_them.subgroups if one.name == place.name)
    v = place.studies.v[np.array(factor) == place.name]
    return stopped(found, v, found.tau2, TIGHT, found.se)


def between(place: Place) -> Answer:
    factor, options = levels(place)
    found = subgroups(place.studies.y, place.studies.v, factor, **options)
    least = min(one.tau2 for one in found.subgroups)
    return stopped(found.interaction, place.studies.v, least, TIGHT)


def common_tau2(place: Place) -> Answer:
    factor, options = levels(place)
    found = subgroups(place.studies.y, place.studies.v, factor, common_tau2=True, **options).regression
    assert found is not None
    return _answered(place, found)


def each(name: str) -> Any:
    """One number of every coefficient."""
    return lambda found: [getattr(one, name) for one in found.coefficients]


REGRESSION: Leaves = {
    "k": same("k"),
    "p": same(lambda found: len(found.coefficients)),
    "coef_names": Skip("R's names of the columns"),
    "estimate": iterated(each("estimate")),
    "se": iterated(each("se")),
    "stat": iterated(each("statistic")),
    "pval": p_value(each("p")),
    "ci_lb": limit(each("low")),
    "ci_ub": limit(each("high")),
    "tau2": tau2("tau2"),
    "se_tau2": iterated("tau2_se"),
    "I2": percent("i2"),
    "H2": iterated("h2"),
    "QE": closed("qe"),
    "QEp": exact_p("qe_p"),
    "vt": closed("typical_variance"),
    "ddf": same(lambda found: found.qm.residual_df),
    "QM": iterated(lambda found: found.qm.statistic),
    "QMp": p_value(lambda found: found.qm.p),
    "QMdf": same(lambda found: [found.qm.df, found.qm.residual_df]),
    "R2": iterated("r2"),
    "vb": iterated("covariance"),
    "fit_stats/rows": Skip("names of the five statistics"),
    "fit_stats/ML": iterated(lambda found: criteria(found.ml)),
    "fit_stats/REML": iterated(lambda found: criteria(found.reml)),
}
STOPPED_EARLY = Skip("metafor's default control stops early; the exact optimum stands beside it")
SUBGROUP: Leaves = {
    "k": same("k"),
    "p": same(lambda _found: 1),
    "coef_names": Skip("R's names of the columns"),
    "estimate": iterated("estimate"),
    "se": iterated("se"),
    "stat": iterated("statistic"),
    "pval": p_value("p"),
    "ci_lb": limit("low"),
    "ci_ub": limit("high"),
    "tau2": tau2("tau2"),
    "se_tau2": iterated("tau2_se"),
    "I2": percent("i2"),
    "H2": iterated("h2"),
    "QE": closed("q"),
    "QEp": exact_p("q_p"),
    "vt": closed("typical_variance"),
    "ddf": same("df"),
    "fit_stats/rows": Skip("names of the five statistics"),
    "fit_stats/ML": iterated(lambda found: criteria(found.ml)),
    "fit_stats/REML": iterated(lambda found: criteria(found.reml)),
}
INTERVAL: Leaves = {
    "tau2": tau2("tau2"),
    "tau": tau("tau"),
    "I2": percent("i2"),
    "H2": iterated("h2"),
    "ci_null": same("null"),
    "order": Skip("names of the three numbers"),
}
BETWEEN: Leaves = {"Q_between": iterated("statistic"), "df": same("df"), "pval": p_value("p")}
WITHIN = "analyses/*/subgroup"
BLOCKS = (
    Block(f"analyses/*/metareg/*/{CLOSED}", regression, in_closed_form(REGRESSION)),
    Block(f"analyses/*/metareg/*/{ITERATED}", regression, REGRESSION),
    Block(
        "analyses/*/metareg/*/REML_default_control",
        as_it_stopped,
        {
            **in_closed_form(REGRESSION),
            **dict.fromkeys(("tau2", "se_tau2", "R2", "fit_stats/ML", "fit_stats/REML"), STOPPED_EARLY),
        },
    ),
    Block("analyses/*/metareg/*/REML_tau2_ci", tau2_interval, INTERVAL),
    Block("analyses/*/metareg/*/REML_vif", inflation, {"vif": iterated(lambda found: found.vif[1:])}),
    Block("analyses/*/metareg/*", lambda _place: Answer(None), {"formula": Skip("the formula, which ours takes over")}),
    Block(f"{WITHIN}/FE|DL/by_level/*", one_level, in_closed_form(SUBGROUP)),
    Block(f"{WITHIN}/*/by_level/*", one_level, SUBGROUP),
    Block(f"{WITHIN}/FE|DL/Q_between_separate_tau2", between, in_closed_form(BETWEEN)),
    Block(f"{WITHIN}/*/Q_between_separate_tau2", between, BETWEEN),
    Block(f"{WITHIN}/FE|DL/mods_common_tau2", common_tau2, in_closed_form(REGRESSION)),
    Block(f"{WITHIN}/*/mods_common_tau2", common_tau2, REGRESSION),
    Block(
        WITHIN,
        lambda _place: Answer(None),
        {"factor": Skip("the subgroup of each study"), "levels": Skip("names of the subgroups")},
    ),
)
