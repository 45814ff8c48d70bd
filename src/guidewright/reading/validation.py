"""From plain data to a model: every fault named with its place, the rule it breaks and a valid example."""

from __future__ import annotations

import json
import types
from collections.abc import Callable, Iterator
from enum import Enum
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from guidewright.problems import Problem, did_you_mean
from guidewright.reading.text import Place
from guidewright.reading.yaml_file import Document, Path

M = TypeVar("M", bound=BaseModel)


def validate(
    model: type[M],
    data: Any,
    file: str,
    place: Callable[[Path], Place],
    key_place: Callable[[Path], Place] | None = None,
) -> tuple[M | None, list[Problem]]:
    """Make a model of plain data, or say everything that is wrong with it."""
    try:
        return model.model_validate(data), []
    except ValidationError as error:
        details = error.errors(include_url=False)
    problems = [_problem(detail, model, data, file, place, key_place or place) for detail in details]
    return None, sorted(set(problems))


def validate_document(model: type[M], document: Document, file: str) -> tuple[M | None, list[Problem]]:
    """The same for a YAML document."""
    return validate(model, document.data, file, document.place, document.key_place)


def _problem(
    detail: ErrorDetails,
    model: type[BaseModel],
    data: Any,
    file: str,
    place: Callable[[Path], Place],
    key_place: Callable[[Path], Place],
) -> Problem:
    path = _path_in(data, detail["loc"])
    info = field_at(model, path)
    name = ".".join(str(part) for part in path) or "this file"
    example = _as_yaml(example_of(info)) if info is not None else None
    kind = detail["type"]
    if kind == "extra_forbidden":
        at = key_place(path)
        fields = _fields_of(model_at(model, path[:-1]))
        hint = did_you_mean(str(path[-1]), fields)
        return Problem(
            file,
            at.line,
            at.column,
            f"`{path[-1]}` is not known here" + (f"; {hint}" if hint else ""),
            value=str(path[-1]),
            next_step="known here are: " + ", ".join(fields),
        )
    if kind == "missing":
        at = place(path[:-1])
        missing = str(path[-1])
        return Problem(
            file, at.line, at.column, f"`{name}` is missing", example=f"{missing}: {example}", next_step=_meaning(info)
        )
    at = place(path)
    value = detail.get("input")
    shown = None if isinstance(value, dict | list | tuple) or value is None else str(value)
    return Problem(
        file,
        at.line,
        at.column,
        f"`{name}` {_rule(detail)}",
        value=shown,
        example=f"{path[-1]}: {example}" if path and example and isinstance(path[-1], str) else example,
        next_step=_meaning(info),
    )


def _meaning(info: FieldInfo | None) -> str | None:
    if info is None or not info.description:
        return None
    return "this field is: " + " ".join(info.description.split())


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


def _rule(detail: ErrorDetails) -> str:
    context = detail.get("ctx") or {}
    match detail["type"]:
        case "value_error" | "assertion_error":
            return str(context.get("error", detail["msg"]))
        case "enum" | "literal_error":
            expected = str(context.get("expected", "")).replace("'", "").replace(" or ", ", ")
            hint = did_you_mean(str(detail.get("input")), [e.strip() for e in expected.split(",")])
            return f"must be one of: {expected}" + (f"; {hint}" if hint else "")
        case "string_pattern_mismatch":
            return f"must match {context.get('pattern')}"
        case "string_type":
            return "must be text" if detail.get("input") is not None else "has no value"
        case "dict_type" | "model_type" | "model_attributes_type":
            return "must be a group of fields, indented below its name"
        case "tuple_type" | "list_type":
            return "must be a list, one item per line starting with `- `"
        case "too_short":
            return "must not be empty"
    if detail.get("input") is None:
        return "has no value"
    return (
        detail["msg"]
        .replace("Input should be", "must be")
        .replace("String should", "must")
        .replace("Value error, ", "")
    )


# --- what a model says about a path -------------------------------------------------------------------------------


def field_at(model: type[BaseModel], path: Path) -> FieldInfo | None:
    """The declaration of the field at a path, or of the last field on the way."""
    found: FieldInfo | None = None
    current: type[BaseModel] | None = model
    for part in path:
        if isinstance(part, int):
            continue
        info = _field(current, part) if current is not None else None
        if info is None:
            return found if current is None else None
        found, current = info, next(_models_in(info.annotation), None)
    return found


def model_at(model: type[BaseModel], path: Path) -> type[BaseModel] | None:
    """The model that describes the value at a path."""
    info = field_at(model, path)
    return (
        model
        if not any(isinstance(p, str) for p in path)
        else (next(_models_in(info.annotation), None) if info else None)
    )


def _field(model: type[BaseModel], name: str) -> FieldInfo | None:
    for field_name, info in model.model_fields.items():
        if name in {info.alias, field_name}:
            return info
    return None


def _fields_of(model: type[BaseModel] | None) -> list[str]:
    return [info.alias or name for name, info in model.model_fields.items()] if model else []


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif get_origin(annotation) is Annotated:
        yield from _models_in(get_args(annotation)[0])
    elif get_origin(annotation) is not Literal:
        for argument in get_args(annotation):
            yield from _models_in(argument)


def example_of(info: FieldInfo) -> Any:
    """A valid value: the declared example, else one made from the type."""
    if info.examples:
        return info.examples[0]
    for item in info.metadata:
        if isinstance(item, FieldInfo) and item.examples:
            return item.examples[0]
    return _example_of_type(info.annotation)


def _example_of_type(annotation: Any) -> Any:
    origin = get_origin(annotation)
    if origin is Annotated:
        base, *metadata = get_args(annotation)
        for item in metadata:
            if isinstance(item, FieldInfo) and item.examples:
                return item.examples[0]
        return _example_of_type(base)
    if origin is Literal:
        return get_args(annotation)[0]
    if origin in (Union, types.UnionType):
        return _example_of_type(next(a for a in get_args(annotation) if a is not type(None)))
    if origin in (tuple, list):
        return [_example_of_type(get_args(annotation)[0])]
    if origin is dict:
        return {"en": _example_of_type(get_args(annotation)[1])}
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return next(iter(annotation)).value
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        made = {i.alias or n: example_of(i) for n, i in annotation.model_fields.items() if i.is_required()}
        return made or {"cite": "klazen2010", "where": "section 2.3.3"}
    return {int: 1, float: 1.5, bool: "true"}.get(annotation, "text")


def _as_yaml(value: Any) -> str:
    """One line of YAML for a small value."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k}: {_as_yaml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_as_yaml(v) for v in value) + "]"
    text = str(value)
    return (
        text
        if text.replace(" ", "").replace("-", "").replace(".", "").isalnum()
        else json.dumps(text, ensure_ascii=False)
    )
