"""``guidewright agreement``."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from guidewright.cli.console import load_or_exit, show_json

if TYPE_CHECKING:
    from guidewright.agreement import Coefficient
    from guidewright.grading.agreement import AppraisersAgree

#: Attribute of an agreement, and how it is called; in the order in which they are shown.
COEFFICIENTS = (
    ("percent", "agreement"),
    ("kappa", "Cohen's kappa"),
    ("linear_kappa", "weighted kappa (linear)"),
    ("quadratic_kappa", "weighted kappa (quadratic)"),
    ("pabak", "PABAK"),
    ("ac1", "Gwet's AC1"),
    ("ac2_linear", "Gwet's AC2 (linear)"),
    ("ac2_quadratic", "Gwet's AC2 (quadratic)"),
)


def run(root: Path, *, as_json: bool) -> None:
    """Show how the appraisers agree."""
    from guidewright.grading.agreement import agreement_of
    from guidewright.grading.reconciliation import State, appraisals_of

    project = load_or_exit(root, as_json=as_json)
    found = agreement_of(project.appraisals, project.instruments)
    appraisals = appraisals_of(project.appraisals, project.instruments, project.studies)
    waiting = sum(one.state is State.OPEN for one in appraisals)
    if as_json:
        show_json({"agreement": [_plain(one) for one in found], "still_open": waiting})
        return
    for one in found:
        _show(one, project.instruments[one.instrument].title.get("en", one.instrument))
    if not found:
        print("Nothing to compare: no appraisal has been completed by two appraisers.")
    if waiting:
        said = "1 appraisal is" if waiting == 1 else f"{waiting} appraisals are"
        print(f"{said} still open: nothing of it counts before two appraisers are done.")


def _show(one: AppraisersAgree, title: str) -> None:
    where = "all answers" if one.part == "answers" else one.part
    print(f"{title}, {where}: {one.agreement.n} judged by {' and '.join(one.raters)}")
    for name, words in COEFFICIENTS:
        coefficient: Coefficient | None = getattr(one.agreement, name)
        if coefficient is None:
            continue
        scale = 100 if name == "percent" else 1
        places = 0 if name == "percent" else 2
        said = f"{coefficient.estimate * scale:.{places}f}" + ("%" if name == "percent" else "")
        if coefficient.low is not None and coefficient.high is not None:
            said += f" (95% CI {coefficient.low * scale:.{places}f} to {coefficient.high * scale:.{places}f})"
        print(f"  {words:<28}{said}")


def _plain(one: AppraisersAgree) -> dict[str, object]:
    return {**asdict(one), "raters": list(one.raters)}
