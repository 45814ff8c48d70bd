"""L'Abbé plots: the risk with treatment against the risk without (L'Abbé, Detsky & O'Rourke 1987)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from guidewright.figures.effect import Effect
from guidewright.figures.figure import Drawing, Figure, Sheet
from guidewright.figures.frame import Axis, frame
from guidewright.figures.legend import legend, line_entry, notes
from guidewright.figures.numerals import said
from guidewright.figures.points import Curve, Study, scatter
from guidewright.figures.scales import span
from guidewright.figures.table import Table


@dataclass(frozen=True, kw_only=True)
class Labbe(Figure):
    """``x`` of a study is the outcome in the control group, ``y`` in the treated, both on one scale."""

    kind: ClassVar[str] = "labbe"
    studies: Sequence[Study]
    x_title: str
    y_title: str
    label_heading: str
    same_words: str
    """What the diagonal means: the same outcome in both groups."""
    curves: Sequence[Curve] = ()
    """Pairs of outcomes that have the pooled effect."""
    above_words: str = ""
    """What a point above the diagonal speaks for."""
    below_words: str = ""
    """What a point below it speaks for."""

    @property
    def table(self) -> Table:
        """Study and the outcomes of both groups."""
        header = (self.label_heading, self.x_title, self.y_title)
        return Table(header, tuple((s.label, said(s.x), said(s.y)) for s in self.studies))

    def _has_data(self) -> bool:
        return any(study.shown for study in self.studies)

    def _drawing(self, sheet: Sheet) -> Drawing:
        low, high = span([v for s in self.studies if s.shown for v in (s.x, s.y)], pad=0.06)
        if all(s.x >= 0 and s.y >= 0 for s in self.studies if s.shown):
            low = -0.05 * high  # the points are circles: those near 0 need room
        side = 300.0 if sheet.narrow else 420.0
        axis = (low, high)
        plot = frame(sheet, Axis(self.x_title, *axis), Axis(self.y_title, *axis), height=side)
        right = max(14.0, sheet.width - plot.box.left - side)
        plot = frame(sheet, Axis(self.x_title, *axis), Axis(self.y_title, *axis), height=side, right=right)
        parts = plot.curve([(low, low), (high, high)], "gw-null")
        for curve in self.curves:
            parts += plot.curve(curve.points, curve.class_)
        axes, end = plot.axes(Effect(self.x_title))
        entries = [line_entry("gw-null", self.same_words), *(curve.entry for curve in self.curves)]
        samples, end = legend(entries, 0, end, sheet.width)
        sides = [f"{arrow} {words}" for arrow, words in (("↖", self.above_words), ("↘", self.below_words)) if words]
        lines, end = notes([" · ".join(sides)] if sides else [], 0, end, sheet.width)
        return Drawing([*parts, *scatter(plot, self.studies), *axes, *samples, *lines], sheet.width, end)
