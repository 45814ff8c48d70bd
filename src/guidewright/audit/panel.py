"""Votes and interests: rules declared late, conflicts that voted, votes and declarations that are missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from guidewright.audit.findings import Finding, Side, found
from guidewright.audit.rules import Severity
from guidewright.audit.sides import Path, of_file, same
from guidewright.guideline.edition import Person
from guidewright.guideline.interests import Interest
from guidewright.guideline.panel import ClauseResult, Panel, clauses_of, concerning, conflicts, panel_of
from guidewright.guideline.rounds import Round
from guidewright.guideline.voting import RECUSED, Vote
from guidewright.project import Project
from guidewright.values import Text
from guidewright.words import say

#: Where ``guideline.yml`` declares the rules of voting, and the members with their interests.
ROUNDS: Path = ("rounds",)
PEOPLE: Path = ("people",)


def panel_findings(project: Project) -> Iterator[Finding]:
    """Every finding about the panel."""
    first = next(iter(project.recommendations.values()), None)
    if first is not None and not project.guideline.rounds:
        file, facts = project.file_of("recommendation", first.id), (first.title, None)
        yield _finding(
            project, "no-round", "warning", "panel", file, facts, recommendations=len(project.recommendations)
        )
    panel = panel_of(project)
    for one in project.guideline.rounds:
        votes = project.votes.get(one.id, ())
        yield from _late_rules(project, one, votes)
        yield from _voters(project, one, votes)
        yield from _silent(project, one, votes)
    yield from _clauses(project, panel)
    yield from _declarations(project)


def earlier(one: str, other: str) -> bool | None:
    """Whether a date lies before another; none where a date without its day leaves that open."""
    length = min(len(one), len(other))
    if one[:length] != other[:length]:
        return one < other
    return None if len(one) != len(other) else False


def _finding(
    project: Project,
    rule: str,
    severity: Severity,
    place: str,
    file: str = "",
    facts: tuple[object, object] | None = None,
    path: Path = (),
    **values: object,
) -> Finding:
    """A finding whose sides are what ``file`` says (votes, a clause) and what the guideline declares at ``path``."""
    declared = of_file(project, "guideline", project.guideline.id, path, _words(facts[1] if facts else None))
    sides = [Side(say("side.file"), _words(facts[0]), file), declared] if file and facts else [declared]
    return replace(found(rule, place, sides, **values), severity=severity)


def _words(fact: object) -> Text:
    if isinstance(fact, dict):
        return fact
    return say("side.not-here") if fact is None else same(fact)


def _file(one: Round) -> str:
    return f"guideline_src/votes/{one.id}.csv"


# --- the rule of a round ------------------------------------------------------------------------------------------


def _late_rules(project: Project, one: Round, votes: tuple[Vote, ...]) -> Iterator[Finding]:
    undated = sum(vote.date is None for vote in votes)
    if undated:
        facts = (f"{undated} × –", one.declared)
        yield _finding(
            project, "vote-undated", "warning", one.id, _file(one), facts, ROUNDS, round=one.id, votes=undated
        )
    dates = sorted({vote.date for vote in votes if vote.date is not None})
    if not dates:
        return
    # a date without its day may or may not be late
    late = [earlier(date, one.declared) for date in dates]
    if True in late or None in late:
        yield _finding(
            project,
            "vote-before-rule",
            "error" if True in late else "warning",
            one.id,
            _file(one),
            (dates[0], one.declared),
            ROUNDS,
            round=one.id,
            declared=one.declared,
            voted=dates[0],
        )
    for change in one.changes:
        before = earlier(change.date, dates[0])
        if before is not True:
            yield _finding(
                project,
                "rule-changed-after-vote",
                "error" if earlier(dates[0], change.date) is True else "warning",
                one.id,
                _file(one),
                (dates[0], f"{change.date}: {change.before} → {change.after}"),
                ROUNDS,
                round=one.id,
                what=say(f"panel-rule.{change.what}"),
                before=change.before,
                after=change.after,
                changed=change.date,
                voted=dates[0],
            )


# --- who voted ----------------------------------------------------------------------------------------------------


def _voters(project: Project, one: Round, votes: tuple[Vote, ...]) -> Iterator[Finding]:
    people = {person.id: person for person in project.guideline.people}
    for vote in votes:
        person = people[vote.voter]
        against = conflicts(project, vote.voter, vote.clause)
        about: Mapping[str, object] = {"round": one.id, "clause": vote.clause, "name": person.name}
        if vote.vote == RECUSED:
            if not concerning(project, vote.voter, vote.clause):
                facts: tuple[object, object] = (f"{person.name}: {vote.vote}", None)
                yield _finding(
                    project, "recused-without-interest", "warning", vote.clause, _file(one), facts, PEOPLE, **about
                )
            continue
        if against:
            interest = _texts(against)
            facts = (f"{person.name}: {vote.vote}", interest)
            yield _finding(
                project, "conflicted-vote", "error", vote.clause, _file(one), facts, PEOPLE, **about, interest=interest
            )
    outside = [
        p for p in dict.fromkeys(vote.voter for vote in votes) if one.group and one.group not in people[p].groups
    ]
    for voter in outside:
        groups = (people[voter].name, ", ".join(people[voter].groups) or None)
        yield _finding(
            project, "voter-outside-group", "warning", one.id, _file(one), groups, PEOPLE, round=one.id,
            name=people[voter].name,
        )  # fmt: skip


def _texts(interests: tuple[Interest, ...]) -> dict[str, str]:
    return {tag: mark.join(one.text.get(tag, "") for one in interests) for tag, mark in say("semicolon").items()}


def _silent(project: Project, one: Round, votes: tuple[Vote, ...]) -> Iterator[Finding]:
    """Members of the voting group without a vote on a clause: nobody knows whether they abstained."""
    if one.group is None or not votes:
        return
    heard = {(vote.voter, vote.clause) for vote in votes}
    for person in project.guideline.people:
        missing = [name for name in clauses_of(project, one) if (person.id, name) not in heard]
        if one.group in person.groups and missing:
            yield _finding(
                project, "member-silent", "warning", one.id, _file(one), (None, f"{person.name}: {one.group}"),
                PEOPLE, round=one.id, name=person.name, clauses=", ".join(missing),
            )  # fmt: skip


# --- what was decided ---------------------------------------------------------------------------------------------


def _clauses(project: Project, panel: Panel) -> Iterator[Finding]:
    if not project.guideline.rounds:
        return
    for recommendation in project.recommendations.values():
        file = project.file_of("recommendation", recommendation.id)
        for clause in recommendation.clauses:
            name = f"{recommendation.id}{clause.id}"
            course = panel.course.get(name, ())
            if not course:
                yield _finding(project, "vote-missing", "warning", name, file, (name, None), ROUNDS, clause=name)
            elif course[-1].outcome != "adopted":
                yield _not_adopted(project, name, file, course[-1])
            elif course[-1].grid and clause.direction != "either" and not course[-1].grid.endswith(clause.direction):
                yield _finding(
                    project,
                    "grid-direction-differs",
                    "error",
                    name,
                    file,
                    (say(f"direction.{clause.direction}"), say(f"vote.{course[-1].grid}")),
                    ROUNDS,
                    clause=name,
                    round=course[-1].round,
                    direction=say(f"direction.{clause.direction}"),
                    voted=say(f"vote.{course[-1].grid}"),
                )


def _not_adopted(project: Project, name: str, file: str, last: ClauseResult) -> Finding:
    return _finding(
        project,
        "clause-not-adopted",
        "error",
        name,
        file,
        (name, say(f"panel-outcome.{last.outcome}")),
        ROUNDS,
        clause=name,
        round=last.round,
        result=say(f"panel-outcome.{last.outcome}"),
        votes=last.share.votes if last.share else 0,
        of=last.cast,
    )


# --- interests ----------------------------------------------------------------------------------------------------


def _declarations(project: Project) -> Iterator[Finding]:
    for person in project.guideline.people:
        if not person.interests:
            yield _finding(project, "interests-undeclared", "warning", person.id, path=PEOPLE, name=person.name)
        for interest in person.interests:
            yield from _judgement(project, person, interest)


def _judgement(project: Project, person: Person, interest: Interest) -> Iterator[Finding]:
    if interest.kind != "none" and interest.conflict is None:
        yield _finding(
            project, "interest-not-judged", "warning", person.id, path=PEOPLE, name=person.name, interest=interest.text
        )
    if interest.decided_by == person.id:
        yield _finding(
            project,
            "interest-judged-by-oneself",
            "error",
            person.id,
            path=PEOPLE,
            name=person.name,
            interest=interest.text,
        )
