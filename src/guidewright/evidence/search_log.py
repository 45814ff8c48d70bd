"""Write a search into ``evidence/searches.yml`` without touching anything else in it.

The file belongs to people: their comments, order, quotes and blank lines stay. So the text is changed in one place
only, which the parser's marks name, and the result is read again: if it does not say what it should, nothing is
written.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from guidewright.evidence.yaml_lists import appended, completed
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
        changed = appended(text, _KEY, entry, _HEADER)
    else:
        missing = {key: value for key, value in entry.items() if key not in before[target]}
        after = [one | missing if number == target else one for number, one in enumerate(before)]
        changed = completed(text, _KEY, target, missing)
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
