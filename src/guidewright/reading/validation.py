"""From plain data to a model: every fault named with its place, the rule it breaks and a valid example."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from guidewright.problems import Problem, did_you_mean, in_order
from guidewright.reading.declarations import as_yaml, example_of, field_path, meaning, model_at, names_in
from guidewright.reading.text import Place
from guidewright.reading.typing_slips import advice
from guidewright.reading.wording import number_advice, rule_of
from guidewright.reading.yaml_file import Document, Path

M = TypeVar("M", bound=BaseModel)
#: How an example of a field is written in each format.
_WRITTEN: dict[str, Callable[[str, Any], str]] = {
    "yaml": lambda name, value: f"{name}: {as_yaml(value)}",
    "csv": lambda _name, value: str(value),
    "bibtex": lambda name, value: f"{name} = {{{value}}}",
}


def validate(
    model: type[M],
    data: Any,
    file: str,
    place: Callable[[Path], Place],
    key_place: Callable[[Path], Place] | None = None,
    written: Literal["yaml", "csv", "bibtex"] = "yaml",
) -> tuple[M | None, list[Problem]]:
    """Make a model of plain data, or say everything that is wrong with it."""
    try:
        return model.model_validate(data), []
    except ValidationError as error:
        details = error.errors(include_url=False)
    report = _Report(model, data, file, place, key_place or place, written)
    # a name that is no language tag is said once, not once more for the words below it
    wrong_keys = {_path_in(data, d["loc"]) for d in details if _about_key(d)}
    details = [d for d in details if not _only_short_of_the_invalid(d, details)]
    problems = [report.problem(d) for d in details if _about_key(d) or _path_in(data, d["loc"]) not in wrong_keys]
    return None, in_order(problems)


def validate_document(model: type[M], document: Document, file: str) -> tuple[M | None, list[Problem]]:
    """The same for a YAML document."""
    return validate(model, document.data, file, document.place, document.key_place)


def _only_short_of_the_invalid(detail: ErrorDetails, details: list[ErrorDetails]) -> bool:
    """Whether a list is too short only because its items are at fault themselves."""
    loc = detail["loc"]
    return detail["type"] == "too_short" and any(d["loc"][: len(loc)] == loc and d["loc"] != loc for d in details)


def _about_key(detail: ErrorDetails) -> bool:
    return detail["loc"][-1:] == ("[key]",)


@dataclass(frozen=True)
class _Report:
    """Turns what pydantic found into problems."""

    model: type[BaseModel]
    data: Any
    file: str
    place: Callable[[Path], Place]
    key_place: Callable[[Path], Place]
    written: str

    def problem(self, detail: ErrorDetails) -> Problem:
        path = _path_in(self.data, detail["loc"])
        if detail["type"] == "extra_forbidden":
            return self._unknown(path)
        if detail["type"] == "missing":
            return self._missing(path)
        if _about_key(detail):
            return self._at(self.key_place(path), f"the name `{path[-1]}` {rule_of(detail)}", str(path[-1]), path)
        if detail["type"] in {"value_error", "assertion_error"} and isinstance(detail.get("input"), dict):
            return self._between_fields(path, rule_of(detail))
        if not path and not isinstance(self.data, dict):
            first = names_in(self.model)[0]
            rule = "the file must be made of lines `name: value`"
            shown = self.data if isinstance(self.data, str) else None
            return self._at(self.place(path), rule, shown, (first,))
        value = detail.get("input")
        shown = None if isinstance(value, dict | list | tuple) or value is None else str(value)
        advised = number_advice(detail)
        return self._at(self.place(path), f"`{_name(path)}` {rule_of(detail)}", shown, path, advised)

    def _at(self, at: Place, rule: str, value: str | None, path: Path, advised: str | None = None) -> Problem:
        advised = (advice(value) if value else None) or advised or meaning(self.model, path)
        return Problem(self.file, at.line, at.column, rule, value, self._example(path), advised)

    def _unknown(self, path: Path) -> Problem:
        at, name = self.key_place(path), str(path[-1])
        fields = [field for field in names_in(model_at(self.model, path[:-1])) if field not in self._own]
        hint = did_you_mean(name, fields)
        known = "known here are: " + ", ".join(fields)
        return Problem(
            self.file,
            at.line,
            at.column,
            f"`{name}` is not known here" + (f"; {hint}" if hint else ""),
            value=name,
            next_step=advice(name) or (self._belongs(path, name) if hint is None else "") + known,
        )

    @property
    def _own(self) -> set[str]:
        """Fields that the reader fills in and nobody writes."""
        return {"key", "entry_type", "authors_incomplete"} if self.written == "bibtex" else set()

    def _belongs(self, path: Path, name: str) -> str:
        """Where a name would be known: in the group just above it, or further out."""
        keys = list(_at_path(self.data, path[:-1]))
        above = keys[keys.index(name) - 1] if keys.index(name) else None
        if above is not None and name in names_in(model_at(self.model, (*path[:-1], above))):
            return f"if it belongs to `{above}` above it, indent it further than `{above}`; "
        for depth in range(len(path) - 2, -1, -1):
            outer = path[:depth]
            if not (outer and isinstance(outer[-1], int)) and name in names_in(model_at(self.model, outer)):
                group = f"as a part of `{_name(outer)}`" if outer else "in the first column"
                return f"if it belongs further out, start it {group}; "
        return ""

    def _missing(self, path: Path) -> Problem:
        at = self.place(path)
        return Problem(
            self.file,
            at.line,
            at.column,
            f"`{_name(path)}` is missing",
            example=self._example(path),
            next_step=meaning(self.model, path),
        )

    def _between_fields(self, path: Path, rule: str) -> Problem:
        """A rule about several fields of a group: place it at the first one that the rule names."""
        group = _at_path(self.data, path)
        inner = next(_paths_meant(group, rule, path), None)
        at = self.place(path) if inner is None else self.place(inner)
        if inner is not None and isinstance(_at_path(self.data, inner), dict | list):
            at = self.key_place(inner)
        subject = f"`{_name(path)}`: " if path else ""
        return Problem(self.file, at.line, at.column, subject + rule, example=self._example(path))

    def _example(self, path: Path) -> str | None:
        """How the field may be written: the whole field, also when the fault is deeper within it."""
        found = field_path(self.model, path)
        if found is None:
            return None
        (*_, name), info = found
        if self.written == "bibtex" and name == "key":
            return f"@article{{{example_of(info)},"
        return _WRITTEN[self.written](str(name), example_of(info))


def _name(path: Path) -> str:
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in path) or "this file"


def _at_path(data: Any, path: Path) -> Any:
    for part in path:
        data = data[part]
    return data


def _paths_meant(group: dict[str, Any], rule: str, path: Path) -> Iterator[Path]:
    """Paths of what a rule about a group names: a field of it, a value within it, or an identifier given twice."""
    marked = re.findall(r"`([^`]+)`", rule)
    for word in marked + re.findall(r"\b[a-z]\w*[\d_]\w*", rule):
        if word in group:
            yield (*path, word)
    for word in reversed(marked):
        yield from _paths_of(group, word, path)
    if "same id" in rule:
        yield from _given_twice(group, path)


def _paths_of(data: Any, word: str, path: Path) -> Iterator[Path]:
    """Paths of the values that are a word."""
    if data == word:
        yield path
    for key, value in _items(data):
        yield from _paths_of(value, word, (*path, key))


def _given_twice(data: Any, path: Path) -> Iterator[Path]:
    """Paths of identifiers that stand in the same list before."""
    seen: list[Any] = []
    for key, value in _items(data):
        if isinstance(key, int) and isinstance(value, dict) and "id" in value:
            if value["id"] in seen:
                yield (*path, key, "id")
            seen.append(value["id"])
        yield from _given_twice(value, (*path, key))


def _items(data: Any) -> Iterable[tuple[str | int, Any]]:
    return data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()


def _path_in(data: Any, loc: tuple[int | str, ...]) -> Path:
    """Keep of pydantic's location only what is a path in the data; union members are left out."""
    path: list[int | str] = []
    for number, part in enumerate(loc):
        if isinstance(data, dict) and isinstance(part, str):
            if part in data:
                data = data[part]
                path.append(part)
            elif number == len(loc) - 1 and part != "[key]":
                path.append(part)
        elif isinstance(data, list | tuple) and isinstance(part, int) and part < len(data):
            data = data[part]
            path.append(part)
    return tuple(path)
