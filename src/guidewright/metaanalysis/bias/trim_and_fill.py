"""Trim and fill: how many studies a symmetric funnel would lack, and what the pooled effect would be with them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.bias import line
from guidewright.metaanalysis.bias.studies import Array, few_studies, read
from guidewright.metaanalysis.kernels.groups import Groups
from guidewright.metaanalysis.notices import CannotPoolError, Notice
from guidewright.metaanalysis.options import Interval, Model, Tau2Method, by_name
from guidewright.metaanalysis.pooling import PooledEffect, pool, pool_many

STEPS = 100


class Missing(StrEnum):
    """Estimator of the number of missing studies (Duval & Tweedie 2000a, JASA 95:89; 2000b, Biometrics 56:455)."""

    L0 = "L0"
    """From the rank sum; the usual choice."""
    R0 = "R0"
    """From the longest run of ranks on the full side; the only one with a test."""
    Q0 = "Q0"
    """From the rank sum, quadratic; not always defined."""


class Side(StrEnum):
    """The side of the funnel on which studies are taken to be missing."""

    LEFT = "left"
    """Small effects are missing."""
    RIGHT = "right"
    """Large effects are missing."""


@dataclass(frozen=True)
class TrimAndFill:
    """The filled meta-analysis."""

    missing: int
    """Estimated number of missing studies, k0."""
    missing_se: float
    missing_p: float | None
    """Test of no missing studies; R0 only."""
    side: Side
    estimator: Missing
    filled: PooledEffect
    """The pooled effect of all studies, found and imputed."""
    observed: PooledEffect
    """The pooled effect of the studies that were found."""
    imputed_y: tuple[float, ...]
    """Effects of the imputed studies, mirror images about the trimmed estimate, from the least extreme one."""
    imputed_v: tuple[float, ...]
    mirrored_rows: tuple[int, ...]
    """Number of the row, from 0, of which each imputed study is the image."""
    centre: float
    """Estimate of the trimmed set, about which studies were mirrored."""
    trimming_model: Model
    notices: tuple[Notice, ...]


@by_name(trimming_model=Model, estimator=Missing, side=Side)
def trim_and_fill(
    y: npt.ArrayLike,
    v: npt.ArrayLike | None = None,
    *,
    se: npt.ArrayLike | None = None,
    estimator: Missing = Missing.L0,
    side: Side | None = None,
    model: Model = Model.RANDOM,
    trimming_model: Model | None = None,
    tau2_method: Tau2Method = Tau2Method.REML,
    interval: Interval = Interval.WALD,
    level: float = 0.95,
) -> TrimAndFill:
    """Trim and fill of effects ``y`` (k,) with variances ``v`` or standard errors ``se`` (Duval & Tweedie 2000).

    Without ``side``, studies are taken to be missing where the regression of effects on standard errors under the same
    model points away from. ``trimming_model`` centres the funnel while studies are trimmed, and is ``model`` unless
    given: R's meta trims about the common effect whatever is pooled at last. L0 is the default as in metafor. The
    method presumes that asymmetry comes from suppressed studies, and does badly with heterogeneity (Peters et al. 2007,
    Stat Med 26:4544): a sensitivity analysis, not a correction.

    Raises :class:`CannotPoolError` for fewer than three studies, and where Q0 is not defined or no number settles.
    """
    studies = read(y, v, se, least=3, purpose="trim and fill")
    trimming_model = trimming_model or model
    k = studies.k
    if side is None:
        side = _side(studies.y, studies.v, trimming_model, tau2_method)
    sign = 1.0 if side is Side.LEFT else -1.0
    order = np.argsort(sign * studies.y, kind="stable")
    ys, vs = sign * studies.y[order], studies.v[order]

    missing, seen, centre, missing_se = 0, [-1], 0.0, 0.0
    while missing != seen[-1]:
        if len(seen) > STEPS or missing in seen:
            raise CannotPoolError(f"trim and fill with {estimator} finds no stable number of studies; take another")
        seen.append(missing)
        if missing >= k:
            raise CannotPoolError(
                f"trim and fill with {estimator} would trim all {k} studies; choose another estimator"
            )
        kept = slice(0, k - missing)
        trimmed = pool_many(
            ys[kept], vs[kept], Groups.of_sizes([k - missing]), model=trimming_model, tau2_method=tau2_method
        )
        centre = float(trimmed.estimate[0])
        raw, missing_se = _number_missing(ys - centre, estimator)
        missing = max(0, round(raw))

    last = slice(k - missing, k)
    imputed_y, imputed_v = sign * (2 * centre - ys[last]), vs[last]
    options = {"model": model, "tau2_method": tau2_method, "interval": interval, "level": level}
    observed = pool(studies.y, studies.v, **options)  # type: ignore[arg-type]
    filled = pool(
        np.concatenate([studies.y, imputed_y]),
        np.concatenate([studies.v, imputed_v]),
        **options,  # type: ignore[arg-type]
    )
    return TrimAndFill(
        missing=missing,
        missing_se=missing_se,
        missing_p=0.5 ** (missing + 1) if estimator is Missing.R0 else None,
        side=side,
        estimator=estimator,
        filled=filled,
        observed=observed,
        imputed_y=tuple(imputed_y.tolist()),
        imputed_v=tuple(imputed_v.tolist()),
        mirrored_rows=tuple(studies.kept[order[last]].tolist()),
        centre=sign * centre,
        trimming_model=trimming_model,
        notices=(*studies.notices, *few_studies(k)),
    )


def _side(y: Array, v: Array, model: Model, tau2_method: Tau2Method) -> Side:
    """Where small studies show larger effects, the small ones with small effects are missing: on the left."""
    name = "the standard error (so that `side` must be given)"
    if model is Model.COMMON:
        slope = line.multiplicative(y, v, np.sqrt(v), name).slope
    else:
        slope = line.additive(y, v, np.sqrt(v), name, tau2_method=tau2_method, interval=Interval.WALD).slope
    return Side.RIGHT if slope < 0 else Side.LEFT


def _number_missing(about: Array, estimator: Missing) -> tuple[float, float]:
    """k0 before rounding and its standard error, from effects about the centre, in rising order.

    Duval & Tweedie 2000a: signed ranks of the distances, ties in the order of the effects.
    """
    k = len(about)
    ranks = np.empty(k)
    ranks[np.argsort(np.abs(about), kind="stable")] = np.arange(1, k + 1)
    if estimator is Missing.R0:
        left = ranks[about < 0]
        number = k - (left.max() if len(left) else 0.0) - 1
        return float(number), float(np.sqrt(2 * max(0.0, number) + 2))
    total = float(np.sum(ranks[about > 0]))
    if estimator is Missing.L0:
        number = (4 * total - k * (k + 1)) / (2 * k - 1)
        return number, 4 * math.sqrt(max(0.0, _rank_sum_variance(k, number))) / (2 * k - 1)
    inside = 2 * k**2 - 4 * total + 0.25
    if inside < 0:
        raise CannotPoolError("Q0 is the root of a negative number for these studies: choose L0 or R0")
    number = k - 0.5 - math.sqrt(inside)
    spread = (k - 0.5) ** 2 - number * (2 * k - number - 1)
    return number, 2 * math.sqrt(max(0.0, _rank_sum_variance(k, number))) / math.sqrt(spread)


def _rank_sum_variance(k: int, k0: float) -> float:
    return (
        k * (k + 1) * (2 * k + 1) + 10 * k0**3 + 27 * k0**2 + 17 * k0 - 18 * k * k0**2 - 18 * k * k0 + 6 * k**2 * k0
    ) / 24
