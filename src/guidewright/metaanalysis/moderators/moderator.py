"""What may explain why effects differ, declared as data: numbers, factors, interactions, splines, polynomials."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from guidewright.values import Value

#: A column of the data, by its heading.
Column = Annotated[str, Field(min_length=1, examples=["dose"])]


class Numeric(Value):
    """A number that acts in a straight line."""

    kind: Literal["numeric"] = "numeric"
    """What kind of moderator it is."""
    column: Column
    """Column that holds the number."""
    centre: float | None = Field(default=None, examples=[1970])
    """Value subtracted first, so that the intercept is the effect at this value; none leaves the number as it is."""
    per: float = Field(default=1.0, gt=0, examples=[10])
    """Units that one step of the coefficient stands for, such as 10 for an effect per ten years."""


class Factor(Value):
    """A category; each level but the reference gets a column that is 1 in its rows (treatment contrasts)."""

    kind: Literal["factor"] = "factor"
    """What kind of moderator it is."""
    column: Column
    """Column that holds the level of each row."""
    reference: str | None = Field(default=None, examples=["random"])
    """Level that the others are compared with; the first of ``levels`` if not given."""
    levels: tuple[str, ...] | None = None
    """All levels, in the order in which they are shown; those of the data, sorted, if not given."""

    @model_validator(mode="after")
    def _reference_is_a_level(self) -> Factor:
        if self.levels is not None:
            if len(set(self.levels)) < len(self.levels):
                raise ValueError(f"each level of `{self.column}` is named once; found {', '.join(self.levels)}")
            if self.reference is not None and self.reference not in self.levels:
                raise ValueError(
                    f"the reference of `{self.column}` must be one of its levels "
                    f"({', '.join(self.levels)}); found {self.reference}"
                )
        return self


class Spline(Value):
    """A number that acts in a smooth curve: a restricted cubic spline, straight beyond its outer knots."""

    kind: Literal["spline"] = "spline"
    """What kind of moderator it is."""
    column: Column
    """Column that holds the number."""
    knots: tuple[float, ...] | None = Field(default=None, examples=[[10, 25, 40]])
    """Places of the knots, three at least; quantiles of the data by Harrell 2001 (table 2.3) if not given."""
    number_of_knots: Annotated[int, Field(ge=3, le=7)] = 4
    """How many knots to place at those quantiles; not used where ``knots`` are given."""

    @model_validator(mode="after")
    def _knots_ascend(self) -> Spline:
        if self.knots is not None and (len(self.knots) < 3 or sorted(set(self.knots)) != list(self.knots)):
            raise ValueError(
                f"`knots` of `{self.column}` must be three or more ascending numbers, such as [10, 25, 40]"
            )
        return self


class Polynomial(Value):
    """A number with its powers."""

    kind: Literal["polynomial"] = "polynomial"
    """What kind of moderator it is."""
    column: Column
    """Column that holds the number."""
    degree: int = Field(default=2, ge=2, le=5)
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


Moderator = Annotated[Numeric | Factor | Spline | Polynomial | Interaction, Field(discriminator="kind")]
