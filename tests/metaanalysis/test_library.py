"""The library as people import it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import guidewright.metaanalysis as ma
from guidewright.metaanalysis.notices import CannotPoolError

FRAME = pd.DataFrame(
    {"events1": [4, 6, 3], "total1": [123, 306, 231], "events2": [11, 29, 11], "total2": [139, 303, 220]}
)


def test_every_name_leads_to_something() -> None:
    for name in ma._WHERE:
        assert getattr(ma, name).__name__ == name
    assert set(ma._WHERE) <= set(dir(ma))
    with pytest.raises(AttributeError, match="pooling_of_everything"):
        _ = ma.pooling_of_everything


def test_columns_of_a_data_frame_are_taken_as_they_are() -> None:
    """The first three BCG trials, as metafor's escalc and rma give them (measure RR, REML)."""
    found = ma.effect_sizes(ma.Measure.RR, **{name: FRAME[name] for name in ma.Measure.RR.columns})
    assert found.y == pytest.approx([-0.8893113339202054, -1.5853886572014306, -1.3480731482996933])
    pooled = ma.pool(pd.Series(found.y), pd.Series(found.v))
    assert pooled.tau2 == 0
    assert pooled.estimate == pytest.approx(float((found.y / found.v).sum() / (1 / found.v).sum()))


def test_there_and_back_by_pymare() -> None:
    y, v = np.array([0.1, 0.4, -0.2]), np.array([0.1, 0.2, 0.05])
    dataset = ma.to_pymare(y, v, {"latitude": [44, 13, 33]})
    ours = ma.from_pymare(dataset)
    assert (ours[0] == y).all()
    assert (ours[1] == v).all()
    assert list(ours[2]) == ["latitude"]
    assert (ours[2]["latitude"] == [44, 13, 33]).all()
    with pytest.raises(CannotPoolError, match="same number of rows"):
        ma.to_pymare(y, v[:2])
