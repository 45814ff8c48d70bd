"""What the loader hands to the checks between files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from guidewright.kinds import Kind
from guidewright.problems import Problem
from guidewright.reading.markdown_file import Prose
from guidewright.reading.text import Place

Path = tuple[str | int, ...]


def _start(_path: Path) -> Place:
    return Place(1, 1)


@dataclass
class Loaded:
    """One thing of a file: what it is, its identifier as written, its value if valid, and where things stand."""

    kind: Kind
    file: str
    stem: str
    raw_id: Any = None
    value: Any = None
    place: Callable[[Path], Place] = _start
    key_place: Callable[[Path], Place] = _start
    prose: Mapping[str, Prose] = field(default_factory=dict)

    def problem(self, path: Path, rule: str, **more: str | None) -> Problem:
        """A problem at a path of this thing."""
        at = self.place(path)
        return Problem(self.file, at.line, at.column, rule, **more)
