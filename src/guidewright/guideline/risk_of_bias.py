"""The risk of bias of each study, as far as its appraisers are done and the overall judgement is determined."""

from __future__ import annotations

from collections.abc import Mapping

from guidewright.grading.certainty.body import RiskOfBias
from guidewright.grading.instrument import OVERALL
from guidewright.grading.reconciliation import Appraisal, appraisals_of
from guidewright.project import Project

#: The tone in which an instrument draws a judgement, as one of the three that certainty asks for.
_TONES: Mapping[str, RiskOfBias] = {"good": "low", "open": "some", "bad": "high"}
_WORST: tuple[RiskOfBias, ...] = ("low", "some", "high")


def finished_appraisals(project: Project) -> tuple[Appraisal, ...]:
    """Appraisals on which two people agree or a consensus decides."""
    every = appraisals_of(project.appraisals, project.instruments, project.studies)
    return tuple(one for one in every if one.finished)


def risk_of_bias(project: Project) -> dict[str, RiskOfBias]:
    """Study -> risk of bias. Where several instruments or results of a study were appraised, the worst counts."""
    found: dict[str, RiskOfBias] = {}
    for one in finished_appraisals(project):
        instrument = project.instruments[one.instrument]
        overall = one.judgement_of(OVERALL)
        if instrument.unit == "review" or overall is None or overall.judgement is None:
            continue
        tone = next(level.tone for level in instrument.judgements if level.id == overall.judgement)
        if tone in _TONES:
            found[one.study] = max(found.get(one.study, "low"), _TONES[tone], key=_WORST.index)
    return found
