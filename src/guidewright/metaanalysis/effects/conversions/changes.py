"""Changes from baseline: their SD by a declared correlation, and the correlation that a report implies."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.effects.columns import Array, rows_notice
from guidewright.metaanalysis.effects.conversions.converted import Converted, by_row, gaps, inputs
from guidewright.metaanalysis.rows import frozen

_SOURCE = "Cochrane Handbook 6, section 6.5.2.8 (Follmann et al. 1992; Abrams et al. 2005)"


def sd_of_change(sd_baseline: npt.ArrayLike, sd_final: npt.ArrayLike, *, r: npt.ArrayLike) -> Converted[Array]:
    """Standard deviation of changes, or of differences within a cross-over trial, with correlation ``r``.

    There is no default: the correlation is to be taken from another study of the review or declared, and varied in a
    sensitivity analysis.
    """
    given = inputs("the SD of changes", sd_baseline=sd_baseline, sd_final=sd_final, r=r)
    first, last, correlation = given["sd_baseline"], given["sd_final"], given["r"]
    # the square of a difference plus what the correlation lacks of 1, so that nothing cancels when r is near 1
    variance = (first - last) ** 2 + 2 * (1 - correlation) * first * last
    return by_row(np.sqrt(variance), "sd-of-change", "sqrt(SD1^2 + SD2^2 - 2 * r * SD1 * SD2)", _SOURCE)


def correlation_of_change(
    sd_baseline: npt.ArrayLike, sd_final: npt.ArrayLike, sd_change: npt.ArrayLike
) -> Converted[Array]:
    """Correlation of first and last measurement that three printed standard deviations imply.

    NaN, with a notice, where they imply none between -1 and 1.
    """
    given = inputs("a correlation from SDs", sd_baseline=sd_baseline, sd_final=sd_final, sd_change=sd_change)
    first, last, change = given["sd_baseline"], given["sd_final"], given["sd_change"]
    with np.errstate(divide="ignore", invalid="ignore"):
        r = (first**2 + last**2 - change**2) / (2 * first * last)
    complete = ~(np.isnan(first) | np.isnan(last) | np.isnan(change))
    impossible = complete & ~(np.abs(r) <= 1)
    return Converted(
        frozen(np.where(impossible, np.nan, r)),
        "correlation-of-change",
        "(SD1^2 + SD2^2 - SDchange^2) / (2 * SD1 * SD2)",
        _SOURCE,
        (
            *gaps(np.where(impossible, 0.0, r)),
            *rows_notice(
                "no-correlation",
                impossible,
                "{rows}: these standard deviations imply no correlation between -1 and 1; one of them is mistyped, or "
                "they are of different participants",
            ),
        ),
    )
