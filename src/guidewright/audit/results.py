"""Committed results against what the files give now; a part pooled together with the whole."""

from __future__ import annotations

from collections.abc import Iterator

from guidewright.audit.findings import Finding, Side, found
from guidewright.audit.sides import of_file, of_study, same
from guidewright.guideline.analyses import Pooling
from guidewright.project import Project
from guidewright.words import say


def result_findings(project: Project, pooling: Pooling) -> Iterator[Finding]:
    """A committed result that is missing, stale, or was changed by hand."""
    for name in pooling.changed:
        file = f"metaanalysis/results/{name}.json"
        key = "result-stale" if name in project.results else "result-missing"
        state = say("side.stale" if name in project.results else "side.missing")
        sides = [
            Side(say("side.committed"), state, file),
            of_file(project, "analysis", name, (), say("side.computed-now")),
        ]
        yield found(key, name, sides, name=name)


def overlap_findings(project: Project, pooling: Pooling) -> Iterator[Finding]:
    """Two studies of one pooled estimate of which one is a part of the other."""
    for name, result in pooling.results.items():
        for stratum in result.strata:
            present = dict.fromkeys(row.study for row in stratum.studies)
            for part in present:
                for whole in project.studies[part].subset_of:
                    if whole in present:
                        sides = [
                            of_file(project, "analysis", name, ("select",), same(stratum.stratum or name)),
                            of_study(project, project.studies[part], ("subset_of",), same(whole)),
                        ]
                        yield found(
                            "part-pooled-with-whole",
                            f"{name}/{part}",
                            sides,
                            analysis=name,
                            stratum=stratum.stratum or "–",
                            part=project.studies[part].name,
                            whole=project.studies[whole].name,
                        )
