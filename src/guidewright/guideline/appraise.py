"""From the files of a project to the grade of every clause, stated and computed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from guidewright.grading.changes import Change, changes
from guidewright.grading.facts import (
    Graded,
)
from guidewright.grading.scheme import Scheme
from guidewright.grading.strength import NONE, Computed, RuleTrace, strength_of
from guidewright.guideline.clause_studies import ClauseStudy, facts_of, studies_of
from guidewright.guideline.recommendation import Clause, Override
from guidewright.metaanalysis.result import Result
from guidewright.project import Project
from guidewright.values import Text
from guidewright.words import listing, say

Agreement = Literal["agree", "differ", "undetermined", "not stated"]


@dataclass(frozen=True)
class StatedReading:
    """What the rule gives from the levels that the edition states, all else being unknown."""

    possible: tuple[str, ...]
    compatible: bool | None
    """Whether the stated strength is among them; none if no strength or no level is stated."""


@dataclass(frozen=True)
class ClauseGrade:
    """The grade of one clause, stated and computed, with everything that led to it."""

    clause: str
    recommendation: str
    stated: str | None
    computed: Computed
    studies: tuple[ClauseStudy, ...]
    changes: tuple[Change, ...]
    by_stated_levels: StatedReading
    override: Override | None
    agreement: Agreement
    reasons: tuple[Text, ...]
    scheme: str = ""
    """The scheme by which it was read."""
    undecided: tuple[str, ...] = ()
    """What the scheme asks a group to decide and nobody did."""

    @property
    def trace(self) -> tuple[RuleTrace, ...]:
        """What became of each rule."""
        return self.computed.trace

    @property
    def strength(self) -> str | None:
        """The strength in force: the override if there is one, else what the rule says."""
        return self.override.strength if self.override else self.computed.strength


def grade(
    project: Project, results: Mapping[str, Result], scheme: Scheme | None = None, *, brief: bool = False
) -> tuple[ClauseGrade, ...]:
    """Grade every clause of a project, in the order of the recommendations.

    ``scheme`` is that in force unless another is named; stated strengths and overrides are words of the one in force
    and stay out of a reading by another. A ``brief`` reading does not search what would change each strength.
    """
    return tuple(
        grade_clause(project, recommendation.id, clause, results, scheme, brief=brief)
        for recommendation in project.recommendations.values()
        for clause in recommendation.clauses
    )


def grade_clause(
    project: Project,
    recommendation: str,
    clause: Clause,
    results: Mapping[str, Result],
    scheme: Scheme | None = None,
    *,
    brief: bool = False,
) -> ClauseGrade:
    """Grade one clause."""
    scheme, minimum = scheme or project.scheme, project.scheme_choice.minimum_studies
    in_force = scheme is project.scheme
    studies = studies_of(project, clause, results, scheme)
    counted = [study for study in studies if study.left_out is None]
    graded = [facts_of(one) for one in counted]
    judged = judged_in(clause, scheme)
    computed = strength_of(graded, scheme, claim=clause.claim, minimum_studies=minimum, judged=judged)
    stated = clause.stated.strength if clause.stated and in_force else None
    would_change = () if brief else changes(graded, scheme, claim=clause.claim, minimum_studies=minimum, judged=judged)
    return ClauseGrade(
        clause=f"{recommendation}{clause.id}",
        recommendation=recommendation,
        stated=stated,
        computed=computed,
        studies=tuple(studies),
        changes=would_change,
        by_stated_levels=_by_stated_levels(clause, scheme, minimum) if in_force else StatedReading((), None),
        override=clause.override if in_force else None,
        agreement=_agreement(stated, computed),
        reasons=_reason(computed, studies, scheme),
        scheme=scheme.id,
        undecided=tuple(fact.id for fact in scheme.judged if fact.id not in judged),
    )


def judged_in(clause: Clause, scheme: Scheme) -> dict[str, str]:
    """What was decided about a clause and the scheme asks for."""
    return {fact.id: clause.judged[fact.id].value for fact in scheme.judged if fact.id in clause.judged}


def _agreement(stated: str | None, computed: Computed) -> Agreement:
    if computed.strength is None:
        return "undetermined"
    if stated is None:
        return "not stated"
    return "agree" if stated == computed.strength else "differ"


def _by_stated_levels(clause: Clause, scheme: Scheme, minimum_studies: int) -> StatedReading:
    levels = [item.stated_level for item in clause.evidence if item.stated_level is not None]
    studies = [Graded(f"stated-{n}", levels=frozenset({level})) for n, level in enumerate(levels)]
    computed = strength_of(studies, scheme, claim=clause.claim, minimum_studies=minimum_studies)
    possible = tuple(name for name in computed.possible if name != NONE)
    return StatedReading(possible, clause.stated.strength in possible if clause.stated and levels else None)


def _reason(computed: Computed, studies: list[ClauseStudy], scheme: Scheme) -> tuple[Text, ...]:
    """Why the computed strength is what it is: one text for each reason."""
    if computed.strength is None:
        reasons = [_why_undetermined(computed, studies, scheme)]
    else:
        # where facts are missing it may be one rule or another of the same strength that gives it
        given_by = computed.rules or [trace.rule for trace in computed.trace if trace.outcome == "possible"]
        reasons = [
            say("reason.rule", label=rule.label, rule=rule.id)
            for strength in scheme.strengths
            for rule in strength.rules
            if rule.id in given_by
        ]
    out = [one.study.name if one.study else one.id for one in studies if one.left_out is not None]
    return (*reasons, say("reason.not-counted", names=listing(out))) if out else tuple(reasons)


def _why_undetermined(computed: Computed, studies: list[ClauseStudy], scheme: Scheme) -> Text:
    if computed.note != "undetermined":
        return say("reason." + computed.note.replace(" ", "-"))
    if not any(rule.when for _strength, rule in scheme.rules):
        return say("reason.group-decides")
    counted = [one for one in studies if one.left_out is None]
    unknown = [one for one in counted if one.study is None]
    return (
        say("reason.not-identified", counted=len(counted), unknown=len(unknown)) if unknown else say("reason.unknown")
    )
