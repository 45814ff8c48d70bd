"""From bytes to text: byte order mark, UTF-8, UTF-16, GB18030, Windows-1252, and files that mix them.

The order is the one that read every real file we have: a byte order mark decides; else what is valid UTF-8 is UTF-8
(text of another encoding hardly ever is); else single accented bytes between plain letters speak for Windows-1252 and
pairs of such bytes for GB18030.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from guidewright.evidence.importers.export import UnreadableError

#: Largest file, in bytes. PubMed gives 10,000 records in some 40 MB of its own format and 150 MB of XML; the whole file
#: is held in memory several times over while it is read.
LARGEST = 300_000_000
#: Share of control characters above which a file is no text. Real exports have none, or a few from broken abstracts.
BINARY = 0.01

_BYTE_BREAK = re.compile(rb"(\r\n|\n|\r)")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x19\x1b-\x1f\x7f]")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8 with byte order mark"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_SIGNATURES = {
    b"%PDF": ("is a PDF, not an export of records", "export the records themselves, for example as RIS"),
    b"\xd0\xcf\x11\xe0": ("is an old Excel or Word file", "open it in a spreadsheet program and save it as .xlsx"),
    b"\x1f\x8b": ("is compressed (gzip)", "unpack it first"),
    b"Rar!": ("is an archive", "unpack it first"),
    b"7z\xbc\xaf": ("is an archive", "unpack it first"),
    b"SQLite format 3": ("is a database file", "export the records from the program, for example as RIS"),
}
_XML_ENCODING = re.compile(rb"^\s*<\?xml[^>]*encoding=[\"']([A-Za-z0-9._-]{2,40})[\"']")


@dataclass(frozen=True, slots=True)
class Decoded:
    r"""Text with ``\n`` as the only line end, and how it was read."""

    text: str
    encoding: str
    notes: tuple[str, ...] = ()


def decode(raw: bytes) -> Decoded:
    """Decode an export file.

    Raises :class:`UnreadableError` for what is too large, empty or not text.
    """
    check_size(len(raw))
    for signature, (rule, step) in _SIGNATURES.items():
        if raw.startswith(signature):
            raise UnreadableError(rule, step)
    text, encoding, notes = _decoded(raw)
    control = len(_CONTROL.findall(text))
    if control > max(3, BINARY * len(text)):
        raise UnreadableError("is not text (a binary file)", "export the records as text, for example as RIS")
    if control:
        text = _CONTROL.sub(" ", text)
        notes = (*notes, f"{control} control characters were read as spaces")
    text = text.replace("\x1a", "").replace("\r\n", "\n").replace("\r", "\n")
    # A second file put behind the first brings its byte order mark along.
    text = text.removeprefix("\ufeff").replace("\n\ufeff", "\n")
    if not text.strip():
        raise UnreadableError("is empty", "export the records again")
    return Decoded(text, encoding, notes)


def check_size(size: int) -> None:
    """Refuse a file, by its size in bytes, before it is read.

    Raises :class:`UnreadableError`.
    """
    if size > LARGEST:
        raise UnreadableError(
            f"has {size / 1e6:,.0f} MB, more than the {LARGEST // 1_000_000} MB that are read at once",
            "export the records in several files, and import all of them",
        )


def _decoded(raw: bytes) -> tuple[str, str, tuple[str, ...]]:
    for mark, codec, name in _MARKS:
        if raw.startswith(mark):
            try:
                return raw.decode(codec), name, ()
            except UnicodeDecodeError:
                if codec != "utf-8-sig":
                    text = raw.decode(codec, errors="replace")
                    return text, name, (_replaced(text),)
                raw = raw.removeprefix(mark)  # the mark is there, and part of the file is something else
                break
    if (wide := _without_mark(raw)) is not None:
        text = raw.decode(wide, errors="replace")
        return text, "UTF-16 without byte order mark", (_replaced(text),) if "\ufffd" in text else ()
    try:
        return raw.decode("utf-8"), "UTF-8", ()
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data" and error.start > len(raw) - 4 and not raw[: error.start].isascii():
            text = raw.decode("utf-8", errors="replace")  # the file breaks off within a character
            return text, "UTF-8", (_replaced(text),)
    if (declared := _XML_ENCODING.match(raw[:200])) is not None:
        try:
            name = codecs.lookup(declared[1].decode("ascii")).name
            if name not in {"utf-8", "utf-16"}:
                return raw.decode(name), name.upper(), ()
        except (LookupError, UnicodeError):
            pass
    return _old(raw)


def _without_mark(raw: bytes) -> str | None:
    """UTF-16 that lacks its mark: every second byte of Latin text is zero."""
    start = raw[:4000]
    if len(start) < 8 or start.count(0) * 5 < len(start):
        return None
    even, odd = start[::2].count(0), start[1::2].count(0)
    if odd > 4 * even:
        return "utf-16-le"
    return "utf-16-be" if even > 4 * odd else None


def _old(raw: bytes) -> tuple[str, str, tuple[str, ...]]:
    """Text that is not UTF-8 as a whole: of one older encoding, or several encodings in one file."""
    parts = _BYTE_BREAK.split(raw)
    high = [part for part in parts if not part.isascii()]
    good = [part for part in high if _is_utf8(part)]
    codec, name = ("cp1252", "Windows-1252") if _is_western(raw) else ("gb18030", "GB18030")
    if 2 * len(good) <= len(high):
        try:
            return raw.decode(codec), name, ()
        except UnicodeDecodeError:
            pass
    text, other, lines = [], [], 1
    for part in parts:
        if _is_utf8(part):
            text.append(part.decode("utf-8"))
        else:
            text.append(part.decode(codec, errors="replace"))
            other.append(lines)
        lines += bool(_BYTE_BREAK.fullmatch(part))
    shown = ", ".join(map(str, other[:10])) + (" ..." if len(other) > 10 else "")
    notes = [f"{len(other)} lines are not UTF-8 and were read as {name}: {shown}"]
    joined = "".join(text)
    if "\ufffd" in joined:
        notes.append(_replaced(joined))
    return joined, f"UTF-8 and {name}", tuple(notes)


def _is_utf8(part: bytes) -> bool:
    try:
        part.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _is_western(raw: bytes) -> bool:
    """Whether most accented bytes stand alone between plain letters; Chinese is written in pairs of such bytes."""
    runs = re.findall(rb"[\x80-\xff]+", raw)
    return sum(len(run) == 1 for run in runs) * 2 > len(runs)


def _replaced(text: str) -> str:
    return f"{text.count(chr(0xFFFD))} characters could not be decoded and stand as {chr(0xFFFD)}"
