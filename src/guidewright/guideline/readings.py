"""One clause under several schemes side by side. They decide nothing; the scheme in force does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from guidewright.grading.facts import Graded
from guidewright.grading.scheme import Scheme
from guidewright.guideline.appraise import ClauseGrade, grade, judged_in
from guidewright.guideline.clause_studies import facts_of
from guidewright.metaanalysis.result import Result
from guidewright.project import Project
from guidewright.values import Text


@dataclass(frozen=True)
class ReadStudy:
    """What a scheme makes of one study of the clause."""

    study: str
    levels: tuple[str, ...]
    """Its level, or the levels still possible, strongest first."""
    reason: Text
    missing: tuple[str, ...]
    """Facts that are not known, by their names in study files."""
    counted: bool


@dataclass(frozen=True)
class SchemeReading:
    """What a scheme makes of a clause."""

    scheme: str
    strength: str | None
    possible: tuple[str, ...]
    highest: tuple[str, ...]
    """Highest levels still possible."""
    rules: tuple[str, ...]
    reasons: tuple[Text, ...]
    studies: tuple[ReadStudy, ...]
    facts: tuple[Graded, ...]
    """What is known of the studies that count, as the rules take it."""
    judged: dict[str, str]
    """What a group decided and the scheme asks for."""
    undecided: tuple[str, ...]
    """What the scheme asks a group to decide and nobody did."""


def readings(
    project: Project, results: Mapping[str, Result], grades: tuple[ClauseGrade, ...]
) -> dict[str, tuple[SchemeReading, ...]]:
    """Every clause under the scheme in force, which ``grades`` hold, and under those of ``beside``."""
    beside = [name for name in dict.fromkeys(project.scheme_choice.beside) if name != project.scheme.id]
    read = [(project.scheme, grades)]
    read += [(project.schemes[name], grade(project, results, project.schemes[name], brief=True)) for name in beside]
    clauses = {f"{r.id}{c.id}": c for r in project.recommendations.values() for c in r.clauses}
    return {
        together[0].clause: tuple(
            _reading(one, scheme, judged_in(clauses[one.clause], scheme))
            for (scheme, _grades), one in zip(read, together, strict=True)
        )
        for together in zip(*(grades for _scheme, grades in read), strict=True)
    }


def _reading(one: ClauseGrade, scheme: Scheme, judged: dict[str, str]) -> SchemeReading:
    computed = one.computed
    return SchemeReading(
        scheme=scheme.id,
        strength=computed.strength,
        possible=computed.possible,
        highest=computed.highest,
        rules=computed.rules,
        reasons=one.reasons,
        studies=tuple(_studies(one, scheme)),
        facts=tuple(facts_of(study) for study in one.studies if study.left_out is None),
        judged=judged,
        undecided=one.undecided,
    )


def _studies(one: ClauseGrade, scheme: Scheme) -> Iterator[ReadStudy]:
    order = [*scheme.level_names, "not-gradable"]
    for study in one.studies:
        levels = tuple(sorted(study.level.levels, key=order.index))
        missing = tuple(dict.fromkeys(missing.fact for missing in study.missing))
        yield ReadStudy(study.id, levels, study.level.reason, missing, study.left_out is None)
