"""Where our number differs from the peer's and is right, each with the proof that is demanded before it counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
from scipy.special import chdtrc, chdtri, ndtr, ndtri

from guidewright.metaanalysis.bias import SelectionFunction
from guidewright.metaanalysis.effects import Measure
from guidewright.metaanalysis.pooling import PooledEffect, pool
from tests.metaanalysis.grid_rules.definitions import (
    Conditional,
    better_than,
    bivariate_normal,
    fixed_studies_likelihood,
    misses_definition,
    q_at,
)
from tests.metaanalysis.grid_rules.moderated import design
from tests.metaanalysis.grid_rules.reference import Place, columns_of, numbers
from tests.metaanalysis.grid_rules.rules import Answer, matches
from tests.metaanalysis.grid_rules.selection_definition import higher, not_lower

Known = tuple[str, int, tuple[str, ...], int]


@dataclass(frozen=True)
class Case:
    """One number that differs."""

    place: Place
    path: tuple[str, ...]
    answer: Answer
    index: int
    """Its place in a list."""
    ours: object
    theirs: object


@dataclass(frozen=True)
class Divergence:
    """A known difference; ``proof`` says whether ours is the better answer in this case."""

    path: str
    reason: str
    proof: Callable[[Case], bool]
    each: bool = False
    """Whether every number of a list needs its own proof; else one does for the whole block."""

    def holds(self, case: Case, known: dict[Known, bool]) -> bool:
        """Whether it is about this number, and ours is right; ``known`` remembers proofs."""
        if not matches(self.path, case.path):
            return False
        key = (self.reason, id(case.answer), case.path if self.each else (), case.index if self.each else 0)
        if key not in known:
            known[key] = self.proof(case)
        return known[key]


def solves_its_equation(case: Case) -> bool:
    """Our tau2 is what the estimator is defined as, the peer's is above it, and all else follows from the peer's."""
    if case.place.name == "tau2_ci_qprofile":
        return case.index == 0 and solves_its_equation(replace(case, place=case.place.above))
    theirs, ours = case.place.there, float(np.atleast_1d(case.answer.value.tau2)[0])
    method = case.place.path[3].split("_")[0]
    better = ours <= theirs["tau2"] and better_than(method, *case.place.data, ours, theirs["tau2"])
    return better and _follows(pool(*case.place.data, tau2=theirs["tau2"]), theirs)


def _follows(found: PooledEffect, theirs: dict[str, Any]) -> bool:
    """Whether what the file has besides tau2 is what we make of that tau2."""
    names = {"estimate": "estimate", "se": "se", "ci_lb": "low", "ci_ub": "high", "I2": "i2", "QE": "q"}
    return all(
        abs(getattr(found, ours) - theirs[name]) <= 1e-9 * abs(theirs[name])
        for name, ours in names.items()
        if name in theirs
    )


def root_of_the_method(case: Case) -> bool:
    """Our tau2 solves the equation, the peer's less so."""
    method, theirs = case.place.name.split("_")[0], case.place.there["tau2"]
    return better_than(method, *case.place.data, case.answer.value.tau2, theirs)


def optimum_without_moderators(case: Case) -> bool:
    """The peer has none; ours is the share that the moderators take off an optimal tau2."""
    found, (y, v) = case.answer.value, case.place.data
    method = case.place.path[3] if case.place.name == "mods_common_tau2" else case.place.name.split("_")[0]
    without = found.tau2_without
    optimal = without is not None and misses_definition(method, y, v, without) is None
    share = 0.0 if not without else max(0.0, 100 * (1 - found.tau2 / without))
    return bool(case.theirs is None and optimal and abs(share - found.r2) < 1e-9)


def limit_was_cut_off(case: Case) -> bool:
    """Q at our upper limit is the quantile of chi-squared, and theirs is the end of its search."""
    if case.index != 2:
        return False
    y, v = case.place.data
    high, there = case.answer.value.tau2[2], case.place.there["tau2"]
    at_the_end = abs(there[2] / max(100.0, 10 * there[0]) - 1) < 1e-6
    return at_the_end and abs(q_at(y, v, high) / chdtri(len(y) - 1, 0.975) - 1) < 1e-9


