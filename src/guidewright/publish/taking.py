"""From a loaded project to its snapshot.

A build computes every part. The preview looks at one page at a time, so there each part is computed when a page first
looks at it: what no page shows just now costs nothing after a save.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from functools import cached_property
from typing import Any, cast

from guidewright import __version__
from guidewright.audit.checklists import Checklist, checklists_of
from guidewright.audit.findings import Finding
from guidewright.audit.run import findings_of
from guidewright.evidence.prisma.flow import Flow
from guidewright.grading.agreement import AppraisersAgree, agreement_of
from guidewright.grading.decision.library import decision_criteria
from guidewright.grading.reconciliation import Appraisal, appraisals_of
from guidewright.guideline.analyses import Pooling
from guidewright.guideline.appraise import ClauseGrade, grade, grade_clause
from guidewright.guideline.certainty import AnalysisCertainty, certainties
from guidewright.guideline.decision import decision_table
from guidewright.guideline.panel import Panel, panel_of
from guidewright.guideline.question_certainty import QuestionCertainty, question_certainties
from guidewright.guideline.readings import SchemeReading, readings
from guidewright.guideline.recommendation import Chapter, Clause, Recommendation
from guidewright.metaanalysis.analysis import Analysis
from guidewright.metaanalysis.result import Result
from guidewright.project import Project
from guidewright.publish.reference_views import number_references, reference_views
from guidewright.publish.snapshot import SCHEMA_VERSION, Snapshot
from guidewright.publish.study_views import study_views
from guidewright.publish.views import (
    AnalysisView,
    ChapterView,
    ClauseView,
    RecommendationView,
    ReferenceView,
    StudyView,
    TableView,
)
from guidewright.publish.writer import Writer
from guidewright.review_flow import flow_of


def take(project: Project, pooling: Pooling) -> Snapshot:
    """Compute the snapshot of a project whose analyses have been pooled."""
    parts = _Parts(project, pooling)
    return Snapshot(**{field.name: getattr(parts, field.name) for field in fields(Snapshot)})


def unfolding(project: Project, pooling: Pooling) -> Snapshot:
    """The same, with each part computed when it is first looked at. It cannot be written as JSON."""
    return cast("Snapshot", _Unfolding(project, pooling))


class _Parts:
    """The parts of a snapshot by name: what the project holds as it is, the rest when it is first looked at."""

    schema_version = SCHEMA_VERSION
    languages, scheme_by_name = Snapshot.languages, Snapshot.scheme_by_name

    def __init__(self, project: Project, pooling: Pooling) -> None:
        self._project, self._pooling, self._results = project, pooling, pooling.results
        self.tool = {"name": "guidewright", "version": __version__}
        self.guideline = project.guideline
        self.scheme = project.scheme
        self.scheme_choice = project.scheme_choice
        self.schemes = tuple(project.schemes.values())
        self.questions = tuple(project.questions.values())
        self.searches = project.searches
        self.tools = tuple(project.tools.values())
        self.pathways = tuple(project.pathways.values())
        self.glossary = project.glossary
        self.as_published = project.as_published
        self.instruments = tuple(project.instruments.values())
        self.past_editions = project.past_editions

    @cached_property
    def _graded(self) -> tuple[ClauseGrade, ...]:
        return grade(self._project, self._results)

    @cached_property
    def _grades(self) -> Mapping[str, ClauseGrade]:
        return {one.clause: one for one in self._graded}

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return number_references(self._project)

    @cached_property
    def _writer(self) -> Writer:
        return Writer(self._project, self._results, lambda: self._grades, self._numbers, lambda: self.counts)

    @cached_property
    def counts(self) -> dict[str, int]:
        """The counts that prose may quote."""
        return _counts(self._project, self._graded)

    @cached_property
    def recommendations(self) -> tuple[RecommendationView, ...]:
        """Recommendations with their graded clauses, in order."""
        every = self._project.recommendations.values()
        return tuple(_recommendation(self._project, one, self._grades, self._writer) for one in every)

    @cached_property
    def references(self) -> tuple[ReferenceView, ...]:
        """References by number."""
        return reference_views(self._project, self._numbers)

    @cached_property
    def studies(self) -> tuple[StudyView, ...]:
        """Studies with all that is said of them."""
        return study_views(self._project, self._results)

    @cached_property
    def analyses(self) -> tuple[AnalysisView, ...]:
        """Analyses that have a result."""
        project, results = self._project, self._results
        return tuple(_analysis(project, one, results) for one in project.analyses.values() if one.id in results)

    @cached_property
    def certainty(self) -> tuple[AnalysisCertainty, ...]:
        """The certainty of each body of evidence."""
        return certainties(self._project, self._results)

    @cached_property
    def question_certainty(self) -> tuple[QuestionCertainty, ...]:
        """The overall certainty of each question."""
        return question_certainties(self._project.questions, self._project.analyses, self.certainty)

    @cached_property
    def panel(self) -> Panel:
        """Votes and interests."""
        return panel_of(self._project)

    @cached_property
    def flow(self) -> Flow:
        """The flow of records."""
        return flow_of(self._project)

    @cached_property
    def tables(self) -> tuple[TableView, ...]:
        """Tables with their rows."""
        every = self._project.tables.values()
        return tuple(TableView(one.schema, tuple(dict(row) for row in one.rows)) for one in every)

    @cached_property
    def chapters(self) -> tuple[ChapterView, ...]:
        """Chapters as safe HTML."""
        return tuple(self._chapter(one) for one in self._project.chapters.values())

    def _chapter(self, one: Chapter) -> ChapterView:
        return ChapterView(one, self._writer.html("chapter", one.id), self._project.file_of("chapter", one.id))

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What the audit finds."""
        return findings_of(self._project, self._pooling, self._graded, self.flow)

    @cached_property
    def appraisals(self) -> tuple[Appraisal, ...]:
        """Appraisals of studies."""
        return appraisals_of(self._project.appraisals, self._project.instruments, self._project.studies)

    @cached_property
    def appraisers_agree(self) -> tuple[AppraisersAgree, ...]:
        """How far appraisers agree."""
        return agreement_of(self._project.appraisals, self._project.instruments)

    @cached_property
    def checklists(self) -> tuple[Checklist, ...]:
        """Checklists with what the project answers to them."""
        return checklists_of(self._project, self.findings)

    @cached_property
    def readings(self) -> dict[str, tuple[SchemeReading, ...]]:
        """Each clause under several schemes."""
        return readings(self._project, self._results, self._graded)


