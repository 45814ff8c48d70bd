"""YAML to plain data with the place of every key and value.

Every scalar stays the text that its author wrote (``2025``, ``no``, ``1.10``); the models give it its type. So the
surprises of YAML (``no`` becoming false, ``1.10`` becoming 1.1, dates) cannot happen. Aliases are refused: nobody
needs them here, and nested ones can fill the memory.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import yaml

from guidewright.problems import Problem
from guidewright.reading.text import Place

Path = tuple[str | int, ...]
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PLAIN_TAGS = {
    f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "timestamp", "value", "merge")
}
#: Deeper nesting is no project file.
DEEPEST = 40


@dataclass
class Document:
    """Plain data (dicts, lists, strings, None) with places by path."""

    data: Any = None
    values: dict[Path, Place] = field(default_factory=dict)
    keys: dict[Path, Place] = field(default_factory=dict)

    def place(self, path: Path) -> Place:
        """Where the value at a path stands, or the nearest thing around it."""
        while path and path not in self.values:
            path = path[:-1]
        return self.values.get(path, Place(1, 1))

    def key_place(self, path: Path) -> Place:
        """Where the key at a path stands."""
        return self.keys.get(path) or self.place(path)


def read_yaml(text: str, file: str, first_line: int = 1) -> tuple[Document | None, list[Problem]]:
    """Read one YAML document; ``first_line`` is the line of the file at which ``text`` starts."""
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        return None, [_syntax(error, file, first_line)]
    except (RecursionError, ValueError) as error:
        return None, [Problem(file, first_line, 1, f"is no YAML that can be read: {type(error).__name__}")]
    if node is None:
        return None, [Problem(file, first_line, 1, "is empty", next_step="fill it in or delete the file")]
    reader = _Reader(file, first_line)
    reader.document.data = reader.read(node, ())
    return reader.document, reader.problems


def _syntax(error: yaml.YAMLError, file: str, first_line: int) -> Problem:
    mark = getattr(error, "problem_mark", None)
    what = getattr(error, "problem", None) or "cannot be read"
    hint = (
        "check the indentation and quotes of this line and the one above; text that holds `: ` or starts with a sign "
        "such as `*`, `&`, `@`, `%`, `[` or `{` needs quotes"
    )
    if mark is None:
        return Problem(file, first_line, 1, f"YAML: {what}", next_step=hint)
    return Problem(file, mark.line + first_line, mark.column + 1, f"YAML: {what}", next_step=hint)


class _Reader:
    """Walks the nodes of one document."""

    def __init__(self, file: str, first_line: int) -> None:
        self.file = file
        self.first_line = first_line
        self.document = Document()
        self.problems: list[Problem] = []
        self._seen: set[int] = set()

    def read(self, node: Any, path: Path) -> Any:
        """Turn a node into plain data and note its place."""
        place = self.document.values[path] = self._place(node)
        if id(node) in self._seen:
            return self._refuse(place, "aliases (`*name`) are not allowed here", "write the content out again")
        if len(path) > DEEPEST:
            return self._refuse(place, f"is nested deeper than {DEEPEST} levels", "flatten it")
        if isinstance(node, yaml.MappingNode):
            self._seen.add(id(node))
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            self._seen.add(id(node))
            return [self.read(item, (*path, index)) for index, item in enumerate(node.value)]
        if node.tag not in _PLAIN_TAGS:
            return self._refuse(place, f"the tag `{node.tag}` is not allowed", "write a plain value")
        return None if not node.style and node.value in {"", "~", "null"} else node.value

    def _mapping(self, node: Any, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            place = self._place(key_node)
            if not isinstance(key_node, yaml.ScalarNode):
                self._refuse(place, "a key must be a word", "quote the text if it starts with a bracket")
                continue
            key = str(key_node.value)
            inner = (*path, key)
            if key in found:
                first = self.document.keys[inner].line
                self._refuse(place, f"the key `{key}` stands twice (first on line {first})", "keep one of the two")
                continue
            self.document.keys[inner] = place
            found[key] = self.read(value_node, inner)
        return found

    def _place(self, node: Any) -> Place:
        return Place(node.start_mark.line + self.first_line, node.start_mark.column + 1)

    def _refuse(self, place: Place, rule: str, next_step: str) -> None:
        self.problems.append(Problem(self.file, place.line, place.column, rule, next_step=next_step))
