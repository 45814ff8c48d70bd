"""A table as people keep it: a line of headings and rows of text, each with the line on which it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from guidewright.metaanalysis.notices import Notice
from guidewright.problems import Problem

#: Entries that stand for a missing value, in small letters.
MISSING = frozenset({"", "na", "n/a", "nan", "nr", ".", "-", "–", "—"})


@dataclass(frozen=True)
class Row:
    """One row: the line on which it starts, and as many cells as there are headings."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """Headings and rows of one file."""

    file: str
    """Name of the file in messages."""
    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    read_as: Mapping[str, str]
    """How the file was read: encoding and delimiter, or the sheet of a workbook."""
    decimal_comma: bool = False
    """Whether its numbers have a decimal comma."""
    notices: tuple[Notice, ...] = ()

    def column(self, number: int) -> tuple[str, ...]:
        """The cells of a column, counted from 0."""
        return tuple(row.cells[number] for row in self.rows)

    def problem(self, row: int, column: int, rule: str, *, next_step: str = "", example: str = "") -> Problem:
        """A fault in a cell; row and column are counted from 0."""
        found = self.rows[row].cells[column]
        return Problem(
            self.file, self.rows[row].line, column + 1, rule, found or "an empty cell", example or None, next_step
        )


def is_missing(cell: str) -> bool:
    """Whether a cell says that there is no value."""
    return cell.casefold() in MISSING


def arranged(
    records: Iterable[tuple[int, list[str]]], file: str, *, padded: bool
) -> tuple[tuple[str, ...], tuple[Row, ...], list[Problem]]:
    """Headings and rows of records given as (line, cells); lines without any text are left out.

    ``padded`` fills up rows that are too short (a workbook stores no empty cells); else they are problems, since a
    delimiter is missing and the cells may belong to other columns.
    """
    headings: tuple[str, ...] = ()
    rows: list[Row] = []
    problems: list[Problem] = []
    for line, record in records:
        cells = [cell.strip() for cell in record]
        while cells and not cells[-1] and len(cells) > len(headings):
            cells.pop()
        if not any(cells):
            continue
        if not headings:
            headings = tuple(" ".join(cell.split()) for cell in cells)
        elif len(cells) > len(headings) or (len(cells) < len(headings) and not padded):
            problems.append(_wrong_length(file, line, cells, headings))
        else:
            rows.append(Row(line, (*cells, *[""] * (len(headings) - len(cells)))))
    if not problems and not rows:
        missing = "has headings, but no row below them" if headings else "is empty"
        next_step = "write the headings in the first line, and one study on each line below"
        problems.append(
            Problem(file, 1, 1, missing, next_step=next_step, example="study,events1,total1,events2,total2")
        )
    return headings, tuple(rows), problems


def _wrong_length(file: str, line: int, cells: list[str], headings: tuple[str, ...]) -> Problem:
    more = "more" if len(cells) > len(headings) else "fewer"
    return Problem(
        file,
        line,
        min(len(cells), len(headings)) + 1,
        f"has {len(cells)} cells, {more} than the {len(headings)} headings",
        value=" | ".join(cells),
        next_step="put a cell that holds the delimiter in double quotes; add the delimiters of empty cells",
        example='"Smith, 2020",12,100',
    )
