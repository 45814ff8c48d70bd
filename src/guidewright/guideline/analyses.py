"""Pool the analyses of a project and keep the results beside them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from guidewright.evidence.extraction import Extraction
from guidewright.metaanalysis.computing import compute, inputs_digest
from guidewright.metaanalysis.result import Result
from guidewright.metaanalysis.selection import SourcedRow
from guidewright.project import Placed, Project
from guidewright.writing import write


@dataclass(frozen=True)
class Pooling:
    """Results by analysis, and which of them were computed anew."""

    results: Mapping[str, Result]
    computed: tuple[str, ...]
    changed: tuple[str, ...]
    """Analyses whose committed result file was missing or different."""


def sourced_rows(project: Project) -> list[SourcedRow]:
    """The extracted rows with their places, and of each study the label of the forest plot, the year and covariates."""
    return [_sourced(project, placed) for placed in project.extraction]


def _sourced(project: Project, placed: Placed[Extraction]) -> SourcedRow:
    study = project.studies[placed.value.study]
    return SourcedRow(
        placed.value,
        f"{placed.file}:{placed.line}",
        study.name,
        project.records[placed.value.report].year,
        {name: fact.value for name, fact in study.covariates.items()},
    )


def pool_project(
    project: Project,
    *,
    anew: bool = False,
    verified: bool = True,
    progress: Callable[[str], None] = lambda _name: None,
) -> Pooling:
    """Pool every analysis whose inputs changed (all of them with ``anew``); the others keep their committed result.

    ``verified`` recomputes what is new with the second engines; ``progress`` is called with the name of each analysis
    before it is pooled.
    """
    rows = sourced_rows(project)
    results: dict[str, Result] = {}
    computed: list[str] = []
    changed: list[str] = []
    for name, analysis in project.analyses.items():
        kept = project.results.get(name)
        if not anew and kept is not None and kept.inputs == inputs_digest(analysis, rows) and kept.seal == seal(kept):
            results[name] = kept
            continue
        progress(name)
        result = compute(analysis, rows, verified=verified)
        results[name] = sealed = result.model_copy(update={"seal": seal(result)})
        computed.append(name)
        if kept != sealed:
            changed.append(name)
    return Pooling(results, tuple(computed), tuple(changed))


def save_results(project: Project, pooling: Pooling) -> list[str]:
    """Write the results that are new; returns the files that changed."""
    files = []
    for name in pooling.computed:
        file = f"metaanalysis/results/{name}.json"
        if write(project.root / file, to_json(pooling.results[name])):
            files.append(file)
    return files


def to_json(result: Result) -> str:
    """A result as it is committed."""
    return json.dumps(result.model_dump(mode="json"), ensure_ascii=False, indent=1) + "\n"


def seal(result: Result) -> str:
    """Checksum of the content of a result, so that a number changed by hand is noticed."""
    content = result.model_copy(update={"seal": ""}).model_dump_json()
    return hashlib.sha256(content.encode()).hexdigest()[:16]
