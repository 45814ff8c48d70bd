"""How members voted: one bar for each clause, its parts told apart by hatching and named in the legend."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from guidewright.figures import patterns, svg
from guidewright.figures.figure import Drawing, Figure, Sheet
from guidewright.figures.legend import Entry, legend
from guidewright.figures.lettering import LEADING, SMALL, width, wrap
from guidewright.figures.patterns import Pattern
from guidewright.figures.table import Table

#: What fills the parts of a bar, by kind of vote; the ends of the scale are most unlike.
_FILLS: dict[str, tuple[str, Pattern | None]] = {
    "strong-for": ("gw-vote gw-vote-strong", None),
    "for": ("gw-vote gw-vote-for", None),
    "neutral": ("gw-vote", Pattern.DOTS),
    "against": ("gw-vote", Pattern.LINES),
    "strong-against": ("gw-vote", Pattern.CROSSES),
    "abstain": ("gw-vote", None),
    "recused": ("gw-vote gw-vote-out", None),
}
_BAR = 22.0
_GAP = 14.0


@dataclass(frozen=True)
class Part:
    """One kind of vote: its fill (a key of the fills above) and its words."""

    fill: str
    words: str


@dataclass(frozen=True)
class Bar:
    """One clause with the number of votes of each part, in the order of the parts, and its result in words."""

    label: str
    counts: tuple[int, ...]
    result: str


@dataclass(frozen=True, kw_only=True)
class Votes(Figure):
    """Bars of one round, all to the same scale."""

    kind: ClassVar[str] = "votes"
    parts: Sequence[Part]
    bars: Sequence[Bar]
    clause_title: str
    result_title: str

    @property
    def table(self) -> Table:
        """The same numbers."""
        header = (self.clause_title, *(part.words for part in self.parts), self.result_title)
        return Table(header, tuple((bar.label, *map(str, bar.counts), bar.result) for bar in self.bars))

    def _has_data(self) -> bool:
        return any(sum(bar.counts) for bar in self.bars)

    def _drawing(self, sheet: Sheet) -> Drawing:
        most = max(sum(bar.counts) for bar in self.bars)
        unit = (sheet.width - 2) / most
        used = [part.fill for n, part in enumerate(self.parts) if any(bar.counts[n] for bar in self.bars)]
        hatched = {pattern for fill in used if (pattern := _FILLS[fill][1]) is not None}
        drawn = ["<defs>" + "".join(patterns.definition(sheet.identifier, one) for one in sorted(hatched)) + "</defs>"]
        y = 0.0
        for bar in self.bars:
            lines = wrap(f"{bar.label} · {bar.result}", sheet.width)
            drawn += [svg.text(0, y + 13 + LEADING * n, words) for n, words in enumerate(lines)]
            y += LEADING * len(lines) + 4
            drawn += self._bar(sheet, bar, y, unit)
            y += _BAR + _GAP
        entries = [Entry(_sample(sheet, part.fill), part.words) for part in self.parts if part.fill in used]
        samples, end = legend(entries, 0, y, sheet.width)
        return Drawing([*drawn, *samples], sheet.width, end)

    def _bar(self, sheet: Sheet, bar: Bar, y: float, unit: float) -> list[str]:
        drawn, x = [], 1.0
        for part, count in zip(self.parts, bar.counts, strict=True):
            if count:
                room = unit * count
                drawn.append(_box(sheet, part.fill, x, y, room, _BAR, f"{part.words}: {count}"))
                if room > width(str(count), SMALL) + 6:
                    drawn.append(svg.text(x + room / 2, y + 16, str(count), "gw-strong", "middle"))
                x += room
        return drawn


def _box(sheet: Sheet, fill: str, x: float, y: float, room: float, height: float, tip: str = "") -> str:
    class_, pattern = _FILLS[fill]
    hatching = patterns.fill(sheet.identifier, pattern) if pattern else ""
    return svg.rectangle(x, y, room, height, class_, tip, hatching)


def _sample(sheet: Sheet, fill: str) -> Callable[[float, float], str]:
    return lambda x, y: _box(sheet, fill, x - 12, y - 6, 24, 12)
