"""``guidewright certainty``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from guidewright.cli.console import load_or_exit, progress, show_json
from guidewright.guideline.certainty import AnalysisCertainty, BodyCertainty


def run(root: Path, *, as_json: bool) -> None:
    """Show the suggested certainty of every body of evidence, with what was decided and what is missing."""
    from guidewright.grading.certainty.library import certainty_rules
    from guidewright.guideline.analyses import pool_project
    from guidewright.guideline.certainty import certainties

    project = load_or_exit(root, as_json=as_json)
    with progress("certainty") as step:
        found = certainties(project, pool_project(project, progress=step).results)
    if as_json:
        show_json({"rules": certainty_rules().id, "analyses": [_analysis(one) for one in found]})
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
    decided = sum(body.decided is not None for body in bodies)
    print(f"\n{len(bodies)} bodies of evidence, {decided} of them decided")


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
