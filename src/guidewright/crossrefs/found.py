"""Decisions about found records: each record is one of an export that the search log names, each person is declared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath

from guidewright.crossrefs.loaded import Loaded
from guidewright.crossrefs.names import Names
from guidewright.evidence.duplicates import DuplicateDecision
from guidewright.evidence.screening import ScreeningDecision
from guidewright.evidence.searches import Searches
from guidewright.problems import Problem, did_you_mean

LOG = "evidence/searches.yml"


def found_problems(loaded: Mapping[str, list[Loaded]], known: Mapping[str, Names]) -> Iterator[Problem]:
    """Found records of exports that are not in the log, or beyond their number; and people who are not declared."""
    exports = _exports(loaded)
    for kind, names in (("duplicates", ("record", "same_as")), ("screening", ("record",))):
        for one in loaded[kind]:
            if isinstance(one.value, DuplicateDecision | ScreeningDecision):
                for name in names:
                    yield from _record(one, name, getattr(one.value, name), exports, known)
    for one in loaded["duplicates"]:
        if isinstance(one.value, DuplicateDecision) and not one.value.automatic:
            yield from _people(one, [one.value.by], known["person"])
    for one in loaded["screening"]:
        if isinstance(one.value, ScreeningDecision) and one.value.by:
            yield from _people(one, [name.strip() for name in one.value.by.split(";")], known["person"])


def _exports(loaded: Mapping[str, list[Loaded]]) -> Mapping[str, int | None] | None:
    """Records of every export by the stem of its name; None for the number, or for all, where it is not known."""
    if not loaded["searches"]:
        return None  # that the log is missing is said elsewhere
    exports: dict[str, int | None] = {}
    for one in loaded["searches"]:
        if not isinstance(one.value, Searches):
            return None
        for database in one.value.databases:
            if database.file:
                # with a checksum, `hits` counts the records of the file
                counted = getattr(database, "checksum", None) is not None
                exports[PurePosixPath(database.file).stem] = database.hits if counted else None
    return exports


def _record(
    one: Loaded, name: str, identifier: str, exports: Mapping[str, int | None] | None, known: Mapping[str, Names]
) -> Iterator[Problem]:
    if "/" not in identifier:
        records = known["record"]
        if records.complete and identifier not in records.ids:
            hint = did_you_mean(identifier, records.ids)
            yield one.problem(
                (name,),
                f"there is no record `{identifier}`" + (f"; {hint}" if hint else ""),
                value=identifier,
                next_step="correct the name, or add it to evidence/records.bib",
            )
        return
    if exports is None:
        return
    stem, _, number = identifier.rpartition("/")
    if stem not in exports:
        hint = did_you_mean(stem, exports)
        rule = f"there is no export `{stem}` in the search log" + (f"; {hint}" if hint else "")
        yield one.problem((name,), rule, value=identifier, next_step=f"correct the name, or name the export in {LOG}")
    elif (count := exports[stem]) is not None and int(number) > count:
        rule = f"the export `{stem}` has {count} records"
        yield one.problem((name,), rule, value=identifier, next_step="correct the number, or delete the row")


def _people(one: Loaded, names: Iterable[str], people: Names) -> Iterator[Problem]:
    for name in names:
        if people.complete and name not in people.ids:
            hint = did_you_mean(name, people.ids)
            yield one.problem(
                ("by",),
                f"there is no person `{name}`" + (f"; {hint}" if hint else ""),
                value=name,
                next_step="correct the name, or declare the person in `people` of guideline_src/guideline.yml",
            )
