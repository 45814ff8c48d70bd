"""Legends: a sample of each mark with its words, in rows below the plot."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from guidewright.figures import svg
from guidewright.figures.lettering import LEADING, SMALL, widest, wrap

#: Room of a sample, and the distance between two entries.
SAMPLE = 30.0
GAP = 20.0


@dataclass(frozen=True)
class Entry:
    """A mark, drawn around a given point within 26 by 12 units, and what it means."""

    sample: Callable[[float, float], str]
    words: str


def line_entry(class_: str, words: str) -> Entry:
    """An entry for a line."""
    return Entry(lambda x, y: svg.line(x - 12, y, x + 12, y, class_), words)


def box_entry(class_: str, words: str, fill: str = "") -> Entry:
    """An entry for an area."""
    return Entry(lambda x, y: svg.rectangle(x - 12, y - 6, 24, 12, class_, fill=fill), words)


def circle_entry(class_: str, words: str) -> Entry:
    """An entry for a point."""
    return Entry(lambda x, y: svg.circle(x, y, 4.5, class_), words)


def legend(entries: Iterable[Entry], left: float, top: float, room: float) -> tuple[list[str], float]:
    """The entries that have words, and the y where they end."""
    parts: list[str] = []
    x, y = left, top
    for entry in entries:
        if not entry.words:
            continue
        lines = wrap(entry.words, room - SAMPLE, SMALL)
        needed = SAMPLE + widest(lines, SMALL)
        if x > left and x + needed > left + room:
            x, y = left, y + LEADING + 2
        parts.append(entry.sample(x + 13, y + 9))
        parts += [svg.text(x + SAMPLE, y + 13 + LEADING * n, words, "gw-tick") for n, words in enumerate(lines)]
        x += needed + GAP
        if len(lines) > 1:
            x, y = left, y + LEADING * len(lines) + 2
    return parts, y + LEADING + 4 if x > left else y


def notes(texts: Iterable[str], left: float, top: float, room: float) -> tuple[list[str], float]:
    """Lines of small text below a plot, and the y where they end."""
    lines = [line for words in texts for line in wrap(words, room, SMALL)]
    parts = [svg.text(left, top + 13 + LEADING * n, words, "gw-tick") for n, words in enumerate(lines)]
    return parts, top + LEADING * len(lines) + (4 if lines else 0)
