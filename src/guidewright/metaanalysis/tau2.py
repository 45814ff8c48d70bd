"""The between-study variance tau2: PyMARE's, polished where its optimiser stops early."""

from __future__ import annotations

import warnings

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.analysis import Tau2Method

Array = npt.NDArray[np.float64]


def tau2_of(y: Array, v: Array, method: Tau2Method) -> float:
    """tau2 of two or more effects ``y`` with sampling variances ``v``, on the scale of analysis; never below 0."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # PyMARE leaves a file of its own open
        # takes two seconds to import, and --help must not wait for it
        from pymare import Dataset  # noqa: PLC0415
        from pymare.estimators import DerSimonianLaird, VarianceBasedLikelihoodEstimator  # noqa: PLC0415

    estimator = DerSimonianLaird() if method is Tau2Method.DL else VarianceBasedLikelihoodEstimator(method="REML")
    estimator.fit_dataset(Dataset(centred(y, v), v))
    tau2 = max(float(np.squeeze(estimator.params_["tau2"])), 0.0)
    return tau2 if method is Tau2Method.DL else _polished(y, v, tau2)


def centred(y: Array, v: Array) -> Array:
    """Effects less the most precise one: their spread is the same, and sums keep the digits that large ones eat."""
    return y - float(y[v.argmin()])


def _polished(y: Array, v: Array, tau2: float) -> float:
    """Newton steps on the REML score: PyMARE's optimiser stops at a relative error of up to 1e-6.

    Only small steps towards the maximum are taken, so it stays the one that PyMARE found.
    """
    for _step in range(8):
        w = 1 / (v + tau2)
        s1, s2, s3 = (float((w**n).sum()) for n in (1, 2, 3))
        py = w * (y - (w * y).sum() / s1)
        ppy = w * (py - (w * py).sum() / s1)
        score = float(py @ py) - (s1 - s2 / s1)
        slope = (s2 - 2 * s3 / s1 + (s2 / s1) ** 2) - 2 * float(py @ ppy)
        step = -score / slope if slope < 0 else 0.0
        if abs(step) > 1e-3 * (tau2 + float(v.mean())):
            break
        tau2, before = max(tau2 + step, 0.0), tau2
        if abs(tau2 - before) <= 1e-15 * tau2:
            break
    return tau2
