"""What is known of a study for grading. Every fact is the set of the values that it may still have.

One value: the fact is known. Several: it is undetermined, and `missing` names what would settle it. So a strength can
be called determined exactly when no value of the missing facts would change it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Finding(StrEnum):
    """What a study found, by significance and precision."""

    SIGNIFICANT = "significant"
    NULL_PRECISE = "null-precise"
    NULL_IMPRECISE = "null-imprecise"


class Direction(StrEnum):
    """Which way a study points, seen from the intervention of its clause."""

    FOR = "for"
    AGAINST = "against"
    NO_DIFFERENCE = "no-difference"


class Quality(StrEnum):
    """Quality of a study of the level that has a quality grade."""

    HIGH = "high"
    LESSER = "lesser"


class StudyKind(StrEnum):
    """Single study or review."""

    STUDY = "study"
    REVIEW = "review"


#: Stands for the level of a design for which the scheme has none.
NOT_GRADABLE = "not-gradable"

#: A finding goes with these directions only.
DIRECTIONS_OF = {
    Finding.SIGNIFICANT: frozenset({Direction.FOR, Direction.AGAINST}),
    Finding.NULL_PRECISE: frozenset({Direction.NO_DIFFERENCE}),
    Finding.NULL_IMPRECISE: frozenset({Direction.NO_DIFFERENCE}),
}


EVERY_KIND = frozenset(StudyKind)
EVERY_QUALITY = frozenset(Quality)
EVERY_FINDING = frozenset(Finding)
EVERY_DIRECTION = frozenset(Direction)
EITHER = frozenset({True, False})


@dataclass(frozen=True)
class Missing:
    """A fact that is not known: its name in the study file, and why it is needed."""

    fact: str
    why: str = ""


@dataclass(frozen=True)
class Graded:
    """The facts of one study of a clause, as sets of possible values.

    Raises ValueError if a set is empty or no finding goes with a direction: such a study could not be anything.
    """

    study: str
    levels: frozenset[str]
    kinds: frozenset[StudyKind] = EVERY_KIND
    qualities: frozenset[Quality] = EVERY_QUALITY
    findings: frozenset[Finding] = EVERY_FINDING
    directions: frozenset[Direction] = EVERY_DIRECTION
    homogeneous: frozenset[bool] = EITHER

    def __post_init__(self) -> None:
        """Refuse facts that contradict one another."""
        if not all((self.levels, self.kinds, self.qualities, self.homogeneous)):
            raise ValueError(f"{self.study}: every fact needs at least one possible value")
        if not any(self.directions & DIRECTIONS_OF[finding] for finding in self.findings):
            raise ValueError(f"{self.study}: none of its findings goes with any of its directions")
