"""Formats in which a tag opens every field: one machine for all of them, which accounts for every line.

A :class:`Grammar` says how a line divides into tag and value and where records begin and end; :func:`scan` then gives
the entries, and names every line that is neither a field, the continuation of one, nor known to carry nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from guidewright.evidence.found import Found
from guidewright.evidence.importers.export import Difference, OddLine, Reading
from guidewright.evidence.importers.fields import joined


@dataclass(slots=True)
class Field:
    """A tag, the number of its line, and the lines of its value."""

    tag: str
    line: int
    lines: list[str]

    @property
    def text(self) -> str:
        """The value as one text."""
        return self.lines[0].strip() if len(self.lines) == 1 else joined(self.lines)


@dataclass(slots=True)
class Entry:
    """The fields of one record, from its first line to the last one that belongs to it (both from 1)."""

    start: int
    announced: bool
    fields: list[Field] = field(default_factory=list)
    end: int = 0
    by_tag: dict[str, list[Field]] = field(default_factory=dict)

    def add(self, one: Field) -> None:
        """One field more."""
        self.fields.append(one)
        self.by_tag.setdefault(one.tag, []).append(one)
        self.end = one.line

    def has(self, tag: str) -> bool:
        """Whether a tag was seen."""
        return tag in self.by_tag

    def all(self, *tags: str) -> list[str]:
        """Values of these tags that are not empty: all of the first tag, then of the second, and so on."""
        return [text for tag in tags for one in self.by_tag.get(tag, ()) if (text := one.text)]

    def first(self, *tags: str) -> str:
        """The first value that is not empty, the earlier tags before the later ones."""
        return next((text for tag in tags for one in self.by_tag.get(tag, ()) if (text := one.text)), "")

    def lines(self, *tags: str) -> list[str]:
        """Every line of these tags for itself, in the order of the record."""
        return [text for one in self.fields if one.tag in tags for line in one.lines if (text := line.strip())]


class Starts(Protocol):
    """Says whether a tag begins a new record."""

    def __call__(self, tag: str, entry: Entry | None, *, after_blank: bool) -> bool: ...


def _nothing(_line: str) -> bool:
    return False


def _any(_tag: str) -> bool:
    return True


@dataclass(frozen=True)
class Grammar:
    """How one format is written."""

    split: Callable[[str], tuple[str, str] | None]
    """Line -> tag and value, or nothing for a line without tag."""
    announces: Callable[[str], bool]
    """Whether a tag is one by which the file announces a record."""
    starts: Starts
    """Whether a tag begins a new record."""
    ends: Callable[[str], bool] = _nothing
    """Whether a tag ends the record."""
    start_name: str = "start tag"
    """What the start tag is called in messages."""
    known: Callable[[str], bool] = _any
    """Whether a tag is one of the format."""
    carries_nothing: Callable[[str], bool] = _nothing
    """Whether a line outside of fields is known to hold nothing of a record: numbering, headers, footers."""
    continues: Callable[[str], bool] = _any
    """Whether a line without tag may continue the field above it."""
    trails: Callable[[str], bool] = _nothing
    """Whether a tag after the end still belongs to the record that ended."""


@dataclass(slots=True)
class Scanned:
    """All records of a text, and what was not understood."""

    records: list[Found] = field(default_factory=list)
    started: int = 0
    """Records among them that begin with their start tag."""
    odd: list[OddLine] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)


def scan(lines: Sequence[str], grammar: Grammar, make: Callable[[Entry, int], Found]) -> Scanned:
    """Divide lines into entries, and make a record of each; ``make`` gets the entry and its number among the records.

    Entries without any content are no records and stand among the differences. The fields of an entry are let go once
    its record is made: for a hundred thousand records they would take gigabytes.
    """
    machine = _Machine(grammar, make)
    for number, line in enumerate(lines, start=1):
        machine.take(number, line)
    machine.close()
    machine.finish()
    return machine.scanned


class _Machine:
    """Walks the lines of one text."""

    def __init__(self, grammar: Grammar, make: Callable[[Entry, int], Found]) -> None:
        self.grammar = grammar
        self.make = make
        self.scanned = Scanned()
        self.entry: Entry | None = None
        self.ended: Entry | None = None
        self.blank = False

    def take(self, number: int, line: str) -> None:
        if not line.strip():
            self.blank = True
            return
        found = self.grammar.split(line)
        if found is None:
            self._untagged(number, line)
        else:
            self._tagged(number, line, *found)
        self.blank = False

    def _tagged(self, number: int, line: str, tag: str, value: str) -> None:
        grammar = self.grammar
        if grammar.ends(tag):
            if self.entry is None:
                self._odd(number, line, "ends a record where none has begun")
            else:
                self.entry.end = number
                self.close()
            return
        if self.entry is None and self.ended is not None and grammar.trails(tag):
            self.ended.add(Field(tag, number, [value]))
            return
        if self.entry is None or grammar.starts(tag, self.entry, after_blank=self.blank):
            self.close()
            self.entry = Entry(number, grammar.announces(tag))
        elif grammar.announces(tag):
            self.entry.announced = True
        self.entry.add(Field(tag, number, [value]))
        if not grammar.known(tag):
            self._odd(number, line, f"unknown tag {tag}; kept in the raw record only")

    def _untagged(self, number: int, line: str) -> None:
        if self.grammar.carries_nothing(line):
            return
        if self.entry is None or not self.entry.fields:
            self._odd(number, line, "stands outside of any record")
            return
        self.entry.fields[-1].lines.append(line)
        self.entry.end = number
        if not self.grammar.continues(line):
            self._odd(number, line, f"has no tag; read as part of {self.entry.fields[-1].tag} above it")

    def close(self) -> None:
        """End the current record."""
        entry, self.entry = self.entry, None
        if entry is None:
            return
        if any(one.text for one in entry.fields if not self.grammar.announces(one.tag)):
            self.finish()
            self.ended = entry
            if not entry.announced:
                why = f"a record without its {self.grammar.start_name}"
                self.scanned.differences.append(Difference(entry.start, 1, why))
        elif entry.announced:
            why = f"a {self.grammar.start_name} with nothing behind it"
            self.scanned.differences.append(Difference(entry.start, -1, why))
        else:
            for one in entry.fields:
                self._odd(one.line, one.tag, "a tag without a value, outside of any record")

    def finish(self) -> None:
        """Make a record of the entry that ended; until now a tag could still trail behind it."""
        if self.ended is not None:
            self.scanned.records.append(self.make(self.ended, len(self.scanned.records) + 1))
            self.scanned.started += self.ended.announced
            self.ended = None

    def _odd(self, number: int, line: str, why: str) -> None:
        self.scanned.odd.append(OddLine(number, line.strip(), why))


def reading(
    text: str, grammar: Grammar, announced: int, stem: str, found_of: Callable[[Entry, str, str], Found]
) -> tuple[Reading, Scanned]:
    """Read a text; ``found_of`` gets each entry, its identifier and its raw text."""
    lines = text.split("\n")

    def make(entry: Entry, number: int) -> Found:
        return found_of(entry, f"{stem}/{number}", "\n".join(lines[entry.start - 1 : entry.end]))

    scanned = scan(lines, grammar, make)
    odd = tuple(sorted(scanned.odd, key=lambda odd: odd.line))
    return Reading(announced, tuple(scanned.records), odd, tuple(scanned.differences)), scanned
