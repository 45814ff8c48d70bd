"""Several outcomes (or time points) per study, whose true effects may be correlated."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.dependent.blocks import Array, Integers
from guidewright.metaanalysis.dependent.distributions import quantile
from guidewright.metaanalysis.dependent.effects import check_design, grouping, read_effects
from guidewright.metaanalysis.dependent.fits import DependentFit, Report, check_options
from guidewright.metaanalysis.dependent.identification import check_identified
from guidewright.metaanalysis.dependent.likelihood import Likelihood, Term
from guidewright.metaanalysis.dependent.marginal import design_of
from guidewright.metaanalysis.dependent.maximum import NotConvergedError, highest, several_maxima
from guidewright.metaanalysis.dependent.options import DegreesOfFreedom, Means, RandomStructure
from guidewright.metaanalysis.dependent.starts import spans, starts_of_outcomes, uphill_from_saddle
from guidewright.metaanalysis.dependent.structures import structure_of
from guidewright.metaanalysis.moderators.result import Coefficient
from guidewright.metaanalysis.notices import CannotPoolError, Notice
from guidewright.metaanalysis.options import Interval, Tau2Method, by_name

#: A correlation so near to 1 is 1: the maximum lies on the boundary.
PERFECT = 1e-10


@dataclass(frozen=True)
class OutcomeVariance:
    """The spread of the true effects on one outcome."""

    name: str
    tau2: float
    """Between-study variance; exactly 0 on the boundary."""
    effects: int
    """Rows with this outcome."""
    i2: float | None
    """Share of the total variance in percent, with the typical sampling variance of this outcome."""
    prediction_low: float | None
    """Prediction interval of the true effect in a new study; None with moderators or a common mean."""
    prediction_high: float | None


@dataclass(frozen=True, eq=False)
class MultivariateFit(DependentFit):
    """A model with correlated random effects."""

    structure: RandomStructure
    outcomes: tuple[OutcomeVariance, ...]
    """In order of their names."""
    studies: int
    random_covariance: Array
    """(outcomes, outcomes) covariance of a study's true effects, read-only."""
    correlations: tuple[tuple[float | None, ...], ...]
    """Their correlations; exactly 1 or -1 on the boundary, None where a variance is 0."""


@by_name(method=Tau2Method)
def multivariate(
    y: npt.ArrayLike,
    v: Any,
    *,
    outcomes: Sequence[Any] | npt.ArrayLike,
    studies: Sequence[Any] | npt.ArrayLike,
    structure: RandomStructure = RandomStructure.UN,
    correlation: float | None = None,
    moderators: npt.ArrayLike | None = None,
    moderator_names: Sequence[str] | None = None,
    means: Means = Means.PER_OUTCOME,
    slope_per_outcome: bool = True,
    method: Tau2Method = Tau2Method.REML,
    interval: Interval = Interval.WALD,
    degrees_of_freedom: DegreesOfFreedom = DegreesOfFreedom.RESIDUAL,
    level: float = 0.95,
) -> MultivariateFit:
    """Fit y = X b + u(outcome, study) + e (van Houwelingen et al. 2002; Jackson, Riley & White 2011).

    ``y`` (N,) effects, one row for each outcome that a study reports; ``v`` their sampling variances (N,), covariance
    (N, N) (see :func:`sampling_covariance`) or square blocks of it in the order of the rows; ``outcomes`` and
    ``studies`` (N,) labels (metafor ``~ outcome | study``). ``correlation`` holds that of structure CS at a number: 0.5
    for the contrasts of a network with one variance. ``moderators`` (N, m).

    One mean per outcome, and per moderator one slope per outcome, are the default, since outcomes on different scales
    share neither. The unstructured covariance is the default since it assumes least; it wants many studies.

    Raises :class:`CannotPoolError` for impossible data and for covariances the data cannot determine,
    :class:`NotConvergedError` if the likelihood has no maximum that can be reached.
    """
    check_options(method, interval, level)
    effects = read_effects(y, v, moderators)
    outcome, names = grouping(outcomes, effects.kept, "the outcome")
    study, study_names = grouping(studies, effects.kept, "the study")
    _check_correlation(structure, correlation, len(names))
    design, columns, tested = _design(
        effects.moderators, outcome, names, moderator_names, means=means, slopes=slope_per_outcome
    )
    check_design(design, columns)
    kind = structure_of(structure, len(names), correlation)
    term = Term("studies", study, outcome, kind)
    likelihood = Likelihood(effects, design, [term], method)
    spread = likelihood.spread_by_level(term)
    halfway = np.outer(np.sqrt(spread), np.sqrt(spread)) * (0.1 + 0.4 * np.eye(len(names)))
    check_identified(likelihood, kind.parameters(halfway), _parameter_names(structure, names, kind.lower.size))
    starts = starts_of_outcomes(likelihood, term, spread)
    summit, summits = highest(likelihood, starts, spans(likelihood))
    saddle = uphill_from_saddle(likelihood, summit) if structure is RandomStructure.UN else None
    if saddle is not None:
        summit, summits = highest(likelihood, [*starts, saddle], spans(likelihood))
        if uphill_from_saddle(likelihood, summit) is not None:
            raise NotConvergedError(
                "the climb ends on a saddle of the likelihood again and again; choose structure CS, HCS or DIAG"
            )
    combination = np.unique(study * len(names) + outcome, return_inverse=True)[1]
    repeated = combination.max() + 1 < combination.size
    report = Report(
        likelihood,
        summit,
        columns,
        tested,
        interval,
        degrees_of_freedom,
        level,
        (study, combination),
        summit.theta.size,
        (*several_maxima(summits), *((REPEATED,) if repeated else ())),
    )
    fields = report.fields()
    random, correlations = _on_boundary(likelihood.covariances(summit.theta)[0], spread * likelihood.unit**2)
    if any(one is None for row in correlations for one in row):
        text = "A variance is 0, so that correlations with that outcome are not defined."
        fields["notices"] += (Notice("correlation-undefined", text),)
    shares = _shares(report, outcome, np.diag(random))
    undefined = [name for name, share in zip(names, shares, strict=True) if share is None]
    if undefined and not effects.singular:
        text = f"I2 is not defined for {', '.join(undefined)}: the coefficients fit these rows exactly."
        fields["notices"] += (Notice("i2-undefined", text),)
    averages = fields["coefficients"] if means is Means.PER_OUTCOME and not effects.moderators.size else None
    counts = np.bincount(outcome)
    return MultivariateFit(
        **fields,
        structure=structure,
        outcomes=tuple(
            OutcomeVariance(
                name,
                float(random[n, n]),
                int(counts[n]),
                shares[n],
                *_prediction(averages[n] if averages else None, float(random[n, n]), level),
            )
            for n, name in enumerate(names)
        ),
        studies=len(study_names),
        random_covariance=random,
        correlations=correlations,
    )


