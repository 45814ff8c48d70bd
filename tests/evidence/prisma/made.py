"""A flow of made records: who found what, what was decided, what belongs together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from guidewright.evidence.dedupe.merging import publications
from guidewright.evidence.duplicates import DuplicateDecision
from guidewright.evidence.found import Found
from guidewright.evidence.prisma.computing import Material, compute
from guidewright.evidence.prisma.flow import Flow
from guidewright.evidence.screening import ScreeningDecision
from guidewright.evidence.searches import Searches
from guidewright.evidence.selecting.state import selection

SOURCE = {"url": "https://example.org/flow"}


def searches(**more: Any) -> Searches:
    """Two databases with five and three records, and reference lists with two."""
    databases = [
        {"name": "PubMed", "file": "searches/exports/pubmed.nbib"},
        {"name": "Embase", "file": "searches/exports/embase.ris", "questions": ["q02"]},
        {"name": "Reference lists", "file": "searches/exports/lists.csv", "kind": "citations"},
    ]
    return Searches.model_validate({"databases": databases} | more)


def records(numbers: Mapping[str, int] | None = None) -> list[Found]:
    counted = numbers or {"pubmed": 5, "embase": 3, "lists": 2}
    return [Found(id=f"{name}/{n}", title=f"{name} {n}") for name, of in counted.items() for n in range(1, of + 1)]


def same(*pairs: tuple[str, str]) -> list[DuplicateDecision]:
    return [DuplicateDecision(record=a, same_as=b, decision="same") for a, b in pairs]


def said(stage: str, words: str) -> list[ScreeningDecision]:
    """``pubmed/1 include; pubmed/2 exclude population``."""
    found = []
    for one in words.split(";"):
        record, decision, *reason = one.split()
        line = {"record": record, "stage": stage, "decision": decision, "reason": reason[0] if reason else None}
        found.append(ScreeningDecision.model_validate(line))
    return found


def flow(
    log: Searches,
    duplicates: Sequence[DuplicateDecision] = (),
    decisions: Sequence[ScreeningDecision] = (),
    *,
    cites: Mapping[str, str] | None = None,
    studies: Mapping[str, str] | None = None,
    question: str | None = None,
    found: Sequence[Found] | None = None,
) -> Flow:
    """The flow of one reviewer's decisions."""
    units = publications(records() if found is None else found, duplicates)
    files = {"li-na": decisions} if decisions else {}
    material = Material(log, selection(units, files), cites or {}, studies or {}, found is None or bool(found))
    return compute(material, question)


def numbers(made: Flow) -> dict[str, int]:
    """The boxes that have a number."""
    return {name: box.number for name, box in made.boxes.items() if box.number is not None}
