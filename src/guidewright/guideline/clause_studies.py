"""The studies of a clause: which count, their level and quality, and what each found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from guidewright.evidence.extraction import Extraction
from guidewright.evidence.questions import Outcome, QuestionType
from guidewright.evidence.studies import ReportKind, Study
from guidewright.grading.body import Rules
from guidewright.grading.facts import (
    EITHER,
    EVERY_DIRECTION,
    EVERY_FINDING,
    EVERY_QUALITY,
    Graded,
    Missing,
    StudyKind,
)
from guidewright.grading.finding import (
    NOT_EXTRACTED,
    Found,
    Homogeneity,
    finding_of,
    homogeneity,
    not_known,
    significant_by_p,
)
from guidewright.grading.level import Level, StudyQuality, kinds_of, level_of, quality_of
from guidewright.grading.level_table import LevelCell
from guidewright.grading.scheme import Scheme
from guidewright.guideline.recommendation import Clause, Deciding, Evidence
from guidewright.metaanalysis.effects import Measure
from guidewright.metaanalysis.result import Result
from guidewright.metaanalysis.row_effects import NoEffectError, effect_of
from guidewright.project import Placed, Project
from guidewright.values import Text
from guidewright.words import listing, say


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
    homogeneity: Homogeneity | None = None
    """For a review at a level where a rule asks for it: whether its results are homogeneous."""

    @property
    def missing(self) -> tuple[Missing, ...]:
        """Facts that are not known and that a rule may ask for."""
        parts = (self.level, self.quality, self.found, self.homogeneity)
        return tuple(missing for part in parts if part is not None for missing in part.missing)


_rules = lru_cache(maxsize=100)(Rules)


def studies_of(
    project: Project, clause: Clause, results: Mapping[str, Result], scheme: Scheme | None = None
) -> list[ClauseStudy]:
    """The studies of a clause, in the order of its references.

    ``results`` are the pooled analyses, from which a review may take its homogeneity. ``scheme`` is that by which
    they are read, by default the one in force.
    """
    reader = _Reader(project, clause, results, scheme or project.scheme)
    by_study: dict[str, list[Evidence]] = {}
    known: dict[str, Study | None] = {}
    for item in clause.evidence:
        study = project.study_of(item.cite)
        identifier = study.id if study else item.cite
        by_study.setdefault(identifier, []).append(item)
        known[identifier] = study
    present = frozenset(name for name, study in known.items() if not _protocol_only(study, by_study[name]))
    return [reader.study(name, known[name], items, present) for name, items in by_study.items()]


@dataclass(frozen=True)
class _Reader:
    """Reads studies by one scheme, for one clause."""

    project: Project
    clause: Clause
    results: Mapping[str, Result]
    scheme: Scheme

    @property
    def question(self) -> QuestionType:
        """Type of the clause's question, which chooses the table of levels."""
        return self.project.questions[self.clause.question].type

    def study(
        self, identifier: str, study: Study | None, items: list[Evidence], present: frozenset[str]
    ) -> ClauseStudy:
        """One study: level first, then what the rules ask of studies of that level."""
        cells = self._cells(study)
        found: Found | None
        found, result = _found(self.project, self.clause, study)
        homogeneous = self._homogeneous(study)
        level = level_of(
            study,
            self.scheme,
            self.question,
            findings=found.findings,
            homogeneous=homogeneous.possible if homogeneous else EITHER,
            words=self.project.scheme.level_words if self.scheme is not self.project.scheme else None,
        )
        single = level.kinds != {StudyKind.REVIEW}  # the named flaws are those of a trial
        graded = self.scheme.quality is not None and self.scheme.quality.level in level.levels
        asked = graded or any(cell.quality for cell in cells)
        if not self._asks_finding(level, cells):
            found, result = None, None
        if not self._asks_homogeneity(level, cells):
            homogeneous = None
        return ClauseStudy(
            id=identifier,
            study=study,
            evidence=tuple(items),
            left_out=_left_out(study, items, present, self.project),
            level=level,
            quality=quality_of(study, self.scheme) if single and asked else None,
            found=found,
            result=result,
            homogeneity=homogeneous,
        )

    def _cells(self, study: Study | None) -> list[LevelCell]:
        """The cells of the table that name the design of a study."""
        rows = self.scheme.table(self.question) or ()
        design = study.design.value if study is not None and study.design is not None else None
        return [cell for row in rows for cell in row.cells if design in cell.designs]

    def _asks_finding(self, level: Level, cells: Sequence[LevelCell]) -> bool:
        conditions = [rule.when for _strength, rule in self.scheme.rules if rule.when is not None]
        asking = any(when.finding and when.allows(name) for when in conditions for name in level.levels)
        directed = any(self.scheme.ranks.get(name) in _rules(self.scheme).directed for name in level.levels)
        return asking or directed or any(cell.finding for cell in cells)

    def _asks_homogeneity(self, level: Level, cells: Sequence[LevelCell]) -> bool:
        conditions = [rule.when for _strength, rule in self.scheme.rules if rule.when is not None]
        asking = any(when.homogeneous is not None and when.allows(name) for when in conditions for name in level.levels)
        return asking or any(cell.homogeneous is not None for cell in cells)

    def _homogeneous(self, study: Study | None) -> Homogeneity | None:
        """As the authors of the review judge it, or as our own analysis of the same results shows it."""
        review = study.review if study else None
        if review is None and kinds_of(study) != {StudyKind.REVIEW}:
            return None
        if review is not None and review.homogeneous is not None:
            return Homogeneity(frozenset({review.homogeneous.value}), "as its authors judge")
        result = self.results.get(review.analysis) if review is not None and review.analysis else None
        pooled = result.stratum(None) if result else None
        if result is None or pooled is None or result.measure.null is None:
            return not_known("neither its authors' judgement nor an analysis of ours is recorded")
        prediction = (pooled.prediction_low, pooled.prediction_high)
        return homogeneity(
            estimates=[s.estimate for s in pooled.studies],
            null=result.measure.null,
            i2=pooled.i2,
            cut=self.project.scheme_choice.i_squared_below,
            margin=_margin_of(self.project, result),
            prediction=prediction if None not in prediction else None,  # type: ignore[arg-type]
        )