REPEATED = Notice(
    "outcome-repeated",
    "A study has an outcome in more than one row; the rows share one true effect. If they differ, use levels instead.",
)


def _check_correlation(structure: RandomStructure, correlation: float | None, outcomes: int) -> None:
    if correlation is None:
        return
    if structure is not RandomStructure.CS:
        raise CannotPoolError(f"a correlation can be given with structure CS only, not {structure}")
    lowest = -1 / (outcomes - 1) if outcomes > 1 else -1.0
    if not lowest <= correlation <= 1:
        raise CannotPoolError(f"correlation {correlation}: with {outcomes} outcomes it lies between {lowest:g} and 1")


def _design(
    moderators: Array,
    outcome: Integers,
    names: Sequence[str],
    given: Sequence[str] | None,
    *,
    means: Means,
    slopes: bool,
) -> tuple[Array, tuple[str, ...], tuple[int, ...]]:
    """Design (k, p), names of its columns, and the columns of the joint test."""
    shared, titles, tested = design_of(moderators, intercept=means is not Means.NONE, names=given)
    by_outcome = [*(outcome[:, None] == np.arange(len(names))).astype(float).T]
    columns, found = [], []
    for number, (column, title) in enumerate(zip(shared.T, titles, strict=True)):
        constant = means is not Means.NONE and number == 0
        if means is Means.PER_OUTCOME if constant else slopes:
            columns += [column * one for one in by_outcome]
            found += [*names] if constant else [f"{title}: {name}" for name in names]
        else:
            columns.append(column)
            found.append(title)
    constants = len(names) if means is Means.PER_OUTCOME else 1
    first = constants if tested[0] > 0 else 0  # all columns where there are no moderators, or nothing else
    return np.column_stack(columns), tuple(found), tuple(range(first, len(columns)))


def _parameter_names(structure: RandomStructure, names: Sequence[str], parameters: int) -> list[str]:
    """What the parameters are about, for a message that the data cannot determine them."""
    variances = [f"the variance of {name}" for name in names]
    if parameters == 1:
        return ["the variance"]
    match structure:
        case RandomStructure.UN:
            pairs = zip(*(index.tolist() for index in np.tril_indices(len(names))), strict=True)
            return [variances[i] if i == j else f"the correlation of {names[j]} and {names[i]}" for i, j in pairs]
        case RandomStructure.CS:
            return ["the variance", "the correlation"]
        case RandomStructure.HCS:
            return [*variances, "the correlation"]
        case _:
            return variances


def _on_boundary(random: Array, spread: Array) -> tuple[Array, tuple[tuple[float | None, ...], ...]]:
    """The covariance with what lies on the boundary put there exactly, read-only, and its correlations."""
    variances = np.diag(random).copy()
    variances[variances < 1e-12 * spread] = 0.0
    sd = np.sqrt(variances)
    product = np.outer(sd, sd)
    ratio = np.divide(random, product, out=np.zeros_like(random), where=product > 0)
    ratio = np.where(np.abs(ratio) > 1 - PERFECT, np.sign(ratio), ratio)
    exact = np.where(np.eye(sd.size, dtype=bool), np.diag(variances), ratio * product)
    exact.flags.writeable = False
    shown = [
        [float(r) if p > 0 else None for r, p in zip(*rows, strict=True)] for rows in zip(ratio, product, strict=True)
    ]
    return exact, tuple(tuple(row) for row in shown)


def _shares(report: Report, outcome: Integers, tau2: Array) -> list[float | None]:
    """I2 of each outcome: (k - p) / tr(P) restricted to its rows (Jackson, White & Riley 2012); None if undefined."""
    alone = report.sampling_only()
    if alone is None:
        return [None] * tau2.size
    inner, solution = alone
    free = np.bincount(outcome, weights=1 - inner.leverages(solution))
    precision = np.bincount(outcome, weights=inner.projection_diagonal(solution))
    # an outcome whose rows the coefficients fit exactly leaves nothing but rounding
    rows = zip(tau2.tolist(), free.tolist(), precision.tolist(), strict=True)
    return [100 * own / (own + some / weight) if some > 1e-9 and weight > 0 else None for own, some, weight in rows]


def _prediction(mean: Coefficient | None, tau2: float, level: float) -> tuple[float | None, float | None]:
    if mean is None:
        return None, None
    half = quantile(level, mean.df) * math.sqrt(mean.se**2 + tau2)
    return mean.estimate - half, mean.estimate + half
