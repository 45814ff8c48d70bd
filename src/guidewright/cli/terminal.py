"""The terminal as a place to work in: one key at a time, and text that cannot steer it."""

from __future__ import annotations

import sys
from collections.abc import Callable

#: Characters that turn the direction of text or cannot be seen; in a title they can make it read as another.
_UNSEEN = {*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF}


def harmless(text: str) -> str:
    """Text on one line that a terminal only shows: signs that would steer it are written out."""
    if text.isascii() and text.isprintable():
        return text
    signs = (" " if c in "\n\t\r" else c if c.isprintable() and ord(c) not in _UNSEEN else _written(c) for c in text)
    return "".join(signs)


def _written(sign: str) -> str:
    return sign.encode("unicode_escape").decode("ascii")


def key_reader() -> Callable[[], str]:
    """A function that waits for one key and gives it as a letter; ``""`` at the end of the input.

    On a terminal no Enter is needed. Elsewhere (a pipe, a system without ``termios``) the first letter of a line
    counts.
    """
    try:
        import termios
        import tty
    except ImportError:
        return _letter_of_line
    if not sys.stdin.isatty():
        return _letter_of_line

    def read() -> str:
        handle = sys.stdin.fileno()
        before = termios.tcgetattr(handle)
        try:
            tty.setcbreak(handle)
            key = sys.stdin.read(1)
        finally:
            termios.tcsetattr(handle, termios.TCSADRAIN, before)
        return "q" if key in {"\x03", "\x04", "\x1b"} else key

    return read


def _letter_of_line() -> str:
    line = sys.stdin.readline()
    return line.strip()[:1] if line.strip() else ("\n" if line else "")


def ask_line(question: str) -> str:
    """A line that a person types; empty at the end of the input."""
    print(question, end="", flush=True)
    return sys.stdin.readline().strip()


def width() -> int:
    """Columns of the terminal; 100 where there is none."""
    import shutil

    return max(40, min(shutil.get_terminal_size((100, 24)).columns, 160))
