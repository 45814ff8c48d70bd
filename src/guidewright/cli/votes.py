"""``guidewright votes``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from guidewright.cli.console import counted, load_or_exit, show_json
from guidewright.guideline.panel import ClauseResult


def run(root: Path, *, as_json: bool) -> None:
    """Show the result of every round for every clause, by the rule that the round declares."""
    from guidewright.guideline.panel import panel_of

    project = load_or_exit(root, as_json=as_json)
    panel = panel_of(project)
    rules = {one.id: one for one in project.guideline.rounds}
    if as_json:
        rounds = [
            {
                "round": one.round,
                "rule": rules[one.round].model_dump(mode="json"),
                "first_vote": one.first_vote,
                "clauses": [_clause(clause) for clause in one.clauses],
            }
            for one in panel.rounds
        ]
        show_json({"rounds": rounds})
        return
    for one in panel.rounds:
        print(f"{one.round} ({rules[one.round].method}), rule declared {rules[one.round].declared}")
        for clause in one.clauses:
            print(f"  {clause.clause:<8}{_said(clause)}")
    print(f"{counted(len(panel.rounds), 'round')}, {counted(len(panel.course), 'clause')} voted on")


def _said(result: ClauseResult) -> str:
    parts = [result.outcome.replace("-", " ")]
    if result.grid:
        parts.append(result.grid.replace("-", " "))
    if result.share:
        one = result.share
        parts.append(f"{one.votes} of {one.of} in favour, {one.percent:.0f} % ({one.low:.0f} to {one.high:.0f})")
    if result.ratings:
        parts.append(f"median {result.ratings.median:g}")
    parts += [
        f"{number} {name}" for name, number in (("abstained", result.abstained), ("recused", result.recused)) if number
    ]
    return "; ".join(parts)


def _clause(result: ClauseResult) -> dict[str, Any]:
    return {
        "clause": result.clause,
        "outcome": result.outcome,
        "grid": result.grid,
        "counts": dict(result.counts),
        "cast": result.cast,
        "abstained": result.abstained,
        "recused": result.recused,
        "quorum": result.quorum,
        "share": result.share.__dict__ if result.share else None,
        "ratings": {**result.ratings.__dict__, "disagreement": result.ratings.disagreement} if result.ratings else None,
        "dissent": [{"voter": one.voter, "said": one.said, "comment": one.comment} for one in result.dissent],
        "recusals": [one.voter for one in result.recusals],
    }
