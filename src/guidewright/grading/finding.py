"""What a result says: significant or null, precise or not, and in which direction; and whether results agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from guidewright.grading.facts import EITHER, EVERY_DIRECTION, EVERY_FINDING, Direction, Finding, Missing


@dataclass(frozen=True)
class Found:
    """Possible findings and directions of one result."""

    findings: frozenset[Finding]
    directions: frozenset[Direction]
    missing: tuple[Missing, ...] = ()


NOT_EXTRACTED = Found(EVERY_FINDING, EVERY_DIRECTION, (Missing("finding", "no result for this clause was extracted"),))


def significant_by_p(p: str | None, significance: float) -> bool | None:
    """Whether a printed p value is below ``significance``; ``NS`` is not significant.

    A bound may leave it open: ``<0.1`` and ``>0.01`` say nothing about 0.05.
    """
    if p is None or p == "NS":
        return None if p is None else False
    number = float(p.lstrip("<> "))
    if p.startswith("<"):
        return True if number <= significance else None
    if p.startswith(">"):
        return False if number >= significance else None
    return number < significance


def finding_of(
    *,
    estimate: float | None,
    low: float | None,
    high: float | None,
    null: float,
    by_p: bool | None,
    better: Literal["lower", "higher"],
    margin: float | None,
) -> Found:
    """Judge one result on the natural scale of its measure (``null`` is 1 for ratios, 0 for differences).

    Significant: the 95 % interval excludes no effect or, where no interval is known, the p value says so (``by_p``).
    A null result is precise when its interval lies within ``margin`` (the minimal important difference, in units of
    the outcome) on both sides of no effect, as DESIGN and the scheme's rule 1.2 ask; without margin or interval its
    precision is unknown.
    """
    significant = by_p if low is None or high is None else low > null or high < null
    if significant is None:
        return Found(
            EVERY_FINDING,
            EVERY_DIRECTION,
            (Missing("finding", "the result has neither an interval nor a p value that decides"),),
        )
    if significant:
        return _significant(estimate, low, high, null, better)
    direction = frozenset({Direction.NO_DIFFERENCE})
    if low is None or high is None or margin is None:
        lacking = "a minimal important difference" if margin is None else "a confidence interval"
        return Found(
            frozenset({Finding.NULL_PRECISE, Finding.NULL_IMPRECISE}),
            direction,
            (Missing("precision", f"{lacking} is needed to call a null result precise"),),
        )
    precise = -margin < low - null and high - null < margin
    return Found(frozenset({Finding.NULL_PRECISE if precise else Finding.NULL_IMPRECISE}), direction)


def _significant(
    estimate: float | None, low: float | None, high: float | None, null: float, better: Literal["lower", "higher"]
) -> Found:
    # an interval that excludes no effect lies on one side of it, so either limit tells
    side = estimate if low is None or high is None else low
    if side is None or side == null:
        return Found(
            frozenset({Finding.SIGNIFICANT}),
            frozenset({Direction.FOR, Direction.AGAINST}),
            (Missing("direction", "the direction of the difference is not known"),),
        )
    favours = (side < null) == (better == "lower")
    return Found(frozenset({Finding.SIGNIFICANT}), frozenset({Direction.FOR if favours else Direction.AGAINST}))


@dataclass(frozen=True)
class Homogeneity:
    """Whether the results of a review are homogeneous, and the values that decided it."""

    possible: frozenset[bool]
    why: str
    missing: tuple[Missing, ...] = ()


def not_known(why: str) -> Homogeneity:
    """Whether the results are homogeneous is not known, with the reason."""
    return Homogeneity(EITHER, why, (Missing("homogeneous", why),))


def homogeneity(
    *,
    estimates: Sequence[float],
    null: float,
    i2: float | None,
    cut: float,
    prediction: tuple[float, float] | None,
    margin: float | None,
) -> Homogeneity:
    """Judge pooled results: homogeneous if all estimates lie on one side of no effect and either I2 (percent) is below
    the declared ``cut`` or the prediction interval lies on one side of the minimal important difference (ambiguity A5
    of the scheme).

    One study alone is neither homogeneous nor heterogeneous.
    """
    if len(estimates) < 2 or i2 is None:
        return not_known(f"{len(estimates)} result: nothing to compare")
    agree = all(e < null for e in estimates) or all(e > null for e in estimates)
    said = f"directions {'agree' if agree else 'differ'}, I2 {i2:.0f} % (cut {cut:g} %)"
    if not agree or i2 < cut or prediction is None or margin is None:
        return Homogeneity(frozenset({agree and i2 < cut}), said)
    low, high = prediction
    one_side = high < null - margin or low > null + margin or (low > null - margin and high < null + margin)
    said += f", prediction interval {low:.2f} to {high:.2f} against margin {margin:g}"
    return Homogeneity(frozenset({one_side}), said)
