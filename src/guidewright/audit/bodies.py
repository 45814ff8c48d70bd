"""What may count as evidence, and how often: protocols, retractions, parts of trials, references nobody can find."""

from __future__ import annotations

from collections.abc import Iterator

from guidewright.audit.editions import known_claims
from guidewright.audit.findings import Finding, found
from guidewright.audit.sides import of_clause, of_file, of_record, of_study, printed, same
from guidewright.audit.strengths import clauses_of
from guidewright.evidence.studies import Report, ReportKind, Study
from guidewright.guideline.recommendation import Clause, Evidence
from guidewright.project import Project
from guidewright.values import Text
from guidewright.words import say

#: Reports of patients whose main results another report gives.
PARTS = frozenset({ReportKind.FOLLOW_UP, ReportKind.SUBGROUP, ReportKind.SECONDARY, ReportKind.ABSTRACT})


def body_findings(project: Project) -> Iterator[Finding]:
    """Everything about what a clause counts as evidence."""
    for rec, n, clause in clauses_of(project):
        for m, item in enumerate(clause.evidence):
            study = project.study_of(item.cite)
            if study is not None:
                yield from _one(project, rec, n, m, clause, item, study)
        yield from _twice(project, rec, n, clause)
        yield from _not_identified(project, rec, n, clause)


def _level(item: Evidence) -> Text:
    return same(item.stated_level) if item.stated_level else say("side.not-stated")


def report_of(study: Study, cite: str) -> tuple[int, Report]:
    """The report of a study that a citation means, and its number in the file."""
    return next((n, report) for n, report in enumerate(study.reports) if report.cite == cite)


def _one(project: Project, rec: str, n: int, m: int, clause: Clause, item: Evidence, study: Study) -> Iterator[Finding]:
    place = f"{rec}{clause.id}"
    at, report = report_of(study, item.cite)
    here = of_clause(project, rec, ("clauses", n, "evidence", m, "cite"), say("side.cited-as-evidence", cite=item.cite))
    there = of_study(project, study, ("reports", at, "kind"), say(f"report.{report.kind.value}"))
    if report.kind is ReportKind.PROTOCOL:
        yield found(
            "protocol-as-evidence",
            f"{place}/{item.cite}",
            [here, there],
            clause=place,
            cite=item.cite,
            study=study.name,
            stated=_level(item),
        )
    whole = [project.studies[name] for name in study.subset_of]
    withdrawn = next((one for one in (study, *whole) if one.retracted and one.retracted.value), None)
    if withdrawn is not None:
        fact = of_study(project, withdrawn, ("retracted",), say("side.retracted"), withdrawn.retracted)
        yield found(
            "retracted-as-evidence",
            f"{place}/{item.cite}",
            [here, fact],
            clause=place,
            cite=item.cite,
            study=withdrawn.name,
            stated=_level(item),
        )
    cites = {other.cite for other in clause.evidence}
    if report.superseded_by is not None and report.superseded_by not in cites:
        fact = of_study(project, study, ("reports", at, "superseded_by"), same(report.superseded_by))
        yield found(
            "superseded-as-evidence",
            f"{place}/{item.cite}",
            [here, fact],
            clause=place,
            cite=item.cite,
            later=report.superseded_by,
        )
    present = {one.id for other in clause.evidence if (one := project.study_of(other.cite)) is not None}
    inside = [one for one in whole if one.id in present]
    kind = say(f"report.{report.kind.value}")
    if inside:
        names = ", ".join(one.name for one in inside)
        fact = of_study(project, study, ("subset_of",), say("side.part-of", whole=names))
        yield found(
            "part-counted-as-trial",
            f"{place}/{item.cite}",
            [here, fact],
            clause=place,
            cite=item.cite,
            kind=kind,
            whole=names,
        )
    elif report.kind in PARTS and (whole or len(study.reports) > 1):
        names = ", ".join(one.name for one in whole) or study.name
        others = [
            other.cite for other in clause.evidence if other.cite != item.cite and project.study_of(other.cite) is study
        ]
        if not others:
            fact = of_study(project, study, ("subset_of",) if whole else ("reports", at, "kind"), kind, study.design)
            yield found(
                "secondary-analysis-as-trial",
                f"{place}/{item.cite}",
                [here, fact],
                clause=place,
                cite=item.cite,
                kind=kind,
                whole=names,
                stated=_level(item),
            )


