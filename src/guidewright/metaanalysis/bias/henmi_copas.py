"""The random-effects interval of Henmi & Copas, about a mean that small studies cannot carry away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis import special
from guidewright.metaanalysis.bias.studies import Array, read
from guidewright.metaanalysis.kernels.distributions import normal_quantile
from guidewright.metaanalysis.notices import Notice
from guidewright.metaanalysis.options import check_share

#: Standard deviations beyond which the normal density adds nothing to a tail of a few percent.
FAR = 12.0
#: Gauss-Legendre points on the logarithm of r, on which the integrand changes over a distance of about 1.
POINTS = 200


@dataclass(frozen=True)
class HenmiCopas:
    """Common-effect mean with a standard error and an interval that allow for tau2."""

    k: int
    estimate: float
    se: float
    low: float
    high: float
    tau2: float
    """DerSimonian-Laird."""
    level: float
    notices: tuple[Notice, ...]


def henmi_copas(
    y: npt.ArrayLike, v: npt.ArrayLike | None = None, *, se: npt.ArrayLike | None = None, level: float = 0.95
) -> HenmiCopas:
    """Interval for the mean of effects ``y`` (k,) under random effects (Henmi & Copas 2010, Stat Med 29:2969).

    Weights are 1/v, whatever tau2 is, because random-effects weights favour small studies, which are the ones that
    bias selects. The interval inverts the distribution of the estimate over its estimated standard error, in which tau2
    given the estimate is taken to follow a gamma distribution.

    Raises :class:`CannotPoolError` for a single study.
    """
    check_share("level", level)
    studies = read(y, v, se, least=2, purpose="the method of Henmi and Copas")
    k, w = studies.k, 1 / studies.v
    w1 = float(np.sum(w))
    mean = float(np.sum(w * studies.y) / w1)
    q = float(np.sum(w * (studies.y - mean) ** 2))
    w2, w3, w4 = (float(np.sum(w**power) / w1) for power in (2, 3, 4))
    tau2 = max(0.0, (q - (k - 1)) / (w1 - w2))
    ratio = 1 + tau2 * w2
    spread, skew = w3 - w2**2, w4 - 2 * w2 * w3 + w2**3
    nodes, node_weights = np.polynomial.legendre.leggauss(POINTS)

    def beyond(t: float) -> float:
        """Chance that the standardised estimate exceeds sqrt(ratio) * t."""
        span = np.log(FAR / t)
        r: Array = t * np.exp(span * (nodes + 1) / 2)
        excess = (r**2 - 1) / ratio
        expected = (k - 1) + tau2 * (w1 - w2) + tau2**2 * excess * spread
        variance = (
            2 * (k - 1)
            + 4 * tau2 * (w1 - w2)
            + 2 * tau2**2 * (w1 * w2 - 2 * w3 + w2**2)
            + 4 * tau2**2 * excess * spread
            + 4 * tau2**3 * excess * skew
            + 2 * tau2**4 * (1 - 2 * r**2) / ratio**2 * spread**2
        )
        limit = (w1 / w2 - 1) * ((r / t) ** 2 - 1) + (k - 1)
        below = special.gammainc(expected**2 / variance, limit * expected / variance)
        density = np.exp(-(r**2) / 2) / np.sqrt(2 * np.pi)
        return float(np.sum(node_weights * below * density * r) * span / 2)

    wide = _falls_to(beyond, (1 - level) / 2, float(normal_quantile((1 + level) / 2))) * ratio / float(np.sqrt(w1))
    return HenmiCopas(
        k=k,
        estimate=mean,
        se=float(np.sqrt(ratio / w1)),
        low=mean - wide,
        high=mean + wide,
        tau2=tau2,
        level=level,
        notices=studies.notices,
    )


def _falls_to(tail: Callable[[float], float], value: float, most: float) -> float:
    """Where a falling function takes a value, by bisection: it is below the normal tail, so not beyond ``most``."""
    low, high = 0.0, most
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if tail(middle) > value else (low, middle)
    return (low + high) / 2
