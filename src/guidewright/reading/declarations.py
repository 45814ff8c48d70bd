"""What a model says about a place in its data: the field, its meaning, and a valid example."""

from __future__ import annotations

import json
import types
from collections.abc import Iterator
from enum import Enum
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from guidewright.meanings import meanings
from guidewright.reading.yaml_file import Path


def field_path(model: type[BaseModel], path: Path) -> tuple[Path, FieldInfo] | None:
    """The last declared field on a path, and the path up to it."""
    found: tuple[Path, FieldInfo] | None = None
    current: type[BaseModel] | None = model
    for depth, part in enumerate(path):
        if isinstance(part, int):
            continue
        if current is None:
            return found
        info = _field(current, part)
        if info is None:
            return None
        found, current = (path[: depth + 1], info), next(_models_in(info.annotation), None)
    return found


def model_at(model: type[BaseModel], path: Path) -> type[BaseModel] | None:
    """The model that describes the value at a path."""
    if not any(isinstance(part, str) for part in path):
        return model
    found = field_path(model, path)
    return next(_models_in(found[1].annotation), None) if found else None


def names_in(model: type[BaseModel] | None) -> list[str]:
    """Names of the fields of a model as they stand in a file."""
    return [info.alias or name for name, info in model.model_fields.items()] if model else []


def meaning(model: type[BaseModel], path: Path) -> str | None:
    """What the field at a path is. The ``value`` of a fact is explained by the fact's own name."""
    if path[-1:] == ("value",) and path[:-1] and names_in(model_at(model, path[:-1])) == ["value", "source", "note"]:
        path = path[:-1]
    place, info = field_path(model, path) or ((), None)
    owner = model_at(model, place[:-1]) if info else None
    words = (
        next((meanings(owner).get(name) for name, one in owner.model_fields.items() if one is info), "")
        if owner
        else ""
    )
    return "this field is: " + " ".join(words.split()).replace("``", "`") if words else None


def _field(model: type[BaseModel], name: str) -> FieldInfo | None:
    for field_name, info in model.model_fields.items():
        if name in {info.alias, field_name}:
            return info
    return None


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
    return _within(_example_of_type(info.annotation), info.metadata)


def _example_of_type(annotation: Any) -> Any:
    origin = get_origin(annotation)
    if origin is Annotated:
        base, *metadata = get_args(annotation)
        for item in metadata:
            if isinstance(item, FieldInfo) and item.examples:
                return item.examples[0]
        return _within(_example_of_type(base), metadata)
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
        if made or "cite" in annotation.model_fields:
            return made or {"cite": "klazen2010", "where": "section 2.3.3"}
        name, info = next(iter(annotation.model_fields.items()))
        return {info.alias or name: example_of(info)}
    return {int: 1, float: 1.5, bool: "true"}.get(annotation, "text")


def _within(example: Any, metadata: list[Any]) -> Any:
    """A number moved into its declared range, or a list made as long as it must be."""
    limits: dict[str, float] = {}
    for item in metadata:
        for limit in item.metadata if isinstance(item, FieldInfo) else [item]:
            names = ("gt", "ge", "lt", "le", "min_length")
            limits |= {name: getattr(limit, name) for name in names if getattr(limit, name, None) is not None}
    if isinstance(example, list):
        return example * int(limits.get("min_length", 1))
    if not isinstance(example, int | float) or not limits:
        return example
    low, high = limits.get("gt", limits.get("ge")), limits.get("lt", limits.get("le"))
    if (low is None or example > low or example == limits.get("ge")) and (high is None or example < high):
        return example
    return type(example)((low + high) / 2) if low is not None and high is not None else low or high


def as_yaml(value: Any) -> str:
    """One line of YAML for a small value."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k}: {as_yaml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(as_yaml(v) for v in value) + "]"
    text = str(value)
    plain = text.replace(" ", "").replace("-", "").replace(".", "").isalnum() and text == text.strip("- ")
    return text if plain else json.dumps(text, ensure_ascii=False)
