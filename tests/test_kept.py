"""Results are kept for the very same values, and only for them."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from guidewright.kept import kept


@dataclass(frozen=True)
class Point:
    x: int


def test_the_same_value_is_worked_through_once_and_an_equal_one_again() -> None:
    calls: list[Point] = []

    @kept(10)
    def double(point: Point, *, times: int = 2) -> int:
        calls.append(point)
        return point.x * times

    one, other = Point(1), Point(1)
    assert [double(one), double(one), double(other), double(one, times=3)] == [2, 2, 2, 3]
    assert [id(point) for point in calls] == [id(one), id(other), id(one)]


def test_only_the_last_results_are_kept_with_their_values() -> None:
    calls: list[int] = []

    @kept(2)
    def read(point: Point) -> int:
        calls.append(point.x)
        return point.x

    for x in range(50):  # a value that is gone gives its place in memory to the next
        assert read(Point(x)) == x
    assert calls == list(range(50))


def test_what_raises_is_tried_again() -> None:
    tries: list[int] = []

    @kept(10)
    def fail(_point: Point) -> None:
        tries.append(1)
        raise ValueError("no")

    point = Point(1)
    for _ in range(2):
        with pytest.raises(ValueError, match="no"):
            fail(point)
    assert len(tries) == 2
