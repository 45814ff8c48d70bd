"""The second engine: what statsmodels offers as well is recomputed with it, and a difference is an error."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.analysis import Tau2Method
from guidewright.metaanalysis.tau2 import centred, tau2_of

Array = npt.NDArray[np.float64]
#: Largest relative difference between the two engines that is not an error.
TOLERANCE = 1e-8
#: What uneven sampling variances cost both engines in digits: their sums of weights are off by the ratio times this.
ROUNDING = 1e-15


class EnginesDisagreeError(RuntimeError):
    """The two engines differ by more than the declared tolerance: a fault of the tool or of a library."""


def check(y: Array, v: Array, worst: dict[str, float]) -> None:
    """Recompute the common effect, Q and DerSimonian-Laird's tau2 with statsmodels.

    Raises :class:`EnginesDisagreeError` if they differ.
    """
    if len(y) < 2:
        return
    from statsmodels.stats.meta_analysis import combine_effects  # noqa: PLC0415

    with np.errstate(all="ignore"):  # statsmodels goes on with a negative tau2; what we compare is never NaN
        other = combine_effects(centred(y, v), v, method_re="chi2")
    theirs = float(other.mean_effect_fe) + float(y[v.argmin()])
    w = 1 / v
    mean = float((w * y).sum() / w.sum())
    allowed = max(TOLERANCE, ROUNDING * float(v.max() / v.min()))
    q = float((w * (y - mean) ** 2).sum())
    compare(worst, mean, theirs, allowed, floor=math.sqrt(1 / float(w.sum())))
    compare(worst, q, float(other.q), allowed, floor=1.0)
    compare(worst, tau2_of(y, v, Tau2Method.DL), max(float(other.tau2), 0.0), allowed, floor=float(np.mean(v)))


def compare(
    worst: dict[str, float], ours: float, theirs: float, allowed: float = TOLERANCE, floor: float = 0.0
) -> None:
    """Keep the larger relative difference in ``worst``; ``floor`` is the size below which a number counts as that.

    Raises :class:`EnginesDisagreeError` if it is more than ``allowed``.
    """
    difference = abs(ours - theirs) / max(abs(theirs), floor)
    worst["statsmodels"] = max(worst["statsmodels"], difference)
    if not difference <= allowed:  # also where one of them is not a number
        raise EnginesDisagreeError(f"ours {ours!r}, statsmodels {theirs!r}: relative difference {difference:.2g}")
