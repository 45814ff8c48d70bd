"""CSV to rows of text, with the line of every row and the number of every cell."""

from __future__ import annotations

import csv
import io
import re
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
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    problems: list[Problem] = []
    rows: list[Row] = []
    header: tuple[str, ...] = ()
    line = 1
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                pass
            elif not header:
                header = tuple(cell.strip() for cell in cells)
                problems, readable = _header_problems(header, file, line, columns, required)
                if not readable:
                    return None, problems
            elif len(cells) != len(header):
                problems.append(_wrong_length(file, line, cells, header))
            else:
                named = zip(header, cells, strict=True)
                rows.append(Row(line, {name: cell.strip() for name, cell in named if cell.strip() and name in columns}))
            line = reader.line_num + 1
    except csv.Error as error:
        problems.append(_unreadable(error, text, file, line))
    if not header and not problems:
        advice, example = "write the header line, or delete the file", ",".join(columns)
        return None, [Problem(file, 1, 1, "is empty", next_step=advice, example=example)]
    return Table(header, tuple(rows)), problems


def _unreadable(error: csv.Error, text: str, file: str, line: int) -> Problem:
    """A quote that does not fit, in the row that starts on a line."""
    start = text.split("\n")[line - 1]
    if "larger than" in str(error) and '"' not in start:
        return Problem(file, line, 1, "a cell of this row is too long for a table", value=start, next_step="shorten it")
    if "expected after" in str(error):
        return Problem(
            file,
            line,
            1,
            "a cell of this row goes on after its closing quote",
            value=start,
            next_step="double each quote within the cell, and put the whole cell in quotes",
            example='"a ""quoted"" word, and more"',
        )
    return Problem(
        file,
        line,
        1,
        "a quote opens in this row and is never closed; the rows below it cannot be read",
        value=start,
        next_step="close the quote at the end of the cell, or delete it",
        example='"a, b"',
    )


def _wrong_length(file: str, line: int, cells: list[str], header: tuple[str, ...]) -> Problem:
    more = "more" if len(cells) > len(header) else "fewer"
    number = "1 cell" if len(cells) == 1 else f"{len(cells)} cells"
    return Problem(
        file,
        line,
        min(len(cells), len(header)) + 1,
        f"has {number}, {more} than the {len(header)} columns of the header",
        value=",".join(cells),
        next_step="look for a comma inside a cell: a text with a comma needs double quotes, "
        "and a number has a decimal point in place of the comma",
    )


def _header_problems(
    header: tuple[str, ...], file: str, line: int, columns: Collection[str], required: Collection[str]
) -> tuple[list[Problem], bool]:
    """Problems of the header, and whether the rows can be read nevertheless."""
    if len(header) == 1 and any(mark in header[0] for mark in ";\t|，；"):
        return [
            Problem(
                file,
                line,
                1,
                "the columns are not separated by commas",
                value=header[0],
                next_step="save the sheet as CSV with commas (CSV UTF-8)",
                example=",".join(columns),
            )
        ], False
    if not any(name in columns or did_you_mean(name, columns) for name in header):
        rule = "the first line does not name the columns"
        advised, example = "write the names of the columns above the rows", ",".join(columns)
        return [Problem(file, line, 1, rule, ",".join(header), example, advised)], False
    unknown, twice = [], []
    for number, name in enumerate(header, start=1):
        if name not in columns:
            unknown.append(_unknown_column(file, line, number, name, columns))
        elif name in header[: number - 1]:
            twice.append(
                Problem(file, line, number, f"the column `{name}` stands twice", next_step="keep one of the two")
            )
    missing = [
        Problem(file, line, len(header), f"the column `{name}` is missing", next_step="add it to the header line")
        for name in required
        if name not in header and not any(name in _meant(other, columns) for other in header)
    ]
    return unknown + twice + missing, not twice and set(required) <= set(header)


def _meant(name: str, columns: Collection[str]) -> list[str]:
    """Columns that a misspelt name probably means."""
    return re.findall(r"[\w-]+", did_you_mean(name, columns) or "") if name not in columns else []


def _unknown_column(file: str, line: int, number: int, name: str, columns: Collection[str]) -> Problem:
    if not name:
        return Problem(file, line, number, "a column has no name", next_step="name it, or delete the column")
    hint = did_you_mean(name, columns)
    return Problem(
        file,
        line,
        number,
        "is no column of this kind of file" + (f"; {hint}" if hint else ""),
        value=name,
        next_step="columns are: " + ", ".join(columns),
    )
