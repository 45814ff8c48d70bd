"""From evidence to decision: what a panel judged for a recommendation (``guideline_src/decisions/*.yml``).

A file of its own, not the front matter: these judgements are written by the panel and not by whoever words the
recommendation, they are long, and git merges them apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import Field, model_validator

from guidewright.grading.decision.criteria import Criteria, Criterion
from guidewright.values import ActorId, ISODate, RecommendationId, Slug, Source, Text, Value


class CriterionJudgement(Value):
    """The judgement for one criterion."""

    criterion: Slug = Field(examples=["balance"])
    """The criterion."""
    judgement: Slug = Field(examples=["probably-intervention"])
    """The answer."""
    evidence: Text | None = None
    """Research evidence behind it."""
    considerations: Text | None = None
    """What else was weighed."""
    by: ActorId | None = None
    """Who judged; left out where the source does not say."""
    date: ISODate | None = None
    """When."""
    source: Source | None = None
    """Where it is recorded, if elsewhere."""


class DecisionRecord(Value):
    """The judgements for one recommendation; the file is called after it."""

    id: RecommendationId = Field(examples=["r06"])
    """The recommendation, equal to the start of the file name."""
    judgements: tuple[CriterionJudgement, ...] = ()
    """Judgements; a criterion without one is shown as not recorded."""
    conclusion: Text | None = None
    """What the panel concluded from them."""

    @model_validator(mode="after")
    def _once(self) -> DecisionRecord:
        named = [one.criterion for one in self.judgements]
        twice = next((name for name in named if named.count(name) > 1), None)
        if twice:
            raise ValueError(f"`{twice}` is judged twice; keep the judgement in force")
        return self


@dataclass(frozen=True)
class DecisionRow:
    """One criterion with its judgement, or none."""

    criterion: Criterion
    judgement: CriterionJudgement | None
    answer: Text | None
    """The answer in words."""


@dataclass(frozen=True)
class DecisionTable:
    """The evidence-to-decision table of one recommendation."""

    recommendation: str
    file: str
    """Empty where nothing is recorded."""
    rows: tuple[DecisionRow, ...]
    conclusion: Text | None

    @property
    def recorded(self) -> int:
        """How many criteria are judged."""
        return sum(row.judgement is not None for row in self.rows)


def decision_table(
    recommendation: str, records: Mapping[str, DecisionRecord], file: str, criteria: Criteria
) -> DecisionTable:
    """The table of one recommendation, every criterion in its order, judged or not."""
    record = records.get(recommendation)
    judged = {one.criterion: one for one in record.judgements} if record else {}
    rows = []
    for criterion in criteria.criteria:
        judgement = judged.get(criterion.id)
        answers = {one.id: one.label for one in criteria.answers(criterion.id)}
        rows.append(DecisionRow(criterion, judgement, answers.get(judgement.judgement) if judgement else None))
    return DecisionTable(recommendation, file if record else "", tuple(rows), record.conclusion if record else None)
