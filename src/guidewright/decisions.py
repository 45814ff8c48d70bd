"""Files of decisions: read, changed and written whole, so that none is lost and none is half written.

A file is read again right before it is changed, under a lock, and replaced by one that is complete: whoever kills the
program finds the file as it was before the decision or after it, and two sessions do not overwrite each other.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Generic, TypeVar

from guidewright.evidence.decision_rows import as_csv
from guidewright.problems import Problem
from guidewright.reading.csv_file import read_csv
from guidewright.reading.text import Place, read_text
from guidewright.reading.validation import validate
from guidewright.values import Value
from guidewright.writing import write

T = TypeVar("T", bound=Value)


class BrokenFileError(ValueError):
    """A file of decisions that cannot be read, and is therefore not touched."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = list(problems)


class DecisionFile(Generic[T]):
    """One CSV file of decisions of one kind."""

    def __init__(self, root: Path, file: str, model: type[T]) -> None:
        self.path = root / file
        self.file = file
        self.model = model

    def read(self) -> list[T]:
        """All rows; none if there is no such file. Raises :class:`BrokenFileError` if any cannot be read."""
        if not self.path.exists():
            return []
        text, problems = read_text(self.path, self.file)
        if text is None:
            raise BrokenFileError(problems)
        fields = self.model.model_fields
        required = [name for name, info in fields.items() if info.is_required()]
        table, problems = read_csv(text, self.file, tuple(fields), required)
        rows: list[T] = []
        for row in table.rows if table else ():

            def place(path: tuple[str | int, ...], line: int = row.line) -> Place:
                return Place(line, table.cell_number(str(path[0])) if table and path else 1)

            value, more = validate(self.model, row.cells, self.file, place, written="csv")
            problems += more
            if value is not None:
                rows.append(value)
        if problems:
            raise BrokenFileError(problems)
        return rows

    def change(self, change: Callable[[list[T]], Sequence[T]]) -> list[T]:
        """Read the rows, change them, write them back; returns what is in the file now."""
        with _locked(self.path):
            rows = list(change(self.read()))
            write(self.path, as_csv(self.model, rows))
        return rows


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold the file against other sessions on this machine, where the system can do so."""
    try:
        import fcntl  # noqa: PLC0415 - not on every system
    except ImportError:
        yield
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path.parent / f".{path.name}.lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
