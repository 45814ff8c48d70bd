"""Random effects at several levels: effects within studies within groups, or crossed groupings."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.dependent.blocks import Integers
from guidewright.metaanalysis.dependent.distributions import quantile
from guidewright.metaanalysis.dependent.effects import check_design, grouping, read_effects
from guidewright.metaanalysis.dependent.fits import DependentFit, Report, check_options
from guidewright.metaanalysis.dependent.identification import check_identified
from guidewright.metaanalysis.dependent.likelihood import Likelihood, Term
from guidewright.metaanalysis.dependent.marginal import design_of
from guidewright.metaanalysis.dependent.maximum import highest, several_maxima
from guidewright.metaanalysis.dependent.options import DegreesOfFreedom, RandomStructure
from guidewright.metaanalysis.dependent.starts import spans, starts_of_levels
from guidewright.metaanalysis.dependent.structures import structure_of
from guidewright.metaanalysis.notices import CannotPoolError, Notice
from guidewright.metaanalysis.options import Interval, Tau2Method, by_name


@dataclass(frozen=True)
class LevelVariance:
    """The variance of the true effects at one level."""

    name: str
    sigma2: float
    """Variance component; exactly 0 where the likelihood is highest on the boundary."""
    groups: int
    """Number of groups."""
    i2: float | None
    """Share of the total variance in percent (Nakagawa & Santos 2012; Cheung 2014)."""


@dataclass(frozen=True, eq=False)
class MultilevelFit(DependentFit):
    """A model with random effects at several levels."""

    levels: tuple[LevelVariance, ...]
    """From the outermost in."""
    nested: bool
    i2: float | None
    """Share of all levels together, in percent."""
    prediction_low: float | None
    """Prediction interval of the true effect of a new row in a new group; None with moderators."""
    prediction_high: float | None


@by_name(method=Tau2Method)
def multilevel(
    y: npt.ArrayLike,
    v: Any,
    *,
    levels: Sequence[Sequence[Any] | npt.ArrayLike],
    level_names: Sequence[str] | None = None,
    nested: bool = True,
    moderators: npt.ArrayLike | None = None,
    moderator_names: Sequence[str] | None = None,
    intercept: bool = True,
    method: Tau2Method = Tau2Method.REML,
    interval: Interval = Interval.WALD,
    degrees_of_freedom: DegreesOfFreedom = DegreesOfFreedom.RESIDUAL,
    level: float = 0.95,
) -> MultilevelFit:
    """Fit y = X b + u(outer) + ... + u(inner) + e (Konstantopoulos 2011; Van den Noortgate et al. 2013).

    ``y`` (N,) effects; ``v`` their sampling variances (N,), covariance (N, N), or square blocks of it in the order of
    the rows; ``levels`` one column of labels (N,) for each level, outermost first: the three-level model has studies
    and, inside, one label for each effect. With ``nested`` a label counts within its outer label, so that school 1
    of two districts is two schools (metafor ``~ 1 | district/school``); without, groupings may cross. No level at all
    is the common-effect model. ``moderators`` (N, m).

    REML is the default since ML estimates too small variances with few groups. ``interval`` T uses residual degrees
    of freedom unless containment is asked for. The global maximum is sought from several starts.

    Raises :class:`CannotPoolError` for impossible data and for levels whose variances the data cannot tell apart,
    :class:`NotConvergedError` if the likelihood has no maximum that can be reached.
    """
    check_options(method, interval, level)
    effects = read_effects(y, v, moderators)
    names = tuple(level_names) if level_names is not None else tuple(f"level {n + 1}" for n in range(len(levels)))
    if len(names) != len(levels):
        raise CannotPoolError(f"{len(names)} names for {len(levels)} levels; give one for each")
    codes = [grouping(one, effects.kept, f"the label of {name}")[0] for one, name in zip(levels, names, strict=True)]
    if nested:
        codes = _within(codes)
    design, columns, tested = design_of(effects.moderators, intercept=intercept, names=moderator_names)
    check_design(design, columns)
    single = [one.max() == 0 for one in codes]
    one_variance = structure_of(RandomStructure.ID, 1)
    terms = [
        Term(name, one, np.zeros_like(one), one_variance)
        for name, one, alone in zip(names, codes, single, strict=True)
        if not alone
    ]
    likelihood = Likelihood(effects, design, terms, method)
    check_identified(
        likelihood, np.full(len(terms), likelihood.spread), [f"the variance of {term.name}" for term in terms]
    )
    summit, summits = highest(likelihood, starts_of_levels(likelihood), spans(likelihood))
    notices = [
        Notice("one-group-level", f"{name} has a single group, so its variance cannot be told from the mean; it is 0.")
        for name, alone in zip(names, single, strict=True)
        if alone
    ]
    notices += several_maxima(summits)
    report = Report(
        likelihood,
        summit,
        columns,
        tested,
        interval,
        degrees_of_freedom,
        level,
        tuple(codes),
        len(terms),
        tuple(notices),
    )
    fields = report.fields()
    estimated = iter((summit.theta * likelihood.unit**2).tolist())
    sigma2 = [0.0 if alone else float(next(estimated)) for alone in single]
    typical = _typical_variance(report)
    total = sum(sigma2)
    low, high = _prediction(fields, total, level) if design.shape[1] == 1 and intercept else (None, None)
    shares = [None if typical is None else 100 * one / (total + typical) for one in sigma2]
    return MultilevelFit(
        **fields,
        levels=tuple(
            LevelVariance(name, one, int(code.max()) + 1, share)
            for name, one, code, share in zip(names, sigma2, codes, shares, strict=True)
        ),
        nested=nested,
        i2=None if typical is None else 100 * total / (total + typical),
        prediction_low=low,
        prediction_high=high,
    )


def _within(codes: Sequence[Integers]) -> list[Integers]:
    """Every grouping as a refinement of the one outside it."""
    found: list[Integers] = []
    for one in codes:
        pair = one if not found else found[-1] * (int(one.max()) + 1) + one
        found.append(np.unique(pair, return_inverse=True)[1])
    return found


def _typical_variance(report: Report) -> float | None:
    """(k - p) / tr(P) with sampling covariance only: Higgins & Thompson 2002, generalised by Jackson et al. 2012."""
    alone = report.sampling_only()
    if alone is None:
        return None
    inner, solution = alone
    k, p = inner.design.shape
    return float((k - p) / inner.projection_diagonal(solution).sum())


def _prediction(fields: dict[str, Any], total: float, level: float) -> tuple[float, float]:
    mean = fields["coefficients"][0]
    half = quantile(level, mean.df) * math.sqrt(mean.se**2 + total)
    return mean.estimate - half, mean.estimate + half
