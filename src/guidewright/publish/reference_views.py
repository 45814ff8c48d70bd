"""References as the snapshot holds them: numbered, named, set in the style of each language, with their uses."""

from __future__ import annotations

from collections.abc import Mapping

from guidewright.evidence.bibliography import Record
from guidewright.project import Project
from guidewright.publish.references import format_references
from guidewright.publish.views import ReferenceView
from guidewright.values import Text
from guidewright.words import say


def number_references(project: Project) -> dict[str, int]:
    """Number the references: those of a re-encoded publication keep its order, the others follow as first cited."""
    cited = [item.cite for r in project.recommendations.values() for c in r.clauses for item in c.evidence]
    cited += [item.cite for r in project.recommendations.values() for item in r.cited]
    first = {key: n for n, key in reversed(list(enumerate(cited)))}
    last = len(cited)
    keys = sorted(
        project.records,
        key=lambda key: (project.records[key].sourcenumber or 10**9, first.get(key, last), key),
    )
    return {key: n for n, key in enumerate(keys, start=1)}


def reference_views(project: Project, numbers: Mapping[str, int]) -> tuple[ReferenceView, ...]:
    """Every record with its number, its words in each language, and its uses."""
    set_in = {tag: format_references(project.records.values(), tag) for tag in project.languages}
    graded: dict[str, list[tuple[str, str | None]]] = {}
    cited: dict[str, list[tuple[str, str]]] = {}
    for r in project.recommendations.values():
        for c in r.clauses:
            for item in c.evidence:
                graded.setdefault(item.cite, []).append((f"{r.id}{c.id}", item.stated_level))
        for one in r.cited:
            cited.setdefault(one.cite, []).append((r.id, str(one.role)))
    views = []
    for key, number in numbers.items():
        record = project.records[key]
        study = project.study_of(key)
        kind = next((r.kind.value for r in study.reports if r.cite == key), None) if study else None
        views.append(
            ReferenceView(
                key=key,
                number=number,
                record=record,
                short=_short(record),
                full={tag: _full(record, set_in[tag].get(key), tag) for tag in project.languages},
                study=study.id if study else None,
                report_kind=kind,
                graded_in=tuple(graded.get(key, ())),
                cited_in=tuple(cited.get(key, ())),
            )
        )
    return tuple(views)


def _short(record: Record) -> Text:
    """Author and year, or what is known of a reference that is not identified."""
    if not record.identified:
        return _said(record, "short")
    first = record.author[0] if record.author else None
    name = (first.literal or first.family or "") if first else (record.title or record.key)
    year = f" {record.year}" if record.year else ""
    return {tag: (name if tag == record.language else record.shortauthor or name) + year for tag in ("zh", "en")}


def _full(record: Record, set_text: str | None, language: str) -> str:
    if set_text:
        return set_text
    said = _said(record, "full")
    return said.get(language, said["en"])


def _said(record: Record, length: str) -> Text:
    kind = ("named-" if record.namedas else "") + ("numbered" if record.sourcenumber else "plain")
    return say(f"reference.{length}.{kind}", number=record.sourcenumber, named=record.namedas)