def filled_at_the_optimum(case: Case) -> bool:
    """The same studies are filled; our tau2 is the optimum when trimmed and when filled; theirs explains the rest."""
    (y, v), ours, theirs = case.place.data, case.answer.value, case.place.there
    if ours.missing != theirs["k0"] or ours.side != theirs["side"]:
        return False
    kept = np.delete(np.arange(len(y)), ours.mirrored_rows)
    trimmed = pool(y[kept], v[kept])
    filled_y, filled_v = (np.append(a, b) for a, b in ((y, ours.imputed_y), (v, ours.imputed_v)))
    optimal = (
        misses_definition("REML", y[kept], v[kept], trimmed.tau2) is None
        and misses_definition("REML", filled_y, filled_v, ours.filled.tau2) is None
        and abs(trimmed.estimate - ours.centre) < 1e-12
    )
    if not optimal or "filled_yi" not in theirs:
        return optimal
    at_theirs = pool(
        np.append(y, numbers(theirs["filled_yi"])), np.append(v, numbers(theirs["filled_vi"])), tau2=theirs["tau2"]
    )
    return _follows(at_theirs, theirs)


def power_is_integrated(case: Case) -> bool:
    """Our expected number of significant studies is the integral, by a sum over a fine grid of true effects."""
    found, (_, v) = case.answer.value, case.place.data
    u = np.linspace(-9, 9, 400_001)
    density = np.exp(-u * u / 2) / np.sqrt(2 * np.pi) * (u[1] - u[0])
    true, cut = found.estimate + u * np.sqrt(found.tau2), ndtri(0.975)
    expected = sum(float(np.sum(density * (ndtr(true / se - cut) + ndtr(-true / se - cut)))) for se in np.sqrt(v))
    return case.place.there["O"] == found.observed and abs(expected / found.expected - 1) < 1e-8


def another_maximum(case: Case) -> bool:
    """The likelihood has several maxima: ours is what we say, and higher by more than their integration may be off."""
    there, found = case.place.there, case.answer.value
    delta = tuple(there["delta"][1:] if found.function is SelectionFunction.STEP else there["delta"])
    return higher(*case.place.data, found, there["estimate"], there["tau2"], delta, there["ll"])


def selects_better(case: Case) -> bool:
    """The likelihood at our parameters is not below that at theirs, both integrated by brute force."""
    there, found = case.place.there, case.answer.value
    delta = tuple(there["delta"][1:] if found.function is SelectionFunction.STEP else there["delta"])
    return not_lower(*case.place.data, found, there["estimate"], there["tau2"], delta, there["ll"])


def exact_arithmetic(case: Case) -> bool:
    """With the same tau2, our coefficients are those of exact rational arithmetic."""
    found, (effects, variances) = case.answer.value, case.place.data
    x = [[Fraction(float(one)) for one in row] for row in design(case.place).matrix]
    w = [1 / (Fraction(float(one)) + Fraction(float(found.tau2))) for one in variances]
    y = [Fraction(float(one)) for one in effects]
    p = range(len(x[0]))
    left = [[sum(wi * row[i] * row[j] for wi, row in zip(w, x, strict=True)) for j in p] for i in p]
    right = [sum(wi * row[i] * yi for wi, row, yi in zip(w, x, y, strict=True)) for i in p]
    exact = _solved(left, right)
    return all(abs(one.estimate / float(e) - 1) < 1e-10 for one, e in zip(found.coefficients, exact, strict=True))


def _solved(left: list[list[Fraction]], right: list[Fraction]) -> list[Fraction]:
    """Gaussian elimination without rounding."""
    rows = [[*row, value] for row, value in zip(left, right, strict=True)]
    for i, pivot in enumerate(rows):
        rows[i] = [one / pivot[i] for one in pivot]
        for j, other in enumerate(rows):
            if j != i:
                rows[j] = [a - other[i] * b for a, b in zip(other, rows[i], strict=True)]
    return [row[-1] for row in rows]


def reproduces_the_table(case: Case) -> bool:
    """With our correlation, the bivariate normal distribution has the share of the first cell; with theirs less so.

    With an empty cell no correlation has, and the search ends at its bound: ours is not defined.
    """
    table = columns_of(Measure.RTET, case.place.there["input"])
    a, n1, c, n2 = (float(column[case.index]) for column in table.values())
    a, b, c, d = _with_addition(case, a, n1 - a, c, n2 - c)
    if min(a, b, c, d) == 0:
        return case.ours is None
    n = a + b + c + d
    rows, columns = float(ndtri((a + b) / n)), float(ndtri((a + c) / n))
    here, there = (
        abs(bivariate_normal(rows, columns, float(one[case.index])) - a / n)
        for one in (case.answer.value.y, case.place.there["yi"])
    )
    assert isinstance(case.ours, float) and isinstance(case.theirs, float)
    return here < 1e-12 and here < there and abs(case.ours - case.theirs) < 1e-3 * max(abs(case.theirs), 0.1)


