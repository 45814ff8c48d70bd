"""Bubble plots: effects against a moderator, with the line of the meta-regression (Thompson & Higgins 2002)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from guidewright.figures.effect import Effect
from guidewright.figures.figure import Drawing, Figure, Sheet
from guidewright.figures.frame import Axis, frame
from guidewright.figures.legend import box_entry, legend, line_entry, notes
from guidewright.figures.numerals import said
from guidewright.figures.points import Study, scatter
from guidewright.figures.scales import span
from guidewright.figures.svg import Point
from guidewright.figures.table import Table

#: A value of the moderator with a lower and an upper limit.
Limits = tuple[float, float, float]


@dataclass(frozen=True, kw_only=True)
class Bubble(Figure):
    """``x`` of a study is the moderator, ``y`` the effect. Line and bands are points, computed by the regression."""

    kind: ClassVar[str] = "bubble"
    studies: Sequence[Study]
    moderator_title: str
    effect: Effect
    label_heading: str
    line: Sequence[Point] = ()
    line_words: str = ""
    band: Sequence[Limits] = ()
    """Confidence interval of the line."""
    band_words: str = ""
    prediction: Sequence[Limits] = ()
    prediction_words: str = ""
    log_moderator: bool = False

    @property
    def table(self) -> Table:
        """Study, moderator, effect."""
        header = (self.label_heading, self.moderator_title, self.effect.title)
        return Table(header, tuple((s.label, said(s.x), said(s.y)) for s in self.studies))

    def _has_data(self) -> bool:
        return any(study.shown for study in self.studies)

    def _drawing(self, sheet: Sheet) -> Drawing:
        effect = self.effect
        x = span((s.x for s in self.studies), log=self.log_moderator, pad=0.07)
        y = span([effect.null, *(s.y for s in self.studies), *(p[1] for p in self.line)], log=effect.log, pad=0.07)
        plot = frame(sheet, Axis(self.moderator_title, *x, self.log_moderator), Axis(effect.title, *y, effect.log))
        parts = plot.level(effect.null, "gw-null")
        if self.band:
            corners = [*((p[0], p[1]) for p in self.band), *((p[0], p[2]) for p in reversed(self.band))]
            parts += plot.area(corners, "gw-area")
        for limit in (1, 2):
            parts += plot.curve([(p[0], p[limit]) for p in self.prediction], "gw-curve gw-dotted")
        parts += plot.curve(self.line, "gw-curve gw-solid")
        axes, end = plot.axes(Effect(self.moderator_title, None, self.log_moderator))
        entries = [
            line_entry("gw-curve gw-solid", self.line_words if self.line else ""),
            box_entry("gw-area", self.band_words if self.band else ""),
            line_entry("gw-curve gw-dotted", self.prediction_words if self.prediction else ""),
        ]
        samples, end = legend(entries, 0, end, sheet.width)
        lines, end = notes(effect.directions, 0, end, sheet.width)
        return Drawing([*parts, *scatter(plot, self.studies), *axes, *samples, *lines], sheet.width, end)
