"""What there is and what is missing, for a working group that wants to know what to do next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pydantic import BaseModel

from guidewright.guideline.analyses import Pooling
from guidewright.guideline.appraise import ClauseGrade
from guidewright.project import Project


@dataclass(frozen=True)
class Status:
    """Counts, and lists of what is missing."""

    counts: dict[str, int]
    not_identified: tuple[str, ...]
    """Graded references whose publication is not known."""
    missing_facts: tuple[tuple[str, str], ...]
    """Study and fact, for studies that carry a clause."""
    undetermined: tuple[str, ...]
    """Clauses whose strength cannot be computed."""
    stale_results: tuple[str, ...]
    """Analyses whose committed result is missing or old."""
    untranslated: tuple[tuple[str, str], ...]
    """File and language of words that are missing."""
    without_evidence: tuple[str, ...]
    """Clauses that no reference carries."""


def status_of(project: Project, pooling: Pooling, grades: Sequence[ClauseGrade]) -> Status:
    """Take stock of a project."""
    graded = {e.cite for one in grades for study in one.studies for e in study.evidence}
    missing = {
        (study.id, fact.fact)
        for one in grades
        for study in one.studies
        if study.study is not None and study.left_out is None
        for fact in study.missing
    }
    return Status(
        counts={
            "questions": len(project.questions),
            "recommendations": len(project.recommendations),
            "clauses": len(grades),
            "records": len(project.records),
            "graded references": len(graded),
            "studies": len(project.studies),
            "extracted results": len(project.extraction),
            "analyses": len(project.analyses),
            "screening decisions": sum(len(one) for one in project.screening.values()),
            "judgements": sum(len(one) for one in project.appraisals.values()),
            "votes": sum(len(one) for one in project.votes.values()),
        },
        not_identified=tuple(sorted(key for key in graded if not project.records[key].identified)),
        missing_facts=tuple(sorted(missing)),
        undetermined=tuple(one.clause for one in grades if one.computed.strength is None),
        stale_results=pooling.changed,
        untranslated=tuple(sorted(set(_untranslated(project)))),
        without_evidence=tuple(one.clause for one in grades if not one.studies),
    )


def _untranslated(project: Project) -> Iterator[tuple[str, str]]:
    things = {
        "guideline": {"": project.guideline},
        "question": project.questions,
        "recommendation": project.recommendations,
        "study": project.studies,
        "analysis": project.analyses,
        "chapter": project.chapters,
        "tool": project.tools,
        "pathway": project.pathways,
    }
    for kind, ones in things.items():
        for name, value in ones.items():
            file = project.file_of(kind, name) or "guideline_src/guideline.yml"
            for tag in project.languages:
                prose = project.prose.get((kind, name))
                if _lacks(value, tag) or (prose is not None and tag not in prose):
                    yield file, tag
    for term in project.glossary.terms:
        for tag in project.languages:
            if _lacks(term, tag):
                yield "guideline_src/glossary.yml", tag


def _lacks(value: BaseModel, tag: str) -> bool:
    """Whether any text within a value has no words in a language."""
    for name in type(value).model_fields:
        item = getattr(value, name)
        if name in {"languages", "terms", "synonyms"}:
            continue
        if isinstance(item, dict) and all(isinstance(inner, BaseModel) for inner in item.values()):
            item = tuple(item.values())  # facts by name, not words by language
        for part in item if isinstance(item, tuple) else (item,):
            if isinstance(part, dict) and tag not in part:
                return True
            if isinstance(part, BaseModel) and _lacks(part, tag):
                return True
    return False
