"""Where the boxes of a flow stand and how the arrows between them run; what is written in them is not known here.

On a wide page boxes stand in rows and columns: a row is as high as its highest box, and arrows run straight, sideways,
or through the gap above the row they lead to. On a narrow page all stand below one another in reading order, with what
leaves the main line set in; arrows that pass by other boxes run in lanes at the left.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from guidewright.figures.clipping import Box as Frame
from guidewright.figures.svg import Point

#: Room between columns, between rows, and at the left of what is set in on a narrow page.
ACROSS, DOWN, SET_IN = 26.0, 30.0, 30.0
#: On a narrow page: distance of two lanes, and where the main line leaves a box.
LANE, TRUNK = 7.0, 14.0


@dataclass(frozen=True)
class Cell:
    """A box to be placed: its cell, and its height for a given width."""

    id: str
    column: int
    row: int
    height: float
    side: bool = False
    """Whether it leaves the main line: on a narrow page it is set in below the box it leaves."""


@dataclass(frozen=True)
class Route:
    """An arrow: the corners of its line, and where words beside it begin."""

    corners: tuple[Point, ...]
    words_at: Point


@dataclass(frozen=True)
class Placed:
    """Every box with its frame, every arrow with its route, and where all of it ends."""

    frames: Mapping[str, Frame]
    routes: Mapping[tuple[str, str], Route]
    bottom: float


def column_width(columns: int, room: float) -> float:
    """Width of a box on a wide page."""
    return (room - ACROSS * (columns - 1)) / columns


def in_rows(
    cells: Sequence[Cell], arrows: Sequence[tuple[str, str]], room: float, top: float, above: Mapping[int, float]
) -> Placed:
    """The layout of a wide page. ``above`` gives extra room over a row, for a heading."""
    columns = 1 + max(cell.column for cell in cells)
    wide = column_width(columns, room)
    rows = sorted({cell.row for cell in cells})
    y, tops, frames = top, {}, {}
    for row in rows:
        y += above.get(row, 0.0)
        here = [cell for cell in cells if cell.row == row]
        high = max(cell.height for cell in here)
        tops[row] = y
        for cell in here:
            left = cell.column * (wide + ACROSS)
            # what stands beside the main line is level with it; the main line itself begins at the top of the row
            frames[cell.id] = Frame(left, y, left + wide, y + (high if not cell.side else cell.height))
        y += high + DOWN
    places = {cell.id: cell for cell in cells}
    routes = {}
    for start, end in arrows:
        gap = tops[places[end].row] - DOWN / 2
        routes[start, end] = _wide_route(frames[start], frames[end], places[start], places[end], gap)
    return Placed(frames, routes, y - DOWN)


def _wide_route(here: Frame, there: Frame, start: Cell, end: Cell, gap: float) -> Route:
    out, into = (here.left + here.right) / 2, (there.left + there.right) / 2
    if start.row == end.row:
        y = (max(here.top, there.top) + min(here.bottom, there.bottom)) / 2
        forward = end.column > start.column
        corners: tuple[Point, ...] = (
            (here.right if forward else here.left, y),
            (there.left if forward else there.right, y),
        )
        return Route(corners, (min(corners[0][0], corners[1][0]) + 2, y - 4))
    if start.column == end.column:
        return Route(((out, here.bottom), (out, there.top)), (out + 6, here.bottom + 14))
    corners = ((out, here.bottom), (out, gap), (into, gap), (into, there.top))
    return Route(corners, (out + 6, here.bottom + 12))


def in_one_column(
    cells: Sequence[Cell],
    arrows: Sequence[tuple[str, str]],
    room: float,
    top: float,
    above: Mapping[str, float],
    lanes: int,
) -> Placed:
    """The layout of a narrow page, in the order of the cells. ``above`` gives extra room over a box, by its name.

    Heights must be those for the widths that :func:`narrow_width` gives.
    """
    left = LANE * lanes
    frames: dict[str, Frame] = {}
    y = top
    for cell in cells:
        y += above.get(cell.id, 0.0)
        indent = left + (SET_IN if cell.side else 0.0)
        frames[cell.id] = Frame(indent, y, room, y + cell.height)
        y += cell.height + (DOWN * 0.6)
    side = {cell.id for cell in cells if cell.side}
    passing = [pair for pair in arrows if pair[1] not in side and _passes(pair, cells)]
    routes: dict[tuple[str, str], Route] = {}
    for start, end in arrows:
        here, there = frames[start], frames[end]
        if end in side:
            y_mid = (there.top + there.bottom) / 2
            corners: tuple[Point, ...] = ((left + TRUNK, here.bottom), (left + TRUNK, y_mid), (there.left, y_mid))
        elif (start, end) in passing:
            x = LANE * passing.index((start, end)) + 2
            y_out, y_in = (here.top + here.bottom) / 2, (there.top + there.bottom) / 2 + 4 * passing.index((start, end))
            corners = ((here.left, y_out), (x, y_out), (x, y_in), (there.left, y_in))
        else:
            corners = ((left + TRUNK, here.bottom), (left + TRUNK, there.top))
        routes[start, end] = Route(corners, (left + TRUNK + 6, here.bottom + 12))
    return Placed(frames, routes, y - DOWN * 0.6)


def narrow_width(side: bool, room: float, lanes: int) -> float:
    """Width of a box on a narrow page."""
    return room - LANE * lanes - (SET_IN if side else 0.0)


def lanes_for(cells: Sequence[Cell], arrows: Sequence[tuple[str, str]]) -> int:
    """How many arrows pass by other boxes on a narrow page."""
    side = {cell.id for cell in cells if cell.side}
    return sum(pair[1] not in side and _passes(pair, cells) for pair in arrows)


def _passes(pair: tuple[str, str], cells: Sequence[Cell]) -> bool:
    """Whether a box of the main line stands between the two."""
    order = [cell.id for cell in cells if not cell.side]
    return abs(order.index(pair[1]) - order.index(pair[0])) != 1
