"""From bytes to text: UTF-8 only, of a sensible size, and never a traceback."""

from __future__ import annotations

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
        before = raw[: error.start]
        line = before.count(b"\n") + 1
        column = len(before) - (before.rfind(b"\n") + 1) + 1
        return None, [
            Problem(
                file,
                line,
                column,
                "is not UTF-8 text",
                value=f"byte 0x{raw[error.start]:02x}",
                next_step=f"open the file in an editor{_guess(raw)} and save it with encoding UTF-8",
            )
        ]
    if "\x00" in text:
        at = text.index("\x00")
        return None, [Problem(file, text.count("\n", 0, at) + 1, 1, "contains NUL characters; this is not a text file")]
    return text.replace("\r\n", "\n").replace("\r", "\n"), []


def _guess(raw: bytes) -> str:
    """Name the encoding that a Chinese Windows program most likely used."""
    for encoding, name in (("utf-16", "UTF-16"), ("gb18030", "GB18030 / GBK")):
        if encoding == "utf-16" and not raw.startswith((b"\xff\xfe", b"\xfe\xff")):
            continue
        try:
            raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        return f" (it looks like {name})"
    return ""
