"""Cut lines and areas at the edges of a plot, so that nothing is drawn outside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from guidewright.figures.svg import Point


@dataclass(frozen=True)
class Box:
    """A rectangle in the drawing; ``top`` is the smaller y."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Whether two rectangles share more than an edge."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )

    def contains(self, other: Box) -> bool:
        """Whether the other rectangle lies within this one."""
        return (
            self.left <= other.left
            and other.right <= self.right
            and self.top <= other.top
            and other.bottom <= self.bottom
        )


def area(corners: Sequence[Point], box: Box) -> list[Point]:
    """The part of a closed shape within a box (Sutherland & Hodgman 1974); empty if there is none."""
    shape = list(corners)
    for axis, limit, sign in ((0, box.left, 1), (0, box.right, -1), (1, box.top, 1), (1, box.bottom, -1)):
        before, shape = shape, []
        for start, end in zip([before[-1], *before[:-1]] if before else [], before, strict=True):
            inside, came = ((p[axis] - limit) * sign >= 0 for p in (end, start))
            if inside != came:
                shape.append(_crossing(start, end, axis, limit))
            if inside:
                shape.append(end)
    return shape


def line(points: Sequence[Point], box: Box) -> list[list[Point]]:
    """The pieces of a line within a box."""
    pieces = [list(points)]
    for axis, limit, sign in ((0, box.left, 1), (0, box.right, -1), (1, box.top, 1), (1, box.bottom, -1)):
        pieces = [kept for piece in pieces for kept in _half(piece, axis, limit, _side(axis, limit, sign))]
    return [piece for piece in pieces if len(piece) > 1]


def _side(axis: int, limit: float, sign: int) -> Callable[[Point], bool]:
    return lambda point: (point[axis] - limit) * sign >= 0


def _half(points: Sequence[Point], axis: int, limit: float, inside: Callable[[Point], bool]) -> list[list[Point]]:
    pieces: list[list[Point]] = []
    previous: Point | None = None
    for point in points:
        if previous is not None and inside(previous) != inside(point):
            crossing = _crossing(previous, point, axis, limit)
            if inside(point):
                pieces.append([crossing])
            else:
                pieces[-1].append(crossing)
        elif inside(point) and not (previous is not None and inside(previous)):
            pieces.append([])
        if inside(point):
            pieces[-1].append(point)
        previous = point
    return pieces


def _crossing(a: Point, b: Point, axis: int, limit: float) -> Point:
    share = (limit - a[axis]) / (b[axis] - a[axis])
    other = a[1 - axis] + share * (b[1 - axis] - a[1 - axis])
    return (limit, other) if axis == 0 else (other, limit)
