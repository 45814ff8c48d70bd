"""Build the smallest project that holds what a grading case says."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

from guidewright.evidence.extraction import Extraction
from guidewright.evidence.questions import Question
from guidewright.evidence.studies import Study
from guidewright.grading.library import built_in_schemes
from guidewright.grading.scheme import Scheme, SchemeChoice
from guidewright.guideline.appraise import ClauseGrade, grade_clause
from guidewright.guideline.recommendation import Clause
from guidewright.metaanalysis.analysis import Analysis
from guidewright.metaanalysis.result import Result
from guidewright.project import Placed, Project

SCHEME = built_in_schemes()["aaos-2025cn"]
SOURCE = {"url": "https://example.org"}
WORDS = {"en": "words"}
#: Facts of a study file that a case gives as bare values.
FACTS = ("design", "blinding", "randomisation", "follow_up_percent", "retracted")


def fact(value: object) -> dict[str, Any]:
    return {"value": value, "source": SOURCE}


def study(name: str, said: dict[str, Any]) -> Study:
    data: dict[str, Any] = {key: fact(said[key]) for key in FACTS if key in said}
    data["for_grading"] = {key: fact(value) for key, value in said.get("for_grading", {}).items()}
    reports = [{"cite": f"{name}-{n}", "kind": said.get("report", "results")} for n in range(said.get("reports", 1))]
    if "review" in said or "pooled" in said:
        data["review"] = {key: fact(value) for key, value in said.get("review", {}).items()}
        if "pooled" in said:
            data["review"]["analysis"] = f"{name}-pooled"
    return Study(id=name, name=name, reports=reports, subset_of=said.get("subset_of", ()), **data)


def row(name: str, result: dict[str, Any]) -> Extraction:
    place = {"report": f"{name}-0", "intervention": "new", "comparator": "old", "outcome": "pain"}
    return Extraction(study=name, time_point="1 month", **place, **result)


def question(case: dict[str, Any]) -> Question:
    outcome: dict[str, Any] = {"id": "pain", "name": WORDS, "better": case.get("better", "lower")}
    if "minimal_important_difference" in case:
        outcome["minimal_important_difference"] = fact(case["minimal_important_difference"])
    words = dict.fromkeys(("title", "population", "intervention", "comparator", "study_designs"), WORDS)
    origin = {"kind": "reconstructed"}
    return Question(
        id="q01", number=1, type=case.get("question", "therapeutic"), outcomes=[outcome], origin=origin, **words
    )


def analysis(name: str, pooled: dict[str, Any]) -> Analysis:
    parts = {"select": {"outcomes": ["pain"]}, "overall": {"pooled": False, "reason": WORDS}}
    favours = {"low": WORDS, "high": WORDS}
    return Analysis(id=name, title=WORDS, question="q01", measure=pooled["measure"], favours=favours, **parts)


def result(name: str, pooled: dict[str, Any]) -> Result:
    """A pooled result of which only what homogeneity is judged by is real."""
    numbers = {"low": 0.0, "high": 0.0, "se": 1.0}
    place = {"study": "x", "label": "x", "report": "x", "row": "x", "computed_from": "printed"}
    one = {"estimate": 0.0, "p": 1.0, **numbers}
    low, high = pooled.get("prediction", (None, None))
    stratum = {
        "stratum": "all",
        "k": len(pooled["estimates"]),
        "participants": None,
        "studies": [{**place, **numbers, "estimate": e, "weight": 1.0} for e in pooled["estimates"]],
        **{"summary": one, "common": one, "tau2": 0.0, "q": 0.0, "q_df": 0, "q_p": None, "i2": pooled.get("i2")},
        **{"prediction_low": low, "prediction_high": high},
    }
    how = {"model": "random", "tau2_method": "REML", "interval": "wald"}
    return Result(analysis=name, inputs="", engine={}, measure=pooled["measure"], strata=[stratum], **how)


def grade_case(case: dict[str, Any], scheme: Scheme = SCHEME) -> ClauseGrade:
    """Grade the one clause of a case as `guidewright grade` does."""
    cited = [(said.get("name", f"study-{n}"), said) for n, said in enumerate(case["studies"], start=1)]
    known = [(name, said) for name, said in cited if said.get("identified", True)]
    others = [(said["name"], said) for said in case.get("others", ())]
    pooled = {f"{name}-pooled": said["pooled"] for name, said in known if "pooled" in said}
    files: dict[str, Any] = {one.name: {} for one in fields(Project)}
    files |= {
        "root": Path(),
        "scheme": scheme,
        "scheme_choice": SchemeChoice(
            scheme=scheme.id,
            i_squared_below=case.get("i_squared_below", 50),
            minimum_studies=case.get("minimum_studies", 1),
            declared="2025-01-01",
            declared_by="group",
            reason=WORDS,
        ),
        "questions": {"q01": question(case)},
        "studies": {name: study(name, said) for name, said in (*known, *others)},
        "extraction": tuple(Placed(row(name, said["result"]), "e.csv", 2) for name, said in known if "result" in said),
        "analyses": {name: analysis(name, numbers) for name, numbers in pooled.items()},
    }
    evidence = [
        {"cite": f"{name}-{n}", "stated_level": said.get("stated_level")}
        for name, said in cited
        for n in range(said.get("reports", 1))
    ]
    stated = {"strength": case["stated"], "source": SOURCE} if "stated" in case else None
    decision = {"by": "group", "date": "2025-01-01", "reason": WORDS}
    override = {"strength": case["override"], **decision} if "override" in case else None
    clause = Clause(
        id="a",
        statement=WORDS,
        about=WORDS,
        direction="for",
        claim=case.get("claim", "effect"),
        question="q01",
        evidence=evidence,
        stated=stated,
        override=override,
        judged={name: {"value": value, **decision} for name, value in case.get("judged", {}).items()},
        decided_by=[{"outcome": "pain", "time_point": "1 month"}],
    )
    results = {name: result(name, numbers) for name, numbers in pooled.items()}
    return grade_clause(Project(**files), "r01", clause, results)
