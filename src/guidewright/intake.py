"""Take export files into a project: look at them, keep them as they came, and log the search.

The files are the database: nothing that can be computed from them is stored. Each one is put in place whole, then the
log names it. If the work ends between the two, the next import of the same file only writes the log.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal

from guidewright.evidence.importers.decoding import check_size
from guidewright.evidence.importers.export import Export, UnreadableError
from guidewright.evidence.importers.reading import read_export, stem_of
from guidewright.evidence.search_log import LogError, searches_in, with_search
from guidewright.problems import Problem
from guidewright.writing import write

#: Where raw exports are kept, and the log that names them; relative to the project.
EXPORTS, LOG = "evidence/searches/exports", "evidence/searches.yml"

State = Literal["read", "imported", "already imported", "refused"]


@dataclass(frozen=True)
class Asked:
    """What a person says of the files; what is None is left to the files or left out."""

    database: str | None = None
    platform: str | None = None
    date: str | None = None
    strategy: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    kind: str | None = None
    """What was searched, if it was no database."""
    questions: Sequence[str] = ()
    """Questions that it was searched for."""


@dataclass(frozen=True)
class Outcome:
    """What became of one file."""

    file: str
    state: State
    export: Export | None = None
    checksum: str = ""
    database: str = ""
    stored: str = ""
    """Where it is kept, relative to the project."""
    problem: Problem | None = None


class NoLogError(ValueError):
    """The search log cannot be read."""


def look(path: Path, columns: Mapping[str, str]) -> tuple[Outcome, bytes]:
    """Read one file and change nothing."""
    name = str(path)
    try:
        if path.is_dir():
            step = "name the files in it"
            return Outcome(name, "refused", problem=_problem(name, "is a folder, not a file", step)), b""
        if not path.is_file():
            return Outcome(name, "refused", problem=_problem(name, "there is no such file", "check its name")), b""
        check_size(path.stat().st_size)
        raw = path.read_bytes()
        export = read_export(raw, unicodedata.normalize("NFC", path.name), columns)
    except OSError as error:
        return Outcome(name, "refused", problem=_problem(name, f"cannot be read: {error.strerror or error}", None)), b""
    except UnreadableError as error:
        return Outcome(name, "refused", problem=_problem(name, error.rule, error.next_step, error.line)), b""
    return Outcome(name, "read", export, hashlib.sha256(raw).hexdigest(), export.database), raw


def look_at(paths: Sequence[Path], columns: Mapping[str, str], progress: Callable[[str], None]) -> list[Outcome]:
    """Read files and change nothing."""
    outcomes = []
    for number, path in enumerate(paths, start=1):
        progress(f"{number} of {len(paths)}: {path.name}")
        outcomes.append(look(path, columns)[0])
    return outcomes


def take_in(root: Path, paths: Sequence[Path], asked: Asked, progress: Callable[[str], None]) -> list[Outcome]:
    """Take files into the project, each one whole or not at all.

    Raises :class:`NoLogError` if the search log is broken; then nothing is changed.
    """
    try:
        log = _log(root)
        searches_in(log)
    except (LogError, UnicodeDecodeError) as error:
        raise NoLogError(str(error)) from None
    outcomes = []
    for number, path in enumerate(paths, start=1):
        progress(f"{number} of {len(paths)}: {path.name}")
        outcome, raw = look(path, asked.columns)
        outcomes.append(outcome if outcome.problem else _take_in_one(root, outcome, raw, asked))
    return outcomes


def _take_in_one(root: Path, outcome: Outcome, raw: bytes, asked: Asked) -> Outcome:
    export = outcome.export
    assert export is not None  # noqa: S101 - an outcome without a problem has one
    searches = searches_in(_log(root))
    database = asked.database or export.database
    for one in searches:
        if one.get("checksum") == outcome.checksum:
            stored = root / "evidence" / str(one.get("file"))
            if stored.resolve().is_relative_to(root.resolve()):
                write(stored, raw)  # only if it was lost
            return replace(
                outcome, state="already imported", database=str(one["name"]), stored=f"evidence/{one.get('file')}"
            )
    stored = root / EXPORTS / export.name
    fault = _fault(root, stored, raw, export, database, searches)
    if fault is not None:
        return replace(outcome, state="refused", problem=fault)
    file = stored.relative_to(root / "evidence").as_posix()
    write(stored, raw)
    entry = _entry(database, asked, export, file, outcome.checksum)
    text = _log(root)
    crlf = "\r\n" in text
    try:
        changed = with_search(text.replace("\r\n", "\n"), entry)
    except LogError as error:
        return replace(outcome, state="refused", problem=_problem(LOG, str(error), "then import the file again"))
    write(root / LOG, (changed.replace("\n", "\r\n") if crlf else changed).encode("utf-8"))
    return replace(outcome, state="imported", database=database, stored=f"evidence/{file}")


def _entry(database: str, asked: Asked, export: Export, file: str, checksum: str) -> dict[str, Any]:
    stated: dict[str, Any] = {"name": database}
    if asked.kind and asked.kind != "database":
        stated["kind"] = asked.kind
    if asked.questions:
        stated["questions"] = list(asked.questions)
    if asked.platform:
        stated["platform"] = asked.platform
    if asked.date:
        stated["searched_on"] = date.fromisoformat(asked.date) if len(asked.date) == 10 else asked.date
    if asked.strategy:
        stated["strategy"] = asked.strategy
    stated |= {"hits": len(export.records), "file": file, "checksum": checksum}
    return stated | (
        {"columns": [f"{field}={heading}" for field, heading in asked.columns.items()]} if asked.columns else {}
    )


def _fault(
    root: Path, stored: Path, raw: bytes, export: Export, database: str, searches: Sequence[Mapping[str, Any]]
) -> Problem | None:
    name = export.name
    if not export.records:
        why = "; ".join(one.why for one in export.reading.differences) or "it holds no record"
        return _problem(
            name, f"was not imported: {why}", "choose another file, or name the columns: --columns title=HEADING"
        )
    if not database:
        return _problem(name, "does not say which database it is from", "name it", example='--database "Embase"')
    signs = any(sign in name for sign in '\\/:*?"<>|')
    if signs or name.startswith(".") or not name.isprintable() or len(name.encode("utf-8")) > 200:
        return _problem(
            name, "has a name that not every system can keep", "rename it; letters, digits, - and _ are safe"
        )
    if not stored.parent.resolve().is_relative_to(root.resolve()):
        return _problem(EXPORTS, "is a link that leads out of the project", "make it a folder of the project")
    if stored.exists() and stored.read_bytes() != raw:
        return _problem(
            name,
            f"another file of this name is kept in {EXPORTS}, with other content",
            "rename the new file, then import it",
        )
    stem = stem_of(name).casefold()
    others = {Path(str(one["file"])).name for one in searches if one.get("file")}
    others |= {path.name for path in stored.parent.glob("[!.]*")} if stored.parent.is_dir() else set()
    if same := sorted(other for other in others - {name} if stem_of(other).casefold() == stem):
        rule = f"{same[0]} is imported already; records are named after the file without its suffix"
        return _problem(name, rule, "rename the new file, then import it")
    return None


def _log(root: Path) -> str:
    path = root / LOG
    return path.read_bytes().decode("utf-8-sig") if path.is_file() else ""


def _problem(file: str, rule: str, next_step: str | None, line: int = 1, example: str | None = None) -> Problem:
    return Problem(file, line, 1, rule, next_step=next_step, example=example)
