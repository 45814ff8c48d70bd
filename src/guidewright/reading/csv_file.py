"""CSV to rows of text, with the line of every row and the number of every cell."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection
from dataclasses import dataclass

from guidewright.problems import Problem, did_you_mean


@dataclass(frozen=True)
class Row:
    """One row: its cells by column, empty ones left out, and the line on which it starts."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Table:
    """Header and rows of one file."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]

    def cell_number(self, column: str) -> int:
        """Number of a column, counted from 1."""
        return self.header.index(column) + 1 if column in self.header else 1


def read_csv(
    text: str, file: str, columns: Collection[str], required: Collection[str]
) -> tuple[Table | None, list[Problem]]:
    """Read a comma-separated file whose header names some of ``columns``, ``required`` among them."""
    if not text.strip():
        return None, [
            Problem(
                file,
                1,
                1,
                "is empty",
                next_step="write the header line, or delete the file",
                example=",".join(columns),
            )
        ]
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    problems: list[Problem] = []
    rows: list[Row] = []
    header: tuple[str, ...] = ()
    line = 1
    try:
        for number, cells in enumerate(reader):
            if number == 0:
                header = tuple(cell.strip() for cell in cells)
                problems = _header_problems(header, file, columns, required)
                if problems:
                    return None, problems
            elif any(cell.strip() for cell in cells):
                if len(cells) != len(header):
                    problems.append(_wrong_length(file, line, cells, header))
                else:
                    filled = {name: cell.strip() for name, cell in zip(header, cells, strict=True) if cell.strip()}
                    rows.append(Row(line, filled))
            line = reader.line_num + 1
    except csv.Error as error:
        problems.append(
            Problem(
                file,
                max(reader.line_num, 1),
                1,
                f"is no CSV that can be read: {error}",
                next_step="put a cell with a comma, quote or line break in double quotes, and double the quotes in it",
                example='"a ""b"", c"',
            )
        )
    return Table(header, tuple(rows)), problems


def _wrong_length(file: str, line: int, cells: list[str], header: tuple[str, ...]) -> Problem:
    more = "more" if len(cells) > len(header) else "fewer"
    return Problem(
        file,
        line,
        min(len(cells), len(header)) + 1,
        f"has {len(cells)} cells, {more} than the {len(header)} columns of the header",
        value=",".join(cells),
        next_step="check for a comma inside a cell: such a cell needs double quotes",
    )


def _header_problems(
    header: tuple[str, ...], file: str, columns: Collection[str], required: Collection[str]
) -> list[Problem]:
    if len(header) == 1 and any(mark in header[0] for mark in ";\t|"):
        return [
            Problem(
                file,
                1,
                1,
                "the columns are not separated by commas",
                value=header[0],
                next_step="save the sheet as CSV with commas (CSV UTF-8)",
                example=",".join(columns),
            )
        ]
    problems = []
    for number, name in enumerate(header, start=1):
        if name not in columns:
            hint = did_you_mean(name, columns)
            problems.append(
                Problem(
                    file,
                    1,
                    number,
                    "is no column of this kind of file" + (f"; {hint}" if hint else ""),
                    value=name,
                    next_step="columns are: " + ", ".join(columns),
                )
            )
        elif name in header[: number - 1]:
            problems.append(
                Problem(file, 1, number, f"the column `{name}` stands twice", next_step="keep one of the two")
            )
    problems += [
        Problem(file, 1, len(header), f"the column `{name}` is missing", next_step="add it to the header line")
        for name in required
        if name not in header
    ]
    return problems
