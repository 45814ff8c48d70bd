"""Load a folder of files into one frozen value. This is the only place that reads project files.

Loading never stops at the first fault: every file is read, every fault is collected, and names that point to
nothing are reported as well (see :mod:`guidewright.crossrefs`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
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
from guidewright.grading.answers import Answer
from guidewright.grading.appraisal import Judgement
from guidewright.grading.certainty.record import CertaintyRecord
from guidewright.grading.instrument import Instrument
from guidewright.grading.library import built_in_instruments
from guidewright.grading.scheme import Scheme, SchemeChoice
from guidewright.guideline.decision import DecisionRecord
from guidewright.guideline.edition import Guideline
from guidewright.guideline.glossary import Glossary
from guidewright.guideline.past_editions import PastEdition
from guidewright.guideline.pathways import Pathway
from guidewright.guideline.recommendation import Chapter, Recommendation
from guidewright.guideline.statements import AsPublished
from guidewright.guideline.tools import Tool
from guidewright.guideline.voting import Vote
from guidewright.kinds import KINDS
from guidewright.loading.contents import read_file
from guidewright.loading.editions import past_editions
from guidewright.loading.exports import export_problems
from guidewright.loading.files import files_of, overlooked
from guidewright.loading.schemes import schemes_of
from guidewright.loading.tables import DataTable, tables_of
from guidewright.loading.theme import theme_problems
from guidewright.metaanalysis.analysis import Analysis
from guidewright.metaanalysis.result import Result
from guidewright.problems import Problem, in_order
from guidewright.reading.markdown_file import Prose
from guidewright.reading.text import Place

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
    schemes: Mapping[str, Scheme]
    searches: Searches
    questions: Mapping[str, Question]
    records: Mapping[str, Record]
    studies: Mapping[str, Study]
    extraction: tuple[Placed[Extraction], ...]
    duplicates: tuple[DuplicateDecision, ...]
    screening: Mapping[str, tuple[ScreeningDecision, ...]]
    appraisals: Mapping[str, tuple[Judgement, ...]]
    certainty: Mapping[str, CertaintyRecord]
    instruments: Mapping[str, Instrument]
    analyses: Mapping[str, Analysis]
    results: Mapping[str, Result]
    recommendations: Mapping[str, Recommendation]
    decisions: Mapping[str, DecisionRecord]
    chapters: Mapping[str, Chapter]
    tools: Mapping[str, Tool]
    pathways: Mapping[str, Pathway]
    tables: Mapping[str, DataTable]
    votes: Mapping[str, tuple[Vote, ...]]
    as_published: tuple[AsPublished, ...]
    past_editions: tuple[PastEdition, ...] = ()
    answers: tuple[Answer, ...] = ()
    prose: Mapping[tuple[str, str], Mapping[str, Prose]] = field(default_factory=dict)
    files: Mapping[tuple[str, str], str] = field(default_factory=dict)
    places: Mapping[tuple[str, str], Callable[[tuple[str | int, ...]], Place]] = field(default_factory=dict)

    @property
    def languages(self) -> tuple[str, ...]:
        """Language tags, the default first."""
        return tuple(self.guideline.languages)

    def study_of(self, cite: str) -> Study | None:
        """The study that a reference reports, if it is known."""
        return self._by_report.get(cite)

    @cached_property
    def _by_report(self) -> Mapping[str, Study]:
        """The first study of each report, since a project may have thousands."""
        found: dict[str, Study] = {}
        for one in self.studies.values():
            for report in one.reports:
                found.setdefault(report.cite, one)
        return found

    def rows_of(self, study: str) -> tuple[Placed[Extraction], ...]:
        """The extracted results of a study, in the order of the files."""
        return self._by_study.get(study, ())

    @cached_property
    def _by_study(self) -> Mapping[str, tuple[Placed[Extraction], ...]]:
        found: dict[str, list[Placed[Extraction]]] = {}
        for placed in self.extraction:
            found.setdefault(placed.value.study, []).append(placed)
        return {study: tuple(rows) for study, rows in found.items()}

    def file_of(self, kind: str, identifier: str) -> str:
        """The file in which a thing stands."""
        return self.files.get((kind, identifier), "")

    def line_of(self, kind: str, identifier: str, *path: str | int) -> int:
        """The line on which a value of a thing stands, or the nearest thing around it; 1 where that is not known."""
        place = self.places.get((kind, identifier))
        return place(path).line if place else 1


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
    schemes, more = schemes_of(loaded["grading-scheme"])
    problems += more
    problems += crossref_problems(loaded, schemes, tags, built_in_instruments())
    problems += export_problems(root, loaded["searches"])
    problems += theme_problems(root)
    editions, more = past_editions(root)
    problems += more
    if problems:
        return None, in_order(problems)
    return replace(_assemble(root, loaded, tables, schemes), past_editions=editions), []


def _languages(one: Loaded) -> Mapping[str, str] | None:
    """Languages of the guideline, also where something else in its file is wrong."""
    if isinstance(one.value, Guideline):
        return one.value.languages
    declared = one.data.get("languages") if isinstance(one.data, dict) else None
    if isinstance(declared, dict) and declared and all(isinstance(name, str) for name in declared.values()):
        return declared
    return None


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
        schemes=schemes,
        searches=searches,
        questions=by_id("question", "number"),
        records=by_id("record"),
        studies=by_id("study"),
        extraction=tuple(Placed(one.value, one.file, one.place(()).line) for one in loaded["extraction"]),
        duplicates=tuple(one.value for one in loaded["duplicates"]),
        screening=by_file("screening"),
        appraisals=by_file("appraisal"),
        certainty=by_id("certainty"),
        instruments={**built_in_instruments(), **by_id("instrument")},
        analyses=by_id("analysis"),
        results={one.value.analysis: one.value for one in loaded["result"]},
        recommendations=by_id("recommendation", "number"),
        decisions=by_id("decision"),
        chapters=by_id("chapter", "order"),
        tools=by_id("tool"),
        pathways=by_id("pathway"),
        tables={table.schema.id: table for table in tables},
        votes=by_file("vote"),
        as_published=tuple(one.value for one in loaded["as-published"]),
        answers=tuple(answer for one in loaded["audit"] for answer in one.value.answers),
        prose={(one.kind.name, str(one.raw_id)): one.prose for ones in loaded.values() for one in ones if one.prose},
        files={(one.kind.name, one.raw_id or one.stem): one.file for ones in loaded.values() for one in ones},
        places={(one.kind.name, one.raw_id or one.stem): one.place for ones in loaded.values() for one in ones},
    )
