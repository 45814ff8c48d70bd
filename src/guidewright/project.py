"""Load a folder of files into one frozen value. This is the only place that reads project files.

Loading never stops at the first fault: every file is read, every fault is collected, and names that point to
nothing are reported as well (see :mod:`guidewright.crossrefs`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from guidewright.crossrefs import Loaded, crossref_problems
from guidewright.crossrefs.names import names_of
from guidewright.evidence.bibliography import Record
from guidewright.evidence.duplicates import DuplicateDecision
from guidewright.evidence.extraction import Extraction
from guidewright.evidence.questions import Question
from guidewright.evidence.screening import ScreeningDecision
from guidewright.evidence.searches import Searches
from guidewright.evidence.studies import Study
from guidewright.grading.appraisal import Judgement
from guidewright.grading.library import built_in_schemes
from guidewright.grading.scheme import Scheme, SchemeChoice
from guidewright.guideline.edition import Guideline
from guidewright.guideline.glossary import Glossary
from guidewright.guideline.pathways import Pathway
from guidewright.guideline.recommendation import Chapter, Recommendation
from guidewright.guideline.statements import AsPublished
from guidewright.guideline.tools import Tool
from guidewright.guideline.voting import Vote
from guidewright.kinds import KINDS
from guidewright.loading.contents import read_file
from guidewright.loading.files import files_of, overlooked
from guidewright.loading.tables import DataTable, tables_of
from guidewright.metaanalysis.analysis import Analysis
from guidewright.metaanalysis.result import Result
from guidewright.problems import Problem, in_order
from guidewright.reading.markdown_file import Prose

T = TypeVar("T")


class NotAProjectError(Exception):
    """The folder holds no guideline project at all."""


@dataclass(frozen=True)
class Placed(Generic[T]):
    """A row of a CSV file and where it stands."""

    value: T
    file: str
    line: int


@dataclass(frozen=True)
class Project:
    """Everything that the files of a project say. Dictionaries are keyed by identifier and ordered for display."""

    root: Path
    guideline: Guideline
    glossary: Glossary
    scheme: Scheme
    scheme_choice: SchemeChoice
    searches: Searches
    questions: Mapping[str, Question]
    records: Mapping[str, Record]
    studies: Mapping[str, Study]
    extraction: tuple[Placed[Extraction], ...]
    duplicates: tuple[DuplicateDecision, ...]
    screening: Mapping[str, tuple[ScreeningDecision, ...]]
    appraisals: Mapping[str, tuple[Judgement, ...]]
    analyses: Mapping[str, Analysis]
    results: Mapping[str, Result]
    recommendations: Mapping[str, Recommendation]
    chapters: Mapping[str, Chapter]
    tools: Mapping[str, Tool]
    pathways: Mapping[str, Pathway]
    tables: Mapping[str, DataTable]
    votes: Mapping[str, tuple[Vote, ...]]
    as_published: tuple[AsPublished, ...]
    prose: Mapping[tuple[str, str], Mapping[str, Prose]] = field(default_factory=dict)
    files: Mapping[tuple[str, str], str] = field(default_factory=dict)

    @property
    def languages(self) -> tuple[str, ...]:
        """Language tags, the default first."""
        return tuple(self.guideline.languages)

    def study_of(self, cite: str) -> Study | None:
        """The study that a reference reports, if it is known."""
        return next((s for s in self.studies.values() if any(r.cite == cite for r in s.reports)), None)

    def file_of(self, kind: str, identifier: str) -> str:
        """The file in which a thing stands."""
        return self.files.get((kind, identifier), "")


def load(root: Path) -> tuple[Project | None, list[Problem]]:
    """Load the project in a folder.

    Returns the project, or nothing if there is any problem, and all problems in order of file and line.

    Raises :class:`NotAProjectError` if the folder has none of the parts of a project.
    """
    root = root.resolve()
    if not any((root / name).is_dir() for name in ("evidence", "guideline_src")):
        raise NotAProjectError(f"{root} is not a guideline project: it has neither evidence/ nor guideline_src/")
    problems: list[Problem] = []
    loaded: dict[str, list[Loaded]] = {kind.name: [] for kind in KINDS}
    languages: Mapping[str, str] | None = None
    for kind in KINDS:  # the guideline, which declares the languages, is the first
        paths, (missing, more) = files_of(root, kind)
        loaded[kind.name] += missing
        problems += more
        for path in paths:
            found, more = read_file(root, path, kind, languages)
            for one in found:
                loaded[one.kind.name].append(one)
            problems += more
            if kind.name == "guideline":
                languages = _languages(found[0])
    rows, more = overlooked(root)
    problems += more
    for one in rows:
        loaded[one.kind.name].append(one)
    tags = tuple(languages) if languages else None
    tables, more = tables_of(root, loaded["table"], tags, names_of(loaded["record"]))
    problems += more
    schemes = built_in_schemes()
    problems += crossref_problems(loaded, schemes, tags)
    problems += _named_files(root, loaded["searches"])
    if problems:
        return None, in_order(problems)
    return _assemble(root, loaded, tables, schemes), []


def _languages(one: Loaded) -> Mapping[str, str] | None:
    """Languages of the guideline, also where something else in its file is wrong."""
    if isinstance(one.value, Guideline):
        return one.value.languages
    declared = one.data.get("languages") if isinstance(one.data, dict) else None
    if isinstance(declared, dict) and declared and all(isinstance(name, str) for name in declared.values()):
        return declared
    return None


def _named_files(root: Path, searches: Sequence[Loaded]) -> Iterator[Problem]:
    """Raw exports that the search log names and that are not there."""
    for one in searches:
        for number, database in enumerate(one.value.databases if isinstance(one.value, Searches) else ()):
            path = (root / "evidence" / database.file).resolve() if database.file else None
            if path is not None and not (path.is_relative_to(root) and path.is_file()):
                yield one.problem(
                    ("databases", number, "file"),
                    "there is no such file in evidence/",
                    value=database.file,
                    next_step="put the export there, or correct its name",
                    example="file: searches/exports/pubmed.nbib",
                )


# --- the value ----------------------------------------------------------------------------------------------------


def _assemble(
    root: Path, loaded: dict[str, list[Loaded]], tables: list[DataTable], schemes: Mapping[str, Scheme]
) -> Project:
    def by_id(kind: str, order: str | None = None) -> dict[str, Any]:
        values = [one.value for one in loaded[kind]]
        if order:
            values.sort(key=lambda value: getattr(value, order))
        return {value.key if kind == "record" else value.id: value for value in values}

    def by_file(kind: str) -> dict[str, tuple[Any, ...]]:
        stems = dict.fromkeys(one.stem for one in loaded[kind])
        return {stem: tuple(one.value for one in loaded[kind] if one.stem == stem) for stem in stems}

    choice: Any = loaded["scheme"][0].value
    searches: Any = loaded["searches"][0].value if loaded["searches"] else Searches()
    return Project(
        root=root,
        guideline=loaded["guideline"][0].value,
        glossary=loaded["glossary"][0].value,
        scheme=schemes[choice.scheme],
        scheme_choice=choice,
        searches=searches,
        questions=by_id("question", "number"),
        records=by_id("record"),
        studies=by_id("study"),
        extraction=tuple(Placed(one.value, one.file, one.place(()).line) for one in loaded["extraction"]),
        duplicates=tuple(one.value for one in loaded["duplicates"]),
        screening=by_file("screening"),
        appraisals=by_file("appraisal"),
        analyses=by_id("analysis"),
        results={one.value.analysis: one.value for one in loaded["result"]},
        recommendations=by_id("recommendation", "number"),
        chapters=by_id("chapter", "order"),
        tools=by_id("tool"),
        pathways=by_id("pathway"),
        tables={table.schema.id: table for table in tables},
        votes=by_file("vote"),
        as_published=tuple(one.value for one in loaded["as-published"]),
        prose={(one.kind.name, str(one.raw_id)): one.prose for ones in loaded.values() for one in ones if one.prose},
        files={(one.kind.name, str(one.raw_id)): one.file for ones in loaded.values() for one in ones if one.raw_id},
    )
