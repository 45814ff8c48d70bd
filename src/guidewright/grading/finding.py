"""What a result says: significant or null, precise or not, and in which direction; and whether results agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from guidewright.grading.facts import EVERY_DIRECTION, EVERY_FINDING, Direction, Finding, Missing


@dataclass(frozen=True)
class Found:
    """Possible findings and directions of one result, with the numbers they come from."""

    findings: frozenset[Finding]
    directions: frozenset[Direction]
    missing: tuple[Missing, ...] = ()
    numbers: str = ""


NOT_EXTRACTED = Found(EVERY_FINDING, EVERY_DIRECTION, (Missing("finding", "no result for this clause was extracted"),))


def finding_of(
    *,
    estimate: float | None,
    low: float | None,
    high: float | None,
    null: float,
    p: float | None,
    not_significant: bool,
    better: Literal["lower", "higher"],
    margin: float | None,
    significance: float,
    numbers: str = "",
) -> Found:
    """Judge one result on the natural scale of its measure (``null`` is 1 for ratios, 0 for differences).

    Significant: the 95 % interval excludes no effect or, where no interval is known, p is below ``significance``.
    A null result is precise when its interval lies within ``margin`` (the minimal important difference, in units of
    the outcome) on both sides of no effect, as DESIGN and the scheme's rule 1.2 ask; without margin or interval its
    precision is unknown. ``not_significant`` is a printed "NS" without a number.
    """
    if low is not None and high is not None:
        significant: bool | None = low > null or high < null
    elif p is not None:
        significant = p < significance
    else:
        significant = False if not_significant else None
    if significant is None:
        return Found(
            EVERY_FINDING,
            EVERY_DIRECTION,
            (Missing("finding", "the result has neither interval nor p value"),),
            numbers,
        )
    if significant:
        return _significant(estimate, null, better, numbers)
    direction = frozenset({Direction.NO_DIFFERENCE})
    if low is None or high is None or margin is None:
        lacking = "a minimal important difference" if margin is None else "a confidence interval"
        return Found(
            frozenset({Finding.NULL_PRECISE, Finding.NULL_IMPRECISE}),
            direction,
            (Missing("precision", f"{lacking} is needed to call a null result precise"),),
            numbers,
        )
    precise = -margin < low - null and high - null < margin
    return Found(frozenset({Finding.NULL_PRECISE if precise else Finding.NULL_IMPRECISE}), direction, (), numbers)


def _significant(estimate: float | None, null: float, better: str, numbers: str) -> Found:
    if estimate is None or estimate == null:
        return Found(
            frozenset({Finding.SIGNIFICANT}),
            frozenset({Direction.FOR, Direction.AGAINST}),
            (Missing("direction", "the direction of the difference is not known"),),
            numbers,
        )
    favours = (estimate < null) == (better == "lower")
    return Found(
        frozenset({Finding.SIGNIFICANT}),
        frozenset({Direction.FOR if favours else Direction.AGAINST}),
        (),
        numbers,
    )


@dataclass(frozen=True)
class Homogeneity:
    """Whether pooled results are homogeneous, and the values that decided it."""

    homogeneous: bool | None
    why: str


def homogeneity(
    *,
    estimates: Sequence[float],
    null: float,
    i2: float | None,
    cut: float,
    prediction: tuple[float, float] | None,
    margin: float | None,
) -> Homogeneity:
    """Homogeneous: all estimates lie on one side of no effect and I2 (percent) is below the declared ``cut``, or the
    prediction interval lies on one side of the minimal important difference (ambiguity A5 of the scheme).

    One study alone is neither homogeneous nor heterogeneous.
    """
    if len(estimates) < 2 or i2 is None:
        return Homogeneity(None, f"{len(estimates)} result: nothing to compare")
    agree = all(e < null for e in estimates) or all(e > null for e in estimates)
    said = f"directions {'agree' if agree else 'differ'}, I2 {i2:.0f} % (cut {cut:g} %)"
    if agree and i2 < cut:
        return Homogeneity(True, said)
    if prediction is not None and margin is not None:
        low, high = prediction
        one_side = high < null - margin or low > null + margin or (low > null - margin and high < null + margin)
        said += f", prediction interval {low:.2f} to {high:.2f} against margin {margin:g}"
        return Homogeneity(one_side, said)
    return Homogeneity(False, said)
