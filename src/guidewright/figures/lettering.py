"""How much room words take, and how to break them into lines.

A drawing cannot ask the browser, so widths are estimated, on the safe side: those of Verdana and DejaVu Sans, the
widest of the fonts that pages are commonly read in. Chinese characters and full-width punctuation are as wide as high.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

#: Sizes of the two kinds of text, in units of the drawing.
SIZE = 13.0
SMALL = 12.0
#: Distance of two lines.
LEADING = 16.0

_BOLD = 1.1
_DEFAULT = 0.64
#: Width of characters as a share of the size of the text.
_WIDTHS = {
    character: share
    for characters, share in (
        ("'Iijl", 0.3),
        (" \u00a0,.:;|/()[]!-·JfrtI²³", 0.41),
        ('?"*_`sczLFTYEP“”–', 0.58),
        ("ABCKRSVXZ", 0.7),
        ("DGHNOQU&", 0.8),
        ("+<=>^~#−±→←≥≤×∞w", 0.85),
        ("mMW@%—…", 1.0),
    )
    for character in characters
}
#: Never at the end of a line; never at its beginning; signs that keep what they relate on one line.
_OPENING = set("（【《“([")
_CLOSING = set("·，。；：、？！）】》”’%,.;:!?)]")
_RELATIONS = set("=<>")
_GLUED = _CLOSING | _RELATIONS | {" "}


def _share(character: str) -> float:
    if character in _WIDTHS:
        return _WIDTHS[character]
    if unicodedata.combining(character):
        return 0.0
    return 1.0 if unicodedata.east_asian_width(character) in "WF" else _DEFAULT


def width(words: str, size: float = SIZE, *, bold: bool = False) -> float:
    """Estimated width of a line of text."""
    return size * (_BOLD if bold else 1.0) * sum(map(_share, words))


def widest(texts: Iterable[str], size: float = SIZE, *, bold: bool = False) -> float:
    """Estimated width of the longest of several lines; 0 without any."""
    return max((width(words, size, bold=bold) for words in texts), default=0.0)


def wrap(words: str, room: float, size: float = SIZE, *, bold: bool = False) -> list[str]:
    """Break a text into lines that fit: at spaces, between Chinese characters, and within a word only at need."""
    lines, current = [], ""
    for unit in _units(words):
        if width((current + unit).rstrip(), size, bold=bold) <= room:
            current += unit
            continue
        if current.strip():
            lines.append(current.rstrip())
        current = unit.lstrip()
        while len(current) > 1 and width(current.rstrip(), size, bold=bold) > room:
            fitting = next(
                (n for n in range(len(current) - 1, 1, -1) if width(current[:n], size, bold=bold) <= room), 1
            )
            lines.append(current[:fitting])
            current = current[fitting:]
    return [*lines, current.rstrip()] if current.strip() or not lines else lines


def _units(words: str) -> list[str]:
    """Pieces that are not broken: a word with the space after it, or one Chinese character with its punctuation."""
    units: list[str] = []
    for character in words:
        wide = _share(character) == 1.0 and unicodedata.east_asian_width(character) in "WF"
        glued = units and (character in _GLUED or units[-1][-1] in _OPENING or units[-1].rstrip(" ")[-1:] in _RELATIONS)
        if glued or (units and not wide and not units[-1].endswith(" ") and not _is_wide(units[-1])):
            units[-1] += character
        else:
            units.append(character)
    return units


def _is_wide(unit: str) -> bool:
    return unicodedata.east_asian_width(unit[-1]) in "WF"
