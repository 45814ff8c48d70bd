"""Moderators as an analysis file declares them; what they mean is said in :mod:`..moderators.moderator`."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, model_validator

from guidewright.metaanalysis.moderators import moderator as library
from guidewright.metaanalysis.moderators.moderator import DEGREES, KNOTS
from guidewright.values import Value

#: A column of the data, by its heading.
Column = Annotated[str, Field(min_length=1, examples=["dose"])]


class _Declared(Value):
    """A moderator that the library accepts."""

    of_library: ClassVar[type]

    @model_validator(mode="after")
    def _is_accepted(self) -> _Declared:
        self.moderator()
        return self

    def moderator(self) -> Any:
        """The library's value, which checks what the types of the fields do not."""
        given = {name: getattr(self, name) for name in type(self).model_fields if name != "kind"}
        return self.of_library(**given)


class Numeric(_Declared):
    """A number that acts in a straight line."""

    of_library = library.Numeric
    kind: Literal["numeric"] = "numeric"
    """What kind of moderator it is."""
    column: Column
    """Column that holds the number."""
    centre: float | None = Field(default=None, examples=[1970])
    """Value subtracted first, so that the intercept is the effect at this value; none leaves the number as it is."""
    per: float = Field(default=1.0, gt=0, examples=[10])
    """Units that one step of the coefficient stands for, such as 10 for an effect per ten years."""


class Factor(_Declared):
    """A category; each level but the reference gets a column that is 1 in its rows (treatment contrasts)."""

    of_library = library.Factor
    kind: Literal["factor"] = "factor"
    """What kind of moderator it is."""
    column: Column
    """Column that holds the level of each row."""
    reference: str | None = Field(default=None, examples=["random"])
    """Level that the others are compared with; the first of ``levels`` if not given."""
    levels: tuple[str, ...] | None = None
    """All levels, in the order in which they are shown; those of the data, sorted, if not given."""


class Spline(_Declared):
    """A number that acts in a smooth curve: a restricted cubic spline, straight beyond its outer knots."""

    of_library = library.Spline
    kind: Literal["spline"] = "spline"
    """What kind of moderator it is."""
    column: Column
    """Column that holds the number."""
    knots: tuple[float, ...] | None = Field(default=None, examples=[[10, 25, 40]])
    """Places of the knots, three at least; quantiles of the data by Harrell 2001 (table 2.3) if not given."""
    number_of_knots: Annotated[int, Field(ge=KNOTS[0], le=KNOTS[1])] = 4
    """How many knots to place at those quantiles; not used where ``knots`` are given."""


class Polynomial(_Declared):
    """A number with its powers."""

    of_library = library.Polynomial
    kind: Literal["polynomial"] = "polynomial"
    """What kind of moderator it is."""
    column: Column
    """Column that holds the number."""
    degree: int = Field(default=2, ge=DEGREES[0], le=DEGREES[1])
    """Highest power."""
    centre: float | None = None
    """Value subtracted before the powers are taken; none leaves the number as it is."""


class Interaction(Value):
    """Products of the columns of two moderators: whether the one acts differently where the other does."""

    kind: Literal["interaction"] = "interaction"
    """What kind of moderator it is."""
    of: tuple[
        Annotated[Numeric | Factor | Spline | Polynomial, Field(discriminator="kind")],
        Annotated[Numeric | Factor | Spline | Polynomial, Field(discriminator="kind")],
    ] = Field(examples=[[{"kind": "factor", "column": "allocation"}, {"kind": "numeric", "column": "year"}]])
    """The two moderators; as a rule each is in the model on its own as well."""

    def moderator(self) -> library.Interaction:
        """The library's value."""
        one, other = self.of
        return library.Interaction(of=(one.moderator(), other.moderator()))


Moderator = Annotated[Numeric | Factor | Spline | Polynomial | Interaction, Field(discriminator="kind")]
