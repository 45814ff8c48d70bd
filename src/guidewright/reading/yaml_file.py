"""YAML to plain data with the place of every key and value.

Every scalar stays the text that its author wrote (``2025``, ``no``, ``1.10``); the models give it its type. So the
surprises of YAML (``no`` becoming false, ``1.10`` becoming 1.1, dates) cannot happen. Anchors, aliases and tags are
refused: nobody needs them here, and nested aliases can fill the memory.

The data are built from the parser's events, not from its nodes: the C parser makes nodes by recursion and ends the
whole program on a file of a hundred thousand opening brackets.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import yaml

from guidewright.problems import Problem
from guidewright.reading.text import Place
from guidewright.reading.yaml_faults import explain

Path = tuple[str | int, ...]
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PLAIN_TAGS = {f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "timestamp")} | {"!"}
#: Line breaks for YAML but not for an editor.
_ODD_BREAKS = "\x85\u2028\u2029"
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
    reader = _Reader(text, file, first_line)
    try:
        parser = _Loader(text)
        try:
            found = reader.read_document(parser.get_event)
        finally:
            parser.dispose()
    except yaml.YAMLError as error:
        fault = explain(error, text, file, first_line)
        said = [problem for problem in reader.problems if problem.line == fault.line]
        return None, reader.problems if said else [*reader.problems, fault]
    except _TooDeepError:
        return None, reader.problems
    if not found:
        return None, [Problem(file, first_line, 1, "is empty", next_step="fill it in or delete the file")]
    return reader.document, reader.problems


class _TooDeepError(Exception):
    """The rest of the file is not worth reading."""


class _Reader:
    """Walks the events of one document."""

    def __init__(self, text: str, file: str, first_line: int) -> None:
        self.text = text
        self.file = file
        self.first_line = first_line
        self.document = Document()
        self.problems: list[Problem] = []
        self._starts: list[int] = []
        if any(sign in text for sign in _ODD_BREAKS):
            self._note_lines()

    def read_document(self, get: Callable[[], Any]) -> bool:
        """Read what the file holds. False if it holds nothing."""
        get()  # the start of the stream
        event = get()
        if isinstance(event, yaml.StreamEndEvent):
            return False
        self.document.data = self._read(get(), get, ())
        get()  # the end of the document
        event = get()
        if not isinstance(event, yaml.StreamEndEvent):
            self._refuse(
                self._place(event),
                "a second document starts here; it would not be read",
                "remove the line `---` or `...`",
            )
        return True

    def _read(self, event: Any, get: Callable[[], Any], path: Path) -> Any:
        """Turn an event, and all that belongs to it, into plain data and note its place."""
        place = self.document.values[path] = self._place(event)
        if isinstance(event, yaml.AliasEvent):
            return self._refuse(
                place,
                f"aliases (`*{event.anchor}`) are not allowed here",
                "put text that starts with `*` in quotes, or write the content out again",
            )
        if event.anchor is not None:
            self._refuse(
                place,
                f"anchors (`&{event.anchor}`) are not allowed here",
                "put text that starts with `&` in quotes, or remove the anchor",
            )
        if event.tag is not None and event.tag not in _PLAIN_TAGS:
            self._refuse(
                place,
                f"the tag `{event.tag}` is not allowed",
                "put text that starts with `!` in quotes, or remove the tag",
            )
        if isinstance(event, yaml.ScalarEvent):
            self._check_comment(event)
            self._check_escapes(event, place)
            return None if not event.style and event.value in {"", "~", "null"} else event.value
        if len(path) > DEEPEST:
            self._refuse(place, f"is nested deeper than {DEEPEST} levels", "check the brackets and the indentation")
            raise _TooDeepError
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(get, path)
        items: list[Any] = []
        while not isinstance(event := get(), yaml.SequenceEndEvent):
            items.append(self._read(event, get, (*path, len(items))))
        return items

    def _mapping(self, get: Callable[[], Any], path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not isinstance(event := get(), yaml.MappingEndEvent):
            place = self._place(event)
            if not isinstance(event, yaml.ScalarEvent):
                self._refuse(place, "a key must be a word", "quote the text if it starts with a bracket or `*`")
                inner: Path = (*path, "")
                self._read(event, get, inner)
                self._read(get(), get, inner)
                continue
            key = str(event.value)
            inner = (*path, key)
            if key in found:
                first = self.document.keys[inner].line
                self._refuse(place, f"the key `{key}` stands twice (first on line {first})", "keep one of the two")
                self._read(get(), get, (*path, f"{key} (again)"))
                continue
            self.document.keys[inner] = place
            found[key] = self._read(get(), get, inner)
        return found

    def _check_comment(self, event: Any) -> None:
        """``Trial #2 of …`` would lose what follows the sign; a comment has a space after it."""
        if event.style or not event.value:
            return
        end = event.end_mark.index
        rest = self.text[end : end + 200].partition("\n")[0]
        comment = rest.lstrip(" \t")
        if comment.startswith("#") and comment[1:2].strip("#! "):
            at = self._place_of(end + len(rest) - len(comment))
            self._refuse(
                at,
                "the text from ` #` on would be lost, since it starts a comment",
                "put the whole text in quotes; if it is a comment put a space after `#`",
                comment,
            )

    def _check_escapes(self, event: Any, place: Place) -> None:
        r"""Text in double quotes can hold ``\0`` and the like, which no page can show."""
        if event.style == '"' and (signs := [c for c in event.value if c < " " and c not in "\n\t"]):
            self._refuse(place, f"the text holds the control character {signs[0]!r}", "remove the backslash before it")

    def _place(self, event: Any) -> Place:
        mark = event.start_mark
        if self._starts:
            return self._place_of(mark.index)
        return Place(mark.line + self.first_line, mark.column + 1)

    def _note_lines(self) -> None:
        """Note where the lines of an editor start."""
        self._starts = [0, *(at + 1 for at, sign in enumerate(self.text) if sign == "\n")]

    def _place_of(self, index: int) -> Place:
        if not self._starts:
            self._note_lines()
        line = bisect_right(self._starts, index) - 1
        return Place(line + self.first_line, index - self._starts[line] + 1)

    def _refuse(self, place: Place, rule: str, next_step: str, value: str | None = None) -> None:
        self.problems.append(Problem(self.file, place.line, place.column, rule, value, next_step=next_step))
