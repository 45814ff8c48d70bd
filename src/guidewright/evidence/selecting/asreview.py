"""Decisions in a project file of ASReview (``.asreview``).

The file is a ZIP archive. What is read is what ASReview's own source says of it (github.com/asreview/asreview,
``asreview/project``, ``asreview/state`` and the migrations between versions, read 2026-11):

* ``project.json`` names the reviews (``reviews``: a list, each with an ``id``).
* version 2: ``reviews/<id>/results.db`` is SQLite with a table ``results`` (``record_id``, ``label`` of 1, 0 or null),
  and ``data_store.db`` holds the records in a table ``record`` (``record_id``, ``title``, ``doi``, ``year``).
* version 3: both tables stand in one ``results.db`` beside ``project.json``.
* version 1: ``reviews/<id>/results.sql``, SQLite as well with a table ``results``, and ``data/<dataset_path>`` the data
  as they were given; ``record_id`` is the place of a record in them, from 0. Data with record numbers of their own, or
  of which not every record can be read, are refused: a label would go to another record.

Versions before 1 keep HDF5 or JSON and are refused with a message. Nothing is unpacked to disk: the data bases are
opened in memory, for reading. Projects are not written: the parts that ASReview needs besides (models, rankings,
settings) are not documented as a format.
"""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from guidewright.evidence.dedupe.merging import Publication
from guidewright.evidence.found import Found
from guidewright.evidence.importers.export import UnreadableError
from guidewright.evidence.importers.reading import read_export
from guidewright.evidence.selecting.others import Foreign, Known

#: The most that one part of the archive may hold, unpacked: a hundred thousand records with long abstracts.
MOST = 600_000_000
#: Millions of steps that a question to a data base may take; a hundred thousand records need one or two.
STEPS = 200


class NoProjectError(ValueError):
    """The file is no project of a version that can be read."""


@dataclass(frozen=True)
class Labelled:
    """A record of the project with its label: relevant or not."""

    record: Found
    relevant: bool


def is_project(raw: bytes) -> bool:
    """Whether a file is a ZIP archive with a ``project.json``, as no workbook is."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            return "project.json" in archive.namelist()
    except zipfile.BadZipFile:
        return False


def labels_in(raw: bytes) -> list[Labelled]:
    """Every record of a project that has a label, in order of their numbers.

    Raises :class:`NoProjectError`, which says what is wrong with the file.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            return _labels(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        if isinstance(error, RecursionError):
            raise NoProjectError("project.json is nested too deeply") from None
        raise NoProjectError("this is no ASReview project: not a ZIP archive, or a damaged one") from None
    except sqlite3.DatabaseError as error:
        raise NoProjectError(f"a data base of this project cannot be read: {error}") from None
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        if isinstance(error, NoProjectError):
            raise
        raise NoProjectError(f"project.json is not what ASReview writes: {error}") from None


def from_project(labels: Sequence[Labelled], publications: Sequence[Publication]) -> tuple[list[Foreign], int]:
    """Decisions on our publications; and how many labelled records are none of ours."""
    known = Known(publications)
    named = [(known.publication_of(one.record), one.relevant) for one in labels]
    found = [Foreign(name, "", "include" if relevant else "exclude") for name, relevant in named if name is not None]
    return found, len(named) - len(found)


def _labels(archive: zipfile.ZipFile) -> list[Labelled]:
    project = json.loads(_part(archive, "project.json"))
    names = set(archive.namelist())
    reviews = project.get("reviews") or []
    folder = f"reviews/{reviews[0]['id']}" if reviews else "reviews"
    if "results.db" in names:
        whole = _part(archive, "results.db")
        records, found = _stored(whole), _results(whole)
    elif f"{folder}/results.db" in names and "data_store.db" in names:
        records = _stored(_part(archive, "data_store.db"))
        found = _results(_part(archive, f"{folder}/results.db"))
    elif not reviews and "reviews" in project:
        return []
    elif f"{folder}/results.sql" in names:
        records = _given(archive, str(project["dataset_path"]))
        found = _results(_part(archive, f"{folder}/results.sql"))
    else:
        said = str(project.get("version", "?"))[:20]
        raise NoProjectError(
            f"this project was written by ASReview {said}; projects of versions 1 to 3 can be read. "
            "Export the labelled records there (as CSV or RIS) and read that file"
        )
    return [Labelled(records[number], label) for number, label in found if number in records]


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    if archive.getinfo(name).file_size > MOST:
        raise NoProjectError(f"{name} is larger than {MOST // 1_000_000} MB")
    return archive.read(name)  # no more than the size that the archive states


def _rows(database: bytes, query: str) -> list[Sequence[Any]]:
    connection = sqlite3.connect(":memory:")
    try:
        connection.deserialize(database)
        left = iter(range(STEPS))
        connection.set_progress_handler(lambda: next(left, None) is None, 1_000_000)  # a view may never end
        connection.execute("PRAGMA query_only = ON")
        connection.execute("PRAGMA trusted_schema = OFF")
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def _results(database: bytes) -> list[tuple[int, bool]]:
    rows = _rows(database, "SELECT record_id, label FROM results WHERE label IN (0, 1) ORDER BY record_id")
    return [(int(number), bool(label)) for number, label in rows]


def _stored(database: bytes) -> dict[int, Found]:
    rows = _rows(database, "SELECT record_id, title, doi, year FROM record")
    return {int(row[0]): _found(int(row[0]), *row[1:]) for row in rows}


def _found(number: int, title: object, doi: object, year: object) -> Found:
    named = str(doi or "").lower().removeprefix("https://doi.org/")
    return Found(
        f"asreview/{number + 1}", title=str(title or ""), doi=named, year=year if isinstance(year, int) else None
    )


def _given(archive: zipfile.ZipFile, dataset: str) -> dict[int, Found]:
    """Records of the data as they were given, by their place from 0, which is how labels name them.

    Data with a ``record_id`` of their own, or with rows that were not read, leave that open and are refused.
    """
    name = PurePosixPath(dataset).name
    content = _part(archive, f"data/{name}")
    try:
        export = read_export(content, name)
    except UnreadableError as error:
        raise NoProjectError(f"the data of this project cannot be read: {error.rule}") from None
    if export.reading.announced != len(export.records) or b"record_id" in content[:4000].partition(b"\n")[0]:
        raise NoProjectError(
            "which label belongs to which record cannot be told for certain in this project; export the labelled "
            "records in ASReview (as CSV or RIS) and read that file"
        )
    return dict(enumerate(export.records))
