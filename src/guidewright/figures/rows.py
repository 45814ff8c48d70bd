"""The rows and columns of a forest plot."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a row of a forest plot is."""

    HEADING = "heading"
    """The name of a group."""
    STUDY = "study"
    """An estimate: a square as large as its weight, with its interval."""
    SUMMARY = "summary"
    """A pooled estimate: a diamond as wide as its interval."""
    PREDICTION = "prediction"
    """The prediction interval of the summary above."""
    NOTE = "note"
    """A line of words across the plot, such as the heterogeneity of the group above."""


@dataclass(frozen=True)
class Row:
    """One row, in the order in which it is drawn. Effects are on the natural scale."""

    kind: Kind
    label: str
    cells: tuple[str, ...] = ()
    """One text for each column of the plot; none for headings and notes."""
    estimate: float | None = None
    low: float | None = None
    """Lower limit; an estimate without limits is drawn as an open square."""
    high: float | None = None
    weight: float | None = None
    """Weight on any scale: the largest of the plot gets the largest square."""
    hollow: bool = False
    """Drawn open: a second summary beside the main one, or a study that is not pooled."""
    indent: int = 0
    """Depth of the label, for subgroups of groups."""
    risks: tuple[str, ...] = ()
    """The sign of a judgement for each domain of the risk of bias; an empty text where there is none."""


@dataclass(frozen=True)
class Column:
    """A column of words beside the plot."""

    heading: str
    group: str = ""
    """A heading over several neighbouring columns, such as the name of an arm."""
    before: bool = False
    """Whether it stands left of the plot (an arm's data) or right of it (the numbers that are drawn)."""
    main: bool = False
    """The estimate with its interval: on narrow screens it stands beside the label, all else below."""

    @property
    def name(self) -> str:
        """Group and heading in one."""
        return ": ".join(filter(None, (self.group, self.heading)))


class Tone(StrEnum):
    """How a judgement of bias is drawn: good is an open circle, bad a filled one, the others lie between."""

    GOOD = "good"
    OPEN = "open"
    BAD = "bad"
    NONE = "none"


@dataclass(frozen=True)
class Judgement:
    """A judgement of the risk of bias; ``sign`` is one character, so that no meaning rests on colour."""

    sign: str
    tone: Tone
    meaning: str


@dataclass(frozen=True)
class Domain:
    """A domain of bias under a letter."""

    letter: str
    name: str


@dataclass(frozen=True)
class Reference:
    """A vertical line through a plot, such as a threshold or a published estimate."""

    value: float
    words: str
