"""Sets of records whose true duplicates are known.

Each is a folder with ``records_pre_merged.csv`` and ``merged_record_ids.csv`` (a row
for each set of copies, joined by ``;``).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from guidewright.evidence.bibliography import Name
from guidewright.evidence.dedupe.decide import Duplicates
from guidewright.evidence.found import Found

Pair = tuple[int, int]


@dataclass(frozen=True)
class DuplicateSet:
    """Records, and the groups of their numbers that are one publication."""

    name: str
    records: list[Found]
    groups: list[list[int]]

    @property
    def pairs(self) -> set[Pair]:
        """Every pair of copies."""
        return {(a, b) for group in self.groups for a, b in combinations(sorted(group), 2)}


@dataclass(frozen=True)
class Result:
    """What de-duplication made of a set; pairs by the numbers of their records."""

    merged: set[Pair]
    covered: set[Pair]
    ask: int
    related: int

    def against(self, true: set[Pair]) -> dict[str, float]:
        """Precision and recall of the merged pairs, and recall with those that are asked about."""
        return {
            "precision": len(self.merged & true) / max(len(self.merged), 1),
            "recall, merged": len(self.merged & true) / max(len(true), 1),
            "recall, with ask": len(self.covered & true) / max(len(true), 1),
        }


def sets_in(folder: Path) -> list[DuplicateSet]:
    """All sets of a folder; without any the program ends and says so."""
    found = [read_set(path.parent) for path in sorted(folder.glob("*/records_pre_merged.csv"))]
    if not found:
        raise SystemExit(f"{folder} holds no set of records: none of its folders has a records_pre_merged.csv")
    return found


def read_set(folder: Path) -> DuplicateSet:
    """One set."""
    with (folder / "records_pre_merged.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with (folder / "merged_record_ids.csv").open(encoding="utf-8", newline="") as file:
        merged = [row["merged_ids"].split(";") for row in csv.DictReader(file)]
    number = {row["ID"]: n for n, row in enumerate(rows)}
    groups = [[number[one] for one in group if one in number] for group in merged]
    return DuplicateSet(folder.name, [_found(folder.name, n, row) for n, row in enumerate(rows)], groups)


def _found(name: str, n: int, row: dict[str, str]) -> Found:
    def cell(column: str) -> str:
        return (row.get(column) or "").strip()

    year = cell("year").removesuffix(".0")
    return Found(
        id=f"{name}/{n + 1}",
        kind="article-journal" if cell("ENTRYTYPE") == "article" else "",
        title=cell("title"),
        authors=tuple(_name(part) for part in cell("author").split(" and ") if part.strip()),
        year=int(year) if year.isdigit() else None,
        journal=cell("journal") or cell("booktitle"),
        volume=cell("volume"),
        issue=cell("number"),
        pages=cell("pages"),
        doi=cell("doi").lower().removeprefix("https://doi.org/").removeprefix("http://dx.doi.org/"),
        abstract=cell("abstract"),
    )


def _name(text: str) -> Name:
    family, comma, given = text.strip().partition(",")
    return Name(family=family.strip(), given=given.strip()) if comma else Name(literal=family)


def result_of(records: list[Found], found: Duplicates) -> Result:
    """Read what was found as pairs of numbers; a question covers all pairs between the two groups."""
    number = {record.id: n for n, record in enumerate(records)}
    groups = [[number[one] for one in group] for group in found.groups]
    members = {one: group for group in groups for one in group}
    merged = {(a, b) for group in groups for a, b in combinations(sorted(group), 2)}
    covered = set(merged)
    for question in found.ask:
        one, other = number[question.record], number[question.same_as]
        covered |= {(min(a, b), max(a, b)) for a in members.get(one, [one]) for b in members.get(other, [other])}
    return Result(merged, covered, len(found.ask), len(found.related))


def studies_lost(merged: set[Pair], truth: DuplicateSet) -> int:
    """How many publications disappear: a group that joins k of them loses k - 1."""
    publication = {record: -1 - record for record in range(len(truth.records))}
    for n, group in enumerate(truth.groups):
        publication |= dict.fromkeys(group, n)
    parent = {record: record for record in publication}

    def root(record: int) -> int:
        while parent[record] != record:
            record = parent[record]
        return record

    for one, other in merged:
        parent[root(other)] = root(one)
    joined: dict[int, set[int]] = {}
    for record, known in publication.items():
        joined.setdefault(root(record), set()).add(known)
    return sum(len(known) - 1 for known in joined.values())
