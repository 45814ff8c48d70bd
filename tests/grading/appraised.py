"""Invented appraisals of invented studies, to try what becomes of answers of several people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from guidewright.evidence.studies import Study
from guidewright.grading.appraisal import Judgement
from guidewright.grading.instrument import Instrument
from guidewright.grading.library import built_in_instruments
from guidewright.grading.reconciliation import Appraisal, appraisals_of

#: A low risk of bias in every domain of RoB 2.
SOUND = {
    **{"1.1": "Y", "1.2": "Y", "1.3": "N", "2.1": "N", "2.2": "N", "2.6": "Y", "3.1": "Y"},
    **{"4.1": "N", "4.2": "N", "4.3": "N", "5.1": "Y", "5.2": "N", "5.3": "N"},
}
SOURCE = {"cite": "adams2020", "where": "p 1"}


def rows(
    study: str, answers: Mapping[str, str], *, outcome: str | None = None, by: Sequence[str] = (), tool: str = "rob2"
) -> list[Judgement]:
    about = {"study": study, "instrument": tool, "outcome": outcome, "by": tuple(by)}
    return [
        Judgement.model_validate({**about, "item": item, "answer": answer, "reason": f"secret reason {item}"})
        for item, answer in answers.items()
    ]


def study(name: str, **facts: object) -> Study:
    known = {key: {"value": value, "source": SOURCE} for key, value in facts.items()}
    return Study.model_validate({"id": name, "name": name, "reports": [{"cite": name, "kind": "results"}], **known})


def only(tool: str) -> dict[str, Instrument]:
    return {tool: built_in_instruments()[tool]}


def one(all_rows: Mapping[str, Sequence[Judgement]], tool: str = "rob2") -> Appraisal:
    (found,) = appraisals_of(all_rows, only(tool), {})
    return found
