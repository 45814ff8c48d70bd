"""One record out of several copies: the best of each field, and from which copy it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from guidewright.evidence.dedupe.places import read_pages
from guidewright.evidence.dedupe.titles import read_title
from guidewright.evidence.duplicates import DuplicateDecision
from guidewright.evidence.found import Found


@dataclass(frozen=True, slots=True)
class Publication:
    """One publication: the merged record, and all records that it is made of."""

    found: Found
    """The best of each field; its identifier is the first of all copies in order of the alphabet."""
    records: tuple[Found, ...]
    """The copies, in order of their identifiers; one, if there is no other."""
    sources: Mapping[str, str]
    """Field -> identifier of the copy it is from; fields that no copy has are left out."""

    @property
    def ids(self) -> tuple[str, ...]:
        """Identifiers of the copies."""
        return tuple(record.id for record in self.records)

    @property
    def databases(self) -> tuple[str, ...]:
        """Databases in which it was found, in order of the alphabet."""
        return tuple(sorted({record.database for record in self.records if record.database}))


def publications(records: Sequence[Found], decisions: Iterable[DuplicateDecision]) -> list[Publication]:
    """Every publication among found records, as ``evidence/duplicates.csv`` says; in order of their identifiers."""
    groups = groups_decided(decisions)
    by_id = {record.id: record for record in records}
    taken: set[str] = set()
    found = []
    for group in groups:
        members = [by_id[one] for one in group if one in by_id]
        if members:
            found.append(merged(members))
            taken |= {member.id for member in members}
    found += [merged([record]) for record in records if record.id not in taken]
    return sorted(found, key=lambda one: natural(one.found.id))


def groups_decided(decisions: Iterable[DuplicateDecision]) -> list[list[str]]:
    """Groups of copies by the decisions alone. What a person keeps apart is in no group together.

    Lines of people come first, then those of the tool, each in order of the records.
    """
    lines = sorted(decisions, key=lambda line: (line.automatic, line.pair))
    people = {line.pair for line in lines if not line.automatic}
    apart = [line.pair for line in lines if line.decision != "same" and not (line.automatic and line.pair in people)]
    group: dict[str, set[str]] = {}
    for line in lines:
        if line.decision != "same" or (line.automatic and line.pair in people):
            continue
        here, there = (group.get(one, {one}) for one in line.pair)
        together = here | there
        if not any(one in together and other in together for one, other in apart):
            group.update(dict.fromkeys(together, together))
    unique = {min(members): members for members in group.values()}
    return [sorted(members, key=natural) for _, members in sorted(unique.items())]


def natural(identifier: str) -> tuple[str, int]:
    """Order of identifiers in which record 2 comes before record 10."""
    stem, _, number = identifier.rpartition("/")
    return (stem, int(number)) if number.isdigit() else (identifier, 0)


def merged(copies: Sequence[Found]) -> Publication:
    """Merge copies. The order in which they come does not matter. Raises ValueError if there are none."""
    if not copies:
        raise ValueError("there is nothing to merge")
    ordered = sorted(copies, key=lambda record: natural(record.id))
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for field in fields(Found):
        if field.name in {"id", "line", "raw", "database", "accession"}:
            continue
        known = [record for record in ordered if getattr(record, field.name)]
        if not known:
            continue
        if field.name in {"keywords", "registrations"}:
            values[field.name] = tuple(dict.fromkeys(word for record in known for word in getattr(record, field.name)))
            sources[field.name] = known[0].id
            continue
        best = max(known, key=_merit(field.name, known))
        values[field.name] = getattr(best, field.name)
        sources[field.name] = best.id
    first = ordered[0]
    databases = "; ".join(sorted({record.database for record in ordered if record.database}))
    return Publication(replace(first, **values, database=databases), tuple(ordered), sources)


def _merit(field: str, known: Sequence[Found]) -> Callable[[Found], Any]:
    """What makes a copy's field better than that of others; of equal ones the first is taken."""
    if field == "title":
        return lambda r: (not r.title.isupper(), -_additions(r.title), len(r.title))
    if field == "authors":
        return lambda r: (len(r.authors), sum(len(str(name)) for name in r.authors))
    if field == "pages":
        return lambda r: (read_pages(r.pages).last >= 0, read_pages(r.pages).number >= 0, len(r.pages))
    if field in {"abstract", "journal", "publisher"}:
        return lambda r: len(getattr(r, field))
    often = Counter(getattr(record, field) for record in known)
    return lambda r: often[getattr(r, field)]


def _additions(title: str) -> int:
    """Letters of a title that a database added."""
    return sum(c.isalnum() for c in title) - len(read_title(title).key)
