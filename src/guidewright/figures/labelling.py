"""Names beside points: each where it covers no mark and no other name, or else not at all (the table has them all)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from guidewright.figures import svg
from guidewright.figures.clipping import Box
from guidewright.figures.lettering import SMALL, width

_HEIGHT = 14.0
#: Tried in this order: close by, then further away with a line that leads to the point.
_SIDES = ((1, 0), (-1, 0), (0, -1), (0, 1), (1, -1), (1, 1), (-1, -1), (-1, 1))
_DISTANCES = (3.0, 16.0, 28.0)


@dataclass(frozen=True)
class Name:
    """A name and the point it belongs to; ``radius`` is that of the point's mark."""

    words: str
    x: float
    y: float
    radius: float

    @property
    def mark(self) -> Box:
        """The room of the mark."""
        return Box(self.x - self.radius, self.y - self.radius, self.x + self.radius, self.y + self.radius)


def place(names: Sequence[Name], within: Box) -> list[str]:
    """The names that find a place; points with an empty name are only avoided."""
    taken = [name.mark for name in names]
    parts: list[str] = []
    for name in names:
        if not name.words:
            continue
        for box, anchor, distance in _places(name):
            if within.contains(box) and not any(box.meets(other) for other in taken):
                taken.append(box)
                parts += _draw(name, box, anchor, distance)
                break
    return parts


def _places(name: Name) -> Iterator[tuple[Box, str, float]]:
    room = width(name.words, SMALL) + 2
    for distance in _DISTANCES:
        reach = name.radius + distance
        for across, down in _SIDES:
            diagonal = 0.75 if across and down else 1.0
            x, y = name.x + across * reach * diagonal, name.y + down * (reach * diagonal + _HEIGHT / 2)
            left = x if across > 0 else x - room if across < 0 else x - room / 2
            anchor = "start" if across > 0 else "end" if across < 0 else "middle"
            yield Box(left, y - _HEIGHT / 2, left + room, y + _HEIGHT / 2), anchor, distance


def _draw(name: Name, box: Box, anchor: str, distance: float) -> Iterator[str]:
    x = {"start": box.left + 1, "end": box.right - 1, "middle": (box.left + box.right) / 2}[anchor]
    y = (box.top + box.bottom) / 2
    if distance > _DISTANCES[0]:
        edge = y if anchor != "middle" else box.bottom if y < name.y else box.top
        yield svg.line(name.x, name.y, x, edge, "gw-leader")
    yield svg.text(x, y + 4.5, name.words, "gw-label", anchor)
