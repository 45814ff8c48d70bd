"""From imports, duplicates, decisions and links to the numbers of the flow.

Records, reports and studies are kept apart. *Records* are entries of databases: copies of one publication are
several records. A *report* is a publication whose full text was asked for. A *study* is what reports are about; it is
known once a file in ``evidence/studies`` names the report.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from guidewright.evidence.dedupe.merging import Publication
from guidewright.evidence.found import Found
from guidewright.evidence.importers.reading import stem_of
from guidewright.evidence.prisma.flow import FATES_OF, Box, Fate, Flow, Followed, Part, Route
from guidewright.evidence.prisma.library import box_kinds
from guidewright.evidence.searches import Database, Searches
from guidewright.evidence.selecting.library import exclusion_reasons
from guidewright.evidence.selecting.state import Selection, Verdict
from guidewright.words import say

#: The reason that is no exclusion: the report could not be had.
NOT_RETRIEVED = "not-retrieved"


@dataclass(frozen=True)
class Material:
    """What the flow is computed from."""

    searches: Searches
    selection: Selection
    """Publications with all decisions; without exports, the references that somebody decided about."""
    cites: Mapping[str, str]
    """Publication -> citation key, where it has one."""
    studies: Mapping[str, str]
    """Citation key -> study that names it as a report."""
    exported: bool
    """Whether the publications come from export files."""


def compute(material: Material, question: str | None = None) -> Flow:
    """The flow of a project; with ``question``, of the searches that were made for it.

    Numbers that a publication declares fill the boxes that cannot be computed; for a single question they are left out,
    since they count the whole.
    """
    searches = material.searches
    sources = [one for one in searches.databases if not (question and one.questions and question not in one.questions)]
    by_stem = {stem_of(PurePosixPath(one.file).name): one for one in sources if one.file}
    followed = _followed(material, by_stem)
    counted = Counter(
        _is_listed(source)
        for one in material.selection.publications.values()
        for record in one.records
        if material.exported and (source := _source(record, by_stem)) is not None
    )
    boxes = dict.fromkeys(box_kinds(), Box(""))
    for box, listed in (("identified", True), ("other-identified", False)):
        boxes |= _identified(box, [one for one in sources if _is_listed(one) is listed], material, by_stem)
    boxes |= _selected(material, followed, "databases", counted[True])
    if material.exported and counted[False]:
        boxes |= _selected(material, followed, "other", counted[False])
    boxes |= _included(material, followed, _judged(material, followed, "full-text"))
    named = {name: replace(box, id=name) for name, box in boxes.items()}
    if question is None:
        named = _with_declared(named, searches)
    named = _with_totals(named)
    updates = searches.previous is not None or any(
        named[name].known for name in ("previous-studies", "previous-reports")
    )
    return Flow(named, followed, question, searches.previous.label if searches.previous else None, updates)


def _source(record: Found, by_stem: Mapping[str, Database]) -> Database | None:
    return by_stem.get(record.id.rpartition("/")[0])


def _is_listed(source: Database) -> bool:
    """Whether a source is a database or a register."""
    return source.kind in {"database", "register"}


# --- publications -------------------------------------------------------------------------------------------------


def _followed(material: Material, by_stem: Mapping[str, Database]) -> tuple[Followed, ...]:
    found = []
    for name, one in material.selection.publications.items():
        sources = [source for record in one.records if (source := _source(record, by_stem)) is not None]
        if material.exported and not sources:
            continue  # a search for another question
        fate, reason = _fate(material.selection, name)
        cite = material.cites.get(name)
        listed = any(map(_is_listed, sources)) or not sources
        found.append(
            Followed(
                records=one.ids,
                databases=tuple(dict.fromkeys(source.name for source in sources)),
                route="databases" if listed else "other",
                fate=fate,
                title=one.found.title,
                authors=_authors(one),
                year=one.found.year,
                journal=one.found.journal,
                doi=one.found.doi,
                reason=reason,
                cite=cite,
                study=material.studies.get(cite) if cite else None,
            )
        )
    return tuple(found)


def _authors(one: Publication) -> str:
    names = [str(name) for name in one.found.authors]
    return "; ".join(names[:3]) + (" …" if len(names) > 3 else "")


def _fate(selection: Selection, name: str) -> tuple[Fate, str]:
    first = selection.at(name, "title-abstract").verdict
    if first is Verdict.EXCLUDED:
        return Fate.EXCLUDED, ""
    if first is not Verdict.INCLUDED:
        return Fate.UNDECIDED, ""
    said = selection.at(name, "full-text")
    if said.verdict is Verdict.INCLUDED:
        return Fate.INCLUDED, ""
    if said.verdict is not Verdict.EXCLUDED:
        return Fate.UNDECIDED_REPORTS, ""
    return (Fate.NOT_RETRIEVED if said.reason == NOT_RETRIEVED else Fate.EXCLUDED_REPORTS), said.reason


def _judged(material: Material, followed: Iterable[Followed], stage: str) -> bool:
    """Whether anybody has decided anything at a stage."""
    names = {one.records[0] for one in followed}
    return any(
        (said.by or said.consensus) and name in names and at == stage
        for (name, at), said in material.selection.said.items()
    )


# --- boxes --------------------------------------------------------------------------------------------------------


def _identified(
    box: str, sources: Sequence[Database], material: Material, by_stem: Mapping[str, Database]
) -> dict[str, Box]:
    """Records by source: those of its export, or the hits that the log states."""
    if not sources:
        return {}
    read = Counter(
        id(source)
        for one in material.selection.publications.values()
        for record in one.records
        if material.exported and (source := _source(record, by_stem)) is not None
    )
    parts: dict[str, Part] = {}
    for one in sources:
        exported = one.file is not None and material.exported
        number = read[id(one)] if exported else one.hits
        before = parts.get(one.name)
        if before is not None:  # one database, searched twice
            number = None if number is None or before.number is None else before.number + number
        same = dict.fromkeys(("zh", "en"), one.name)
        standing = "computed" if exported else "logged" if number is not None else "unknown"
        parts[one.name] = Part(same, number, standing, id=one.name)  # type: ignore[arg-type]
    known = [part.number for part in parts.values() if part.number is not None]
    whole = any(part.standing == "computed" for part in parts.values()) or len(known) == len(parts)
    if not whole:
        return {box: Box(box, parts=tuple(parts.values()) if known else ())}
    standing = "computed" if any(part.standing == "computed" for part in parts.values()) else "logged"
    return {box: Box(box, sum(known), standing, parts=tuple(parts.values()))}  # type: ignore[arg-type]


def _selected(material: Material, followed: Sequence[Followed], route: Route, records: int) -> dict[str, Box]:
    here = [one for one in followed if one.route == route]
    fates = Counter(one.fate for one in here)
    prefix = "other-" if route == "other" else ""

    def counted(name: str, parts: tuple[Part, ...] = ()) -> dict[str, Box]:
        number = sum(fates[fate] for fate in FATES_OF[name])
        return {prefix + name: Box(prefix + name, number, "computed", parts=parts)}

    boxes: dict[str, Box] = {}
    if material.exported and route == "databases":
        boxes["duplicates"] = Box("duplicates", records - len(here), "computed")
        boxes |= {name: Box(name, 0, "computed") for name in ("automation", "removed-other")}
    if not _judged(material, here, "title-abstract"):
        return boxes
    if route == "databases":
        boxes |= counted("screened") | counted("excluded")
    else:
        left = {"copies": records - len(here), "screened-out": fates[Fate.EXCLUDED]}
        parts = tuple(Part(say(f"prisma.part.{name}"), n, "computed", id=name) for name, n in left.items() if n)
        boxes["other-removed"] = Box("other-removed", sum(left.values()), "computed", parts=parts)
    boxes |= counted("undecided") | counted("sought")
    if _judged(material, here, "full-text"):
        reasons = _reasons(one.reason for one in here if one.fate is Fate.EXCLUDED_REPORTS)
        boxes |= counted("not-retrieved") | counted("assessed")
        boxes |= counted("excluded-reports", reasons) | counted("undecided-reports")
    return boxes


def _reasons(given: Iterable[str]) -> tuple[Part, ...]:
    """Reasons, the most frequent first."""
    labels = {one.id: one.label for one in exclusion_reasons()} | {"": say("prisma.part.no-reason")}
    order = [one.id for one in exclusion_reasons()]
    found = sorted(
        Counter(given).items(), key=lambda pair: (-pair[1], order.index(pair[0]) if pair[0] in order else 99, pair[0])
    )
    return tuple(
        Part(labels.get(reason) or dict.fromkeys(("zh", "en"), reason), n, "computed", id=reason) for reason, n in found
    )


def _included(material: Material, followed: Iterable[Followed], judged: bool) -> dict[str, Box]:
    boxes: dict[str, Box] = {}
    previous = material.searches.previous
    included = [one for one in followed if one.fate is Fate.INCLUDED]
    before: Collection[str] = previous.studies if previous else ()
    if before:
        new = {one.cite for one in included}
        reports = sum(study in before and cite not in new for cite, study in material.studies.items())
        boxes["previous-studies"] = Box("previous-studies", len(before), "computed")
        boxes["previous-reports"] = Box("previous-reports", reports, "computed")
    if not judged:
        return boxes
    boxes["new-reports"] = Box("new-reports", len(included), "computed")
    linked = {one.study for one in included if one.study is not None}
    open_ = sum(one.study is None for one in included)
    if not open_:
        return boxes | {"new-studies": Box("new-studies", len(linked - set(before)), "computed")}
    parts = [Part(say("prisma.part.unlinked"), open_, "computed", id="unlinked")]
    if linked:
        parts.insert(0, Part(say("prisma.part.linked"), len(linked - set(before)), "computed", id="linked"))
    return boxes | {"new-studies": Box("new-studies", None, "unknown", parts=tuple(parts))}


def _with_declared(boxes: Mapping[str, Box], searches: Searches) -> dict[str, Box]:
    """Boxes that could not be computed, filled with what the publication states."""
    filled = dict(boxes)
    for name, box in boxes.items():
        if box.number is not None and not (box.number == 0 and name in {"automation", "removed-other"}):
            continue
        stated = [one for one in searches.counts if one.box == name]
        whole = next((one for one in stated if not one.part), None)
        parts = tuple(Part(one.label, one.number, "declared", one.source, one.id) for one in stated if one.part)
        if whole is not None:
            filled[name] = Box(name, whole.number, "declared", whole.source, whole.id, parts or box.parts)
        elif parts:
            filled[name] = replace(box, parts=(*box.parts, *parts))
    return filled


def _with_totals(boxes: Mapping[str, Box]) -> dict[str, Box]:
    """Totals of an update, where nobody declared them."""
    filled = dict(boxes)
    for unit in ("studies", "reports"):
        before, new, total = (boxes[f"{name}-{unit}"] for name in ("previous", "new", "total"))
        if total.number is None and before.number is not None and new.number is not None:
            filled[total.id] = Box(total.id, before.number + new.number, "computed")
    return filled
