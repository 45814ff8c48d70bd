"""JSON Schemas and the data dictionary, both made from the models that load the files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from enum import Enum
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from guidewright.kinds import KINDS, Kind
from guidewright.meanings import WithMeanings, meanings
from guidewright.reading.declarations import example_of
from guidewright.values import Language, Refers, Value


def json_schemas() -> dict[str, dict[str, Any]]:
    """JSON Schema of each kind of file, by name; for CSV and BibTeX files it describes one row or record."""
    schemas = {}
    for kind in KINDS:
        schema = kind.model.model_json_schema(by_alias=True, schema_generator=WithMeanings)
        schemas[kind.name] = {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$comment": f"{kind.pattern}: {kind.what}",
            **_as_the_loader_reads(schema),
        }
    return schemas


def _as_the_loader_reads(schema: Any) -> Any:
    """Say what the loader takes: ``2025``, a number for an editor, as text; and no keys but those that are declared."""
    if isinstance(schema, dict):
        found = {key: _as_the_loader_reads(value) for key, value in schema.items()}
        if "patternProperties" in found:  # words by language: a name that is no language tag is refused
            found.setdefault("additionalProperties", False)
        if found.get("type") == "string" and "enum" not in found and "const" not in found:
            found["type"] = ["string", "number"]
        return found
    return [_as_the_loader_reads(item) for item in schema] if isinstance(schema, list) else schema


def dictionary() -> str:
    """The data dictionary: every field of every kind of file, in Markdown."""
    parts = [
        "# Data dictionary",
        "Every field of every file of a project. Written by `guidewright schema --dictionary FILE` from the models "
        "that load the files; do not edit it by hand. Words are given in each language of the guideline, for example "
        "`{zh: 疼痛, en: Pain}`; facts carry their source, for example "
        "`{value: open, source: {cite: klazen2010, where: title}}`.",
    ]
    shared: dict[str, type[BaseModel]] = {}
    for kind in KINDS:
        parts += [f"## {kind.name}", _about(kind), _table(kind.model), *_nested(kind.model, shared)]
    parts += ["## Shared parts", *(text for name in sorted(shared) for text in _section(shared[name]))]
    return "\n\n".join(parts) + "\n"


def _about(kind: Kind) -> str:
    number = "One file" if kind.single else "One file for each"
    row = {"csv": " One row:", "bibtex": " One record:", "markdown": " Front matter:"}.get(kind.format, "")
    return f"`{kind.pattern}` — {kind.what}. {number}, {kind.format.upper()}.{row}"


#: Models that many kinds use; they are described once.
_SHARED = {"Source", "Fact"}


def _nested(model: type[BaseModel], shared: dict[str, type[BaseModel]]) -> Iterator[str]:
    seen: dict[str, type[BaseModel]] = {}
    _collect(model, seen)
    for name, inner in seen.items():
        base = name.partition("[")[0].partition("_")[0]
        if base in _SHARED:
            shared.setdefault(base, inner)
        else:
            yield from _section(inner)


def _collect(model: type[BaseModel], seen: dict[str, type[BaseModel]]) -> None:
    for info in model.model_fields.values():
        for inner in _models(info.annotation):
            if inner.__name__ not in seen:
                seen[inner.__name__] = inner
                _collect(inner, seen)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif get_origin(annotation) is not Literal:
        for argument in get_args(annotation):
            yield from _models(argument)


def _section(model: type[BaseModel]) -> Iterator[str]:
    name = model.__name__.partition("_")[0]
    yield f"### {name}"
    if model.__doc__:
        yield " ".join(model.__doc__.split()).replace("``", "`")
    yield _table(model)


def _table(model: type[BaseModel]) -> str:
    rows = ["| field | type | required | meaning | example |", "|---|---|---|---|---|"]
    for name, info in model.model_fields.items():
        meaning = " ".join((info.description or meanings(model).get(name, "")).split()).replace("``", "`")
        example = _cell(example_of(info))
        required = "yes" if info.is_required() else ""
        cells = (f"`{info.alias or name}`", _type(info.annotation, info), required, meaning, example)
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(rows)


def _cell(example: Any) -> str:
    text = json.dumps(example, ensure_ascii=False) if isinstance(example, dict | list | tuple) else str(example)
    return f"`{text}`" if len(text) <= 60 else ""


def _type(annotation: Any, info: FieldInfo | None = None) -> str:
    for mark in info.metadata if info else ():
        if isinstance(mark, Refers):
            return f"name of a {mark.kind}"
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        refers = next((a for a in arguments[1:] if isinstance(a, Refers)), None)
        return f"name of a {refers.kind}" if refers else _type(arguments[0])
    if origin is Literal:
        return "one of " + ", ".join(f"`{a}`" for a in arguments)
    if origin is Union or type(annotation).__name__ == "UnionType":
        return " or ".join(_type(a) for a in arguments if a is not type(None))
    if origin is tuple:
        return f"list of {_type(arguments[0])}"
    if origin is dict:
        by = "language" if arguments[0] is Language else "name"
        return "words in each language" if _type(arguments[1]) == "text" else f"by {by}, {_type(arguments[1])}"
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return "one of " + ", ".join(f"`{member.value}`" for member in annotation)
    if isinstance(annotation, type) and issubclass(annotation, Value):
        name, _, inner = annotation.__name__.partition("_")
        return f"{name} ({inner})" if inner else name
    return {str: "text", int: "whole number", float: "number", bool: "true or false"}.get(annotation, "text")
