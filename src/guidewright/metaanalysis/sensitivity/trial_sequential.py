"""Trial sequential analysis: is the cumulative evidence firm, or would it flip as early trials do.

Wetterslev, Thorlund, Brok & Gluud 2008 (Journal of Clinical Epidemiology 61:64); Thorlund et al., User manual for trial
sequential analysis, 2nd ed. 2017. A meta-analysis that is updated is a trial that is looked at: its z must pass a
boundary that grants the looks before the required information size little.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.kernels.groups import Groups
from guidewright.metaanalysis.notices import CannotPoolError, Notice
from guidewright.metaanalysis.options import Interval, Model, Tau2Method, by_name
from guidewright.metaanalysis.pooling import pool_many
from guidewright.metaanalysis.rows import Rows, columns, rows_numbered
from guidewright.metaanalysis.sensitivity.boundaries import SHORTEST, Boundaries, spending_boundaries
from guidewright.metaanalysis.sensitivity.cumulative import in_order
from guidewright.metaanalysis.sensitivity.information_size import InformationSize
from guidewright.metaanalysis.sensitivity.refits import read_studies, refit, up_to_each


class Evidence(StrEnum):
    """What the looks together say."""

    FIRM = "firm"
    """z passed the boundary at a look."""
    FUTILE = "futile"
    """z lies between the futility boundaries: an effect as large as the one sought is unlikely."""
    REQUIRED_SIZE_REACHED = "required-size-reached"
    """As many patients as required, and no significance."""
    INCONCLUSIVE = "inconclusive"
    """Too few patients to say."""


@dataclass(frozen=True)
class Look:
    """The meta-analysis after one more study, on the scale of analysis."""

    row: int
    """The study that came in, from 0."""
    participants: float
    """So far, both arms of all studies together."""
    fraction: float
    """The same, of those required."""
    estimate: float
    se: float
    tau2: float
    z: float
    boundary: float | None
    """``|z|`` at or beyond it is significant; None before anything may be spent, and after the required size."""
    futility: float | None
    """``|z|`` below it is futile."""


@dataclass(frozen=True)
class TrialSequential:
    """The cumulative z curve and its boundaries."""

    looks: tuple[Look, ...]
    evidence: Evidence
    crossed_at: int | None
    """First look, from 0, at which z passed the boundary."""
    required: InformationSize
    """With the diversity that was used."""
    adjusted_low: float | None
    """Interval of the last estimate with the boundary in place of 1.96; None where the look has no boundary."""
    adjusted_high: float | None
    boundaries: Boundaries
    model: Model
    tau2_method: Tau2Method | None
    notices: tuple[Notice, ...]


@by_name()
def trial_sequential(
    y: npt.ArrayLike,
    v: npt.ArrayLike | None,
    participants: npt.ArrayLike,
    *,
    required: InformationSize,
    se: npt.ArrayLike | None = None,
    order: npt.ArrayLike | None = None,
    diversity: float | None = None,
    futility: bool = True,
    model: Model = Model.RANDOM,
    tau2_method: Tau2Method = Tau2Method.DL,
) -> TrialSequential:
    """Look at the meta-analysis after each study, in the order of ``order`` (such as the year) or of the rows.

    ``y`` (k,) effects, ``v`` variances or ``se`` standard errors, ``participants`` (k,) of both arms. ``required``
    comes from :func:`information_size_means` or :func:`information_size_risks`; its diversity is replaced by
    ``diversity``, or, under random effects with None, by that of all studies: ``D2 = 1 - var(common) / var(random)``
    (Wetterslev et al. 2009). The information fraction is the share of required participants, as in the authors'
    program; it is not inflated for the looks. DerSimonian-Laird is that program's default. Looks that add less than
    0.0001 of the required size are not tested.

    Raises :class:`CannotPoolError` for participants of 0 or fewer, and for rows that cannot be pooled.
    """
    if diversity is not None and not 0 <= diversity < 1:
        raise CannotPoolError(f"`diversity` is {diversity:g}, and must be 0 or more and below 1")
    rows = read_studies(y, v, se, least=1, tau2_method=tau2_method)
    sizes = columns(participants=participants)["participants"]
    if len(sizes) != np.size(y):
        raise CannotPoolError(
            f"columns must have the same number of rows; `y` has {np.size(y)}, `participants` has {len(sizes)}"
        )
    rows, _ = in_order(_with_participants(rows, sizes), order, len(sizes))
    results = refit(
        rows.y,
        rows.v,
        up_to_each(len(rows.y)),
        model=model,
        tau2_method=tau2_method,
        interval=Interval.WALD,
        level=1 - required.alpha,
    )
    if model is Model.RANDOM and diversity is None:
        common = pool_many(rows.y, rows.v, Groups.of_sizes([len(rows.y)]), model=Model.COMMON)
        diversity = float(max(0.0, 1 - (common.se[0] / results.se[-1]) ** 2))
    if diversity is not None:
        adjusted = required.participants_unadjusted / (1 - diversity)
        required = replace(required, diversity=diversity, participants=adjusted)
    so_far = np.cumsum(sizes[rows.kept])
    fraction = so_far / required.participants
    tested = _far_enough(fraction)
    boundaries = spending_boundaries(fraction[tested], alpha=required.alpha, power=required.power if futility else None)
    at = {int(look): i for i, look in enumerate(tested)}
    looks = tuple(
        Look(
            row=int(rows.kept[i]),
            participants=float(so_far[i]),
            fraction=float(fraction[i]),
            estimate=float(results.estimate[i]),
            se=float(results.se[i]),
            tau2=float(results.tau2[i]),
            z=float(results.statistic[i]),
            boundary=boundaries.efficacy[at[i]] if i in at else None,
            futility=boundaries.futility[at[i]] if i in at else None,
        )
        for i in range(len(rows.y))
    )
    last = looks[-1]
    wide = None if last.boundary is None else last.boundary * last.se
    crossed = next((i for i, look in enumerate(looks) if look.boundary and abs(look.z) >= look.boundary), None)
    return TrialSequential(
        looks=looks,
        evidence=_evidence(looks, crossed),
        crossed_at=crossed,
        required=required,
        adjusted_low=None if wide is None else last.estimate - wide,
        adjusted_high=None if wide is None else last.estimate + wide,
        boundaries=boundaries,
        model=model,
        tau2_method=tau2_method if model is Model.RANDOM else None,
        notices=(*rows.notices, *_remarks(looks, fraction, tested)),
    )


def _with_participants(rows: Rows, sizes: npt.NDArray[np.float64]) -> Rows:
    own = sizes[rows.kept]
    if not (np.isnan(own) | ((own > 0) & np.isfinite(own))).all():
        wrong = rows.kept[~(np.isnan(own) | ((own > 0) & np.isfinite(own)))]
        raise CannotPoolError(f"`participants` must be above 0 and finite; see {rows_numbered(wrong)}")
    missing = np.isnan(own)
    if missing.all():
        raise CannotPoolError("no row that can be pooled has `participants`")
    notices = rows.notices
    if missing.any():
        text = f"{rows_numbered(rows.kept[missing])} left out: no number of participants"
        notices = (*notices, Notice("rows-dropped", text))
    return Rows(rows.y[~missing], rows.v[~missing], rows.kept[~missing], notices)


def _far_enough(fraction: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """Looks that are far enough from the one tested before; the last look always is."""
    chosen: list[int] = []
    for i in range(len(fraction) - 1, -1, -1):
        following = fraction[chosen[-1]] if chosen else np.inf
        if following - fraction[i] >= SHORTEST and fraction[i] >= SHORTEST:
            chosen.append(i)
    if not chosen:
        raise CannotPoolError(
            "the studies hold less than 0.0001 of the required participants; check `required` and `participants`"
        )
    return np.array(chosen[::-1])


def _evidence(looks: tuple[Look, ...], crossed: int | None) -> Evidence:
    last = looks[-1]
    if crossed is not None:
        return Evidence.FIRM
    if last.futility is not None and abs(last.z) < last.futility and last.fraction < 1:
        return Evidence.FUTILE
    return Evidence.REQUIRED_SIZE_REACHED if last.fraction >= 1 else Evidence.INCONCLUSIVE


def _remarks(looks: tuple[Look, ...], fraction: npt.NDArray[np.float64], tested: npt.NDArray[np.int64]) -> list[Notice]:
    notices = []
    untested = np.setdiff1d(np.arange(len(looks)), tested)
    if len(untested):
        said = rows_numbered(np.array([looks[i].row for i in untested]))
        notices.append(Notice("looks-not-tested", f"{said} added too few participants for a test of its own"))
    first_full = int(np.searchsorted(fraction, 1.0))
    if first_full < len(looks) - 1:
        text = f"the required size was reached with row {looks[first_full].row + 1}; later looks have no boundary"
        notices.append(Notice("required-size-reached", text))
    return notices
