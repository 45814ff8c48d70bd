"""The snapshot: one canonical document with everything that pages, exports and comparisons of editions need.

It is computed once and is deterministic: the same files give the same bytes. Templates only lay it out. Its JSON
Schema is published beside it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter
from pydantic.dataclasses import dataclass

from guidewright import __version__
from guidewright.audit.checklists import Checklist, checklists_of
from guidewright.audit.findings import Finding
from guidewright.audit.run import findings_of
from guidewright.evidence.prisma.flow import Flow
from guidewright.evidence.questions import Question
from guidewright.evidence.searches import Searches
from guidewright.evidence.studies import Study
from guidewright.grading.agreement import AppraisersAgree, agreement_of
from guidewright.grading.decision.library import decision_criteria
from guidewright.grading.instrument import Instrument
from guidewright.grading.reconciliation import Appraisal, appraisals_of
from guidewright.grading.scheme import Scheme, SchemeChoice
from guidewright.guideline.analyses import Pooling
from guidewright.guideline.appraise import ClauseGrade, grade
from guidewright.guideline.certainty import AnalysisCertainty, certainties
from guidewright.guideline.decision import decision_table
from guidewright.guideline.edition import Guideline
from guidewright.guideline.glossary import Glossary
from guidewright.guideline.panel import Panel, panel_of
from guidewright.guideline.past_editions import PastEdition
from guidewright.guideline.pathways import Pathway
from guidewright.guideline.question_certainty import QuestionCertainty, question_certainties
from guidewright.guideline.readings import SchemeReading, readings
from guidewright.guideline.recommendation import Clause, Recommendation
from guidewright.guideline.statements import AsPublished
from guidewright.guideline.tools import Tool
from guidewright.metaanalysis.analysis import Analysis
from guidewright.metaanalysis.result import Result
from guidewright.project import Project
from guidewright.publish.prose import clean
from guidewright.publish.reference_views import number_references, reference_views
from guidewright.publish.views import (
    AnalysisView,
    ChapterView,
    ClauseView,
    RecommendationView,
    ReferenceView,
    ResultRow,
    StudyView,
    TableView,
)
from guidewright.publish.writer import Writer
from guidewright.review_flow import flow_of
from guidewright.values import Text

#: Changed when the shape of the snapshot changes.
SCHEMA_VERSION = "1"


@dataclass(frozen=True)
class Snapshot:
    """Everything, computed."""

    schema_version: str
    tool: dict[str, str]
    guideline: Guideline
    scheme: Scheme
    scheme_choice: SchemeChoice
    schemes: tuple[Scheme, ...]
    counts: dict[str, int]
    questions: tuple[Question, ...]
    recommendations: tuple[RecommendationView, ...]
    references: tuple[ReferenceView, ...]
    studies: tuple[StudyView, ...]
    analyses: tuple[AnalysisView, ...]
    certainty: tuple[AnalysisCertainty, ...]
    question_certainty: tuple[QuestionCertainty, ...]
    panel: Panel
    searches: Searches
    flow: Flow
    tools: tuple[Tool, ...]
    pathways: tuple[Pathway, ...]
    tables: tuple[TableView, ...]
    glossary: Glossary
    chapters: tuple[ChapterView, ...]
    as_published: tuple[AsPublished, ...]
    findings: tuple[Finding, ...]
    instruments: tuple[Instrument, ...]
    appraisals: tuple[Appraisal, ...]
    """What may be shown of them: nothing of the answers while two people have not completed one."""
    appraisers_agree: tuple[AppraisersAgree, ...]
    checklists: tuple[Checklist, ...]
    past_editions: tuple[PastEdition, ...] = ()
    """Earlier editions of which a snapshot was kept, the latest first."""

    @property
    def languages(self) -> tuple[str, ...]:
        """Language tags, the default first."""
        return tuple(self.guideline.languages)

    def scheme_by_name(self, name: str) -> Scheme:
        """The scheme of this name."""
        return next(scheme for scheme in self.schemes if scheme.id == name)


Readings = Mapping[str, tuple[SchemeReading, ...]]

_ADAPTER: TypeAdapter[Snapshot] = TypeAdapter(Snapshot)


def to_json(snapshot: Snapshot) -> str:
    """The snapshot as canonical JSON: keys and sets sorted, one kind of line end, UTF-8 characters as they are."""
    data = _ADAPTER.dump_python(snapshot, by_alias=True)
    return json.dumps(data, ensure_ascii=False, sort_keys=True, indent=1, default=sorted) + "\n"


def from_json(text: str) -> Snapshot:
    """A snapshot from its JSON, as :func:`to_json` wrote it; its prose is cleaned again, since a file is untrusted.

    Raises ValueError if it is not one, or of another version of the tool.
    """
    data = json.loads(text)
    try:
        for scheme in data["schemes"]:
            if scheme.get("levels"):  # taken over from another scheme when the snapshot was made
                scheme["levels_from"] = None
    except (KeyError, TypeError, AttributeError):
        raise ValueError("it is not a snapshot") from None
    read = _ADAPTER.validate_python(data)
    return replace(
        read,
        recommendations=tuple(replace(one, rationale=_cleaned(one.rationale)) for one in read.recommendations),
        chapters=tuple(replace(one, html=_cleaned(one.html)) for one in read.chapters),
    )


def _cleaned(prose: Text) -> Text:
    return {tag: clean(html) for tag, html in prose.items()}


def json_schema() -> dict[str, Any]:
    """JSON Schema of the snapshot."""
    return _ADAPTER.json_schema(mode="serialization", by_alias=True)


def take(project: Project, pooling: Pooling) -> Snapshot:
    """Compute the snapshot of a project whose analyses have been pooled."""
    results = pooling.results
    grades = grade(project, results)
    by_clause = {one.clause: one for one in grades}
    read = readings(project, results, grades)
    numbers = number_references(project)
    references = reference_views(project, numbers)
    counts = _counts(project, grades)
    flow = flow_of(project)
    findings = findings_of(project, pooling, grades, flow)
    certainty = certainties(project, results)
    writer = Writer(project, results, by_clause, numbers, counts)
    return Snapshot(
        schema_version=SCHEMA_VERSION,
        tool={"name": "guidewright", "version": __version__},
        guideline=project.guideline,
        scheme=project.scheme,
        scheme_choice=project.scheme_choice,
        schemes=tuple(project.schemes.values()),
        counts=counts,
        questions=tuple(project.questions.values()),
        recommendations=tuple(
            _recommendation(project, one, by_clause, read, writer) for one in project.recommendations.values()
        ),
        references=references,
        studies=tuple(_study(project, one, by_clause, results) for one in project.studies.values()),
        analyses=tuple(_analysis(project, one, results) for one in project.analyses.values() if one.id in results),
        certainty=certainty,
        question_certainty=question_certainties(project.questions, project.analyses, certainty),
        panel=panel_of(project),
        searches=project.searches,
        flow=flow,
        tools=tuple(project.tools.values()),
        pathways=tuple(project.pathways.values()),
        tables=tuple(TableView(t.schema, tuple(dict(row) for row in t.rows)) for t in project.tables.values()),
        glossary=project.glossary,
        chapters=tuple(
            ChapterView(one, writer.html("chapter", one.id), project.file_of("chapter", one.id))
            for one in project.chapters.values()
        ),
        as_published=project.as_published,
        instruments=tuple(project.instruments.values()),
        appraisals=appraisals_of(project.appraisals, project.instruments, project.studies),
        appraisers_agree=agreement_of(project.appraisals, project.instruments),
        findings=findings,
        checklists=checklists_of(project, findings),
        past_editions=project.past_editions,
    )


# --- parts --------------------------------------------------------------------------------------------------------


def _clause(
    project: Project, identifier: str, clause: Clause, grades: Mapping[str, ClauseGrade], read: Readings
) -> ClauseView:
    stated = {item.stated_level for item in clause.evidence}
    return ClauseView(
        id=identifier,
        clause=clause,
        grade=grades[identifier],
        identified=sum(project.records[item.cite].identified for item in clause.evidence),
        highest_stated_level=next((level for level in project.scheme.level_names if level in stated), None),
        readings=read[identifier],
    )


def _recommendation(
    project: Project, one: Recommendation, grades: Mapping[str, ClauseGrade], read: Readings, writer: Writer
) -> RecommendationView:
    clauses = tuple(_clause(project, f"{one.id}{c.id}", c, grades, read) for c in one.clauses)
    carrying = [item.cite for c in one.clauses for item in c.evidence]
    return RecommendationView(
        recommendation=one,
        clauses=clauses,
        rationale=writer.html("recommendation", one.id),
        references=tuple(dict.fromkeys([*carrying, *(item.cite for item in one.cited)])),
        analyses=tuple(dict.fromkeys(name for c in one.clauses for name in c.analyses)),
        file=project.file_of("recommendation", one.id),
        decision=decision_table(one.id, project.decisions, project.file_of("decision", one.id), decision_criteria()),
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
            name
            for name, result in results.items()
            if any(row.study == study.id for stratum in result.strata for row in stratum.studies)
        ),
        claims=tuple(c for edition in project.as_published for c in edition.claims if reports & set(c.cites)),
        file=project.file_of("study", study.id),
    )


def _analysis(project: Project, analysis: Analysis, results: Mapping[str, Result]) -> AnalysisView:
    used = tuple(
        f"{r.id}{c.id}" for r in project.recommendations.values() for c in r.clauses if analysis.id in c.analyses
    )
    return AnalysisView(analysis, results[analysis.id], project.file_of("analysis", analysis.id), used)


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
