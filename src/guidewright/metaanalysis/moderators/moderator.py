"""What may explain why effects differ: numbers, factors, interactions, splines, polynomials.

Analysis files declare them as :mod:`guidewright.metaanalysis.further.moderators`, whose models would take this module
a third of a second to import.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from guidewright.metaanalysis.notices import CannotPoolError

#: Fewest and most knots that are placed at quantiles (Harrell 2001, table 2.3), and powers of a polynomial.
KNOTS, DEGREES = (3, 7), (2, 5)


@dataclass(frozen=True, kw_only=True)
class Numeric:
    """A number that acts in a straight line."""

    kind: Literal["numeric"] = field(default="numeric", init=False)
    column: str
    """Column that holds the number."""
    centre: float | None = None
    """Value subtracted first, so that the intercept is the effect at this value; none leaves the number as it is."""
    per: float = 1.0
    """Units that one step of the coefficient stands for, such as 10 for an effect per ten years."""

    def __post_init__(self) -> None:
        """Raise :class:`CannotPoolError` unless ``per`` is above 0."""
        if not self.per > 0:
            raise CannotPoolError(f"`per` of `{self.column}` must be above 0, such as 10; found {self.per:g}")


@dataclass(frozen=True, kw_only=True)
class Factor:
    """A category; each level but the reference gets a column that is 1 in its rows (treatment contrasts)."""

    kind: Literal["factor"] = field(default="factor", init=False)
    column: str
    """Column that holds the level of each row."""
    reference: str | None = None
    """Level that the others are compared with; the first of ``levels`` if not given."""
    levels: tuple[str, ...] | None = None
    """All levels, in the order in which they are shown; those of the data, sorted, if not given."""

    def __post_init__(self) -> None:
        """Raise :class:`CannotPoolError` where a level is named twice, or the reference is none of them."""
        if self.levels is None:
            return
        if len(set(self.levels)) < len(self.levels):
            raise CannotPoolError(f"each level of `{self.column}` is named once; found {', '.join(self.levels)}")
        if self.reference is not None and self.reference not in self.levels:
            raise CannotPoolError(
                f"the reference of `{self.column}` must be one of its levels "
                f"({', '.join(self.levels)}); found {self.reference}"
            )


@dataclass(frozen=True, kw_only=True)
class Spline:
    """A number that acts in a smooth curve: a restricted cubic spline, straight beyond its outer knots."""

    kind: Literal["spline"] = field(default="spline", init=False)
    column: str
    """Column that holds the number."""
    knots: tuple[float, ...] | None = None
    """Places of the knots, three at least; quantiles of the data by Harrell 2001 (table 2.3) if not given."""
    number_of_knots: int = 4
    """How many knots to place at those quantiles; not used where ``knots`` are given."""

    def __post_init__(self) -> None:
        """Raise :class:`CannotPoolError` unless three knots or more ascend, or a number of them is known."""
        if self.knots is not None and (len(self.knots) < 3 or sorted(set(self.knots)) != list(self.knots)):
            raise CannotPoolError(
                f"`knots` of `{self.column}` must be three or more ascending numbers, such as [10, 25, 40]"
            )
        _check_whole("number_of_knots", self.column, self.number_of_knots, KNOTS)


@dataclass(frozen=True, kw_only=True)
class Polynomial:
    """A number with its powers."""

    kind: Literal["polynomial"] = field(default="polynomial", init=False)
    column: str
    """Column that holds the number."""
    degree: int = 2
    """Highest power."""
    centre: float | None = None
    """Value subtracted before the powers are taken; none leaves the number as it is."""

    def __post_init__(self) -> None:
        """Raise :class:`CannotPoolError` for a power that is not offered."""
        _check_whole("degree", self.column, self.degree, DEGREES)


Simple = Numeric | Factor | Spline | Polynomial


@dataclass(frozen=True, kw_only=True)
class Interaction:
    """Products of the columns of two moderators: whether the one acts differently where the other does."""

    kind: Literal["interaction"] = field(default="interaction", init=False)
    of: tuple[Simple, Simple]
    """The two moderators; as a rule each is in the model on its own as well."""


Moderator = Simple | Interaction


def _check_whole(name: str, column: str, value: int, limits: tuple[int, int]) -> None:
    low, high = limits
    if value not in range(low, high + 1):
        raise CannotPoolError(f"`{name}` of `{column}` must be a whole number from {low} to {high}; found {value}")
