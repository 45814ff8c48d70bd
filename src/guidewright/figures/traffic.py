"""Traffic-light plots: studies by domains of an appraisal, a sign in a circle for each judgement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from guidewright.figures import svg
from guidewright.figures.figure import Drawing, Figure, Sheet
from guidewright.figures.forest_risk import key, signs
from guidewright.figures.legend import notes
from guidewright.figures.lettering import LEADING, widest, wrap
from guidewright.figures.rows import Domain, Judgement
from guidewright.figures.table import Table

#: The widest that columns stand apart, and the least: a circle and a little room.
WIDEST, LEAST = 48.0, 19.0
#: Labels take no more of a wide sheet than this; longer ones are broken.
LABEL = 260.0


@dataclass(frozen=True)
class Light:
    """A study with the sign of its judgement in each domain; an empty text where there is none."""

    label: str
    signs: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class TrafficLight(Figure):
    """Judgements of studies by domain; the caller orders both."""

    kind: ClassVar[str] = "traffic"
    rows: Sequence[Light]
    domains: Sequence[Domain]
    judgements: Sequence[Judgement]
    label_heading: str
    whole: int = 0
    """How many of the last domains are judgements as a whole: they stand apart."""
    notes: Sequence[str] = ()
    """Lines below the plot."""

    def __post_init__(self) -> None:
        known = {judgement.sign for judgement in self.judgements} | {""}
        for row in self.rows:
            if len(row.signs) != len(self.domains):
                raise ValueError(f"{row.label} has {len(row.signs)} signs, the plot has {len(self.domains)} domains")
            for sign in row.signs:
                if sign not in known:
                    raise ValueError(f"no judgement has the sign {sign!r}")

    @property
    def table(self) -> Table:
        """Study, and its judgement in each domain in words."""
        meaning = {judgement.sign: judgement.meaning for judgement in self.judgements}
        header = (self.label_heading, *(domain.name for domain in self.domains))
        return Table(header, tuple((row.label, *(meaning.get(s, "") for s in row.signs)) for row in self.rows))

    def _has_data(self) -> bool:
        return bool(self.rows)

    def _drawing(self, sheet: Sheet) -> Drawing:
        narrow = sheet.narrow
        label = 0.0 if narrow else min(widest(row.label for row in self.rows), LABEL) + 24
        places, step = self._places(label, sheet.width - label)
        parts = [svg.text(0, 14, self.label_heading, "gw-head")]
        top = 14.0 + (LEADING + 4 if narrow else 0.0)
        parts += [svg.text(x, top, d.letter, "gw-head", "middle") for x, d in zip(places, self.domains, strict=True)]
        y = top + 8
        parts.append(svg.line(0, y, sheet.width, y, "gw-rule"))
        y += 4
        known = {judgement.sign: judgement for judgement in self.judgements}
        for row in self.rows:
            lines = wrap(row.label, sheet.width if narrow else label - 12)
            parts += [svg.text(0, y + 15 + LEADING * n, words) for n, words in enumerate(lines)]
            above = LEADING * len(lines) + 2 if narrow else 0.0
            height = max(24.0, above + 24 if narrow else 8 + LEADING * len(lines))
            middle = y + above + (12 if narrow else height / 2)
            for x, sign in zip(places, row.signs, strict=True):
                parts += signs([sign], known, x, middle, step)
            y += height
            parts.append(svg.line(0, y, sheet.width, y, "gw-grid"))
        samples, end = key(self.domains, self.judgements, y + 8, sheet.width)
        lines_below, end = notes(self.notes, 0, end, sheet.width)
        return Drawing([*parts, *samples, *lines_below], sheet.width, end + 4)

    def _places(self, left: float, room: float) -> tuple[list[float], float]:
        """Where the columns stand; those as a whole after a gap."""
        gap = 12.0 if self.whole else 0.0
        step = max(min((room - gap) / max(len(self.domains), 1), WIDEST), LEAST)
        first = len(self.domains) - self.whole
        return [left + step / 2 + step * n + (gap if n >= first else 0.0) for n in range(len(self.domains))], step


@dataclass(frozen=True)
class Share:
    """A domain with the share of each judgement, from 0 to 1, in the order of the judgements."""

    label: str
    shares: tuple[float, ...]
    words: tuple[str, ...]
    """What the table says of each, such as ``3 (60%)``."""


@dataclass(frozen=True, kw_only=True)
class RiskBars(Figure):
    """Summary of an appraisal: a stacked bar for each domain."""

    kind: ClassVar[str] = "risk-bars"
    rows: Sequence[Share]
    judgements: Sequence[Judgement]
    label_heading: str
    notes: Sequence[str] = ()
    """Lines below the plot, such as by what the studies are weighted."""

    @property
    def table(self) -> Table:
        """Domain, and how many studies have each judgement."""
        header = (self.label_heading, *(judgement.meaning for judgement in self.judgements))
        return Table(header, tuple((row.label, *row.words) for row in self.rows))

    def _has_data(self) -> bool:
        return any(sum(row.shares) > 0 for row in self.rows)

    def _drawing(self, sheet: Sheet) -> Drawing:
        left = 0.0 if sheet.narrow else min(widest(row.label for row in self.rows), LABEL) + 16
        parts = [svg.text(0, 14, self.label_heading, "gw-head"), svg.line(0, 22, sheet.width, 22, "gw-rule")]
        y = 28.0
        for row in self.rows:
            lines = wrap(row.label, sheet.width if sheet.narrow else left - 12)
            parts += [svg.text(0, y + 15 + LEADING * n, words) for n, words in enumerate(lines)]
            top = y + (LEADING * len(lines) + 6 if sheet.narrow else 2)
            parts += self._bar(row, left + 1, top, sheet.width - left - 2)
            y = max(top + 26, y + LEADING * len(lines) + 8)
        samples, end = key([Domain("", "")], self.judgements, y + 6, sheet.width)  # the signs only
        below, end = notes(self.notes, 0, end, sheet.width)
        return Drawing([*parts, *samples, *below], sheet.width, end + 4)

    def _bar(self, row: Share, left: float, top: float, room: float) -> Iterator[str]:
        x = left
        for judgement, share, words in zip(self.judgements, row.shares, row.words, strict=True):
            wide = room * share
            if wide <= 0:
                continue
            tip = f"{judgement.meaning}: {words}"
            yield svg.rectangle(x + 0.5, top, max(wide - 1, 1.0), 20, f"gw-risk gw-risk-{judgement.tone}", tip)
            if wide > 14:
                said = judgement.sign
                yield svg.text(x + wide / 2, top + 14, said, f"gw-sign gw-sign-{judgement.tone}", "middle")
            x += wide
