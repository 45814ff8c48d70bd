"""What one or many analyses of the same tables say: test, interval and heterogeneity of each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from guidewright.metaanalysis import special
from guidewright.metaanalysis.counts.tables import Array
from guidewright.metaanalysis.notices import CannotPoolError, Notice


@dataclass(frozen=True)
class Summaries:
    """Arrays of shape (analyses,), on the scale of analysis; NaN where not defined (never leaves this package)."""

    estimate: Array
    se: Array
    z: Array
    p: Array
    low: Array
    high: Array
    q: Array
    q_df: Array
    q_p: Array
    i2: Array
    h2: Array


@dataclass(frozen=True)
class LeaveOneOut:
    """The analysis repeated without each table in turn: read-only arrays of shape (k,), in the order of ``rows``.

    Where something is not defined the arrays hold NaN and a notice names the rows.
    """

    rows: tuple[int, ...]
    """Row of the table left out, counted from 1."""
    estimate: Array
    """On the scale of analysis (log for ratios)."""
    se: Array
    z: Array
    p: Array
    low: Array
    high: Array
    q: Array
    q_df: Array
    q_p: Array
    i2: Array
    """In percent."""
    h2: Array
    level: float
    notices: tuple[Notice, ...]


def summaries(estimate: Array, se: Array, q: Array, used: Array, *, level: float) -> Summaries:
    """Wald test and interval; Q on ``used`` - 1 degrees of freedom with I2 and H2 (Higgins & Thompson 2002).

    With fewer than two tables Q is 0 with p = 1, I2 = 0 and H2 = 1, as in metafor.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(se > 0, estimate / se, np.nan)
        margin = np.where(se > 0, special.ndtri((1 + level) / 2) * se, np.nan)
        df = np.maximum(used - 1, 0)
        several = df > 0
        q = np.where(several | np.isnan(estimate), q, 0.0)
        q_p = np.where(several, special.chdtrc(df, q), np.where(np.isnan(q), np.nan, 1.0))
        i2 = np.where(several & (q > df), 100 * (q - df) / q, np.where(np.isnan(q), np.nan, 0.0))
        h2 = np.where(several, q / df, np.where(np.isnan(q), np.nan, 1.0))
    return Summaries(
        estimate, se, z, 2 * special.ndtr(-np.abs(z)), estimate - margin, estimate + margin, q, df, q_p, i2, h2
    )


def leave_one_out(found: Summaries, rows: NDArray[np.int64], level: float, notices: tuple[Notice, ...]) -> LeaveOneOut:
    """Make the arrays read-only, and say where something is not defined."""
    undefined = np.isnan(found.p)
    if undefined.any():
        said = ", ".join(str(row) for row in rows[undefined])
        text = f"Without row {said} (each in turn) the tables that remain have no estimate or no standard error."
        notices = (*notices, Notice("estimate-undefined", text))
    arrays = vars(found)
    for array in arrays.values():
        array.setflags(write=False)
    return LeaveOneOut(rows=tuple(int(row) for row in rows), level=level, notices=notices, **arrays)


def check_level(level: float) -> None:
    """Raise :class:`CannotPoolError` unless the confidence level is a share."""
    if not 0 < level < 1:
        raise CannotPoolError(f"level is {level:g}, and must lie between 0 and 1; for 95 % write level=0.95.")


def or_none(value: float | np.floating) -> float | None:
    """A number that is not defined is None."""
    return None if np.isnan(value) else float(value)
