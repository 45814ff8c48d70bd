"""From bytes to text: UTF-8 only, of a sensible size, and never a traceback."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from guidewright.problems import Problem

#: No file that people edit by hand is larger; a larger one is a mistake (a PDF, a database) or an attack.
LARGEST = 20_000_000


@dataclass(frozen=True)
class Place:
    """Line and column of a value, counted from 1."""

    line: int
    column: int


def read_text(path: Path, file: str) -> tuple[str | None, list[Problem]]:
    """Read a UTF-8 file. ``file`` is its name in messages.

    Returns the text, with one kind of line end, or nothing and the problem.
    """
    try:
        raw = path.read_bytes() if path.stat().st_size <= LARGEST else None
    except OSError as error:
        return None, [Problem(file, 1, 1, f"cannot be read: {error.strerror or error}")]
    if raw is None:
        return None, [
            Problem(
                file,
                1,
                1,
                f"is larger than {LARGEST // 1_000_000} MB, too large for a file edited by people",
                next_step="check that this is the right file, or split it",
            )
        ]
    return decode(raw, file)


def decode(raw: bytes, file: str) -> tuple[str | None, list[Problem]]:
    """Decode UTF-8, with or without byte order mark."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # the codec leaves out the byte order mark before it counts
        before = error.object[: error.start].decode("utf-8", errors="replace")
        at = place_at("" if "\x00" in before else before)  # no editor shows the places of such a file
        return None, [
            Problem(
                file,
                at.line,
                at.column,
                "is not UTF-8 text",
                value=f"byte 0x{error.object[error.start]:02x}",
                next_step=f"open the file in an editor{_guess(raw)} and save it with encoding UTF-8",
            )
        ]
    if "\x00" in text:
        at = place_at(text[: text.index("\x00")])
        return None, [
            Problem(
                file,
                at.line,
                at.column,
                "contains NUL characters; this is not a text file",
                next_step=f"open the file in an editor{_guess(raw)} and save it with encoding UTF-8",
            )
        ]
    return text.replace("\r\n", "\n").replace("\r", "\n"), []


def place_at(before: str) -> Place:
    """Place of the character that follows a text."""
    return Place(before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)


def _guess(raw: bytes) -> str:
    """Name the encoding that the program which wrote the file most likely used."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or raw.count(0) * 3 > len(raw):
        return " (it looks like UTF-16)"
    runs = re.findall(rb"[\x80-\xff]+", raw)
    # Chinese is written in pairs of such bytes; in Western European text each stands alone between plain letters.
    encoding, name = (
        ("cp1252", "Windows-1252")
        if sum(len(run) == 1 for run in runs) * 2 > len(runs)
        else ("gb18030", "GB18030 / GBK")
    )
    try:
        raw.decode(encoding)
    except UnicodeDecodeError:
        return ""
    return f" (it looks like {name})" if runs else ""
