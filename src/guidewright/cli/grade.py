"""``guidewright grade``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from guidewright.cli.console import counted, load_or_exit, progress, show_json, wrong_use
from guidewright.grading.trace import RuleTrace
from guidewright.guideline.appraise import ClauseGrade
from guidewright.guideline.clause_studies import ClauseStudy


def run(root: Path, *, scheme: str | None, all_schemes: bool, as_json: bool) -> None:
    """Grade every clause and show stated and computed strength, by the scheme in force, another one or all."""
    from guidewright.guideline.analyses import pool_project
    from guidewright.guideline.appraise import grade

    if scheme is not None and all_schemes:
        wrong_use("--scheme names one scheme and --all-schemes takes all: give one of them")
    project = load_or_exit(root, as_json=as_json)
    if scheme is not None and scheme not in project.schemes:
        wrong_use(f"there is no scheme `{printable(scheme)}`; known are {', '.join(project.schemes)}")
    with progress("grading") as step:
        results = pool_project(project, progress=step).results
        if all_schemes:
            read = {name: grade(project, results, one, brief=True) for name, one in project.schemes.items()}
        else:
            grades = grade(project, results, project.schemes[scheme] if scheme else None)
    if all_schemes:
        show_json({"schemes": [_scheme(read[name], name) for name in read]}) if as_json else _table(read)
        return
    if as_json:
        show_json({**_scheme(grades, scheme or project.scheme.id), "graded_references": _references(grades)})
        return
    _list(grades)


def _scheme(grades: tuple[ClauseGrade, ...], name: str) -> dict[str, Any]:
    return {"scheme": name, "clauses": [_clause(one) for one in grades]}


def _table(read: Mapping[str, tuple[ClauseGrade, ...]]) -> None:
    """One block for each clause, one line for each scheme."""
    for together in zip(*read.values(), strict=True):
        print(f"{together[0].clause}")
        for one in together:
            print(f"  {one.scheme:<14}{outcome_of(one):<52}{' '.join(one.computed.rules)}")


def printable(text: str) -> str:
    """Text on one line; what would steer a terminal is made visible."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def outcome_of(one: ClauseGrade) -> str:
    """What a reading comes to, in one short line."""
    computed = one.computed
    if computed.strength:
        return computed.strength
    if computed.note == "levels only":
        return f"highest level {' or '.join(computed.highest)}"
    if computed.note == "undetermined":
        return f"undetermined ({'/'.join(computed.possible)})"
    return computed.note


def _list(grades: tuple[ClauseGrade, ...]) -> None:
    print(f"{'clause':<8}{'stated':<8}{'computed':<30}why")
    for one in grades:
        why = " ".join(reason["en"] for reason in one.reasons)
        print(f"{one.clause:<8}{one.stated or '-':<8}{outcome_of(one):<30}{printable(why)}")
        if one.override:
            decided = one.override
            why = " ".join(decided.reason.values())
            print(f"{'':<16}overridden: {printable(f'{decided.strength} by {decided.by}, {decided.date}: {why}')}")
    tally = Counter(one.agreement for one in grades)
    print(f"\n{counted(len(grades), 'clause')}: " + ", ".join(f"{n} {name}" for name, n in sorted(tally.items())))


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
        "undecided": list(one.undecided),
        "missing": [
            {"study": study.id, "fact": missing.fact, "why": missing.why}
            for study in one.studies
            if study.left_out is None
            for missing in study.missing
        ],
        "rules": [_rule(trace) for trace in one.trace],
        "would_change": [
            {"to": change.to, "facts": [{"study": s, "fact": f, "value": v} for s, f, v in change.facts]}
            for change in one.changes
        ],
    }


def _rule(trace: RuleTrace) -> dict[str, Any]:
    lacked = [
        {"study": lack.study or None, "fact": lack.fact, "has": list(lack.has), "needs": lack.needs}
        for lack in trace.lacks
    ]
    return {
        "rule": trace.rule,
        "strength": trace.strength,
        "outcome": trace.outcome,
        "studies": list(trace.studies),
        "lacked": lacked,
    }


def _study(study: ClauseStudy) -> dict[str, Any]:
    return {
        "study": study.id,
        "identified": study.study is not None,
        "references": [{"cite": e.cite, "stated_level": e.stated_level} for e in study.evidence],
        "counted": study.left_out is None,
        "not_counted_because": study.left_out["en"] if study.left_out else None,
        "level": study.level.determined,
        "levels": sorted(study.level.levels),
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
