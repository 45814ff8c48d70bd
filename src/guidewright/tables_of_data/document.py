"""A short report as blocks, written as text for a terminal or as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.cells import cell_len

#: Cells of text are cut to this width on a terminal; Markdown has them whole.
WIDEST = 44


@dataclass(frozen=True)
class Heading:
    """A heading; depth 1 is the title."""

    words: str
    depth: int = 2


@dataclass(frozen=True)
class Paragraphs:
    """Sentences, one below the other."""

    lines: Sequence[str]


@dataclass(frozen=True)
class Grid:
    """A table; the first ``words`` columns hold text, the others numbers."""

    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    words: int = 1


Block = Heading | Paragraphs | Grid


def clean(words: str) -> str:
    """Text on one line, characters that cannot be seen (or would steer a terminal) made visible."""
    line = " ".join(words.split())
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in line)


def as_text(blocks: Iterable[Block]) -> str:
    """For a terminal: columns aligned, Chinese signs counted as two."""
    lines: list[str] = []
    for block in blocks:
        match block:
            case Heading(words, depth):
                lines += [*([""] if lines and lines[-1] else []), words, ("=" if depth == 1 else "-") * cell_len(words)]
            case Paragraphs(words):
                lines += words
            case Grid():
                lines += [*_aligned(block), ""]
    return "\n".join(lines).strip("\n")


def as_markdown(blocks: Iterable[Block]) -> str:
    """As a Markdown document; signs that mean something there are escaped."""
    parts: list[str] = []
    for block in blocks:
        match block:
            case Heading(words, depth):
                parts.append(f"{'#' * depth} {_escaped(words)}")
            case Paragraphs(words):
                parts.append("\n".join(f"- {_escaped(line)}" for line in words))
            case Grid(header, rows, words):
                rule = ["---" if number < words else "---:" for number in range(len(header))]
                table = [[_escaped(cell) for cell in row] for row in (header, *rows)]
                table.insert(1, rule)
                parts.append("\n".join(f"| {' | '.join(row)} |" for row in table))
    return "\n\n".join(part for part in parts if part)


def _aligned(grid: Grid) -> list[str]:
    table = [[_cut(cell) for cell in row] for row in (grid.header, *grid.rows)]
    widths = [max(cell_len(row[number]) for row in table) for number in range(len(grid.header))]
    lines = []
    for row in table:
        cells = [
            cell + " " * (width - cell_len(cell)) if number < grid.words else " " * (width - cell_len(cell)) + cell
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    return lines


def _cut(cell: str) -> str:
    if cell_len(cell) <= WIDEST:
        return cell
    shown = ""
    for sign in cell:
        if cell_len(shown + sign) > WIDEST - 1:
            break
        shown += sign
    return shown + "…"


def _escaped(words: str) -> str:
    return re.sub(r"([\\`*_\[\]|~#]|<(?=[A-Za-z/!?]))", r"\\\1", words)