def _twice(project: Project, rec: str, n: int, clause: Clause) -> Iterator[Finding]:
    """Several references of a clause that report one study."""
    place = f"{rec}{clause.id}"
    by_study: dict[str, list[int]] = {}
    for m, item in enumerate(clause.evidence):
        study = project.study_of(item.cite)
        if study is not None:
            by_study.setdefault(study.id, []).append(m)
    for name, where in by_study.items():
        study = project.studies[name]
        counted = [m for m in where if report_of(study, clause.evidence[m].cite)[1].kind is not ReportKind.PROTOCOL]
        if len(counted) < 2:
            continue
        cites = [clause.evidence[m].cite for m in counted]
        parts = [cite for cite in cites if report_of(study, cite)[1].kind in PARTS]
        sides = [
            of_clause(project, rec, ("clauses", n, "evidence", m, "cite"), same(clause.evidence[m].cite))
            for m in counted
        ]
        at, report = report_of(study, parts[0] if parts else cites[-1])
        sides.append(of_study(project, study, ("reports", at, "kind"), say(f"report.{report.kind.value}")))
        if parts and len(parts) < len(cites):
            yield found(
                "part-counted-as-trial",
                f"{place}/{parts[0]}",
                sides,
                clause=place,
                cite=", ".join(parts),
                kind=say(f"report.{report.kind.value}"),
                whole=study.name,
            )
        else:
            yield found(
                "same-study-twice", f"{place}/{name}", sides, clause=place, cites=", ".join(cites), study=study.name
            )


def _not_identified(project: Project, rec: str, n: int, clause: Clause) -> Iterator[Finding]:
    unknown = [item.cite for item in clause.evidence if not project.records[item.cite].identified]
    if not unknown:
        return
    place = f"{rec}{clause.id}"
    source = clause.stated.source if clause.stated else None
    listed = say("side.listed", listed=len(clause.evidence))
    sides = [of_clause(project, rec, ("clauses", n, "evidence"), listed, source)]
    sides += [
        of_record(project, cite, "identification", same(project.records[cite].namedas or cite)) for cite in unknown[:3]
    ]
    yield found(
        "reference-not-identified",
        place,
        sides,
        clause=place,
        counted=len(clause.evidence),
        unknown=len(unknown),
        cites=", ".join(unknown),
    )


def protocol_quotes(project: Project) -> Iterator[Finding]:
    """Results that the edition quotes from a report which is a protocol."""
    for edition, n, claim, cite, study in known_claims(project):
        at, report = report_of(study, cite)
        if report.kind is not ReportKind.PROTOCOL or (claim.direction is None and not claim.numbers):
            continue
        says = (
            say(f"direction-found.{claim.direction}") if claim.direction else claim.conclusion or say("side.not-known")
        )
        results = next((one.cite for one in study.reports if one.kind is ReportKind.RESULTS), None)
        elsewhere = say("side.results-elsewhere", cite=results) if results else say("side.nothing")
        sides = [
            printed(
                project, edition, ("claims", n, "direction" if claim.direction else "numbers"), claim.conclusion or says
            ),
            of_study(project, study, ("reports", at, "kind"), say("side.no-results")),
        ]
        yield found(
            "protocol-quoted-for-results",
            f"{claim.recommendation}/{cite}",
            sides,
            place=claim.recommendation,
            cite=cite,
            says=says,
            study=study.name,
            elsewhere=elsewhere,
        )


def window_findings(project: Project) -> Iterator[Finding]:
    """Evidence published outside the search window without a word on how it was found."""
    first, last = project.searches.date_from, project.searches.date_to
    if first is None and last is None:
        return
    low = int(first.value[:4]) if first else 0
    high = int(last.value[:4]) if last else 9999
    for rec, n, clause in clauses_of(project):
        outside = []
        for m, item in enumerate(clause.evidence):
            record = project.records[item.cite]
            if record.year is not None and not low <= record.year <= high and record.foundby in {None, "search"}:
                outside.append((m, item.cite, record.year))
        if not outside:
            continue
        m, cite, _year = outside[0]
        dates = {"date_from": first.value if first else "–", "date_to": last.value if last else "–"}
        fact = first or last
        sides = [
            of_clause(project, rec, ("clauses", n, "evidence", m), say("side.cited-as-evidence", cite=cite)),
            of_file(
                project,
                "searches",
                "searches",
                ("date_from",),
                say("side.window", **dates),
                fact.source if fact else None,
            ),
            *(of_record(project, key, "year", say("side.year-of", cite=key, year=when)) for _, key, when in outside),
        ]
        yield found(
            "outside-search-window",
            f"{rec}{clause.id}",
            sides,
            clause=f"{rec}{clause.id}",
            cites=", ".join(f"{key} ({when})" for _, key, when in outside),
            **dates,
        )
