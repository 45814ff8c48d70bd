"""YAML that comes with the tool: its sentences, rules and checklists. Files of a project go through ``reading``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

#: The loader in C is ten times as fast, where it was built. Both are safe.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def own_yaml(text: str) -> Any:
    """The one document of a text."""
    return yaml.load(text, Loader=_Loader)  # noqa: S506 - both loaders are safe


def own_documents(text: str) -> Iterator[Any]:
    """Every document of a text."""
    yield from yaml.load_all(text, Loader=_Loader)
