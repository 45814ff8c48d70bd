"""What one file of a project holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from guidewright.crossrefs import Loaded
from guidewright.kinds import KINDS, Kind
from guidewright.loading.files import Found, name_of
from guidewright.problems import Problem
from guidewright.reading.bibtex_file import keys_in, read_bibtex
from guidewright.reading.csv_file import Table, read_csv
from guidewright.reading.declarations import names_in
from guidewright.reading.markdown_file import Prose, read_markdown
from guidewright.reading.text import Place, read_text
from guidewright.reading.validation import validate, validate_document
from guidewright.reading.yaml_file import Path as DataPath
from guidewright.reading.yaml_file import read_yaml


def read_file(root: Path, path: Path, kind: Kind, languages: Mapping[str, str] | None) -> Found:
    """Everything that one file holds, and everything wrong with it."""
    file = name_of(root, path)
    text, problems = read_text(path, file)
    if text is None:
        return [Loaded(kind, file, path.stem)], problems
    found, problems = _read(text, file, path.stem, kind, tuple(languages.items()) if languages is not None else None)
    return list(found), list(problems)


# a file that stayed as it was gives the same values again, by which other results are kept (guidewright.kept)
@lru_cache(maxsize=20_000)
def _read(text: str, file: str, stem: str, kind: Kind, declared: tuple[tuple[str, str], ...] | None) -> Found:
    languages = dict(declared) if declared is not None else None
    if kind.format == "csv":
        return _read_rows(text, file, stem, kind)
    if kind.format == "bibtex":
        return _read_records(text, file, kind)
    prose: dict[str, Prose] = {}
    if kind.format == "markdown":
        page, problems = read_markdown(text, file, languages)
        document, prose = page.front, page.prose
    else:
        document, problems = read_yaml(text, file)
    if document is None:
        return ([], []) if kind.name == "result" else ([Loaded(kind, file, stem, prose=prose)], problems)
    if (other := _misplaced(kind, document.data)) is not None:
        rule = f"this is a {other.name}; such a file belongs to {other.folder}/"
        advised = f"move it there, or write a {kind.name} here"
        return [Loaded(other, file, stem)], [*problems, Problem(file, 1, 1, rule, next_step=advised)]
    value, more = _computed(kind, text) if kind.name == "result" else validate_document(kind.model, document, file)
    if kind.name == "result" and (value is None or problems):
        return [], []  # a computed file: it counts as not there, and is computed anew
    raw_id = document.data.get("id") if isinstance(document.data, dict) else None
    one = Loaded(
        kind,
        file,
        stem,
        raw_id if isinstance(raw_id, str) else None,
        value,
        document.place,
        document.key_place,
        prose,
        document.data,
    )
    return [one], problems + more


def _computed(kind: Kind, text: str) -> tuple[Any, list[Problem]]:
    """A file that the tool wrote: JSON with numbers, nothing that a person would mistype."""
    try:
        return kind.model.model_validate_json(text), []
    except ValueError:
        return None, []


def _misplaced(kind: Kind, data: Any) -> Kind | None:
    """The kind to which a file belongs that stands in the folder of another: one that knows all of its fields."""
    fields = set(data) if isinstance(data, dict) else set()
    if len(fields - set(names_in(kind.model))) < 2:
        return None
    others = (one for one in KINDS if one.format in {"yaml", "markdown"} and not one.single)
    return next((one for one in others if fields <= set(names_in(one.model))), None)


def _read_rows(text: str, file: str, stem: str, kind: Kind) -> Found:
    fields = kind.model.model_fields
    table, problems = read_csv(text, file, tuple(fields), [n for n, i in fields.items() if i.is_required()])
    rows = [Loaded(kind, file, stem)] if problems else []  # stands for the rows that could not be read
    for row in table.rows if table else ():
        place = _cell_place(table, row.line) if table else None
        if place is None:
            continue
        value, more = validate(kind.model, row.cells, file, place, written="csv")
        rows.append(Loaded(kind, file, stem, None, value, place, place))
        problems += more
    return rows, problems


def _cell_place(table: Table, line: int) -> Callable[[DataPath], Place]:
    def place(path: DataPath) -> Place:
        return Place(line, table.cell_number(str(path[0])) if path else 1)

    return place


def _read_records(text: str, file: str, kind: Kind) -> Found:
    entries, problems = read_bibtex(text, file)
    rows = []
    if problems:
        keys, sure = keys_in(text)
        rows += [Loaded(kind, file, "records", key) for key in sorted(keys - {entry.key for entry in entries})]
        rows += [] if sure else [Loaded(kind, file, "records")]  # any name may be that of a lost entry
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

        def place(path: DataPath, of: Callable[[str | None], Place] = entry.place) -> Place:
            return of(str(path[0]) if path else None)

        value, more = validate(kind.model, data, file, place, written="bibtex")
        named = not any(problem.rule.startswith("`key`") for problem in more)
        rows.append(Loaded(kind, file, "records", entry.key if named else None, value, place, place))
        problems += more
    return rows, problems
