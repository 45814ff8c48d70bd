"""The second engines: PyMARE and statsmodels recompute what they offer as well, and a difference is an error."""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.kernels.groups import Groups
from guidewright.metaanalysis.kernels.likelihood import log_likelihood
from guidewright.metaanalysis.kernels.tau2 import estimate_tau2
from guidewright.metaanalysis.options import Model, Tau2Method
from guidewright.metaanalysis.pooling import PooledEffect, pool

Array = npt.NDArray[np.float64]
#: Engine -> largest relative difference found.
Differences = dict[str, float]
#: Largest relative difference of a closed form that is not an error.
TOLERANCE = 1e-8
#: PyMARE's search for the (restricted) likelihood's maximum stops at a relative error of up to 1e-6.
SEARCH_TOLERANCE = 1e-5
#: What uneven sampling variances cost an engine in digits: its sums of weights are off by the ratio times this.
ROUNDING = 1e-15


class EnginesDisagreeError(RuntimeError):
    """Two engines differ by more than the declared tolerance: a fault of the tool or of a library."""


def verify(y: Array, v: Array, found: PooledEffect, common: PooledEffect, worst: Differences) -> None:
    """Recompute a pooled result, and the common effect of the same rows; ``worst`` keeps the largest differences.

    statsmodels: common effect, Q and DerSimonian-Laird's tau2; PyMARE: tau2 and the estimate of REML, ML, DL and HE.

    Raises :class:`EnginesDisagreeError` if they differ.
    """
    if len(y) < 2:
        return
    centre = float(y[v.argmin()])  # the spread is the same, and sums keep the digits that large effects eat
    allowed = max(TOLERANCE, ROUNDING * float(v.max() / v.min()))
    _with_statsmodels(y - centre, v, centre, common, allowed, worst)
    if found.model is Model.RANDOM and found.tau2_method in _pymare_methods():
        _with_pymare(y - centre, v, centre, found, allowed, worst)


def _with_statsmodels(
    y: Array, v: Array, centre: float, common: PooledEffect, allowed: float, worst: Differences
) -> None:
    # takes two seconds to import, and --help must not wait for it
    from statsmodels.stats.meta_analysis import combine_effects  # noqa: PLC0415

    with np.errstate(all="ignore"):  # statsmodels goes on with a negative tau2; what we compare is never NaN
        other = combine_effects(y, v, method_re="chi2")
    moments = estimate_tau2(y, v, Groups.of_sizes([len(y)]), Tau2Method.DL).tau2[0]
    for name, ours, theirs, floor in (
        ("estimate", common.estimate, float(other.mean_effect_fe) + centre, common.se),
        ("Q", common.q or 0.0, float(other.q), 1.0),
        ("tau2", float(moments), _not_negative(float(other.tau2)), float(v.mean())),
    ):
        compare(worst, "statsmodels", name, ours, theirs, allowed, floor=floor)


def _pymare_methods() -> frozenset[Tau2Method]:
    return frozenset({Tau2Method.REML, Tau2Method.ML, Tau2Method.DL, Tau2Method.HE})


def _with_pymare(y: Array, v: Array, centre: float, found: PooledEffect, allowed: float, worst: Differences) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # PyMARE leaves a file of its own open
        from pymare import Dataset  # noqa: PLC0415 - as slow as statsmodels
        from pymare.estimators import (  # noqa: PLC0415
            DerSimonianLaird,
            Hedges,
            VarianceBasedLikelihoodEstimator,
        )

    method = found.tau2_method
    searched = method in {Tau2Method.REML, Tau2Method.ML}
    if searched:
        estimator = VarianceBasedLikelihoodEstimator(method=str(method))
    else:
        estimator = DerSimonianLaird() if method is Tau2Method.DL else Hedges()
    estimator.fit_dataset(Dataset(y, v))
    tau2 = _not_negative(float(np.squeeze(estimator.params_["tau2"])))
    estimate = float(np.squeeze(estimator.params_["fe_params"])) + centre
    if searched:
        allowed = max(allowed, SEARCH_TOLERANCE)
        if _higher(y, v, found.tau2, tau2, restricted=method is Tau2Method.REML):
            # PyMARE stopped at a lesser maximum, or on the way: what follows from its tau2 must still agree
            found = pool(y + centre, v, tau2=tau2)
    compare(worst, "pymare", "tau2", found.tau2, tau2, allowed, floor=float(v.mean()))
    spread = float(np.sqrt(1 / (1 / (v + found.tau2)).sum()))
    compare(worst, "pymare", "estimate", found.estimate, estimate, allowed, floor=spread)


def _higher(y: Array, v: Array, ours: float, theirs: float, *, restricted: bool) -> bool:
    """Whether the likelihood of our tau2 is above that of the other by more than a search can miss."""
    groups = Groups.of_sizes([len(y)])
    mine, other = (log_likelihood(y, v, groups, np.array([t]), restricted=restricted)[0] for t in (ours, theirs))
    return bool(mine > other + 1e-7)


def _not_negative(tau2: float) -> float:
    """Statsmodels does not cut off tau2 at 0. NaN stays NaN, and is a difference."""
    return 0.0 if tau2 < 0 else tau2


def verify_mantel_haenszel(measure: str, counts: Sequence[Sequence[float]], ours: float, worst: Differences) -> None:
    """Recompute a Mantel-Haenszel ratio (``RR`` or ``OR``, natural scale) of ``counts``: events and totals of both
    arms.

    Raises :class:`EnginesDisagreeError` if statsmodels differs.
    """
    from statsmodels.stats.contingency_tables import StratifiedTable  # noqa: PLC0415

    events1, total1, events2, total2 = (np.asarray(column, dtype=float) for column in counts)
    tables = np.array([[events1, total1 - events1], [events2, total2 - events2]])
    table = StratifiedTable([tables[:, :, n] for n in range(len(events1))])
    theirs = table.riskratio_pooled if measure == "RR" else table.oddsratio_pooled
    compare(worst, "statsmodels", f"Mantel-Haenszel {measure}", ours, float(theirs), TOLERANCE)


def compare(
    worst: Differences, engine: str, what: str, ours: float, theirs: float, allowed: float, *, floor: float = 0.0
) -> None:
    """Keep the larger relative difference in ``worst``; ``floor`` is the size below which a number counts as that.

    Raises :class:`EnginesDisagreeError` if it is more than ``allowed``.
    """
    difference = 0.0 if ours == theirs else abs(ours - theirs) / max(abs(theirs), floor, 1e-300)
    worst[engine] = max(worst.get(engine, 0.0), difference)
    if not difference <= allowed or math.isnan(difference):  # also where one of them is not a number
        raise EnginesDisagreeError(
            f"{what}: ours {ours!r}, {engine} {theirs!r}: relative difference {difference:.2g}, allowed {allowed:.2g}"
        )
