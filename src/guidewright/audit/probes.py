"""Small functions that look in a project for what an item of a checklist asks for; the items name them.

Each returns a state and the places that show it. ``met`` and ``not-met`` are what the files say, not how good it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from guidewright.audit.findings import Finding
from guidewright.audit.sides import same
from guidewright.project import Project
from guidewright.values import Text
from guidewright.words import say

State = Literal["met", "not-met", "judge"]


@dataclass(frozen=True)
class Shown:
    """A place that shows something."""

    says: Text | None
    """What it shows, or nothing where the place speaks for itself."""
    file: str
    line: int


@dataclass(frozen=True)
class Grounds:
    """What probes look at."""

    project: Project
    findings: tuple[Finding, ...]

    def at(self, kind: str, name: str, *path: str | int, says: Text | None = None) -> Shown:
        """A place of a file of the project."""
        project = self.project
        return Shown(says, project.file_of(kind, name), project.line_of(kind, name, *path))

    def guideline(self, *path: str | int, says: Text | None = None) -> Shown:
        """A place of ``guideline.yml``."""
        return self.at("guideline", self.project.guideline.id, *path, says=says)

    def process(self, *names: str) -> Judgement | None:
        """A statement of the process by its identifier."""
        for n, one in enumerate(self.project.guideline.process):
            if one.id in names:
                return "met", (self.guideline("process", n, says=one.title),)
        return None

    def remark(self, name: str) -> Shown | None:
        """A remark on a published edition."""
        for edition in self.project.as_published:
            for n, one in enumerate(edition.remarks):
                if one.id == name:
                    return self.at("as-published", f"{edition.edition}-as-published", "remarks", n, says=one.text)
        return None

    def lacking(self, *remarks: str) -> Judgement:
        """Not met, with the remark that says so if there is one."""
        for name in remarks:
            if (shown := self.remark(name)) is not None:
                return "not-met", (shown,)
        return "not-met", (self.guideline(says=say("probe.nothing-found")),)


Judgement = tuple[State, tuple[Shown, ...]]
Probe = Callable[[Grounds], Judgement]
PROBES: dict[str, Probe] = {}


def probe(name: str) -> Callable[[Probe], Probe]:
    """Register a probe under the name that items use."""

    def add(function: Probe) -> Probe:
        PROBES[name] = function
        return function

    return add


def _if(met: bool, shown: Shown, *more: Shown) -> Judgement:
    return ("met" if met else "not-met"), (shown, *more)


def _of_recommendations(g: Grounds, state: State, *path: str | int, says: Text | None = None) -> Judgement:
    """What holds of the recommendations, shown at the first; not met where there is none."""
    first = next(iter(g.project.recommendations), None)
    return g.lacking() if first is None else (state, (g.at("recommendation", first, *path, says=says),))


# --- the guideline ------------------------------------------------------------------------------------------------


@probe("title")
def _title(g: Grounds) -> Judgement:
    words = " ".join(g.project.guideline.title.values())
    return _if(
        bool(re.search("指南|共识|推荐|guideline|recommendation", words, re.I)),
        g.guideline("title", says=g.project.guideline.title),
    )


@probe("title-review")
def _title_review(g: Grounds) -> Judgement:
    words = " ".join(g.project.guideline.title.values())
    return _if(
        bool(re.search("系统评价|systematic review", words, re.I)), g.guideline("title", says=g.project.guideline.title)
    )


@probe("date")
def _date(g: Grounds) -> Judgement:
    return "met", (g.guideline("date", says=same(g.project.guideline.date)),)


def _field(name: str) -> Probe:
    def look(g: Grounds) -> Judgement:
        value = getattr(g.project.guideline, name)
        return _if(bool(value), g.guideline(name, says=value if isinstance(value, dict) else None))

    return look


for _name in ("summary", "population", "users", "aspects"):
    PROBES[_name] = _field(_name)


@probe("settings")
def _settings(g: Grounds) -> Judgement:
    words = " ".join([*g.project.guideline.users.values(), *g.project.guideline.population.values()])
    named = re.search("医院|门诊|社区|hospital|clinic|primary care|community", words, re.I)
    return ("judge" if named else "not-met"), (g.guideline("users", says=g.project.guideline.users),)


@probe("populations")
def _populations(g: Grounds) -> Judgement:
    recs = g.project.recommendations.values()
    return "judge", tuple(g.at("recommendation", rec.id, "population") for rec in list(recs)[:3])


@probe("summary-table")
def _summary_table(g: Grounds) -> Judgement:
    return _of_recommendations(g, "met", "clauses", says=say("probe.summary-page"))


@probe("abbreviations")
def _abbreviations(g: Grounds) -> Judgement:
    wrong = [
        f
        for f in g.findings
        if f.rule in {"abbreviation-unknown", "abbreviation-twice", "expansion-differs", "term-to-avoid"}
    ]
    glossary = g.at("glossary", "glossary", says=say("probe.glossary", n=len(g.project.glossary.terms)))
    return _if(not wrong, glossary, *(Shown(f.text, f.file, f.line) for f in wrong[:3]))


@probe("contact")
def _contact(g: Grounds) -> Judgement:
    return g.lacking("contact", "members")


@probe("background")
def _background(g: Grounds) -> Judgement:
    chapter = next((c for c in g.project.chapters.values() if "background" in c.id), None)
    return ("judge", (g.at("chapter", chapter.id, says=chapter.title),)) if chapter else g.lacking()


@probe("outlook")
def _outlook(g: Grounds) -> Judgement:
    chapter = next((c for c in g.project.chapters.values() if "discussion" in c.id), None)
    return ("judge", (g.at("chapter", chapter.id, says=chapter.title),)) if chapter else g.lacking()


@probe("framework")
def _framework(g: Grounds) -> Judgement:
    found = g.process("framework", "rationale")
    return ("judge", found[1]) if found else g.lacking()


@probe("access")
def _access(g: Grounds) -> Judgement:
    if g.project.guideline.site_url is not None:
        return "met", (g.guideline("site_url", says=same(g.project.guideline.site_url)),)
    return g.process("publication") or g.lacking()


@probe("tools")
def _tools(g: Grounds) -> Judgement:
    first = next(iter(g.project.tools), None)
    if first is None:
        return g.lacking()
    says = say("probe.tools", tools=len(g.project.tools), pathways=len(g.project.pathways))
    return "met", (g.at("tool", first, says=says),)


@probe("indicators")
def _indicators(g: Grounds) -> Judgement:
    return g.lacking("indicators")


@probe("costs")
def _costs(g: Grounds) -> Judgement:
    return g.process("costs", "resources") or g.lacking("costs")


@probe("equity")
def _equity(g: Grounds) -> Judgement:
    return g.process("equity") or g.lacking("equity")


@probe("transparency")
def _transparency(g: Grounds) -> Judgement:
    funded, money = PROBES["funding"](g)
    return _if(
        bool(g.project.guideline.process) and funded == "met",
        g.guideline("process", says=say("probe.process", n=len(g.project.guideline.process))),
        *money,
    )


@probe("audit-itself")
def _audit(g: Grounds) -> Judgement:
    return "judge", (g.guideline(says=say("probe.audited", n=len(g.findings))),)


# --- recommendations ----------------------------------------------------------------------------------------------


@probe("linked-evidence")
def _linked(g: Grounds) -> Judgement:
    bare = [
        (rec.id, n) for rec in g.project.recommendations.values() for n, c in enumerate(rec.clauses) if not c.evidence
    ]
    if bare:
        return "not-met", tuple(g.at("recommendation", rec, "clauses", n) for rec, n in bare[:3])
    return _of_recommendations(g, "met", "clauses", 0, "evidence", says=say("probe.all-linked"))


@probe("strengths")
def _strengths(g: Grounds) -> Judgement:
    bare = [
        (rec.id, n)
        for rec in g.project.recommendations.values()
        for n, c in enumerate(rec.clauses)
        if c.stated is None or any(item.stated_level is None for item in c.evidence)
    ]
    if bare:
        return "judge", tuple(g.at("recommendation", rec, "clauses", n) for rec, n in bare[:3])
    return _of_recommendations(g, "met", "clauses", 0, "stated", says=say("probe.all-graded"))


@probe("strengths-and-votes")
def _strengths_and_votes(g: Grounds) -> Judgement:
    if not g.project.votes:
        return g.lacking("voting-results")
    return PROBES["strengths"](g)


@probe("statements")
def _statements(g: Grounds) -> Judgement:
    return _of_recommendations(g, "judge", "clauses", 0, "statement", says=say("probe.read-them"))


@probe("alternatives")
def _alternatives(g: Grounds) -> Judgement:
    open_ones = [
        (rec.id, n)
        for rec in g.project.recommendations.values()
        for n, c in enumerate(rec.clauses)
        if c.direction == "either"
    ]
    return "judge", tuple(g.at("recommendation", rec, "clauses", n, "direction") for rec, n in open_ones[:3]) or (
        g.guideline(says=say("probe.read-them")),
    )


@probe("practical")
def _practical(g: Grounds) -> Judgement:
    having = [rec.id for rec in g.project.recommendations.values() if rec.practical]
    return ("judge", tuple(g.at("recommendation", rec, "practical") for rec in having[:3])) if having else g.lacking()


@probe("limits")
def _limits(g: Grounds) -> Judgement:
    having = [
        name
        for (kind, name), texts in g.project.prose.items()
        if kind == "recommendation" and any(re.search("局限|Limits", prose.text) for prose in texts.values())
    ]
    if not having:
        return g.lacking()
    return "met", (
        g.at("recommendation", having[0], says=say("probe.limits", n=len(having), all=len(g.project.recommendations))),
    )


@probe("process-limits")
def _process_limits(g: Grounds) -> Judgement:
    chapter = next((c for c in g.project.chapters.values() if "limits" in c.id), None)
    return ("judge", (g.at("chapter", chapter.id, says=chapter.title),)) if chapter else g.lacking()


@probe("changes-labelled")
def _changes_labelled(g: Grounds) -> Judgement:
    open_ones = [rec.id for rec in g.project.recommendations.values() if rec.change == "not-stated"]
    if open_ones:
        says = say("probe.unlabelled", n=len(open_ones))
        return "not-met", (g.at("recommendation", open_ones[0], "change", says=says),)
    return _of_recommendations(g, "met", "change")


@probe("changes-justified")
def _changes_justified(g: Grounds) -> Judgement:
    state, shown = PROBES["changes-labelled"](g)
    return ("not-met" if state == "not-met" else "judge"), shown


@probe("earlier-edition")
def _earlier(g: Grounds) -> Judgement:
    return _if(
        bool(g.project.guideline.earlier_editions),
        g.guideline("earlier_editions"),
        g.guideline("edition", says=same(g.project.guideline.edition)),
    )
