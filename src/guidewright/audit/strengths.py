"""Stated against computed: strengths of clauses and levels of references."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from guidewright.audit.editions import claims_of
from guidewright.audit.findings import Finding, found
from guidewright.audit.sides import of_clause, of_scheme, of_study, printed, same
from guidewright.audit.wording_lists import designs_meant
from guidewright.evidence.studies import REVIEWS
from guidewright.grading.facts import NOT_GRADABLE
from guidewright.guideline.appraise import ClauseGrade
from guidewright.guideline.clause_studies import ClauseStudy
from guidewright.guideline.recommendation import Clause
from guidewright.project import Project
from guidewright.values import Text
from guidewright.words import say, sentence


def clauses_of(project: Project) -> Iterator[tuple[str, int, Clause]]:
    """Recommendation, place within it, and clause."""
    for recommendation in project.recommendations.values():
        for n, clause in enumerate(recommendation.clauses):
            yield recommendation.id, n, clause


def strength_findings(project: Project, grades: Iterable[ClauseGrade]) -> Iterator[Finding]:
    """A stated strength that the rules do not give, one without evidence, and an override that changes nothing."""
    placed = {f"{rec}{clause.id}": (rec, n, clause) for rec, n, clause in clauses_of(project)}
    for grade in grades:
        rec, n, clause = placed[grade.clause]
        path = ("clauses", n)
        if grade.stated is not None and not grade.studies:
            sides = [
                of_clause(project, rec, (*path, "stated"), same(grade.stated)),
                of_clause(project, rec, path, same("0")),
            ]
            yield found("clause-without-evidence", grade.clause, sides, clause=grade.clause, strength=grade.stated)
        if grade.override is not None and grade.computed.strength == grade.override.strength:
            said = say("side.strength-word", strength=grade.override.strength)
            sides = [of_clause(project, rec, (*path, "override"), said), of_scheme(project, said)]
            yield found("override-without-difference", grade.clause, sides, clause=grade.clause, strength=said)
        if grade.agreement == "differ" and grade.override is None:
            reasons = {
                tag: space.join(sentence(one).get(tag, "") for one in grade.reasons)
                for tag, space in (("zh", ""), ("en", " "))
            }
            source = clause.stated.source if clause.stated else None
            sides = [
                of_clause(project, rec, (*path, "stated"), say("side.strength-word", strength=grade.stated), source),
                of_scheme(project, {tag: f"{grade.computed.strength}: {reasons[tag]}" for tag in reasons}),
            ]
            yield found(
                "strength-differs",
                grade.clause,
                sides,
                clause=grade.clause,
                stated=grade.stated,
                computed=grade.computed.strength,
                reasons=reasons,
            )


def level_findings(project: Project, grades: Iterable[ClauseGrade]) -> Iterator[Finding]:
    """A stated level that the design of the study does not have."""
    names = list(project.scheme.level_names)
    clauses = {f"{rec}{clause.id}": (rec, n, clause) for rec, n, clause in clauses_of(project)}
    for grade in grades:
        for study in grade.studies:
            level = study.level.determined
            if level is None or study.study is None:
                continue
            rec, n, clause = clauses[grade.clause]
            for item in study.evidence:
                if item.stated_level is None or item.stated_level == level:
                    continue
                if level == NOT_GRADABLE or level not in names:
                    rule = "level-not-defined"
                else:
                    rule = "level-too-high" if names.index(item.stated_level) < names.index(level) else "level-too-low"
                at = ("clauses", n, "evidence", clause.evidence.index(item), "stated_level")
                source = clause.stated.source if clause.stated else None
                sides = [
                    of_clause(project, rec, at, say("side.level-word", level=item.stated_level), source),
                    of_study(project, study.study, ("design",), _design(study), study.study.design),
                ]
                yield found(
                    rule,
                    f"{grade.clause}/{item.cite}",
                    sides,
                    study=study.study.name,
                    cite=item.cite,
                    stated=item.stated_level,
                    design=level,
                    reason=sentence(study.level.reason),
                )


def _design(study: ClauseStudy) -> Text:
    if study.study is None or study.study.design is None:
        return say("side.not-known")
    return say(f"design.{study.study.design.value.value}")


def printed_design_findings(project: Project) -> Iterator[Finding]:
    """A design named by the edition whose level, by the scheme, is not the one that the edition states."""
    names = project.scheme.level_names
    for edition, n, claim in claims_of(project):
        named = designs_meant(claim.design) if claim.design and claim.counted else None
        if named is None or named[1] & REVIEWS:
            continue
        levels = {rule.level for rule in project.scheme.levels if named[1] & set(rule.designs)}
        stated: dict[str, list[str]] = {}
        for rec, m, clause in clauses_of(project):
            for item in clause.evidence if rec == claim.recommendation else ():
                known = project.study_of(item.cite)
                if item.cite in claim.cites and item.stated_level in names and known is None:
                    stated.setdefault(str(item.stated_level), []).append(f"{m}:{item.cite}")
        for level, where in stated.items():
            if levels and level not in levels:
                first, _, cite = where[0].partition(":")
                number = int(first)
                clause = project.recommendations[claim.recommendation].clauses[number]
                at = next(k for k, item in enumerate(clause.evidence) if item.cite == cite)
                cites = ", ".join(one.partition(":")[2] for one in where)
                sides = [
                    printed(project, edition, ("claims", n, "design"), same(claim.design)),
                    of_clause(
                        project,
                        claim.recommendation,
                        ("clauses", number, "evidence", at, "stated_level"),
                        say("side.level-word", level=level),
                        clause.stated.source if clause.stated else None,
                    ),
                    of_scheme(project, say("side.level-word", level="/".join(sorted(levels)))),
                ]
                yield found(
                    "printed-design-level",
                    f"{claim.recommendation}/{cite}",
                    sides,
                    place=claim.recommendation,
                    cites=cites,
                    design=claim.design,
                    level="/".join(sorted(levels)),
                    stated=level,
                )


def equal_design_findings(project: Project) -> Iterator[Finding]:
    """Equal designs with unequal levels: within a recommendation, or else across the guideline."""
    graded = list(_graded_designs(project))
    usual = {
        kind: Counter(level for _, _, k, level, _ in graded if k == kind).most_common(1)[0][0]
        for kind in {k for _, _, k, _, _ in graded}
    }
    for kind in sorted(usual):
        inner = set()
        for rec in project.recommendations:
            here = [one for one in graded if one[2] == kind and one[0] == rec]
            if len({level for _, _, _, level, _ in here}) > 1:
                inner.add(rec)
                yield _unequal(project, rec, kind, here)
        rest = [one for one in graded if one[2] == kind and one[0] not in inner]
        if len({level for _, _, _, level, _ in rest}) > 1:
            yield _unequal(project, "guideline", kind, rest)


Graded = tuple[str, str, str, str, tuple[str | int, ...]]


def _graded_designs(project: Project) -> Iterator[Graded]:
    """Recommendation, reference, kind of design, stated level, path: by record, or else as the edition names it."""
    said = {cite: claim.design for _, _, claim in claims_of(project) for cite in claim.cites if claim.design}
    for rec, n, clause in clauses_of(project):
        for m, item in enumerate(clause.evidence):
            study = project.study_of(item.cite)
            if item.stated_level is None:
                continue
            if study is not None and study.design is not None:
                design = study.design.value
                levels = study.review.included_levels if study.review else None
                kind = "review" if design in REVIEWS else design.value
                if kind == "review" and levels is not None:
                    kind += " of " + "/".join(levels.value)
            else:
                named = designs_meant(said[item.cite]) if item.cite in said else None
                if named is None or not named[1]:
                    continue
                if named[1] & REVIEWS:
                    kind = "review"
                else:
                    of = [rule for rule in project.scheme.levels if named[1] & set(rule.designs)]
                    # words that fit designs of several levels say nothing about the level
                    if len(of) != 1:
                        continue
                    kind = next(d.value for d in of[0].designs if d in named[1])
            yield rec, item.cite, kind, item.stated_level, ("clauses", n, "evidence", m, "stated_level")


def _unequal(project: Project, place: str, kind: str, ones: list[Graded]) -> Finding:
    by_level: dict[str, list[Graded]] = {}
    for one in ones:
        by_level.setdefault(one[3], []).append(one)
    order = sorted(by_level, key=project.scheme.level_names.index)
    listed = "; ".join(f"{level}: " + ", ".join(dict.fromkeys(one[1] for one in by_level[level])) for level in order)
    design = say("kind-word.review") if kind.startswith("review") else say(f"design.{kind}")
    if " of " in kind:
        design = {tag: f"{words} ({kind.partition(' of ')[2]})" for tag, words in design.items()}
    sides = [
        of_clause(project, by_level[level][0][0], by_level[level][0][4], same(f"{level}: {by_level[level][0][1]}"))
        for level in order
    ]
    return found(
        "equal-designs-unequal-levels",
        f"{place}/{kind.replace(' ', '-')}",
        sides,
        place=place,
        design=design,
        levels=listed,
    )


def review_findings(project: Project, grades: Iterable[ClauseGrade]) -> Iterator[Finding]:
    """Reviews among the evidence whose included levels nobody gives: by record, or as the edition calls them."""
    said = {
        cite: (edition, n) for edition, n, claim in claims_of(project) for cite in claim.cites if _review(claim.design)
    }
    clauses = {f"{rec}{clause.id}": (rec, n, clause) for rec, n, clause in clauses_of(project)}
    for grade in grades:
        rec, n, clause = clauses[grade.clause]
        sides, cites, levels = [], [], []
        for m, item in enumerate(clause.evidence):
            study = project.study_of(item.cite)
            at = ("clauses", n, "evidence", m, "stated_level")
            if item.stated_level is None:
                continue
            if study is not None and study.design is not None and study.design.value in REVIEWS:
                if study.review is not None and study.review.included_levels is not None:
                    continue
                sides.append(
                    of_study(project, study, ("design",), say(f"design.{study.design.value.value}"), study.design)
                )
            elif study is None and item.cite in said:
                edition, number = said[item.cite]
                sides.append(
                    printed(project, edition, ("claims", number, "design"), same(edition.claims[number].design))
                )
            else:
                continue
            sides.append(of_clause(project, rec, at, say("side.level-word", level=item.stated_level)))
            cites.append(item.cite)
            levels.append(item.stated_level)
        if cites:
            yield found(
                "review-without-levels",
                grade.clause,
                sides,
                clause=grade.clause,
                cites=", ".join(cites),
                levels="/".join(dict.fromkeys(levels)),
            )


def _review(design: str | None) -> bool:
    named = designs_meant(design) if design else None
    return named is not None and bool(named[1] & REVIEWS)


def split_findings(project: Project) -> Iterator[Finding]:
    """A recommendation with several strengths whose evidence the edition does not divide."""
    for rec in project.recommendations.values():
        strengths = {c.stated.strength for c in rec.clauses if c.stated}
        read = [n for n, c in enumerate(rec.clauses) if c.reading is not None]
        if len(strengths) > 1 and read and rec.evidence_count_stated is not None:
            sides = [
                of_clause(
                    project,
                    rec.id,
                    ("evidence_count_stated",),
                    same(rec.evidence_count_stated.value),
                    rec.evidence_count_stated.source,
                ),
                of_clause(project, rec.id, ("clauses", read[0], "reading"), say("side.reading")),
            ]
            listed = " / ".join(c.stated.strength for c in rec.clauses if c.stated)
            yield found(
                "evidence-not-split", rec.id, sides, recommendation=rec.id, n=len(rec.clauses), strengths=listed
            )
