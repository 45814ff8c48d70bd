"""Doi plots: effects against the absolute z of their rank by precision (Furuya-Kanamori, Barendregt & Doi 2018).

Two even limbs mean symmetry.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from guidewright.figures.effect import Effect
from guidewright.figures.figure import Drawing, Figure, Sheet
from guidewright.figures.frame import Axis, frame
from guidewright.figures.legend import legend, line_entry, notes
from guidewright.figures.numerals import said
from guidewright.figures.points import Study, scatter
from guidewright.figures.scales import span
from guidewright.figures.table import Table


@dataclass(frozen=True, kw_only=True)
class Doi(Figure):
    """``x`` of a study is its effect, ``y`` the absolute z, 0 (the most precise) at the top."""

    kind: ClassVar[str] = "doi"
    studies: Sequence[Study]
    effect: Effect
    y_title: str
    label_heading: str
    tip_words: str = ""
    """What the upright line means: the effect of the most precise study."""
    asymmetry: str = ""
    """The LFK index and what it says."""

    @property
    def table(self) -> Table:
        """Study, effect, z."""
        header = (self.label_heading, self.effect.title, self.y_title)
        return Table(header, tuple((s.label, said(s.x), said(s.y)) for s in self.studies))

    def _has_data(self) -> bool:
        return any(study.shown for study in self.studies)

    def _drawing(self, sheet: Sheet) -> Drawing:
        shown = sorted((s for s in self.studies if s.shown), key=lambda s: s.x)
        x = span([s.x for s in shown], log=self.effect.log, pad=0.06)
        y = span([0.0, *(s.y for s in shown)], pad=0.06)
        plot = frame(sheet, Axis(self.effect.title, *x, self.effect.log), Axis(self.y_title, *y, falling=True))
        tip = min(shown, key=lambda s: s.y)
        parts = plot.upright(tip.x, "gw-reference")
        parts += plot.curve([(s.x, s.y) for s in shown], "gw-curve gw-path")
        axes, end = plot.axes(self.effect)
        samples, end = legend([line_entry("gw-reference", self.tip_words)], 0, end, sheet.width)
        lines, end = notes(filter(None, [self.asymmetry]), 0, end, sheet.width)
        return Drawing([*parts, *scatter(plot, shown), *axes, *samples, *lines], sheet.width, end)
