"""Fail-safe N: how many studies without an effect would undo the result. Kept for readers of older reviews."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis import special
from guidewright.metaanalysis.bias.studies import read
from guidewright.metaanalysis.kernels.distributions import normal_p, normal_quantile
from guidewright.metaanalysis.notices import CannotPoolError, Notice
from guidewright.metaanalysis.options import check_share


class FailSafe(StrEnum):
    """What "undo" means."""

    ROSENTHAL = "rosenthal"
    """Stouffer's combined p value rises to alpha (Rosenthal 1979, Psychol Bull 86:638)."""
    ORWIN = "orwin"
    """The mean effect falls to a target (Orwin 1983, J Educ Stat 8:157)."""
    ROSENBERG = "rosenberg"
    """The p value of the common-effect mean rises to alpha (Rosenberg 2005, Evolution 59:464)."""


@dataclass(frozen=True)
class FailSafeN:
    """The number of studies, rounded up; 0 where the result is not there to be undone."""

    number: int
    method: FailSafe
    p: float | None
    """P value of the studies at hand: one-sided for Rosenthal, two-sided for Rosenberg, None for Orwin."""
    mean: float | None
    """Mean effect (Orwin, Rosenberg)."""
    target: float | None
    """Mean effect to which it shall fall (Orwin)."""
    alpha: float
    weighted: bool
    """Whether Orwin's mean is weighted by the inverse variances."""
    notices: tuple[Notice, ...]


def fail_safe_n(
    y: npt.ArrayLike,
    v: npt.ArrayLike | None = None,
    *,
    se: npt.ArrayLike | None = None,
    method: FailSafe = FailSafe.ROSENTHAL,
    alpha: float = 0.05,
    target: float | None = None,
    weighted: bool = False,
) -> FailSafeN:
    """Fail-safe N of effects ``y`` (k,) with variances ``v`` or standard errors ``se``.

    ``alpha`` is one-sided for Rosenthal and two-sided for Rosenberg, as in the papers and in metafor 3. ``target`` is
    Orwin's, half the mean unless given; its sign does not matter. The methods differ widely from one another and
    ignore heterogeneity; they are offered for comparison with older reviews.
    """
    check_share("alpha", alpha)
    studies = read(y, v, se)
    notices = [
        *studies.notices,
        Notice("fail-safe-discouraged", "fail-safe N ignores heterogeneity, and its variants disagree"),
    ]
    k, w = studies.k, 1 / studies.v
    p: float | None = None
    mean: float | None = None
    if method is FailSafe.ROSENTHAL:
        total = abs(float(np.sum(studies.y / studies.se)))
        p = float(special.ndtr(-total / np.sqrt(k)))
        number = (total / float(normal_quantile(1 - alpha))) ** 2 - k if p <= alpha else 0.0
    elif method is FailSafe.ROSENBERG:
        mean = float(np.sum(w * studies.y) / np.sum(w))
        p = float(normal_p(mean * np.sqrt(np.sum(w))))
        enough = (np.sum(w * studies.y) / float(normal_quantile(1 - alpha / 2))) ** 2 - np.sum(w)
        number = float(enough / np.mean(w)) if p <= alpha else 0.0
    else:
        mean = float(np.sum(w * studies.y) / np.sum(w)) if weighted else float(np.mean(studies.y))
        target = mean / 2 if target is None else float(np.copysign(target, mean))
        if target == 0:
            raise CannotPoolError("a target of 0 is reached by no number of studies; give one above 0")
        number = k * (mean - target) / target if abs(mean) > abs(target) else 0.0
    return FailSafeN(
        number=max(0, int(np.ceil(number))),
        method=method,
        p=p,
        mean=mean,
        target=target if method is FailSafe.ORWIN else None,
        alpha=alpha,
        weighted=weighted,
        notices=tuple(notices),
    )
