"""The snapshot: one canonical document with everything that pages, exports and comparisons of editions need.

It is computed once and is deterministic: the same files give the same bytes. Templates only lay it out. Its JSON
Schema is published beside it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import TypeAdapter
from pydantic.dataclasses import dataclass

from guidewright import __version__
from guidewright.audit.findings import Finding
from guidewright.audit.run import findings_of
from guidewright.evidence.bibliography import Record
from guidewright.evidence.extraction import Extraction
from guidewright.evidence.questions import Question
from guidewright.evidence.searches import Searches
from guidewright.evidence.studies import Study
from guidewright.grading.scheme import Scheme, SchemeChoice
from guidewright.guideline.analyses import Pooling
from guidewright.guideline.appraise import ClauseGrade, grade
from guidewright.guideline.bindings import Binding, parse
from guidewright.guideline.edition import Guideline
from guidewright.guideline.glossary import Glossary
from guidewright.guideline.pathways import Pathway
from guidewright.guideline.recommendation import Chapter, Clause, Recommendation
from guidewright.guideline.statements import AsPublished, Claim
from guidewright.guideline.tables import TableSchema
from guidewright.guideline.tools import Tool
from guidewright.metaanalysis.analysis import Analysis
from guidewright.metaanalysis.result import Result
from guidewright.project import Project
from guidewright.publish.numbers import pooled_field
from guidewright.publish.prose import to_html
from guidewright.publish.references import format_references
from guidewright.values import Text
from guidewright.words import say

#: Changed when the shape of the snapshot changes.
SCHEMA_VERSION = "1"


@dataclass(frozen=True)
class ReferenceView:
    """A reference as it is listed: number, short name, full text in each language, and where it is used."""

    key: str
    number: int
    record: Record
    short: Text
    """Author and year, or what is known of an unidentified reference."""
    full: Text
    """The reference in the style of each language, as plain text."""
    study: str | None
    """The study that it reports."""
    report_kind: str | None
    graded_in: tuple[tuple[str, str | None], ...]
    """Clauses that it carries, with the level that the edition states."""
    cited_in: tuple[tuple[str, str], ...]
    """Recommendations that cite it without grading it, with the role."""


@dataclass(frozen=True)
class ClauseView:
    """A clause with its grade."""

    id: str
    clause: Clause
    grade: ClauseGrade
    identified: int
    """How many of its references are identified."""


@dataclass(frozen=True)
class RecommendationView:
    """A recommendation with its clauses, and its rationale as safe HTML in each language."""

    recommendation: Recommendation
    clauses: tuple[ClauseView, ...]
    rationale: Text
    references: tuple[str, ...]
    """Citation keys, those that carry a clause first."""
    analyses: tuple[str, ...]
    """Analyses shown with its clauses."""
    file: str


@dataclass(frozen=True)
class ResultRow:
    """An extracted result with its file and line."""

    row: Extraction
    place: str


@dataclass(frozen=True)
class StudyView:
    """A study with everything that is said of it."""

    study: Study
    rows: tuple[ResultRow, ...]
    clauses: tuple[str, ...]
    analyses: tuple[str, ...]
    claims: tuple[Claim, ...]
    """What a published edition says of its reports."""
    file: str


@dataclass(frozen=True)
class AnalysisView:
    """A meta-analysis with its result."""

    analysis: Analysis
    result: Result
    file: str
    clauses: tuple[str, ...]


@dataclass(frozen=True)
class TableView:
    """A table with its schema; cells by header."""

    schema: TableSchema
    rows: tuple[dict[str, str], ...]


@dataclass(frozen=True)
class ChapterView:
    """A chapter as safe HTML in each language."""

    chapter: Chapter
    html: Text
    file: str


@dataclass(frozen=True)
class Snapshot:
    """Everything, computed."""

    schema_version: str
    tool: dict[str, str]
    guideline: Guideline
    scheme: Scheme
    scheme_choice: SchemeChoice
    counts: dict[str, int]
    questions: tuple[Question, ...]
    recommendations: tuple[RecommendationView, ...]
    references: tuple[ReferenceView, ...]
    studies: tuple[StudyView, ...]
    analyses: tuple[AnalysisView, ...]
    searches: Searches
    tools: tuple[Tool, ...]
    pathways: tuple[Pathway, ...]
    tables: tuple[TableView, ...]
    glossary: Glossary
    chapters: tuple[ChapterView, ...]
    as_published: tuple[AsPublished, ...]
    findings: tuple[Finding, ...]

    @property
    def languages(self) -> tuple[str, ...]:
        """Language tags, the default first."""
        return tuple(self.guideline.languages)


_ADAPTER: TypeAdapter[Snapshot] = TypeAdapter(Snapshot)


def to_json(snapshot: Snapshot) -> str:
    """The snapshot as canonical JSON: keys sorted, one line end, UTF-8 characters as they are."""
    return (
        json.dumps(
            _ADAPTER.dump_python(snapshot, mode="json", by_alias=True),
            ensure_ascii=False,
            sort_keys=True,
            indent=1,
        )
        + "\n"
    )


def json_schema() -> dict[str, Any]:
    """JSON Schema of the snapshot."""
    return _ADAPTER.json_schema(mode="serialization", by_alias=True)


def take(project: Project, pooling: Pooling) -> Snapshot:
    """Compute the snapshot of a project whose analyses have been pooled."""
    results = pooling.results
    grades = grade(project, results)
    by_clause = {one.clause: one for one in grades}
    numbers = _numbers(project)
    references = _references(project, numbers)
    counts = _counts(project, grades)
    writer = _Writer(project, results, by_clause, numbers, counts)
    return Snapshot(
        schema_version=SCHEMA_VERSION,
        tool={"name": "guidewright", "version": __version__},
        guideline=project.guideline,
        scheme=project.scheme,
        scheme_choice=project.scheme_choice,
        counts=counts,
        questions=tuple(project.questions.values()),
        recommendations=tuple(
            _recommendation(project, one, by_clause, writer) for one in project.recommendations.values()
        ),
        references=references,
        studies=tuple(_study(project, one, by_clause, results) for one in project.studies.values()),
        analyses=tuple(
            _analysis(project, one, results) for one in project.analyses.values() if one.id in results
        ),
        searches=project.searches,
        tools=tuple(project.tools.values()),
        pathways=tuple(project.pathways.values()),
        tables=tuple(
            TableView(t.schema, tuple(dict(row) for row in t.rows)) for t in project.tables.values()
        ),
        glossary=project.glossary,
        chapters=tuple(
            ChapterView(one, writer.html("chapter", one.id), project.file_of("chapter", one.id))
            for one in project.chapters.values()
        ),
        as_published=project.as_published,
        findings=findings_of(project, pooling, grades),
    )


# --- parts --------------------------------------------------------------------------------------------------------


def _recommendation(
    project: Project, one: Recommendation, grades: Mapping[str, ClauseGrade], writer: _Writer
) -> RecommendationView:
    clauses = tuple(
        ClauseView(
            f"{one.id}{c.id}", c, grades[f"{one.id}{c.id}"],
            sum(project.records[item.cite].identified for item in c.evidence),
        )
        for c in one.clauses
    )  # fmt: skip
    carrying = [item.cite for c in one.clauses for item in c.evidence]
    return RecommendationView(
        recommendation=one,
        clauses=clauses,
        rationale=writer.html("recommendation", one.id),
        references=tuple(dict.fromkeys([*carrying, *(item.cite for item in one.cited)])),
        analyses=tuple(dict.fromkeys(name for c in one.clauses for name in c.analyses)),
        file=project.file_of("recommendation", one.id),
    )


def _study(
    project: Project, study: Study, grades: Mapping[str, ClauseGrade], results: Mapping[str, Result]
) -> StudyView:
    reports = {report.cite for report in study.reports}
    return StudyView(
        study=study,
        rows=tuple(ResultRow(p.value, f"{p.file}:{p.line}") for p in project.extraction if p.value.study == study.id),
        clauses=tuple(name for name, one in grades.items() if any(s.id == study.id for s in one.studies)),
        analyses=tuple(
            name for name, result in results.items()
            if any(row.study == study.id for stratum in result.strata for row in stratum.studies)
        ),
        claims=tuple(c for edition in project.as_published for c in edition.claims if reports & set(c.cites)),
        file=project.file_of("study", study.id),
    )  # fmt: skip


def _analysis(project: Project, analysis: Analysis, results: Mapping[str, Result]) -> AnalysisView:
    used = tuple(
        f"{r.id}{c.id}" for r in project.recommendations.values() for c in r.clauses if analysis.id in c.analyses
    )  # fmt: skip
    return AnalysisView(analysis, results[analysis.id], project.file_of("analysis", analysis.id), used)


def _numbers(project: Project) -> dict[str, int]:
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


def _references(project: Project, numbers: Mapping[str, int]) -> tuple[ReferenceView, ...]:
    set_in = {tag: format_references(project.records.values(), tag) for tag in project.languages}
    views = []
    for key, number in numbers.items():
        record = project.records[key]
        study = project.study_of(key)
        kind = next((r.kind.value for r in study.reports if r.cite == key), None) if study else None
        views.append(
            ReferenceView(
                key=key, number=number, record=record, short=_short(record),
                full={tag: _full(record, set_in[tag].get(key), tag) for tag in project.languages},
                study=study.id if study else None, report_kind=kind,
                graded_in=tuple(
                    (f"{r.id}{c.id}", item.stated_level)
                    for r in project.recommendations.values() for c in r.clauses for item in c.evidence if item.cite == key
                ),
                cited_in=tuple(
                    (r.id, str(item.role)) for r in project.recommendations.values() for item in r.cited if item.cite == key
                ),
            )
        )  # fmt: skip
    return tuple(views)


def _short(record: Record) -> Text:
    if not record.identified:
        unknown = say("reference.unidentified-short", number=record.sourcenumber or "?")
        return {tag: f"{record.namedas}（{words}）" if tag == "zh" else f"{record.namedas} ({words})"
                for tag, words in unknown.items()} if record.namedas else unknown  # fmt: skip
    first = record.author[0] if record.author else None
    name = (first.literal or first.family or "") if first else (record.title or record.key)
    year = f" {record.year}" if record.year else ""
    return {"zh": f"{name}{year}", "en": f"{name}{year}"}


def _full(record: Record, set_text: str | None, language: str) -> str:
    if set_text:
        return set_text
    if record.identified:
        return ". ".join(
            str(part) for part in (record.title, record.journal, record.year, record.url) if part
        )
    key = "reference.named" if record.namedas else "reference.unidentified"
    said = say(key, number=record.sourcenumber or "?", named=record.namedas)
    return said.get(language, said["en"])


def _counts(project: Project, grades: Iterable[ClauseGrade]) -> dict[str, int]:
    """The counts that prose may quote; names are those of ``crossrefs.COUNTS``."""
    graded: dict[str, str | None] = {}
    for r in project.recommendations.values():
        for c in r.clauses:
            for item in c.evidence:
                graded.setdefault(item.cite, item.stated_level)
    agreements = Counter(one.agreement for one in grades)
    identified = sum(project.records[key].identified for key in graded)
    clauses = [c for r in project.recommendations.values() for c in r.clauses]
    counts = {
        "databases": len(project.searches.databases),
        "questions": len(project.questions),
        "recommendations": len(project.recommendations),
        "clauses": len(clauses),
        "aspects": len(project.guideline.aspects),
        "studies": len(project.studies),
        "analyses": len(project.analyses),
        "references": len(project.records),
        "graded": len(graded),
        "graded-identified": identified,
        "graded-not-identified": len(graded) - identified,
        "agree": agreements["agree"],
        "differ": agreements["differ"],
        "undetermined": agreements["undetermined"],
    }
    for level in project.scheme.level_names:
        counts[f"graded-level-{level}"] = sum(stated == level for stated in graded.values())
    for strength in project.scheme.strengths:
        counts[f"clauses-stated-{strength.strength}"] = sum(
            c.stated is not None and c.stated.strength == strength.strength for c in clauses
        )
    return counts


class _Writer:
    """Turns prose into HTML with the numbers of this project."""

    def __init__(
        self, project: Project, results: Mapping[str, Result], grades: Mapping[str, ClauseGrade],
        numbers: Mapping[str, int], counts: Mapping[str, int],
    ) -> None:  # fmt: skip
        self.project, self.results, self.grades, self.numbers, self.counts = (
            project,
            results,
            grades,
            numbers,
            counts,
        )

    def html(self, kind: str, identifier: str) -> Text:
        """The prose of one file in each language that it has."""
        prose = self.project.prose.get((kind, identifier), {})
        return {
            tag: to_html(one.text, lambda e, tag=tag: self._value(parse(e), tag), self.numbers.__getitem__,  # type: ignore[misc]
                         lambda kind, key, tag=tag: self._title(kind, key, tag))  # type: ignore[misc]
            for tag, one in prose.items()
        }  # fmt: skip

    def _value(self, binding: Binding, language: str) -> str:
        name = binding.arguments[0]
        if binding.function == "pooled":
            result = self.results.get(name)
            pooled = (
                result.stratum(binding.arguments[1] if len(binding.arguments) > 1 else None)
                if result
                else None
            )
            if result is None or pooled is None:
                return say("value.not-pooled")[language]
            return pooled_field(pooled, result.measure, str(binding.field), language)
        if binding.function == "declared":
            return str(next(c.number for c in self.project.searches.counts if c.id == name))
        if binding.function == "count":
            return str(self.counts.get(name, 0))
        if binding.function == "study":
            study = self.project.studies[name]
            fact = study.name if binding.field == "name" else getattr(study, str(binding.field))
            return str(getattr(fact, "value", fact)) if fact is not None else say("value.unknown")[language]
        grade = self.grades[name]
        if binding.field == "statement":
            recommendation = self.project.recommendations[grade.recommendation]
            return next(
                c.statement[language] for c in recommendation.clauses if name == f"{recommendation.id}{c.id}"
            )
        value = grade.stated if binding.field == "stated" else grade.computed.strength
        return value or say("level.undetermined")[language]

    def _title(self, kind: str, identifier: str, language: str) -> str:
        things: Mapping[str, Mapping[str, Any]] = {
            "question": self.project.questions, "study": self.project.studies, "analysis": self.project.analyses,
            "tool": self.project.tools, "pathway": self.project.pathways, "chapter": self.project.chapters,
            "table": {name: table.schema for name, table in self.project.tables.items()},
            "term": {term.id: term for term in self.project.glossary.terms},
        }  # fmt: skip
        if kind == "recommendation":
            return say("recommendation.number", number=self.project.recommendations[identifier].number)[
                language
            ]
        thing = things[kind][identifier]
        name = getattr(thing, "title", None) or thing.name
        return str(name.get(language, identifier)) if isinstance(name, dict) else str(name)
