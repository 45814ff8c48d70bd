"""What an analysis could not do, or did although a reader must know: never a silent NaN."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Notice:
    """Something a reader of a result must know; the result stands."""

    code: str
    """Stable name such as ``rows-dropped``, by which a page finds its own words."""
    text: str
    """One English sentence that names the rows and values."""


class CannotPoolError(ValueError):
    """The data do not allow what was asked; the message names the row, the value, the rule and what to do."""
