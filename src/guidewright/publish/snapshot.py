"""The snapshot: one canonical document with everything that pages, exports and comparisons of editions need.

It is computed once and is deterministic: the same files give the same bytes. Templates only lay it out. Its JSON
Schema is published beside it.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter
from pydantic.dataclasses import dataclass

from guidewright.audit.checklists import Checklist
from guidewright.audit.findings import Finding
from guidewright.evidence.prisma.flow import Flow
from guidewright.evidence.questions import Question
from guidewright.evidence.searches import Searches
from guidewright.grading.agreement import AppraisersAgree
from guidewright.grading.instrument import Instrument
from guidewright.grading.reconciliation import Appraisal
from guidewright.grading.scheme import Scheme, SchemeChoice
from guidewright.guideline.certainty import AnalysisCertainty
from guidewright.guideline.edition import Guideline
from guidewright.guideline.glossary import Glossary
from guidewright.guideline.panel import Panel
from guidewright.guideline.past_editions import PastEdition
from guidewright.guideline.pathways import Pathway
from guidewright.guideline.question_certainty import QuestionCertainty
from guidewright.guideline.readings import SchemeReading
from guidewright.guideline.statements import AsPublished
from guidewright.guideline.tools import Tool
from guidewright.meanings import WithMeanings
from guidewright.publish.prose import clean
from guidewright.publish.views import (
    AnalysisView,
    ChapterView,
    RecommendationView,
    ReferenceView,
    StudyView,
    TableView,
)
from guidewright.values import Text

#: Changed when the shape of the snapshot changes.
SCHEMA_VERSION = "2"


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
    readings: dict[str, tuple[SchemeReading, ...]]
    """Each clause under the scheme in force and those beside it."""
    past_editions: tuple[PastEdition, ...] = ()
    """Earlier editions of which a snapshot was kept, the latest first."""

    @property
    def languages(self) -> tuple[str, ...]:
        """Language tags, the default first."""
        return tuple(self.guideline.languages)

    def scheme_by_name(self, name: str) -> Scheme:
        """The scheme of this name."""
        return next(scheme for scheme in self.schemes if scheme.id == name)


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
    unread = [clause.id for one in read.recommendations for clause in one.clauses if clause.id not in read.readings]
    if unread:
        raise ValueError(f"it is not a whole snapshot: no reading of {', '.join(unread)}")
    return replace(
        read,
        recommendations=tuple(replace(one, rationale=_cleaned(one.rationale)) for one in read.recommendations),
        chapters=tuple(replace(one, html=_cleaned(one.html)) for one in read.chapters),
    )


def _cleaned(prose: Text) -> Text:
    return {tag: clean(html) for tag, html in prose.items()}


def json_schema() -> dict[str, Any]:
    """JSON Schema of the snapshot."""
    return _ADAPTER.json_schema(mode="serialization", by_alias=True, schema_generator=WithMeanings)
