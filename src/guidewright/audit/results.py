"""Committed results against what the files give now."""

from __future__ import annotations

from collections.abc import Iterator

from guidewright.audit.findings import Finding
from guidewright.guideline.analyses import Pooling
from guidewright.project import Project
from guidewright.words import say


def result_findings(project: Project, pooling: Pooling) -> Iterator[Finding]:
    """A committed result that is missing, stale, or was changed by hand."""
    for name in pooling.changed:
        file = f"metaanalysis/results/{name}.json"
        key = "stale" if name in project.results else "missing"
        yield Finding("result-" + key, "error", name, file, say(f"finding.result-{key}", name=name), say("next.result"))
