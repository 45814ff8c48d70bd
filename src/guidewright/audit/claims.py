"""What an edition says of a study, held against the study's own facts: author, year, design, blinding, participants,
comparator, follow-up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guidewright.audit.bodies import PARTS, report_of
from guidewright.audit.editions import claims_of, known_claims
from guidewright.audit.findings import Finding, Side, found
from guidewright.audit.sides import of_record, of_study, printed, same
from guidewright.audit.wording_lists import comparator_kinds, designs_meant, spoken
from guidewright.evidence.bibliography import Name
from guidewright.evidence.studies import ReportKind, Study
from guidewright.guideline.statements import AsPublished, Claim
from guidewright.project import Project
from guidewright.values import Text
from guidewright.words import say

#: Words for units of time in texts, and their length in days.
_DAYS = {"day": 1, "天": 1, "week": 7, "周": 7, "month": 30.4375, "个月": 30.4375, "year": 365.25, "年": 365.25}
_LENGTH = re.compile(r"(\d+(?:\.\d+)?)\s*(days?|weeks?|months?|years?|天|周|个月|年)(?!\d)")


def claim_findings(project: Project) -> Iterator[Finding]:
    """Every claim against the record of its reference, and against its study where that is known."""
    for edition, n, claim in claims_of(project):
        for cite in claim.cites:
            yield from _bibliographic(project, edition, n, claim, cite)
    for edition, n, claim, cite, study in known_claims(project):
        yield from _design(project, edition, n, claim, cite, study)
        yield from _people(project, edition, n, claim, cite, study)
        yield from _lengths(project, edition, n, claim, cite, study)


def _finding(
    project: Project,
    edition: AsPublished,
    n: int,
    claim: Claim,
    rule: str,
    field: str,
    cite: str,
    shown: Text,
    known: Text,
    other: Side,
    **more: object,
) -> Finding:
    sides = [printed(project, edition, ("claims", n, field), shown), other]
    return found(
        rule,
        f"{claim.recommendation}/{cite}",
        sides,
        place=claim.recommendation,
        cite=cite,
        printed=shown,
        known=known,
        **more,
    )


def family(name: Name) -> str:
    """Family name, or the whole of a name that is not split."""
    return name.family or name.literal or ""


def _bibliographic(project: Project, edition: AsPublished, n: int, claim: Claim, cite: str) -> Iterator[Finding]:
    record = project.records[cite]
    if claim.author is not None and record.author:
        first = family(record.author[0])
        if claim.author.casefold() != first.casefold():
            side = of_record(project, cite, "author", same(first))
            yield _finding(
                project, edition, n, claim, "printed-author", "author", cite, same(claim.author), same(first), side
            )
    if claim.year is not None and record.year is not None and claim.year != record.year:
        side = of_record(project, cite, "year", same(record.year))
        yield _finding(
            project, edition, n, claim, "printed-year", "year", cite, same(claim.year), same(record.year), side
        )
    if claim.journal is not None and record.journal is not None and not _same_journal(claim.journal, record.journal):
        side = of_record(project, cite, "journal", same(record.journal))
        yield _finding(
            project,
            edition,
            n,
            claim,
            "printed-journal",
            "journal",
            cite,
            same(claim.journal),
            same(record.journal),
            side,
        )


def _same_journal(one: str, other: str) -> bool:
    """Names of journals are abbreviated in many ways: each word of the shorter begins one of the longer, in order."""
    first, second = (re.findall(r"\w+", name.casefold()) for name in sorted((one, other), key=len))
    rest = iter(second)
    return all(any(word.startswith(part) or part.startswith(word) for word in rest) for part in first)


def _design(project: Project, edition: AsPublished, n: int, claim: Claim, cite: str, study: Study) -> Iterator[Finding]:
    if claim.blinding is not None and study.blinding is not None and study.blinding.value != "unclear":
        blinded = claim.blinding != "open"
        if blinded != (study.blinding.value == "blinded"):
            known = say(f"blinding.{study.blinding.value}")
            side = of_study(project, study, ("blinding",), study.blinding.note or known, study.blinding)
            yield _finding(
                project,
                edition,
                n,
                claim,
                "printed-blinding",
                "blinding",
                cite,
                same(claim.blinding),
                known,
                side,
                study=study.name,
            )
    named = designs_meant(claim.design) if claim.design else None
    if named is None or study.design is None:
        return
    at, report = report_of(study, cite)
    shown = same(claim.design)
    if report.kind is ReportKind.PROTOCOL or report.kind in PARTS:
        known = say(f"report.{report.kind.value}")
        side = of_study(project, study, ("reports", at, "kind"), study.summary or known)
    elif study.design.value not in named[1]:
        known = say(f"design.{study.design.value.value}")
        side = of_study(project, study, ("design",), study.design.note or known, study.design)
    else:
        return
    yield _finding(project, edition, n, claim, "printed-design", "design", cite, shown, known, side, study=study.name)


def _people(project: Project, edition: AsPublished, n: int, claim: Claim, cite: str, study: Study) -> Iterator[Finding]:
    if claim.participants is not None:
        total = study.participants
        arm = next((m for m, one in enumerate(study.arms) if one.size and one.size.value == claim.participants), None)
        known: Text | None = None
        if total is not None and total.value != claim.participants:
            known, side = same(total.value), of_study(project, study, ("participants",), same(total.value), total)
        elif total is None and arm is not None:
            size = study.arms[arm].size
            term = next(t for t in project.glossary.terms if t.id == study.arms[arm].intervention)
            known = say("side.one-arm", n=claim.participants, arm=term.name)
            side = of_study(project, study, ("arms", arm, "size"), known, size)
        if known is not None:
            yield _finding(
                project,
                edition,
                n,
                claim,
                "printed-participants",
                "participants",
                cite,
                same(claim.participants),
                known,
                side,
                study=study.name,
            )
    if claim.comparator is not None and len(study.arms) > 1:
        said = comparator_kinds(claim.comparator.values())
        terms = [t for arm in study.arms[1:] for t in project.glossary.terms if t.id == arm.intervention]
        has = comparator_kinds([name for t in terms for name in t.name.values()])
        if said and has and not said & has:
            arms = {tag: mark.join(t.name.get(tag, t.id) for t in terms) for tag, mark in say("listing").items()}
            side = of_study(project, study, ("arms",), arms)
            yield _finding(
                project,
                edition,
                n,
                claim,
                "printed-comparator",
                "comparator",
                cite,
                claim.comparator,
                arms,
                side,
                study=study.name,
            )


def lengths(text: str) -> frozenset[float]:
    """Lengths of time in a text, in days, rounded; only numbers written in digits."""
    found_ones = set()
    for hit in _LENGTH.finditer(text):
        unit = hit[2].rstrip("s")
        found_ones.add(round(float(hit[1]) * _DAYS[unit], 0))
    return frozenset(found_ones)


def _lengths(
    project: Project, edition: AsPublished, n: int, claim: Claim, cite: str, study: Study
) -> Iterator[Finding]:
    """Follow-up, and how long after the fracture patients came in."""
    if claim.follow_up is not None and study.follow_up is not None:
        known = study.follow_up.value
        said, has = _all_lengths(claim.follow_up), _all_lengths(known)
        words, words_known = " ".join(claim.follow_up.values()), " ".join(known.values())
        kinds = [("mean", "median"), ("median", "mean")]
        other = any(spoken(a).search(words) and spoken(b).search(words_known) for a, b in kinds)
        if (said and has and not said & has) or other:
            side = of_study(project, study, ("follow_up",), known, study.follow_up)
            yield _finding(
                project,
                edition,
                n,
                claim,
                "printed-follow-up",
                "follow_up",
                cite,
                claim.follow_up,
                known,
                side,
                study=study.name,
            )
    if claim.population is not None and study.summary is not None:
        said, has = _onset(claim.population), _onset(study.summary)
        if said and has and not said & has:
            side = of_study(project, study, ("summary",), study.summary)
            yield _finding(
                project,
                edition,
                n,
                claim,
                "printed-population",
                "population",
                cite,
                claim.population,
                study.summary,
                side,
                study=study.name,
            )


def _onset(text: Text) -> frozenset[float]:
    """Limits of the time since the event, in days, rounded."""
    hits = [hit for words in text.values() for hit in spoken("onset").finditer(words)]
    pairs = [(hit[1] or hit[3], hit[2] or hit[4]) for hit in hits]
    return frozenset(round(float(number) * _DAYS[unit.casefold()], 0) for number, unit in pairs)


def _all_lengths(text: Text) -> frozenset[float]:
    return frozenset(length for words in text.values() for length in lengths(words))
