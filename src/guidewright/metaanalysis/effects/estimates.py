"""Effects that reports print: an estimate with a standard error, an interval or a p value."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.effects.choices import PrintedChoices
from guidewright.metaanalysis.effects.columns import Column, raise_faults, read, rows_notice, rows_of
from guidewright.metaanalysis.effects.computed import Array, Mask
from guidewright.metaanalysis.effects.levels import quantile, reach
from guidewright.metaanalysis.effects.measure import Measure
from guidewright.metaanalysis.effects.scales import Scale, analysed
from guidewright.metaanalysis.effects.sizes import EffectSizes
from guidewright.metaanalysis.notices import CannotPoolError, Notice
from guidewright.metaanalysis.rows import frozen

#: How far from the middle an estimate may lie, as a share of the width of its interval, after allowing for rounding.
#: At a tenth one arm of the interval is half as long again as the other.
MOST_OFF_CENTRE = 0.1
_COLUMNS: Mapping[str, Column] = {
    column.name: column
    for column in (
        Column("estimate", "the effect"),
        Column("se", "its standard error on the scale of analysis", low=0),
        Column("low", "lower confidence limit"),
        Column("high", "upper confidence limit"),
        Column("p", "two-sided p value", low=0, high=1, above=True),
        Column("df", "degrees of freedom of the interval or p value", low=0, above=True),
        Column("n", "participants", low=0, above=True),
    )
}


def from_estimates(
    estimate: npt.ArrayLike,
    *,
    se: npt.ArrayLike | None = None,
    low: npt.ArrayLike | None = None,
    high: npt.ArrayLike | None = None,
    p: npt.ArrayLike | None = None,
    df: npt.ArrayLike | None = None,
    n: npt.ArrayLike | None = None,
    level: float = 0.95,
    measure: Measure = Measure.GEN,
    log_scale: bool = False,
) -> EffectSizes:
    """Effects and variances from printed estimates, one for each study.

    ``estimate``, ``low`` and ``high`` are on the natural scale (a hazard ratio as it is printed) unless ``log_scale``,
    by which they already are on the scale of analysis of ``measure`` (the logarithm, Fisher's z, the logit). ``se`` is
    always on the scale of analysis: of a ratio, the standard error of its logarithm. ``p`` is two-sided, against no
    effect. Columns may have gaps: each row takes its standard error, else its interval, else its p value. ``level`` is
    that of the interval; ``df`` are the degrees of freedom of a t distribution, without them the normal one counts, as
    is usual for ratios and large trials (Cochrane Handbook 6.3.1, 6.3.2 and 6.5.2.3).

    Notices name rows left out (no estimate, or nothing to give its precision), whose estimate is off the middle of its
    interval (it belongs to another scale, or is mistyped), and which are computed from a p value.

    Raises :class:`CannotPoolError` for impossible values: a ratio not above 0, an estimate outside its limits, p of 0.
    """
    given = {"estimate": estimate, "se": se, "low": low, "high": high, "p": p, "df": df, "n": n}
    if (low is None) != (high is None):
        raise CannotPoolError("an interval needs both low and high")
    if se is None and low is None and p is None:
        raise CannotPoolError(
            "an estimate needs its standard error (se), its interval (low and high) or its p value (p)"
        )
    if p is not None and measure.null is None:
        raise CannotPoolError(f"a p value says nothing of the precision of {measure} ({measure.label}), of one group")
    present = {name: values for name, values in given.items() if values is not None}
    columns = read([_COLUMNS[name] for name in present], present, purpose="an estimate")
    absent = np.full(columns["estimate"].size, np.nan)
    full = {name: columns.get(name, absent) for name in _COLUMNS}
    shown = [full[name] for name in ("estimate", "low", "high")]
    scale = Scale.IDENTITY if log_scale else measure.scale
    y, y_low, y_high = scaled = _on_scale(measure, scale, shown)
    _check_order(shown)
    with np.errstate(divide="ignore", invalid="ignore"):
        from_interval = (y_high - y_low) / (2 * reach(level, full["df"]))
        from_p = -np.abs(y - _no_effect(measure)) / quantile(full["p"] / 2, full["df"])
    ways = (full["se"], from_interval, from_p)
    errors = np.select([~np.isnan(way) for way in ways], ways, default=np.nan)
    lacking = np.isnan(y) | np.logical_and.reduce([np.isnan(way) for way in (full["se"], y_high - y_low, full["p"])])
    undefined = ~lacking & ~((errors > 0) & np.isfinite(errors))
    v = np.where(lacking | undefined, np.nan, errors**2)
    used_p = ~np.isnan(v) & np.isnan(full["se"]) & np.isnan(from_interval)
    off = ~np.isnan(v) & _off_centre(scale, shown, scaled)
    return EffectSizes(
        measure=measure,
        y=frozen(np.where(np.isnan(v), np.nan, y)),
        v=frozen(v),
        n=frozen(full["n"]),
        choices=PrintedChoices(level=level, log_scale=log_scale),
        notices=_notices(lacking, undefined, off, used_p),
    )


def _no_effect(measure: Measure) -> float:
    return 0.0 if measure.null is None else float(analysed(measure.scale, measure.null))


def _on_scale(measure: Measure, scale: Scale, shown: list[Array]) -> list[Array]:
    """Estimate and limits on the scale of analysis."""
    if scale.needs_size:
        raise CannotPoolError(f"{measure} starts from counts: use effect_sizes with {', '.join(measure.columns)}")
    scaled = [analysed(scale, values) for values in shown]
    raise_faults(
        [
            (int(row), f"{name} is {values[row]:.10g}, which a {measure.label} cannot be ({_why(scale)})")
            for name, values, moved in zip(("estimate", "low", "high"), shown, scaled, strict=True)
            for row in np.flatnonzero(~np.isnan(values) & ~np.isfinite(moved))
        ]
    )
    return scaled


def _why(scale: Scale) -> str:
    match scale:
        case Scale.LOG:
            return "it must be above 0; for logarithms pass log_scale=True"
        case Scale.LOGIT:
            return "it must lie between 0 and 1; for logits pass log_scale=True"
        case Scale.FISHER_Z:
            return "it must lie between -1 and 1; for Fisher's z pass log_scale=True"
        case _:
            return f"it is outside the domain of the scale `{scale}`"


def _check_order(shown: list[Array]) -> None:
    estimate, low, high = shown
    outside = (estimate < low) | (estimate > high) | (low > high)
    raise_faults(
        [
            (int(row), f"estimate {estimate[row]:.10g} is not between its limits {low[row]:.10g} and {high[row]:.10g}")
            for row in np.flatnonzero(outside)
        ]
    )


def _off_centre(scale: Scale, shown: list[Array], scaled: list[Array]) -> Mask:
    """Rows whose estimate is off the middle of its interval by more than rounding of the printed numbers explains."""
    y, low, high = scaled
    with np.errstate(invalid="ignore"):
        suspect = np.abs(y - (low + high) / 2) > MOST_OFF_CENTRE * (high - low)
    for row in np.flatnonzero(suspect):
        numbers = [float(values[row]) for values in shown]
        half = 0.5 * 10.0 ** -max(_decimals(number) for number in numbers)
        moved = [analysed(scale, [number - half, number + half]) for number in numbers]
        unsure = [(float(pair[1]) - float(pair[0])) / 2 for pair in moved]
        allowed = unsure[0] + (unsure[1] + unsure[2]) / 2
        if math.isfinite(allowed):
            distance = abs(float(y[row] - (low[row] + high[row]) / 2))
            suspect[row] = distance > MOST_OFF_CENTRE * float(high[row] - low[row]) + allowed
    return np.asarray(suspect, dtype=np.bool_)


def _decimals(number: float) -> int:
    """Decimal places that the shortest form of a number shows."""
    text = np.format_float_positional(number, trim="-")
    return len(text.partition(".")[2])


def _notices(lacking: Mask, undefined: Mask, off: Mask, used_p: Mask) -> tuple[Notice, ...]:
    return (
        *rows_notice("rows-dropped", lacking, "{rows}: no estimate, or nothing that gives its precision; left out"),
        *rows_notice(
            "effect-undefined",
            undefined,
            "{rows}: the standard error would be 0 or without limit (an interval without "
            "width, or a p value of 1); left out",
        ),
        *rows_notice(
            "interval-off-centre",
            off,
            "{rows}: the estimate is not about the middle of its interval on the scale of analysis; check the numbers, "
            "the level and whether they are logarithms",
        ),
        *(
            (Notice("from-p-value", f"{rows_of(used_p)}: the standard error comes from the p value"),)
            if used_p.any()
            else ()
        ),
    )
