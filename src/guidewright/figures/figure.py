"""What every figure is: a frozen value that draws itself for wide and narrow pages and has a table as equivalent."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from guidewright.figures import svg
from guidewright.figures.lettering import LEADING, wrap
from guidewright.figures.table import Table

WIDE = 760.0
NARROW = 360.0


@dataclass(frozen=True)
class Sheet:
    """What a figure is drawn on. ``identifier`` prefixes the names of patterns, which must be unique on a page."""

    identifier: str
    width: float
    narrow: bool


@dataclass(frozen=True)
class Drawing:
    """The elements of a figure and the room they take."""

    parts: Sequence[str]
    width: float
    height: float


@dataclass(frozen=True, kw_only=True)
class Figure(ABC):
    """A figure with its words, which the caller gives in the language of the page."""

    kind: ClassVar[str]
    """Names the figure in its CSS class ``gw-<kind>``."""
    identifier: str
    """Unique on its page."""
    title: str
    """What the figure is, read first."""
    description: str
    """What it shows, in a sentence or two: its message, not its shapes."""
    nothing: str
    """The sentence that is shown where there is nothing to draw."""

    def draw(self, *, narrow: bool = False) -> str:
        """Draw as SVG, ``narrow`` for screens of about 390 px. Colours come from the page."""
        sheet = Sheet(f"{self.identifier}-{'narrow' if narrow else 'wide'}", NARROW if narrow else WIDE, narrow)
        drawing = self._drawing(sheet) if self._has_data() else self._sentence(sheet)
        return svg.document(
            sheet.identifier,
            drawing.width,
            drawing.height,
            self.title,
            self.description,
            drawing.parts,
            f"gw-drawing gw-{self.kind} gw-{'narrow' if narrow else 'wide'}",
            links=self._links(),
        )

    def _links(self) -> bool:
        """Whether parts of it are links; then it is no image to screen readers, but a group of things."""
        return False

    @property
    @abstractmethod
    def table(self) -> Table:
        """The same content as a table."""

    @abstractmethod
    def _has_data(self) -> bool:
        """Whether there is anything to draw."""

    @abstractmethod
    def _drawing(self, sheet: Sheet) -> Drawing:
        """Draw what there is."""

    def _sentence(self, sheet: Sheet) -> Drawing:
        lines = wrap(self.nothing, sheet.width)
        parts = [svg.text(0, 18 + LEADING * n, words) for n, words in enumerate(lines)]
        return Drawing(parts, sheet.width, 26 + LEADING * (len(lines) - 1))
