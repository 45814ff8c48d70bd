"""Studies of the snapshot, each with everything that is said of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from guidewright.metaanalysis.result import Result
from guidewright.project import Project
from guidewright.publish.views import ResultRow, StudyView

T = TypeVar("T")


def study_views(project: Project, results: Mapping[str, Result]) -> tuple[StudyView, ...]:
    """Every study with its results, the clauses that it carries, its analyses, and what editions claim of it."""
    clauses = _by_name(
        (study.id, f"{r.id}{c.id}")
        for r in project.recommendations.values()
        for c in r.clauses
        for item in c.evidence
        if (study := project.study_of(item.cite)) is not None
    )
    analyses = _by_name(
        (row.study, name) for name, result in results.items() for stratum in result.strata for row in stratum.studies
    )
    claims = _by_name((cite, one) for edition in project.as_published for one in edition.claims for cite in one.cites)
    position = {id(one): n for n, one in enumerate(c for edition in project.as_published for c in edition.claims)}
    found = []
    for name, study in project.studies.items():
        said = {id(one): one for report in study.reports for one in claims.get(report.cite, ())}
        found.append(
            StudyView(
                study=study,
                rows=tuple(ResultRow(p.value, f"{p.file}:{p.line}") for p in project.rows_of(name)),
                clauses=tuple(dict.fromkeys(clauses.get(name, ()))),
                analyses=tuple(dict.fromkeys(analyses.get(name, ()))),
                claims=tuple(sorted(said.values(), key=lambda one: position[id(one)])),
                file=project.file_of("study", name),
            )
        )
    return tuple(found)


def _by_name(pairs: Iterable[tuple[str, T]]) -> dict[str, list[T]]:
    found: dict[str, list[T]] = {}
    for name, one in pairs:
        found.setdefault(name, []).append(one)
    return found