def _with_addition(case: Case, *cells: float) -> tuple[float, ...]:
    """The cells of a table as the options of the block ask."""
    options = case.place.there.get("options") or {}
    add, to = options.get("add", 0.0), options.get("to", "only0")
    table = columns_of(Measure.RTET, case.place.there["input"])
    a, n1, c, n2 = table.values()
    some_empty = bool(((a == 0) | (c == 0) | (a == n1) | (c == n2)).any())
    added = {"all": True, "none": False, "only0": min(cells) == 0, "if0all": some_empty}[to]
    return tuple(one + add * added for one in cells)


def step_is_optimal(case: Case) -> bool:
    """Where the peer gives nothing for some of the studies, our tau2 of those studies is the optimum."""
    if case.theirs is not None:
        return False
    place, (y, v) = case.place, case.place.data
    if "leave1out" in place.path:
        kept = np.delete(np.arange(len(y)), case.index)
    else:
        kept = np.array(place.analysis["cumul_by_year"]["order_1based"][: case.index + 1]) - 1
    return misses_definition(place.name, y[kept], v[kept], float(case.answer.value.tau2[case.index])) is None


def counts_more_likely(case: Case) -> bool:
    """The likelihood at our estimate and tau2 is above that at theirs, study effects maximised out."""
    found, there, raw = case.answer.value, case.place.there, case.place.file.raw
    names = ("ai", "n1i", "ci", "n2i") if found.measure == "OR" else ("x1i", "t1i", "x2i", "t2i")
    columns = [numbers(raw[name]) for name in names]
    here, theirs = (
        fixed_studies_likelihood(*columns, effect, tau2, persons=found.measure == "OR")
        for effect, tau2 in ((found.estimate, found.tau2), (there["estimate"], there["tau2"]))
    )
    return here >= theirs


def differenced_roughly(case: Case) -> bool:
    """Ours is what second differences of the likelihood give, integrated finely; and the test that of its maxima."""
    found, raw = case.answer.value, case.place.file.raw
    exact = Conditional(*(numbers(raw[name]) for name in ("ai", "n1i", "ci", "n2i")))
    if case.path[-1] == "Wld":
        return abs(exact.wald() / found.wald - 1) < 1e-8
    tau = float(np.sqrt(found.tau2))
    same_maximum = abs(exact.log_likelihood(found.estimate, tau) - found.loglik) < 1e-7
    nearby = abs(found.estimate - case.place.there["estimate"]) < 1e-3 * found.se
    return same_maximum and nearby and abs(exact.se(found.estimate, tau) / found.se - 1) < 1e-4


def correction_is_bounded(case: Case) -> bool:
    """Observed and expected events differ by less than the correction, which theirs squares beyond 0."""
    return case.ours == (1.0 if case.path[-1].endswith("p") else 0.0) and abs(_surplus(case)) < 0.5


def _surplus(case: Case) -> float:
    """Observed less expected events of arm 1, corrected as the block asks."""
    raw = case.place.file.raw
    persons = "ai" in raw
    a, n1, c, n2 = (
        numbers(raw[name]) for name in (("ai", "n1i", "ci", "n2i") if persons else ("x1i", "t1i", "x2i", "t2i"))
    )
    if case.place.name.endswith("addonly0_both"):
        empty = (a == 0) | (c == 0) | (persons & ((a == n1) | (c == n2)))
        a, c = a + 0.5 * empty, c + 0.5 * empty
        n1, n2 = (n1 + empty, n2 + empty) if persons else (n1, n2)
    return float(np.sum(a - (a + c) * n1 / (n1 + n2)))


def nothing_to_explain(case: Case) -> bool:
    """tau2 is 0 with and without moderators, and theirs is rounding: its share is a ratio of nothing to nothing."""
    found, there = case.answer.value, case.place.there
    (y, v) = case.place.data
    without = found.tau2_without == 0 and misses_definition("REML", y, v, 0.0) is None
    return bool(case.ours == 0 and without and there["tau2"] < 1e-9 * v.mean())


def finite_effects_only(case: Case) -> bool:
    """Wald's test has one degree of freedom for each study with a finite effect, less one; theirs counts all."""
    events, total = (numbers(case.place.file.raw[name]) for name in ("event", "n"))
    finite, theirs = int(np.sum((events > 0) & (events < total))), case.place.there
    counts_all = theirs["df.Q"][0] == len(events) - 1 > finite - 1 == case.answer.value[1].wald_df
    return counts_all and abs(theirs["pval.Q"][0] / chdtrc(len(events) - 1, theirs["Q"][0]) - 1) < 1e-8


