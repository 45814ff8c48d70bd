"""Boxes and arrows: the flow of a review, or any other way from step to step. Layout: ``flow_layout.py``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from guidewright.figures import flow_layout, svg
from guidewright.figures.figure import Drawing, Figure, Sheet
from guidewright.figures.flow_layout import Cell, Placed
from guidewright.figures.legend import notes
from guidewright.figures.lettering import LEADING, SMALL, wrap
from guidewright.figures.table import Table

#: Room between the edge of a box and its words.
PAD = 9.0
#: With this many columns or more the drawing is made wider, so that words are not broken too often.
MANY = 4
WIDEST = 800.0
HEADING = 24.0

Tone = Literal["plain", "stated", "unknown", "open", "end"]


@dataclass(frozen=True)
class Line:
    """A line of a box. ``strong`` for its number, ``small`` for what it is made of."""

    words: str
    style: Literal["text", "strong", "small"] = "text"


@dataclass(frozen=True)
class Node:
    """One box.

    ``tone``: ``stated`` has a double edge, ``unknown`` and ``open`` a broken one, ``end`` a bold one; each tone must be
    said in words as well.
    """

    id: str
    lines: tuple[Line, ...]
    column: int
    row: int
    side: bool = False
    tone: Tone = "plain"
    link: str = ""
    """Address that the box opens; without it the box is no link."""


@dataclass(frozen=True)
class Arrow:
    """From one box to another, with words beside it (yes, no) where they are needed."""

    start: str
    end: str
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class Flow(Figure):
    """Boxes with arrows, given in reading order."""

    kind: ClassVar[str] = "flow"
    boxes: Sequence[Node]
    arrows: Sequence[Arrow]
    columns: Sequence[str] = ()
    """Heading of each column; empty for none. On a narrow page it stands above the first box of its column."""
    rows: Sequence[tuple[int, str]] = ()
    """Headings above rows, at the right end; left out on a narrow page."""
    notes: Sequence[str] = ()
    """Lines below."""
    box_title: str
    content_title: str
    next_title: str

    @property
    def table(self) -> Table:
        """Each box, what it says, and what it leads to."""
        names = {box.id: box.lines[0].words for box in self.boxes}
        rows = []
        for box in self.boxes:
            after = [
                f"{arrow.words}: {names[arrow.end]}" if arrow.words else names[arrow.end]
                for arrow in self.arrows
                if arrow.start == box.id
            ]
            content = "; ".join(line.words for line in box.lines[1:])
            rows.append((names[box.id], content or "–", "; ".join(after) or "–"))
        return Table((self.box_title, self.content_title, self.next_title), tuple(rows))

    def _has_data(self) -> bool:
        return bool(self.boxes)

    def _drawing(self, sheet: Sheet) -> Drawing:
        known = {box.id for box in self.boxes}
        arrows = [arrow for arrow in self.arrows if {arrow.start, arrow.end} <= known]
        pairs = [(arrow.start, arrow.end) for arrow in arrows]
        headings: list[str] = []
        if sheet.narrow:
            room, placed = sheet.width, self._narrow(sheet.width, pairs, headings)
        else:
            many = 1 + max(box.column for box in self.boxes) >= MANY
            room = WIDEST if many else sheet.width
            placed = self._wide(room, pairs, headings)
        parts = list(headings)
        for arrow in arrows:
            route = placed.routes[arrow.start, arrow.end]
            parts += [svg.polyline(route.corners, "gw-flow-line"), _head(route.corners)]
        for arrow in arrows:
            parts.append(svg.text(*placed.routes[arrow.start, arrow.end].words_at, arrow.words, "gw-tick"))
        for box in self.boxes:
            parts.append(_drawn(box, placed, sheet))
        below, end = notes(self.notes, 0, placed.bottom + 10, room)
        return Drawing([part for part in [*parts, *below] if part], room, end + 4)

    def _links(self) -> bool:
        return any(box.link for box in self.boxes)

    def _wide(self, room: float, pairs: Sequence[tuple[str, str]], headings: list[str]) -> Placed:
        columns = 1 + max(box.column for box in self.boxes)
        wide = flow_layout.column_width(columns, room)
        top = 0.0
        for number, words in enumerate(self.columns):
            after = self.columns[number + 1 :]
            spare = next(
                (n for n, one in enumerate(after) if one), len(after)
            )  # columns without a heading of their own
            lines = wrap(words, wide + spare * (wide + flow_layout.ACROSS), bold=True)
            x = number * (wide + flow_layout.ACROSS)
            headings += [svg.text(x, 14 + LEADING * n, one, "gw-head") for n, one in enumerate(lines) if one]
            top = max(top, 8 + LEADING * len(lines)) if words else top
        cells = [Cell(box.id, box.column, box.row, _height(box, wide), box.side) for box in self.boxes]
        first = min(cell.row for cell in cells)
        above = {row: HEADING for row, words in self.rows if words and row != first}
        top += HEADING if any(row == first and words for row, words in self.rows) else 0.0
        placed = flow_layout.in_rows(cells, pairs, room, top, above)
        for row, words in self.rows:
            tops = [placed.frames[box.id].top for box in self.boxes if box.row == row]
            if tops and words:
                y = min(tops) - 7
                headings.append(svg.line(0, y + 3, room, y + 3, "gw-grid"))
                headings.append(svg.text(room, y - 2, words, "gw-tick", "end"))
        return placed

    def _narrow(self, room: float, pairs: Sequence[tuple[str, str]], headings: list[str]) -> Placed:
        rough = [Cell(box.id, box.column, box.row, 0.0, box.side) for box in self.boxes]
        lanes = flow_layout.lanes_for(rough, pairs)
        cells = [
            Cell(box.id, box.column, box.row, _height(box, flow_layout.narrow_width(box.side, room, lanes)), box.side)
            for box in self.boxes
        ]
        above: dict[str, float] = {}
        seen: set[int] = set()
        for box in self.boxes:
            words = self.columns[box.column] if box.column < len(self.columns) else ""
            if words and box.column not in seen:
                above[box.id] = 6 + LEADING * len(wrap(words, room - 40, bold=True))
            seen.add(box.column)
        placed = flow_layout.in_one_column(cells, pairs, room, 0.0, above, lanes)
        for box in self.boxes:
            if box.id in above:
                lines = wrap(self.columns[box.column], room - 40, bold=True)
                frame = placed.frames[box.id]
                y = frame.top - LEADING * len(lines) + 8
                x = frame.left + flow_layout.TRUNK + 12
                headings += [svg.text(x, y + LEADING * n, one, "gw-head") for n, one in enumerate(lines)]
        return placed


def _wrapped(box: Node, room: float) -> list[tuple[str, str]]:
    """The words of a box as they are broken, with their class."""
    found = []
    for line in box.lines:
        class_ = {"text": "", "strong": "gw-strong", "small": "gw-tick"}[line.style]
        indent = 8.0 if line.style == "small" else 0.0
        size = SMALL if line.style == "small" else 13.0
        bold = line.style == "strong"
        found += [(words, class_) for words in wrap(line.words, room - 2 * PAD - indent, size, bold=bold)]
    return found


def _height(box: Node, room: float) -> float:
    return 2 * PAD + LEADING * len(_wrapped(box, room)) - 4


def _drawn(box: Node, placed: Placed, sheet: Sheet) -> str:
    frame = placed.frames[box.id]
    wide, high = frame.right - frame.left, frame.bottom - frame.top
    parts = [svg.rectangle(frame.left + 1, frame.top, wide - 2, high, f"gw-flow-box gw-flow-{box.tone}")]
    if box.tone == "stated":
        parts.append(svg.rectangle(frame.left + 4, frame.top + 3, wide - 8, high - 6, "gw-flow-inner"))
    lines = _wrapped(box, wide)
    y = frame.top + PAD + 10
    for number, (words, class_) in enumerate(lines):
        x = frame.left + PAD + (8.0 if class_ == "gw-tick" else 0.0)
        parts.append(svg.text(x, y + LEADING * number, words, class_))
    return svg.link(box.link, "".join(parts)) if box.link else "".join(parts)


def _head(corners: Sequence[svg.Point]) -> str:
    (x0, y0), (x, y) = corners[-2], corners[-1]
    if abs(x - x0) > abs(y - y0):
        back = x - 7 if x > x0 else x + 7
        return svg.polygon([(x, y), (back, y - 4), (back, y + 4)], "gw-arrow")
    back = y - 7 if y > y0 else y + 7
    return svg.polygon([(x, y), (x - 4, back), (x + 4, back)], "gw-arrow")
