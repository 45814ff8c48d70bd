"""Test of asymmetry for times to an event: the effect on the inverse of the number of events."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.bias import line
from guidewright.metaanalysis.bias.regression import RegressionTest, judged
from guidewright.metaanalysis.bias.studies import read
from guidewright.metaanalysis.notices import CannotPoolError
from guidewright.metaanalysis.options import Interval, check_share
from guidewright.metaanalysis.rows import columns, rows_numbered


def debray(
    y: npt.ArrayLike,
    v: npt.ArrayLike | None = None,
    *,
    se: npt.ArrayLike | None = None,
    events: npt.ArrayLike,
    level: float = 0.95,
) -> RegressionTest:
    """Debray's test D-FIV (Debray, Moons & Riley 2018, Res Synth Methods 9:41) for log hazard ratios ``y`` (k,).

    Regresses on 1 / ``events`` (all events of both arms), weighted by the inverse variances; t with k - 2 degrees of
    freedom. With observed less expected events (O - E) and their variance V, the effect is (O - E) / V and the
    variance 1 / V. A study without events has no hazard ratio, and its row is to be left out.
    """
    check_share("level", level)
    studies = read(y, v, se, least=3, purpose="a test of asymmetry", events=events)
    found = line.multiplicative(studies.y, studies.v, 1 / studies.more["events"], "1 / events")
    return judged(
        found,
        studies.k,
        predictor="1 / events",
        has_limit=True,
        interval=Interval.T,
        level=level,
        notices=studies.notices,
    )


def debray_by_arm(
    y: npt.ArrayLike, *, events1: npt.ArrayLike, events2: npt.ArrayLike, level: float = 0.95
) -> RegressionTest:
    """Debray's test D-FAV, for log hazard ratios ``y`` (k,) whose standard errors are unknown or unreliable.

    As :func:`debray`, with the variance approximated by 1 / ``events1`` + 1 / ``events2``. 1/2 is added to both where
    one arm has no events.
    """
    given = columns(events1=events1, events2=events2)
    for name, values in given.items():
        if (values < 0).any():
            wrong = rows_numbered(np.flatnonzero(values < 0))
            raise CannotPoolError(f"`{name}` counts events and is below 0 in {wrong}")
    d1, d2 = given.values()
    more = 0.5 * ((d1 == 0) | (d2 == 0))
    d1, d2 = d1 + more, d2 + more
    return debray(y, 1 / d1 + 1 / d2, events=d1 + d2, level=level)
