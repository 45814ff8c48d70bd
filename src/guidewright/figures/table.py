"""The table that stands for a figure: everything a reader gets from the marks, as words for the page to set."""

from __future__ import annotations

from dataclasses import dataclass

Cells = tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A header and rows of as many cells; the first cell of a row names it."""

    header: Cells
    rows: tuple[Cells, ...]

    def __post_init__(self) -> None:
        for number, row in enumerate(self.rows, 1):
            if len(row) != len(self.header):
                raise ValueError(f"row {number} has {len(row)} cells, the header has {len(self.header)}")
