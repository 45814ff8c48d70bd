"""Stated against computed: strengths of clauses, levels of references, and how many references there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from guidewright.audit.findings import Finding
from guidewright.guideline.appraise import ClauseGrade
from guidewright.guideline.clause_studies import ClauseStudy
from guidewright.project import Project
from guidewright.words import say


def strength_findings(project: Project, grades: Iterable[ClauseGrade]) -> Iterator[Finding]:
    """A stated strength that the rules do not give, without a recorded override."""
    for grade in grades:
        if grade.agreement == "differ" and grade.override is None:
            yield Finding(
                "strength-differs",
                "error",
                grade.clause,
                project.file_of("recommendation", grade.recommendation),
                say(
                    "finding.strength-differs",
                    clause=grade.clause,
                    stated=grade.stated,
                    computed=grade.computed.strength,
                    reasons=_join(grade),
                ),
                say("next.strength-differs"),
            )


def _join(grade: ClauseGrade) -> dict[str, str]:
    return {tag: " ".join(reason.get(tag, "") for reason in grade.reasons) for tag in ("zh", "en")}


def level_findings(project: Project, grades: Iterable[ClauseGrade]) -> Iterator[Finding]:
    """A stated level that the design of the study does not have."""
    for grade in grades:
        for study in grade.studies:
            level = study.level.determined
            for item in study.evidence:
                if level is not None and item.stated_level is not None and item.stated_level != level:
                    yield Finding(
                        "level-differs",
                        "warning",
                        grade.clause,
                        project.file_of("recommendation", grade.recommendation),
                        say(
                            "finding.level-differs",
                            study=_name(study),
                            cite=item.cite,
                            stated=item.stated_level,
                            design=level if level in project.scheme.level_names else say("level.not-gradable"),
                            reason=study.level.reason,
                        ),
                        say("next.level-differs"),
                    )


def _name(study: ClauseStudy) -> str:
    return study.study.name if study.study else study.id


def count_findings(project: Project) -> Iterator[Finding]:
    """A stated number of references that is not the number listed."""
    for recommendation in project.recommendations.values():
        stated = recommendation.evidence_count_stated
        listed = len({item.cite for clause in recommendation.clauses for item in clause.evidence})
        if stated is not None and stated.value != listed:
            yield Finding(
                "evidence-count",
                "error",
                recommendation.id,
                project.file_of("recommendation", recommendation.id),
                say("finding.evidence-count", recommendation=recommendation.id, stated=stated.value, listed=listed),
                say("next.evidence-count"),
            )
