"""What every fit of dependent effects reports: coefficients, tests, heterogeneity, criteria."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from guidewright.metaanalysis.dependent.blocks import Array, Integers
from guidewright.metaanalysis.dependent.distributions import quantile, two_sided_p
from guidewright.metaanalysis.dependent.likelihood import Likelihood, Solution
from guidewright.metaanalysis.dependent.marginal import MarginalModel
from guidewright.metaanalysis.dependent.maximum import Summit
from guidewright.metaanalysis.dependent.options import DegreesOfFreedom
from guidewright.metaanalysis.kernels.distributions import chi2_p, f_p
from guidewright.metaanalysis.moderators.result import Coefficient
from guidewright.metaanalysis.notices import CannotPoolError, Notice
from guidewright.metaanalysis.options import Interval, Tau2Method, check_share


@dataclass(frozen=True, eq=False)
class DependentFit:
    """What multilevel and multivariate fits share."""

    method: Tau2Method
    """ML or REML."""
    interval: Interval
    degrees_of_freedom: DegreesOfFreedom | None
    """Those of t; None with Wald intervals."""
    level: float
    """Confidence level of all intervals."""
    k: int
    """Effects used."""
    p: int
    """Coefficients."""
    components: int
    """Variance and correlation parameters estimated."""
    coefficients: tuple[Coefficient, ...]
    coefficient_covariance: Array
    """(p, p), read-only."""
    q: float | None
    """Residual heterogeneity: generalised Q with sampling covariance only. None if that has no inverse."""
    q_df: int
    q_p: float | None
    qm: float
    """Joint Wald test of the moderators, or of all coefficients where there are none: chi-squared, or F with t."""
    qm_df: int
    qm_df2: float | None
    """Denominator degrees of freedom, with t."""
    qm_p: float
    loglik: float
    """(Restricted) log-likelihood; the restricted one includes log |X'X| / 2, as metafor's does."""
    aic: float
    bic: float
    aicc: float
    gradient: float
    """Largest gradient left at the optimum, in log-likelihood per standard error of a parameter."""
    notices: tuple[Notice, ...]
    model: MarginalModel = field(repr=False)
    """Effects, design and covariance, for cluster-robust variances."""
    likelihood: Likelihood = field(repr=False)
    """The likelihood that was climbed, for profiles."""
    theta: Array = field(repr=False)
    """Its parameters at the optimum."""


def check_options(method: Tau2Method, interval: Interval, level: float) -> None:
    """Raise for choices that these models do not have."""
    if method not in {Tau2Method.ML, Tau2Method.REML}:
        raise CannotPoolError(
            f"method {method}: models of dependent effects are fitted by REML or ML; choose one of them"
        )
    if interval not in {Interval.WALD, Interval.T}:
        raise CannotPoolError(f"interval {interval}: choose wald or t, or a cluster-robust variance for small samples")
    check_share("level", level)


def coefficient(name: str, estimate: float, se: float, df: float | None, level: float) -> Coefficient:
    """Test and interval of one fixed effect."""
    half = quantile(level, df) * se
    statistic = estimate / se
    p = two_sided_p(statistic, df)
    return Coefficient(name, estimate, se, statistic, df, p, estimate - half, estimate + half)


@dataclass(frozen=True, eq=False)
class Report:
    """The fields of :class:`DependentFit` from an optimum."""

    likelihood: Likelihood
    summit: Summit
    names: tuple[str, ...]
    tested: tuple[int, ...]
    interval: Interval
    degrees_of_freedom: DegreesOfFreedom
    level: float
    factors: tuple[Integers, ...]
    """(k,) groups of every random effect, for degrees of freedom by containment."""
    components: int
    notices: tuple[Notice, ...]

    def sampling_only(self) -> tuple[Likelihood, Solution] | None:
        """Generalised least squares with sampling covariance only; None if that has no inverse."""
        inner = self.likelihood
        if inner.effects.singular:
            return None
        alone = Likelihood(inner.effects, inner.design, (), Tau2Method.ML)
        solution = alone.solve(np.zeros(0))
        return None if solution is None else (alone, solution)

    def fields(self) -> dict[str, Any]:
        """Everything that multilevel and multivariate fits share."""
        inner, solution, theta = self.likelihood, self.summit.solution, self.summit.theta
        k, p = inner.design.shape
        estimates, covariance = inner.fixed_effects(solution)
        dfs = self._degrees_of_freedom()
        ses = np.sqrt(np.diag(covariance))
        rows = zip(self.names, estimates.tolist(), ses.tolist(), dfs, strict=True)
        index = list(self.tested)
        chi2 = float(estimates[index] @ np.linalg.solve(covariance[np.ix_(index, index)], estimates[index]))
        m = len(index)
        smallest = min((dfs[one] or math.inf for one in index), default=math.inf)
        is_t = self.interval is Interval.T
        plain = self.sampling_only()
        covariance.flags.writeable = False
        # metafor counts the observations that a restricted likelihood has
        n = k - p if inner.method is Tau2Method.REML else k
        count = p + self.components
        loglik = solution.loglik
        enough = max(n, count + 2)
        effects = inner.effects
        return {
            "method": inner.method,
            "interval": self.interval,
            "degrees_of_freedom": self.degrees_of_freedom if is_t else None,
            "level": self.level,
            "k": k,
            "p": p,
            "components": self.components,
            "coefficients": tuple(coefficient(*row, self.level) for row in rows),
            "coefficient_covariance": covariance,
            "q": plain[1].rss if plain else None,
            "q_df": k - p,
            "q_p": float(chi2_p(plain[1].rss, k - p)) if plain else None,
            "qm": chi2 / m if is_t else chi2,
            "qm_df": m,
            "qm_df2": smallest if is_t else None,
            "qm_p": float(f_p(chi2 / m, m, smallest) if is_t else chi2_p(chi2, m)),
            "loglik": loglik,
            "aic": 2 * count - 2 * loglik,
            "bic": count * math.log(n) - 2 * loglik,
            "aicc": 2 * count * enough / (enough - count - 1) - 2 * loglik,
            "gradient": self.summit.gradient,
            "notices": (*effects.notices, *self.notices, *(() if plain else (SINGULAR,))),
            "model": MarginalModel(
                effects.y,
                inner.design,
                self.names,
                self.tested,
                inner.marginal_covariance(theta),
                effects.kept,
                effects.notices,
            ),
            "likelihood": inner,
            "theta": theta,
        }

    def _degrees_of_freedom(self) -> Sequence[float | None]:
        k, p = self.likelihood.design.shape
        if self.interval is Interval.WALD:
            return [None] * p
        if self.degrees_of_freedom is DegreesOfFreedom.RESIDUAL:
            return [float(k - p)] * p
        return [float(max(self._contained(column) - p, 1)) for column in self.likelihood.design.T]

    def _contained(self, column: Array) -> int:
        """Groups of the smallest factor within whose groups the column is constant; else the number of rows."""
        found = [column.size]
        for codes in self.factors:
            first = np.zeros(int(codes.max()) + 1)
            first[codes[::-1]] = column[::-1]
            if np.array_equal(first[codes], column):
                found.append(first.size)
        return min(found)


SINGULAR = Notice(
    "q-undefined",
    "Q and I2 are not defined: the sampling covariance has no inverse (a variance of 0 or a correlation of 1).",
)
