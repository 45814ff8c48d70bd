"""Found records: read from the exports that the search log names, whenever they are needed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from guidewright.crossrefs import Loaded
from guidewright.evidence.found import Found
from guidewright.evidence.importers.decoding import check_size
from guidewright.evidence.importers.export import UnreadableError
from guidewright.evidence.importers.reading import count_records, read_export
from guidewright.evidence.searches import Database, Searches
from guidewright.problems import Problem, in_order

LOG = "evidence/searches.yml"
FOLDER = "evidence/searches/exports"


def found_records(root: Path, searches: Searches, *, raw: bool = True) -> tuple[tuple[Found, ...], list[Problem]]:
    """All found records of a project, in the order of the log and of the files, and what is wrong with the exports.

    The database of a record is the one of the log where the export names none. ``raw=False`` leaves out the raw text,
    which is more than half of what a hundred thousand records take of memory.
    """
    records: list[Found] = []
    problems: list[Problem] = []
    for database in searches.databases:
        if database.file is None:
            continue
        found, more = _of_export(root, database)
        problems += more
        records += (replace(one, database=one.database or database.name, raw=one.raw if raw else "") for one in found)
    return tuple(records), in_order(problems)


def _of_export(root: Path, database: Database) -> tuple[Sequence[Found], list[Problem]]:
    file = f"evidence/{database.file}"
    path = (root / file).resolve()
    if not (path.is_relative_to(root.resolve()) and path.is_file()):
        return (), [Problem(file, 1, 1, "the search log names this file; it is not there", next_step="put it back")]
    try:
        check_size(path.stat().st_size)
        content = path.read_bytes()
        if database.checksum and hashlib.sha256(content).hexdigest() != database.checksum:
            return (), [_changed(file)]
        return read_export(content, path.name, database.headings).records, []
    except UnreadableError as error:
        return (), [Problem(file, error.line, 1, error.rule, next_step=error.next_step)]


def export_problems(root: Path, logs: Sequence[Loaded]) -> Iterator[Problem]:
    """Exports that are not there, were changed or do not hold the records that the log says, or that no log names."""
    named: set[Path] = set()
    sure = bool(logs) and all(isinstance(one.value, Searches) for one in logs)
    for one in logs:
        for number, database in enumerate(one.value.databases if isinstance(one.value, Searches) else ()):
            path = (root / "evidence" / database.file).resolve() if database.file else None
            if path is None:
                continue
            named.add(path)
            if not (path.is_relative_to(root) and path.is_file()):
                sure = False  # a misspelt name; the file itself is probably there
                yield one.problem(
                    ("databases", number, "file"),
                    "there is no such file in evidence/",
                    value=database.file,
                    next_step="put the export there, or correct its name",
                    example="file: searches/exports/pubmed.nbib",
                )
            elif database.checksum:
                yield from _differences(one, number, database, path)
    if sure:
        yield from _unnamed(root, named)


def _differences(one: Loaded, number: int, database: Database, path: Path) -> Iterator[Problem]:
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != database.checksum:
        yield _changed(f"evidence/{database.file}")
        return
    try:
        count = count_records(content, path.name, database.headings)
        if database.hits is not None and database.hits != count:
            count = len(read_export(content, path.name, database.headings).records)
    except UnreadableError as error:
        yield Problem(f"evidence/{database.file}", error.line, 1, error.rule, next_step=error.next_step)
        return
    if database.hits is not None and database.hits != count:
        yield one.problem(
            ("databases", number, "hits"),
            f"the file holds {count} records",
            value=str(database.hits),
            next_step="with a checksum, `hits` counts the records of the file; correct it, or leave it out",
            example=f"hits: {count}",
        )


def _changed(file: str) -> Problem:
    rule = "was changed since it was imported: its checksum is not the one of the search log"
    return Problem(
        file, 1, 1, rule, next_step="put the file back as it was exported; or import the new one under a new name"
    )


def _unnamed(root: Path, named: set[Path]) -> Iterator[Problem]:
    """Exports in the folder that the log does not name: their records would be overlooked."""
    for path in sorted((root / FOLDER).glob("[!.]*")):
        if path.is_file() and path.name != "README.md" and path.resolve() not in named:
            rule = "is not in the search log, so its records would not be counted"
            step = "import it (guidewright import), or take it out of the folder"
            yield Problem(f"{FOLDER}/{path.name}", 1, 1, rule, next_step=step)
