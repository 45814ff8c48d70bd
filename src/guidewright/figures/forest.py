"""Forest plots. One drawing for wide pages (columns side by side) and one for phones (the numbers above each line)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from guidewright.figures import forest_narrow, forest_wide
from guidewright.figures.effect import Effect
from guidewright.figures.figure import Drawing, Figure, Sheet
from guidewright.figures.rows import Column, Domain, Judgement, Kind, Reference, Row
from guidewright.figures.table import Table


@dataclass(frozen=True, kw_only=True)
class Forest(Figure):
    """A forest plot; the caller orders the rows and writes their numbers."""

    kind: ClassVar[str] = "forest"
    rows: Sequence[Row]
    effect: Effect
    label_heading: str
    columns: Sequence[Column] = ()
    domains: Sequence[Domain] = ()
    """The domains of the risk of bias, where rows have judgements."""
    judgements: Sequence[Judgement] = ()
    """What the signs of the judgements mean."""
    risk_heading: str = ""
    mid: tuple[float, float] | None = None
    """Effects too small to matter lie between these two."""
    mid_words: str = ""
    references: Sequence[Reference] = ()
    notes: Sequence[str] = ()
    """Lines below the plot: overall heterogeneity, test between groups, model."""
    limits: tuple[float, float] | None = None
    """Ends of the axis; without them wide intervals are cut so that the others stay readable."""

    def __post_init__(self) -> None:
        for number, row in enumerate(self.rows, 1):
            for given, wanted, what in ((row.cells, self.columns, "cells"), (row.risks, self.domains, "judgements")):
                if given and len(given) != len(wanted):
                    raise ValueError(f"row {number} ({row.label}) has {len(given)} {what}, the plot has {len(wanted)}")
        known = {judgement.sign for judgement in self.judgements} | {""}
        unknown = {sign for row in self.rows for sign in row.risks} - known
        if unknown:
            raise ValueError(f"no judgement has the sign {sorted(unknown)[0]!r}")

    @property
    def table(self) -> Table:
        """Label, columns and judgements of each row; notes have a row of their own."""
        meaning = {judgement.sign: judgement.meaning for judgement in self.judgements}
        header = (self.label_heading, *(c.name for c in self.columns), *(domain.name for domain in self.domains))
        blank = ("",) * (len(header) - 1)
        rows = [
            (
                row.label,
                *(row.cells or ("",) * len(self.columns)),
                *(meaning.get(sign, "") for sign in row.risks or ("",) * len(self.domains)),
            )
            for row in self.rows
        ]
        return Table(header, (*rows, *((note, *blank) for note in self.notes)))

    def _has_data(self) -> bool:
        return any(row.kind is not Kind.HEADING and row.kind is not Kind.NOTE for row in self.rows)

    def _drawing(self, sheet: Sheet) -> Drawing:
        return forest_narrow.draw(self, sheet) if sheet.narrow else forest_wide.draw(self, sheet)
