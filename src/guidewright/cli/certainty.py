"""``guidewright certainty``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from guidewright.cli.console import counted, load_or_exit, progress, show_json
from guidewright.guideline.certainty import AnalysisCertainty, BodyCertainty
from guidewright.guideline.question_certainty import QuestionCertainty


def run(root: Path, *, as_json: bool) -> None:
    """Show the suggested certainty of every body of evidence, with what was decided and what is missing."""
    from guidewright.grading.certainty.library import certainty_rules
    from guidewright.guideline.analyses import pool_project
    from guidewright.guideline.certainty import certainties
    from guidewright.guideline.question_certainty import question_certainties

    project = load_or_exit(root, as_json=as_json)
    with progress("certainty") as step:
        found = certainties(project, pool_project(project, progress=step).results)
    questions = question_certainties(project.questions, project.analyses, found)
    if as_json:
        show_json(
            {
                "rules": certainty_rules().id,
                "analyses": [_analysis(one) for one in found],
                "questions": [_question(one) for one in questions],
            }
        )
        return
    bodies = [body for one in found for body in one.bodies]
    for body in bodies:
        print(f"{body.analysis}, {body.stratum}: {_certainty(body)}")
        for reason in body.suggested.reasons:
            levels = " or ".join(f"{level:+d}" if level else "0" for level in reason.levels)
            lacking = sorted({one.fact for one in reason.missing})
            missing = f" (missing: {', '.join(lacking)})" if lacking else ""
            if reason.asked and (reason.determined or missing):
                print(f"  {reason.reason}: {levels}{missing}")
    for question in questions:
        for one in question.comparisons:
            named = f"{question.question}, {one.intervention}" if one.intervention else question.question
            print(f"overall, {named}: {' or '.join(one.possible)}{'' if one.decided else ', not decided'}")
        if not question.comparisons:
            lacks = "no critical outcome is pooled" if question.rated else "no outcome has an `importance`"
            print(f"overall, {question.question}: cannot be told, since {lacks}")
    decided = sum(body.decided is not None for body in bodies)
    print(f"\n{counted(len(bodies), 'body', 'bodies')} of evidence, {decided} of them decided")


def _question(one: QuestionCertainty) -> dict[str, Any]:
    return {
        "question": one.question,
        "comparisons": [
            {
                "intervention": comparison.intervention or None,
                "possible": list(comparison.possible),
                "decided": comparison.decided,
                "critical": [outcome.id for outcome in comparison.outcomes],
                "lowest": list(comparison.lowest),
                "not_pooled": [outcome.id for outcome in comparison.unpooled],
            }
            for comparison in one.comparisons
        ],
    }


def _certainty(body: BodyCertainty) -> str:
    possible = body.suggested.possible
    suggested = possible[0] if len(possible) == 1 else f"{possible[0]} to {possible[-1]}"
    return f"{body.decided} (rules: {suggested})" if body.decided else f"{suggested}, not decided"


def _analysis(one: AnalysisCertainty) -> dict[str, Any]:
    return {"analysis": one.analysis, "file": one.file or None, "bodies": [_body(body) for body in one.bodies]}


def _body(body: BodyCertainty) -> dict[str, Any]:
    return {
        "stratum": body.stratum,
        "outcome": body.outcome.id,
        "studies": body.studies,
        "participants": body.participants,
        "measure": body.measure,
        "estimate": body.estimate,
        "low": body.low,
        "high": body.high,
        "information_size": body.information_size,
        "starts": list(body.suggested.starts),
        "suggested": list(body.suggested.possible),
        "decided": body.decided,
        "message": body.message,
        "familiar_scale": None
        if body.familiar is None
        else {"scale": body.familiar.scale.name, "sd": body.familiar.scale.standard_deviation.value}
        | {name: getattr(body.familiar, name) for name in ("estimate", "low", "high")},
        "absolute": [
            {
                "risk": at.risk,
                "trials": list(at.trials),
                "with": at.effect.risk,
                "with_low": at.effect.low,
                "with_high": at.effect.high,
            }
            for at in body.baselines
            if at.effect is not None
        ],
        "reasons": [
            {
                "reason": reason.reason,
                "asked": reason.asked,
                "levels": list(reason.levels),
                "rules": list(reason.rules),
                "values": dict(reason.seen),
                "missing": [{"fact": one.fact, "of": one.why or None} for one in reason.missing],
            }
            for reason in body.suggested.reasons
        ],
        "decisions": [one.model_dump(mode="json") for one in body.decisions],
    }