def one_group_without_addition(case: Case) -> bool:
    """meta leaves a proportion of 0 or 1 as it is and corrects its variance only."""
    events, total = (numbers(case.place.file.raw[name])[case.index] for name in ("event", "n"))
    return bool(events in {0, total})


DIVERGENCES = (
    Divergence(
        "analyses/*/pool/SJIT/tight/estimate|se|stat|pval|ci_lb|ci_ub|tau2|se_tau2|I2|H2",
        "iterated Sidik-Jonkman creeps down towards its root and stops above it; ours is the root",
        solves_its_equation,
        each=True,
    ),
    Divergence(
        "analyses/*/small_sample/SJIT_*/tau2",
        "iterated Sidik-Jonkman creeps down towards its root and stops above it; ours is the root",
        root_of_the_method,
    ),
    Divergence(
        "analyses/*/subgroup|metareg/*/*/R2",
        "the fit without moderators, which R2 needs, did not converge; ours is the optimum",
        optimum_without_moderators,
    ),
    Divergence(
        "analyses/*/pool/SJIT/tight/tau2_ci_qprofile/tau2|tau|I2|H2",
        "iterated Sidik-Jonkman creeps down towards its root and stops above it; ours is the root",
        solves_its_equation,
        each=True,
    ),
    Divergence(
        "analyses/*/pool/*/tight/tau2_ci_qprofile/tau2|tau|I2|H2",
        "confint() cuts the upper limit of tau2 off at ten times tau2 (100 at least); ours is the root",
        limit_was_cut_off,
        each=True,
    ),
    Divergence(
        "analyses/*/bias/trimfill_REML_*|trimfill_ML_*/estimate|se|ci_lb|ci_ub|tau2|QE|I2|filled_yi",
        "trimfill() refits with the default control, whatever the fit it was given; ours are optima",
        filled_at_the_optimum,
    ),
    Divergence(
        "analyses/*/bias/tes/E|OEratio|X2|pval|theta_lim",
        "tes() integrates numerically and misses narrow steps of power; ours is a closed form",
        power_is_integrated,
    ),
    Divergence(
        "analyses/*/selmodel/*",
        "selmodel() stops before the maximum or integrates roughly; our likelihood is not lower",
        selects_better,
    ),
    Divergence(
        "analyses/*/selmodel/*",
        "selmodel() climbs to the maximum next to its start; ours is higher",
        another_maximum,
    ),
    Divergence(
        "analyses/*/metareg|subgroup/*/*/R2",
        "R2 of a tau2 that is rounding beside another: ours is 0 where there is nothing to explain",
        nothing_to_explain,
    ),
    Divergence(
        "mh/MH_*/MH|MHp|CO|COp",
        "rma.mh() squares a continuity correction larger than the difference; ours ends at 0",
        correction_is_bounded,
        each=True,
    ),
    Divergence(
        "analyses/*/metareg/*/*/estimate|stat",
        "metafor solves the normal equations of an uncentred moderator; ours agree with exact arithmetic",
        exact_arithmetic,
    ),
    Divergence(
        "measures/RTET*",
        "escalc() stops its search for a tetrachoric correlation early; ours reproduces the table",
        reproduces_the_table,
        each=True,
    ),
    Divergence(
        "analyses/*/cumul_by_year|leave1out/*",
        "Fisher scoring did not converge for some of the studies; ours is the optimum",
        step_is_optimal,
        each=True,
    ),
    Divergence(
        "special/glmm_*_UM.FS/estimate|se|tau2",
        "lme4 stops before the maximum; our likelihood is higher",
        counts_more_likely,
    ),
    Divergence(
        "special/glmm_OR_CM.EL/se|ci_lb|ci_ub|Wld",
        "rma.glmm() integrates to about 1e-4 and takes differences of that; ours are exact derivatives",
        differenced_roughly,
        each=True,
    ),
    Divergence(
        "metaprop/*_GLMM/df.Q|pval.Q",
        "Wald's test counts studies whose own effect is infinite; ours does not",
        finite_effects_only,
    ),
    Divergence(
        "metaprop/PRAW_*|PLN_*/TE|seTE",
        "meta corrects only the variance of a proportion of 0 or 1; ours follows metafor",
        one_group_without_addition,
        each=True,
    ),
)
