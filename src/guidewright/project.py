"""Load a folder of files into one frozen value. This is the only place that reads project files.

Loading never stops at the first fault: every file is read, every fault is collected, and names that point to
nothing are reported as well (see :mod:`guidewright.crossrefs`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, Generic, TypeVar

from guidewright.crossrefs import Loaded, crossref_problems
from guidewright.evidence.bibliography import Record
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
from guidewright.guideline.tables import TableSchema
from guidewright.guideline.tools import Tool
from guidewright.guideline.voting import Vote
from guidewright.kinds import KINDS, OTHER_PATTERNS, Kind
from guidewright.metaanalysis.analysis import Analysis
from guidewright.metaanalysis.result import Result
from guidewright.problems import Problem
from guidewright.reading.bibtex_file import read_bibtex
from guidewright.reading.csv_file import Table, read_csv
from guidewright.reading.declared_table import cell_problems
from guidewright.reading.markdown_file import Prose, read_markdown
from guidewright.reading.text import Place, read_text
from guidewright.reading.validation import validate, validate_document
from guidewright.reading.yaml_file import read_yaml

T = TypeVar("T")
NO_PROSE: Mapping[str, Prose] = {}


class NotAProjectError(Exception):
    """The folder holds no guideline project at all."""


@dataclass(frozen=True)
class Placed(Generic[T]):
    """A row of a CSV file and where it stands."""

    value: T
    file: str
    line: int


@dataclass(frozen=True)
class DataTable:
    """A table with its schema; cells by header, as text."""

    schema: TableSchema
    rows: tuple[Mapping[str, str], ...]


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
    languages = {"zh": "中文", "en": "English"}
    for kind in KINDS:
        for path in _files(root, kind, problems):
            found, more = _load_file(root, path, kind, languages)
            problems += more
            loaded[kind.name] += found
            if kind.name == "guideline" and found and isinstance(found[0].value, Guideline):
                languages = found[0].value.languages
    problems += _unread(root)
    tables, more = _tables(root, loaded["table"], tuple(languages))
    problems += more
    schemes = built_in_schemes()
    problems += crossref_problems(loaded, schemes, tuple(languages))
    problems = sorted(set(problems))
    if problems:
        return None, problems
    return _assemble(root, loaded, tables, schemes), []


# --- files --------------------------------------------------------------------------------------------------------


def _files(root: Path, kind: Kind, problems: list[Problem]) -> list[Path]:
    if kind.single:
        path = root / kind.pattern
        if path.is_file():
            return _inside(root, [path], problems)
        if kind.required:
            problems.append(
                Problem(
                    kind.pattern,
                    1,
                    1,
                    f"this file is missing; it holds {kind.what}",
                    next_step="`guidewright new DIR` writes a project with an example to copy",
                )
            )
        return []
    folder = root / kind.folder
    if not folder.is_dir():
        if kind.name in {"question", "recommendation"}:
            problems.append(
                Problem(kind.folder, 1, 1, f"this folder is missing; it holds {kind.what}", next_step="make it")
            )
        return []
    paths = sorted(p for p in folder.glob(kind.pattern.rpartition("/")[2]) if p.is_file() and p.name != "README.md")
    return _inside(root, paths, problems)


def _inside(root: Path, paths: Iterable[Path], problems: list[Problem]) -> list[Path]:
    """Leave out links that lead out of the project."""
    kept = []
    for path in paths:
        if path.resolve().is_relative_to(root):
            kept.append(path)
        else:
            problems.append(
                Problem(
                    path.relative_to(root).as_posix(),
                    1,
                    1,
                    "is a link that leads out of the project",
                    next_step="copy the file into the project",
                )
            )
    return kept


def _unread(root: Path) -> list[Problem]:
    """Name files that stand in a folder of the project but would not be read."""
    problems = []
    patterns = [kind.pattern for kind in KINDS] + list(OTHER_PATTERNS)
    for folder in sorted({kind.folder for kind in KINDS if not kind.single}):
        for path in sorted((root / folder).glob("*")):
            name = path.relative_to(root).as_posix()
            if path.is_file() and not path.name.startswith(".") and not any(fnmatch(name, p) for p in patterns):
                here = ", ".join(sorted(p.rpartition("/")[2] for p in patterns if p.startswith(folder + "/")))
                problems.append(
                    Problem(
                        name,
                        1,
                        1,
                        f"would not be read: files in this folder are called {here}",
                        next_step="rename it, or move it elsewhere",
                    )
                )
    return problems


def _load_file(root: Path, path: Path, kind: Kind, languages: dict[str, str]) -> tuple[list[Loaded], list[Problem]]:
    file = path.relative_to(root).as_posix()
    text, problems = read_text(path, file)
    if text is None:
        return [Loaded(kind, file, path.stem)], problems
    if kind.format == "csv":
        return _load_csv(text, file, path.stem, kind)
    if kind.format == "bibtex":
        return _load_bibtex(text, file, kind)
    prose: dict[str, Prose] = {}
    if kind.format == "markdown":
        page, problems = read_markdown(text, file, languages)
        document, prose = page.front, page.prose
    else:
        document, problems = read_yaml(text, file)
    if document is None:
        return ([], []) if kind.name == "result" else ([Loaded(kind, file, path.stem)], problems)
    value, more = validate_document(kind.model, document, file)
    if kind.name == "result" and (value is None or problems):
        return [], []  # a computed file: it counts as not there, and is computed anew
    raw_id = document.data.get("id") if isinstance(document.data, dict) else None
    one = Loaded(kind, file, path.stem, raw_id, value, document.place, document.key_place, prose)
    return [one], problems + more


def _load_csv(text: str, file: str, stem: str, kind: Kind) -> tuple[list[Loaded], list[Problem]]:
    fields = kind.model.model_fields
    table, problems = read_csv(text, file, tuple(fields), [n for n, i in fields.items() if i.is_required()])
    rows = []
    for row in table.rows if table else ():
        place = _cell_place(table, row.line) if table else None
        if place is None:
            continue
        value, more = validate(kind.model, row.cells, file, place)
        rows.append(Loaded(kind, file, stem, None, value, place, place))
        problems += more
    return rows, problems


def _cell_place(table: Table, line: int) -> Any:
    def place(path: tuple[str | int, ...]) -> Place:
        return Place(line, table.cell_number(str(path[0])) if path else 1)

    return place


def _load_bibtex(text: str, file: str, kind: Kind) -> tuple[list[Loaded], list[Problem]]:
    entries, problems = read_bibtex(text, file)
    rows = []
    for entry in entries:
        authors = list(entry.authors)
        incomplete = bool(authors) and authors[-1] == {"literal": "others"}
        data = {
            "key": entry.key,
            "entry_type": entry.entry_type,
            **entry.fields,
            "author": authors[:-1] if incomplete else authors,
            "authors_incomplete": incomplete,
        }

        def place(path: tuple[str | int, ...], lines: dict[str, int] = entry.lines, start: int = entry.line) -> Place:
            return Place(lines.get(str(path[0]), start) if path else start, 1)

        value, more = validate(kind.model, data, file, place)
        rows.append(Loaded(kind, file, "records", entry.key, value, place, place))
        problems += more
    return rows, problems


# --- tables with a declared schema --------------------------------------------------------------------------------


def _tables(root: Path, schemas: list[Loaded], languages: tuple[str, ...]) -> tuple[list[DataTable], list[Problem]]:
    tables: list[DataTable] = []
    problems: list[Problem] = []
    named = {one.stem for one in schemas}
    for path in sorted((root / "guideline_src/tables").glob("*.csv")):
        if path.stem not in named:
            name = path.relative_to(root).as_posix()
            problems.append(
                Problem(
                    name,
                    1,
                    1,
                    f"has no column schema; `{path.stem}.yml` is missing",
                    next_step="declare its columns in a file of the same name that ends in .yml",
                )
            )
    for one in schemas:
        if not isinstance(one.value, TableSchema):
            continue
        file = f"guideline_src/tables/{one.stem}.csv"
        if not (root / file).is_file():
            problems.append(
                Problem(file, 1, 1, "this file is missing; its column schema exists", next_step="add the table")
            )
            continue
        text, more = read_text(root / file, file)
        problems += more
        if text is None:
            continue
        headers = one.value.headers(languages)
        table, more = read_csv(text, file, headers, headers)
        problems += more
        if table:
            tables.append(DataTable(one.value, tuple(row.cells for row in table.rows)))
            problems += cell_problems(table, one.value, file, languages)
    return tables, problems


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
