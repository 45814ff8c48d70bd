"""The tool's own words in each language: labels, headings and the reasons it gives.

They stand in ``sentences/*.yml``, one file for each part of the tool. Python and templates ask for them by key, so
every sentence can be translated in one folder.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from guidewright.own_data import own_yaml

Text = dict[str, str]


@cache
def all_words() -> Mapping[str, Text]:
    """Every entry by its dotted key."""
    found: dict[str, Text] = {}
    for file in sorted(files("guidewright").joinpath("sentences").iterdir(), key=lambda file: file.name):
        found |= _flat(own_yaml(file.read_text(encoding="utf-8")), "")
    return found


def _flat(branch: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Text]]:
    for key, value in branch.items():
        if all(isinstance(item, str) for item in value.values()) and set(value) >= {"zh", "en"}:
            yield prefix + str(key), value
        else:
            yield from _flat(value, f"{prefix}{key}.")


def say(key: str, **values: object) -> Text:
    """A sentence in every language, its ``{names}`` filled in. A value may itself be a text in every language.

    Raises KeyError for a key that no file has: a fault of the tool.
    """
    return fill(all_words()[key], values)


def fill(text: Text, values: Mapping[str, object]) -> Text:
    """Fill in the ``{names}`` of a sentence in every language. A value may itself be a text in every language."""
    return {tag: words.format(**{k: _in(v, tag) for k, v in values.items()}) for tag, words in text.items()}


def listing(names: Iterable[str]) -> Text:
    """Several names, set apart as each language does it."""
    held = tuple(names)
    return {tag: mark.join(held) for tag, mark in all_words()["listing"].items()}


def sentence(text: Text) -> Text:
    """The same with a full stop at its end."""
    stops = {"zh": "。"}
    return {tag: words if words.endswith((".", "。")) else words + stops.get(tag, ".") for tag, words in text.items()}


def _in(value: object, tag: str) -> object:
    return value.get(tag, "") if isinstance(value, dict) else value


def word(key: str, language: str, **values: object) -> str:
    """The same in one language; a language the tool does not speak gets English."""
    text = all_words()[key]
    tag = language if language in text else "en"
    return text[tag].format(**{name: _in(value, tag) for name, value in values.items()})
