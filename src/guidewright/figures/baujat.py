"""Baujat plots: which studies make the heterogeneity, and which move the result (Baujat et al. 2002)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from guidewright.figures.effect import Effect
from guidewright.figures.figure import Drawing, Figure, Sheet
from guidewright.figures.frame import Axis, frame
from guidewright.figures.numerals import said
from guidewright.figures.points import Study, scatter
from guidewright.figures.scales import span
from guidewright.figures.table import Table


@dataclass(frozen=True, kw_only=True)
class Baujat(Figure):
    """``x`` of a study is its contribution to Q, ``y`` its influence on the result."""

    kind: ClassVar[str] = "baujat"
    studies: Sequence[Study]
    x_title: str
    y_title: str
    label_heading: str

    @property
    def table(self) -> Table:
        """Study, contribution, influence."""
        header = (self.label_heading, self.x_title, self.y_title)
        return Table(header, tuple((s.label, said(s.x), said(s.y)) for s in self.studies))

    def _has_data(self) -> bool:
        return any(study.shown for study in self.studies)

    def _drawing(self, sheet: Sheet) -> Drawing:
        x = Axis(self.x_title, *span([0.0, *(s.x for s in self.studies)], pad=0.06))
        y = Axis(self.y_title, *span([0.0, *(s.y for s in self.studies)], pad=0.06))
        plot = frame(sheet, x, y)
        axes, end = plot.axes(Effect(self.x_title))
        return Drawing([*scatter(plot, self.studies), *axes], sheet.width, end)
