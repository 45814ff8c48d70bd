"""Write a search into ``evidence/searches.yml`` without touching anything else in it.

The file belongs to people: their comments, order, quotes and blank lines stay. So the text is changed in one place
only, which the parser's marks name, and the result is read again: if it does not say what it should, nothing is
written.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import yaml

from guidewright.reading.yaml_file import read_yaml

_HEADER = "# yaml-language-server: $schema=../.guidewright/schemas/searches.json\n"
_KEY = "databases"


class LogError(ValueError):
    """The search log has a shape that cannot be written to."""


def with_search(text: str, entry: Mapping[str, Any]) -> str:
    """The text of the log with one search more.

    A search of the same database that has no file yet, and says nothing else of platform, date or strategy, was written
    down before the import: it gets what it lacks. Otherwise the search is a new one at the end of the list.

    Raises :class:`LogError`.
    """
    before = searches_in(text)
    target = _waiting(before, entry)
    if target is None:
        after = [*before, dict(entry)]
        changed = _appended(text, entry)
    else:
        missing = {key: value for key, value in entry.items() if key not in before[target]}
        after = [one | missing if number == target else one for number, one in enumerate(before)]
        changed = _completed(text, target, missing)
    if _plain(searches_in(changed)) != _plain(after):
        raise LogError(
            "the list `databases` is written in a way that cannot be continued; write it one search per line"
        )
    return changed


def searches_in(text: str) -> list[dict[str, Any]]:
    """The searches that a log holds.

    Raises :class:`LogError` where ``databases`` is no list of groups, or the file is no YAML.
    """
    if not text.strip():
        return []
    document, problems = read_yaml(text, "evidence/searches.yml")
    if problems and not (document is None and all(problem.rule == "is empty" for problem in problems)):
        raise LogError("\n".join(map(str, problems)))
    data = document.data if document is not None else None
    if data is None:
        return []
    found = data.get(_KEY) if isinstance(data, dict) else None
    if not isinstance(data, dict) or not (
        found is None or (isinstance(found, list) and all(isinstance(one, dict) for one in found))
    ):
        raise LogError("`databases` must be a list, each search a group that starts with `- name:`")
    return found or []


def _waiting(searches: list[dict[str, Any]], entry: Mapping[str, Any]) -> int | None:
    """A search of this database that was written down and still lacks its file."""
    for number, one in enumerate(searches):
        same = str(one.get("name", "")).casefold() == str(entry["name"]).casefold()
        taken = {"file", "checksum", "hits"} & {key for key, value in one.items() if value is not None}
        agrees = all(
            key not in one or str(one[key]) == str(entry[key])
            for key in ("platform", "searched_on", "strategy")
            if key in entry
        )
        empty = any(key in one and one[key] is None for key in entry)
        if same and not taken and agrees and not empty:
            return number
    return None


def _plain(searches: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Searches as the reader gives them: all scalars as text."""
    return [{key: _text(value) for key, value in one.items()} for one in searches]


def _text(value: Any) -> Any:
    if isinstance(value, list):
        return [_text(inner) for inner in value]
    return value if value is None else str(value)


def _appended(text: str, entry: Mapping[str, Any]) -> str:
    root = yaml.compose(text, Loader=yaml.SafeLoader) if text.strip() else None
    node = (
        next((value for key, value in root.value if key.value == _KEY), None)
        if isinstance(root, yaml.MappingNode)
        else None
    )
    if node is None:
        start = text if text.strip() else _HEADER
        return f"{start.rstrip()}\n{_KEY}:\n" + _lines(entry, "  ")
    if isinstance(node, yaml.SequenceNode) and node.value:
        if node.flow_style:
            return _into(text, node.end_mark.index - 1, f", {_flow(entry)}")
        return _after(text, _end(node), _lines(entry, " " * node.start_mark.column))
    if isinstance(node, yaml.SequenceNode):  # an empty list
        text = text[: node.start_mark.index].rstrip(" ") + text[node.end_mark.index :]
        return _after(text, node.start_mark.index - 1, _lines(entry, "  "))
    return _after(text, node.start_mark.index, _lines(entry, "  "))


def _completed(text: str, number: int, missing: Mapping[str, Any]) -> str:
    root: Any = yaml.compose(text, Loader=yaml.SafeLoader)
    item = next(value for key, value in root.value if key.value == _KEY).value[number]
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
