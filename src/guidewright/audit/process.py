"""How the guideline was made: search, roles, registration, updating, and what is not reported. (Votes and interests:
``panel.py``.)
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guidewright.audit.checklist_items import items, standards
from guidewright.audit.findings import Finding, Side, found
from guidewright.audit.sides import of_file, printed, same
from guidewright.project import Project
from guidewright.words import say

#: Powers that one group cannot hold together: who is outside does not decide, who judges interests does not vote.
CLASHES = (("reviews", "decides"), ("reviews", "votes"), ("manages-interests", "votes"))
#: Powers each of which is a last word.
LAST_WORDS = frozenset({"decides", "approves"})


def process_findings(project: Project) -> Iterator[Finding]:
    """Everything about the process."""
    yield from _not_reported(project)
    yield from _roles(project)
    yield from _search(project)
    yield from _dates(project)


def _not_reported(project: Project) -> Iterator[Finding]:
    """What the edition leaves out although a standard asks for it."""
    known = items()
    for edition in project.as_published:
        for n, remark in enumerate(edition.remarks):
            asked = [known[name] for name in remark.asked_by if name in known]
            if remark.reported or not asked:
                continue
            sides = [printed(project, edition, ("remarks", n, "text"), remark.text)]
            for item in asked:
                title = standards()[item.standard].title
                who = say("side.standard", standard=title, number=item.n)
                sides.append(Side(who, item.ask, "", 1, "; ".join(standards()[item.standard].sources)))
            listed = ", ".join(f"{standards()[item.standard].short} {item.n}" for item in asked)
            yield found("not-reported", remark.id, sides, topic=remark.topic, says=remark.text, standards=listed)


def _roles(project: Project) -> Iterator[Finding]:
    guideline = project.guideline
    last = []
    for n, group in enumerate(guideline.groups):
        here = of_file(
            project, "guideline", guideline.id, ("groups", n, "powers"), same(", ".join(group.powers)), group.source
        )
        duties = {tag: mark.join(duty.get(tag, "") for duty in group.duties) for tag, mark in say("semicolon").items()}
        told = of_file(project, "guideline", guideline.id, ("groups", n, "duties"), duties, group.source)
        for one, other in CLASHES:
            if {one, other} <= set(group.powers):
                yield found(
                    "roles-clash",
                    f"{group.id}/{one}-{other}",
                    [here, told],
                    group=group.name,
                    one=say(f"power.{one}"),
                    other=say(f"power.{other}"),
                )
        if LAST_WORDS & set(group.powers):
            last.append((group, told))
    if len(last) > 1:
        names = {
            tag: mark.join(group.name.get(tag, group.id) for group, _ in last) for tag, mark in say("listing").items()
        }
        yield found("last-word-shared", "groups", [side for _, side in last], groups=names)


def _search(project: Project) -> Iterator[Finding]:
    searches = project.searches
    strategy = [n for n, one in enumerate(searches.databases) if one.strategy is None]
    dates = [n for n, one in enumerate(searches.databases) if one.searched_on is None]
    hits = [n for n, one in enumerate(searches.databases) if one.hits is None]
    if strategy or dates or hits:
        first = min([*strategy, *dates, *hits])
        sides = [
            of_file(
                project,
                "searches",
                "searches",
                ("databases", first),
                same(searches.databases[first].name),
                searches.databases_source,
            ),
        ]
        note = searches.strategy_note or say("side.not-here")
        sides.append(of_file(project, "searches", "searches", ("strategy_note",), note))
        yield found(
            "search-not-reproducible",
            "searches",
            sides,
            databases=len(searches.databases),
            strategy=len(strategy),
            date=len(dates),
            hits=len(hits),
        )
    counts = {count.id: (n, count) for n, count in enumerate(searches.counts)}
    total = next((one for one in counts.values() if one[1].id.startswith("records") and "total" in one[1].id), None)
    included = next((one for one in counts.values() if one[1].equals == "evidence"), None)
    between = [one for one in counts.values() if re.search("screen|exclud|full|dupl", one[1].id)]
    if total and included and not between and not project.screening:
        sides = [
            of_file(project, "searches", "searches", ("counts", n, "number"), same(count.number), count.source)
            for n, count in (total, included)
        ]
        yield found("selection-not-traceable", "searches", sides, total=total[1].number, included=included[1].number)


def _dates(project: Project) -> Iterator[Finding]:
    guideline = project.guideline
    if guideline.next_review is None:
        plan = guideline.update_plan
        path = ("update_plan", "text") if plan else ()
        says = say("audit.update-plan-undated", plan=plan.text) if plan else say("audit.no-update-plan")
        sides = [
            of_file(
                project, "guideline", guideline.id, path, plan.text if plan else says, plan.source if plan else None
            ),
            of_file(project, "guideline", guideline.id, (), say("audit.no-next-review")),
        ]
        yield found("no-update-date", "guideline", sides, says=says)
    number, started = guideline.registration, guideline.started
    if number is not None and started is not None:
        year = re.search(r"(?:19|20)\d\d", number.value)
        if year and int(year[0]) > int(started.value[:4]):
            sides = [
                of_file(project, "guideline", guideline.id, ("registration",), same(number.value), number.source),
                of_file(project, "guideline", guideline.id, ("started",), same(started.value), started.source),
            ]
            yield found("registered-late", "guideline", sides, number=number.value, year=year[0], started=started.value)
