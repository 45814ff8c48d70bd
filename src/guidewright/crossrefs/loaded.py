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
    """One thing of a file: what it is, its identifier as written, its value if valid, and where things stand.

    A thing that cannot be read is there as well, without a value, so that nobody who names it is blamed.
    """

    kind: Kind
    file: str
    stem: str
    raw_id: str | None = None
    value: Any = None
    place: Callable[[Path], Place] = _start
    key_place: Callable[[Path], Place] = _start
    prose: Mapping[str, Prose] = field(default_factory=dict)
    data: Any = None
    """What the file holds as plain data, also where it is not valid."""

    @property
    def name_fits(self) -> bool:
        """Whether the identifier agrees with the name of the file."""
        if self.kind.naming == "prefix" and self.raw_id and self.stem.startswith(self.raw_id + "-"):
            return True
        return self.stem == self.raw_id

    @property
    def names(self) -> set[str]:
        """Identifiers by which others may mean this thing: its own, or those that its file name suggests."""
        names = {self.raw_id} if self.raw_id else set()
        if self.stem and self.kind.naming != "free" and not self.name_fits:
            parts = self.stem.split("-")
            names |= {self.stem} | {"-".join(parts[:n]) for n in range(1, len(parts)) if self.kind.naming == "prefix"}
        return names

    def problem(self, path: Path, rule: str, **more: str | None) -> Problem:
        """A problem at a path of this thing."""
        at = self.place(path)
        return Problem(self.file, at.line, at.column, rule, **more)
