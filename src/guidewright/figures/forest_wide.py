"""The wide layout of a forest plot: label, columns, plot, columns, judgements, side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from guidewright.figures import forest_marks, svg
from guidewright.figures.effect import rule
from guidewright.figures.figure import Drawing, Sheet
from guidewright.figures.forest_risk import STEP, signs
from guidewright.figures.lettering import LEADING, SMALL, widest, width, wrap
from guidewright.figures.rows import Kind, Row
from guidewright.figures.scales import OVERHANG

if TYPE_CHECKING:
    from guidewright.figures.forest import Forest

GAP = 14.0
INDENT = 10.0
#: Rows are closer together, and the axis is repeated on top, in plots of more rows than this.
MANY = 40


@dataclass(frozen=True)
class _Columns:
    """Where everything stands: right edges of the columns, the plot, the first judgement."""

    label: float
    rights: tuple[float, ...]
    headings: tuple[tuple[str, ...], ...]
    plot: tuple[float, float]
    risk: float
    width: float


def draw(forest: Forest, sheet: Sheet) -> Drawing:
    """Draw all rows."""
    columns = _columns(forest, sheet.width + (60.0 if forest.domains else 0.0))
    parts, y = _header(forest, columns)
    scale = forest_marks.axis(forest, *columns.plot)
    largest = forest_marks.heaviest(forest.rows)
    many = len(forest.rows) > MANY
    step = 19.0 if many else 24.0
    if many:
        above, end = rule(scale, y + 4)
        parts, y = [*parts, *above], end
    known = {judgement.sign: judgement for judgement in forest.judgements}
    drawn: list[str] = []
    blocks: list[tuple[float, float]] = []
    top = y
    for row in forest.rows:
        lines = _lines(row, columns)
        height = step + LEADING * (len(lines) - 1)
        if row.kind is Kind.NOTE:
            blocks, top = [*blocks, (top, y)], y + height
        drawn += _words(forest, row, columns, lines, y + step / 2)
        middle = y + height / 2
        drawn += forest_marks.mark(scale, row, middle, largest, half=step / 2 - 3)
        drawn += signs(row.risks, known, columns.risk, middle)
        y += height
    blocks = [(a, b) for a, b in [*blocks, (top, y)] if b > a]
    foot, end = forest_marks.foot(forest, scale, y, columns.width)
    return Drawing([*parts, *forest_marks.behind(forest, scale, blocks), *drawn, *foot], columns.width, end)


def _columns(forest: Forest, total: float) -> _Columns:
    """Columns take what their words need, the plot the rest; labels are broken where it would be too small."""
    bold = [row.kind is Kind.SUMMARY for row in forest.rows]
    cells, headings = [], []
    for number, column in enumerate(forest.columns):
        texts = [(row.cells[number], b) for row, b in zip(forest.rows, bold, strict=True) if row.cells]
        needed = max((width(text, bold=b) for text, b in texts), default=0.0)
        longest_word = widest(column.heading.split(), bold=True)
        lines = wrap(column.heading, max(needed, min(longest_word, 130.0)) + 1, bold=True)
        cells.append(max(needed, widest(lines, bold=True)))
        headings.append(tuple(lines))
    for number, column in enumerate(forest.columns):  # the name of an arm must fit over its columns
        members = [n for n, other in enumerate(forest.columns) if column.group and other.group == column.group]
        if members and members[-1] == number:
            lacking = width(column.group, bold=True) - sum(cells[n] for n in members) - GAP * (len(members) - 1)
            for n in members:
                cells[n] += max(0.0, lacking) / len(members)
    risk = STEP * len(forest.domains) + (GAP if forest.domains else 0.0)
    last = 0.0 if forest.domains or not all(column.before for column in forest.columns) else OVERHANG
    others = sum(cells) + GAP * (len(cells) + 1) + risk + last
    labels = [
        width(row.label, bold=row.kind is Kind.SUMMARY) + INDENT * row.indent
        for row in forest.rows
        if row.kind in {Kind.STUDY, Kind.SUMMARY, Kind.PREDICTION}
    ]
    longest = max([*labels, width(forest.label_heading, bold=True)]) + 2
    label = max(min(longest, max(total - others - 220.0, 150.0)), 60.0)
    plot = max(total - others - label, 200.0)
    x, rights, middle = label, [0.0] * len(cells), (0.0, 0.0)
    for before in (True, False):
        for number, column in enumerate(forest.columns):
            if column.before is before:
                x += GAP + cells[number]
                rights[number] = x
        if before:
            middle = (x + GAP, x + GAP + plot)
            x = middle[1]
    return _Columns(label, tuple(rights), tuple(headings), middle, x + GAP + STEP / 2, x + risk + last)


def _header(forest: Forest, columns: _Columns) -> tuple[list[str], float]:
    grouped = LEADING + 6 if any(column.group for column in forest.columns) else 0.0
    deepest = max((len(lines) for lines in columns.headings), default=1)
    base = 14 + grouped + LEADING * (deepest - 1)
    parts = [svg.text(0, base, forest.label_heading, "gw-head")]
    for right, lines in zip(columns.rights, columns.headings, strict=True):
        first = base - LEADING * (len(lines) - 1)
        parts += [svg.text(right, first + LEADING * n, words, "gw-head", "end") for n, words in enumerate(lines)]
    parts += _groups(forest, columns, base)
    for number, domain in enumerate(forest.domains):
        parts.append(svg.text(columns.risk + STEP * number, base, domain.letter, "gw-head", "middle"))
    return [*parts, svg.line(0, base + 8, columns.width, base + 8, "gw-rule")], base + 12


def _groups(forest: Forest, columns: _Columns, base: float) -> Iterator[str]:
    done: set[str] = set()
    for number, column in enumerate(forest.columns):
        if not column.group or column.group in done:
            continue
        done.add(column.group)
        members = [n for n in range(number, len(forest.columns)) if forest.columns[n].group == column.group]
        above = LEADING * max(len(columns.headings[n]) for n in members) + 6
        yield svg.text(columns.rights[members[-1]], base - above, column.group, "gw-head", "end")


def _lines(row: Row, columns: _Columns) -> list[str]:
    if row.kind is Kind.NOTE:
        return wrap(row.label, columns.width - INDENT * row.indent, SMALL)
    room = columns.plot[0] - GAP if row.kind is Kind.HEADING else columns.label
    return wrap(row.label, room - INDENT * row.indent, bold=row.kind in {Kind.HEADING, Kind.SUMMARY})


def _words(forest: Forest, row: Row, columns: _Columns, lines: Sequence[str], y: float) -> Iterator[str]:
    class_ = {Kind.HEADING: "gw-head", Kind.SUMMARY: "gw-strong", Kind.NOTE: "gw-tick"}.get(row.kind, "")
    for number, words in enumerate(lines):
        yield svg.text(INDENT * row.indent, y + 4.5 + LEADING * number, words, class_)
    middle = y + LEADING * (len(lines) - 1) / 2
    for right, words in zip(columns.rights, row.cells, strict=False):
        yield svg.text(right, middle + 4.5, words, class_, "end")
