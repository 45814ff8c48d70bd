"""The certainty of a question as a whole: that of the critical outcome of which least is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from guidewright.evidence.questions import Outcome, Question
from guidewright.grading.certainty.library import certainty_rules
from guidewright.grading.certainty.suggestion import lowest_of
from guidewright.guideline.certainty import AnalysisCertainty, BodyCertainty
from guidewright.metaanalysis.analysis import Analysis

#: From this importance on an outcome is critical (1-9, GRADE guidelines 2; see ``Outcome.importance``).
CRITICAL = 7


@dataclass(frozen=True)
class ComparisonCertainty:
    """The overall certainty of one comparison of a question."""

    intervention: str
    """The intervention where analyses are cut by it; empty where the question has one comparison."""
    possible: tuple[str, ...]
    """Levels that remain possible, highest first."""
    decided: bool
    """Whether people have decided every body that it rests on."""
    outcomes: tuple[Outcome, ...]
    """Critical outcomes that some analysis pools."""
    lowest: tuple[str, ...]
    """Those of them, by name, that can have the lowest of these levels."""
    unpooled: tuple[Outcome, ...]
    """Critical outcomes without a pooled result: nothing is known of them here."""


@dataclass(frozen=True)
class QuestionCertainty:
    """The comparisons of a question; none where no outcome is rated critical or none of those is pooled."""

    question: str
    rated: bool
    """Whether the importance of an outcome is declared."""
    comparisons: tuple[ComparisonCertainty, ...]


def question_certainties(
    questions: Mapping[str, Question], analyses: Mapping[str, Analysis], certainties: Sequence[AnalysisCertainty]
) -> tuple[QuestionCertainty, ...]:
    """The overall certainty of each question that has an analysis (GRADE guidelines 11: the lowest of the critical
    outcomes).

    Where an outcome has several bodies (time points), all of them count: the lowest decides.
    """
    bodies: dict[str, dict[str, list[BodyCertainty]]] = {}
    for one in certainties:
        analysis = analyses[one.analysis]
        for body in one.bodies:
            intervention = body.stratum if analysis.strata == "intervention" else ""
            bodies.setdefault(analysis.question, {}).setdefault(intervention, []).append(body)
    return tuple(_question(questions[name], found) for name, found in bodies.items())


def _question(question: Question, bodies: Mapping[str, Sequence[BodyCertainty]]) -> QuestionCertainty:
    critical = [one for one in question.outcomes if (one.importance or 0) >= CRITICAL]
    compared = [
        _comparison(name, found, critical)
        for name, found in bodies.items()
        if any(body.outcome in critical for body in found)
    ]
    rated = any(one.importance is not None for one in question.outcomes)
    return QuestionCertainty(question.id, rated, tuple(compared))


def _comparison(intervention: str, bodies: Sequence[BodyCertainty], critical: Sequence[Outcome]) -> ComparisonCertainty:
    used = [body for body in bodies if body.outcome in critical]
    levels = [(body.decided,) if body.decided else body.suggested.possible for body in used]
    possible = lowest_of(levels, certainty_rules())
    reach = {body.outcome.id for body, some in zip(used, levels, strict=True) if possible[-1] in some}
    pooled = {body.outcome.id for body in used}
    return ComparisonCertainty(
        intervention=intervention,
        possible=possible,
        decided=all(body.decided for body in used),
        outcomes=tuple(one for one in critical if one.id in pooled),
        lowest=tuple(one.id for one in critical if one.id in reach),
        unpooled=tuple(one for one in critical if one.id not in pooled),
    )
