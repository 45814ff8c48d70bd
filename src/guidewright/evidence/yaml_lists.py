"""Add to a list in a YAML file that people keep, and touch nothing else of it.

Comments, order, quotes and blank lines stay: the text is changed in one place only, which the parser's marks name.
Whoever calls this reads the result again and compares it with what was wanted.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import yaml


def appended(text: str, key: str, entry: Mapping[str, Any], header: str = "") -> str:
    """The text with one group more at the end of the list ``key``; ``header`` begins a file that was empty."""
    root = yaml.compose(text, Loader=yaml.SafeLoader) if text.strip() else None
    node = (
        next((value for name, value in root.value if name.value == key), None)
        if isinstance(root, yaml.MappingNode)
        else None
    )
    if node is None:
        start = text if text.strip() else header
        return f"{start.rstrip()}\n{key}:\n" + _lines(entry, "  ")
    if isinstance(node, yaml.SequenceNode) and node.value:
        if node.flow_style:
            return _into(text, node.end_mark.index - 1, f", {_flow(entry)}")
        return _after(text, _end(node), _lines(entry, " " * node.start_mark.column))
    if isinstance(node, yaml.SequenceNode):  # an empty list
        text = text[: node.start_mark.index].rstrip(" ") + text[node.end_mark.index :]
        return _after(text, node.start_mark.index - 1, _lines(entry, "  "))
    return _after(text, node.start_mark.index, _lines(entry, "  "))


def completed(text: str, key: str, number: int, missing: Mapping[str, Any]) -> str:
    """The text with what a group of the list ``key`` lacks, counted from 0."""
    root: Any = yaml.compose(text, Loader=yaml.SafeLoader)
    item = next(value for name, value in root.value if name.value == key).value[number]
    if item.flow_style:
        return _into(text, item.end_mark.index - 1, ", " + _flow(missing)[1:-1])
    indent = " " * item.start_mark.column
    return _after(text, _end(item), "".join(indent + line for line in _block(missing)))


def _lines(entry: Mapping[str, Any], indent: str) -> str:
    first, *more = _block(entry)
    return f"{indent}- {first}" + "".join(f"{indent}  {line}" if line.strip() else line for line in more)


def _block(entry: Mapping[str, Any]) -> list[str]:
    """Lines of a group; text of several lines stays one."""
    written = yaml.dump(
        dict(entry), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10**6, default_flow_style=False
    )
    return written.splitlines(keepends=True)


class _Dumper(yaml.SafeDumper):
    """Writes text of several lines as a block, in which it can be read."""


def _written(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)


_Dumper.add_representer(str, _written)


def _flow(entry: Mapping[str, Any]) -> str:
    parts = (f"{key}: {_scalar(value)}" for key, value in entry.items())
    return "{" + ", ".join(parts) + "}"


def _scalar(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else json.dumps(value, ensure_ascii=False)


def _end(node: Any) -> int:
    """Where the last scalar of a node ends; a node's own mark stands behind the comments that follow it."""
    if isinstance(node, yaml.ScalarNode) or node.flow_style:
        return int(node.end_mark.index)
    last = node.value[-1]
    return _end(last[1] if isinstance(last, tuple) else last)


def _after(text: str, index: int, lines: str) -> str:
    """Put lines below the one on which something ends."""
    end = len(text[:index].rstrip())
    stop = text.find("\n", end)
    if stop < 0:
        return text + "\n" + lines
    return text[: stop + 1] + lines + text[stop + 1 :]


def _into(text: str, index: int, words: str) -> str:
    return text[:index].rstrip() + words + text[index:]
