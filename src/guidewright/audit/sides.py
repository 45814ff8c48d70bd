"""The facts that findings hold against each other, each with its file, line and source."""

from __future__ import annotations

from typing import Any

from guidewright.audit.findings import Side
from guidewright.evidence.extraction import Extraction
from guidewright.evidence.studies import Study
from guidewright.guideline.statements import AsPublished
from guidewright.project import Placed, Project
from guidewright.values import Fact, Source, Text
from guidewright.words import say

Path = tuple[str | int, ...]


def same(words: object) -> Text:
    """Words that are the same in every language."""
    return {"zh": str(words), "en": str(words)}


def cited(source: Source | None) -> str:
    """A source as one line: citation key, place and address."""
    if source is None:
        return ""
    said = ", ".join(part for part in (source.cite, source.where, source.url) if part)
    return said + ("" if source.verified else " [not verified]")


def printed(project: Project, edition: AsPublished, path: Path, says: Text) -> Side:
    """What a published edition states."""
    name = f"{edition.edition}-as-published"
    return Side(
        say("side.edition", edition=edition.edition),
        says,
        project.file_of("as-published", name),
        project.line_of("as-published", name, *path),
        edition.cite,
    )


def of_study(project: Project, study: Study, path: Path, says: Text, fact: Fact[Any] | None = None) -> Side:
    """What the file of a study records."""
    return Side(
        say("side.study", name=study.name),
        says,
        project.file_of("study", study.id),
        project.line_of("study", study.id, *path),
        cited(fact.source) if fact else "",
    )


def of_record(project: Project, key: str, field: str, says: Text) -> Side:
    """What the bibliography says of a reference."""
    record = project.records[key]
    return Side(
        say("side.record", cite=key),
        says,
        project.file_of("record", key),
        project.line_of("record", key, field),
        record.doi or record.sourceurl or "",
    )


def of_row(project: Project, placed: Placed[Extraction], says: Text) -> Side:
    """What a row of extracted results says."""
    row = placed.value
    name = project.studies[row.study].name
    where = ", ".join(part for part in (row.report, row.seen_in, row.source_url) if part)
    return Side(say("side.row", name=name, verified=row.verified), says, placed.file, placed.line, where)


def of_clause(project: Project, recommendation: str, path: Path, says: Text, source: Source | None = None) -> Side:
    """What a recommendation of ours says."""
    return Side(
        say("side.recommendation", recommendation=recommendation),
        says,
        project.file_of("recommendation", recommendation),
        project.line_of("recommendation", recommendation, *path),
        cited(source),
    )


def of_file(project: Project, kind: str, identifier: str, path: Path, says: Text, source: Source | None = None) -> Side:
    """What any other file of the project says."""
    return Side(
        say("side.file"),
        says,
        project.file_of(kind, identifier),
        project.line_of(kind, identifier, *path),
        cited(source),
    )


def of_scheme(project: Project, says: Text) -> Side:
    """What the grading scheme in force says."""
    return Side(
        say("side.scheme"),
        says,
        project.file_of("scheme", "scheme"),
        project.line_of("scheme", "scheme", "scheme"),
        cited(project.scheme.sources[0]),
    )
