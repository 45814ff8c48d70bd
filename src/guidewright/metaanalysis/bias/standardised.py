"""Test of asymmetry for standardised mean differences, whose standard errors contain the effect itself."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.bias import line
from guidewright.metaanalysis.bias.regression import RegressionTest, judged
from guidewright.metaanalysis.bias.studies import read
from guidewright.metaanalysis.options import Interval, check_share
from guidewright.metaanalysis.rows import columns


def pustejovsky(
    y: npt.ArrayLike,
    v: npt.ArrayLike | None = None,
    *,
    se: npt.ArrayLike | None = None,
    n1: npt.ArrayLike,
    n2: npt.ArrayLike,
    level: float = 0.95,
) -> RegressionTest:
    """Egger's test with a modified standard error (Pustejovsky & Rodgers 2019, Res Synth Methods 10:57).

    Standardised mean differences ``y`` (k,) on sqrt(1/n1 + 1/n2), the part of the standard error that does not depend
    on the effect; ``n1`` and ``n2`` (k,) are the arms' participants. With variances ``v`` or standard errors ``se``
    these weigh the studies, as in R's meta; without, the modified standard error takes their place there too.
    """
    check_share("level", level)
    weigh = v is not None or se is not None
    studies = read(
        y, v if weigh else np.ones_like(columns(y=y)["y"]), se, least=3, purpose="a test of asymmetry", n1=n1, n2=n2
    )
    modified = 1 / studies.more["n1"] + 1 / studies.more["n2"]
    name = "sqrt(1/n1 + 1/n2)"
    found = line.multiplicative(studies.y, studies.v if weigh else modified, np.sqrt(modified), name)
    return judged(
        found, studies.k, predictor=name, has_limit=True, interval=Interval.T, level=level, notices=studies.notices
    )
