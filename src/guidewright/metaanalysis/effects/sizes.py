"""Effect sizes: the one door from numbers of studies to effects with sampling variances."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.effects import (
    correlations,
    genotypes,
    matched_pairs,
    one_mean,
    paired_means,
    proportions,
    rates,
    reliability,
    two_by_two,
    two_means,
)
from guidewright.metaanalysis.effects.choices import Choices, PrintedChoices, To, VarianceType
from guidewright.metaanalysis.effects.columns import COLUMNS, missing, read, rows_notice
from guidewright.metaanalysis.effects.computed import Array, Columns, Computed, Mask
from guidewright.metaanalysis.effects.levels import reach
from guidewright.metaanalysis.effects.measure import Family, Measure
from guidewright.metaanalysis.notices import CannotPoolError, Notice
from guidewright.metaanalysis.rows import frozen

COMPUTE: Mapping[Family, Callable[[Measure, Columns, Choices], Computed]] = {
    Family.TWO_BY_TWO: two_by_two.compute,
    Family.MATCHED_PAIRS: matched_pairs.compute,
    Family.TWO_RATES: rates.compute,
    Family.TWO_MEANS: two_means.compute,
    Family.PAIRED_MEANS: paired_means.compute,
    Family.CORRELATION: correlations.compute,
    Family.PROPORTION: proportions.compute,
    Family.RATE: rates.compute,
    Family.ONE_MEAN: one_mean.compute,
    Family.RELIABILITY: reliability.compute,
    Family.GENOTYPES: genotypes.compute,
}
DOUBLE_ZERO: Mapping[Family, Callable[[Columns], Mask]] = {
    Family.TWO_BY_TWO: two_by_two.double_zero,
    Family.MATCHED_PAIRS: matched_pairs.double_zero,
    Family.TWO_RATES: rates.double_zero,
}
#: Columns that add up to the size of a study; whichever of them the measure has.
SIZES = (
    *("total1", "total2", "both", "only1", "only2", "neither", "time1", "time2", "n1", "n2"),
    *("n", "total", "time", "homozygotes1", "heterozygotes", "homozygotes2"),
)


@dataclass(frozen=True)
class EffectSizes:
    """Effects of all rows, in their order. Arrays are read-only."""

    measure: Measure
    """The measure; ``measure.natural`` leads back to the scale that is shown."""
    y: Array
    """Effects on the scale of analysis (logarithms for ratios); NaN for the rows that the notices name."""
    v: Array
    """Sampling variances; NaN in the same rows."""
    n: Array
    """Size of each study, without any constant: participants, pairs, or person-time for rates; NaN if unknown."""
    choices: Choices | PrintedChoices
    """Every option used."""
    notices: tuple[Notice, ...]
    """What a reader must know, each naming its rows."""

    @property
    def defined(self) -> Mask:
        """Rows that have an effect."""
        return ~np.isnan(self.y)

    @property
    def se(self) -> Array:
        """Standard errors on the scale of analysis."""
        return np.asarray(np.sqrt(self.v), dtype=np.float64)

    def intervals(self, *, level: float = 0.95) -> tuple[Array, Array, Array]:
        """Estimate, lower and upper limit of every row on the natural scale, with normal quantiles.

        Raises :class:`CannotPoolError` unless ``level`` is between 0 and 1.
        """
        half = reach(level) * self.se
        estimate, low, high = (self.measure.natural(y, n=self.n) for y in (self.y, self.y - half, self.y + half))
        return estimate, low, high


def effect_sizes(
    measure: Measure,
    *,
    add: float | None = None,
    to: To = To.ONLY_ZERO,
    drop_double_zero: bool = False,
    variance: VarianceType = VarianceType.LS,
    **columns: npt.ArrayLike,
) -> EffectSizes:
    """Effects and sampling variances of studies, group 1 against group 2.

    ``columns`` are those of ``measure.columns`` by name (meanings and allowed values: ``columns.COLUMNS``), each one-
    dimensional with one entry for each study; a single number stands for every study (``r=0.5``). Of a table with more
    columns take ``**{name: table[name] for name in measure.columns}``.

    ``add`` is the constant against empty cells, by default ``measure.add`` (0.5, or 0 where the measure exists with
    empty cells); ``to`` says where it is added. These defaults, and ``drop_double_zero`` (leave out tables without
    events in both groups), are those of metafor's ``escalc``, so that a published analysis with it can be repeated.
    ``variance`` is one of ``measure.variances``.

    Rows with missing values, and rows whose effect the numbers do not define (a logarithm of 0, a single participant)
    have NaN and are named in a notice, so that rows keep their places. Differences from metafor: impossible values are
    named row by row; an empty group is an error, not a table to which the constant is added; a negative mean leaves its
    row undefined instead of stopping a logarithm of all; for matched pairs ``drop_double_zero`` means no event (or
    nothing else) in *both* conditions; RTET is the exact maximum of likelihood, and not defined with an empty cell.

    Raises :class:`CannotPoolError` for impossible values (every one is named) and for options that the measure lacks.
    """
    choices = _choices(measure, add, to, drop_double_zero, variance)
    full = read([COLUMNS[name] for name in measure.columns], columns, purpose=f"{measure} ({measure.label})")
    correlations.check(full)
    lacking = missing(full.values())
    dropped = ~lacking & DOUBLE_ZERO[measure.family](full) if drop_double_zero else np.zeros_like(lacking)
    used = ~(lacking | dropped)
    with np.errstate(all="ignore"):  # what is not finite is named below
        computed = COMPUTE[measure.family](measure, {name: array[used] for name, array in full.items()}, choices)
    y, v = (np.full(used.shape, np.nan) for _ in range(2))
    corrected = np.zeros_like(used)
    y[used], v[used], corrected[used] = computed.y, computed.v, computed.corrected
    undefined = used & ~(np.isfinite(y) & np.isfinite(v) & (v >= 0))
    y[undefined] = v[undefined] = np.nan
    n = np.sum([full[name] for name in SIZES if name in full], axis=0)
    return EffectSizes(
        measure=measure,
        y=frozen(y),
        v=frozen(v),
        n=frozen(n),
        choices=choices,
        notices=(
            *rows_notice("rows-dropped", lacking, "{rows}: a value is missing; left out"),
            *rows_notice(
                "double-zero-dropped", dropped, "{rows}: no event, or nothing but events, in both groups; left out"
            ),
            *rows_notice(
                "zero-cells-corrected", corrected, f"{{rows}}: {choices.add:g} was added to the counts ({_where(to)})"
            ),
            *rows_notice(
                "effect-undefined",
                undefined,
                f"{{rows}}: these numbers do not define the {measure.label} or its variance (a division by zero, a "
                "logarithm or root outside its domain, or too few participants); left out",
            ),
            *rows_notice("zero-variance", v == 0, "{rows}: the sampling variance is 0; check these numbers"),
        ),
    )


def _choices(measure: Measure, add: float | None, to: To, drop: bool, variance: VarianceType) -> Choices:
    if measure.family is Family.GENERIC:
        raise CannotPoolError(
            f"{measure} ({measure.label}) starts from printed estimates: use from_estimates(estimate, se=...)"
        )
    if variance not in measure.variances:
        raise CannotPoolError(f"{measure} has no variance of type {variance}; it has {', '.join(measure.variances)}")
    if drop and measure.family not in DOUBLE_ZERO:
        raise CannotPoolError(f"drop_double_zero is for measures with events of two groups, which {measure} is not")
    constant = measure.add if add is None else add
    if not 0 <= constant < np.inf:
        raise CannotPoolError(f"add is {constant!r}, but must be 0 or a positive number, for example 0.5")
    return Choices(add=float(constant), to=to, drop_double_zero=drop, variance=variance)


def _where(to: To) -> str:
    match to:
        case To.ALL:
            return "of every row, as asked"
        case To.IF_ZERO_ALL:
            return "of every row, because one has an empty cell"
        case _:
            return "because one of them leaves a cell empty"
