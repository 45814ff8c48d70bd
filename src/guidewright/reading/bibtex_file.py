"""BibTeX to entries of text, with the place of every entry and field; nothing is dropped silently."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, field

import bibtexparser
from bibtexparser import middlewares
from bibtexparser.model import Entry as ParsedEntry
from pylatexenc.latex2text import LatexNodes2Text

from guidewright.problems import Problem
from guidewright.reading.bibtex_faults import EXAMPLE, OURS, block_faults, field_faults
from guidewright.reading.text import Place

# The parser logs what it also returns as failed blocks; a user sees those as problems, once.
logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)
logging.getLogger("pylatexenc").setLevel(logging.CRITICAL)

#: Keys of entries, readable even where the entries are not.
_OTHER = r"(?!(?:string|comment|preamble)\b)"
_STARTS = re.compile(rf"^[ \t]*@{_OTHER}", re.MULTILINE | re.IGNORECASE)
_KEYS = re.compile(
    r"^[ \t]*(@?)" + _OTHER + r"\w+[ \t]*[{(]\s*([^\s,{}()=\"，]+)\s*[,})，\n]", re.MULTILINE | re.IGNORECASE
)


@dataclass
class Entry:
    """One entry: key, type, fields as text, authors split, and the places where they stand."""

    key: str
    entry_type: str
    line: int
    fields: dict[str, str] = field(default_factory=dict)
    authors: list[dict[str, str]] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)

    def place(self, name: str | None = None) -> Place:
        """Where a field stands, or the entry."""
        return self.places.get(name or "", Place(self.line, 1))


def read_bibtex(text: str, file: str) -> tuple[list[Entry], list[Problem]]:
    """Read a BibTeX file. Broken entries become problems and the others are kept."""
    try:
        library = bibtexparser.parse_string(text, parse_stack=[])
        problems = [fault for entry in library.entries for fault in field_faults(entry, file)]
        for step in (
            middlewares.ResolveStringReferencesMiddleware(),
            middlewares.RemoveEnclosingMiddleware(),
            middlewares.NormalizeFieldKeys(),
            middlewares.SeparateCoAuthors(),
            middlewares.SplitNameParts(),
        ):
            library = step.transform(library)
    except Exception as error:  # noqa: BLE001 - whatever a foreign file does to the parser is a fault of the file
        return [], [
            Problem(file, 1, 1, f"is no BibTeX that can be read: {type(error).__name__}: {error}", example=EXAMPLE)
        ]
    problems += block_faults(library.blocks, file)
    lines = text.split("\n")
    entries = [_entry(block, lines) for block in library.entries]
    if not entries and not problems:
        problems.append(Problem(file, 1, 1, "holds no record", next_step="add records", example=EXAMPLE))
    return entries, problems


def keys_in(text: str) -> tuple[set[str], bool]:
    """Citation keys of all entries, also of those that cannot be read; and whether each entry has one of its own."""
    keys = [key for sign, key in _KEYS.findall(text) if sign]
    found = {key for _sign, key in _KEYS.findall(text)}
    return found, len(set(keys)) == len(_STARTS.findall(text)) > 0


def _entry(block: ParsedEntry, lines: list[str]) -> Entry:
    entry = Entry(block.key, block.entry_type, (block.start_line or 0) + 1)
    for item in block.fields:
        if item.key in OURS:
            continue
        item.key = item.key.rpartition("\n")[2].strip()  # a comment above the field, which is a problem of its own
        entry.places[item.key] = _place(item.key, (item.start_line or 0) + 1, lines)
        if item.key == "author":
            entry.authors = [_name(name) for name in item.value]
        else:
            raw = str(item.value)
            entry.fields[item.key] = " ".join((raw if item.key in _VERBATIM else plain(raw)).split())
    return entry


def _place(name: str, line: int, lines: list[str]) -> Place:
    """Line and column of a field; the parser knows the line of its equals sign."""
    written = lines[line - 1] if line <= len(lines) else ""
    found = re.search(rf"(?<![\w-]){re.escape(name)}\s*=", written, re.IGNORECASE)
    return Place(line, found.start() + 1 if found else 1)


def _name(name: middlewares.NameParts) -> dict[str, str]:
    family = plain(" ".join([*name.von, *name.last]))
    given = plain(" ".join([*name.first, *name.jr]))
    if not given:
        return {"literal": family}
    return {"family": family, "given": given}


#: Fields that are addresses, in which LaTeX's special characters mean themselves.
_VERBATIM = {"url", "doi", "sourceurl", "pmid"}
_LATEX = LatexNodes2Text(keep_braced_groups=False, math_mode="verbatim")
_UNESCAPED_PERCENT = re.compile(r"(?<!\\)%")


def plain(value: str) -> str:
    """LaTeX accents and escapes to characters; braces that protect capitals fall away.

    A bare ``%`` would start a LaTeX comment and swallow the rest of a title; databases export it so, hence it stays.
    """
    if not any(mark in value for mark in "\\{}"):
        return value
    try:
        return str(_LATEX.latex_to_text(_UNESCAPED_PERCENT.sub(r"\\%", value)))
    except Exception:  # noqa: BLE001 - broken LaTeX stays as it is written, and is seen on the page
        return value
