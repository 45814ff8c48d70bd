"""Cells of spreadsheets that hold a text and nothing else: no program takes one for a formula, a number or a date."""

from __future__ import annotations

import re
from typing import Any

#: Signs with which a spreadsheet program begins a formula. A number may begin with one of them, a text may not.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"[+-]?\d[\d.,]*(?:[eE][+-]?\d+)?%?")
#: Characters that a workbook cannot hold, and the longest text of a cell (Excel's specifications and limits).
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LONGEST_CELL = 32_767


def fill(cell: Any, words: str) -> None:
    """Put a text into a cell of a workbook (openpyxl's); longer ones are cut to :data:`LONGEST_CELL`."""
    cell.value = _FORBIDDEN.sub(" ", words)[:LONGEST_CELL]
    cell.data_type = "s"  # text that begins with = stays text
    cell.quotePrefix = True  # also after somebody edited it


def csv_cell(words: str) -> str:
    """A text as a cell of a CSV file, which has no type of cell: one that begins a formula gets an apostrophe."""
    held = _FORBIDDEN.sub(" ", words)
    return f"'{held}" if held.startswith(_FORMULA) and not _NUMBER.fullmatch(held) else held


def printable(words: str) -> str:
    """A text without what steers a terminal or turns the direction of writing."""
    return "".join(c for c in words if c.isprintable() or c in "\n\t")
