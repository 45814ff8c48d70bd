"""What wide and narrow forest plots share: the axis, the marks of a row, the lines through all rows, the foot."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from statistics import median_low
from typing import TYPE_CHECKING

from guidewright.figures import marks, svg
from guidewright.figures.effect import across
from guidewright.figures.forest_risk import key
from guidewright.figures.legend import Entry, box_entry, legend, line_entry, notes
from guidewright.figures.rows import Kind, Row
from guidewright.figures.scales import Scale, span, usable

if TYPE_CHECKING:
    from guidewright.figures.forest import Forest


def axis(forest: Forest, left: float, right: float) -> Scale:
    """The axis: all estimates, and as much of the intervals as leaves the usual ones readable."""
    return Scale(*(forest.limits or _limits(forest)), left, right, forest.effect.log)


def _limits(forest: Forest) -> tuple[float, float]:
    effect = forest.effect
    rows = [row for row in forest.rows if row.kind not in {Kind.HEADING, Kind.NOTE}]
    summaries = [v for row in rows if row.kind is Kind.SUMMARY for v in (row.low, row.high)]
    mid = forest.mid or ()
    core = usable([*(row.estimate for row in rows), *summaries, *mid, effect.null], log=effect.log)
    every = usable([*core, *(v for row in rows for v in (row.low, row.high))], log=effect.log)
    widths = [
        effect.inner(row.high) - effect.inner(row.low)
        for row in rows
        if row.low is not None and row.high is not None and len(usable([row.low, row.high], log=effect.log)) == 2
    ]
    inner, all_inner = [effect.inner(v) for v in core], [effect.inner(v) for v in every]
    if not inner:
        return span(every, log=effect.log)
    room = 1.5 * max(median_low(widths) if widths else 0.0, (max(inner) - min(inner)) / 2)
    low, high = max(min(all_inner), min(inner) - room), min(max(all_inner), max(inner) + room)
    return span([effect.outer(low), effect.outer(high)], log=effect.log, pad=0.03)


def heaviest(rows: Sequence[Row]) -> float:
    """The largest weight of the studies."""
    weights = [row.weight for row in rows if row.kind is Kind.STUDY and row.weight is not None]
    return max((w for w in weights if math.isfinite(w)), default=0.0)


def mark(scale: Scale, row: Row, y: float, largest: float, *, half: float = 6.5) -> Iterator[str]:
    """What a row shows in the plot."""
    low, high = (v if v is not None and not math.isnan(v) else None for v in (row.low, row.high))
    bounded = low is not None and high is not None
    if row.kind is Kind.PREDICTION and low is not None and high is not None:
        yield from marks.bar(scale, low, high, y)
    if row.estimate is None or not math.isfinite(row.estimate) or (scale.log and row.estimate <= 0):
        return
    if row.kind is Kind.SUMMARY and low is not None and high is not None:
        yield from marks.diamond(scale, row.estimate, low, high, y, "gw-hollow" if row.hollow else "gw-mark")
    elif row.kind in {Kind.STUDY, Kind.SUMMARY}:
        if low is not None and high is not None:
            yield from marks.interval(scale, low, high, y)
        if scale.holds(row.estimate):
            side = min(marks.side(row.weight, largest), 2 * half)
            class_ = "gw-hollow" if row.hollow or not bounded else "gw-mark"
            yield svg.square(scale.at(row.estimate), y, side, class_)
        elif not bounded:
            yield marks.arrowhead(scale.at(row.estimate), y, to_left=row.estimate < scale.low)


def behind(forest: Forest, scale: Scale, blocks: Sequence[tuple[float, float]]) -> Iterator[str]:
    """The band and the lines behind the marks, in each block of rows (notes interrupt them)."""
    for top, bottom in blocks:
        if forest.mid:
            low, high = scale.at(forest.mid[0]), scale.at(forest.mid[1])
            yield svg.rectangle(low, top, high - low, bottom - top, "gw-band")
        for reference in forest.references:
            if scale.holds(reference.value):
                yield svg.line(scale.at(reference.value), top, scale.at(reference.value), bottom, "gw-reference")
        if forest.effect.null is not None and scale.holds(forest.effect.null):
            x = scale.at(forest.effect.null)
            yield svg.line(x, top, x, bottom, "gw-null")


def foot(forest: Forest, scale: Scale, y: float, width: float) -> tuple[list[str], float]:
    """The axis, what the band and lines mean, the notes and the key to the judgements; and where it ends."""
    parts, y = across(scale, forest.effect, y)
    entries: list[Entry] = []
    if forest.mid:
        entries.append(box_entry("gw-band", forest.mid_words))
    entries += [line_entry("gw-reference", reference.words) for reference in forest.references]
    samples, y = legend(entries, 0, y, width)
    lines, y = notes(forest.notes, 0, y, width)
    signs, y = key(forest.domains, forest.judgements, y, width)
    return [*parts, *samples, *lines, *signs], y + 2
