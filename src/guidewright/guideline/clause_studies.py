"""The studies of a clause: which count, their level and quality, and what each found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from guidewright.evidence.extraction import Extraction
from guidewright.evidence.questions import Outcome
from guidewright.evidence.studies import ReportKind, Study
from guidewright.grading.facts import (
    EITHER,
    EVERY_DIRECTION,
    EVERY_FINDING,
    EVERY_QUALITY,
    Graded,
    Missing,
    StudyKind,
)
from guidewright.grading.finding import NOT_EXTRACTED, Found, finding_of, homogeneity
from guidewright.grading.level import Level, StudyQuality, level_of, quality_of
from guidewright.guideline.recommendation import Clause, Deciding, Evidence
from guidewright.metaanalysis.analysis import Measure
from guidewright.metaanalysis.measures import NoEffectError, effect_of
from guidewright.metaanalysis.result import Result
from guidewright.project import Placed, Project
from guidewright.values import Text
from guidewright.words import say


@dataclass(frozen=True)
class StudyResult:
    """The extracted result that decides what a study found, natural scale, group 1 against group 2."""

    outcome: str
    time_point: str
    measure: str | None
    estimate: float | None
    low: float | None
    high: float | None
    p: str | None
    place: str


@dataclass(frozen=True)
class ClauseStudy:
    """One study of a clause: its references, its facts, and whether it counts."""

    id: str
    study: Study | None
    evidence: tuple[Evidence, ...]
    left_out: Text | None
    """Why it does not count, or nothing."""
    level: Level
    quality: StudyQuality | None
    """Quality, where the level has a quality grade."""
    found: Found | None
    """What it found, where the rules ask for it."""
    result: StudyResult | None

    @property
    def missing(self) -> tuple[Missing, ...]:
        """Facts that are not known and that a rule may ask for."""
        quality = self.quality.missing if self.quality else ()
        found = self.found.missing if self.found else ()
        return (*self.level.missing, *quality, *found)


def studies_of(project: Project, clause: Clause) -> list[ClauseStudy]:
    """The studies of a clause, in the order of its references."""
    by_study: dict[str, list[Evidence]] = {}
    known: dict[str, Study | None] = {}
    for item in clause.evidence:
        study = project.study_of(item.cite)
        identifier = study.id if study else item.cite
        by_study.setdefault(identifier, []).append(item)
        known[identifier] = study
    return [_study(project, clause, name, known[name], items, frozenset(known)) for name, items in by_study.items()]


def _study(
    project: Project,
    clause: Clause,
    identifier: str,
    study: Study | None,
    items: list[Evidence],
    present: frozenset[str],
) -> ClauseStudy:
    level = level_of(study, project.scheme)
    graded_level = project.scheme.quality.level
    single = level.kinds != {StudyKind.REVIEW}  # the named flaws are those of a trial
    quality = quality_of(study, project.scheme) if graded_level in level.levels and single else None
    found, result = _found(project, clause, study) if graded_level in level.levels else (None, None)
    return ClauseStudy(
        id=identifier,
        study=study,
        evidence=tuple(items),
        left_out=_left_out(study, items, present, project),
        level=level,
        quality=quality,
        found=found,
        result=result,
    )


def _left_out(study: Study | None, items: list[Evidence], present: frozenset[str], project: Project) -> Text | None:
    """Protocols hold no results; a retracted study is no evidence; a subgroup is not a second trial."""
    if study is None:
        return None
    if study.retracted is not None and study.retracted.value:
        return say("left-out.retracted")
    kinds = {report.kind for report in study.reports if report.cite in {item.cite for item in items}}
    if kinds == {ReportKind.PROTOCOL}:
        return say("left-out.protocol")
    parents = [parent for parent in study.subset_of if parent in present]
    if parents:
        return say("left-out.subset", names=", ".join(project.studies[parent].name for parent in parents))
    return None


# --- what a study found -------------------------------------------------------------------------------------------


def _found(project: Project, clause: Clause, study: Study | None) -> tuple[Found, StudyResult | None]:
    if study is None:
        return Found(EVERY_FINDING, EVERY_DIRECTION), None
    for deciding in clause.decided_by:
        placed = _deciding_row(project, deciding, study)
        if placed is not None:
            outcome = _outcome(project, clause, deciding.outcome)
            return _judge(project, placed, outcome)
    return NOT_EXTRACTED, None


def _deciding_row(project: Project, deciding: Deciding, study: Study) -> Placed[Extraction] | None:
    for placed in project.extraction:
        row = placed.value
        if (
            row.study == study.id
            and row.outcome == deciding.outcome
            and row.time_point == deciding.time_point
            and deciding.intervention in {None, row.intervention}
            and row.verified != "no"
            and (row.subgroup == deciding.subgroup or (deciding.subgroup is None and bool(study.subset_of)))
        ):
            return placed
    return None


def _outcome(project: Project, clause: Clause, identifier: str) -> Outcome:
    """The outcome as the question of the clause declares it, or else as another question does."""
    questions = [project.questions[clause.question], *project.questions.values()]
    return next(o for question in questions for o in question.outcomes if o.id == identifier)


def _judge(project: Project, placed: Placed[Extraction], outcome: Outcome) -> tuple[Found, StudyResult]:
    row = placed.value
    measure, estimate, low, high = _interval(row)
    null = measure.null if measure else 0.0
    mid = outcome.minimal_important_difference
    found = finding_of(
        estimate=estimate,
        low=low,
        high=high,
        null=null,
        p=row.p_number,
        not_significant=row.p == "NS",
        better=outcome.better,
        significance=project.scheme_choice.significance,
        margin=mid.value if mid is not None and measure is Measure.MD else None,
    )
    place = f"{placed.file}:{placed.line}"
    return found, StudyResult(
        outcome.id, row.time_point, measure.value if measure else None, estimate, low, high, row.p, place
    )


def _interval(row: Extraction) -> tuple[Measure | None, float | None, float | None, float | None]:
    """Effect and interval of a row: as printed if it is, else from counts (risk ratio) or means (mean difference)."""
    printed = Measure(row.effect) if row.effect else None
    for measure in (printed, Measure.RR, Measure.MD):
        if measure is None:
            continue
        try:
            effect = effect_of(row, measure)
        except NoEffectError:
            continue
        return measure, effect.estimate, effect.low, effect.high
    if printed is None or row.estimate is None:
        return printed, None, None, None
    flip = not printed.is_ratio and row.difference == "2-1"
    return printed, -row.estimate if flip else row.estimate, None, None


def facts_of(one: ClauseStudy, project: Project, results: Mapping[str, Result]) -> Graded:
    """What is known of a study, as the rules ask for it."""
    quality, found = one.quality, one.found
    return Graded(
        study=one.id,
        levels=one.level.levels,
        kinds=one.level.kinds,
        qualities=quality.qualities if quality else EVERY_QUALITY,
        findings=found.findings if found else EVERY_FINDING,
        directions=found.directions if found else EVERY_DIRECTION,
        homogeneous=_homogeneous(one.study, project, results),
    )


def _homogeneous(study: Study | None, project: Project, results: Mapping[str, Result]) -> frozenset[bool]:
    review = study.review if study else None
    if review is None:
        return EITHER
    if review.homogeneous is not None:
        return frozenset({review.homogeneous.value})
    result = results.get(review.analysis) if review.analysis else None
    pooled = result.stratum(None) if result else None
    if result is None or pooled is None:
        return EITHER
    prediction = (pooled.prediction_low, pooled.prediction_high)
    known = homogeneity(
        estimates=[s.estimate for s in pooled.studies],
        null=result.measure.null,
        i2=pooled.i2,
        cut=project.scheme_choice.i_squared_below,
        margin=None,
        prediction=prediction if None not in prediction else None,  # type: ignore[arg-type]
    )
    return EITHER if known.homogeneous is None else frozenset({known.homogeneous})
