"""Cells that must hold numbers: what counts as one, and the fault of each that does not."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from guidewright.metaanalysis.effects.columns import Column
from guidewright.problems import Problem
from guidewright.tables_of_data.sheet import Sheet, is_missing

_EXPONENT = r"([eE][-+]?\d+)?"
NUMBER = re.compile(rf"[-+]?(\d+\.?\d*|\.\d+){_EXPONENT}")
DECIMAL_COMMA = re.compile(rf"[-+−]?\d+,\d+{_EXPONENT}")
_DATE = re.compile(r"\d{4}-\d\d-\d\d.*|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\d{1,2}-[A-Za-z]{3}(-\d+)?")


def number_of(cell: str, *, decimal_comma: bool = False) -> float | None:
    """The number that a cell holds, or nothing. With a decimal comma a point is no part of a number."""
    text = cell.replace("−", "-")
    if decimal_comma:
        text = text.replace(",", ".") if DECIMAL_COMMA.fullmatch(text) else text.replace(".", "?")
    value = float(text) if NUMBER.fullmatch(text) else math.nan
    return value if math.isfinite(value) else None


def numbers(sheet: Sheet, at: int, column: Column) -> tuple[list[float], list[Problem]]:
    """The numbers of a column, NaN where missing, and the problems of its cells."""
    values, problems = [math.nan] * len(sheet.rows), []
    called = name_of(sheet, at, column.name)
    for row, cell in enumerate(sheet.column(at)):
        if is_missing(cell):
            continue
        value = number_of(cell, decimal_comma=sheet.decimal_comma)
        if value is None:
            rule = f"{called} must be a number"
            problems.append(
                sheet.problem(row, at, rule, next_step=_advice(sheet, cell), example=_example(column, sheet))
            )
        elif not allowed(column, value):
            step = f"correct it, or leave it empty if it is not known ({column.meaning})"
            problem = sheet.problem(row, at, f"{called} {column.rule}", next_step=step, example=_example(column, sheet))
            problems.append(problem)
        else:
            values[row] = value
    return values, problems


def name_of(sheet: Sheet, at: int, column: str) -> str:
    """A column in messages: its heading, and what it is used for where that is another word."""
    heading = sheet.headings[at]
    return f"`{heading}`" if heading.casefold() == column else f"`{heading}` ({column})"


def are_numbers(sheet: Sheet, cells: Sequence[str]) -> list[bool | None]:
    """Whether each cell holds a number; None where the value is missing."""
    return [None if is_missing(c) else number_of(c, decimal_comma=sheet.decimal_comma) is not None for c in cells]


def allowed(column: Column, value: float) -> bool:
    """Whether a column may have this value."""
    above = value > column.low if column.above else value >= column.low
    return above and value <= column.high


def _example(column: Column, sheet: Sheet) -> str:
    if column.high <= 1:
        example = "0.5"
    else:
        example = "12" if column.low == 0 and not column.name.startswith(("sd", "se", "v")) else "1.25"
    return example.replace(".", ",") if sheet.decimal_comma else example


def _advice(sheet: Sheet, cell: str) -> str:
    """What to do about a cell that is no number."""
    if cell.startswith("="):
        return "a formula without a stored value: open and save the file in a spreadsheet program, or write the number"
    if cell.startswith("#"):
        return "the spreadsheet program could not compute this cell: mend its formula, or write the number"
    if _DATE.fullmatch(cell):
        return "this is a date, perhaps made by a spreadsheet program: write the number again, in a cell of type number"
    if sheet.decimal_comma and NUMBER.fullmatch(cell):
        return "other numbers of this file have a decimal comma: write this one with a comma as well, without thousands"
    if re.fullmatch(r"[-+−]?[\d\s]+(,\d+)+(\.\d+)?", cell):
        return "write a decimal point in place of the comma (5.2), and thousands without any sign (1234)"
    found = re.fullmatch(r"\D*?(-?\d+(?:\.\d+)?)\D*", cell)
    if found:
        return f"write the number alone ({found[1]}), without unit, sign or remark"
    return "write a number, or leave the cell empty if it is not known"
