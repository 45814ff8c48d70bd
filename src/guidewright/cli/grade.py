"""``guidewright grade``."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from guidewright.cli.console import load_or_exit, progress, show_json
from guidewright.guideline.appraise import ClauseGrade
from guidewright.guideline.clause_studies import ClauseStudy


def run(root: Path, *, as_json: bool) -> None:
    """Grade every clause and show stated and computed strength."""
    from guidewright.guideline.analyses import pool_project
    from guidewright.guideline.appraise import grade

    project = load_or_exit(root, as_json=as_json)
    with progress("grading") as step:
        grades = grade(project, pool_project(project, progress=step).results)
    if as_json:
        show_json(
            {
                "scheme": project.scheme.id,
                "clauses": [_clause(one) for one in grades],
                "graded_references": _references(grades),
            }
        )
        return
    print(f"{'clause':<8}{'stated':<8}{'computed':<30}why")
    for one in grades:
        computed = one.computed.strength or f"undetermined ({'/'.join(one.computed.possible)})"
        print(f"{one.clause:<8}{one.stated or '-':<8}{computed:<30}{' '.join(r['en'] for r in one.reasons)}")
    tally = Counter(one.agreement for one in grades)
    print(f"\n{len(grades)} clauses: " + ", ".join(f"{n} {name}" for name, n in sorted(tally.items())))


def _clause(one: ClauseGrade) -> dict[str, Any]:
    return {
        "clause": one.clause,
        "stated": one.stated,
        "computed": one.computed.strength,
        "possible": list(one.computed.possible),
        "agreement": one.agreement,
        "rule": list(one.computed.rules),
        "highest_level": one.computed.level,
        "reasons": [reason["en"] for reason in one.reasons],
        "by_stated_levels": list(one.by_stated_levels.possible),
        "override": one.override.model_dump(mode="json") if one.override else None,
        "studies": [_study(study) for study in one.studies],
        "missing": [
            {"study": study.id, "fact": missing.fact, "why": missing.why}
            for study in one.studies
            if study.left_out is None
            for missing in study.missing
        ],
        "rules": [{"rule": t.rule, "outcome": t.outcome, "studies": list(t.studies)} for t in one.trace],
        "would_change": [
            {"to": change.to, "facts": [{"study": s, "fact": f, "value": v} for s, f, v in change.facts]}
            for change in one.changes
        ],
    }


def _study(study: ClauseStudy) -> dict[str, Any]:
    return {
        "study": study.id,
        "identified": study.study is not None,
        "references": [{"cite": e.cite, "stated_level": e.stated_level} for e in study.evidence],
        "counted": study.left_out is None,
        "not_counted_because": study.left_out["en"] if study.left_out else None,
        "level": study.level.determined,
        "level_reason": study.level.reason["en"],
        "quality": study.quality.determined if study.quality else None,
        "flaws": [flaw.id for flaw in study.quality.flaws] if study.quality else [],
        "finding": sorted(study.found.findings) if study.found else None,
        "direction": sorted(study.found.directions) if study.found else None,
        "result": study.result.__dict__ if study.result else None,
    }


def _references(grades: tuple[ClauseGrade, ...]) -> dict[str, Any]:
    stated = {e.cite: e.stated_level for one in grades for study in one.studies for e in study.evidence}
    return {
        "distinct": len(stated),
        "by_stated_level": dict(sorted(Counter(str(level) for level in stated.values()).items())),
    }
