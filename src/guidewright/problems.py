"""What is wrong with a file, said so that its author can mend it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

#: A value is quoted in a message up to this many characters; the file itself has the rest.
QUOTED = 80


@dataclass(frozen=True)
class Problem:
    """One fault in one place of a project file.

    ``line`` and ``column`` count from 1; in a CSV file the column is the number of the cell.
    ``rule`` says what was expected, ``example`` is a valid way to write it, ``next_step`` what to do.
    """

    file: str
    line: int
    column: int
    rule: str
    value: str | None = None
    example: str | None = None
    next_step: str | None = None

    def __str__(self) -> str:
        lines = [f"{self.file}:{self.line}:{self.column}: {self.rule}"]
        if self.value is not None:
            lines.append(f"    found:   {quoted(self.value)}")
        if self.next_step:
            lines.append(f"    do this: {self.next_step}")
        if self.example:
            lines.append("    example: " + self.example.replace("\n", "\n             "))
        return "\n".join(lines)

    def as_dict(self) -> dict[str, str | int | None]:
        """The same as plain data, for ``--json``."""
        return dict(self.__dict__)


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Problems by place, each once."""
    return sorted(
        set(problems),
        key=lambda p: (p.file, p.line, p.column, p.rule, p.value or "", p.example or "", p.next_step or ""),
    )


def quoted(value: str) -> str:
    """Show a value on one line, characters that cannot be seen made visible, cut to a readable length."""
    cut = value[: QUOTED + 1]
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in cut)
    return shown if len(shown) <= QUOTED else shown[:QUOTED] + " …"


def did_you_mean(wrong: str, known: Iterable[str]) -> str | None:
    """Name the known words nearest to a wrong one, or nothing if none is near."""
    words = sorted(known)
    parts = set(re.findall(r"[\w-]+", wrong.casefold()))
    near = (
        [word for word in words if word.casefold() in parts]
        or get_close_matches(wrong, words, n=2, cutoff=0.6)
        or [word for word in words if len(wrong) > 2 and word.startswith(wrong)]
    )
    return "did you mean " + " or ".join(near[:2]) + "?" if near else None
