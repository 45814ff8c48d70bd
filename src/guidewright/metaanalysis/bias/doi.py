"""Doi plot and LFK index (Furuya-Kanamori, Barendregt & Doi 2018)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.bias.studies import read
from guidewright.metaanalysis.kernels.distributions import normal_quantile
from guidewright.metaanalysis.notices import CannotPoolError, Notice


class Asymmetry(StrEnum):
    """What the authors of the index call its size."""

    NONE = "none"
    """Within 1 of 0."""
    MINOR = "minor"
    """From 1 to 2."""
    MAJOR = "major"
    """Above 2."""


@dataclass(frozen=True)
class DoiPlot:
    """The points of a Doi plot, in rising order of effect, and the index of their asymmetry."""

    k: int
    lfk: float
    """LFK index; above 0 where small studies show larger effects."""
    asymmetry: Asymmetry
    y: tuple[float, ...]
    """Effects: the level axis."""
    z: tuple[float, ...]
    """Normal quantile of each effect's rank; the plot shows its size, with 0 at the top."""
    rows: tuple[int, ...]
    """Row numbers of the points, from 0."""
    tip: float
    """Effect at the tip of the plot, where the rank is nearest to the middle."""
    notices: tuple[Notice, ...]


def doi_plot(y: npt.ArrayLike, v: npt.ArrayLike | None = None, *, se: npt.ArrayLike | None = None) -> DoiPlot:
    """Doi plot of effects ``y`` (k,) and its LFK index (Furuya-Kanamori et al. 2018, Int J Evid Based Healthc 16:195).

    Each study counts as 100 max(v) / v persons; the middle rank of its persons among all gives a percentile, whose
    normal quantile is plotted against the effect. The index is 5 / 2 times the mean of the quantiles plus the effects
    about the tip, scaled to the same range.

    The index has no known distribution: how often it calls a symmetrical funnel asymmetrical depends on the number and
    size of the studies and on heterogeneity (Schwarzer, Ruecker & Semaca 2024, Res Synth Methods), which a Notice says.

    Raises :class:`CannotPoolError` for fewer than three studies, and where all effects are the same.
    """
    studies = read(y, v, se, least=3, purpose="a Doi plot")
    order = np.argsort(studies.y, kind="stable")
    ys, vs = studies.y[order], studies.v[order]
    if ys[0] == ys[-1]:
        raise CannotPoolError("all effects are the same: a Doi plot has no limbs to compare")
    persons = 100 * vs.max() / vs
    middle = np.cumsum(persons) - persons / 2
    z = normal_quantile((middle - 0.5) / persons.sum())
    about = ys - ys[np.argmin(np.abs(z))]
    lfk = 5 / 2 * float(np.mean(z + np.ptp(z) / np.ptp(about) * about))
    size = abs(lfk)
    text = (
        f"LFK index of {studies.k} studies: its limits of 1 and 2 do not hold an error rate, which changes with the "
        "number and size of the studies and with heterogeneity"
    )
    return DoiPlot(
        k=studies.k,
        lfk=lfk,
        asymmetry=Asymmetry.NONE if size <= 1 else Asymmetry.MINOR if size <= 2 else Asymmetry.MAJOR,
        y=tuple(ys.tolist()),
        z=tuple(z.tolist()),
        rows=tuple(studies.kept[order].tolist()),
        tip=float(ys[np.argmin(np.abs(z))]),
        notices=(*studies.notices, Notice("lfk-depends-on-k", text)),
    )
