"""Every kind of file that a project has: where it stands, in which format, and the model that describes it.

The loader, the JSON Schemas and the data dictionary of the manual all read this table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from guidewright.evidence.bibliography import Record
from guidewright.evidence.duplicates import DuplicateDecision
from guidewright.evidence.extraction import Extraction
from guidewright.evidence.questions import Question
from guidewright.evidence.screening import ScreeningDecision
from guidewright.evidence.searches import Searches
from guidewright.evidence.studies import Study
from guidewright.grading.answers import Answers
from guidewright.grading.appraisal import Judgement
from guidewright.grading.certainty.record import CertaintyRecord
from guidewright.grading.instrument import Instrument
from guidewright.grading.scheme import Scheme, SchemeChoice
from guidewright.guideline.decision import DecisionRecord
from guidewright.guideline.edition import Guideline
from guidewright.guideline.glossary import Glossary
from guidewright.guideline.pathways import Pathway
from guidewright.guideline.recommendation import Chapter, Recommendation
from guidewright.guideline.statements import AsPublished
from guidewright.guideline.tables import TableSchema
from guidewright.guideline.tools import Tool
from guidewright.guideline.voting import Vote
from guidewright.metaanalysis.analysis import Analysis
from guidewright.metaanalysis.result import Result
from guidewright.values import Value


@dataclass(frozen=True)
class Kind:
    """One kind of file.

    ``pattern`` is relative to the project; ``naming`` says how the name of a file relates to the ``id`` in it:
    ``equal`` (``otlics.yml``), ``prefix`` (``r06-augmentation.md`` holds ``r06``), or ``free``.
    """

    name: str
    pattern: str
    format: Literal["yaml", "csv", "bibtex", "markdown"]
    model: type[Value]
    what: str
    required: bool = False
    naming: Literal["equal", "prefix", "free"] = "free"

    @property
    def folder(self) -> str:
        """Folder of the files, relative to the project."""
        return self.pattern.rpartition("/")[0]

    @property
    def single(self) -> bool:
        """Whether there is one such file only."""
        return "*" not in self.pattern


KINDS: tuple[Kind, ...] = (
    Kind(
        "guideline",
        "guideline_src/guideline.yml",
        "yaml",
        Guideline,
        "the edition: titles, people, process",
        required=True,
    ),
    Kind("glossary", "guideline_src/glossary.yml", "yaml", Glossary, "terms and abbreviations", required=True),
    Kind(
        "question",
        "evidence/questions/*.yml",
        "yaml",
        Question,
        "one PICOS question each",
        required=True,
        naming="prefix",
    ),
    Kind("searches", "evidence/searches.yml", "yaml", Searches, "search log and stated counts"),
    Kind("record", "evidence/records.bib", "bibtex", Record, "bibliographic records", required=True),
    Kind(
        "duplicates",
        "evidence/duplicates.csv",
        "csv",
        DuplicateDecision,
        "which found records are copies of one publication",
    ),
    Kind(
        "screening", "evidence/screening/*.csv", "csv", ScreeningDecision, "screening decisions, one file per reviewer"
    ),
    Kind("study", "evidence/studies/*.yml", "yaml", Study, "one study each, with its reports", naming="equal"),
    Kind("extraction", "evidence/extraction/*.csv", "csv", Extraction, "extracted results"),
    Kind("scheme", "grading/scheme.yml", "yaml", SchemeChoice, "the grading scheme in force", required=True),
    Kind("grading-scheme", "grading/schemes/*.yml", "yaml", Scheme, "grading schemes of your own", naming="equal"),
    Kind("audit", "grading/audit.yml", "yaml", Answers, "answers to findings of the audit"),
    Kind("appraisal", "grading/appraisals/*.csv", "csv", Judgement, "judgements of studies, one file per reviewer"),
    Kind(
        "certainty",
        "grading/certainty/*.yml",
        "yaml",
        CertaintyRecord,
        "certainty of the evidence of one analysis: what people declare and decide",
        naming="equal",
    ),
    Kind(
        "instrument",
        "grading/instruments/*.yml",
        "yaml",
        Instrument,
        "appraisal instruments of the project's own",
        naming="equal",
    ),
    Kind("analysis", "metaanalysis/analyses/*.yml", "yaml", Analysis, "one meta-analysis each", naming="equal"),
    Kind(
        "result", "metaanalysis/results/*.json", "yaml", Result, "computed results; never edited by hand", naming="free"
    ),
    Kind(
        "recommendation",
        "guideline_src/recommendations/*.md",
        "markdown",
        Recommendation,
        "one recommendation each: clauses in the front matter, rationale below",
        required=True,
        naming="prefix",
    ),
    Kind(
        "decision",
        "guideline_src/decisions/*.yml",
        "yaml",
        DecisionRecord,
        "from evidence to decision: what the panel judged for a recommendation",
        naming="prefix",
    ),
    Kind("chapter", "guideline_src/chapters/*.md", "markdown", Chapter, "chapters of prose", naming="equal"),
    Kind("tool", "guideline_src/tools/*.yml", "yaml", Tool, "scores, classifications, thresholds", naming="equal"),
    Kind(
        "pathway", "guideline_src/pathways/*.yml", "yaml", Pathway, "diagnostic and treatment pathways", naming="equal"
    ),
    Kind(
        "table",
        "guideline_src/tables/*.yml",
        "yaml",
        TableSchema,
        "column schema of the CSV file beside it",
        naming="equal",
    ),
    Kind("vote", "guideline_src/votes/*.csv", "csv", Vote, "votes, one file per round"),
    Kind(
        "as-published",
        "guideline_src/editions/*-as-published.yml",
        "yaml",
        AsPublished,
        "what a published edition states",
    ),
)

#: The four folders in which the files of a project stand.
ROOMS = ("evidence", "grading", "metaanalysis", "guideline_src")

#: Files in these folders that belong to no kind but are expected.
OTHER_PATTERNS = ("guideline_src/tables/*.csv", "guideline_src/editions/*.json")

#: Folders that hold files of no kind: raw exports of searches, and what replaces templates and theme of the tool.
OTHER_FOLDERS = ("evidence/searches", "guideline_src/templates", "guideline_src/theme")

#: Hidden files, and what operating systems, editors and Excel leave behind.
LITTER = (".*", "~$*", "*~", "Thumbs.db", "desktop.ini")
