"""Probes about people, interests, registration, votes and updating."""

from __future__ import annotations

import re

from guidewright.audit.probes import Grounds, Judgement, Shown, probe
from guidewright.audit.sides import same
from guidewright.words import say


@probe("people")
def _people(g: Grounds) -> Judgement:
    people = g.project.guideline.people
    if not people:
        return "not-met", (g.guideline("people_note", says=g.project.guideline.people_note),)
    bare = [n for n, one in enumerate(people) if not (one.affiliation and one.discipline and one.groups)]
    return ("not-met", tuple(g.guideline("people", n) for n in bare[:3])) if bare else ("met", (g.guideline("people"),))


@probe("groups")
def _groups(g: Grounds) -> Judgement:
    groups = g.project.guideline.groups
    return ("met", (g.guideline("groups", says=say("probe.groups", n=len(groups))),)) if groups else g.lacking()


@probe("duties")
def _duties(g: Grounds) -> Judgement:
    bare = [n for n, one in enumerate(g.project.guideline.groups) if not one.duties]
    if not g.project.guideline.groups:
        return g.lacking()
    return ("not-met", tuple(g.guideline("groups", n) for n in bare)) if bare else ("met", (g.guideline("groups"),))


@probe("disciplines")
def _disciplines(g: Grounds) -> Judgement:
    named = {
        one.discipline.get("en") or next(iter(one.discipline.values()))
        for one in g.project.guideline.people
        if one.discipline
    }
    if named:
        return ("met" if len(named) > 2 else "not-met"), (g.guideline("people", says=same(", ".join(sorted(named)))),)
    return g.lacking("members")


@probe("methodologist")
def _methodologist(g: Grounds) -> Judgement:
    for n, one in enumerate(g.project.guideline.people):
        if one.discipline and re.search("method|循证|方法学", " ".join(one.discipline.values()), re.I):
            return "met", (g.guideline("people", n),)
    for n, statement in enumerate(g.project.guideline.process):
        if re.search("evidence-based|循证", " ".join(statement.text.values())):
            return "judge", (g.guideline("process", n, says=statement.title),)
    return g.lacking("members")


@probe("patients")
def _patients(g: Grounds) -> Judgement:
    return g.process("patients", "patients-views", "values") or g.lacking("patients-views")


@probe("interests")
def _interests(g: Grounds) -> Judgement:
    if g.project.guideline.interests is not None:
        return "met", (g.guideline("interests", says=g.project.guideline.interests.title),)
    declared = [n for n, one in enumerate(g.project.guideline.people) if one.interests]
    everybody = bool(declared) and len(declared) == len(g.project.guideline.people)
    return ("met", (g.guideline("people", 0, "interests"),)) if everybody else g.lacking("interests")


@probe("interests-each")
def _interests_each(g: Grounds) -> Judgement:
    people = g.project.guideline.people
    bare = [n for n, one in enumerate(people) if not one.interests]
    open_ = [n for n, one in enumerate(people) for i in one.interests if i.conflict is None and i.kind != "none"]
    if people and not bare and open_:
        return "judge", tuple(g.guideline("people", n, "interests", says=say("probe.not-judged")) for n in open_[:3])
    if people and not bare:
        return "met", (g.guideline("people", says=say("probe.all-declared", n=len(people))),)
    return (
        ("not-met", tuple(g.guideline("people", n) for n in bare[:3])) if people else g.lacking("interests", "members")
    )


@probe("interest-keepers")
def _keepers(g: Grounds) -> Judgement:
    keepers = [(n, one) for n, one in enumerate(g.project.guideline.groups) if "manages-interests" in one.powers]
    return (
        ("judge", tuple(g.guideline("groups", n, "powers", says=one.name) for n, one in keepers))
        if keepers
        else g.lacking("interests")
    )


@probe("interest-rules")
def _interest_rules(g: Grounds) -> Judgement:
    return g.process("interest-rules") or g.lacking("interests")


@probe("interest-dates")
def _interest_dates(g: Grounds) -> Judgement:
    return g.lacking("interests")


@probe("recusals")
def _recusals(g: Grounds) -> Judgement:
    if not g.project.votes:
        return g.lacking("voting-results")
    return "judge", tuple(
        Shown(say("probe.votes"), f"guideline_src/votes/{name}.csv", 1) for name in list(g.project.votes)[:3]
    )


@probe("rounds")
def _rounds(g: Grounds) -> Judgement:
    rounds = g.project.guideline.rounds
    if rounds and g.project.votes:
        return "met", (
            g.guideline("rounds", 0),
            *(Shown(say("probe.votes"), f"guideline_src/votes/{name}.csv", 1) for name in list(g.project.votes)[:1]),
        )
    return g.lacking("voting-threshold", "voting-results")


@probe("external-review")
def _external(g: Grounds) -> Judgement:
    return g.process("external-review") or g.lacking()


@probe("funding")
def _funding(g: Grounds) -> Judgement:
    return g.process("funding") or g.lacking("funding")


@probe("registration")
def _registration(g: Grounds) -> Judgement:
    one = g.project.guideline.registration
    return ("met", (g.guideline("registration", says=same(one.value)),)) if one else g.lacking()


@probe("registration-number")
def _number(g: Grounds) -> Judgement:
    one = g.project.guideline.registration
    if one is None:
        return g.lacking()
    known = re.search(r"PREPARE-\d{4}CN\d+|CRD\d{5,}|NCT\d{8}|10\.\d{4,}/", one.value)
    return ("met" if known else "judge"), (g.guideline("registration", says=same(one.value)),)


@probe("registered-in-time")
def _in_time(g: Grounds) -> Judgement:
    late = next((f for f in g.findings if f.rule == "registered-late"), None)
    if late is not None:
        return "not-met", (Shown(late.text, late.file, late.line),)
    state, shown = _registration(g)
    return ("judge" if state == "met" else state), shown


@probe("protocol")
def _protocol(g: Grounds) -> Judgement:
    return g.process("protocol") or g.lacking("protocol")


@probe("protocol-written")
def _protocol_written(g: Grounds) -> Judgement:
    found = g.process("protocol")
    if found:
        return found
    for n, group in enumerate(g.project.guideline.groups):
        for m, duty in enumerate(group.duties):
            if re.search("protocol|计划书|方案", " ".join(duty.values())):
                return "judge", (g.guideline("groups", n, "duties", m, says=duty),)
    return g.lacking("protocol")


@probe("update-plan")
def _update(g: Grounds) -> Judgement:
    plan = g.project.guideline.update_plan
    return ("met", (g.guideline("update_plan", says=plan.text),)) if plan else g.lacking()


@probe("next-review")
def _next(g: Grounds) -> Judgement:
    day = g.project.guideline.next_review
    if day is not None:
        return "met", (g.guideline("next_review", says=same(day)),)
    plan = g.project.guideline.update_plan
    return "not-met", (
        g.guideline("update_plan", says=plan.text) if plan else g.guideline(says=say("probe.nothing-found")),
    )
