"""Counts that the guideline states, and what is cited and graded."""

from __future__ import annotations

from collections.abc import Iterator

from guidewright.audit.editions import claims_of
from guidewright.audit.findings import Finding, found
from guidewright.audit.passages import linked
from guidewright.audit.sides import of_clause, of_file, printed, same
from guidewright.guideline.prose import citations
from guidewright.guideline.recommendation import Recommendation, Role
from guidewright.guideline.statements import AsPublished
from guidewright.project import Project
from guidewright.words import say


def count_findings(project: Project) -> Iterator[Finding]:
    """Stated numbers that are not the numbers of the project."""
    for rec in project.recommendations.values():
        stated = rec.evidence_count_stated
        listed = len(evidence_of(rec))
        if stated is not None and stated.value != listed:
            sides = [
                of_clause(project, rec.id, ("evidence_count_stated",), same(stated.value), stated.source),
                of_clause(project, rec.id, ("clauses",), say("side.listed", listed=listed)),
            ]
            yield found("evidence-count", rec.id, sides, recommendation=rec.id, stated=stated.value, listed=listed)
    evidence = {cite for rec in project.recommendations.values() for cite in evidence_of(rec)}
    has = {
        "evidence": len(evidence),
        "questions": len(project.questions),
        "recommendations": len(project.recommendations),
        "databases": len(project.searches.databases),
    }
    kinds = {"evidence": "recommendation", "questions": "question", "recommendations": "recommendation"}
    for n, count in enumerate(project.searches.counts):
        if count.equals is None or count.number == has[count.equals]:
            continue
        kind = kinds.get(count.equals, "searches")
        first = next(iter(project.questions if kind == "question" else project.recommendations), "")
        sides = [
            of_file(project, "searches", "searches", ("counts", n, "number"), same(count.number), count.source),
            of_file(project, kind, "searches" if kind == "searches" else first, (), same(has[count.equals])),
        ]
        yield found("declared-count", count.id, sides, label=count.label, stated=count.number, listed=has[count.equals])
    yield from _editions(project)
    yield from _groups(project)


def evidence_of(rec: Recommendation) -> list[str]:
    """References that carry any clause of a recommendation, each once."""
    return list(dict.fromkeys(item.cite for clause in rec.clauses for item in clause.evidence))


def _editions(project: Project) -> Iterator[Finding]:
    total = len(project.recommendations)
    for n, earlier in enumerate(project.guideline.earlier_editions):
        if earlier.kept is None or earlier.new is None:
            continue
        kept, new = earlier.kept.value, earlier.new.value
        kind, name = "guideline", project.guideline.id
        stated = of_file(
            project, kind, name, ("earlier_editions", n, "kept"), same(f"{kept} + {new}"), earlier.kept.source
        )
        first = next(iter(project.recommendations), None)
        if kept + new != total:
            listed = of_clause(project, first, (), same(total)) if first else of_file(project, kind, name, (), same(0))
            sides = [stated, listed]
            yield found("edition-count", earlier.label, sides, kept=kept, new=new, total=kept + new, listed=total)
        unlabelled = [rec.id for rec in project.recommendations.values() if rec.change == "not-stated"]
        if unlabelled:
            sides = [stated, of_clause(project, unlabelled[0], ("change",), same("not-stated"))]
            yield found("changes-not-labelled", earlier.label, sides, kept=kept, new=new, unlabelled=len(unlabelled))


def _groups(project: Project) -> Iterator[Finding]:
    known = {group.id: (n, group) for n, group in enumerate(project.guideline.groups)}
    for edition in project.as_published:
        for m, group in enumerate(edition.groups):
            n, ours = known[group.group]
            if ours.size is not None and ours.size.value != group.size:
                sides = [
                    printed(project, edition, ("groups", m, "size"), same(group.size)),
                    of_file(
                        project,
                        "guideline",
                        project.guideline.id,
                        ("groups", n, "size"),
                        same(ours.size.value),
                        ours.size.source,
                    ),
                ]
                yield found(
                    "group-size", group.group, sides, group=ours.name, stated=group.size, listed=ours.size.value
                )
    if project.guideline.people:
        for n, group_of in known.values():
            members = sum(group_of.id in person.groups for person in project.guideline.people)
            if group_of.size is not None and members and members != group_of.size.value:
                path = ("groups", n, "size")
                sides = [
                    of_file(
                        project,
                        "guideline",
                        project.guideline.id,
                        path,
                        same(group_of.size.value),
                        group_of.size.source,
                    ),
                    of_file(project, "guideline", project.guideline.id, ("people",), same(members)),
                ]
                yield found(
                    "group-size", group_of.id, sides, group=group_of.name, stated=group_of.size.value, listed=members
                )


# --- cited and graded ---------------------------------------------------------------------------------------------


