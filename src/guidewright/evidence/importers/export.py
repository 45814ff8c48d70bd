"""What reading an export file gives: the records, and an account of everything that is no record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from guidewright.evidence.found import Found


@dataclass(frozen=True, slots=True)
class OddLine:
    """A line that was not understood. It stays in the raw record it stands in, if it stands in one."""

    line: int
    """Number of the line, from 1."""
    text: str
    """The line as it stands."""
    why: str
    """What about it was not understood."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Why the numbers of records announced and read are not the same."""

    line: int
    """Line at which the record begins."""
    records: int
    """-1 where an announced record was not read, 1 where one was read that nothing announces."""
    why: str
    """What is there in the file."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one reader found in one text."""

    announced: int
    """Records that the file announces: its start tags, counted by themselves and not while reading."""
    records: tuple[Found, ...]
    odd: tuple[OddLine, ...] = ()
    differences: tuple[Difference, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    """For a table: field -> heading of the column it was read from."""
    headings: tuple[str, ...] = ()
    """For a table: all of its headings."""

    @property
    def accounted(self) -> bool:
        """Whether every difference between announced and read is explained."""
        return self.announced + sum(one.records for one in self.differences) == len(self.records)


@dataclass(frozen=True, slots=True)
class Export:
    """One export file, read."""

    name: str
    """Name of the file, without folder."""
    format: str
    """Name of the format, one of :data:`guidewright.evidence.importers.formats.FORMATS`."""
    encoding: str
    reading: Reading
    notes: tuple[str, ...] = ()
    """What a person should know of how the file was read."""

    @property
    def records(self) -> tuple[Found, ...]:
        """The records, in the order of the file."""
        return self.reading.records

    @property
    def database(self) -> str:
        """The database that all records name which name one, else nothing."""
        named = {record.database for record in self.records if record.database}
        return named.pop() if len(named) == 1 else ""


class UnreadableError(ValueError):
    """A file that no reader can read: binary, too large, empty, or of an unknown format."""

    def __init__(self, rule: str, next_step: str, line: int = 1) -> None:
        super().__init__(f"{rule}; {next_step}")
        self.rule = rule
        self.next_step = next_step
        self.line = line
