"""The narrow layout of a forest plot: the words of a row above its mark, which spans the whole width."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from guidewright.figures import forest_marks, svg
from guidewright.figures.figure import Drawing, Sheet
from guidewright.figures.forest_risk import signs
from guidewright.figures.lettering import LEADING, SIZE, SMALL, width, wrap
from guidewright.figures.rows import Column, Kind, Row
from guidewright.figures.scales import OVERHANG

if TYPE_CHECKING:
    from guidewright.figures.forest import Forest

INDENT = 8.0
#: Distance of two judgements, each with its letter.
RISK = 34.0


def draw(forest: Forest, sheet: Sheet) -> Drawing:
    """Draw all rows."""
    scale = forest_marks.axis(forest, OVERHANG, sheet.width - OVERHANG)
    largest = forest_marks.heaviest(forest.rows)
    parts: list[str] = []
    blocks: list[tuple[float, float]] = []
    y = 2.0
    for row in forest.rows:
        words, y = _words(forest, row, y, sheet.width)
        parts += words
        if row.kind in {Kind.HEADING, Kind.NOTE}:
            y += 4
            continue
        blocks.append((y + 1, y + 19))
        parts += forest_marks.mark(scale, row, y + 10, largest)
        y += 22
        if any(row.risks):
            parts += _risks(forest, row, y + 8)
            y += 20
        y += 5
    foot, end = forest_marks.foot(forest, scale, y, sheet.width)
    return Drawing([*forest_marks.behind(forest, scale, blocks), *parts, *foot], sheet.width, end)


def _words(forest: Forest, row: Row, y: float, room: float) -> tuple[list[str], float]:
    """Label and estimate, on one line where they fit; below them the other columns, each with its name."""
    bold = row.kind in {Kind.HEADING, Kind.SUMMARY}
    class_ = {Kind.HEADING: "gw-head", Kind.SUMMARY: "gw-strong", Kind.NOTE: "gw-tick"}.get(row.kind, "")
    size = SMALL if row.kind is Kind.NOTE else SIZE
    left = INDENT * row.indent
    lines = [(words, class_, size, bold) for words in wrap(row.label, room - left, size, bold=bold)]
    named = list(zip(forest.columns, row.cells, strict=False))
    items = [f"{_name(forest, column)} {cell}" for column, cell in named if cell and not column.main]
    details = " · ".join(_unbroken(item, room - left) for item in items)
    beside = len(lines) - 1
    lines += [(words, "gw-tick", SMALL, False) for words in wrap(details, room - left, SMALL)] if details else []
    main = next((cell for column, cell in named if column.main), "")
    if main:
        needed = left + 12 + width(main, bold=bold)
        free = [n for n in (beside, beside + 1) if n < len(lines) and _width(lines[n]) + needed <= room]
        at = free[0] if free else beside + 1
        if not free:
            lines.insert(at, ("", class_, SIZE, bold))
    parts = [svg.text(left, y - 2 + LEADING * n, line[0], line[1]) for n, line in enumerate(lines, 1)]
    if main:
        parts.append(svg.text(room, y - 2 + LEADING * (at + 1), main, class_, "end"))
    return parts, y + LEADING * len(lines)


def _width(line: tuple[str, str, float, bool]) -> float:
    words, _, size, bold = line
    return width(words, size, bold=bold)


def _unbroken(item: str, room: float) -> str:
    """A name with its number on one line, where that is possible at all."""
    return item.replace(" ", "\u00a0") if width(item, SMALL) + 10 < room else item


def _name(forest: Forest, column: Column) -> str:
    """The group of a column says enough where it has only this one."""
    alone = column.group and sum(other.group == column.group for other in forest.columns) == 1
    return column.group if alone else column.name


def _risks(forest: Forest, row: Row, y: float) -> Iterator[str]:
    known = {judgement.sign: judgement for judgement in forest.judgements}
    step = min(RISK, 350.0 / max(len(forest.domains), 1))
    for number, (domain, risk) in enumerate(zip(forest.domains, row.risks, strict=True)):
        if risk:
            yield svg.text(4 + step * number, y + 4, domain.letter, "gw-tick", "middle")
    yield from signs(row.risks, known, 18.0, y, step)
