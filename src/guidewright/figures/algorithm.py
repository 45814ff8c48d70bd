"""A pathway as a diagram: boxes from top to bottom, a line for every way on, with its condition.

On a narrow page the boxes stand in one column and name the numbers of the steps that follow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar, Literal

from guidewright.figures import svg
from guidewright.figures.figure import Drawing, Figure, Sheet
from guidewright.figures.layers import Layers, Passing, Place, layers
from guidewright.figures.lettering import LEADING, SMALL, wrap
from guidewright.figures.table import Table

_LINE = 15.0
_PAD = 9.0
_GAP = 14.0
_LANE = 14.0
_TRACK = 9.0
_WIDEST = 300.0
_ARROW = 4.0


@dataclass(frozen=True)
class Way:
    """Where a step leads, and under which condition."""

    to: str
    when: str = ""


@dataclass(frozen=True)
class Box:
    """One step. ``number`` is that of the list beside the diagram, ``more`` what stands below its words."""

    id: str
    number: str
    kind: Literal["start", "question", "action", "end"]
    words: str
    more: str = ""
    ways: Sequence[Way] = ()


@dataclass(frozen=True)
class _Put:
    """A box with its place and its lines of text."""

    box: Box
    x: float
    y: float
    width: float
    height: float
    lines: Sequence[str]
    more: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Algorithm(Figure):
    """The diagram of a pathway; its first box is the start."""

    kind: ClassVar[str] = "algorithm"
    boxes: Sequence[Box]
    step_title: str
    text_title: str
    next_title: str
    leads_back: str
    """Words beside a way that leads back up, with ``{number}``."""

    @property
    def table(self) -> Table:
        """Every step with what follows it."""
        numbers = {box.id: box.number for box in self.boxes}
        rows = tuple(
            (box.number, box.words, "; ".join(f"{way.when} → {numbers[way.to]}".strip() for way in box.ways) or "–")
            for box in self.boxes
        )
        return Table((self.step_title, self.text_title, self.next_title), rows)

    def _has_data(self) -> bool:
        return bool(self.boxes)

    def _drawing(self, sheet: Sheet) -> Drawing:
        return self._column(sheet) if sheet.narrow else self._rows(sheet)

    # --- one column ------------------------------------------------------------------------------------------------

    def _column(self, sheet: Sheet) -> Drawing:
        numbers = {box.id: box.number for box in self.boxes}
        drawn: list[str] = []
        y = 2.0
        for box in self.boxes:
            ways = [f"{way.when} → {numbers[way.to]}".strip() for way in box.ways]
            put = _put(box, 2, y, sheet.width - 4)
            lines = [line for way in ways for line in wrap(way, sheet.width - 4 - 2 * _PAD, SMALL)]
            whole = _Put(box, put.x, y, put.width, put.height + _LINE * len(lines), put.lines, put.more)
            drawn += _drawn(whole)
            drawn += [
                svg.text(put.x + _PAD, y + put.height + _LINE * n + 3, line, "gw-label") for n, line in enumerate(lines)
            ]
            y += whole.height + _GAP
        return Drawing(drawn, sheet.width, y)

    # --- rows ------------------------------------------------------------------------------------------------------

    def _rows(self, sheet: Sheet) -> Drawing:
        boxes = {box.id: box for box in self.boxes}
        laid = layers(list(boxes), [(box.id, way.to) for box in self.boxes for way in box.ways])
        conditions = {(box.id, way.to): way.when for box in self.boxes for way in box.ways}
        put, across = self._places(sheet, laid, boxes)
        exits, entries = _ends(laid, put, across)
        drawn: list[str] = []
        for number, row in enumerate(laid.rows[:-1]):
            drawn += _between(laid, number, row, put, across, exits, entries, conditions)
        for place, (top, bottom) in _passing(laid, put):
            drawn.append(svg.polyline([(across[place], top), (across[place], bottom)], "gw-way"))
        for one in put.values():
            drawn += _drawn(one)
        for start, end in laid.back:
            one = put[start]
            words = f"{conditions[start, end]} {self.leads_back.format(number=boxes[end].number)}".strip()
            drawn.append(svg.text(one.x + _PAD, one.y + one.height - 7, f"↑ {words}", "gw-label"))
        bottom = max(one.y + one.height for one in put.values())
        return Drawing(drawn, sheet.width, bottom + 4)

    def _places(self, sheet: Sheet, laid: Layers, boxes: dict[str, Box]) -> tuple[dict[str, _Put], dict[Place, float]]:
        """Where every box stands, and the middle of every box and passing line."""
        put: dict[str, _Put] = {}
        across: dict[Place, float] = {}
        conditions = {(box.id, way.to): way.when for box in self.boxes for way in box.ways}
        y = 2.0
        for row in laid.rows:
            lanes = sum(isinstance(place, Passing) for place in row)
            free = sheet.width - 4 - lanes * _LANE - _GAP * (len(row) - 1)
            # a box with many ways on is wider, since their conditions stand below it
            shares = {place: max(1.0, len(boxes[place].ways) / 2) for place in row if isinstance(place, str)}
            unit = min(_WIDEST, free / sum(shares.values()))
            used = unit * sum(shares.values()) + lanes * _LANE + _GAP * (len(row) - 1)
            spare = (sheet.width - used) / 2
            x, high = max(2.0, spare), 0.0
            for place in row:
                if isinstance(place, Passing):
                    across[place] = x + _LANE / 2
                    x += _LANE + _GAP
                    continue
                again = len([1 for start, _end in laid.back if start == place])
                width = unit * shares[place]
                one = _put(boxes[place], x, y, width)
                one = _Put(one.box, x, y, width, one.height + _LINE * again, one.lines, one.more)
                put[place], across[place] = one, x + width / 2
                high, x = max(high, one.height), x + width + _GAP
            tracks = sum(1 for places in laid.lines.values() for one in places[:-1] if one in row)
            deepest = max(
                (len(_condition(conditions, put, laid, pair)) for pair in laid.lines if pair[0] in row), default=0
            )
            y += high + 20 + SMALL * 1.25 * deepest + _TRACK * tracks
        return put, across


def _condition(
    conditions: dict[tuple[str, str], str], put: dict[str, _Put], laid: Layers, pair: tuple[str, str]
) -> list[str]:
    """The condition of a way in lines that fit beside its line."""
    ways = len([1 for start, _end in laid.lines if start == pair[0]])
    room = put[pair[0]].width / max(ways, 2) - 12
    return wrap(conditions[pair], room, SMALL) if conditions[pair] else []


def _put(box: Box, x: float, y: float, width: float) -> _Put:
    room = width - 2 * _PAD
    lines = wrap(f"{box.number}  {box.words}", room)
    more = wrap(box.more, room, SMALL) if box.more else []
    height = _PAD * 2 + LEADING * len(lines) + _LINE * len(more)
    return _Put(box, x, y, width, height, lines, more)


def _drawn(one: _Put) -> list[str]:
    """The box: a question has cut corners, start and end a second line inside, an action is plain."""
    x, y, right, bottom = one.x, one.y, one.x + one.width, one.y + one.height
    if one.box.kind == "question":
        cut = 9.0
        corners = [(x + cut, y), (right - cut, y), (right, y + cut), (right, bottom - cut)]
        corners += [(right - cut, bottom), (x + cut, bottom), (x, bottom - cut), (x, y + cut)]
        shape = [svg.polygon(corners, "gw-box gw-box-question")]
    else:
        shape = [svg.rectangle(x, y, one.width, one.height, "gw-box")]
        if one.box.kind != "action":
            shape.append(svg.rectangle(x + 3, y + 3, one.width - 6, one.height - 6, "gw-box-inner"))
    words = [
        svg.text(x + _PAD, y + _PAD + 11 + LEADING * n, line, "gw-strong" if one.box.kind == "question" else "")
        for n, line in enumerate(one.lines)
    ]
    below = y + _PAD + LEADING * len(one.lines) + 11
    return [
        *shape,
        *words,
        *(svg.text(x + _PAD, below + _LINE * n, line, "gw-tick") for n, line in enumerate(one.more)),
    ]


def _ends(
    laid: Layers, put: dict[str, _Put], across: dict[Place, float]
) -> tuple[dict[tuple[Place, Place], float], dict[tuple[Place, Place], float]]:
    """Where each part of a line leaves what is above it and reaches what is below, spread along the edge of a box."""
    parts = list(dict.fromkeys(pair for places in laid.lines.values() for pair in pairwise(places)))
    exits: dict[tuple[Place, Place], float] = {}
    entries: dict[tuple[Place, Place], float] = {}
    for place, middle in across.items():
        for found, mine, other in ((exits, 0, 1), (entries, 1, 0)):
            here = sorted((pair for pair in parts if pair[mine] == place), key=lambda pair: across[pair[other]])
            for n, pair in enumerate(here):
                one = put.get(place) if isinstance(place, str) else None
                if one is None:
                    found[pair] = middle
                elif found is entries:
                    found[pair] = middle + 16.0 * ((n + 0.5) - len(here) / 2)
                else:  # at the left of its share of the edge, the condition beside it
                    found[pair] = one.x + one.width * n / len(here) + 8 if len(here) > 1 else middle
    return exits, entries


def _between(
    laid: Layers,
    number: int,
    row: tuple[Place, ...],
    put: dict[str, _Put],
    across: dict[Place, float],
    exits: dict[tuple[Place, Place], float],
    entries: dict[tuple[Place, Place], float],
    conditions: dict[tuple[str, str], str],
) -> list[str]:
    """The lines from one row to the next. Each has a track of its own, so that no two lie upon one another."""
    pairs = [pair for pair in exits if pair[0] in row]
    low = min(put[place].y for place in laid.rows[number + 1] if isinstance(place, str))
    # ways to the right turn later the further left they start, ways to the left the other way round
    pairs.sort(key=lambda pair: exits[pair] if exits[pair] > entries[pair] else -exits[pair])
    drawn: list[str] = []
    straight = [pair for pair in pairs if abs(exits[pair] - entries[pair]) < 1]
    turning = [pair for pair in pairs if pair not in straight]
    floor = max(put[place].y + put[place].height for place in row if isinstance(place, str))
    for n, pair in enumerate([*turning, *straight]):
        start, end = pair
        top = put[start].y + put[start].height if isinstance(start, str) else floor
        reach = put[end].y if isinstance(end, str) else low
        turn = low - 10 - _TRACK * (n + 0.5)
        points = [(exits[pair], top), (exits[pair], turn), (entries[pair], turn), (entries[pair], reach)]
        drawn.append(svg.polyline(points if pair in turning else [points[0], points[-1]], "gw-way"))
        if isinstance(end, str):
            x, y = entries[pair], put[end].y
            drawn.append(svg.polygon([(x - _ARROW, y - 2 * _ARROW), (x + _ARROW, y - 2 * _ARROW), (x, y)], "gw-arrow"))
        whole = next((line for line, places in laid.lines.items() if places[0] == start and places[1] == end), None)
        if isinstance(start, str) and whole is not None and conditions[whole]:
            drawn += [
                svg.text(exits[pair] + 5, top + 14 + SMALL * 1.25 * k, words, "gw-label")
                for k, words in enumerate(_condition(conditions, put, laid, whole))
            ]
    return drawn


def _passing(laid: Layers, put: dict[str, _Put]) -> list[tuple[Place, tuple[float, float]]]:
    """Lines that go past a row: from its top to its lowest box."""
    found: list[tuple[Place, tuple[float, float]]] = []
    for row in laid.rows:
        boxes = [put[place] for place in row if isinstance(place, str)]
        top, bottom = min(one.y for one in boxes), max(one.y + one.height for one in boxes)
        found += [(place, (top, bottom)) for place in row if isinstance(place, Passing)]
    return found
