"""What the group answered to findings (``grading/audit.yml``), and answers that fit none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from guidewright.audit.findings import Answered, Finding, found
from guidewright.audit.sides import of_file, same
from guidewright.project import Project
from guidewright.words import say


def with_answers(project: Project, findings: Sequence[Finding]) -> Iterator[Finding]:
    """The findings, each with its answer if it has one, and findings about answers that match nothing any more."""
    by_place = {(answer.rule, answer.place): (n, answer) for n, answer in enumerate(project.answers)}
    met: set[tuple[str, str]] = set()
    file = project.file_of("audit", "audit")
    for finding in findings:
        key = (finding.rule, finding.place)
        if key not in by_place:
            yield finding
            continue
        met.add(key)
        n, answer = by_place[key]
        if answer.fingerprint is not None and answer.fingerprint != finding.fingerprint:
            yield finding
            sides = [
                of_file(project, "audit", "audit", ("answers", n, "fingerprint"), same(answer.fingerprint)),
                *finding.sides[:1],
            ]
            yield found(
                "answer-outdated",
                f"{answer.rule}/{answer.place}",
                sides,
                rule=answer.rule,
                place=answer.place,
                old=answer.fingerprint,
                new=finding.fingerprint,
            )
            continue
        line = project.line_of("audit", "audit", "answers", n)
        yield finding.answered(
            Answered(_who(project, answer.by), answer.date, answer.accepted, answer.reason, file, line)
        )
    for key, (n, answer) in by_place.items():
        if key not in met:
            sides = [
                of_file(project, "audit", "audit", ("answers", n), same(f"{answer.rule}, {answer.place}")),
                of_file(project, "audit", "audit", ("answers", n, "place"), say("side.nothing-found")),
            ]
            yield found(
                "answer-unmatched", f"{answer.rule}/{answer.place}", sides, rule=answer.rule, place=answer.place
            )


def _who(project: Project, actor: str) -> str:
    """Name of a person; the identifier of a group, which the site spells out."""
    return next((person.name for person in project.guideline.people if person.id == actor), actor)
