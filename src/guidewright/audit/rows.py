"""Numbers of one study against one another: groups and totals, counts and effects, intervals and p values."""

from __future__ import annotations

import math
from collections.abc import Iterator

from guidewright.audit.findings import Finding, Side, found
from guidewright.audit.outcomes import RATIOS, interval_of, outcome_of, result_words
from guidewright.audit.sides import of_row, of_study, same
from guidewright.evidence.extraction import Extraction
from guidewright.grading.finding import significant_by_p
from guidewright.project import Placed, Project
from guidewright.values import Text
from guidewright.words import say

#: A printed ratio may be adjusted or from a survival model; beyond this factor it is no longer the same result.
RATIO_MAY_DIFFER_BY = 1.2
#: How far from the middle of its interval an estimate may lie, as a share of the width of the interval, and at least
#: in units of the scale: rounding to one decimal moves the middle by up to 0.05 and the estimate by as much.
OFF_CENTRE, ROUNDING = 0.05, 0.1


def row_findings(project: Project) -> Iterator[Finding]:
    """Everything about numbers of studies."""
    for study in project.studies.values():
        sizes = [arm.size.value for arm in study.arms if arm.size is not None]
        total = study.participants
        if total is not None and sizes and sum(sizes) > total.value:
            sides = [
                of_study(project, study, ("arms",), same(" + ".join(map(str, sizes)))),
                of_study(project, study, ("participants",), same(total.value), total),
            ]
            yield found("arms-exceed-total", study.id, sides, study=study.name, sum=sum(sizes), total=total.value)
    for placed in project.extraction:
        if placed.value.verified != "no":
            yield from _too_many(project, placed)
            yield from _estimate(project, placed)
            yield from _interval(project, placed)


def _named(project: Project, placed: Placed[Extraction]) -> dict[str, object]:
    row = placed.value
    outcome = outcome_of(project, row.outcome)
    return {
        "study": project.studies[row.study].name,
        "outcome": outcome.name if outcome else row.outcome,
        "time": row.time_point,
    }


def _place(placed: Placed[Extraction]) -> str:
    row = placed.value
    parts = (row.study, row.intervention, row.outcome, row.time_point, row.subgroup or "")
    return "/".join(part.replace(" ", "-") for part in parts if part)


def _too_many(project: Project, placed: Placed[Extraction]) -> Iterator[Finding]:
    row = placed.value
    if row.unit != "participants":
        return
    study = project.studies[row.study]
    for group, term in ((1, row.intervention), (2, row.comparator)):
        arms = [m for m, arm in enumerate(study.arms) if arm.intervention == term and arm.size is not None]
        counted = getattr(row, f"total{group}") or getattr(row, f"n{group}")
        if len(arms) != 1 or counted is None:
            continue
        size = study.arms[arms[0]].size
        if size is not None and counted > size.value:
            sides = [
                of_row(project, placed, same(counted)),
                of_study(project, study, ("arms", arms[0], "size"), same(size.value), size),
            ]
            more = {"group": group, "n": counted, "size": size.value}
            yield found("row-exceeds-arm", f"{_place(placed)}/{group}", sides, **_named(project, placed), **more)


def computed_ratio(row: Extraction) -> float | None:
    """Risk ratio, odds ratio or risk difference from the counts of a row, as its measure asks; none without counts."""
    if not row.has_counts or row.effect not in {"RR", "OR", "RD"}:
        return None
    a, n1, c, n2 = (float(getattr(row, name) or 0) for name in ("events1", "total1", "events2", "total2"))
    if min(n1, n2) == 0:
        return None
    if row.effect == "RD":
        return a / n1 - c / n2
    if row.effect == "RR":
        return (a / n1) / (c / n2) if c else None
    b, d = n1 - a, n2 - c
    return a * d / (b * c) if b * c else None


def _estimate(project: Project, placed: Placed[Extraction]) -> Iterator[Finding]:
    row = placed.value
    computed = computed_ratio(row)
    if computed is None or row.estimate is None:
        return
    if row.effect == "RD":
        apart = abs(computed - row.estimate) > 0.02
    else:
        apart = computed <= 0 or max(computed / row.estimate, row.estimate / computed) > RATIO_MAY_DIFFER_BY
    if apart:
        counts = f"{row.events1}/{row.total1} : {row.events2}/{row.total2}"
        shown: Text = same(f"{row.effect} {row.estimate:g}")
        sides = [
            of_row(project, placed, shown),
            Side(say("side.counts"), same(f"{counts} → {computed:.2f}"), placed.file, placed.line, row.note or ""),
        ]
        more = {"measure": row.effect, "printed": f"{row.estimate:g}", "computed": f"{computed:.2f}"}
        yield found("estimate-against-counts", _place(placed), sides, **_named(project, placed), **more)


def _interval(project: Project, placed: Placed[Extraction]) -> Iterator[Finding]:
    row = placed.value
    if row.estimate is None or row.ci_low is None or row.ci_high is None:
        return
    shown = {"estimate": f"{row.estimate:g}", "low": f"{row.ci_low:g}", "high": f"{row.ci_high:g}"}
    numbers = [row.ci_low, row.estimate, row.ci_high]
    if row.effect in RATIOS:
        numbers = [math.log(number) for number in numbers]
    low, middle, high = numbers
    off = abs((low + high) / 2 - middle)
    if row.effect not in RATIOS and off > OFF_CENTRE * (high - low) and off > ROUNDING - 1e-9:
        sides = [
            of_row(project, placed, same(shown["estimate"])),
            Side(
                say("side.same-row"),
                same(f"{shown['low']} – {shown['high']}"),
                placed.file,
                placed.line,
                row.note or "",
            ),
        ]
        yield found("interval-lopsided", _place(placed), sides, **_named(project, placed), **shown)
    by_p = significant_by_p(row.p, project.scheme_choice.significance)
    _, turned_low, turned_high, null = interval_of(row)
    by_interval = turned_low is not None and turned_high is not None and (turned_low > null or turned_high < null)
    if by_p is not None and by_p != by_interval:
        sides = [
            of_row(project, placed, same(f"p {row.p}")),
            Side(
                say("side.same-row"),
                result_words(project, row),
                placed.file,
                placed.line,
                row.note or "",
            ),
        ]
        more = {"p": row.p, "low": shown["low"], "high": shown["high"], "null": f"{null:g}"}
        yield found("p-against-interval", _place(placed), sides, **_named(project, placed), **more)
