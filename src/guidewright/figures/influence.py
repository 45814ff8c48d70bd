"""Influence of single studies: a small panel for each statistic, the same rows in all (Viechtbauer & Cheung 2010)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from guidewright.figures import svg
from guidewright.figures.effect import rule
from guidewright.figures.figure import Drawing, Figure, Sheet
from guidewright.figures.legend import circle_entry, legend, line_entry
from guidewright.figures.lettering import LEADING, SMALL, widest, wrap
from guidewright.figures.numerals import said
from guidewright.figures.scales import Scale, span
from guidewright.figures.table import Table

_STEP = 19.0


@dataclass(frozen=True)
class Panel:
    """A statistic: one value for each study (none where it is not defined)."""

    title: str
    values: Sequence[float | None]
    flagged: Sequence[bool] = ()
    """Which values are beyond their limit."""
    cuts: Sequence[float] = ()
    """The limits."""
    centre: float | None = None
    """The value with all studies, or the expected one."""
    log: bool = False


@dataclass(frozen=True, kw_only=True)
class Influence(Figure):
    """Panels side by side; on narrow pages at most three in a row."""

    kind: ClassVar[str] = "influence"
    studies: Sequence[str]
    panels: Sequence[Panel]
    label_heading: str
    flagged_words: str
    plain_words: str
    cut_words: str
    centre_words: str

    def __post_init__(self) -> None:
        for panel in self.panels:
            if len(panel.values) != len(self.studies):
                raise ValueError(f"{panel.title}: {len(panel.values)} values for {len(self.studies)} studies")

    @property
    def table(self) -> Table:
        """Study and all statistics; a flagged value has an asterisk."""
        rows = [
            (name, *(said(p.values[n]) + (" *" if p.flagged and p.flagged[n] else "") for p in self.panels))
            for n, name in enumerate(self.studies)
        ]
        return Table((self.label_heading, *(panel.title for panel in self.panels)), tuple(rows))

    def _has_data(self) -> bool:
        return bool(self.studies) and bool(self.panels)

    def _drawing(self, sheet: Sheet) -> Drawing:
        label = min(widest(self.studies) + 12, 108.0 if sheet.narrow else 190.0)
        names = [wrap(name, label - 10, SMALL) for name in self.studies]
        word = widest((part for panel in self.panels for part in panel.title.split()), SMALL, bold=True)
        most = max(1, min(3 if sheet.narrow else 6, int((sheet.width - label) / (word + 14))))
        count = math.ceil(len(self.panels) / math.ceil(len(self.panels) / most))
        parts: list[str] = []
        y = 0.0
        for first in range(0, len(self.panels), count):
            more, y = self._strip(self.panels[first : first + count], names, label, y, sheet.width, count)
            parts += more
        flagged = any(any(panel.flagged) for panel in self.panels)
        entries = [
            circle_entry("gw-point", self.flagged_words if flagged else ""),
            circle_entry("gw-hollow", self.plain_words),
            line_entry("gw-reference", self.cut_words if any(panel.cuts for panel in self.panels) else ""),
            line_entry("gw-null", self.centre_words if any(p.centre is not None for p in self.panels) else ""),
        ]
        samples, y = legend(entries, 0, y + 4, sheet.width)
        return Drawing([*parts, *samples], sheet.width, y)

    def _strip(
        self,
        panels: Sequence[Panel],
        names: Sequence[Sequence[str]],
        label: float,
        top: float,
        total: float,
        count: int,
    ) -> tuple[list[str], float]:
        """The names and some panels beside them."""
        width = (total - label) / count
        titles = [wrap(panel.title, width - 14, SMALL, bold=True) for panel in panels]
        y = top + 6 + LEADING * max(map(len, titles))
        rows = []
        parts: list[str] = []
        start = y
        for lines in names:
            for n, words in enumerate(lines):
                parts.append(svg.text(0, y + 14 + (LEADING - 2) * n, words, "gw-tick"))
            height = _STEP + (LEADING - 2) * (len(lines) - 1)
            rows.append(y + height / 2)
            parts.append(svg.line(label, y + height / 2, total, y + height / 2, "gw-grid"))
            y += height
        for number, (panel, lines) in enumerate(zip(panels, titles, strict=True)):
            left = label + width * number
            scale = Scale(
                *span([*panel.values, *panel.cuts, panel.centre], log=panel.log, pad=0.08),
                left + 13,
                left + width - 13,
                panel.log,
            )
            parts += [
                svg.text(
                    left + width / 2, start - 6 - LEADING * (len(lines) - 1 - n), words, "gw-tick gw-head", "middle"
                )
                for n, words in enumerate(lines)
            ]
            parts += self._panel(panel, scale, rows, start, y)
        return parts, y + 26

    def _panel(self, panel: Panel, scale: Scale, rows: Sequence[float], top: float, bottom: float) -> list[str]:
        parts = [svg.line(scale.at(cut), top, scale.at(cut), bottom, "gw-reference") for cut in panel.cuts]
        if panel.centre is not None:
            parts.append(svg.line(scale.at(panel.centre), top, scale.at(panel.centre), bottom, "gw-null"))
        axis, _ = rule(scale, bottom)
        parts += axis
        for n, (value, y) in enumerate(zip(panel.values, rows, strict=True)):
            if value is None or not math.isfinite(value) or (panel.log and value <= 0):
                continue
            class_ = "gw-point" if panel.flagged and panel.flagged[n] else "gw-hollow"
            parts.append(svg.circle(scale.at(value), y, 4.5, class_, f"{self.studies[n]}: {said(value)}"))
        return parts
