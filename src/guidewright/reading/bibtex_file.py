"""BibTeX to entries of text, with the line of every entry and field; nothing is dropped silently."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, field

import bibtexparser
from bibtexparser import middlewares
from bibtexparser.model import (
    DuplicateBlockKeyBlock,
    DuplicateFieldKeyBlock,
    ImplicitComment,
    MiddlewareErrorBlock,
    ParsingFailedBlock,
)
from pylatexenc.latex2text import LatexNodes2Text

from guidewright.problems import Problem

# The parser logs what it also returns as failed blocks; a user sees those as problems, once.
logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)
logging.getLogger("pylatexenc").setLevel(logging.CRITICAL)

EXAMPLE = "@article{klazen2010,\n  author = {Klazen, C. A. H. and others},\n  title = {...},\n  year = {2010},\n}"


@dataclass
class Entry:
    """One entry: key, type, fields as text, authors split, and the lines where they stand."""

    key: str
    entry_type: str
    line: int
    fields: dict[str, str] = field(default_factory=dict)
    authors: list[dict[str, str]] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)


def read_bibtex(text: str, file: str) -> tuple[list[Entry], list[Problem]]:
    """Read a BibTeX file. Broken entries become problems and the others are kept."""
    try:
        library = bibtexparser.parse_string(
            text,
            append_middleware=[
                middlewares.NormalizeFieldKeys(),
                middlewares.SeparateCoAuthors(),
                middlewares.SplitNameParts(),
            ],
        )
    except Exception as error:  # noqa: BLE001 - whatever a foreign file does to the parser is a fault of the file
        return [], [
            Problem(file, 1, 1, f"is no BibTeX that can be read: {type(error).__name__}: {error}", example=EXAMPLE)
        ]
    problems = [_failed(block, file) for block in library.failed_blocks]
    problems += [
        _stray(block, file) for block in library.blocks if isinstance(block, ImplicitComment) and _loses(block)
    ]
    entries = [_entry(block) for block in library.entries]
    if not entries and not problems:
        problems.append(Problem(file, 1, 1, "holds no record", next_step="add records", example=EXAMPLE))
    return entries, problems


def _line(block: object) -> int:
    return (getattr(block, "start_line", None) or 0) + 1


def _failed(block: ParsingFailedBlock, file: str) -> Problem:
    raw = (block.raw or "").strip().splitlines()
    if isinstance(block, DuplicateBlockKeyBlock):
        first = (block.previous_block.start_line or 0) + 1
        return Problem(
            file,
            _line(block),
            1,
            f"the citation key `{block.key}` stands twice (first on line {first})",
            value=block.key,
            next_step="if it is the same publication delete one entry, otherwise rename one key",
        )
    if isinstance(block, DuplicateFieldKeyBlock):
        names = ", ".join(sorted(block.duplicate_keys))
        return Problem(
            file,
            _line(block),
            1,
            f"an entry has the same field twice: {names}",
            value=raw[0] if raw else None,
            next_step="keep one of the two",
        )
    what = "a field of this entry cannot be read" if isinstance(block, MiddlewareErrorBlock) else "this entry is broken"
    return Problem(
        file,
        _line(block),
        1,
        f"{what}: a brace, comma or `=` is missing or stands too much",
        value=raw[0] if raw else None,
        example=EXAMPLE,
        next_step="compare the braces and commas of the entry with the example",
    )


def _loses(block: ImplicitComment) -> bool:
    return any(line.strip() and not line.lstrip().startswith("%") for line in block.comment.splitlines())


def _stray(block: ImplicitComment, file: str) -> Problem:
    lines = block.comment.splitlines()
    at = next(n for n, line in enumerate(lines) if line.strip() and not line.lstrip().startswith("%"))
    return Problem(
        file,
        _line(block) + at,
        1,
        "text outside of an entry would be lost",
        value=lines[at].strip(),
        next_step="if it is a comment start the line with %, otherwise mend the entry above or below",
    )


def _entry(block: bibtexparser.model.Entry) -> Entry:
    entry = Entry(block.key, block.entry_type, _line(block))
    for item in block.fields:
        entry.lines[item.key] = _line(item)
        if item.key == "author":
            entry.authors = [_name(name) for name in item.value]
        else:
            raw = str(item.value)
            entry.fields[item.key] = " ".join((raw if item.key in _VERBATIM else _plain(raw)).split())
    return entry


def _name(name: middlewares.NameParts) -> dict[str, str]:
    family = _plain(" ".join([*name.von, *name.last]))
    given = _plain(" ".join([*name.first, *name.jr]))
    if not given:
        return {"literal": family}
    return {"family": family, "given": given}


#: Fields that are addresses, in which LaTeX's special characters mean themselves.
_VERBATIM = {"url", "doi", "sourceurl", "pmid"}
_LATEX = LatexNodes2Text(keep_braced_groups=False, math_mode="verbatim")
_UNESCAPED_PERCENT = re.compile(r"(?<!\\)%")


def _plain(value: str) -> str:
    """LaTeX accents and escapes to characters; braces that protect capitals fall away.

    A bare ``%`` would start a LaTeX comment and swallow the rest of a title; databases export it so, hence it stays.
    """
    if not any(mark in value for mark in "\\{}"):
        return value
    try:
        return str(_LATEX.latex_to_text(_UNESCAPED_PERCENT.sub(r"\\%", value)))
    except Exception:  # noqa: BLE001 - broken LaTeX stays as it is written, and is seen on the page
        return value
