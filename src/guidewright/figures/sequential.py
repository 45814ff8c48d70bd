"""Trial sequential analysis: the cumulative z against the boundaries of repeated looks (Wetterslev et al. 2008)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from guidewright.figures.effect import Effect
from guidewright.figures.figure import Drawing, Figure, Sheet
from guidewright.figures.frame import Axis, frame
from guidewright.figures.legend import circle_entry, legend, line_entry, notes
from guidewright.figures.numerals import said
from guidewright.figures.points import Curve, Study, scatter
from guidewright.figures.scales import span, usable
from guidewright.figures.table import Table


@dataclass(frozen=True, kw_only=True)
class Sequential(Figure):
    """``x`` of a look is the information gathered so far (participants, say), ``y`` the cumulative z."""

    kind: ClassVar[str] = "sequential"
    looks: Sequence[Study]
    x_title: str
    y_title: str
    label_heading: str
    looks_words: str
    boundaries: Sequence[Curve] = ()
    """Curves for benefit, harm and futility; curves of one meaning have words once."""
    conventional: float | None = 1.959964
    """Both signs of this z are marked."""
    conventional_words: str = ""
    required: float | None = None
    """Information that is required."""
    required_words: str = ""
    favours_low: str = ""
    favours_high: str = ""

    @property
    def table(self) -> Table:
        """The looks in order."""
        header = (self.label_heading, self.x_title, self.y_title)
        return Table(header, tuple((s.label, said(s.x), said(s.y)) for s in self.looks))

    def _has_data(self) -> bool:
        return any(look.shown for look in self.looks)

    def _drawing(self, sheet: Sheet) -> Drawing:
        looks = [look for look in self.looks if look.shown]
        # boundaries start at infinity: as much of them is shown as keeps the looks readable
        most = max([3.5, *(abs(look.y) * 1.15 for look in looks)])
        most = max(
            most, min(8.0, max((abs(y) for c in self.boundaries for y in usable(p[1] for p in c.points)), default=0))
        )
        points = [x for curve in self.boundaries for x in usable(p[0] for p in curve.points)]
        x = span([0.0, *(look.x for look in looks), self.required, *points], pad=0.03)
        plot = frame(sheet, Axis(self.x_title, 0.0, x[1]), Axis(self.y_title, *span([-most, most])))
        parts = plot.level(0.0, "gw-null")
        if self.conventional is not None:
            for sign in (-1, 1):
                parts += plot.level(sign * self.conventional, "gw-curve gw-thin")
        parts += plot.upright(self.required, "gw-reference")
        for curve in self.boundaries:
            parts += plot.curve([p for p in curve.points if len(usable(p)) == 2], curve.class_)
        parts += plot.curve([(0.0, 0.0), *((look.x, look.y) for look in looks)], "gw-curve gw-path")
        axes, end = plot.axes(Effect(self.x_title, None))
        entries = [
            circle_entry("gw-point", self.looks_words),
            *(curve.entry for curve in self.boundaries),
            line_entry("gw-curve gw-thin", self.conventional_words if self.conventional is not None else ""),
            line_entry("gw-reference", self.required_words if self.required is not None else ""),
        ]
        samples, end = legend(entries, 0, end, sheet.width)
        directions = Effect("", favours_low=self.favours_low, favours_high=self.favours_high).directions
        lines, end = notes(directions, 0, end, sheet.width)
        return Drawing([*parts, *scatter(plot, looks), *axes, *samples, *lines], sheet.width, end)
