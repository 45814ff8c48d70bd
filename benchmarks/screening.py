"""Two simulated reviewers over real records, from decisions to consensus, and the agreement held against scikit-learn.

    python benchmarks/screening.py FOLDER [RECORDS [SVG]]

FOLDER holds sets of records (see ``duplicate_sets.py``); the copies among them are merged first. What is truly relevant
is decided by words of the title; each reviewer misjudges some and is unsure about others, independently of the other.
Conflicts are settled by the truth. Printed: the counts of each stage, agreement with its interval beside scikit-learn's
kappa, the PRISMA flow of all that with its sums checked (drawn to SVG, if named), the work saved by the learnt order,
and the stopping report along the way. Each set of records counts as one database; one report in forty is not obtained.
"""

from __future__ import annotations

import random
import sys
import zlib
from collections.abc import Sequence
from importlib import resources
from pathlib import Path

from duplicate_sets import sets_in
from sklearn.metrics import cohen_kappa_score

from guidewright.evidence.dedupe.decide import find_duplicates
from guidewright.evidence.dedupe.merging import Publication, publications
from guidewright.evidence.dedupe.recorded import with_automatic
from guidewright.evidence.found import Found
from guidewright.evidence.linking import proposals
from guidewright.evidence.prisma.checking import clashes
from guidewright.evidence.prisma.computing import Material, compute
from guidewright.evidence.prisma.flow import Flow
from guidewright.evidence.screening import ScreeningDecision, Stage
from guidewright.evidence.searches import Searches
from guidewright.evidence.selecting.agreeing import agreements
from guidewright.evidence.selecting.conflicts import conflicts
from guidewright.evidence.selecting.priority import replay
from guidewright.evidence.selecting.recall import stopping, work_saved
from guidewright.evidence.selecting.state import Selection, Verdict, selection
from guidewright.figures.standalone import standalone
from guidewright.publish.flow_figures import Setting, review_figure

REASONS = ("population", "intervention", "study-design", "publication-type")
Files = dict[str, list[ScreeningDecision]]


def relevant(one: Publication) -> bool:
    """What is taken for the truth."""
    title = one.found.title.lower()
    return any(word in title for word in ("random", "trial", "eculizumab", "screening programme"))


def judged(units: list[str], truth: dict[str, bool], stage: Stage, rnd: random.Random) -> list[ScreeningDecision]:
    """Decisions of one reviewer: one in twelve is wrong, one in ten unsure."""
    lines = []
    for unit in units:
        chance = rnd.random()
        right = truth[unit] if chance > 1 / 12 else not truth[unit]
        word = "unsure" if chance > 0.9 else "include" if right else "exclude"
        reason = rnd.choice(REASONS[: 2 + truth[unit]]) if word == "exclude" and stage == "full-text" else None
        if stage == "full-text" and lost(unit):
            word, reason = "exclude", "not-retrieved"
        lines.append(
            ScreeningDecision.model_validate({"record": unit, "stage": stage, "decision": word, "reason": reason})
        )
    return lines


def lost(unit: str) -> bool:
    """Whether the full text of a publication is not to be had: for both reviewers the same ones."""
    return zlib.crc32(unit.encode()) % 40 == 0


def flow_of(records: Sequence[Found], units: Sequence[Publication], state: Selection) -> Flow:
    """The flow from these records; included reports are joined into studies as ``guidewright link`` does."""
    chosen = {record.id for one in units for record in one.records}
    names = sorted({one.rpartition("/")[0] for one in chosen})
    searches = Searches.model_validate({"databases": [{"name": name, "file": f"x/{name}.csv"} for name in names]})
    included = [state.publications[one] for one in state.with_verdict("full-text", Verdict.INCLUDED)]
    studies = {name: f"study-{n}" for n, group in enumerate(proposals(included)[0]) for name in group.publications}
    print(f"linked: {len(included)} reports of {len(set(studies.values()))} studies")
    return compute(Material(searches, state, {name: name for name in studies}, studies, exported=bool(records)))


def settled(state: Selection, truth: dict[str, bool], stage: Stage) -> list[ScreeningDecision]:
    """A consensus on every conflict of a stage."""
    return [
        ScreeningDecision.model_validate(
            {
                "record": one.publication,
                "stage": stage,
                "decision": "include" if truth[one.publication] else "exclude",
                "reason": None if truth[one.publication] else "population",
                "note": f"settled: {one.kind}",
                "by": "one; two",
            }
        )
        for one in conflicts(state, stage)
    ]


