"""What the fields of models mean: the docstring below each, read from the source when somebody asks.

pydantic could read them (``use_attribute_docstrings``), but it does so whenever a program starts, and that took as long
as everything else that a start does.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from inspect import cleandoc, getsource
from itertools import pairwise
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema


@cache
def meanings(model: type[BaseModel]) -> Mapping[str, str]:
    """What each field of a model means, by name, be it its own or inherited. Fields without words are absent."""
    found: dict[str, str] = {}
    for one in reversed(model.__mro__):
        if issubclass(one, BaseModel) and one.__module__.startswith("guidewright."):
            found |= _in_module(one.__module__).get(one.__qualname__, {})
    return found


class WithMeanings(GenerateJsonSchema):
    """JSON Schema in which the meaning of each field is its description."""

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        """The schema of a model."""
        found = super().model_schema(schema)
        model: type[BaseModel] = schema["cls"]
        for name, text in meanings(model).items():
            info = model.model_fields.get(name)
            described = found.get("properties", {}).get((info.alias if info else None) or name)
            if described is not None:
                described.setdefault("description", text)
        return found


@cache
def _in_module(name: str) -> Mapping[str, Mapping[str, str]]:
    return dict(_in_classes(ast.parse(getsource(sys.modules[name])), ""))


def _in_classes(inside: ast.AST, outer: str) -> Iterator[tuple[str, dict[str, str]]]:
    for node in ast.iter_child_nodes(inside):
        if isinstance(node, ast.ClassDef):
            yield outer + node.name, dict(_documented(node.body))
            yield from _in_classes(node, f"{outer}{node.name}.")


def _documented(body: list[ast.stmt]) -> Iterator[tuple[str, str]]:
    for field, words in pairwise(body):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and (text := _text(words)):
            yield field.target.id, cleandoc(text)


def _text(node: ast.stmt) -> str:
    value: Any = node.value.value if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) else None
    return value if isinstance(value, str) else ""
