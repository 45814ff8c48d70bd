"""Specification curves: the result under every defensible combination of choices (Simonsohn, Simmons & Nelson 2020).

Above, the estimates in order with their intervals; below, which choices made each of them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from guidewright.figures import svg
from guidewright.figures.effect import Effect
from guidewright.figures.figure import Drawing, Figure, Sheet
from guidewright.figures.frame import Axis, Frame, frame
from guidewright.figures.legend import Entry, legend, line_entry, notes
from guidewright.figures.lettering import LEADING, SMALL, wrap
from guidewright.figures.marks import little_diamond
from guidewright.figures.numerals import said
from guidewright.figures.scales import Scale, span
from guidewright.figures.table import Table


@dataclass(frozen=True)
class Specification:
    """One analysis: its result and what was chosen in each dimension."""

    estimate: float
    low: float | None
    high: float | None
    choices: tuple[str, ...]
    main: bool = False
    """The analysis that was declared beforehand; drawn as a diamond."""

    @property
    def excludes(self) -> Callable[[float | None], bool]:
        """Whether the interval excludes a value."""
        low, high = self.low, self.high
        return lambda value: value is not None and low is not None and high is not None and not low <= value <= high


@dataclass(frozen=True, kw_only=True)
class SpecificationCurve(Figure):
    """All specifications, in any order; ``dimensions`` names what the choices are about."""

    kind: ClassVar[str] = "specification"
    specifications: Sequence[Specification]
    dimensions: Sequence[str]
    effect: Effect
    low_heading: str
    high_heading: str
    main_words: str
    excluding_words: str
    """What a dark interval means: it excludes no effect."""
    including_words: str
    share: str = ""
    """A sentence such as how many specifications keep the conclusion."""
    mid: tuple[float, float] | None = None

    @property
    def table(self) -> Table:
        """A row for each specification, by estimate."""
        header = (self.effect.title, self.low_heading, self.high_heading, *self.dimensions)
        return Table(header, tuple((said(s.estimate), said(s.low), said(s.high), *s.choices) for s in self._ordered()))

    def _ordered(self) -> list[Specification]:
        return sorted((s for s in self.specifications if math.isfinite(s.estimate)), key=lambda s: s.estimate)

    def _has_data(self) -> bool:
        return bool(self._ordered())

    def _drawing(self, sheet: Sheet) -> Drawing:
        ordered = self._ordered()
        limits = [v for s in ordered for v in (s.low, s.estimate, s.high)]
        y = Axis(self.effect.title, *span([*limits, self.effect.null], log=self.effect.log), self.effect.log)
        top = frame(sheet, Axis("", -0.5, len(ordered) - 0.5), y, height=200.0 if sheet.narrow else 240.0)
        labels = top.box.left if sheet.narrow else 200.0
        plot = Frame(Scale(top.x.low, top.x.high, labels, sheet.width - 14), top.y, top.y_title)
        parts: list[str] = []
        if self.mid:
            low, high = sorted(plot.y.at(v) for v in self.mid)
            parts.append(svg.rectangle(labels, low, plot.box.right - labels, high - low, "gw-band"))
        parts += plot.level(self.effect.null, "gw-null")
        parts += self._estimates(plot, ordered)
        parts += plot.left_axis()
        matrix, end = self._choices(plot, ordered, plot.box.bottom + 8, sheet)
        entries = [
            Entry(
                lambda x, y: little_diamond(x, y, "gw-mark"), self.main_words if any(s.main for s in ordered) else ""
            ),
            line_entry("gw-spec", self.excluding_words),
            line_entry("gw-spec gw-spec-null", self.including_words),
        ]
        samples, end = legend(entries, 0, end + 4, sheet.width)
        lines, end = notes([*self.effect.directions, *filter(None, [self.share])], 0, end, sheet.width)
        return Drawing([*parts, *matrix, *samples, *lines], sheet.width, end)

    def _estimates(self, plot: Frame, ordered: Sequence[Specification]) -> list[str]:
        """Two paths for all intervals and one for all estimates, since there may be thousands."""
        parts = []
        for excluding, class_ in ((False, "gw-spec gw-spec-null"), (True, "gw-spec")):
            chosen = [(n, s) for n, s in enumerate(ordered) if s.excludes(self.effect.null) is excluding]
            lines = (
                f"M{svg.number(plot.x.at(n))} {svg.number(plot.y.at(s.low))}V{svg.number(plot.y.at(s.high))}"
                for n, s in chosen
                if s.low is not None and s.high is not None
            )
            parts.append(svg.path("".join(lines), class_))
        half = min(3.0, max(0.5, 0.4 * (plot.x.at(1) - plot.x.at(0))))
        dashes = (
            f"M{svg.number(plot.x.at(n) - half)} {svg.number(plot.y.at(s.estimate))}h{svg.number(2 * half)}"
            for n, s in enumerate(ordered)
        )
        parts.append(svg.path("".join(dashes), "gw-spec-estimate"))
        mains = ((plot.x.at(n), plot.y.at(s.estimate)) for n, s in enumerate(ordered) if s.main)
        return [*parts, *(little_diamond(x, y, "gw-mark") for x, y in mains)]

    def _choices(
        self, plot: Frame, ordered: Sequence[Specification], y: float, sheet: Sheet
    ) -> tuple[list[str], float]:
        """For each choice a row of strokes under the specifications that made it."""
        parts: list[str] = []
        for number, dimension in enumerate(self.dimensions):
            y += LEADING + 4
            parts.append(svg.text(0, y - 3, dimension, "gw-tick gw-head"))
            for choice in dict.fromkeys(s.choices[number] for s in self.specifications):
                lines = wrap(choice, (sheet.width if sheet.narrow else plot.box.left - 20) - 10, SMALL)
                for words in lines:
                    parts.append(svg.text(10, y + 12, words, "gw-tick"))
                    y += LEADING
                middle = y + 6 if sheet.narrow else y - LEADING / 2
                y += LEADING - 2 if sheet.narrow else 0
                made = (n for n, s in enumerate(ordered) if s.choices[number] == choice)
                strokes = (f"M{svg.number(plot.x.at(n))} {svg.number(middle - 5)}v10" for n in made)
                parts += [
                    svg.line(plot.box.left, middle, plot.box.right, middle, "gw-grid"),
                    svg.path("".join(strokes), "gw-spec"),
                ]
        return parts, y + 4
