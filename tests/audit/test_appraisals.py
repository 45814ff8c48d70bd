"""Finished appraisals held against what is recorded of a study, and what is not yet appraised."""

from __future__ import annotations

from dataclasses import replace

import pytest

from guidewright.audit.appraisals import appraisal_findings
from guidewright.audit.checklists import checklists_of
from guidewright.audit.findings import Finding
from guidewright.grading.appraisal import Judgement
from guidewright.guideline.appraise import grade
from tests.audit.mutations import Bench
from tests.grading.appraised import rows

RECORDED = {"blinding": "blinded", "randomisation": "adequate", "follow_up": "93.3"}


def agreed(study: str, answers: dict[str, str]) -> dict[str, list[Judgement]]:
    given = {item: answer for item, answer in answers.items() if answer}
    return {name: rows(study, given, tool="quality-facts") for name in ("ann", "bob")}


def findings(work: Bench, appraisals: dict[str, list[Judgement]]) -> list[Finding]:
    project = replace(work.project(), appraisals={name: tuple(ones) for name, ones in appraisals.items()})
    work.findings()  # pools once
    assert work.pooling is not None
    return list(appraisal_findings(project, grade(project, work.pooling.results)))


def items(work: Bench) -> list[str]:
    return list(work.project().instruments["quality-facts"].questions)


def test_answers_that_repeat_the_record_are_no_finding(work: Bench) -> None:
    same = dict(zip(items(work), RECORDED.values(), strict=True))
    found = findings(work, agreed("vapour", same))
    assert [one.rule for one in found] == ["appraisal-missing"]
    names = found[0].text["en"]
    assert "VERTOS II" in names and "VAPOUR" not in names


@pytest.mark.parametrize(("number", "answer"), [(0, "open"), (1, "improper"), (2, "70")])
def test_an_answer_that_contradicts_the_record_is_an_error(work: Bench, number: int, answer: str) -> None:
    asked = items(work)
    said = dict(zip(asked, RECORDED.values(), strict=True)) | {asked[number]: answer}
    (one,) = [f for f in findings(work, agreed("vapour", said)) if f.rule == "appraisal-against-facts"]
    assert one.severity == "error" and one.place == f"vapour.{asked[number]}"
    assert one.sides[0].file == "grading/appraisals/ann.csv"
    assert one.sides[1].file == "evidence/studies/vapour.yml"


def test_a_number_in_the_same_band_is_the_same_answer(work: Bench) -> None:
    said = dict(zip(items(work), ("blinded", "adequate", "85"), strict=True))
    assert [f.rule for f in findings(work, agreed("vapour", said))] == ["appraisal-missing"]


def test_what_one_person_alone_says_is_not_held_against_the_record(work: Bench) -> None:
    said = dict(zip(items(work), ("open", "improper", "70"), strict=True))
    alone = {"ann": agreed("vapour", said)["ann"]}
    assert [f.rule for f in findings(work, alone)] == ["appraisal-missing"]


def test_the_checklists_ask_for_finished_appraisals(work: Bench) -> None:
    project = work.project()
    done = agreed("vapour", dict(zip(items(work), RECORDED.values(), strict=True)))
    stages = [{}, {"ann": done["ann"]}, done]
    states = []
    for rows_of in stages:
        checklist = next(
            c for c in checklists_of(replace(project, appraisals=rows_of), ()) if c.standard.id == "amstar2"
        )
        states.append(next(one.state for one in checklist.items if one.item.n == "9"))
    assert states == ["not-met", "judge", "met"]
