"""Whether the data say anything about each parameter: else the likelihood has no single maximum."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from guidewright.metaanalysis.dependent.blocks import Array
from guidewright.metaanalysis.dependent.likelihood import Likelihood
from guidewright.metaanalysis.notices import CannotPoolError


def check_identified(likelihood: Likelihood, theta: Array, names: Sequence[str]) -> None:
    """Raise if the expected information of some combination of the parameters is nothing near ``theta``."""
    solution = likelihood.solve(theta)
    if solution is None or theta.size == 0:
        return
    information = likelihood.slopes(theta, solution).information
    size = np.sqrt(np.maximum(np.diag(information), 0.0))
    lost = size * np.abs(theta) < 1e-6
    if not lost.any():
        values, vectors = np.linalg.eigh(information / np.outer(size, size))
        if values[0] > 1e-10:
            return
        lost = np.abs(vectors[:, 0]) > 0.1
    which = " and ".join(name for name, one in zip(names, lost, strict=True) if one)
    raise CannotPoolError(
        f"the data cannot determine {which}: levels that group the rows alike, outcomes that no study reports "
        "together, or moderators that differ in every group; leave one out or choose a simpler structure"
    )