def _left_out(study: Study | None, items: list[Evidence], present: frozenset[str], project: Project) -> Text | None:
    """Protocols hold no results; a retracted study is no evidence, nor its parts; a subgroup is no second trial."""
    if study is None:
        return None
    whole = _whole_of(study, project)
    if any(one.retracted and one.retracted.value for one in (study, *(project.studies[name] for name in whole))):
        return say("left-out.retracted")
    if _protocol_only(study, items):
        return say("left-out.protocol")
    parents = [parent for parent in whole if parent in present]
    if parents:
        return say("left-out.subset", names=listing(project.studies[parent].name for parent in parents))
    return None


def _protocol_only(study: Study | None, items: list[Evidence]) -> bool:
    cites = {item.cite for item in items}
    return study is not None and {report.kind for report in study.reports if report.cite in cites} == {
        ReportKind.PROTOCOL
    }


def _whole_of(study: Study, project: Project) -> list[str]:
    """The studies whose patients these are, and those of which they in turn are a part."""
    found: list[str] = []
    ahead = list(study.subset_of)
    while ahead:
        name = ahead.pop(0)
        if name not in found and name != study.id:
            found.append(name)
            ahead += project.studies[name].subset_of
    return found


# --- what a study found -------------------------------------------------------------------------------------------


def _found(project: Project, clause: Clause, study: Study | None) -> tuple[Found, StudyResult | None]:
    if study is None:
        return Found(EVERY_FINDING, EVERY_DIRECTION), None
    for deciding in clause.decided_by:
        placed = _deciding_row(project, deciding, study)
        if placed is not None:
            outcome = _outcome(project, clause.question, deciding.outcome)
            return _judge(project, placed, outcome)
    return NOT_EXTRACTED, None


def _deciding_row(project: Project, deciding: Deciding, study: Study) -> Placed[Extraction] | None:
    for placed in project.rows_of(study.id):
        row = placed.value
        if (
            row.outcome == deciding.outcome
            and row.time_point == deciding.time_point
            and deciding.intervention in {None, row.intervention}
            and row.verified != "no"
            and (row.subgroup == deciding.subgroup or (deciding.subgroup is None and bool(study.subset_of)))
        ):
            return placed
    return None


def _outcome(project: Project, question: str, identifier: str) -> Outcome:
    """The outcome as a question declares it, or else as another question does."""
    questions = [project.questions[question], *project.questions.values()]
    return next(o for question in questions for o in question.outcomes if o.id == identifier)


def _judge(project: Project, placed: Placed[Extraction], outcome: Outcome) -> tuple[Found, StudyResult]:
    row = placed.value
    measure, estimate, low, high = _interval(row)
    null = measure.null if measure and measure.null is not None else 0.0
    found = finding_of(
        estimate=estimate,
        low=low,
        high=high,
        null=null,
        by_p=significant_by_p(row.p, project.scheme_choice.significance),
        better=outcome.better,
        margin=_margin(outcome, measure),
    )
    place = f"{placed.file}:{placed.line}"
    return found, StudyResult(
        outcome.id, row.time_point, measure.value if measure else None, estimate, low, high, row.p, place
    )


def _margin(outcome: Outcome, measure: Measure | None) -> float | None:
    """The minimal important difference, which is one of means in units of the scale."""
    mid = outcome.minimal_important_difference
    return mid.value if mid is not None and measure is Measure.MD else None


def _interval(row: Extraction) -> tuple[Measure | None, float | None, float | None, float | None]:
    """Effect and interval of a row: computed from counts or means where the row has them, else as it is printed."""
    printed = Measure[row.effect] if row.effect else None
    for measure in (printed, Measure.RR, Measure.MD):
        if measure is None:
            continue
        try:
            effect = effect_of(row, measure)
        except NoEffectError:
            continue
        if effect.computed_from == "printed":
            break
        return measure, effect.estimate, effect.low, effect.high
    estimate, low, high = row.estimate, row.ci_low, row.ci_high
    if printed is not None and not printed.is_ratio and row.difference == "2-1":
        return printed, _negative(estimate), _negative(high), _negative(low)
    return printed, estimate, low, high


def _negative(value: float | None) -> float | None:
    return None if value is None else -value


def facts_of(one: ClauseStudy) -> Graded:
    """What is known of a study, as the rules ask for it."""
    quality, found, same = one.quality, one.found, one.homogeneity
    return Graded(
        study=one.id,
        levels=one.level.levels,
        kinds=one.level.kinds,
        qualities=quality.qualities if quality else EVERY_QUALITY,
        findings=found.findings if found else EVERY_FINDING,
        directions=found.directions if found else EVERY_DIRECTION,
        homogeneous=same.possible if same else EITHER,
    )


def _margin_of(project: Project, result: Result) -> float | None:
    """The minimal important difference of an analysis that pools one outcome."""
    analysis = project.analyses[result.analysis]
    if len(analysis.select.outcomes) != 1:
        return None
    return _margin(_outcome(project, analysis.question, analysis.select.outcomes[0]), result.measure)
