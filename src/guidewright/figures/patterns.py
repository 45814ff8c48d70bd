"""Hatchings, so that areas differ without colour and in greyscale print."""

from __future__ import annotations

from enum import StrEnum
from html import escape


class Pattern(StrEnum):
    """Kinds of hatching, from light to dense."""

    DOTS = "dots"
    LINES = "lines"
    CROSSES = "crosses"


_SHAPES = {
    Pattern.DOTS: '<circle class="gw-dot" cx="2" cy="2" r="0.9"/>',
    Pattern.LINES: '<path class="gw-hatch" d="M-2 2L2 -2M0 8L8 0M6 10L10 6"/>',
    Pattern.CROSSES: '<path class="gw-hatch" d="M0 8L8 0M0 0L8 8"/>',
}
_SIZE = 8


def definition(identifier: str, pattern: Pattern) -> str:
    """A hatching of one drawing."""
    return (
        f'<pattern id="{escape(identifier)}-{pattern}" width="{_SIZE}" height="{_SIZE}" patternUnits="userSpaceOnUse">'
        f"{_SHAPES[pattern]}</pattern>"
    )


def fill(identifier: str, pattern: Pattern) -> str:
    """The value of ``fill`` for it."""
    return f"url(#{identifier}-{pattern})"