def citation_findings(project: Project) -> Iterator[Finding]:
    """Cited but not graded, graded but not cited or described."""
    for rec in project.recommendations.values():
        yield from _in_prose(project, rec)
        for guideline, rule in ((False, "cited-without-level"), (True, "guideline-cited-in-support")):
            yield from _not_counted(project, rec, guideline, rule)
        yield from _undescribed(project, rec)


def _in_prose(project: Project, rec: Recommendation) -> Iterator[Finding]:
    graded = evidence_of(rec)
    cited = {item.cite for item in rec.cited}
    known = {report.cite for cite in graded if (study := project.study_of(cite)) for report in study.reports}
    source = {project.guideline.source_publication}
    unlisted: dict[str, None] = {}
    for tag, prose in project.prose.get(("recommendation", rec.id), {}).items():
        used = {spot.text: spot.offset for spot in citations(prose.text)}
        studies = {target.removeprefix("study:") for target in linked(prose.text) if target.startswith("study:")}
        named = {r.cite for name in studies if name in project.studies for r in project.studies[name].reports}
        missing = [cite for cite in graded if cite not in used and cite not in named]
        if missing:
            at = next(
                (
                    ("clauses", n, "evidence", m)
                    for n, c in enumerate(rec.clauses)
                    for m, e in enumerate(c.evidence)
                    if e.cite == missing[0]
                ),
                (),
            )
            sides = [
                of_clause(project, rec.id, at, say("side.cited-as-evidence", cite=", ".join(missing))),
                of_clause(project, rec.id, (), say("side.not-here")),
            ]
            yield found(
                "graded-not-cited",
                f"{rec.id}/{tag}",
                sides,
                recommendation=rec.id,
                language=project.guideline.languages[tag],
                cites=", ".join(missing),
            )
        unlisted |= dict.fromkeys(cite for cite in used if cite not in {*graded, *cited, *known, *source})
    if unlisted:
        names = ", ".join(unlisted)
        sides = [
            of_clause(project, rec.id, (), same(names)),
            of_clause(project, rec.id, ("cited",), say("side.no-role")),
        ]
        yield found("cited-not-listed", rec.id, sides, recommendation=rec.id, cites=names)


def _not_counted(project: Project, rec: Recommendation, guideline: bool, rule: str) -> Iterator[Finding]:
    """What the edition cites in support without counting it."""
    graded = set(evidence_of(rec))
    wanted = {Role.GUIDELINE} if guideline else {Role.BACKGROUND}
    roles = {item.cite: (m, item.role) for m, item in enumerate(rec.cited)}
    sides, cites = [], []
    for edition, n, claim in claims_of(project):
        if claim.recommendation != rec.id or claim.counted or claim.conclusion is None:
            continue
        if (claim.kind == "guideline") != guideline:
            continue
        fresh = [
            cite for cite in claim.cites if cite not in graded and roles.get(cite, (0, next(iter(wanted))))[1] in wanted
        ]
        if fresh:
            cites += fresh
            sides.append(printed(project, edition, ("claims", n, "conclusion"), claim.conclusion))
            sides.append(
                of_clause(project, rec.id, ("cited", roles.get(fresh[0], (0, None))[0]), say("side.not-counted"))
            )
    if cites:
        yield found(rule, rec.id, sides, recommendation=rec.id, cites=", ".join(dict.fromkeys(cites)))


def _undescribed(project: Project, rec: Recommendation) -> Iterator[Finding]:
    """Evidence of which the edition says nothing, where it says something of the rest."""
    told: dict[str, bool] = {}
    where: dict[str, tuple[AsPublished, int]] = {}
    for edition, n, claim in claims_of(project):
        if claim.recommendation != rec.id:
            continue
        says = any(
            getattr(claim, name) is not None
            for name in type(claim).model_fields
            if name not in {"cites", "recommendation", "counted", "numbers"}
        )
        for cite in claim.cites:
            told[cite] = told.get(cite, False) or says or bool(claim.numbers)
            where.setdefault(cite, (edition, n))
    if not told:
        return
    for cite in evidence_of(rec):
        if told.get(cite, False):
            continue
        at = next(
            ("clauses", n, "evidence", m)
            for n, c in enumerate(rec.clauses)
            for m, e in enumerate(c.evidence)
            if e.cite == cite
        )
        sides = [of_clause(project, rec.id, at, say("side.cited-as-evidence", cite=cite))]
        if cite in where:
            edition, n = where[cite]
            sides.append(printed(project, edition, ("claims", n), say("side.not-here")))
        else:
            sides.append(printed(project, project.as_published[0], ("claims",), say("side.not-here")))
        yield found("graded-not-described", f"{rec.id}/{cite}", sides, recommendation=rec.id, cites=cite)