def shown(state: Selection, stage: Stage) -> None:
    """Counts and agreement of a stage."""
    counts = {verdict.value: len(state.with_verdict(stage, verdict)) for verdict in Verdict}
    print(f"{stage}: {len(state.asked(stage))} to judge, {counts}")
    for one in agreements(state):
        if one.stage != stage or one.about not in {"decision", "going on"}:
            continue
        pairs = [state.at(unit, stage).by for unit in state.publications if len(state.at(unit, stage).by) == 2]
        words = [[line[name].decision for line in pairs] for name in one.reviewers]
        if one.about == "going on":
            words = [["no" if word == "exclude" else "yes" for word in side] for side in words]
        theirs = cohen_kappa_score(*words)
        kappa, percent, pabak = one.agreement.kappa, one.agreement.percent, one.agreement.pabak
        if kappa and percent and pabak:
            print(
                f"  {one.about}: agreement {percent.estimate:.1%}, kappa {kappa.estimate:.4f} ({kappa.low:.2f} to "
                f"{kappa.high:.2f}), scikit-learn {theirs:.4f}, difference {abs(kappa.estimate - theirs):.1e}, "
                f"PABAK {pabak.estimate:.3f}"
            )


def main() -> None:
    """Run both stages and print what came of them."""
    if len(sys.argv) < 2:
        raise SystemExit("python benchmarks/screening.py FOLDER [RECORDS [SVG]]")
    records = [record for some in sets_in(Path(sys.argv[1])) for record in some.records]
    found = find_duplicates(records)
    units = publications(records, with_automatic((), found, "2026-01-01"))
    rnd = random.Random(11)  # noqa: S311 - no secret
    units = rnd.sample(units, min(len(units), int(sys.argv[2]) if len(sys.argv) > 2 else 500))
    truth = {one.found.id: relevant(one) for one in units}
    print(f"{len(records)} records, {found.surplus} copies; {len(units)} publications, {sum(truth.values())} relevant")
    files: Files = {"one": [], "two": [], "consensus": []}
    stages: tuple[Stage, ...] = ("title-abstract", "full-text")
    for stage in stages:
        asked = selection(units, files).asked(stage)
        for name in ("one", "two"):
            files[name] += judged(asked, truth, stage, rnd)
        state = selection(units, files)
        shown(state, stage)
        needed = settled(state, truth, stage)
        files["consensus"] += needed
        left = len(list(conflicts(selection(units, files), stage)))
        print(f"  conflicts {len(needed)}, after consensus {left}")
    state = selection(units, files)
    print(f"included in the end: {len(state.with_verdict('full-text', Verdict.INCLUDED))}")
    made = flow_of(records, units, state)
    for name, box in made.boxes.items():
        if box.number:
            parts = "; ".join(f"{part.label['en']} {part.number}" for part in box.parts)
            print(f"  {name:<18} {box.number:>6}  {parts}")
    clashing = list(clashes(made, Searches()))
    print(f"numbers that clash: {len(clashing)}; publications followed: {len(made.followed)} of {len(units)}")
    if len(sys.argv) > 3:
        sheet = resources.files("guidewright.publish").joinpath("assets/guidewright.css").read_text(encoding="utf-8")
        drawing = review_figure(made, Setting("en")).draw()
        Path(sys.argv[3]).write_text(standalone(drawing, sheet) + "\n", encoding="utf-8")
        print(f"drawn to {sys.argv[3]}")
    texts = [f"{one.found.title} {one.found.journal}".lower() for one in units]
    labels = list(truth.values())
    read = replay(texts, labels)
    ordered = [labels[n] for n in read]
    print(f"learnt order: work saved over sampling at 95 % recall {work_saved(ordered):.2f}, in the order found "
          f"{work_saved(labels):.2f}")  # fmt: skip
    for part in (0.2, 0.4, 0.6, 0.8):
        report = stopping(ordered[: int(part * len(ordered))], len(ordered))
        true_recall = report.found / sum(labels)
        print(f"  after {part:.0%}: recall {true_recall:.2f}, estimated {report.recall:.2f}, p {report.p:.3f}")


if __name__ == "__main__":
    main()
