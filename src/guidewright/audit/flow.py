"""Numbers of the flow of the review that cannot all be right, and reports that belong to no study."""

from __future__ import annotations

from collections.abc import Iterator

from guidewright.audit.findings import Finding, Side, found
from guidewright.audit.sides import Path, of_file
from guidewright.evidence.prisma.checking import Clash, clashes
from guidewright.evidence.prisma.flow import Flow
from guidewright.project import Project
from guidewright.values import Text
from guidewright.words import say

#: Included reports without a study that are named in a finding; the others are counted.
NAMED = 5


def flow_findings(project: Project, flow: Flow) -> Iterator[Finding]:
    """Everything about the flow."""
    for one in clashes(flow, project.searches):
        if one.kind == "declared":
            yield _declared(project, flow, one)
        else:
            yield _sum(project, flow, one)
    if flow.unlinked:
        ids = [one.records[0] for one in flow.unlinked]
        named = ", ".join(ids[:NAMED]) + (" …" if len(ids) > NAMED else "")
        sides = [
            _side(project, (), say("flow.included", n=flow.boxes["new-reports"].number or 0)),
            Side(say("flow.studies"), say("flow.unlinked", n=len(ids), named=named), "", 1, "evidence/studies/"),
        ]
        yield found("flow-unlinked", "included", sides, n=len(ids), named=named)


def _sum(project: Project, flow: Flow, clash: Clash) -> Finding:
    sides = [_side(project, _path(project, flow, clash.box), say("flow.whole", box=_label(clash.box), n=clash.whole))]
    labels = {part.id: part.label for part in flow.boxes[clash.box].parts}
    named = [(labels[name] if name in labels else _label(name), n) for name, n in clash.terms]
    terms: Text = {tag: " + ".join(f"{label.get(tag, '')} {n}" for label, n in named) for tag in ("zh", "en")}
    first = clash.terms[0][0]
    sides.append(_side(project, _path(project, flow, first), say("flow.parts", terms=terms, n=clash.added)))
    rule = "flow-sum" if clash.kind == "sum" else "flow-parts"
    return found(rule, clash.box, sides, box=_label(clash.box), whole=clash.whole, added=clash.added, terms=terms)


def _declared(project: Project, flow: Flow, clash: Clash) -> Finding:
    n, count = next((n, one) for n, one in enumerate(project.searches.counts) if one.id == clash.terms[0][0])
    stated, place = say("flow.stated", n=clash.added), ("counts", n, "number")
    sides = [
        of_file(project, "searches", "searches", place, stated, count.source),
        _side(project, ("databases",), say("flow.whole", box=_label(clash.box), n=clash.whole)),
    ]
    return found("flow-declared", clash.box, sides, box=_label(clash.box), stated=clash.added, computed=clash.whole)


def _label(box: str) -> Text:
    return say(f"prisma.box.{box}")


def _side(project: Project, path: Path, says: Text) -> Side:
    return of_file(project, "searches", "searches", path, says)


def _path(project: Project, flow: Flow, name: str) -> Path:
    """Where a number stands: a declared count, or the searches from which it is computed."""
    counts = project.searches.counts
    stated = flow.boxes[name].count if name in flow.boxes else name
    place = next((n for n, one in enumerate(counts) if one.id == stated), None)
    return ("databases",) if place is None else ("counts", place, "number")