class _Unfolding(_Parts):
    """Parts in which each recommendation and the grade of each clause is computed by itself."""

    @cached_property
    def _grades(self) -> Mapping[str, ClauseGrade]:
        return _LateGrades(self._project, self._results)

    @cached_property
    def _graded(self) -> tuple[ClauseGrade, ...]:
        return tuple(self._grades.values())

    @cached_property
    def recommendations(self) -> tuple[RecommendationView, ...]:
        """Recommendations; their clauses are graded when a page looks at them."""
        every = self._project.recommendations.values()

        def late(one: Recommendation) -> _LateView:
            clauses = tuple(late_clause(f"{one.id}{clause.id}", clause) for clause in one.clauses)
            return _LateView(
                lambda: _recommendation(self._project, one, self._grades, self._writer),
                recommendation=one,
                clauses=clauses,
            )

        def late_clause(name: str, clause: Clause) -> _LateView:
            return _LateView(lambda: _clause(self._project, name, clause, self._grades), id=name, clause=clause)

        return tuple(cast("RecommendationView", late(one)) for one in every)

    @cached_property
    def chapters(self) -> tuple[ChapterView, ...]:
        """Chapters, whose words may quote counts of all grades."""

        def late(one: Chapter) -> _LateView:
            return _LateView(lambda: self._chapter(one), chapter=one)

        return tuple(cast("ChapterView", late(one)) for one in self._project.chapters.values())


class _LateGrades(Mapping[str, ClauseGrade]):
    """Grades by clause, each computed when it is asked for."""

    def __init__(self, project: Project, results: Mapping[str, Result]) -> None:
        self._project, self._results = project, results
        self._clauses = {f"{r.id}{c.id}": (r.id, c) for r in project.recommendations.values() for c in r.clauses}
        self._found: dict[str, ClauseGrade] = {}

    def __getitem__(self, name: str) -> ClauseGrade:
        if name not in self._found:
            recommendation, clause = self._clauses[name]
            self._found[name] = grade_clause(self._project, recommendation, clause, self._results)
        return self._found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._clauses)

    def __len__(self) -> int:
        return len(self._clauses)


class _LateView:
    """A view of which some things are known; the rest is computed when a page looks at it."""

    def __init__(self, make: Callable[[], object], **known: object) -> None:
        self._make = make
        self.__dict__.update(known)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        self.__dict__.update({**vars(self._make()), **self.__dict__})
        return self.__dict__[name]


# --- views --------------------------------------------------------------------------------------------------------


def _clause(project: Project, identifier: str, clause: Clause, grades: Mapping[str, ClauseGrade]) -> ClauseView:
    stated = {item.stated_level for item in clause.evidence}
    return ClauseView(
        id=identifier,
        clause=clause,
        grade=grades[identifier],
        identified=sum(project.records[item.cite].identified for item in clause.evidence),
        highest_stated_level=next((level for level in project.scheme.level_names if level in stated), None),
    )


def _recommendation(
    project: Project, one: Recommendation, grades: Mapping[str, ClauseGrade], writer: Writer
) -> RecommendationView:
    clauses = tuple(_clause(project, f"{one.id}{c.id}", c, grades) for c in one.clauses)
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
