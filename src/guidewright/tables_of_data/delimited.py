"""Tables as text: which encoding, which delimiter, and the rows."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from itertools import islice

from guidewright.metaanalysis.notices import Notice
from guidewright.problems import Problem
from guidewright.tables_of_data.numbers import DECIMAL_COMMA
from guidewright.tables_of_data.sheet import Sheet, arranged

#: Delimiters, the likelier first, with their names.
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab"}
#: Rows by which the delimiter is judged.
ENOUGH = 200
#: Some programs name the delimiter in a line of its own.
DECLARED = re.compile(r'"?sep=[,;\t]"?')


def read_delimited(raw: bytes, file: str) -> tuple[Sheet | None, list[Problem]]:
    """Read a table with commas, semicolons or tabs, in UTF-8, UTF-16 with its mark, GB18030 or Windows-1252."""
    decoded = _decode(raw)
    if decoded is None or "\x00" in decoded[0]:
        next_step = "save the table as CSV UTF-8 or as .xlsx"
        return None, [Problem(file, 1, 1, "is neither a workbook nor a text in a known encoding", next_step=next_step)]
    text, encoding = decoded
    first, _, rest = text.partition("\n")
    if DECLARED.fullmatch(first.rstrip("\r")):
        text = "\n" + rest
    delimiter = _delimiter(text)
    try:
        headings, rows, problems = arranged(_records(text, delimiter, strict=True), file, padded=False)
    except _BrokenRowError as error:
        return None, [error.problem(file)]
    if problems:
        return None, problems
    comma = delimiter == ";" and any(DECIMAL_COMMA.fullmatch(cell) for row in rows for cell in row.cells)
    notices: tuple[Notice, ...] = ()
    if encoding in {"GB18030", "Windows-1252"}:
        notices = (Notice("encoding", f"{file} is not UTF-8; it was read as {encoding}: check the names"),)
    read_as = {"encoding": encoding, "delimiter": DELIMITERS[delimiter]}
    return Sheet(file, headings, rows, read_as, comma, notices), []


class _BrokenRowError(ValueError):
    """A row whose quotes do not fit."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line

    def problem(self, file: str) -> Problem:
        return Problem(
            file,
            self.line,
            1,
            "a quote in this row is not closed, or its cell goes on after the closing quote",
            next_step="double each quote within a cell, and put the whole cell in quotes",
            example='"a ""quoted"" word, and more"',
        )


def _records(text: str, delimiter: str, *, strict: bool) -> Iterator[tuple[int, list[str]]]:
    """Rows with the line on which each starts."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict)
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error:
        raise _BrokenRowError(line) from None


def _delimiter(text: str) -> str:
    """The delimiter that gives most rows as many cells as there are headings, and more than one."""

    def fit(delimiter: str) -> tuple[float, int]:
        try:
            found = list(islice(_records(text, delimiter, strict=False), ENOUGH))
        except _BrokenRowError:
            return 0.0, 0
        lengths = [len(cells) for _, cells in found if any(cell.strip() for cell in cells)]
        if not lengths or lengths[0] == 1:
            return 0.0, 0
        return lengths.count(lengths[0]) / len(lengths), lengths[0]

    return max(DELIMITERS, key=fit)


def _decode(raw: bytes) -> tuple[str, str] | None:
    """Text and the name of its encoding, or nothing."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        candidates = [("utf-16", "UTF-16")]
    else:
        old = [("gb18030", "GB18030"), ("cp1252", "Windows-1252")]
        candidates = [("utf-8-sig", "UTF-8"), *(old[::-1] if _is_western(raw) else old)]
    for encoding, name in candidates:
        try:
            return raw.decode(encoding), name
        except UnicodeDecodeError:
            continue
    return None


def _is_western(raw: bytes) -> bool:
    """Whether most accented bytes stand alone between plain letters; Chinese is written in pairs of such bytes."""
    runs = re.findall(rb"[\x80-\xff]+", raw)
    return sum(len(run) == 1 for run in runs) * 2 > len(runs)
