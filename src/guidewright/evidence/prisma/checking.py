"""Numbers of the flow that cannot all be right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from guidewright.evidence.prisma.flow import Flow
from guidewright.evidence.prisma.library import box_sums
from guidewright.evidence.searches import Searches


@dataclass(frozen=True)
class Clash:
    """Numbers that do not fit.

    * ``sum``: boxes do not add up to the box they come from.
    * ``parts``: the lines of a box do not add up to its number.
    * ``declared``: a publication states another number than the files give.
    """

    kind: Literal["sum", "parts", "declared"]
    box: str
    whole: int
    """What the box says; for ``declared``, what is computed."""
    added: int
    """What its parts come to; for ``declared``, what is declared."""
    terms: tuple[tuple[str, int], ...]
    """Boxes, lines or the declared count, with their numbers."""


def clashes(flow: Flow, searches: Searches) -> Iterator[Clash]:
    """Everything in a flow that cannot be right.

    A part that nobody counted may be anything from 0 up: then only parts that exceed the whole are a clash.
    """
    for one in box_sums():
        wholes = [flow.boxes[name] for name in one.wholes]
        numbers = [box.number for box in wholes if box.number is not None]
        parts = [flow.boxes[name] for name in one.parts]
        terms = tuple((box.id, box.number) for box in parts if box.number is not None)
        # a column that the review does not have counts nothing
        absent = {box.id for box in (*wholes, *parts) if box.id.startswith("other-") and not flow.has_other}
        complete = all(box.number is not None or box.id in absent for box in wholes)
        if not numbers or not terms or not complete:
            continue
        whole, added = sum(numbers), sum(number for _, number in terms)
        open_ = any(box.number is None and box.id not in absent and not _only_computed(box.id) for box in parts)
        if added > whole or (added < whole and not open_):
            yield Clash("sum", one.wholes[0], whole, added, terms)
    for box in flow.boxes.values():
        known = tuple((part.id, part.number) for part in box.parts if part.number is not None)
        if box.number is None or not known or box.id == "new-studies":
            continue
        added = sum(number for _, number in known)
        all_told = box.id in {"identified", "other-identified"} and len(known) == len(box.parts)
        if added > box.number or (added < box.number and all_told):
            yield Clash("parts", box.id, box.number, added, known)
    yield from _declared(flow, searches)


def _only_computed(box: str) -> bool:
    """Boxes that exist while work goes on; a publication does not state them."""
    return "undecided" in box


def _declared(flow: Flow, searches: Searches) -> Iterator[Clash]:
    for count in searches.counts:
        if count.box is None or count.part or flow.question:
            continue
        box = flow.boxes[count.box]
        if box.number is not None and box.count != count.id and box.number != count.number:
            yield Clash("declared", box.id, box.number, count.number, ((count.id, count.number),))
