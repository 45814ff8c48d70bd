"""What ``guidewright screen`` reports: progress, agreement, conflicts, stopping, reasons."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from guidewright.cli.console import show_json, wrong_use
from guidewright.cli.terminal import harmless
from guidewright.evidence.screening import STAGES

if TYPE_CHECKING:
    from guidewright.agreement import Coefficient
    from guidewright.cli.screen import Work
    from guidewright.evidence.selecting.state import Selection

COEFFICIENTS = (("percent", "agreement"), ("kappa", "Cohen's kappa"), ("pabak", "PABAK"))


def show_status(selection: Selection, *, as_json: bool) -> None:
    """Counts only, so that looking at progress breaks no blinding."""
    from guidewright.evidence.selecting.state import Verdict

    data: dict[str, Any] = {"publications": len(selection.publications), "stages": {}}
    for stage in STAGES:
        asked = selection.asked(stage)
        verdicts = {verdict.value: len(selection.with_verdict(stage, verdict)) for verdict in Verdict}
        judged = {name: len(asked) - len(selection.open_for(name, stage)) for name in selection.reviewers}
        data["stages"][stage] = {"asked": len(asked), "judged": judged, **verdicts}
    if as_json:
        show_json(data)
        return
    print(f"{data['publications']} publications")
    for stage, one in data["stages"].items():
        counts = ", ".join(f"{verdict.value} {one[verdict.value]}" for verdict in Verdict)
        print(f"{stage}: {one['asked']} to judge; {counts}")
        for name, number in one["judged"].items():
            print(f"  {name}: {number} of {one['asked']}")
    print("Screen: guidewright screen --by NAME [--stage full-text]")


def show_agreement(selection: Selection, *, as_json: bool) -> None:
    """Agreement of every two reviewers, per stage and per reason."""
    from guidewright.evidence.selecting.agreeing import agreements

    found = list(agreements(selection))
    if as_json:
        show_json({"agreement": [_agreement(one) for one in found]})
        return
    if not found:
        print("Nothing to compare: no publication has been judged by two reviewers.")
    for one in found:
        print(f"{one.stage}, {one.about}: {one.agreement.n} judged by {' and '.join(one.reviewers)}")
        for name, words in COEFFICIENTS:
            print(f"  {words:<14} {_number(getattr(one.agreement, name), percent=name == 'percent')}")


def _agreement(one: Any) -> dict[str, Any]:
    numbers = {}
    for name, _words in COEFFICIENTS:
        value: Coefficient | None = getattr(one.agreement, name)
        numbers[name] = None if value is None else {"estimate": value.estimate, "low": value.low, "high": value.high}
    return {
        "stage": one.stage,
        "about": one.about,
        "reviewers": list(one.reviewers),
        "n": one.agreement.n,
        **numbers,
    }


def _number(value: Coefficient | None, *, percent: bool) -> str:
    if value is None:
        return "not defined (one category only)"
    scale, places, sign = (100, 0, "%") if percent else (1, 2, "")
    said = f"{value.estimate * scale:.{places}f}{sign}"
    if value.low is None or value.high is None:
        return said
    return f"{said} (95% CI {value.low * scale:.{places}f} to {value.high * scale:.{places}f})"


def show_conflicts(selection: Selection, to: Path | None, *, as_json: bool) -> None:
    """Publications about which consensus is needed."""
    from guidewright.evidence.selecting.conflicts import conflicts

    if to is not None:
        wrong_use("to write the conflicts to a table: guidewright screen --reconcile --by NAME --to TABLE.xlsx")
    found = list(conflicts(selection))
    if as_json:
        rows = [
            {
                "publication": one.publication,
                "stage": one.stage,
                "kind": one.kind,
                "said": {name: line.model_dump(exclude_none=True) for name, line in one.said.items()},
            }
            for one in found
        ]
        show_json({"conflicts": rows})
        return
    for one in found:
        said = "; ".join(
            f"{name}: {line.decision}" + (f" ({line.reason})" if line.reason else "") for name, line in one.said.items()
        )
        title = selection.publications[one.publication].found.title
        print(f"{one.stage} {one.kind}: {one.publication}\n  {harmless(title)[:100]}\n  {harmless(said)}")
    print(f"{len(found)} conflicts" + ("; settle them: guidewright screen --reconcile --by NAME" if found else ""))


def show_stopping(work: Work, person: str, *, as_json: bool) -> None:
    """Recall curve, estimated recall, and the test by which to stop."""
    from dataclasses import asdict

    from guidewright.cli.screen import table_of
    from guidewright.evidence.selecting.recall import curve, stopping

    unit = {copy: name for name, one in work.by_id.items() for copy in one.ids}
    rows = [row for row in table_of(work.project, person).read() if row.stage == work.stage and row.record in unit]
    relevant = [row.decision != "exclude" for row in rows]
    report = stopping(relevant, len(work.selection.asked(work.stage)))
    if as_json:
        show_json({"stopping": asdict(report), "curve": curve(relevant)})
        return
    print(f"{report.read} of {report.total} read, {report.found} relevant, {report.since} since the last relevant one")
    if report.recall is None or report.p is None:
        print("Nothing can be said of recall before anything relevant is found.")
        return
    print(f"estimated recall {report.recall:.0%}, if what is left is as often relevant as what was read last")
    print(f"chance of reading so little of relevance lately if recall were below {report.target:.0%}: {report.p:.3f}")
    reached = [round(value, 2) for value in curve(relevant)[:: max(1, len(relevant) // 10)]]
    print("relevant found, as a share of all found so far: " + " ".join(f"{value:.2f}" for value in reached))
    print("Whether to stop is for the group to decide, and to say in the methods.")


def show_reasons(*, as_json: bool) -> None:
    """Reasons for exclusion that come with the tool."""
    from guidewright.evidence.selecting.library import exclusion_reasons

    if as_json:
        show_json({one.id: one.label for one in exclusion_reasons()})
        return
    for one in exclusion_reasons():
        print(f"[{one.key}] {one.id:<18} {one.label['en']} / {one.label['zh']}")
