"""The parts of the snapshot, as frozen values."""

from __future__ import annotations

from pydantic.dataclasses import dataclass

from guidewright.evidence.bibliography import Record
from guidewright.evidence.extraction import Extraction
from guidewright.evidence.studies import Study
from guidewright.guideline.appraise import ClauseGrade
from guidewright.guideline.decision import DecisionTable
from guidewright.guideline.recommendation import Chapter, Clause, Recommendation
from guidewright.guideline.statements import Claim
from guidewright.guideline.tables import TableSchema
from guidewright.metaanalysis.analysis import Analysis
from guidewright.metaanalysis.result import Result
from guidewright.values import Text


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
    highest_stated_level: str | None
    """The strongest level that the edition states among its references."""


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
    decision: DecisionTable


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
