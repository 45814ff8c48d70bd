"""The risk of bias of each study, as far as the reviewers agreed upon an overall judgement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from guidewright.grading.appraisal import Judgement
from guidewright.grading.certainty.body import RiskOfBias
from guidewright.project import Project

#: The item under which an instrument keeps its judgement of the whole study.
OVERALL = "overall"
#: Answers of the instruments in common use, each as one of three.
_ANSWERS: Mapping[str, RiskOfBias] = {
    "low": "low",
    "some": "some",
    "some concerns": "some",
    "some-concerns": "some",
    "moderate": "some",
    "unclear": "some",
    "high": "high",
    "serious": "high",
    "critical": "high",
}


def risk_of_bias(project: Project) -> dict[str, RiskOfBias]:
    """Study -> risk of bias, from the file of what the reviewers agreed upon.

    Judgements of single reviewers do not count before they are reconciled.
    """
    return _overall(project.appraisals.get("consensus", ()))


def _overall(judgements: Iterable[Judgement]) -> dict[str, RiskOfBias]:
    found = {}
    for one in judgements:
        answer = _ANSWERS.get(one.answer.strip().lower())
        if one.item == OVERALL and answer is not None:
            found[one.study] = answer
    return found
