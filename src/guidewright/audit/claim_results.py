"""What an edition says that a study found, held against extracted results and reported numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from guidewright.audit.editions import claims_of, known_claims
from guidewright.audit.findings import Finding, Side, found
from guidewright.audit.outcomes import direction, effects, join, outcome_of, result_words, significance
from guidewright.audit.sides import of_clause, of_row, of_study, printed, same
from guidewright.audit.strengths import clauses_of
from guidewright.audit.wording_lists import pattern, spoken, wording
from guidewright.evidence.extraction import Extraction
from guidewright.evidence.studies import Study
from guidewright.guideline.statements import AsPublished, Claim
from guidewright.project import Placed, Project
from guidewright.values import Text
from guidewright.words import say


def claim_result_findings(project: Project) -> Iterator[Finding]:
    """Everything about what an edition says of results."""
    for edition, n, claim, cite, study in known_claims(project):
        yield from _direction(project, edition, n, claim, cite, study)
        yield from _agreement(project, edition, n, claim, cite, study)
        yield from _numbers(project, edition, n, claim, cite, study)
    yield from _superlatives(project)
    yield from _units(project)


def _rows(project: Project, claim: Claim, cite: str, study: Study) -> list[Placed[Extraction]]:
    """Results on what the claim is about: on the outcome that it names, or else on those that decide a clause."""
    every = effects(project, study)
    rows = [placed for placed in every if placed.value.report == cite] or every
    if claim.outcome is not None:
        named = [p for p in rows if _names(claim.outcome, outcome_of(project, p.value.outcome))]
        return named
    rec = project.recommendations[claim.recommendation]
    deciding = {one.outcome for c in rec.clauses if any(e.cite == cite for e in c.evidence) for one in c.decided_by}
    return [p for p in rows if p.value.outcome in deciding]


def _names(said: Text, outcome: object) -> bool:
    """Whether words name an outcome: one of the two holds the other, in one of the languages."""
    name: Text = getattr(outcome, "name", {})
    pairs = [(said[tag].casefold(), name[tag].casefold()) for tag in said if tag in name]
    return any(a == b or b.startswith(a) for a, b in pairs)


def _direction(
    project: Project, edition: AsPublished, n: int, claim: Claim, cite: str, study: Study
) -> Iterator[Finding]:
    rows = _rows(project, claim, cite, study)
    told = [(placed, way) for placed in rows if (way := direction(project, placed.value)) is not None]
    if not told or claim.direction is None:
        return
    if claim.direction == "no-difference":
        against = [placed for placed, way in told if way != "no-difference" and placed.value.report == cite]
    else:
        against = [p for p, _ in told] if claim.direction not in {way for _, way in told} else []
    place = f"{claim.recommendation}/{cite}"
    if against:
        known = join([result_words(project, placed.value) for placed in against[:5]])
        shown = say(f"direction-found.{claim.direction}")
        sides = [
            printed(project, edition, ("claims", n, "direction"), claim.conclusion or shown),
            *(of_row(project, placed, result_words(project, placed.value)) for placed in against[:5]),
        ]
        yield found(
            "printed-direction",
            place,
            sides,
            place=claim.recommendation,
            cite=cite,
            printed=shown,
            study=study.name,
            known=known,
        )
    words = _significant_words(claim.conclusion)
    if words and not any(significance(project, placed.value) is not False for placed in rows):
        known = join([result_words(project, placed.value) for placed in rows[:5]])
        sides = [
            printed(project, edition, ("claims", n, "conclusion"), claim.conclusion or same(words)),
            *(of_row(project, placed, result_words(project, placed.value)) for placed in rows[:5]),
        ]
        yield found(
            "printed-significance",
            place,
            sides,
            place=claim.recommendation,
            cite=cite,
            printed=words,
            study=study.name,
            known=known,
        )


def _significant_words(text: Text | None) -> str | None:
    for words in (text or {}).values():
        cleaned = spoken("not_significant").sub("", words)
        if hit := spoken("significant").search(cleaned):
            return hit[0]
    return None


def _agreement(
    project: Project, edition: AsPublished, n: int, claim: Claim, cite: str, study: Study
) -> Iterator[Finding]:
    """Agreement called better than its kappa, by the usual bands."""
    data = wording("agreement")
    kappas = {name: fact for name, fact in study.numbers.items() if name.startswith("kappa")}
    said = " ".join((claim.conclusion or {}).values())
    if not kappas or not pattern(data["about"]).search(said):
        return
    bands = data["bands"]
    called = max((k for k, band in enumerate(bands) if pattern(band["words"]).search(said)), default=None)
    name, best = max(kappas.items(), key=lambda item: item[1].value)
    real = next(k for k, band in enumerate(bands) if best.value < band["below"])
    if called is not None and called > real:
        values = ", ".join(f"{fact.value:g}" for fact in kappas.values())
        sides = [
            printed(project, edition, ("claims", n, "conclusion"), claim.conclusion or same(said)),
            of_study(project, study, ("numbers", name), same(values), best),
        ]
        yield found(
            "printed-agreement",
            f"{claim.recommendation}/{cite}",
            sides,
            place=claim.recommendation,
            cite=cite,
            printed=claim.conclusion,
            study=study.name,
            known=values,
            band=bands[real]["name"],
        )


def _numbers(
    project: Project, edition: AsPublished, n: int, claim: Claim, cite: str, study: Study
) -> Iterator[Finding]:
    """Printed percentages against the effect on record for the intervention that they name."""
    for m, number in enumerate(claim.numbers):
        if number.unit != "%" or len(number.values) != 1:
            continue
        for placed in effects(project, study):
            row = placed.value
            term = next((t for t in project.glossary.terms if t.id == row.intervention), None)
            names = [name.casefold() for name in term.name.values()] if term else []
            what = " ".join(number.what.values()).casefold()
            if row.effect not in {"RR", "HR"} or row.estimate is None or not any(name in what for name in names):
                continue
            percent = 100 * (1 - row.estimate)
            if abs(percent - number.values[0]) >= 1:
                known = f"{percent:.0f}% ({row.effect} {row.estimate:g})"
                sides = [
                    printed(project, edition, ("claims", n, "numbers", m), same(f"{number.values[0]:g}%")),
                    of_row(project, placed, result_words(project, row)),
                ]
                yield found(
                    "printed-number",
                    f"{claim.recommendation}/{cite}-{m}",
                    sides,
                    place=claim.recommendation,
                    cite=cite,
                    what=number.what,
                    printed=f"{number.values[0]:g}%",
                    known=known,
                )


def _superlatives(project: Project) -> Iterator[Finding]:
    """Superlatives said of evidence that is not of the highest level."""
    levels = {(rec, item.cite): item.stated_level for rec, _, clause in clauses_of(project) for item in clause.evidence}
    top = project.scheme.level_names[0]
    for edition, n, claim in claims_of(project):
        if claim.conclusion is None:
            continue
        hits = {
            tag: hit[0]
            for tag, text in claim.conclusion.items()
            if (hit := spoken("superlative", "statement").search(text))
        }
        given = [levels.get((claim.recommendation, cite)) for cite in claim.cites]
        if not hits or None in given or top in given:
            continue
        words = {tag: hits.get(tag, next(iter(hits.values()))) for tag in ("zh", "en")}
        level = "/".join(dict.fromkeys(one for one in given if one))
        sides = [
            printed(project, edition, ("claims", n, "conclusion"), claim.conclusion),
            _level_side(project, claim.recommendation, claim.cites[0], level),
        ]
        yield found(
            "printed-superlative",
            f"{claim.recommendation}/{claim.cites[0]}",
            sides,
            place=claim.recommendation,
            cite=", ".join(claim.cites),
            words=words,
            level=level,
        )


def _level_side(project: Project, rec: str, cite: str, level: str) -> Side:
    for n, clause in enumerate(project.recommendations[rec].clauses):
        for m, item in enumerate(clause.evidence):
            if item.cite == cite:
                said = say("side.level-word", level=level)
                return of_clause(project, rec, ("clauses", n, "evidence", m, "stated_level"), said)
    return of_clause(project, rec, (), say("side.not-counted"))


def _units(project: Project) -> Iterator[Finding]:
    """Printed numbers in a unit in which their quantity is not measured."""
    for edition, n, claim in claims_of(project):
        for m, number in enumerate(claim.numbers):
            for known in wording("units"):
                named = any(pattern(known["names"]).search(what) for what in number.what.values())
                if not named or number.unit is None or _plain(number.unit) in {_plain(u) for u in known["units"]}:
                    continue
                units = " / ".join(known["units"])
                sides = [
                    printed(
                        project,
                        edition,
                        ("claims", n, "numbers", m, "unit"),
                        same(f"{number.values[0]:g} {number.unit}"),
                    ),
                    Side(known["quantity"], same(units), "", 1, "audit/wording/units.yml"),
                ]
                yield found(
                    "printed-unit",
                    f"{claim.recommendation}/{claim.cites[0]}-{m}",
                    sides,
                    place=claim.recommendation,
                    cite=", ".join(claim.cites),
                    what=number.what,
                    unit=number.unit,
                    units=units,
                )


def _plain(unit: str) -> str:
    return re.sub(r"\s+", "", unit).replace("³", "3").casefold()
