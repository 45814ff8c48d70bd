"""What the flow is: boxes with numbers, and every publication with what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from guidewright.values import Source, Text

#: How a number came about. ``computed`` from the files; ``logged``: hits that the search log states without an export;
#: ``declared``: stated by a publication, with its source; ``unknown``: nobody said.
Standing = Literal["computed", "logged", "declared", "unknown"]
Route = Literal["databases", "other"]


class Fate(StrEnum):
    """What became of a publication; every publication has one.

    * ``undecided``: title and abstract are not judged by all, or reviewers differ.
    * ``excluded``: on title and abstract.
    * ``not-retrieved``: there was no full text to be had.
    * ``undecided-reports``: the full text is not judged by all, or reviewers differ.
    * ``excluded-reports``: in full text, with a reason.
    * ``included``: part of the review.
    """

    UNDECIDED = "undecided"
    EXCLUDED = "excluded"
    NOT_RETRIEVED = "not-retrieved"
    UNDECIDED_REPORTS = "undecided-reports"
    EXCLUDED_REPORTS = "excluded-reports"
    INCLUDED = "included"


@dataclass(frozen=True)
class Followed:
    """One publication and what became of it."""

    records: tuple[str, ...]
    """Identifiers of its copies."""
    databases: tuple[str, ...]
    """Sources in which it was found, as the search log names them."""
    route: Route
    """``databases`` if any database or register had it, else ``other``."""
    fate: Fate
    title: str
    authors: str
    """The first authors, as in a short citation."""
    year: int | None = None
    journal: str = ""
    doi: str = ""
    reason: str = ""
    """Why it was excluded in full text; empty where reviewers gave none that they agree on."""
    cite: str | None = None
    """Its citation key, if ``records.bib`` has it."""
    study: str | None = None
    """The study that it reports."""


@dataclass(frozen=True)
class Part:
    """A line of a box: one database, one reason."""

    label: Text
    number: int | None
    standing: Standing
    source: Source | None = None
    id: str = ""
    """The reason or database, or the declared count."""


@dataclass(frozen=True)
class Box:
    """One box with its number."""

    id: str
    number: int | None = None
    standing: Standing = "unknown"
    source: Source | None = None
    count: str | None = None
    """The declared count it is taken from."""
    parts: tuple[Part, ...] = ()

    @property
    def known(self) -> bool:
        """Whether there is anything to write into it."""
        return self.number is not None or bool(self.parts)


@dataclass(frozen=True)
class Flow:
    """The flow of a whole project, or of one question."""

    boxes: Mapping[str, Box]
    """Every box by its name, in reading order, also those without a number."""
    followed: tuple[Followed, ...] = ()
    question: str | None = None
    previous: Text | None = None
    """What the review before an update is called."""
    updates: bool = False
    """Whether it is the flow of an updated review."""

    @property
    def has_other(self) -> bool:
        """Whether anything came from outside databases and registers."""
        return any(box.known for name, box in self.boxes.items() if name.startswith("other-"))

    @property
    def started(self) -> bool:
        """Whether there is anything to draw at all."""
        return any(box.known for box in self.boxes.values())

    @property
    def unlinked(self) -> tuple[Followed, ...]:
        """Included publications that no study names among its reports."""
        return tuple(one for one in self.followed if one.fate is Fate.INCLUDED and one.study is None)

    def behind(self, box: str) -> tuple[Followed, ...]:
        """The publications of which a box is made; of boxes of studies, their reports."""
        route: Route = "other" if box.startswith("other-") else "databases"
        name = box.removeprefix("other-")
        if name in {"new-studies", "new-reports", "total-studies", "total-reports"}:
            return tuple(one for one in self.followed if one.fate is Fate.INCLUDED)
        if name in {"duplicates", "removed"}:
            return tuple(one for one in self.followed if one.route == route and len(one.records) > 1)
        fates = FATES_OF.get(name, frozenset())
        return tuple(one for one in self.followed if one.route == route and one.fate in fates)


_REPORTS = frozenset({Fate.UNDECIDED_REPORTS, Fate.EXCLUDED_REPORTS, Fate.INCLUDED})
#: Box -> fates of the publications in it.
FATES_OF: Mapping[str, frozenset[Fate]] = {
    "identified": frozenset(Fate),
    "screened": frozenset(Fate),
    "excluded": frozenset({Fate.EXCLUDED}),
    "undecided": frozenset({Fate.UNDECIDED}),
    "sought": _REPORTS | {Fate.NOT_RETRIEVED},
    "not-retrieved": frozenset({Fate.NOT_RETRIEVED}),
    "assessed": _REPORTS,
    "excluded-reports": frozenset({Fate.EXCLUDED_REPORTS}),
    "undecided-reports": frozenset({Fate.UNDECIDED_REPORTS}),
}
