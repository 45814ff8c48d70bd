"""What appraisers say, or have not yet said, of the studies that strengths rest on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from guidewright.audit.findings import Finding, Side, found
from guidewright.audit.sides import of_scheme, of_study
from guidewright.grading.reconciliation import Appraisal, recorded
from guidewright.guideline.appraise import ClauseGrade
from guidewright.guideline.risk_of_bias import finished_appraisals
from guidewright.project import Project
from guidewright.words import say


def appraisal_findings(project: Project, grades: Iterable[ClauseGrade]) -> Iterator[Finding]:
    """Appraisals that are missing, and those that contradict what is recorded of a study."""
    finished = finished_appraisals(project)
    yield from _missing(project, grades, {one.study for one in finished})
    for one in finished:
        yield from _against_facts(project, one)


def _missing(project: Project, grades: Iterable[ClauseGrade], judged: set[str]) -> Iterator[Finding]:
    """Studies whose quality decides a strength and of which no appraisal is finished."""
    level = project.scheme.quality.level if project.scheme.quality else None
    if level is None:
        return
    lacking = {
        study.study.id: study.study
        for grade in grades
        for study in grade.studies
        if study.study is not None
        and study.left_out is None
        and study.level.determined == level
        and study.study.id not in judged
    }
    if lacking:
        names = ", ".join(study.name for study in lacking.values())
        sides = [
            of_scheme(project, say("side.level-word", level=level)),
            Side(say("side.file"), say("side.not-here"), "grading/README.md", 1),
        ]
        yield found("appraisal-missing", "guideline", sides, level=level, n=len(lacking), studies=names)


def _against_facts(project: Project, appraisal: Appraisal) -> Iterator[Finding]:
    """Answers that differ from a fact recorded of the study, where a question asks for that fact.

    Numbers differ only if they lie in different bands: 82 % and 85 % of follow-up are the same answer.
    """
    instrument, study = project.instruments[appraisal.instrument], project.studies[appraisal.study]
    for item, question in instrument.questions.items():
        fact = recorded(study, question) if question.fact else None
        answers = appraisal.given.get(item)
        if fact is None or not answers or instrument.value_of(item, fact.answer) in answers:
            continue
        given = appraisal.consensus.get(item) or appraisal.answers[item][0]
        labels = {one.id: one.label for one in question.answers}
        agreed = labels.get(given.answer, dict.fromkeys(question.text, given.answer))
        known = labels.get(fact.answer, dict.fromkeys(question.text, fact.answer))
        where = Side(say("side.appraisal"), agreed, f"grading/appraisals/{_file(appraisal, item)}.csv", 1)
        sides = [where, of_study(project, study, (str(question.fact),), known, getattr(study, str(question.fact)))]
        place = f"{study.id}.{item}"
        yield found(
            "appraisal-against-facts", place, sides, study=study.name, asked=question.text, one=agreed, other=known
        )


def _file(appraisal: Appraisal, item: str) -> str:
    """The file of the consensus, else that of the first appraiser."""
    return "consensus" if item in appraisal.consensus else appraisal.answers[item][0].by[0]
