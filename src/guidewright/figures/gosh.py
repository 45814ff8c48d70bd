"""GOSH plots: the pooled results of all (or a million) subsets of studies as a cloud (Olkin et al. 2012).

A mark for each subset would be a file of many megabytes and a black blot; the subsets are counted in a grid instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from guidewright.figures import svg
from guidewright.figures.clipping import Box
from guidewright.figures.effect import Effect
from guidewright.figures.figure import Drawing, Figure, Sheet
from guidewright.figures.frame import Axis, Frame, frame
from guidewright.figures.legend import Entry, box_entry, legend, notes
from guidewright.figures.numerals import said
from guidewright.figures.scales import span
from guidewright.figures.table import Table

#: Classes of density; CSS makes them darker from 1 on.
LEVELS = 6
#: Side of a cell of the grid.
CELL = 6
_QUANTILES = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)
Counts = NDArray[np.int64]
Values = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Gosh(Figure):
    """One estimate (natural scale) and one measure of heterogeneity for each subset."""

    kind: ClassVar[str] = "gosh"
    estimates: ArrayLike
    heterogeneity: ArrayLike
    effect: Effect
    heterogeneity_title: str
    quantile_heading: str
    """Over the first column of the table, which holds percentiles."""
    subsets_words: str
    """What the shades count. Say "stronger", not "darker": on a dark page they are lighter."""

    @property
    def table(self) -> Table:
        """Percentiles of both: a row for each subset would help nobody."""
        x, y = self._pairs()
        rows = [
            (f"{100 * q:g}%", said(float(np.quantile(x, q))), said(float(np.quantile(y, q))))
            for q in (_QUANTILES if x.size else ())
        ]
        return Table((self.quantile_heading, self.effect.title, self.heterogeneity_title), tuple(rows))

    def _pairs(self) -> tuple[Values, Values]:
        x, y = (np.asarray(values, dtype=np.float64).ravel() for values in (self.estimates, self.heterogeneity))
        kept = np.isfinite(x) & np.isfinite(y) & ((x > 0) | (not self.effect.log))
        return x[kept], y[kept]

    def _has_data(self) -> bool:
        return bool(self._pairs()[0].size)

    def _drawing(self, sheet: Sheet) -> Drawing:
        x, y = self._pairs()
        across = Axis(self.effect.title, *span([x.min(), x.max()], log=self.effect.log), self.effect.log)
        upright = Axis(self.heterogeneity_title, *span([y.min(), y.max()]))
        margin = 40.0 if sheet.narrow else 70.0
        plot = _whole_cells(frame(sheet, across, upright, right=margin + 10, top=margin))
        box = plot.box
        shape = int((box.right - box.left) // CELL), int((box.bottom - box.top) // CELL)
        values = np.log(x) if self.effect.log else x
        columns = _cell(values, self.effect.inner(across.low), self.effect.inner(across.high), shape[0])
        rows = _cell(y, upright.low, upright.high, shape[1])
        counts = np.bincount(columns * shape[1] + rows, minlength=shape[0] * shape[1]).reshape(shape)
        limits = _levels(int(counts.max()))
        parts = list(_cloud(counts, limits, box))
        parts += _margins(counts, box, margin - 4)
        parts += plot.upright(self.effect.null, "gw-null")
        axes, end = plot.axes(self.effect)
        words, end = notes([self.subsets_words], 0, end, sheet.width)
        shades, end = legend(self._shades(limits, int(counts.max())), 0, end, sheet.width)
        return Drawing([*parts, *axes, *words, *shades], sheet.width, end)

    def _shades(self, limits: Sequence[int], most: int) -> list[Entry]:
        ends = [*(limit - 1 for limit in limits[1:]), most]
        words = [f"{a:,}–{b:,}" if b > a else f"{a:,}" for a, b in zip(limits, ends, strict=True)]
        return [box_entry(f"gw-density gw-d{n}", text) for n, text in enumerate(words, LEVELS - len(limits) + 1)]


def _whole_cells(plot: Frame) -> Frame:
    """The plot a little smaller, so that the grid fills it."""
    width = (plot.x.end - plot.x.start) // CELL * CELL
    height = (plot.y.start - plot.y.end) // CELL * CELL
    return replace(
        plot,
        x=replace(plot.x, end=plot.x.start + width),
        y=replace(plot.y, end=plot.y.start - height),
    )


def _cell(values: Values, low: float, high: float, cells: int) -> Counts:
    """The number of the cell of each value."""
    return np.clip(((values - low) * (cells / (high - low))).astype(np.int64), 0, cells - 1)


def _levels(most: int) -> list[int]:
    """The lowest count of each class, evenly spaced on a log scale."""
    return sorted({round(most ** (n / LEVELS)) for n in range(LEVELS)})


def _cloud(counts: Counts, limits: Sequence[int], box: Box) -> Iterator[str]:
    """One path for each class of density; neighbouring cells of a row are one rectangle."""
    classes = np.searchsorted(limits, counts, side="right")
    for level in range(1, len(limits) + 1):
        runs = []
        for row, found in enumerate((classes == level).T):
            edges = np.flatnonzero(np.diff(np.concatenate(([0], found.astype(np.int8), [0]))))
            y = svg.number(box.bottom - (row + 1) * CELL)
            for start, stop in edges.reshape(-1, 2).tolist():
                run = (stop - start) * CELL
                runs.append(f"M{svg.number(box.left + start * CELL)} {y}h{run}v{CELL}h-{run}z")
        yield svg.path("".join(runs), f"gw-density gw-d{LEVELS - len(limits) + level}")


def _margins(counts: Counts, box: Box, room: float) -> Iterator[str]:
    """How many subsets there are in each column (above) and in each row (right)."""
    for above in (True, False):
        sums = counts.sum(axis=1 if above else 0)
        bars = []
        for n, length in enumerate((sums * (room / sums.max())).tolist()):
            size = svg.number(length)
            if size == "0":
                continue
            if above:
                bars.append(
                    f"M{svg.number(box.left + n * CELL)} {svg.number(box.top - 2)}h{CELL - 1}v-{size}h-{CELL - 1}z"
                )
            else:
                y = svg.number(box.bottom - n * CELL)
                bars.append(f"M{svg.number(box.right + 2)} {y}h{size}v-{CELL - 1}h-{size}z")
        yield svg.path("".join(bars), "gw-histogram")
