"""Whether the evidence of a clause agrees: with itself, with the rest of the library, with other guidance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from guidewright.audit.editions import claims_of
from guidewright.audit.findings import Finding, Side, found
from guidewright.audit.outcomes import direction, effects, join, outcome_of, result_words
from guidewright.audit.sides import of_clause, of_file, of_row, printed, same
from guidewright.audit.strengths import clauses_of
from guidewright.audit.wording_lists import spoken
from guidewright.evidence.extraction import Extraction
from guidewright.evidence.studies import Study
from guidewright.guideline.appraise import ClauseGrade
from guidewright.guideline.recommendation import Clause
from guidewright.project import Placed, Project
from guidewright.values import Text
from guidewright.words import say


def agreement_findings(project: Project, grades: Iterable[ClauseGrade]) -> Iterator[Finding]:
    """Everything about agreement, clause by clause."""
    by_clause = {grade.clause: grade for grade in grades}
    for rec, n, clause in clauses_of(project):
        grade = by_clause[f"{rec}{clause.id}"]
        yield from _one_study(project, rec, n, clause, grade)
        yield from _conflict(project, rec, n, clause, grade)
        yield from _equivalence(project, rec, n, clause, grade)
        yield from _contrary(project, rec, n, clause)
        yield from _guidance(project, rec, n, clause)


def _strength(project: Project, rec: str, n: int, clause: Clause, strength: str) -> Side:
    source = clause.stated.source if clause.stated else None
    path = ("clauses", n, "stated", "strength") if clause.stated else ("clauses", n)
    return of_clause(project, rec, path, say("side.strength-word", strength=strength), source)


def _top(project: Project, clause: Clause, grade: ClauseGrade) -> tuple[str, list[str]] | None:
    """The highest level that the evidence is given, and the references at it: as stated, or else by design."""
    stated = [(item.stated_level, item.cite) for item in clause.evidence if item.stated_level]
    by_design = [
        (study.level.determined, item.cite)
        for study in grade.studies
        if study.left_out is None
        for item in study.evidence
        if study.level.determined
    ]
    pairs = stated or by_design
    for level in project.scheme.level_names:
        cites = [cite for given, cite in pairs if given == level]
        if cites:
            return level, cites
    return None


def _one_study(project: Project, rec: str, n: int, clause: Clause, grade: ClauseGrade) -> Iterator[Finding]:
    strength = grade.stated or grade.strength
    weakest = project.scheme.strengths[-1].strength
    top = _top(project, clause, grade)
    if strength is None or strength == weakest or top is None:
        return
    level, cites = top
    studies = {(study.id if (study := project.study_of(cite)) else cite) for cite in cites}
    if len(studies) != 1:
        return
    at = next(m for m, item in enumerate(clause.evidence) if item.cite == cites[0])
    counted = say("side.cited-as-evidence", cite=cites[0])
    sides = [
        _strength(project, rec, n, clause, strength),
        of_clause(
            project, rec, ("clauses", n, "evidence", at), {tag: f"{level}: {words}" for tag, words in counted.items()}
        ),
    ]
    place = f"{rec}{clause.id}"
    yield found(
        "strength-on-one-study", place, sides, clause=place, strength=strength, level=level, study=", ".join(cites)
    )


def _conflict(project: Project, rec: str, n: int, clause: Clause, grade: ClauseGrade) -> Iterator[Finding]:
    """Studies of the highest level that point in different directions, by results or as the edition tells them."""
    strength = grade.stated or grade.strength
    agreeing = {one.strength for one in project.scheme.strengths if one.same_direction}
    top = _top(project, clause, grade)
    if strength not in agreeing or strength is None or top is None or grade.override is not None:
        return
    level, cites = top
    told = {
        cite: (edition, k)
        for edition, k, claim in claims_of(project)
        for cite in claim.cites
        if claim.recommendation == rec
    }
    supporting: dict[str, Side] = {}
    other: dict[str, Side] = {}
    for study in grade.studies:
        for item in study.evidence:
            if item.cite not in cites or study.left_out is not None:
                continue
            shown = study.found.directions if study.found is not None and study.result is not None else frozenset()
            side: Side | None = None
            if len(shown) == 1 and study.result is not None:
                way = next(iter(shown)).value
                file, _, line = study.result.place.rpartition(":")
                said = {
                    tag: f"{study.result.outcome}, {study.result.time_point}: {words}"
                    for tag, words in say(f"direction-found.{way}").items()
                }
                side = Side(
                    say("side.row", name=study.study.name if study.study else item.cite, verified="–"),
                    said,
                    file,
                    int(line),
                    item.cite,
                )
            elif item.cite in told:
                edition, k = told[item.cite]
                way = edition.claims[k].direction or ""
                if way:
                    side = printed(project, edition, ("claims", k, "direction"), say(f"direction-found.{way}"))
            if side is not None:
                (supporting if way == clause.direction else other)[item.cite] = side
    if not supporting or not other:
        return
    place = f"{rec}{clause.id}"
    sides = [_strength(project, rec, n, clause, strength), *supporting.values(), *other.values()]
    yield found(
        "directions-conflict",
        place,
        sides,
        clause=place,
        strength=strength,
        level=level,
        supporting=", ".join(supporting),
        other=", ".join(other),
    )


def _equivalence(project: Project, rec: str, n: int, clause: Clause, grade: ClauseGrade) -> Iterator[Finding]:
    """A clause that claims two options to be alike, with no precise null finding; and sentences that do the same."""
    precise = any(
        study.found is not None and {f.value for f in study.found.findings} == {"null-precise"}
        for study in grade.studies
    )
    place = f"{rec}{clause.id}"
    if clause.claim == "equivalence" and not precise:
        source = clause.stated.source if clause.stated else None
        sides = [of_clause(project, rec, ("clauses", n, "statement"), clause.statement, source)]
        cites = {item.cite for item in clause.evidence}
        for edition, k, claim in claims_of(project):
            if cites & set(claim.cites) and claim.recommendation == rec:
                sides.append(printed(project, edition, ("claims", k, "interval_or_margin"), say("side.no-margin")))
        if len(sides) == 1:
            sides.append(of_clause(project, rec, ("clauses", n, "evidence"), say("side.no-margin")))
        yield found("equivalence-without-margin", place, sides, clause=place, studies=", ".join(sorted(cites)))


def equal_words_findings(project: Project) -> Iterator[Finding]:
    """Claims whose words make two options equal although no interval is known."""
    equivalence = {
        (rec, item.cite)
        for rec, _, clause in clauses_of(project)
        if clause.claim == "equivalence"
        for item in clause.evidence
    }
    for edition, n, claim in claims_of(project):
        if claim.conclusion is None or not claim.counted:
            continue
        words = next((hit[0] for text in claim.conclusion.values() if (hit := spoken("equal").search(text))), None)
        measured = any(
            placed.value.has_interval
            for cite in claim.cites
            if (study := project.study_of(cite))
            for placed in effects(project, study)
        )
        if words is None or measured or any((claim.recommendation, cite) in equivalence for cite in claim.cites):
            continue
        shown = {
            tag: (hit[0] if (hit := spoken("equal").search(text)) else words) for tag, text in claim.conclusion.items()
        }
        sides = [
            printed(project, edition, ("claims", n, "conclusion"), claim.conclusion),
            printed(project, edition, ("claims", n), say("side.no-margin")),
        ]
        yield found(
            "no-difference-read-as-equal",
            f"{claim.recommendation}/{claim.cites[0]}",
            sides,
            place=claim.recommendation,
            cites=", ".join(claim.cites),
            words=shown,
        )


# --- the rest of the library --------------------------------------------------------------------------------------


def _terms_in(project: Project, texts: Iterable[Text]) -> set[str]:
    """Terms of the glossary whose name or abbreviation a text holds."""
    words = " ".join(text for one in texts for text in one.values()).casefold()
    return {
        term.id
        for term in project.glossary.terms
        if any(
            name.casefold() in words
            for name in (*term.name.values(), *((term.abbreviation,) if term.abbreviation else ()))
        )
    }


def _contrary(project: Project, rec: str, n: int, clause: Clause) -> Iterator[Finding]:
    """Studies with a result on what the clause recommends that does not support it, and that are not its evidence."""
    question = project.questions[clause.question]
    if clause.direction != "for" or clause.claim != "effect" or not clause.evidence:
        return
    cited = {item.cite for item in clause.evidence}
    own = {study.id for cite in cited if (study := project.study_of(cite)) is not None}
    meant = _terms_in(project, [clause.statement, clause.about]) & _terms_in(project, [question.intervention])
    comparators = _terms_in(project, [question.comparator]) | {
        p.value.comparator for study in own for p in project.rows_of(study) if p.value.intervention in meant
    }
    deciding = [one.outcome for one in clause.decided_by] or [question.outcomes[0].id]
    for study in project.studies.values():
        rows = [
            placed
            for placed in effects(project, study)
            if placed.value.intervention in meant
            and placed.value.comparator in comparators
            and placed.value.outcome in deciding
            and placed.value.report not in cited
        ]
        told = [(placed, way) for placed in _deciding(clause, rows) if (way := direction(project, placed.value))]
        against = [placed for placed, way in told if way != clause.direction]
        if not against or len(against) < len(told) or (study.id in own and not _only_protocol(study, cited)):
            continue
        place = f"{rec}{clause.id}"
        sides = [
            of_clause(project, rec, ("clauses", n, "statement"), clause.statement),
            *(of_row(project, placed, result_words(project, placed.value)) for placed in against[:4]),
        ]
        yield found(
            "contrary-evidence-left-out",
            f"{place}/{study.id}",
            sides,
            clause=place,
            study=study.name,
            result=join([result_words(project, placed.value) for placed in against[:4]]),
        )


def _deciding(clause: Clause, rows: list[Placed[Extraction]]) -> list[Placed[Extraction]]:
    """The rows at the outcome and time that decide the clause, the first that exist; or else all of them."""
    for deciding in clause.decided_by:
        here = [p for p in rows if (p.value.outcome, p.value.time_point) == (deciding.outcome, deciding.time_point)]
        if here:
            return here
    return rows


def _only_protocol(study: Study, cited: set[str]) -> bool:
    return {report.kind.value for report in study.reports if report.cite in cited} == {"protocol"}


def _guidance(project: Project, rec: str, n: int, clause: Clause) -> Iterator[Finding]:
    """Other guidance that advises the opposite."""
    for m, other in enumerate(clause.other_guidance):
        if other.direction == clause.direction or "either" in {other.direction, clause.direction}:
            continue
        at = ("clauses", n, "other_guidance", m)
        sides = [
            of_clause(project, rec, ("clauses", n, "statement"), clause.statement),
            of_clause(project, rec, at, other.says, other.source),
        ]
        yield found(
            "guidance-disagrees",
            f"{rec}{clause.id}/{other.cite}",
            sides,
            clause=f"{rec}{clause.id}",
            direction=say(f"direction.{clause.direction}"),
            cite=other.cite,
            other=say(f"direction.{other.direction}"),
            says=other.says,
        )


# --- one outcome, one definition ----------------------------------------------------------------------------------


def outcome_findings(project: Project) -> Iterator[Finding]:
    """One outcome that two questions define differently."""
    for question in project.questions.values():
        for m, outcome in enumerate(question.outcomes):
            first = outcome_of(project, outcome.id)
            if first is None or first is outcome:
                continue
            home = next(q for q in project.questions.values() if any(o is first for o in q.outcomes))
            at = next(k for k, o in enumerate(home.outcomes) if o is first)
            for name in ("better", "scale", "minimal_important_difference"):
                one, other = getattr(first, name), getattr(outcome, name)
                one, other = getattr(one, "value", one), getattr(other, "value", other)
                if one != other and one is not None and other is not None:
                    sides = [
                        of_file(project, "question", home.id, ("outcomes", at, name), same(one)),
                        of_file(project, "question", question.id, ("outcomes", m, name), same(other)),
                    ]
                    yield found(
                        "outcome-differs",
                        f"{question.id}/{outcome.id}-{name.replace('_', '-')}",
                        sides,
                        outcome=outcome.id,
                        what=name,
                        one=home.id,
                        first=one,
                        other=question.id,
                        second=other,
                    )
