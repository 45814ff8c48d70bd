"""Required information size: how many patients a meta-analysis needs, as a single large trial would."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from guidewright.metaanalysis.kernels.distributions import normal_quantile
from guidewright.metaanalysis.notices import CannotPoolError


@dataclass(frozen=True)
class InformationSize:
    """Patients that a meta-analysis needs, both arms together, and all that they follow from."""

    participants: float
    """Adjusted for diversity; not rounded."""
    participants_unadjusted: float
    difference: float
    """Difference between the arms that must not be missed: of means or of risks."""
    variance: float
    """Variance of one patient's outcome."""
    diversity: float
    """Share of the variance of the pooled result that comes from differences between trials: D2, from 0 to below 1."""
    alpha: float
    """Two-sided."""
    power: float


def information_size_means(
    difference: float, sd: float, *, alpha: float = 0.05, power: float = 0.9, diversity: float = 0.0
) -> InformationSize:
    """Patients needed to find a ``difference`` of means where outcomes have the standard deviation ``sd``.

    ``4 (z(1 - alpha/2) + z(power))**2 * variance / difference**2``, arms of equal size, divided by ``1 - diversity``:
    Wetterslev et al. 2008 (Journal of Clinical Epidemiology 61:64) and 2009 (BMC Medical Research Methodology 9:86).
    Power 0.9 is the default because a meta-analysis should miss no more than a good trial does.

    Raises :class:`CannotPoolError` for a difference of 0 and other impossible numbers.
    """
    if not (np.isfinite(sd) and sd > 0):
        raise CannotPoolError(f"`sd` is {sd:g}, and must be above 0")
    return _size(difference, sd**2, alpha, power, diversity)


def information_size_risks(
    risk: float,
    relative_reduction: float,
    *,
    alpha: float = 0.05,
    power: float = 0.9,
    diversity: float = 0.0,
) -> InformationSize:
    """Patients needed to find a relative risk reduction where the control group has the ``risk``.

    Of the mean ``p`` of both groups' risks the variance is ``p (1 - p)``; the rest is as in
    :func:`information_size_means`. A negative reduction is an increase.

    Raises :class:`CannotPoolError` for impossible risks and a reduction of 0.
    """
    experimental = risk * (1 - relative_reduction)
    if not (0 < risk < 1 and 0 <= experimental <= 1):
        raise CannotPoolError(
            f"`risk` {risk:g} with `relative_reduction` {relative_reduction:g} gives a risk of {experimental:g};"
            " risks must be between 0 and 1"
        )
    mean = (risk + experimental) / 2
    return _size(risk - experimental, mean * (1 - mean), alpha, power, diversity)


def _size(difference: float, variance: float, alpha: float, power: float, diversity: float) -> InformationSize:
    if not (np.isfinite(difference) and difference != 0):
        raise CannotPoolError(f"the difference to be found is {difference:g}, and must not be 0")
    check_errors(alpha, power)
    if not 0 <= diversity < 1:
        raise CannotPoolError(f"`diversity` is {diversity:g}, and must be 0 or more and below 1")
    quantiles = float(normal_quantile(1 - alpha / 2) + normal_quantile(power))
    size = 4 * quantiles**2 * variance / difference**2
    return InformationSize(
        participants=size / (1 - diversity),
        participants_unadjusted=size,
        difference=difference,
        variance=variance,
        diversity=diversity,
        alpha=alpha,
        power=power,
    )


def check_errors(alpha: float, power: float) -> None:
    """Raise :class:`CannotPoolError` unless both are probabilities and a test can have them."""
    if not 0 < alpha < 1:
        raise CannotPoolError(f"`alpha` is a probability between 0 and 1, such as 0.05; found {alpha:g}")
    if not alpha / 2 < power < 1:
        raise CannotPoolError(f"`power` is a probability above alpha / 2 and below 1, such as 0.9; found {power:g}")
